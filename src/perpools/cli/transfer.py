"""`perpools transfer`: what the losing side pays when the price moves."""

import csv
import json
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Annotated, TextIO

import typer
from rich import box
from rich.console import Console
from rich.table import Table

from perpools import calculator
from perpools.calculator import COLUMNS, BadInput, Payment

Function = Annotated[str | None, typer.Option(metavar="NAME", help="power, sigmoid or linear.")]
Leverage = Annotated[
    str | None, typer.Option(metavar="NUMBER", help="Above 0, at most 100; 1.5 is fine.")
]
From = Annotated[
    str | None, typer.Option("--from", metavar="PRICE", help="The last executed price.")
]
To = Annotated[str | None, typer.Option("--to", metavar="PRICE", help="The new price.")]
Balance = Annotated[
    str | None, typer.Option(metavar="UNITS", help="The losing side's, in whole base units.")
]
Cap = Annotated[
    str, typer.Option(metavar="SHARE", help="The most the linear function takes, of the balance.")
]
Csv = Annotated[
    str | None,
    typer.Option(
        "--csv",
        metavar="FILE",
        help=f"A file, or - for standard input, headed {','.join(COLUMNS)}.",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, one object a line.")]


def transfer(
    function: Function = None,
    leverage: Leverage = None,
    from_price: From = None,
    to_price: To = None,
    balance: Balance = None,
    cap: Cap = "99%",
    table: Csv = None,
    as_json: AsJson = False,
) -> None:
    """What the losing side pays when the price moves.

    perpools transfer --function power --leverage 3 --from 2000 --to 2100 --balance 1000000

    Prices and leverage are exact decimals of at most 18 places. The fraction has
    36 and is rounded down; the amount is the whole base units that it takes from
    the balance.

    --csv answers a table row by row, and ends at the first row it cannot answer:
    standard error says which one and why.
    """
    functions = calculator.transfer_functions(calculator.parse_cap(cap))
    question = (function, leverage, from_price, to_price, balance)
    if table is None:
        cells = _complete(question)
        _print_one(cells, calculator.payment(functions, cells), as_json=as_json)
        return
    _require_absent(question)
    with _opened(table) as lines:
        answers = calculator.payments(functions, lines)
        if as_json:
            _print_json(answers)
        else:
            _print_csv(answers)


def _complete(question: Sequence[str | None]) -> list[str]:
    """The cells of a question of which nothing is missing."""
    for column, cell in zip(COLUMNS, question, strict=True):
        if cell is None:
            raise BadInput(f"--{column}: missing (or --csv, to answer a table)")
    return [cell for cell in question if cell is not None]


def _require_absent(question: Sequence[str | None]) -> None:
    for column, cell in zip(COLUMNS, question, strict=True):
        if cell is not None:
            raise BadInput(f"--{column}: not together with --csv, where each row has its own")


def _opened(table: str) -> AbstractContextManager[TextIO]:
    """The table's lines, of a file or of standard input; bytes that are no text are no number."""
    if table == "-":
        return nullcontext(
            typer.get_text_stream("stdin", encoding="utf-8", errors="backslashreplace")
        )
    try:
        return Path(table).open(encoding="utf-8", errors="backslashreplace", newline="")
    except OSError as error:
        raise BadInput(f"--csv: cannot read {table!r}: {error.strerror}") from error


def _print_one(cells: Sequence[str], paid: Payment, *, as_json: bool) -> None:
    if as_json:
        typer.echo(_as_json(cells, paid))
        return
    table = Table(box=box.SIMPLE, show_header=False)
    for name, value in _as_dict(cells, paid).items():
        table.add_row(name, str(value))
    Console().print(table)


def _print_json(answers: Iterable[tuple[list[str], Payment]]) -> None:
    for cells, paid in answers:
        typer.echo(_as_json(cells, paid))


def _print_csv(answers: Iterable[tuple[list[str], Payment]]) -> None:
    out = typer.get_text_stream("stdout")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*COLUMNS, "fraction", "amount"])
    for cells, paid in answers:
        writer.writerow([*cells, paid.fraction_text, paid.amount])
        out.flush()


def _as_json(cells: Sequence[str], paid: Payment) -> str:
    return json.dumps(_as_dict(cells, paid))


def _as_dict(cells: Sequence[str], paid: Payment) -> dict[str, str | int]:
    return {
        **dict(zip(COLUMNS, (cell.strip() for cell in cells), strict=True)),
        "balance": paid.balance,
        "fraction": paid.fraction_text,
        "amount": paid.amount,
        "payer": paid.payer,
    }
