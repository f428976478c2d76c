"""What a side gains and loses on a move of the price, with the balances as they are now."""

from dataclasses import dataclass
from typing import Literal

from perpools.errors import ConfigError
from perpools.spec import pool
from perpools.spec.fixed_point import MAX_PRICE, WAD
from perpools.spec.kinds import LONG
from perpools.spec.state import Market
from perpools.spec.units import Address, Wad
from perpools.values import Number, Share
from perpools.web.live import Live
from perpools.web.views.overview import gains

SideName = Literal["long", "short"]


WIDEST, MOST = 0.95, 501


@dataclass(frozen=True, slots=True)
class PayoffPoint:
    """One move."""

    move: Share
    """Of the executed price."""
    gain: Share
    """Of the token's value, by the market's transfer function and its present balances."""
    ideal: Share
    """The market's leverage times the move (its opposite for the short side)."""


@dataclass(frozen=True, slots=True)
class Payoff:
    """The curve of one side."""

    market: Address
    side: SideName
    leverage: Number
    effective: Number
    """On small gains now."""
    points: tuple[PayoffPoint, ...]


def payoff(
    live: Live, address: Address, side: SideName, *, widest: float = 0.5, count: int = 101
) -> Payoff:
    """
    Moves from `-widest` (at most 0.95) to `widest`, evenly, by an odd `count`, so that no move is
    one of them; fees and orders are left out. `KeyError`: no such market.
    """
    if not (0.001 <= widest <= WIDEST and 3 <= count <= MOST and count % 2):
        raise ConfigError(f"payoff: a width of 0.001 to {WIDEST}, an odd count of 3 to {MOST}")
    sight = live.sight(address)
    market, which = sight.market, ("long", "short").index(side)
    widest_wad, half = int(widest * 10**6) * 10**12, count // 2
    moves = [widest_wad * step // half for step in range(-half, half + 1)]
    return Payoff(
        market=address,
        side=side,
        leverage=Number(market.terms.leverage_wad, "x"),
        effective=Number(gains(market, which), "x"),
        points=tuple(_point(market, which, move) for move in moves),
    )


def _point(market: Market, side: int, move: Wad) -> PayoffPoint:
    """What one move of the executed price makes of a side."""
    sign, leverage = (1 if side == LONG else -1), market.terms.leverage_wad
    ideal = sign * move * leverage // WAD
    return PayoffPoint(
        Share(move, signed=True), Share(_gain(market, side, move), signed=True), Share(ideal, True)
    )


def _gain(market: Market, side: int, move: Wad) -> int:
    """The side's balance after an event over its balance before, minus one; rounded down."""
    old, balances = market.average, market.pool.balances
    new = max(1, min(MAX_PRICE - 1, old * (WAD + move) // WAD))
    fraction = pool.movable(
        market.pool.supplies, market.terms.transfer(old, new, market.terms.leverage_wad)
    )
    if not balances[side]:
        return 0
    return pool.transfer_value(balances, old, new, fraction)[side] * WAD // balances[side] - WAD
