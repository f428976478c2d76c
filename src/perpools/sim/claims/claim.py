"""What a claim is, what a check of it finds, and who made it."""

from collections.abc import Callable
from typing import Any, Literal, NamedTuple

Word = Literal["holds", "holds when", "does not hold"]


class Source(NamedTuple):
    """A document that says what Perpetual Pools are."""

    name: str
    """As the report calls it."""
    title: str


LITEPAPER = Source("litepaper", "Perpetual Pools, the litepaper of the first version (2021)")
INTRODUCTION = Source(
    "introduction", "“Grip: Perpetual Pools”, an introduction in Clayming Space (March 2022)"
)
MECHANISM = Source(
    "mechanism page", "the documentation of the second version, its mechanism (2022)"
)
SOURCES = (LITEPAPER, INTRODUCTION, MECHANISM)


class Number(NamedTuple):
    """One thing that was measured."""

    label: str
    text: str


class Verdict(NamedTuple):
    """What a check found."""

    word: Word
    says: str
    """Why, and where it holds under a condition, which one."""
    numbers: tuple[Number, ...]


class Shown(NamedTuple):
    """A command of `perpools` that shows a number, and what it prints."""

    command: str
    output: str


class Picture(NamedTuple):
    """What goes onto one pair of axes, and what it shows."""

    draw: Callable[[Any], None]
    caption: str


class Claim(NamedTuple):
    """A sentence that can be checked."""

    id: str
    sentence: str
    """Quoted."""
    source: Source
    check: Callable[[], Verdict]
    picture: Picture | None = None
    shown: Shown | None = None


def judge(*cases: bool) -> Word:
    """One word for what holds in all of these cases, in some of them, in none."""
    if all(cases):
        return "holds"
    return "holds when" if any(cases) else "does not hold"


def percent(value: float, digits: int = 1) -> str:
    """A part of one as people read it."""
    return f"{100 * value:,.{digits}f} %"


def tiny(value: float) -> str:
    """A difference that only rounding makes: its bound, for its digits differ between machines."""
    return "below 10⁻¹²" if abs(value) < 1e-12 else f"{value:.0e}"


def signed(value: float, digits: int = 1) -> str:
    """A change, as people read it."""
    return f"{100 * value:+,.{digits}f} %".replace("-", "−")
