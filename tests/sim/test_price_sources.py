"""Where prices come from, as a command line says it."""

import json
import sys
from pathlib import Path

import pytest

from perpools import market_file, price_file
from perpools.chain import connect
from perpools.chain.contract import Contract
from perpools.cli import main, price_sources
from perpools.cli.price_sources import Asked, by_candles
from perpools.errors import ConfigError
from perpools.sim import candles
from perpools.sim.prices import Prices
from perpools.spec import rounds
from perpools.spec.fixed_point import WAD
from tests.anvil import ANVIL, running
from tests.chain.workshop import DOLLAR, mock
from tests.sim.scenes import DAY_S, V1
from tests.sim.test_candles import BEGIN, BTC, HOUR_S, Exchange

FIRST = 10_000 * DAY_S


@pytest.fixture
def price_file_(tmp_path: Path) -> Path:
    path = tmp_path / "prices.csv"
    rows = [f"{FIRST + DAY_S * day},{100 + day % 7}" for day in range(60)]
    path.write_text("\n".join(["timestamp,price", *rows]) + "\n")
    return path


def choose(asked: Asked) -> Prices:
    return price_sources.choose(Path("market.toml"), market_file.parse(V1), asked)


def test_limits_keep_the_price_that_held_at_the_first_one(price_file_: Path) -> None:
    since = f"{FIRST + DAY_S * 10 + 1}"
    found = choose(Asked(prices=price_file_, since=since, until="1997-06-10T00:00"))
    assert found.times[0] == FIRST + DAY_S * 10
    assert found.times[-1] == FIRST + DAY_S * 22
    with pytest.raises(ConfigError, match="1 prices are too few"):
        choose(Asked(prices=price_file_, since="2030-01-01", until="2031-01-01"))


@pytest.mark.parametrize("name", ["kept.csv", "kept.parquet"])
def test_what_was_read_is_kept_to_the_last_digit(
    price_file_: Path, tmp_path: Path, name: str
) -> None:
    price_file_.write_text("timestamp,price\n100,0.123456789012345678\n200,4308.83\n300,7\n")
    found = choose(Asked(prices=price_file_, save=tmp_path / name))
    kept = choose(Asked(prices=tmp_path / name))
    assert kept == found._replace(name=name)
    with pytest.raises(ConfigError, match="gone"):
        choose(Asked(prices=price_file_, save=tmp_path / "gone" / name))


@pytest.mark.parametrize("text", ["soon", "0", "2024-13-01", "99999999999"])
def test_a_moment_that_is_none_is_refused(price_file_: Path, text: str) -> None:
    with pytest.raises(ConfigError, match=f"--from {text}: write a day like 2024-01-31"):
        choose(Asked(prices=price_file_, since=text))


def test_candles_of_an_exchange_are_prices() -> None:
    asked = Asked(source="ccxt:fake:BTC/USDT:1h", since=f"{BEGIN}", until=f"{BEGIN + 50 * HOUR_S}")
    found = by_candles(Exchange(range(100)), BTC, asked)
    assert found.name == "BTC/USDT (fake, 1h)"
    assert len(found.times) == 50
    assert found.wads[0] == 1005 * WAD // 10
    with pytest.raises(ConfigError, match="--source ccxt:fake:BTC/USDT:1h: 0 prices are too few"):
        by_candles(Exchange([]), BTC, asked)


def test_the_candles_that_are_asked_for_span_a_year_unless_it_is_said() -> None:
    span = price_sources.span(Asked())
    assert span.until - span.since == price_sources.YEAR_S
    with pytest.raises(ConfigError, match="the first moment must be before the last"):
        price_sources.span(Asked(since="2024-02-01", until="2024-01-01"))


def test_ccxt_is_asked_for_where_it_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ccxt", None)
    with pytest.raises(ConfigError, match="candles need more: pip install 'perpools"):
        candles.open_exchange("binance")


@pytest.mark.skipif(ANVIL is None, reason="anvil is not on the PATH")
def test_a_feeds_past_rounds_are_played(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    market, kept = tmp_path / "market.toml", tmp_path / "kept.csv"
    market.write_text(V1)
    with running() as url:
        node = connect(url)
        [keeper, *_] = node.accounts
        feed = Contract.deploy(node, mock("Aggregator"), 8, sender=keeper)
        ids = [rounds.round_id(3, number) for number in range(1, 101)]
        # of two rounds at one moment the last counts
        times = [FIRST + DAY_S * (number // 2) for number in range(100)]
        answers = [(1_000 + number) * DOLLAR for number in range(100)]
        feed.send("set_rounds", ids, answers, times, sender=keeper)
        words = ["perpools", "backtest", str(market), "--source", f"chainlink:{feed.address}"]
        words += ["--rpc", url, "--from", f"{FIRST + DAY_S}", "--save", str(kept), "--json"]
        monkeypatch.setattr(sys, "argv", words)
        with pytest.raises(SystemExit) as end:
            main.run()
    assert not end.value.code
    found = json.loads(capsys.readouterr().out)
    assert found["prices"] == f"{feed.address} (Chainlink)"
    assert found["events"] == 48
    assert price_file.read(kept)[0] == (FIRST + DAY_S, 1_003 * WAD)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("chainlink:eth", "write it like chainlink:0x... .an address."),
        ("chainlink:0x" + "11" * 20, "no node: give --rpc URL"),
        ("ccxt:binance", "write it like ccxt:EXCHANGE:PAIR:TIMEFRAME"),
        ("moon", "--source moon: unknown, write ecb:EURUSD, ccxt:binance:BTC/USDT:1h"),
    ],
)
def test_a_source_that_is_none_is_refused(source: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        choose(Asked(source=source))
