"""
Where the prices of a backtest come from, as a command line says it: a file, the ECB's fixings, an
exchange's candles, or the past rounds of a Chainlink feed.
"""

import functools
import inspect
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from perpools import price_file
from perpools.errors import ConfigError
from perpools.feed_source import ADDRESS
from perpools.market_file import MarketFile
from perpools.price_file import Priced
from perpools.sim import candles, prices
from perpools.sim.candles import Exchange, Span
from perpools.sim.outcome import OnProgress
from perpools.sim.prices import Prices
from perpools.spec.units import Timestamp

PANEL = "Prices"
YEAR_S = 365 * 86_400
SOURCES = "ecb:EURUSD, ccxt:binance:BTC/USDT:1h, or chainlink:0x... with --rpc"


class Asked(NamedTuple):
    """What the options say of prices."""

    prices: Path | None = None
    source: str | None = None
    since: str | None = None
    until: str | None = None
    save: Path | None = None
    rpc: list[str] | None = None
    keep_last: bool = False


OPTIONS: dict[str, Any] = {
    "prices": Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="A CSV or Parquet file headed timestamp,price. [default: the market file's feed]",
            rich_help_panel=PANEL,
        ),
    ],
    "source": Annotated[
        str | None,
        typer.Option(
            metavar="KIND:NAME", help=f"Prices from elsewhere: {SOURCES}.", rich_help_panel=PANEL
        ),
    ],
    "since": Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="TIME",
            help="The first of them, such as 2024-01-01. [default: all; a year, of what is asked"
            " of others]",
            rich_help_panel=PANEL,
        ),
    ],
    "until": Annotated[
        str | None,
        typer.Option("--to", metavar="TIME", help="The last of them.", rich_help_panel=PANEL),
    ],
    "save": Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Keep them in a file, for --prices.", rich_help_panel=PANEL
        ),
    ],
    "rpc": Annotated[
        list[str] | None,
        typer.Option(
            metavar="URL", help="The node that knows the feed's rounds.", rich_help_panel=PANEL
        ),
    ],
    "keep_last": Annotated[
        bool,
        typer.Option(
            "--keep-last",
            help="Of several prices for a moment, the last counts.",
            rich_help_panel=PANEL,
        ),
    ],
}


def with_prices(command: Callable[..., None]) -> Callable[..., None]:
    """A command with the options above, which gets them as `asked`."""

    @functools.wraps(command)
    def run(**given: Any) -> None:
        asked = Asked(**{name: given.pop(name) for name in OPTIONS})
        command(asked=asked, **given)

    own = dict(inspect.signature(command).parameters)
    del own["asked"]
    shared = {
        name: inspect.Parameter(
            name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=OPTIONS[name]
        )
        for name, default in Asked._field_defaults.items()
    }
    parameters = [
        parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY)
        for parameter in (own | shared).values()
    ]
    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    del run.__wrapped__
    return run


def choose(path: Path, market: MarketFile, asked: Asked) -> Prices:
    """From where the options say, else from where the market file does."""
    if asked.prices is not None and asked.source is not None:
        raise ConfigError("--prices and --source: give one of them")
    found = _within(_read(path, market, asked), asked)
    if asked.save is not None:
        told = zip(found.times, found.wads, strict=True)
        price_file.write(asked.save, (Priced(at, price) for at, price in told))
    return found


def _read(path: Path, market: MarketFile, asked: Asked) -> Prices:
    kind, _, name = (asked.source or "").partition(":")
    if kind == "ccxt":
        wanted = candles.market_of(name)
        return by_candles(candles.open_exchange(wanted.exchange), wanted, asked)
    if kind == "chainlink":
        return by_rounds(name, asked)
    if asked.source is not None and kind != "ecb":
        raise ConfigError(
            f"--source {asked.source}: unknown, write {SOURCES}; files are for --prices"
        )
    feed = market.price.feed or ""
    chosen: Path | str | None = asked.prices or asked.source
    if chosen is None and feed.endswith((".csv", ".parquet")):
        chosen = path.parent / feed
    if chosen is None:
        raise ConfigError(f"no prices: give --prices FILE, or --source {SOURCES}")
    return prices.load(chosen, keep_last=asked.keep_last)


def by_candles(exchange: Exchange, wanted: candles.Market, asked: Asked) -> Prices:
    """The closes of an exchange's candles."""
    with progress("reading candles") as told:
        found = candles.history(exchange, wanted, span(asked), told)
    return prices.gathered(str(wanted), found, f"--source {asked.source}")


def by_rounds(feed: str, asked: Asked) -> Prices:
    """The past rounds of a Chainlink feed, or of the one that a feed of ours stands before."""
    if not ADDRESS.fullmatch(feed):
        raise ConfigError(f"--source {asked.source}: write it like chainlink:0x... (an address)")
    from perpools.chain import feeds, rounds_history
    from perpools.cli.session import connected
    from perpools.settings import Settings

    node, (since, until) = connected(Settings.load(rpc=asked.rpc)), span(asked)
    known = feeds.recognise(node, feed)
    with progress("reading rounds") as told:
        found = rounds_history.read(node, known.source or feed, since, until, told)
    # of several rounds at one moment the last counts, as for the feed itself
    latest = {seen.observed_at: Priced(seen.observed_at, seen.price) for seen in found}
    rows = [latest[at] for at in sorted(latest)]
    return prices.gathered(f"{known.source or feed} (Chainlink)", rows, f"--source {asked.source}")


def span(asked: Asked) -> Span:
    """What is asked of others: from a year before its end, which is now unless it is said."""
    now = int(time.time())
    until = min(_moment("--to", asked.until) or now, now)
    since = _moment("--from", asked.since) or until - YEAR_S
    if since >= until:
        raise ConfigError("--from and --to: the first moment must be before the last, and past")
    return Span(since, until)


def _within(found: Prices, asked: Asked) -> Prices:
    """Between the limits, those that were given; the price that held at the first one included."""
    since = _moment("--from", asked.since) or 0
    until = _moment("--to", asked.until) or found.times[-1]
    before = [at for at in found.times if at <= since]
    begin = before[-1] if before else since
    rows = [
        Priced(at, price)
        for at, price in zip(found.times, found.wads, strict=True)
        if begin <= at <= until
    ]
    return prices.gathered(found.name, rows, f"{found.name} between --from and --to")


def _moment(option: str, text: str | None) -> Timestamp | None:
    if text is None:
        return None
    try:
        at = int(text) if text.isascii() and text.isdigit() else _of_iso(text)
    except (ValueError, OverflowError):
        at = 0
    if not 0 < at < price_file.SECONDS_BELOW:
        raise ConfigError(f"{option} {text}: write a day like 2024-01-31, or Unix seconds")
    return at


def _of_iso(text: str) -> Timestamp:
    moment = datetime.fromisoformat(text)
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())


@contextmanager
def progress(what: str = "playing") -> Iterator[OnProgress]:
    """A bar on standard error, where somebody looks."""
    columns = TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    console = Console(stderr=True)
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, of: bar.update(task, completed=done, total=of)
