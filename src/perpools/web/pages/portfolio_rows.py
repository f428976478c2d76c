"""A portfolio's tables: positions and history as rows, and everything as CSV."""

import csv
from collections.abc import Hashable, Iterable, Sequence
from io import StringIO

from perpools import quantities
from perpools.spec.fixed_point import WAD
from perpools.spec.units import Address
from perpools.values import Amount, Moment, Share
from perpools.web import views
from perpools.web.live import Live
from perpools.web.pages import wording
from perpools.web.pages.tables import Cell, Column, Line
from perpools.web.views import ActivityPage, ActivityRow, HoldingView, PositionView

POSITION_COLUMNS = (
    Column("Position"),
    Column("Tokens", right=True),
    Column("Entry price", right=True),
    Column("Price", right=True),
    Column("Cost", right=True),
    Column("Value", right=True),
    Column("Unrealised", right=True),
    Column("Realised", right=True),
)

HISTORY_COLUMNS = (
    Column("When"),
    Column("Market"),
    Column("What"),
    Column("Block", right=True),
)

KINDS = {
    "": "Everything",
    "order": "Orders",
    "cancel": "Cancellations",
    "claim": "Claims",
    "pair": "Pairs",
    "transfer": "Transfers",
    "other": "Others",
}
"""What a history can be narrowed to."""

_NAMED = ("order", "cancel", "claim", "pair", "transfer")

LOOKS = 20
"""Pages of a history read in search of a kind that is rare."""

PAGE = 25
MOST_IN_CSV = 10_000

CSV_HEADER = (
    "time",
    "market",
    "address",
    "type",
    "text",
    "amounts",
    "epoch",
    "block",
    "transaction",
)


def position_rows(positions: Iterable[PositionView]) -> dict[Hashable, Sequence[Cell]]:
    """A row for each side that holds tokens, or ever earned something."""
    return {
        (position.market, side.side): _position(position, side)
        for position in positions
        for side in position.sides
        if side.tokens.units or side.realised.units
    }


def _position(position: PositionView, side: HoldingView) -> list[Cell]:
    link = Line(position.title, href=f"/market/{position.market}")
    return [
        (link, Line(side.side.capitalize(), f"sub {side.side}")),
        (Line(wording.money(side.tokens, symbol=False)), Line(_places(side), "sub")),
        (Line(wording.price(side.entry_price)),),
        (Line(wording.price(side.price)),),
        (Line(wording.money(side.cost, symbol=False)),),
        (Line(wording.money(side.value)),),
        gain(side.unrealised, side.unrealised_share),
        gain(side.realised, _part(side.realised, position.paid_in))[:1],
    ]


def _places(side: HoldingView) -> str:
    """Where tokens are that are not in the wallet."""
    places = {"in escrow": side.escrow, "waiting": side.waiting}
    told = [f"{wording.money(a, symbol=False)} {where}" for where, a in places.items() if a.units]
    return ", ".join(told)


def gain(amount: Amount, share: Share | None) -> Cell:
    """
    Won or lost: a sign and a mark, and not only a colour; without a colour where it is next to
    nothing of what was paid.
    """
    text = wording.money(amount, symbol=False)
    tiny = text.startswith("<") or not amount.units
    level = tiny or (share is not None and wording.level(share))
    sign = "+" if amount.units > 0 and not tiny else ""
    line = Line(f"{sign}{text}", "" if level else "good" if amount.units > 0 else "bad")
    return (line,) if share is None else (line, Line(wording.change(share), "sub"))


def _part(amount: Amount, whole: Amount) -> Share | None:
    return Share(amount.units * WAD // whole.units) if whole.units else None


def history_rows(items: Iterable[ActivityRow]) -> dict[Hashable, Sequence[Cell]]:
    """A row for each."""
    return {
        (item.block, item.index): [
            (Line(wording.moment(item.at.unix)),),
            (Line(item.title, href=f"/market/{item.market}"),),
            (Line(item.text[:1].upper() + item.text[1:], title=item.transaction),),
            (Line(f"{item.block:,}"),),
        ]
        for item in items
    }


def belongs(item: ActivityRow, kind: str) -> bool:
    """Whether a row is of a kind in `KINDS`."""
    named = item.type.partition("-")[0]
    return not kind or (named not in _NAMED if kind == "other" else named == kind)


def history(live: Live, account: Address, kind: str, cursor: str | None) -> ActivityPage:
    """
    A page of one kind, the newest first. Where the kind is rare it may have few rows, or none, and
    go on all the same. For a thread.
    """
    found: list[ActivityRow] = []
    for _ in range(LOOKS):
        page = views.activity(live, account, cursor=cursor, limit=PAGE)
        found += [item for item in page.items if belongs(item, kind)]
        cursor = page.next
        if cursor is None or len(found) >= PAGE:
            break
    return ActivityPage(tuple(found), cursor)


def as_csv(live: Live, account: Address) -> str:
    """The whole history, the newest first, at most `MOST_IN_CSV` rows; for a thread."""
    text, cursor, rows = StringIO(), None, 0
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(CSV_HEADER)
    while rows < MOST_IN_CSV:
        page = views.activity(live, account, cursor=cursor, limit=250)
        writer.writerows(map(_csv_row, page.items))
        rows, cursor = rows + len(page.items), page.next
        if cursor is None:
            break
    return text.getvalue()


def _csv_row(item: ActivityRow) -> list[str]:
    amounts = "; ".join(
        f"{quantities.show_amount(amount.units, amount.decimals)} {amount.symbol}"
        for amount in item.amounts
    )
    cells = [
        Moment(item.at.unix).json["utc"],
        item.title,
        item.market,
        item.type,
        item.text,
        amounts,
        "" if item.epoch is None else str(item.epoch),
        str(item.block),
        item.transaction,
    ]
    return [_harmless(cell) for cell in cells]


def _harmless(cell: str) -> str:
    """Anybody names markets; a spreadsheet must not take a name for a formula."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
