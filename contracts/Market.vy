# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Market
@notice Two sides that exchange value as one price moves. Holders enter and leave through orders,
        executed in batches as of grid points fixed when they are placed.
@custom:kill It cannot be stopped, paused or changed by anybody. A feed that dies leads to
        `wind_down`, which anyone may call and which pays everyone their share.
@custom:model perpools.spec
"""

from ethereum.ercs import IERC20
from ethereum.ercs import IERC20Detailed

from .interfaces import IFeed
from .interfaces import IMarket
from .interfaces import ISideToken
from .interfaces import ITerms
from .interfaces import ITransfer
from .interfaces import ITrigger
from .lib import fees
from .lib import fixed_point as fp
from .lib import keeper_reward
from .lib import kinds
from .lib import pool
from .lib import rates
from .lib import schedule
from .modules import escrow
from .modules import fee_account
from .modules import grid
from .modules import operators
from .modules import order_book
from .modules import price_average
from .modules import sides

initializes: escrow
initializes: fee_account
initializes: grid
initializes: operators
initializes: order_book
initializes: price_average
initializes: sides

exports: (
    # where the market stands
    grid.progress,
    price_average.average,
    sides.balances_and_supplies,
    # orders
    order_book.batch,
    order_book.order_of,
    order_book.tip_of,
    # who may act for whom
    operators.setOperator,
    operators.isOperator,
    # management fees
    fee_account.fees_accrued,
    fee_account.fee_recipients,
    fee_account.propose_recipient,
    fee_account.accept_recipient,
)

# After so many times the wait no feed is asked any more: history that nobody can prove must not lock funds.
ABANDONED: constant(uint256) = 3

# Gas of an event outside what the contract can measure: the transaction itself, and what is
# written and logged after the keeper's pay is known.
GAS_OVERHEAD: constant(uint256) = 45_000

# What a feed may use that must not be able to stop its caller: several times what any adapter needs.
FEED_GAS: constant(uint256) = 300_000


struct Move:
    old_price: uint256
    new_price: uint256
    spot: uint256
    fraction: uint256


TERMS: immutable(ITerms.Terms)
TOKENS: immutable(address[2])
ASSET_SCALE: immutable(uint256)

mint_fee: uint256


@deploy
def __init__(
    terms: ITerms.Terms,
    token_blueprint: address,
    long_symbol: String[44],
    short_symbol: String[44],
    deployer: address,
    seed_assets: uint256,
):
    """
    @notice A seeded market; the factory has checked the terms and pays the seed in.
    @param deployer Receives the tokens of the seed, less those locked for ever.
    @param seed_assets Collateral of each side.
    """
    TERMS = terms
    ASSET_SCALE = 10 ** (18 - convert(staticcall IERC20Detailed(terms.collateral).decimals(), uint256))
    seed_tokens: uint256 = seed_assets * ASSET_SCALE
    first_price: uint256 = (staticcall IFeed(terms.feed).latest())[0]
    self._check_price(first_price)

    escrow.__init__()
    fee_account.__init__(terms.primary, terms.secondary)
    grid.__init__(block.timestamp // terms.interval_s)
    operators.__init__()
    order_book.__init__()
    price_average.__init__(first_price, terms.sma_periods)
    sides.__init__(seed_assets, seed_tokens)
    self.mint_fee = terms.mint_fee_wad
    TOKENS = [
        create_from_blueprint(token_blueprint, kinds.LONG, long_symbol, deployer, seed_tokens, pool.LOCKED),
        create_from_blueprint(token_blueprint, kinds.SHORT, short_symbol, deployer, seed_tokens, pool.LOCKED),
    ]


@external
@payable
def place_order(
    kind: uint256,
    amount: uint256,
    from_escrow: uint256 = 0,
    owner: address = msg.sender,
    controller: address = msg.sender,
    last_epoch: uint256 = max_value(uint256),
) -> uint256:
    """
    @notice Pay now, be executed as of the first grid point more than the front-running interval
            away. Native coin sent along is a tip for whoever claims for `controller` then.
    @param kind 0 long mint, 1 short mint, 2 long burn, 3 short burn, 4 long flip, 5 short flip.
    @param amount Collateral to mint with, or tokens to burn or flip.
    @param from_escrow The part paid from what the market holds for `owner`; the rest comes from
           the wallet.
    @param owner Pays; the caller, or who appointed it operator.
    @param controller Owns the order and what comes of it.
    @param last_epoch The latest epoch the order may join.
    @return The epoch it joined.
    """
    now: grid.Grid = grid._live()
    epoch: uint256 = self._epoch_joined()
    self._check_kind(kind)
    self._check_amount(amount, pool.LIMIT - 1)
    assert from_escrow <= amount, "escrow: more than the amount"
    self._authorise(owner)
    assert msg.value == 0 or operators._allows(controller, msg.sender), "tip: not the controller's"
    assert epoch <= last_epoch, "epoch: later than asked"
    assert now.waiting == 0 or epoch - now.earliest_waiting < schedule.WINDOW, "epoch: behind, rebalance first"

    if from_escrow != 0:
        self._spend(owner, kinds._item_in(kind), from_escrow)
    if not order_book._has_room(controller, epoch):
        self._make_room(controller, epoch)
    order_book._add(controller, epoch, kind, amount, msg.value)
    grid._join(now, epoch, kind >= kinds.LONG_BURN)

    self._collect(owner, kinds._item_in(kind), amount - from_escrow)

    log IMarket.OrderPlaced(
        owner=owner,
        controller=controller,
        epoch=epoch,
        kind=kind,
        amount=amount,
        from_escrow=from_escrow,
        tip=msg.value,
    )
    return epoch


@external
def cancel_order(epoch: uint256, kind: uint256, controller: address = msg.sender) -> uint256:
    """
    @notice Take a whole order back into escrow; possible as long as the same order placed now
            would join its epoch. A tip comes back to the caller with the last order of the epoch.
    @return What the order had paid.
    """
    now: grid.Grid = grid._live()
    self._check_kind(kind)
    self._authorise(controller)
    assert epoch == self._epoch_joined(), "order: past its cut-off"

    amount: uint256 = 0
    tip: uint256 = 0
    amount, tip = order_book._remove(controller, epoch, kind)
    held: escrow.Held = escrow._held(controller)
    held.amounts[kinds._item_in(kind)] += amount
    escrow._set(controller, held)

    self._pay_tip(tip)

    log IMarket.OrderCancelled(controller=controller, epoch=epoch, kind=kind, amount=amount, tip=tip)
    return amount


@external
def rebalance(hint: uint256 = 0) -> uint256:
    """
    @notice Close exactly one epoch as of its own grid point: record the price, charge the
            management fee, move value, execute the epoch's orders at the rates then fixed, pay
            the keeper (R5). Its cost does not depend on how many orders wait or how late it is.
    @param hint Helps the feed to prove the price, such as a round id; never changes it.
    @return The epoch closed.
    """
    gas_before: uint256 = msg.gas
    now: grid.Grid = grid._live()
    epoch: uint256 = 0
    with_orders: bool = False
    epoch, with_orders = self._epoch_to_close(now)
    move: Move = self._record(now, epoch, with_orders, hint)

    after: pool.Pool = sides._pool()
    before: uint256[2] = after.balances
    move.fraction = pool._movable(after.supplies, self._fraction(move))
    fee: uint256 = 0
    after.balances, fee = pool._take(before, self._management_fraction(epoch - now.last_epoch), fp.ONE)
    after.balances = pool._transfer_value(after.balances, move.old_price, move.new_price, move.fraction)
    mint_fee_wad: uint256 = self._step_mint_fee(after)
    if with_orders:
        after = self._execute(epoch, after, mint_fee_wad, 6 if now.leaving & 1 == 1 else 2)

    fee_account._accrue(fee, TERMS.secondary_share_wad)
    grid._close(now, epoch)
    gas_used: uint256 = gas_before - msg.gas + GAS_OVERHEAD
    reward: uint256 = 0
    after.balances, reward = self._pay_keeper(epoch, gas_used, after.balances)
    escrow._credit_assets(msg.sender, reward)
    sides._set(after)

    log IMarket.Rebalanced(
        epoch=epoch,
        keeper=msg.sender,
        old_price=move.old_price,
        new_price=move.new_price,
        spot=move.spot,
        fraction=move.fraction,
        long_before=before[0],
        short_before=before[1],
        long_after=after.balances[0],
        short_after=after.balances[1],
        long_supply=after.supplies[0],
        short_supply=after.supplies[1],
        mint_fee_wad=mint_fee_wad,
        fee=fee,
        reward=reward,
        gas_used=gas_used,
    )
    return epoch


@external
def claim(owner: address = msg.sender) -> escrow.Held:
    """
    @notice Send `owner` everything that is due: what its executed orders received and what the
            market holds for it. The tips go to the caller: the owner, an operator of it, or
            anybody where an executed order was tipped for it.
    @return What was sent.
    """
    due: escrow.Held = empty(escrow.Held)
    rest: uint256 = 0
    due, rest = self._due(owner)
    assert due.tip != 0 or operators._allows(owner, msg.sender), "claim: not tipped"
    assert due.tip + due.amounts[0] + due.amounts[1] + due.amounts[2] != 0, "claim: nothing"

    order_book._settle(owner, rest)
    escrow._set(owner, empty(escrow.Held))

    for item: uint256 in range(3):
        self._pay_out(owner, item, due.amounts[item])
    self._pay_tip(due.tip)

    log IMarket.Claimed(
        owner=owner,
        caller=msg.sender,
        assets=due.amounts[0],
        long_tokens=due.amounts[1],
        short_tokens=due.amounts[2],
        tip=due.tip,
    )
    return due


@external
def withdraw(item: uint256, amount: uint256, owner: address = msg.sender, receiver: address = msg.sender):
    """
    @notice Send part of one thing that is due to `owner` to a receiver of its choice.
    @param item 0 collateral, 1 L-tokens, 2 S-tokens.
    """
    self._authorise(owner)
    assert item < 3, "item: unknown"
    self._check_amount(amount, pool.LIMIT - 1)

    self._spend(owner, item, amount)

    self._pay_out(receiver, item, amount)

    log IMarket.Withdrawn(owner=owner, receiver=receiver, item=item, amount=amount)


@external
def mint_pair(assets: uint256) -> (uint256, uint256):
    """
    @notice Pay `assets` into both sides in proportion; receive the same fraction of both
            supplies at once, rounded down (R11).
    @return L- and S-tokens received.
    """
    now: grid.Grid = grid._live()
    before: pool.Pool = sides._pool()
    total: uint256 = before.balances[0] + before.balances[1]
    self._check_amount(assets, pool.LIMIT - 1 - total)
    long_tokens: uint256 = rates._pair_part(before.supplies[0], assets, total)
    short_tokens: uint256 = rates._pair_part(before.supplies[1], assets, total)
    assert long_tokens != 0 and short_tokens != 0, "pair: too small"
    assert (
        long_tokens < pool.LIMIT - before.supplies[0] and short_tokens < pool.LIMIT - before.supplies[1]
    ), "pair: too large"
    long_assets: uint256 = rates._pair_cost(before.balances[0], assets, total)

    before.balances = [before.balances[0] + long_assets, before.balances[1] + assets - long_assets]
    before.supplies = [before.supplies[0] + long_tokens, before.supplies[1] + short_tokens]
    sides._set(before)

    self._collect(msg.sender, kinds.ASSETS, assets)
    extcall ISideToken(TOKENS[0]).mint(msg.sender, long_tokens)
    extcall ISideToken(TOKENS[1]).mint(msg.sender, short_tokens)

    log IMarket.PairMinted(
        owner=msg.sender,
        long_assets=long_assets,
        short_assets=assets - long_assets,
        long_tokens=long_tokens,
        short_tokens=short_tokens,
    )
    return long_tokens, short_tokens


@external
def redeem_pair(long_tokens: uint256) -> uint256:
    """
    @notice Give `long_tokens` and the same fraction of the other supply, rounded up; receive
            their worth at once, rounded down (R11).
    @return Collateral received.
    """
    now: grid.Grid = grid._live()
    before: pool.Pool = sides._pool()
    self._check_amount(long_tokens, before.supplies[0])
    short_tokens: uint256 = rates._counterpart(long_tokens, before.supplies[0], before.supplies[1])
    long_assets: uint256 = rates._assets_for_tokens(long_tokens, before.balances[0], before.supplies[0])
    short_assets: uint256 = rates._assets_for_tokens(short_tokens, before.balances[1], before.supplies[1])

    before.balances = [before.balances[0] - long_assets, before.balances[1] - short_assets]
    before.supplies = [before.supplies[0] - long_tokens, before.supplies[1] - short_tokens]
    sides._set(before)

    extcall ISideToken(TOKENS[0]).burn(msg.sender, long_tokens)
    extcall ISideToken(TOKENS[1]).burn(msg.sender, short_tokens)
    self._pay_out(msg.sender, kinds.ASSETS, long_assets + short_assets)

    log IMarket.PairRedeemed(
        owner=msg.sender,
        long_assets=long_assets,
        short_assets=short_assets,
        long_tokens=long_tokens,
        short_tokens=short_tokens,
    )
    return long_assets + short_assets


@external
def wind_down():
    """
    @notice Stop the market for good. Anyone may, once an event has been due for
            `wind_down_after_s` and the feed gives no valid price, or for three times as long
            whatever the feed says. Rates freeze at the last event; orders that wait become
            refundable; tokens redeem at once (R13).
    """
    now: grid.Grid = grid._live()
    due_at: uint256 = schedule._grid_point(self._due_epoch(now), TERMS.interval_s)
    assert block.timestamp >= due_at + TERMS.wind_down_after_s, "wind-down: nothing overdue"
    if block.timestamp < due_at + ABANDONED * TERMS.wind_down_after_s:
        assert msg.gas >= 2 * FEED_GAS, "wind-down: too little gas"
        assert self._latest(TERMS.feed) == 0, "wind-down: feed alive"

    grid._wind_down()

    log IMarket.WoundDown(epoch=now.last_epoch)


@external
def redeem(side: uint256, amount: uint256) -> uint256:
    """
    @notice Give tokens of a side of a wound-down market; receive their share of it at once,
            rounded down.
    @param amount Tokens given.
    @return Collateral received.
    """
    assert grid._grid().wound_down, "market: not wound down"
    assert side < 2, "side: unknown"
    before: pool.Pool = sides._pool()
    self._check_amount(amount, before.supplies[side])
    assets: uint256 = rates._assets_for_tokens(amount, before.balances[side], before.supplies[side])

    before.balances[side] -= assets
    before.supplies[side] -= amount
    sides._set(before)

    extcall ISideToken(TOKENS[side]).burn(msg.sender, amount)
    self._pay_out(msg.sender, kinds.ASSETS, assets)

    log IMarket.Redeemed(owner=msg.sender, side=side, tokens=amount, assets=assets)
    return assets


@external
def pay_fees(which: uint256) -> uint256:
    """
    @notice Send the primary (0) or the secondary (1) recipient its management fees; anyone may ask.
    @return Collateral sent.
    """
    recipient: address = empty(address)
    assets: uint256 = 0
    recipient, assets = fee_account._take(which)

    self._pay_out(recipient, kinds.ASSETS, assets)

    log IMarket.FeesPaid(which=which, recipient=recipient, assets=assets)
    return assets


@external
@view
def terms() -> ITerms.Terms:
    """
    @notice Everything that was fixed when the market was deployed.
    """
    return TERMS


@external
@view
def tokens() -> address[2]:
    """
    @notice The L- and the S-token.
    """
    return TOKENS


@external
@view
def mint_fee_wad() -> uint256:
    """
    @notice The mint fee that the next event's orders pay.
    """
    return self._mint_fee()


@external
@view
def epoch_joined() -> uint256:
    """
    @notice The epoch that an order placed in this block joins.
    """
    return self._epoch_joined()


@external
@view
def claimable(owner: address) -> escrow.Held:
    """
    @notice What a claim for `owner` would send now.
    """
    return self._due(owner)[0]


@internal
@view
def _authorise(account: address):
    if account != msg.sender:
        assert operators._allows(account, msg.sender), "sender: not authorised"


@internal
@pure
def _check_kind(kind: uint256):
    assert kind < 6, "kind: unknown"


@internal
@pure
def _check_amount(amount: uint256, most: uint256):
    assert amount != 0, "amount: zero"
    assert amount <= most, "amount: too large"


@internal
@pure
def _check_price(price: uint256):
    assert price != 0, "price: zero"
    assert price < fp.MAX_PRICE, "price: too large"


@internal
@view
def _epoch_joined() -> uint256:
    return schedule._epoch_joined(block.timestamp, TERMS.front_running_interval_s, TERMS.interval_s)


@internal
@view
def _due_epoch(now: grid.Grid) -> uint256:
    """
    @notice The epoch that must be closed next at the latest: a waiting one, or the longest wait
            of a trigger.
    """
    if now.waiting != 0:
        return now.earliest_waiting
    return now.last_epoch + max(TERMS.max_interval_s, TERMS.interval_s) // TERMS.interval_s


@internal
@view
def _epoch_to_close(now: grid.Grid) -> (uint256, bool):
    epoch: uint256 = 0
    with_orders: bool = False
    epoch, with_orders = schedule._next_to_close(
        schedule._latest_passed(block.timestamp, TERMS.interval_s), now.earliest_waiting, now.waiting
    )
    assert epoch > now.last_epoch, "event: not due"
    return epoch, with_orders


@internal
def _record(now: grid.Grid, epoch: uint256, with_orders: bool, hint: uint256) -> Move:
    """
    @notice Read the price as of the grid point and record it; where no order waits, only if the
            trigger says so or the longest wait is over (R7).
    """
    move: Move = empty(Move)
    move.spot = (staticcall IFeed(TERMS.feed).as_of(schedule._grid_point(epoch, TERMS.interval_s), hint))[0]
    self._check_price(move.spot)
    move.old_price, move.new_price = price_average._record(move.spot, TERMS.sma_periods)
    if with_orders or TERMS.trigger == empty(address):
        return move
    if (epoch - now.last_epoch) * TERMS.interval_s < TERMS.max_interval_s:
        due: bool = staticcall ITrigger(TERMS.trigger).due(move.old_price, move.new_price, move.spot)
        assert due, "event: trigger not met"
    return move


@internal
@view
def _management_fraction(intervals: uint256) -> uint256:
    if TERMS.management_fee_wad == 0:
        return 0
    return fees._management_fraction(TERMS.management_fee_wad, TERMS.interval_s, intervals)


@internal
@view
def _fraction(move: Move) -> uint256:
    return staticcall ITransfer(TERMS.transfer).fraction(move.old_price, move.new_price, TERMS.leverage_wad)


@internal
def _execute(epoch: uint256, moved: pool.Pool, mint_fee_wad: uint256, kinds_ordered: uint256) -> pool.Pool:
    """
    @notice Execute the batches of an epoch at the rates of `moved`; one call per token.
    @param kinds_ordered Two where nobody burns or flips, else six.
    """
    amounts: uint256[6] = order_book._amounts(epoch, kinds_ordered)
    done: pool.Executed = pool._execute(moved, amounts, mint_fee_wad, TERMS.burn_fee_wad)
    for kind: uint256 in range(kinds_ordered, bound=6):
        if amounts[kind] != 0:
            order_book._freeze(epoch, kind, amounts[kind], done.outs[kind])
            log IMarket.BatchExecuted(
                epoch=epoch, kind=kind, paid_in=amounts[kind], paid_out=done.outs[kind]
            )
    for side: uint256 in range(2):
        if done.minted[side] != 0 or done.burned[side] != 0:
            extcall ISideToken(TOKENS[side]).settle(done.minted[side], done.burned[side])
    return done.pool


@internal
@view
def _mint_fee() -> uint256:
    if TERMS.mint_fee_step_wad == 0:
        return TERMS.mint_fee_wad
    return self.mint_fee


@internal
def _step_mint_fee(settled: pool.Pool) -> uint256:
    """
    @notice Step the mint fee where it steps, by the rates the event settles at (R8).
    @return The mint fee of this event's orders.
    """
    mint_fee_wad: uint256 = self._mint_fee()
    if TERMS.mint_fee_step_wad == 0:
        return mint_fee_wad
    self.mint_fee = fees._next_mint_fee(
        mint_fee_wad,
        TERMS.mint_fee_step_wad,
        TERMS.mint_fee_max_wad,
        rates._price_wad(settled.balances[0], settled.supplies[0], ASSET_SCALE),
        rates._price_wad(settled.balances[1], settled.supplies[1], ASSET_SCALE),
    )
    return mint_fee_wad


@internal
@view
def _pay_keeper(epoch: uint256, gas_used: uint256, balances: uint256[2]) -> (uint256[2], uint256):
    """
    @notice Both balances after they paid the keeper in proportion, and its reward: nothing where
            its feed gives no price (R9).
    """
    assets_per_eth_wad: uint256 = self._latest(TERMS.eth_feed)
    if assets_per_eth_wad == 0:
        return balances, 0
    fast: uint256 = self._latest(TERMS.gas_feed) // fp.WAD
    if fast == 0:
        fast = block.basefee
    late_s: uint256 = block.timestamp - schedule._grid_point(epoch, TERMS.interval_s)
    tip_wad: uint256 = keeper_reward._tip(
        late_s, TERMS.block_time_s, TERMS.tip_step_wad, TERMS.tip_max_wad
    )
    cost_wei: uint256 = gas_used * keeper_reward._gas_price(tx.gasprice, fast, TERMS.gas_premium_wei)
    total: uint256 = balances[0] + balances[1]
    reward: uint256 = min(
        keeper_reward._reward(cost_wei, tip_wad, assets_per_eth_wad, ASSET_SCALE),
        keeper_reward._cap(total, TERMS.reward_cap_wad),
    )
    return pool._take(balances, reward, total)


@internal
@view
def _latest(feed: address) -> uint256:
    """
    @notice A feed's latest price, or 0 where it gives none, whatever it does instead.
    """
    if feed == empty(address):
        return 0
    answered: bool = False
    answer: Bytes[64] = b""
    answered, answer = raw_call(
        feed,
        method_id("latest()"),
        max_outsize=64,
        gas=FEED_GAS,
        is_static_call=True,
        revert_on_failure=False,
    )
    if not answered or len(answer) != 64:
        return 0
    return convert(slice(answer, 0, 32), uint256)


@internal
@view
def _due(owner: address) -> (escrow.Held, uint256):
    """
    @notice What is due to an owner, and its word in the order book once it has got it.
    """
    now: grid.Grid = grid._grid()
    return self._due_through(owner, max_value(uint256) if now.wound_down else now.last_epoch)


@internal
@view
def _due_through(owner: address, through: uint256) -> (escrow.Held, uint256):
    """
    @notice What is due to an owner for epochs up to `through`, all closed or refundable, and from
            escrow; and its word in the order book once it has got it.
    """
    orders: order_book.Due = order_book._due(owner, through)
    held: escrow.Held = escrow._held(owner)
    for item: uint256 in range(3):
        held.amounts[item] += orders.amounts[item]
    held.tip += orders.tip
    return held, orders.rest


@internal
def _make_room(owner: address, epoch: uint256):
    """
    @notice Let the order book's word of an owner reach `epoch`: what executed orders more than a
            window before it received moves into escrow.
    """
    held: escrow.Held = empty(escrow.Held)
    rest: uint256 = 0
    held, rest = self._due_through(owner, epoch - schedule.WINDOW)
    order_book._settle(owner, rest)
    escrow._set(owner, held)


@internal
def _spend(owner: address, item: uint256, amount: uint256):
    """
    @notice Take `amount` of one item out of what is due to an owner.
    """
    held: escrow.Held = empty(escrow.Held)
    rest: uint256 = 0
    held, rest = self._due(owner)
    assert amount <= held.amounts[item], "escrow: too low"
    held.amounts[item] -= amount
    order_book._settle(owner, rest)
    escrow._set(owner, held)


@internal
def _collect(owner: address, item: uint256, amount: uint256):
    """
    @notice Take payment from a wallet: collateral must arrive in full, tokens need no approval.
    """
    if amount == 0:
        return
    if item != kinds.ASSETS:
        extcall ISideToken(TOKENS[item - kinds.LONG_TOKENS]).take(owner, amount)
        return
    collateral: IERC20 = IERC20(TERMS.collateral)
    held: uint256 = staticcall collateral.balanceOf(self)
    paid: bool = extcall collateral.transferFrom(owner, self, amount, default_return_value=True)
    assert paid, "collateral: refused"
    assert staticcall collateral.balanceOf(self) == held + amount, "collateral: not as sent"


@internal
def _pay_out(receiver: address, item: uint256, amount: uint256):
    """
    @notice Send collateral or tokens in the market's care.
    """
    if amount == 0:
        return
    token: address = TERMS.collateral
    if item != kinds.ASSETS:
        token = TOKENS[item - kinds.LONG_TOKENS]
    paid: bool = extcall IERC20(token).transfer(receiver, amount, default_return_value=True)
    assert paid, "collateral: refused"


@internal
def _pay_tip(tip: uint256):
    """
    @notice Send the caller the tips it earned or got back.
    """
    if tip != 0:
        paid: bool = raw_call(msg.sender, b"", value=tip, revert_on_failure=False)
        assert paid, "tip: refused"
