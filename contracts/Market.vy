# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Market
@notice Two sides that exchange value as one price moves. Holders enter and leave through orders,
        executed in batches as of grid points fixed when they are placed. Each chapter of the
        specification is the module of the same name; this contract puts them together.
@custom:kill It cannot be stopped, paused or changed by anybody. A feed that dies leads to
        `wind_down`, which anyone may call and which pays everyone their share.
@custom:model perpools.spec
"""

from .interfaces import ITerms
from .lib import kinds
from .lib import pool
from .lib import schedule
from .modules import charter
from .modules import claims
from .modules import custody
from .modules import escrow
from .modules import fee_account
from .modules import grid
from .modules import operators
from .modules import order_book
from .modules import orders
from .modules import pairs
from .modules import price_average
from .modules import rebalancing
from .modules import sides
from .modules import wind_down as winding

initializes: charter
initializes: custody[charter := charter]
initializes: escrow
initializes: fee_account[custody := custody]
initializes: grid
initializes: operators
initializes: order_book
initializes: price_average
initializes: sides
initializes: claims[
    custody := custody,
    escrow := escrow,
    grid := grid,
    operators := operators,
    order_book := order_book,
]
initializes: orders[
    charter := charter,
    claims := claims,
    custody := custody,
    escrow := escrow,
    grid := grid,
    operators := operators,
    order_book := order_book,
]
initializes: rebalancing[
    charter := charter,
    custody := custody,
    escrow := escrow,
    fee_account := fee_account,
    grid := grid,
    order_book := order_book,
    price_average := price_average,
    sides := sides,
]
initializes: pairs[custody := custody, grid := grid, sides := sides]
initializes: winding[charter := charter, custody := custody, grid := grid, sides := sides]

exports: (
    # enter, leave, switch
    orders.place_order,
    orders.cancel_order,
    claims.claim,
    claims.withdraw,
    pairs.mint_pair,
    pairs.redeem_pair,
    # keep the market going
    rebalancing.rebalance,
    fee_account.pay_fees,
    # the last resort
    winding.wind_down,
    winding.redeem,
    # the only powers anybody has
    operators.setOperator,
    operators.isOperator,
    fee_account.propose_recipient,
    fee_account.accept_recipient,
    # what is fixed
    charter.terms,
    custody.tokens,
    # where the market stands
    grid.progress,
    charter.epoch_joined,
    price_average.sample,
    sides.balances_and_supplies,
    rebalancing.mint_fee_wad,
    fee_account.fees_accrued,
    fee_account.fee_recipients,
    # what accounts have in it
    order_book.batch,
    order_book.order_of,
    order_book.tip_of,
    claims.claimable,
)


@deploy
def __init__(
    terms: ITerms.Terms,
    asset_scale: uint256,
    token_blueprint: address,
    long_symbol: String[44],
    short_symbol: String[44],
    deployer: address,
    seed_assets: uint256,
    first_price: uint256,
):
    """
    @notice A seeded market; the factory has checked everything, and pays the seed in.
    @param asset_scale 10**(18 - decimals of the collateral).
    @param deployer Receives the tokens of the seed, less those locked for ever.
    @param seed_assets Collateral of each side.
    @param first_price The feed's latest: the first event compares with it.
    """
    seed_tokens: uint256 = seed_assets * asset_scale
    charter.__init__(terms, asset_scale)
    custody.__init__(
        create_from_blueprint(token_blueprint, kinds.LONG, long_symbol, deployer, seed_tokens, pool.LOCKED),
        create_from_blueprint(token_blueprint, kinds.SHORT, short_symbol, deployer, seed_tokens, pool.LOCKED),
    )
    escrow.__init__()
    fee_account.__init__(terms.primary, terms.secondary)
    # closed: the grid point before the first that an order could join
    grid.__init__(schedule._epoch_joined(block.timestamp, 0, terms.interval_s) - 1)
    operators.__init__()
    order_book.__init__()
    price_average.__init__(first_price, terms.sma_periods)
    sides.__init__(seed_assets, seed_tokens)
    claims.__init__()
    orders.__init__()
    rebalancing.__init__()
    pairs.__init__()
    winding.__init__()
