"""A market and everything around it, by the specification alone: what a chain is compared with."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from typing import Any, NamedTuple

from perpools.spec import errors, events, schedule
from perpools.spec.deployment import deploy
from perpools.spec.errors import Rejected
from perpools.spec.escrow import claimable
from perpools.spec.events import Event
from perpools.spec.invariants import broken, dust
from perpools.spec.kinds import ASSETS, item_out
from perpools.spec.rebalancing import Gas
from perpools.spec.state import MARKET, Call, Market, Step
from tests.stateful import operations
from tests.stateful.operations import TRANSITIONS, Operation, collateral_flow, flows, native_flow
from tests.stateful.reach import situations
from tests.stateful.surroundings import ANSWERS, REFUSES, TAKES, Coin, Feed, Flow, Refused
from tests.strategies import WAD, Setup

HOLDERS = ("deployer", "depositor", "trader", "hedger", "latecomer")
OTHERS = ("keeper", "treasury", "partner", "purse")
"""`purse` is an account with code, which may refuse native coin."""
ACCOUNTS = HOLDERS + OTHERS
ETHER = 10**18
GAS_PRICE = 30 * 10**9
TYPICAL_GAS = 150_000


# What a model consists of, besides its setup.
IMMUTABLE = ("now", "market", "donated", "payouts", "purse", "gas_used", "base_fee")
MUTABLE = ("coin", "native", "feed", "eth_feed", "gas_feed", "placed", "tipped", "appointed")


class Outcome(NamedTuple):
    """What an operation comes to: a new state, or the reason of its refusal."""

    market: Market
    events: tuple[Event, ...] = ()
    collateral: tuple[Flow, ...] = ()
    native: tuple[Flow, ...] = ()
    refusal: str = ""


class Model:
    """The specification's market, the coins in everybody's wallets, the feeds, and the time."""

    def __init__(self, setup: Setup) -> None:
        self.setup, self.now = setup, setup.start
        self.coin = Coin()
        for account in ACCOUNTS:
            self.coin.balances[account] = 10**9 * setup.unit
        self.native: dict[str, int] = defaultdict(int, dict.fromkeys(ACCOUNTS, 10**6 * ETHER))
        self.feed = Feed(setup.first_price, setup.drift)
        self.eth_feed, self.gas_feed = Feed(2_000 * WAD), Feed(25 * 10**9 * WAD)
        self.base_fee, self.gas_used = 10**9, TYPICAL_GAS
        self.purse, self.starved = TAKES, False
        self.placed: dict[tuple[str, int, int], int] = {}
        """Everything ordered and not cancelled, claimed or not."""
        self.tipped: dict[tuple[str, int], int] = {}
        self.appointed: set[tuple[str, str]] = set()
        self.donated = self.payouts = 0
        self.reached: Counter[str] = Counter()
        self.refusal = ""
        self.market = deploy(
            Call("deployer", self.now), setup.terms, self.feed.price, setup.seed_assets
        )
        self.coin.move(Flow("deployer", MARKET, 2 * setup.seed_assets))

    # what is

    @property
    def interval(self) -> int:
        return self.setup.terms.interval_s

    @property
    def open_epoch(self) -> int:
        """The epoch that an order joins now."""
        return self.market.epoch_joined(self.now)

    @property
    def due(self) -> bool:
        """Whether an event would close an epoch now, if its trigger agrees."""
        market = self.market
        passed = schedule.latest_passed(self.now, self.interval)
        epoch, _ = schedule.next_to_close(passed, market.earliest_waiting, market.waiting)
        return epoch > market.last_epoch and not market.wound_down

    @property
    def gas(self) -> Gas:
        """What the chain knows when a keeper is paid."""
        fast = self.gas_feed.price_now // WAD or self.base_fee
        return Gas(self.gas_used, GAS_PRICE, fast, self.eth_feed.price_now)

    def held(self, holder: str, side: int) -> int:
        """Tokens of a side in a wallet."""
        return self.market.holdings[side].get(holder, 0)

    # what changes around the market

    def advance(self, seconds: int) -> None:
        self.now += seconds

    def set_price(self, price: int, feed: str = "feed") -> None:
        getattr(self, feed).price = price

    def set_hint(self, hint: int) -> None:
        self.feed.hint = hint

    def feed_behaves(self, feed: str, latest: int, history: int = ANSWERS) -> None:
        twin: Feed = getattr(self, feed)
        twin.latest, twin.history = latest, history

    def coin_behaves(self, manner: int) -> None:
        self.coin.manner = manner

    def coin_calls(self, name: str, *args: Any) -> None:
        """What the coin asks the market when it calls back: it must come to nothing."""

    def shut_out(self, account: str, *, blocked: bool = True) -> None:
        (self.coin.blocked.add if blocked else self.coin.blocked.discard)(account)

    def approve(self, account: str, *, approved: bool = True) -> None:
        (self.coin.forgetful.discard if approved else self.coin.forgetful.add)(account)

    def purse_behaves(self, manner: int) -> None:
        self.purse = manner

    def mint_coins(self, account: str, amount: int) -> None:
        """New collateral out of nowhere; to the market itself it is a donation."""
        self.coin.balances[account] += amount
        if account == MARKET:
            self.donated += amount
            self.reached["a donation"] += 1

    def close(self) -> None:
        """Nothing to put away; a world with a chain has."""

    @contextmanager
    def what_if(self) -> Iterator[None]:
        """Whatever happens inside did not happen."""
        kept = {name: getattr(self, name) for name in IMMUTABLE}
        kept |= deepcopy({name: getattr(self, name) for name in MUTABLE})
        try:
            yield
        finally:
            vars(self).update(kept)

    # operations

    def act(
        self, name: str, *given: Any, sender: str = "keeper", **options: Any
    ) -> tuple[Event, ...] | None:
        """Perform an operation; None where it is refused, and then `refusal` says why."""
        asked = operations.operation(name, given, sender, options)
        self.starved = asked.gas is not None
        outcome = self._perform(asked, self._predict(asked))
        self.refusal = outcome.refusal
        self.reached[outcome.refusal or name] += 1
        if outcome.refusal:
            return None
        self.reached.update(situations(self, asked, outcome))
        self._adopt(outcome)
        return outcome.events

    def _perform(self, asked: Operation, predicted: Outcome) -> Outcome:
        """Do it for real, where there is anything real."""
        return predicted

    def _predict(self, asked: Operation) -> Outcome:
        try:
            return self._accepted(asked)
        except (Rejected, Refused) as refusal:
            return Outcome(self.market, refusal=refusal.reason)

    def _accepted(self, asked: Operation) -> Outcome:
        step = self._step(asked, None)
        collateral = flows(collateral_flow(event) for event in step.events)
        for flow in collateral:
            if (received := self.coin.received(flow)) != flow.amount and flow.receiver == MARKET:
                self._step(asked, received)
        native = flows(native_flow(event, asked.sender) for event in step.events)
        for flow in native:
            if flow.receiver == "purse" and self.purse == REFUSES:
                raise errors.TipIsRefused
        return Outcome(step.market, step.events, tuple(collateral), tuple(native))

    def _step(self, asked: Operation, received: int | None) -> Step:
        call = Call(asked.sender, self.now, asked.value, received)
        return TRANSITIONS[asked.name](self, call, **asked.arguments)

    def _adopt(self, outcome: Outcome) -> None:
        self.market = outcome.market
        for flow in outcome.collateral:
            self.coin.move(flow)
            self.donated += flow.amount if flow.receiver == flow.payer == MARKET else 0
        for flow in outcome.native:
            self.native[flow.payer] -= flow.amount
            self.native[flow.receiver] += flow.amount
        for event in outcome.events:
            self._remember(event)

    def _remember(self, event: Event) -> None:
        match event:
            case events.OrderPlaced(_, owner, epoch, kind, amount, _, tip):
                self.placed[owner, epoch, kind] = self.placed.get((owner, epoch, kind), 0) + amount
                self.tipped[owner, epoch] = self.tipped.get((owner, epoch), 0) + tip
            case events.OrderCancelled(owner, epoch, kind, _, tip):
                self.placed[owner, epoch, kind] = 0
                self.tipped[owner, epoch] -= tip
            case events.OperatorSet(controller, operator, _):
                self.appointed.add((controller, operator))
            case events.BatchExecuted(epoch, kind) if item_out(kind) == ASSETS:
                orders = [
                    key
                    for key, amount in self.placed.items()
                    if amount and key[1:] == (epoch, kind)
                ]
                self.payouts += len(orders)

    # what must be true

    def check(self) -> None:
        """What never changes; and the model's wallets agree with the specification."""
        assert broken(self.market) == []
        assert dust(self.market) <= self.payouts
        assert self.coin.balances[MARKET] == self.market.held + self.donated
        assert self.native[MARKET] == self.market.tips_held
        for account in ACCOUNTS:
            assert min(claimable(self.market, account)) >= 0
