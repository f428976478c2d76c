"""A market's terms in words: each as its market file writes it, and what it means to a holder."""

from dataclasses import dataclass

from perpools import quantities
from perpools.market_file import show_trigger
from perpools.spec.terms import Terms
from perpools.spec.transfer_curves import Linear, power, sigmoid
from perpools.spec.triggers import Momentum, PriceChange

TRANSFERS = {
    "power": "A small move counts the leverage times; large ones compound, and no side loses all.",
    "sigmoid": "A small move counts the leverage times, large ones less and less, never all.",
    "linear": "Every move counts the leverage times, up to a cap.",
}


@dataclass(frozen=True, slots=True)
class Term:
    """Something fixed when the market was deployed, in words."""

    key: str
    """As a market file calls it, such as `fees.mint`."""
    label: str
    value: str
    meaning: str
    """What it means to a holder, in one sentence."""


def explain(terms: Terms) -> tuple[Term, ...]:
    """What a holder should know of them."""
    return (*_price(terms), *_schedule(terms), *_fees(terms), *_keeping(terms))


def transfer_name(terms: Terms) -> str:
    """`power`, `sigmoid`, `linear`, or `other`."""
    if isinstance(terms.transfer, Linear):
        return "linear"
    if terms.transfer is power:
        return "power"
    return "sigmoid" if terms.transfer is sigmoid else "other"


def _price(terms: Terms) -> list[Term]:
    name, periods = transfer_name(terms), terms.sma_periods
    means = TRANSFERS.get(name, "A contract of the deployer's own decides: read it before you pay.")
    average = f"The executed price is the mean of the last {periods} events' prices, so it lags."
    return [
        Term(
            "leverage",
            "Leverage",
            f"{quantities.show_number(terms.leverage_wad)}x",
            "What a small move costs a side, times this; what it gains depends on the other side.",
        ),
        Term("transfer", "Transfer function", name, means),
        Term(
            "price.sma_periods",
            "Price average",
            f"{periods} events" if periods > 1 else "none",
            average if periods > 1 else "The executed price is the feed's at the grid point.",
        ),
    ]


def _schedule(terms: Terms) -> list[Term]:
    notice = quantities.show_duration(terms.front_running_interval_s)
    return [
        Term(
            "interval",
            "Interval",
            quantities.show_duration(terms.interval_s),
            "Events happen at the grid points, which are so far apart.",
        ),
        Term(
            "front_running_interval",
            "Front-running interval",
            notice,
            f"An order is executed more than {notice} after it was placed, at that moment's price.",
        ),
        _trigger(terms),
        Term(
            "wind_down_after",
            "Wind-down",
            quantities.show_duration(terms.wind_down_after_s),
            "If no event could happen for so long, anybody may stop the market and all can leave.",
        ),
    ]


def _trigger(terms: Terms) -> Term:
    trigger = terms.trigger
    if trigger is None:
        return Term("trigger", "Trigger", "time", "An event is due at every grid point.")
    shown = show_trigger(trigger) if isinstance(trigger, PriceChange | Momentum) else "other"
    means = "Without waiting orders an event is due only when the price moved enough."
    return Term("trigger", "Trigger", shown, means)


def _fees(terms: Terms) -> list[Term]:
    moves = terms.mint_fee_step_wad > 0
    most = quantities.show_percent(terms.mint_fee_max_wad)
    return [
        Term(
            "fees.mint",
            "Mint fee",
            f"0% to {most}" if moves else quantities.show_percent(terms.mint_fee_wad),
            "Part of what a mint or flip pays; it stays with the side that is joined."
            + (" It moves a little with every event." if moves else ""),
        ),
        Term(
            "fees.burn",
            "Burn fee",
            quantities.show_percent(terms.burn_fee_wad),
            "Part of what a burn or flip is worth; it stays with the side that is left.",
        ),
        Term(
            "fees.management",
            "Management fee",
            quantities.show_percent(terms.management_fee_wad) + "/year",
            "Taken from both sides as time passes, for the market's fee recipients.",
        ),
    ]


def _keeping(terms: Terms) -> list[Term]:
    return [
        Term(
            "keeper.reward_cap",
            "Keeper's pay",
            "at most " + quantities.show_percent(terms.reward_cap_wad),
            "The most of both sides that one event may pay to whoever makes it happen.",
        )
    ]
