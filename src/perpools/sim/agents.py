"""
Agents: what trades in a simulated market.

An agent is a pure function from its own settings and what it sees to what it orders. The same
function runs in the exact engine, in the fast one, and compiled by Numba, so it keeps to numbers,
`if` and `for`, the functions of `math`, the fields of `View` and `order(...)`:

    class Settings(NamedTuple):
        size: float = 1_000.0

    def buy_the_dip(my: Settings, view: View) -> Orders:
        if view.price < view.average:
            return order(long_mint=my.size)
        return order(long_burn=view.long_tokens)

    Agent("dip buyer", buy_the_dip, Settings(size=500.0))
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from perpools.spec.units import Seconds


class View(NamedTuple):
    """
    What an agent sees when it acts, once in every interval.

    Collateral and tokens in whole units, prices and rates as plain numbers.
    """

    step: int
    """Grid points since the market was deployed."""
    price: float
    """The price now."""
    average: float
    """The price that the market executed last."""
    forecast: float
    """
    The move of the market's average at the first event that would hit an order placed now, if
    the price stayed as it is: what an average and a short front-running interval give away.
    """
    leverage: float
    long_balance: float
    short_balance: float
    long_expected: float
    """The long balance once all waiting orders are executed, at the rates of now."""
    short_expected: float
    long_rate: float
    """Collateral for one L-token."""
    short_rate: float
    mint_fee: float
    burn_fee: float
    cash: float
    """Your own collateral, free to use; executed burns included."""
    long_tokens: float
    """Your own, free to use."""
    short_tokens: float
    long_worth: float
    """What you hold of the long side once your waiting orders are executed, in collateral."""
    short_worth: float
    hedge: float
    """Units of the underlying that you hold outside the market; negative: sold short."""
    memory: float
    """A number of your own: what you returned as `memory` last time; 0 at first."""
    chance: float
    """Random, in [0, 1); the same in every engine."""
    choice: float
    """Another one."""
    size: float
    """A third."""


class Orders(NamedTuple):
    """What an agent does now; made by `order`."""

    long_mint: float
    short_mint: float
    long_burn: float
    short_burn: float
    long_flip: float
    short_flip: float
    pair_mint: float
    pair_redeem: float
    arbitrage: float
    premium: float
    hedge: float
    memory: float


def order(
    long_mint: float = 0.0,
    short_mint: float = 0.0,
    long_burn: float = 0.0,
    short_burn: float = 0.0,
    long_flip: float = 0.0,
    short_flip: float = 0.0,
    pair_mint: float = 0.0,
    pair_redeem: float = 0.0,
    arbitrage: float = 0.0,
    premium: float = 0.0,
    hedge: float = 0.0,
    memory: float = 0.0,
) -> Orders:
    """
    What to do; whatever is left out is not done.

    Mints are in collateral, burns and flips in tokens, and more than there is means all there is.
    `pair_mint` is in collateral, `pair_redeem` in L-tokens. `arbitrage` mints a pair for so much
    collateral and sells it outside at book value times `1 + premium` (negative: buys one outside
    and redeems it). `hedge` is how many units of the underlying to hold outside from now on;
    `memory` comes back in the next view.
    """
    return Orders(
        1.0 * long_mint,
        1.0 * short_mint,
        1.0 * long_burn,
        1.0 * short_burn,
        1.0 * long_flip,
        1.0 * short_flip,
        1.0 * pair_mint,
        1.0 * pair_redeem,
        1.0 * arbitrage,
        1.0 * premium,
        1.0 * hedge,
        1.0 * memory,
    )


Decide = Callable[[Any, View], Orders]


@dataclass(frozen=True, slots=True)
class Agent:
    """One trader."""

    name: str
    decide: Decide
    """Its own settings and what it sees in, what it does out."""
    settings: Any = ()
    """A named tuple of numbers."""
    cash: float = 100_000.0
    """Collateral it begins with, in whole units."""
    hedge_cost: float = 0.0005
    """Part of the value that trading the underlying outside costs."""
    acts_after_s: Seconds | None = 2
    """Seconds after each grid point; None: at the last moment that still joins the same epoch."""

    @property
    def facts(self) -> tuple[object, ...]:
        """What fingerprints say of it; how it decides they know by its name."""
        return self.name, self.settings, self.cash, self.hedge_cost, self.acts_after_s
