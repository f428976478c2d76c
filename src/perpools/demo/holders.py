"""What holders do: each picks something it can do now, and sometimes something it cannot."""

from collections.abc import Callable
from random import Random
from typing import NamedTuple

from perpools.demo import operations
from perpools.demo.mirror import Mirror
from perpools.demo.operations import Operation
from perpools.spec import kinds, rates
from perpools.spec.escrow import claimable
from perpools.spec.kinds import ASSETS, ITEMS, KINDS, LONG, LONG_BURN, SHORT
from perpools.spec.orders import Order
from perpools.spec.state import Escrow
from perpools.spec.units import Address, Timestamp, Wei

MILLIETHER: Wei = 10**15
DARING = 0.15
"""How often somebody tries what will be refused."""


class Scene(NamedTuple):
    """Who acts on which market, and when."""

    rng: Random
    mirror: Mirror
    holder: Address
    others: tuple[Address, ...]
    now: Timestamp

    @property
    def due(self) -> Escrow:
        """What the holder could claim."""
        return claimable(self.mirror.spec, self.holder)

    def wallet(self, item: int) -> int:
        """What the holder has of something."""
        if item == ASSETS:
            return self.mirror.wallets[self.holder]
        return self.mirror.spec.holdings[item - kinds.LONG_TOKENS].get(self.holder, 0)

    def part(self, amount: int, least: int, most: int) -> int:
        """Some per cent of an amount."""
        return amount * self.rng.randint(least, most) // 100

    def dares(self) -> bool:
        """Whether the holder tries what will be refused."""
        return self.rng.random() < DARING


def act(scene: Scene) -> Operation:
    """One thing that a holder does."""
    habits = list(HABITS)
    while habits:
        [habit] = scene.rng.choices(habits, [HABITS[habit] for habit in habits])
        operation = habit(scene)
        if operation is not None:
            return operation
        habits.remove(habit)
    return operations.claim(scene.holder, scene.holder)


def order(scene: Scene) -> Operation | None:
    """Mint, burn or flip, from the wallet, from escrow or from both; sometimes with a tip."""
    kind = scene.rng.choices(KINDS, (3, 3, 2, 2, 1, 1))[0]
    item = kinds.item_in(kind)
    wallet, held = scene.wallet(item), scene.due[item]
    spends_escrow = held > 0 and scene.rng.random() < 1 / 2
    at_hand = wallet + held if spends_escrow else wallet
    amount = scene.part(at_hand, 1, 5) if kind < LONG_BURN else scene.part(at_hand, 20, 100)
    if amount == 0:
        return None
    from_escrow = min(held, amount) if spends_escrow else 0
    tip = scene.rng.randint(1, 9) * MILLIETHER if scene.rng.random() < 1 / 5 else 0
    placed = Order(kind, amount, scene.holder, scene.holder, from_escrow)
    return operations.place(placed, scene.holder, tip)


def cancel(scene: Scene) -> Operation | None:
    """Take back an order, in time or too late."""
    market = scene.mirror.spec
    mine = sorted(key for key in market.orders if key[0] == scene.holder)
    still_open = [key for key in mine if key[1] == market.epoch_joined(scene.now)]
    waiting = [key for key in mine if key[1] > market.last_epoch] if scene.dares() else []
    for choice in (still_open, waiting):
        if choice:
            _, epoch, kind = scene.rng.choice(choice)
            return operations.cancel(epoch, kind, scene.holder)
    return None


def claim(scene: Scene) -> Operation | None:
    """Take everything that is due."""
    if scene.due == Escrow() and not scene.dares():
        return None
    return operations.claim(scene.holder, scene.holder)


def claim_for_another(scene: Scene) -> Operation | None:
    """Claim for somebody who left a tip for it."""
    owners = [o for o in scene.others if claimable(scene.mirror.spec, o).tip]
    if not owners and scene.dares():
        owners = list(scene.others)
    return operations.claim(scene.rng.choice(owners), scene.holder) if owners else None


def withdraw(scene: Scene) -> Operation | None:
    """Take part of one thing that is due, for oneself or for somebody else."""
    items = [item for item in ITEMS if scene.due[item] > 0]
    if not items:
        return None
    item = scene.rng.choice(items)
    receiver = scene.rng.choice((scene.holder, *scene.others))
    amount = max(scene.part(scene.due[item], 1, 100), 1)
    return operations.withdraw(item, amount, (scene.holder, receiver))


def mint_pair(scene: Scene) -> Operation | None:
    """Buy both sides."""
    assets = scene.part(scene.wallet(ASSETS), 1, 4)
    return operations.mint_pair(scene.holder, assets) if assets else None


def redeem_pair(scene: Scene) -> Operation | None:
    """Sell both sides."""
    supplies = scene.mirror.spec.pool.supplies
    long, short = (scene.wallet(kinds.LONG_TOKENS + side) for side in (LONG, SHORT))
    tokens = scene.part(long, 20, 100)
    fits = tokens > 0 and rates.counterpart(tokens, supplies[LONG], supplies[SHORT]) <= short
    return operations.redeem_pair(scene.holder, tokens) if fits or scene.dares() else None


def pay_fees(scene: Scene) -> Operation | None:
    """Send the management fees to where they belong."""
    due = scene.mirror.spec.fees[0] > 0 or scene.dares()
    return operations.pay_fees(scene.holder, 0) if due else None


HABITS: dict[Callable[[Scene], Operation | None], int] = {
    order: 52,
    cancel: 12,
    claim: 12,
    claim_for_another: 6,
    withdraw: 6,
    mint_pair: 7,
    redeem_pair: 4,
    pay_fees: 1,
}
"""What holders do, and how often."""
