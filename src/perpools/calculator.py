"""What the losing side pays when the price moves: exact decimals in, exact integers out."""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from perpools.errors import ConfigError
from perpools.spec.fixed_point import MAX_PRICE, ONE, WAD, mul_div_down
from perpools.spec.transfer_curves import (
    MAX_LEVERAGE,
    Linear,
    TransferFunction,
    power,
    sigmoid,
)
from perpools.spec.units import Assets, Fraction

COLUMNS = ("function", "leverage", "from", "to", "balance")
"""One question: the transfer function, its leverage, both prices, the losing side's balance."""

_EXPECTED = f"expected the header {','.join(COLUMNS)}"

_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,9})?", re.ASCII)


class Reader(Protocol):
    """What `csv.reader` returns; its own type has no name."""

    line_num: int

    def __iter__(self) -> Iterator[list[str]]: ...


class BadInput(ConfigError):
    """A question without an answer; says which column is wrong, in a table which row, and why."""


@dataclass(frozen=True, slots=True)
class Payment:
    """What one price move costs the losing side."""

    balance: Assets
    fraction: Fraction
    amount: Assets
    payer: str

    @property
    def fraction_text(self) -> str:
        """The fraction as a decimal number with all of its 36 digits."""
        return f"0.{self.fraction:036d}"


@dataclass(frozen=True, slots=True)
class Range:
    """The numbers a column accepts: multiples of 1/unit, above zero, below `limit` units."""

    unit: int
    limit: int
    text: str

    def parse(self, column: str, text: str) -> int:
        """How many units a decimal number is, exactly; `BadInput` where it is not accepted."""
        stripped = text.strip()
        if not _NUMBER.fullmatch(stripped):
            raise self._refusal(column, text, "not a number")
        number = Decimal(stripped)
        if number <= 0:
            raise self._refusal(column, text, "zero" if number == 0 else "negative")
        # an exponent like 999999999 must not become a million digits
        if number >= self.limit:
            raise self._refusal(column, text, "too large")
        if number.adjusted() < -len(str(self.unit)):
            raise self._refusal(column, text, "too fine")
        numerator, denominator = number.as_integer_ratio()
        units, rest = divmod(numerator * self.unit, denominator)
        if rest:
            raise self._refusal(column, text, "too fine")
        if units >= self.limit:
            raise self._refusal(column, text, "too large")
        return units

    def _refusal(self, column: str, text: str, problem: str) -> BadInput:
        return BadInput(f"{column}: {_shown(text)} is {problem}, expected {self.text}")


LEVERAGES = Range(WAD, MAX_LEVERAGE + 1, "above 0 and at most 100, with at most 18 decimals")
PRICES = Range(
    WAD,
    MAX_PRICE,
    f"above 0 and below {MAX_PRICE // WAD}.{MAX_PRICE % WAD:018d}, with at most 18 decimals",
)
BALANCES = Range(1, 2**128, f"whole base units above 0 and below 2^128 ({2**128})")
CAPS = Range(ONE, ONE, 'above 0 and below 1, like 0.99 or "99%"')


def parse_cap(text: str) -> Fraction:
    """The linear function's cap, of "99%" or "0.99"."""
    number = text.strip()
    if not number.endswith("%"):
        return CAPS.parse("cap", number)
    return Range(ONE // 100, ONE, CAPS.text).parse("cap", number.removesuffix("%"))


def transfer_functions(cap: Fraction) -> dict[str, TransferFunction]:
    """The transfer functions by name; `cap` is the linear one's."""
    return {"power": power, "sigmoid": sigmoid, "linear": Linear(cap)}


def payment(functions: Mapping[str, TransferFunction], cells: Sequence[str]) -> Payment:
    """Answer one question, given as text in the order of COLUMNS."""
    name, leverage_text, from_text, to_text, balance_text = cells
    function = functions.get(name.strip())
    if function is None:
        raise BadInput(f"function: {_shown(name)} is unknown, expected {', '.join(functions)}")
    leverage = LEVERAGES.parse("leverage", leverage_text)
    p0, p1 = PRICES.parse("from", from_text), PRICES.parse("to", to_text)
    balance = BALANCES.parse("balance", balance_text)

    fraction = function(p0, p1, leverage)
    payer = "none" if p0 == p1 else "short" if p0 < p1 else "long"
    return Payment(balance, fraction, mul_div_down(balance, fraction, ONE), payer)


def payments(
    functions: Mapping[str, TransferFunction], lines: Iterable[str]
) -> Iterator[tuple[list[str], Payment]]:
    """Answer a table in CSV, row by row: each row's cells in the order of COLUMNS, and its payment.

    Refuses a wrong header at once, and ends with `BadInput` at the first row without an answer.
    """
    reader = csv.reader(lines, strict=True)
    with _legible(reader):
        order = _order(next(reader, []))
    return _answers(functions, order, reader)


def _answers(
    functions: Mapping[str, TransferFunction], order: list[int], reader: Reader
) -> Iterator[tuple[list[str], Payment]]:
    with _legible(reader):
        for row, cells in enumerate(reader, 1):
            try:
                yield _answer(functions, order, cells)
            except BadInput as error:
                raise BadInput(f"row {row} (line {reader.line_num}), column {error}") from error


@contextmanager
def _legible(reader: Reader) -> Iterator[None]:
    try:
        yield
    except csv.Error as error:
        raise BadInput(f"after line {reader.line_num}: not CSV: {error}") from error


def _answer(
    functions: Mapping[str, TransferFunction], order: list[int], cells: list[str]
) -> tuple[list[str], Payment]:
    if len(cells) < len(order):
        raise BadInput(f"{COLUMNS[order.index(len(cells))]}: missing")
    if len(cells) > len(order):
        raise BadInput(f"{len(order) + 1}: {_shown(cells[len(order)])} is not in the header")
    question = [cells[i] for i in order]
    return question, payment(functions, question)


def _order(header: list[str]) -> list[int]:
    """Where each of COLUMNS stands in a header that holds each of them once and nothing else."""
    names = [name.removeprefix("\ufeff").strip() for name in header]
    if not any(names):
        raise BadInput(f"header: missing, {_EXPECTED}")
    for name in COLUMNS:
        if name not in names:
            raise BadInput(f"header, column {name}: missing, {_EXPECTED}")
    for name in names:
        if names.count(name) > 1:
            raise BadInput(f"header, column {name}: given twice, {_EXPECTED}")
        if name not in COLUMNS:
            raise BadInput(f"header, column {_shown(name)}: unknown, {_EXPECTED}")
    return [names.index(name) for name in COLUMNS]


def _shown(text: str) -> str:
    """As a quotation that fits an error of one line."""
    return repr(text if len(text) <= 40 else text[:37] + "...")
