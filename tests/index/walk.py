"""A random walk of the specification: what happens to one market, block by block."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

from perpools.chain.node import Block
from perpools.chain.snapshot import Fixed
from perpools.chain.terms import Contracts
from perpools.spec import escrow, orders, pairs, rebalancing, roles, tokens, wind_down
from perpools.spec.errors import Rejected
from perpools.spec.events import Event, Transfer
from perpools.spec.kinds import ITEMS, KINDS, LONG_BURN, SIDES
from perpools.spec.orders import Order
from perpools.spec.rebalancing import Gas
from perpools.spec.state import MARKET, Call, Market, Step
from perpools.spec.terms import Terms
from perpools.spec.transfer_curves import sigmoid

WAD, UNIT, MINUTE_S, DAY_S = 10**18, 10**6, 60, 86_400
START = 1_700_000_000 // MINUTE_S * MINUTE_S
BIRTH = 3
"""The block of the market's deployment."""
PERCENT = WAD // 100


def address(number: int) -> str:
    return "0x" + f"{number:02x}" * 20


DEPLOYER, TREASURY, *CROWD = (address(number) for number in range(16, 26))
POOL, LONG_TOKEN, SHORT_TOKEN, COIN, FEED = (address(number) for number in range(1, 6))
TERMS = Terms(
    decimals=6,
    transfer=sigmoid,
    leverage_wad=3 * WAD,
    sma_periods=3,
    interval_s=MINUTE_S,
    front_running_interval_s=MINUTE_S // 2,
    mint_fee_wad=PERCENT,
    mint_fee_step_wad=PERCENT // 4,
    mint_fee_max_wad=5 * PERCENT,
    burn_fee_wad=PERCENT // 2,
    management_fee_wad=10 * PERCENT,
    primary=TREASURY,
    gas_premium_wei=20 * 10**9,
    tip_step_wad=5 * PERCENT,
    tip_max_wad=WAD,
    block_time_s=12,
    reward_cap_wad=PERCENT // 10,
    wind_down_after_s=DAY_S,
)
CONTRACTS = Contracts(COIN, FEED, address(6))
FIXED = Fixed(
    POOL, TERMS, CONTRACTS, (LONG_TOKEN, SHORT_TOKEN), ("3L-ETH/USD", "3S-ETH/USD"), "DUSD"
)
PAID = Gas(used=150_000, price=2 * 10**9, fast=10**9, assets_per_eth_wad=2_000 * WAD)
SEED = 1_000 * UNIT


@dataclass(frozen=True)
class Price:
    """A feed of one price."""

    wad: int

    def as_of(self, time: int) -> int:
        return self.wad


@dataclass(frozen=True)
class World:
    """The market, the price and the time."""

    market: Market
    price: int
    now: int


@dataclass(frozen=True)
class Chapter:
    """A block, what it tells, and the world after it."""

    block: Block
    events: tuple[Event, ...]
    world: World


@dataclass
class Walk:
    """Draws what happens next."""

    world: World
    chance: random.Random
    ends: bool = False
    """Whether the market may be wound down."""

    def chapter(self, number: int, before: str) -> Chapter:
        world, some = self.world, self.chance.choice([1, 2, 5, 12, 31])
        if self.ends and self.chance.random() < 0.02:
            some = 2 * DAY_S
        self.world = World(world.market, world.price, world.now + some)
        told = [event for _ in range(self.chance.randrange(5)) for event in self._something()]
        digest = sha256(f"{before} {number} {self.chance.random()}".encode()).hexdigest()
        block = Block(number, "0x" + digest, self.world.now, 10**9, True)
        return Chapter(block, tuple(told), self.world)

    def _something(self) -> tuple[Event, ...]:
        """One operation; nothing where the market refuses it."""
        operation = self.chance.choice(OPERATIONS)
        try:
            step = operation(self)
        except Rejected:
            return ()
        self.world = World(step.market, self.world.price, self.world.now)
        return step.events

    @property
    def market(self) -> Market:
        return self.world.market

    def call(self, who: str, tip: int = 0) -> Call:
        return Call(who, self.world.now, tip)

    def somebody(self) -> str:
        return self.chance.choice([DEPLOYER, *CROWD])

    def amount(self, item: int) -> int:
        return self.chance.randint(1, 90) * (UNIT if item == 0 else WAD)

    def order(self) -> Step:
        owner, kind = self.somebody(), self.chance.choice(KINDS)
        controller = owner if self.chance.random() < 0.8 else self.somebody()
        amount = self.amount(int(kind >= LONG_BURN))
        part = self.chance.choice([0, 0, amount // 2, amount])
        tip = self.chance.choice([0, 10**15])
        order = Order(kind, amount, owner, controller, part)
        return orders.place(self.market, self.call(owner, tip), order)

    def cancel(self) -> Step:
        epoch = self.market.epoch_joined(self.world.now)
        keys = sorted(key for key in self.market.orders if key[1] == epoch)
        if not keys:
            return Step(self.market)
        who, _, kind = self.chance.choice(keys)
        return orders.cancel(self.market, self.call(who), epoch, kind, who)

    def rebalance(self) -> Step:
        price = self.world.price * self.chance.randint(90, 111) // 100
        keeper = self.chance.choice([TREASURY, CROWD[0]])
        step = rebalancing.rebalance(self.market, self.call(keeper), Price(price), PAID)
        self.world = World(step.market, price, self.world.now)
        return step

    def claim(self) -> Step:
        return escrow.claim(self.market, self.call(self.somebody()), self.somebody())

    def claim_own(self) -> Step:
        who = self.somebody()
        return escrow.claim(self.market, self.call(who), who)

    def withdraw(self) -> Step:
        owner, receiver = self.somebody(), self.chance.choice([*CROWD, MARKET])
        item = self.chance.choice(ITEMS)
        due = escrow.claimable(self.market, owner)[item]
        amount = self.chance.choice([due, due // 2])
        parties = owner, receiver
        return escrow.withdraw(self.market, self.call(owner), item, amount, parties)

    def send(self) -> Step:
        side, sender = self.chance.choice(SIDES), self.somebody()
        receiver = self.chance.choice([*CROWD, MARKET])
        held = self.market.holdings[side].get(sender, 0)
        amount = self.chance.choice([held, held // 3])
        moved = tokens.transfer(self.market, side, sender, receiver, amount)
        return Step(moved, (Transfer(side, sender, receiver, amount),))

    def mint_pair(self) -> Step:
        return pairs.mint(self.market, self.call(self.somebody()), self.amount(0))

    def redeem_pair(self) -> Step:
        return pairs.redeem(self.market, self.call(self.somebody()), self.amount(1))

    def appoint(self) -> Step:
        approved = self.chance.random() < 0.6
        who, operator = self.call(self.somebody()), self.somebody()
        return roles.set_operator(self.market, who, operator, approved=approved)

    def pay(self) -> Step:
        return roles.pay_fees(self.market, 0)

    def end(self) -> Step:
        return wind_down.wind_down(self.market, self.call(self.somebody()), feed_alive=False)

    def redeem(self) -> Step:
        side, who = self.chance.choice(SIDES), self.somebody()
        held = self.market.holdings[side].get(who, 0)
        return wind_down.redeem(self.market, self.call(who), side, held)


OPERATIONS: tuple[Callable[[Walk], Step], ...] = (
    *[Walk.order] * 6,
    *[Walk.rebalance] * 3,
    Walk.cancel,
    Walk.claim,
    Walk.claim_own,
    Walk.withdraw,
    Walk.send,
    Walk.mint_pair,
    Walk.redeem_pair,
    Walk.appoint,
    Walk.pay,
    Walk.end,
    Walk.redeem,
)
