# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title Coin, for tests only
@notice An ERC-20 that anyone may mint and that misbehaves as asked: it keeps a fee, says no, says
        nothing, calls back while it moves; or shuts accounts out. Twin: `tests.stateful.surroundings.Coin`.
"""

FEE: constant(uint256) = 1
SAYS_NO: constant(uint256) = 2
SAYS_NOTHING: constant(uint256) = 3
CALLS_BACK: constant(uint256) = 4

decimals: public(uint8)
balanceOf: public(HashMap[address, uint256])
allowance: public(HashMap[address, HashMap[address, uint256]])
blocked: public(HashMap[address, bool])
manner: public(uint256)
callee: address
calldata: Bytes[256]
calls: public(uint256)
got_in: public(bool)


@deploy
def __init__(decimals: uint8):
    self.decimals = decimals


@external
def mint(receiver: address, amount: uint256):
    self.balanceOf[receiver] += amount


@external
def misbehave(manner: uint256):
    self.manner = manner


@external
def block(account: address, blocked: bool):
    self.blocked[account] = blocked


@external
def call_back(callee: address, calldata: Bytes[256]):
    self.callee = callee
    self.calldata = calldata


@external
def approve(spender: address, amount: uint256) -> bool:
    self.allowance[msg.sender][spender] = amount
    return True


@external
@raw_return
def transfer(receiver: address, amount: uint256) -> Bytes[32]:
    return self._move(msg.sender, receiver, amount)


@external
@raw_return
def transferFrom(payer: address, receiver: address, amount: uint256) -> Bytes[32]:
    assert self.allowance[payer][msg.sender] >= amount, "coin: allowance too low"
    return self._move(payer, receiver, amount)


@internal
def _move(payer: address, receiver: address, amount: uint256) -> Bytes[32]:
    assert not (self.blocked[payer] or self.blocked[receiver]), "coin: blocked"
    assert self.balanceOf[payer] >= amount, "coin: balance too low"
    if self.manner == SAYS_NO:
        return abi_encode(False)
    self.balanceOf[payer] -= amount
    fee: uint256 = amount // 100 if self.manner == FEE else 0
    self.balanceOf[receiver] += amount - fee
    if self.manner == CALLS_BACK:
        self.calls += 1
        self.got_in = self.got_in or raw_call(self.callee, self.calldata, revert_on_failure=False)
    if self.manner == SAYS_NOTHING:
        return b""
    return abi_encode(True)
