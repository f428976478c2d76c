"""Answers: JSON or CSV, with an entity tag by which whoever asks again is told of no change."""

import csv
import hashlib
import io
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields
from typing import Any

from fastapi import Request, Response
from fastapi.responses import StreamingResponse

from perpools import quantities
from perpools.values import Amount, Duration, Moment, Number, Share
from perpools.web.api.shapes import plain
from perpools.web.live import Live

CSV_TYPE = "text/csv; charset=utf-8"
REVALIDATED = "public, no-cache"
NEVER_KEPT = "no-store"


def answer(request: Request, live: Live, make: Callable[[], Any]) -> Response:
    """One view; its tag is made of what it says."""
    body = _body(live, plain(make()))
    return _tagged(request, _tag(body), lambda: body)


def page(
    request: Request, live: Live, make: Callable[[], tuple[Iterable[Any], str | None]]
) -> Response:
    """
    Views of what the database alone tells, and where the next page begins. The tag is that of the
    tables: as long as nothing changed in them nothing is even read.
    """
    look = live.last
    asked = f"{request.url.path}?{request.url.query}"
    tag = _tag(f"{look.version} {live.condition.stale} {asked}".encode())

    def body() -> bytes:
        items, following = make()
        return _body(live, {"items": plain(list(items)), "next": following})

    return _tagged(request, tag, lambda: live.pages(tag, body))


def once(view: Any, live: Live) -> Response:
    """A view that is true for this moment only."""
    headers = {"Cache-Control": NEVER_KEPT}
    return Response(_body(live, plain(view)), headers=headers, media_type="application/json")


def table(name: str, rows: Iterable[Any]) -> Response:
    """Rows of a view as CSV, as they come."""
    headers = {
        "Cache-Control": NEVER_KEPT,
        "Content-Disposition": f'attachment; filename="{name}.csv"',
    }
    return StreamingResponse(_lines(rows), headers=headers, media_type=CSV_TYPE)


def wants_csv(request: Request, given: str | None) -> bool:
    """Whether somebody asks for CSV, in the address or in a header."""
    if given is not None:
        return given == "csv"
    return "text/csv" in request.headers.get("accept", "")


def _tagged(request: Request, tag: str, body: Callable[[], bytes]) -> Response:
    headers = {"ETag": tag, "Cache-Control": REVALIDATED, "Vary": "Accept"}
    known = [
        part.strip().removeprefix("W/")
        for part in request.headers.get("if-none-match", "").split(",")
    ]
    if tag in known or known == ["*"]:
        return Response(status_code=304, headers=headers)
    return Response(body(), headers=headers, media_type="application/json")


def _tag(told: bytes) -> str:
    return f'"{hashlib.sha256(told).hexdigest()[:32]}"'


def _body(live: Live, told: dict[str, Any]) -> bytes:
    whole = {**told, "stale": live.condition.stale}
    return json.dumps(whole, separators=(",", ":"), ensure_ascii=False).encode()


def _lines(rows: Iterable[Any]) -> Iterator[str]:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    for number, row in enumerate(rows):
        cells = dict(_cells(row))
        if number == 0:
            writer.writerow(cells)
        writer.writerow([_harmless(cell) for cell in cells.values()])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()


def _cells(row: Any) -> Iterator[tuple[str, Any]]:
    """A row's columns: numbers exactly and without their units, which have columns of their own."""
    for field in fields(row):
        name, value = field.name, getattr(row, field.name)
        match value:
            case Amount(units, decimals, symbol):
                yield name, quantities.show_amount(units, decimals)
                yield f"{name}_symbol", symbol
            case Number(wad) | Share(wad):
                yield name, quantities.show_amount(wad, 18)
            case Moment():
                yield name, value.json["utc"]
            case Duration(seconds):
                yield f"{name}_s", seconds
            case tuple():
                yield name, "; ".join(plain(part)["text"] for part in value)
            case _:
                yield name, value


def _harmless(cell: Any) -> Any:
    """A stranger's words must not become a formula in somebody's spreadsheet."""
    if (isinstance(cell, str) and cell[:1] in tuple("=@\t\r")) or _signed(cell):
        return f"'{cell}"
    return cell


def _signed(cell: Any) -> bool:
    """Whether a text begins with a sign and is no number."""
    if not isinstance(cell, str) or cell[:1] not in ("+", "-"):
        return False
    return not cell[1:].replace(".", "", 1).isdecimal()
