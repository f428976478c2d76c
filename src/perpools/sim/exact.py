"""
The exact engine: the specification itself, integer by integer.

Every order is placed, paid from escrow where it can be, and executed by the very functions that
the contracts are compared with. It is slower than the fast engine, which is held to it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from perpools.spec import deployment, errors, escrow, orders, pairs, rates, rebalancing
from perpools.spec.events import Rebalanced
from perpools.spec.fixed_point import ONE, WAD
from perpools.spec.kinds import ASSETS, KINDS, LONG, LONG_TOKENS, SHORT, SIDES, item_in
from perpools.spec.orders import Order
from perpools.spec.rebalancing import Gas
from perpools.spec.state import Call, Market, Step, replace
from perpools.spec.units import Address, Assets, Timestamp

from .activity import write_shares
from .agents import Agent, Orders
from .books import COLUMNS, FEES, FLOWS, MARK, MEMORY, OUTSIDE, UNITS, WALLET
from .exact_activity import Done, KnownPrices, floats, pending_of
from .fast import rules_of
from .outcome import OnProgress, Outcome
from .pool import Rules
from .scene import Scene, assets, whole
from .seeing import affordable, forecast, look, trade_outside, value

OUTSIDERS, KEEPER = "deployer", "keeper"
"""Who holds the liquidity that never trades, and who rebalances."""
TIDY_EVERY = 64
"""Events after which batches that nobody has a claim to any more are forgotten."""
REPORT_EVERY = 500
"""Grid points between two reports of progress."""

OnState = Callable[[Market], None]
"""Shown every state of the market."""


@dataclass
class Player:
    """An agent and what it has outside the market."""

    agent: Agent
    name: Address
    after_s: int
    seen: list[float]
    draws: list[list[float]]
    cash: Assets
    outside: list[float] = field(default_factory=lambda: [0.0] * WALLET)
    """In the places of a wallet of the fast engine; its first three are filled in to look."""
    values: list[float] = field(default_factory=list)
    earned: list[float] = field(default_factory=list)
    """What trading the underlying outside earned, by grid point."""


def play(scene: Scene, on_progress: OnProgress, on_state: OnState | None = None) -> Outcome:
    """Play a scene; `on_state` is shown every state of the market on the way."""
    stage = Stage(scene, on_state or (lambda _: None))
    comes = scene.keeper_comes()
    for point in range(scene.grid.size):
        stage.act_all(point, early=True)
        if comes[point]:
            stage.close_due(point)
        stage.act_all(point, early=False)
        if (point + 1) % REPORT_EVERY == 0 or point + 1 == scene.grid.size:
            on_progress(point + 1, scene.grid.size)
    wallets = [stage.wallet(player) for player in stage.players]
    values, earned = ([getattr(p, name) for p in stage.players] for name in ("values", "earned"))
    return Outcome(stage.rows, values, wallets, stage.refused, earned)


class Stage:
    """A market of the specification, its players and what was recorded of them."""

    def __init__(self, scene: Scene, on_state: OnState) -> None:
        self.scene, self.on_state = scene, on_state
        self.rules: Rules = rules_of(scene)
        self.rows: list[tuple[float, ...]] = []
        self.refused = 0
        start = scene.grid.first_epoch * scene.grid.interval_s
        self.market = deployment.deploy(
            Call(OUTSIDERS, start), scene.terms, scene.grid.wads[0], scene.liquidity_assets
        )
        self.players = [self._player(*numbered) for numbered in enumerate(scene.agents)]

    def _player(self, position: int, agent: Agent) -> Player:
        after_s = self.scene.acts_after_s(agent)
        seen, draws = self.scene.grid.seen(after_s), self.scene.draws(position)
        name = f"agent {position}"
        player = Player(agent, name, after_s, seen, draws, assets(agent.cash))
        player.outside[MARK] = player.seen[0]
        return player

    def time(self, point: int, after_s: int) -> Timestamp:
        """So long after a grid point."""
        return (self.scene.grid.first_epoch + point) * self.scene.grid.interval_s + after_s

    def apply(self, step: Step) -> Step:
        """Go on from the state after an operation."""
        self.market = step.market
        self.on_state(step.market)
        return step

    def close_due(self, point: int) -> None:
        """Close every epoch that is due when the keeper comes."""
        call = Call(KEEPER, self.time(point, self.rules.late_s))
        feed = KnownPrices(self.scene, point)
        while True:
            busy, before = self._is_busy(point), self.market
            try:
                step = rebalancing.rebalance(self.market, call, feed, self._gas(busy=busy))
            except (errors.EventIsNotDue, errors.FeedIsSilent, errors.TriggerIsNotMet):
                return
            self.apply(step)
            event = step.events[-1]
            assert isinstance(event, Rebalanced), "an event's last log tells of it"
            row = [*self._row(event, point, busy=busy), *[0.0] * (len(COLUMNS) - FLOWS)]
            self._add_activity(row, before, event)
            self.rows.append(tuple(row))
            self._tidy()

    def _is_busy(self, point: int) -> bool:
        passed = self.scene.grid.first_epoch + point
        return self.market.waiting != 0 and self.market.earliest_waiting <= passed

    def _gas(self, *, busy: bool) -> Gas:
        keeper = self.scene.keeper
        used = keeper.gas_busy if busy else keeper.gas_quiet
        price = keeper.gas_price
        return Gas(used, price, price, round(keeper.eth_price * WAD))

    def _row(self, event: Rebalanced, point: int, *, busy: bool) -> tuple[float, ...]:
        epoch = event.epoch - self.scene.grid.first_epoch
        amounts = (event.spot, event.old_price, event.new_price)
        pools = (event.long_before, event.short_before, event.long_after, event.short_after)
        return (
            float(epoch),
            float(point - epoch),
            *map(whole, amounts),
            event.fraction / ONE,
            *map(whole, pools),
            whole(event.long_supply),
            whole(event.short_supply),
            whole(event.mint_fee_wad),
            whole(event.fee),
            whole(event.reward),
            float(busy),
        )

    def _add_activity(self, row: list[float], before: Market, event: Rebalanced) -> None:
        """What an event's orders moved and paid, and who holds what after it."""
        done = Done(before, self.market, event)
        done.write_flows(row)
        for player in self.players:
            player.outside[FEES] += done.fees_of(player.name)
        tables = [self._tables(player) for player in self.players]
        pending = [[], *(own_pending for _, own_pending, _ in tables)]
        write_shares(row, floats(self.market.pool), [wallet for _, _, wallet in tables], pending)

    def _tidy(self) -> None:
        """Forget executed batches, once everybody has what it received."""
        if len(self.rows) % TIDY_EVERY:
            return
        for player in self.players:
            self.market = escrow.settle(self.market, player.name)
        last = self.market.last_epoch
        batches = {key: batch for key, batch in self.market.batches.items() if key[0] > last}
        self.market = replace(self.market, batches=batches)

    def act_all(self, point: int, *, early: bool) -> None:
        """Let the agents act that do so before the keeper comes, or after."""
        for player in self.players:
            if (player.after_s <= self.rules.late_s) == early:
                self._act(player, point)
                player.values.append(value(*self._tables(player)))
                player.earned.append(player.outside[OUTSIDE])

    def _act(self, player: Player, point: int) -> None:
        market, price = self.market, player.seen[point]
        call = Call(player.name, self.time(point, player.after_s))
        self.market = escrow.settle(market, player.name) if market.orders else market
        pool, own, wallet = self._tables(player)
        samples = [whole(sample) for sample in market.samples]
        ahead = market.epoch_joined(call.now) - market.last_epoch
        seen = (
            price,
            whole(market.average),
            forecast(self.rules, samples, len(samples), ahead, price),
        )
        tables = (pool, pending_of(self.market, None), own, wallet)
        wanted = player.agent.decide(
            player.agent.settings, look(self.rules, tables, seen, point, player.draws[point])
        )
        self._place(player, call, wanted)
        self._trade_pairs(player, call, wanted)
        trade_outside(player.outside, price, wanted.hedge, player.agent.hedge_cost)
        player.outside[MEMORY] = wanted.memory

    def _tables(self, player: Player) -> tuple[list[float], list[float], list[float]]:
        """The pool, what waits of the player, and its wallet, as the fast engine has them."""
        market = self.market
        pool = [*map(whole, (*market.pool.balances, *market.pool.supplies, market.mint_fee_wad))]
        return pool, pending_of(market, player.name), self.wallet(player)

    def wallet(self, player: Player) -> list[float]:
        """What a player is free to use, and what it has outside."""
        self.market = escrow.settle(self.market, player.name)
        free = [whole(self._free(player, item)) for item in (ASSETS, LONG_TOKENS, LONG_TOKENS + 1)]
        return free + player.outside[UNITS:]

    def _free(self, player: Player, item: int) -> int:
        return self._in_wallet(player, item) + self.market.escrow[player.name][item]

    def _in_wallet(self, player: Player, item: int) -> int:
        if item == ASSETS:
            return player.cash
        return self.market.holdings[item - LONG_TOKENS].get(player.name, 0)

    def _place(self, player: Player, call: Call, wanted: Orders) -> None:
        for kind in KINDS:
            item = item_in(kind)
            amount = _affordable(wanted[kind], self._free(player, item))
            if amount == 0:
                continue
            from_escrow = min(amount, self.market.escrow[player.name][item])
            order = Order(kind, amount, player.name, player.name, from_escrow)
            try:
                self.apply(orders.place(self.market, call, order))
            except errors.EpochIsTooFarBehind:
                self.refused += 1
                continue
            if item == ASSETS:
                player.cash -= amount - from_escrow

    def _trade_pairs(self, player: Player, call: Call, wanted: Orders) -> None:
        if not (wanted.pair_mint or wanted.pair_redeem or wanted.arbitrage):
            return
        self._claim(player, call)
        minted = _affordable(wanted.pair_mint, player.cash)
        if minted:
            self.apply(pairs.mint(self.market, call, minted))
            player.cash -= minted
        redeemed = _affordable(wanted.pair_redeem, self._pairs_of(player.name))
        if redeemed:
            player.cash += self._redeem(call, redeemed)
        self._arbitrage(player, call, wanted)

    def _claim(self, player: Player, call: Call) -> None:
        due = escrow.claimable(self.market, player.name)
        if any(due):
            self.apply(escrow.claim(self.market, call, player.name))
            player.cash += due.assets

    def _pairs_of(self, owner: Address) -> int:
        """The most L-tokens that an owner can redeem with the S-tokens it has."""
        long, short = (self.market.holdings[side].get(owner, 0) for side in SIDES)
        supplies = self.market.pool.supplies
        return min(long, rates.assets_for_tokens(short, supplies[LONG], supplies[SHORT]))

    def _redeem(self, call: Call, long_tokens: int) -> Assets:
        before = self.market.held
        self.apply(pairs.redeem(self.market, call, long_tokens))
        return before - self.market.held

    def _arbitrage(self, player: Player, call: Call, wanted: Orders) -> None:
        """Mint a pair and sell it to the outsiders, or buy one of them and redeem it."""
        minted = _affordable(wanted.arbitrage, player.cash)
        if minted:
            self.apply(pairs.mint(self.market, call._replace(sender=OUTSIDERS), minted))
            player.cash += assets(whole(minted) * wanted.premium)
        pool = self.market.pool
        most = self._pairs_of(OUTSIDERS) / pool.supplies[LONG] / 2 * whole(sum(pool.balances))
        worth = affordable(-wanted.arbitrage, most)
        if worth > 0.0:
            long_tokens = round(worth / whole(sum(pool.balances)) * pool.supplies[LONG])
            received = self._redeem(call._replace(sender=OUTSIDERS), long_tokens)
            player.cash -= assets(whole(received) * wanted.premium)


def _affordable(wanted: float, available: int) -> int:
    """The same as of the fast engine, in base units."""
    amount = affordable(wanted, whole(available))
    return available if amount >= whole(available) else assets(amount)
