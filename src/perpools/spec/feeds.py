"""
Feeds made of other feeds, their parts (R14). Mirrors `contracts/lib/feeds.vy`.

A feed answers with a price and a moment: when the price was observed, or, where the feed was
silent at the time asked about, when it became known, which is later. So `moment <= time` says that
the feed was not silent at `time`. What is composed here is as final as the parts' answers: it
depends neither on who asks nor on when.
"""

from collections.abc import Sequence

from .checks import check_price
from .fixed_point import WAD, mul_div_down
from .prices import Answer
from .units import Seconds, Timestamp, Wad

HINT_BITS = 80
"""Parts share one hint: what a round id of a Chainlink proxy takes."""
HINT_MASK = 2**80 - 1
PARTS = 3
"""Of a median, as many as there are hints in a word: of three one may fail, and two are left."""
NEVER = 2**256 - 1
"""No moment at all: the part did not answer."""
PATIENCE: Seconds = 86_400
"""How long a median waits for a part that does not answer at all before it leaves it out."""


def part_hint(hint: int, index: int) -> int:
    """The hint of one part, the first one's lowest."""
    return hint >> index * HINT_BITS & HINT_MASK


def ratio_down(base: Wad, quote: Wad) -> Wad:
    """How many of `quote` one of `base` is worth; rounded down, in the short side's favour."""
    return mul_div_down(base, WAD, quote)


def inverse_down(price: Wad) -> Wad:
    """One over a price; rounded down."""
    return mul_div_down(WAD, WAD, price)


def moment(base_moment: Timestamp, quote_moment: Timestamp, time: Timestamp) -> Timestamp:
    """
    The moment of an answer that needs two: the older one, or, where a part was silent at `time`,
    when both were known.
    """
    latest = max(base_moment, quote_moment)
    return latest if latest > time else min(base_moment, quote_moment)


def middle(a: int, b: int, c: int) -> int:
    """The second largest of three."""
    return sorted((a, b, c))[1]


def median(
    prices: Sequence[Wad], moments: Sequence[Timestamp], time: Timestamp
) -> tuple[Wad, Timestamp]:
    """
    The median of what was known at the first moment, not before `time`, at which a majority of the
    parts had answered; zeros while there is none. Of two prices it is their mean, rounded down. A
    part whose price is 0 has not answered.

    Once this moment has passed, its answers are final: what comes later is not counted.
    """
    known = [moments[part] if prices[part] else NEVER for part in range(PARTS)]
    majority = middle(*known)
    if majority == NEVER:
        return 0, 0
    decided = max(time, majority)
    counted = [part for part in range(PARTS) if known[part] <= decided]
    found = [prices[part] for part in counted]
    price = middle(*found) if len(found) == PARTS else mul_div_down(sum(found), 1, 2)
    return price, decided if decided > time else min(known[part] for part in counted)


def ratio_of(base: Answer | None, quote: Answer | None, time: Timestamp) -> Answer | None:
    """
    What a ratio answers as of `time` where its parts answer this; None while one of them is silent.
    A ratio that is not in (0, MAX_PRICE) is refused.
    """
    if base is None or quote is None:
        return None
    price = ratio_down(base.price, quote.price)
    check_price(price)
    return Answer(price, moment(base.moment, quote.moment, time))


def inverse_of(found: Answer | None) -> Answer | None:
    """What an inverse answers; an inverse of nothing, since it is too small, is refused."""
    if found is None:
        return None
    price = inverse_down(found.price)
    check_price(price)
    return Answer(price, found.moment)


def median_of(answers: Sequence[Answer | None], time: Timestamp, now: Timestamp) -> Answer | None:
    """
    What a median answers as of `time`, a moment before `now`, where its parts answer this; None
    while fewer than two of them do.

    Where two were not silent at `time`, whatever comes later is left out: they decide. Else two
    decide as soon as two have answered, one second later: within its own second a third may.
    """
    counted = [
        answer if answer and (answer.moment <= time or answer.moment < now) else Answer(0, 0)
        for answer in answers
    ]
    price, when = median([one.price for one in counted], [one.moment for one in counted], time)
    return Answer(price, when) if price else None
