# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title Operators
@notice Owns who may act for whom (ERC-7540).
"""

from ..interfaces import IMarket

approved: HashMap[address, HashMap[address, bool]]


@deploy
def __init__():
    pass


@external
@nonreentrant
def setOperator(operator: address, approved: bool) -> bool:
    """
    @notice Let `operator` act for the caller in everything, or no longer.
    """
    self.approved[msg.sender][operator] = approved

    log IMarket.OperatorSet(controller=msg.sender, operator=operator, approved=approved)
    return True


@external
@nonreentrant
@view
def isOperator(controller: address, operator: address) -> bool:
    """
    @notice Whether `operator` may act for `controller`.
    """
    return self.approved[controller][operator]


@internal
@view
def _allows(account: address, sender: address) -> bool:
    """
    @notice Whether `sender` is the account, or an operator it appointed.
    """
    return account == sender or self.approved[account][sender]


@internal
@view
def _authorise(account: address):
    if account != msg.sender:
        assert self.approved[account][msg.sender], "sender: not authorised"
