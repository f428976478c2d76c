"""The overview finds, sorts and totals markets."""

from perpools.web.pages.overview import Wanted, cells, totals
from tests.web import samples

ETHER = samples.market_row()
BITCOIN = samples.market_row("BTC/USD", address="0x" + "B2" * 20, long=3_000_000.0)
EURO = samples.market_row("EUR/USD", long=10.0, state="late", collateral="EURX")
OVER = samples.market_row("XAU/USD", long=20.0, state="wound-down")
ALL = [ETHER, BITCOIN, EURO, OVER]
EVERYTHING = samples.everything()


def test_the_most_valuable_market_comes_first() -> None:
    assert Wanted().of(ALL)[0] is BITCOIN


def test_a_search_needs_all_its_words_in_any_case() -> None:
    assert Wanted(text="Eth/usd 3X").of([ETHER]) == [ETHER]
    assert Wanted(text="btc eur").of(ALL) == []


def test_an_address_finds_its_market() -> None:
    assert Wanted(text="0xb2b2").of(ALL) == [BITCOIN]


def test_markets_are_filtered_by_state_and_collateral() -> None:
    assert Wanted(state="Needs attention").of(ALL) == [EURO]
    assert Wanted(state="Wound down").of(ALL) == [OVER]
    assert Wanted(collateral="EURX").of(ALL) == [EURO]


def test_markets_are_sorted_as_asked() -> None:
    assert [row.name for row in Wanted(order="Name").of(ALL)] == [
        "BTC/USD",
        "ETH/USD",
        "EUR/USD",
        "XAU/USD",
    ]
    assert Wanted(order="Next event").of(ALL)[-1] is OVER


def test_totals_never_add_different_collaterals() -> None:
    told = totals(ALL, EVERYTHING)

    assert told["Markets"] == ("4", "2 live")
    assert told["Orders"] == ("1,204", "in 4,711 events")
    assert {"Locked in DUSD", "Locked in EURX"} < set(told)


def test_a_row_names_both_sides_in_words() -> None:
    told = " ".join(line.text for cell in cells(ETHER) for line in cell)

    for part in ("long 1.2731", "short 0.7104", "long 1.93x / 3.00x", "Live", "▲ 1.23%"):
        assert part in told


def test_a_wound_down_market_counts_down_to_nothing() -> None:
    assert all(line.at is None for cell in cells(OVER) for line in cell)
