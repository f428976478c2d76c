"""Numbers and states as pages say them: columns line up, and no sign is told by colour alone."""

from datetime import UTC, datetime

from perpools import quantities
from perpools.spec.fixed_point import WAD
from perpools.spec.units import Timestamp
from perpools.values import Amount, Moment, Number, Share, coin

STATES = {
    "live": "Live",
    "late": "Event overdue",
    "stale": "Feed silent",
    "unseen": "Not seen now",
    "wound-down": "Wound down",
}
DAY_S = quantities.UNITS_S["d"]
UP, DOWN, LEVEL = "▲", "▼", "■"
NOTHING = "–"

_LEAST = WAD // 10_000
"""Of a share: what is less has no digit to be seen, and goes neither up nor down."""

_LEAST_GAS = 10**13
"""Wei: what costs less than 0.00001 of the coin is not counted out."""
_GAS_DIGITS = 4

_BIG = 1_000
"""From here on people do not read the digits behind the point."""


def fixed(units: int, decimals: int, places: int) -> str:
    """A number with exactly so many decimals, cut off towards zero: `1,234.50`."""
    sign, units = ("-", -units) if units < 0 else ("", units)
    cut = units * 10**places // 10**decimals
    whole, rest = divmod(cut, 10**places)
    return f"{sign if cut else ''}{whole:,}" + (f".{rest:0{places}d}" if places else "")


def price(number: Number | None) -> str:
    """A price: two decimals from 100 on, more the smaller it is; small ones keep four digits."""
    if number is None:
        return NOTHING
    if number.wad == 0:
        return "0"
    return fixed(number.wad, 18, _places(abs(number.wad)))


def money(amount: Amount, *, symbol: bool = True) -> str:
    """An amount without the digits that nobody reads: `12,345 DUSD`, `12.34 DUSD`."""
    big = abs(amount.units) >= _BIG * 10**amount.decimals
    small = 0 < abs(amount.units) < 10**amount.decimals
    places = 0 if big else min(amount.decimals, 4 if small else 2)
    text = fixed(amount.units, amount.decimals, places)
    if small and not text.strip("-0."):
        text = f"< {fixed(10 ** (amount.decimals - places), amount.decimals, places)}"
    return f"{text} {amount.symbol}".rstrip() if symbol else text


def gas_cost(wei: int) -> str:
    """What gas costs in the chain's coin: four digits, cut off; tiny sums are not counted out."""
    if 0 < wei < _LEAST_GAS:
        return f"less than {quantities.show_amount(_LEAST_GAS, 18)} ETH"
    unread = 10 ** max(0, len(str(wei)) - _GAS_DIGITS)
    return coin(wei - wei % unread).text


def counted(count: int, thing: str) -> str:
    """So many of a thing: `1 event`, `1,204 events`."""
    return f"{count:,} {thing}" if count == 1 else f"{count:,} {thing}s"


def times(number: Number) -> str:
    """A leverage: `2.94x`, and `158x` where it is far beyond what anybody counts on."""
    return f"{fixed(number.wad, 18, 0 if number.wad >= 100 * WAD else 2)}x"


def percent(share: Share, *, signed: bool = False) -> str:
    """A part of one: `+1.25%`."""
    sign = "+" if signed and share.wad > 0 and not level(share) else ""
    return f"{sign}{fixed(share.wad, 16, 2)}%"


def percent_float(part: float, *, signed: bool = True) -> str:
    """The same of a float, which only charts and simulations have."""
    rounded = round(part * 100, 1)
    return f"{rounded:{'+' if signed and rounded else ''}z.1f}%"


def level(share: Share) -> bool:
    """Whether it is nothing to two digits of a percent, and has no direction to be told."""
    return abs(share.wad) < _LEAST


def change(share: Share | None) -> str:
    """A change with its direction: `▲ 1.25%`; a dash where there is none to compare with."""
    if share is None:
        return NOTHING
    mark = LEVEL if level(share) else UP if share.wad > 0 else DOWN
    return f"{mark} {fixed(abs(share.wad), 16, 2)}%"


def direction(share: Share | None) -> str:
    """The class of a change: the side that it is good for."""
    if share is None or level(share):
        return "muted"
    return "long" if share.wad > 0 else "short"


def rebalancing(rate: Share) -> str:
    """A rebalancing rate in words."""
    if level(rate):
        return "The sides are even: both gain at the market's leverage."
    smaller, larger = ("short", "long") if rate.wad > 0 else ("long", "short")
    return (
        f"The {larger} side is larger: {smaller} holders gain more than the market's leverage, "
        f"{larger} holders gain less."
    )


def long_part(long: Amount, short: Amount) -> float:
    """The long side's part of both, in percent: for a bar."""
    whole = long.units + short.units
    return 100 * long.units / whole if whole else 50.0


def moment(at: Timestamp, *, date: bool = True) -> str:
    """A moment: `2026-01-31 06:00 UTC`; seconds where there are any."""
    pattern = ("%Y-%m-%d " if date else "") + ("%H:%M:%S UTC" if at % 60 else "%H:%M UTC")
    return f"{datetime.fromtimestamp(at, UTC):{pattern}}"


def near(at: Moment) -> str:
    """A moment without its date where that is today's, by the chain's clock."""
    return moment(at.unix, date=at.now is None or at.unix // DAY_S != at.now // DAY_S)


def coarse(seconds: int) -> str:
    """A duration in at most two units: `2d3h`, `1h05m` as `1h5m`, `12s`."""
    for unit, finer in ((86_400, 3_600), (3_600, 60)):
        if seconds >= unit:
            return quantities.show_duration(seconds - seconds % finer)
    return quantities.show_duration(seconds)


def _places(wad: int) -> int:
    if wad >= 100 * WAD:
        return 2
    if wad >= WAD:
        return 4
    zeros = 18 - len(str(wad))
    return zeros + 4
