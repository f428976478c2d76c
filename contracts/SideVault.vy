# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Side vault
@notice One side of a market as an asynchronous vault (R17): ERC-7540, with the side's own token as
        its share (ERC-7575), and requests taken back in the shape of ERC-7887. Anybody deploys
        one, for any market, any number of times; it has no owner and no power over anybody.

        The vault is an account of the market like any other. A request becomes an order of the
        vault: owner and controller of it is the vault, its id is the epoch the order joins, and
        the vault itself keeps who requested what. So integrators approve this contract and
        nothing else, and never meet the market. (Letting users appoint the vault their operator
        in the market would need a step no integrator knows, give it power over everything they
        have there, and leave requests of several vaults of one account in one order.)

        A request receives `floor(request * batch_out / batch_in)` of a batch that is frozen, the
        market gives the vault `floor(orders * batch_out / batch_in)` for all of its orders, and
        the floors of parts never add up to more than the floor of the whole. What strangers order
        for the vault, or send to it, only adds to what nobody is owed.

        What is paid out goes from the market straight to the receiver: the vault holds nothing
        between two calls.
@custom:kill It cannot be stopped, paused or changed by anybody. When its market is wound down,
        pending requests become claimable as cancelled ones; tokens redeem in the market itself.
@custom:model perpools.spec.side_vault
"""

from ethereum.ercs import IERC165

from .interfaces import IERC7540
from .interfaces import IERC7575
from .interfaces import IERC7887
from .modules import operators
from .modules import request_queue
from .modules import underlying
from .modules import vault_claims
from .modules import vault_requests

implements: IERC165
implements: IERC7540
implements: IERC7575
implements: IERC7887

initializes: operators
initializes: request_queue
initializes: underlying
initializes: vault_claims[
    operators := operators, request_queue := request_queue, underlying := underlying
]
initializes: vault_requests[
    operators := operators, request_queue := request_queue, underlying := underlying
]

exports: (
    # what it stands for
    underlying.MARKET,
    underlying.SIDE,
    underlying.asset,
    underlying.share,
    underlying.totalAssets,
    underlying.convertToShares,
    underlying.convertToAssets,
    # who may act for whom
    operators.setOperator,
    operators.isOperator,
    # ask to enter and to leave
    vault_requests.requestDeposit,
    vault_requests.requestRedeem,
    vault_requests.pendingDepositRequest,
    vault_requests.pendingRedeemRequest,
    vault_requests.claimableDepositRequest,
    vault_requests.claimableRedeemRequest,
    # change one's mind, or be refunded
    vault_requests.cancelDepositRequest,
    vault_requests.cancelRedeemRequest,
    vault_requests.pendingCancelDepositRequest,
    vault_requests.pendingCancelRedeemRequest,
    vault_requests.claimableCancelDepositRequest,
    vault_requests.claimableCancelRedeemRequest,
    vault_requests.claimCancelDepositRequest,
    vault_requests.claimCancelRedeemRequest,
    # take what came of it
    vault_claims.deposit,
    vault_claims.mint,
    vault_claims.redeem,
    vault_claims.withdraw,
    vault_claims.skip_refunded,
    vault_claims.maxDeposit,
    vault_claims.maxMint,
    vault_claims.maxRedeem,
    vault_claims.maxWithdraw,
)

# What ERC-165, ERC-7540, ERC-7575 and ERC-7887 ask for; each is the exclusive or of its selectors.
INTERFACES: constant(bytes4[7]) = [
    0x01ffc9a7,  # ERC-165
    0xe3bc4e65,  # operators
    0xce3bbe50,  # asynchronous deposits
    0x620ee8e4,  # asynchronous redemptions
    0x2f0a18c5,  # vault with a share of its own
    0x8bf840e3,  # deposits taken back
    0xe76cffc7,  # redemptions taken back
]


@deploy
def __init__(market: address, side: uint256):
    """
    @notice A vault of one side of a market.
    @param market Whoever uses the vault trusts the market behind it: see whether a factory made it.
    @param side 0 long, 1 short.
    """
    operators.__init__()
    request_queue.__init__()
    underlying.__init__(market, side)
    vault_requests.__init__()
    vault_claims.__init__()


@external
@reentrant
@view
def supportsInterface(interface_id: bytes4) -> bool:
    """
    @notice Whether the vault speaks a standard (ERC-165): the same at any moment.
    """
    return interface_id in INTERFACES


@external
@view
def previewDeposit(assets: uint256) -> uint256:
    """
    @notice Refused, as ERC-7540 demands: what a request receives is known when it is executed.
    """
    raise "preview: not known in advance"


@external
@view
def previewMint(shares: uint256) -> uint256:
    """
    @notice Refused, as ERC-7540 demands: what a request receives is known when it is executed.
    """
    raise "preview: not known in advance"


@external
@view
def previewRedeem(shares: uint256) -> uint256:
    """
    @notice Refused, as ERC-7540 demands: what a request receives is known when it is executed.
    """
    raise "preview: not known in advance"


@external
@view
def previewWithdraw(assets: uint256) -> uint256:
    """
    @notice Refused, as ERC-7540 demands: what a request receives is known when it is executed.
    """
    raise "preview: not known in advance"
