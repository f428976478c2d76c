"""What is wrong with a market file, as one line: the key, its value, what is allowed."""

from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError

from perpools.spec import errors
from perpools.spec.errors import Rejected

ALLOWED: dict[type[Rejected], tuple[str, str]] = {
    errors.LeverageIsOutOfRange: ("leverage", "0.1 to 100"),
    errors.LeverageIsTooFine: ("leverage", "a multiple of 0.01"),
    errors.SmaPeriodsAreOutOfRange: ("price.sma_periods", "1 to 24"),
    errors.IntervalIsOutOfRange: ("interval", "1s to 365d"),
    errors.FrontRunningIntervalIsTooLong: ("front_running_interval", "at most 26 intervals"),
    errors.MaxIntervalWithoutTrigger: ("max_interval", "only with a trigger other than time"),
    errors.MaxIntervalIsOutOfRange: ("max_interval", "interval to 365d"),
    errors.WindDownDelayIsOutOfRange: (
        "wind_down_after",
        "1d to 365d, no less than interval and max_interval",
    ),
    errors.MintFeeMaxIsOutOfRange: ("fees.mint_max", "0% to 10%"),
    errors.MintFeeIsAboveItsMax: ("fees.mint", "at most fees.mint_max"),
    errors.MintFeeStepIsAboveTheMax: ("fees.mint_step", "at most fees.mint_max"),
    errors.BurnFeeIsOutOfRange: ("fees.burn", "0% to 10%"),
    errors.ManagementFeeIsOutOfRange: ("fees.management", "0%/year to 10%/year"),
    errors.PrimaryIsNobody: ("fees.primary", "an account that can collect"),
    errors.SecondaryShareIsOutOfRange: ("fees.secondary_share", "0% to 100%"),
    errors.SecondaryIsNobody: ("fees.secondary", "an account, where it has a share"),
    errors.GasPremiumIsOutOfRange: ("keeper.gas_premium", "0 gwei to 1000 gwei"),
    errors.TipStepIsOutOfRange: ("keeper.tip_step", "0% to 100%"),
    errors.TipMaxIsOutOfRange: ("keeper.tip_max", "0% to 100%"),
    errors.BlockTimeIsOutOfRange: ("block_time", "1s to 1h"),
    errors.RewardCapIsOutOfRange: ("keeper.reward_cap", "0% to 1%"),
    errors.SeedIsTooLarge: ("seed", "at most 2**100 base units of 18 decimals"),
    errors.SeedIsTooSmall: ("seed", "more than 0.000001"),
}
"""The key that each refusal of terms is about, and the bounds as a market file writes them."""

MESSAGES = {
    "missing": "missing: set it here, or name a preset that does",
    "model_type": "is a table: write [{key}] and its keys below",
    "string_type": "{value} is not a text: write it in quotes",
    "int_type": "{value} is not a whole number: write it without quotes, like 8",
    "string_pattern_mismatch": "{value} is not an address: write 0x and 40 hexadecimal digits",
    "value_error": "{value} {reason}",
    "literal_error": "{value} is not known: write {expected}",
}


def explain_refusal(refusal: Rejected, given: dict[str, Any]) -> str:
    """Which key the protocol does not accept, and what it would."""
    key, allowed = ALLOWED[type(refusal)]
    value = _at(key, given)
    if value is None and key == "fees.mint_max":  # a constant mint fee is its own max
        key = "fees.mint"
        value = _at(key, given)
    shown = "its default" if value is None else _show(value)
    return f"{key}: {shown} is not allowed: {allowed}"


def explain_mistake(mistakes: ValidationError, keys: list[str]) -> str:
    """The first mistake; an unknown key before a missing one, which it may have been meant for."""
    details = sorted(mistakes.errors(), key=lambda error: error["type"] != "extra_forbidden")
    first = details[0]
    key = ".".join(str(part) for part in first["loc"])
    if first["type"] == "extra_forbidden":
        return f"{key}: unknown key: {_nearest(key, keys)}"
    context = first.get("ctx", {})
    text = MESSAGES[first["type"]].format(
        key=key,
        value=_show(first["input"]),
        reason=context.get("error"),
        expected=context.get("expected"),
    )
    return f"{key}: {text}"


def _nearest(key: str, keys: list[str]) -> str:
    """The known key that was probably meant: spelt alike, or of the same name in another table."""
    near = get_close_matches(key, keys, n=1, cutoff=0.75)
    last = key.rpartition(".")[2]
    near = near or [known for known in keys if known.rpartition(".")[2] == last]
    if near:
        return f"did you mean {near[0]}?"
    return f"known are {', '.join(keys)}"


def _at(key: str, given: dict[str, Any]) -> Any:
    value: Any = given
    for part in key.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return value


def _show(value: Any) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value)
