"""
What answers look like: every view as JSON, and its model for the document of the API.

Integers that may be large are texts, exactly. Models are made from the views' own dataclasses, with
the words that stand below their fields.
"""

import ast
import inspect
import textwrap
from dataclasses import fields, is_dataclass
from functools import cache
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel, ConfigDict, Field, create_model

from perpools import quantities
from perpools.values import Amount, Duration, Moment, Number, Share

Json = dict[str, Any]
DIGITS = r"^-?[0-9]{1,78}$"


class Shape(BaseModel):
    """Part of an answer; nothing else is in it."""

    model_config = ConfigDict(extra="forbid")


class AmountShape(Shape):
    """So much of a coin or token."""

    units: str = Field(description="Base units, exactly.", pattern=DIGITS, examples=["1500000"])
    decimals: int = Field(description="Digits after the point of a whole one.", examples=[6])
    symbol: str = Field(examples=["DUSD"])
    text: str = Field(description="Whole ones, all digits.", examples=["1.5 DUSD"])


class NumberShape(Shape):
    """A price or a leverage."""

    wad: str = Field(description="In units of 10^-18.", pattern=DIGITS, examples=["2" + 21 * "0"])
    text: str = Field(description="All digits.", examples=["2000"])


class ShareShape(Shape):
    """A part of one."""

    wad: str = Field(description="In units of 10^-18.", pattern=DIGITS, examples=["5" + 15 * "0"])
    text: str = Field(description="In percent, all digits.", examples=["0.5%"])


class MomentShape(Shape):
    """A second, as the chain counts them."""

    unix: int = Field(examples=[1_700_000_000])
    utc: str = Field(examples=["2023-11-14T22:13:20Z"])


class DurationShape(Shape):
    """So many seconds."""

    seconds: int = Field(examples=[3_600])
    text: str = Field(examples=["1h"])


_VALUES: dict[type, type[Shape]] = {
    Amount: AmountShape,
    Number: NumberShape,
    Share: ShareShape,
    Moment: MomentShape,
    Duration: DurationShape,
}


def plain(value: Any) -> Any:
    """A view as JSON."""
    match value:
        case Amount(units, decimals, symbol):
            text = f"{quantities.show_amount(units, decimals)} {symbol}".rstrip()
            return {"units": str(units), "decimals": decimals, "symbol": symbol, "text": text}
        case Number(wad, unit):
            return {"wad": str(wad), "text": f"{quantities.show_amount(wad, 18)}{unit}"}
        case Share(wad):
            return {"wad": str(wad), "text": f"{quantities.show_amount(wad, 16)}%"}
        case Moment() | Duration():
            return value.json
        case tuple() | list():
            return [plain(part) for part in value]
    if is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    return value


@cache
def shape(view: type, name: str | None = None, **extra: Any) -> type[Shape]:
    """A view's model."""
    told, hints = _words(view), get_type_hints(view)
    given: dict[str, Any] = {
        field.name: (_kind(hints[field.name]), Field(description=told.get(field.name)))
        for field in fields(view)
    }
    doc = inspect.getdoc(view)
    made = create_model(name or view.__name__.removesuffix("View"), __base__=Shape, **given)
    made.__doc__ = doc
    return made


@cache
def whole(view: type) -> type[Shape]:
    """The model of an answer that is one view."""
    base = shape(view)
    stale = Field(description=STALE, examples=[False])
    return create_model(f"{base.__name__}Answer", __base__=base, stale=(bool, stale))


@cache
def listed(view: type) -> type[Shape]:
    """The model of an answer that is a list of views."""
    stale = Field(description=STALE, examples=[False])
    following = Field(description="The `cursor` of the next page; null: there is nothing more.")
    item = shape(view)
    given: dict[str, Any] = {
        "items": (list[item], Field()),  # type: ignore[valid-type]
        "next": (str | None, following),
        "stale": (bool, stale),
    }
    return create_model(f"{item.__name__}List", __base__=Shape, **given)


STALE = "Whether this may be old: the node does not answer, or the database is behind it."


def _kind(hint: Any) -> Any:
    """A field's type in the model."""
    if hint in _VALUES:
        return _VALUES[hint]
    if isinstance(hint, type) and is_dataclass(hint):
        return shape(hint)
    if get_origin(hint) is tuple:
        return list[_kind(get_args(hint)[0])]  # type: ignore[misc]
    if get_origin(hint) in (UnionType, Union):
        return Union[tuple(_kind(part) for part in get_args(hint))]  # noqa: UP007
    return hint


def _words(view: type) -> dict[str, str]:
    """What stands below each field."""
    [defined] = ast.parse(textwrap.dedent(inspect.getsource(view))).body
    assert isinstance(defined, ast.ClassDef)
    found, last = {}, ""
    for node in defined.body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            last = node.target.id
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and last:
            found[last] = " ".join(str(node.value.value).split())
    return found
