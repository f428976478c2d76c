"""The wizard's form is a market file: written, read, and told at its fields what is wrong."""

import pytest

from perpools import market_file
from perpools.web.pages import drafts
from perpools.web.pages.drafts import Drafts, lint, toml

GOOD = {"preset": "v2", "name": "ETH/USD", "leverage": "3"}


def test_a_draft_is_the_market_that_its_file_describes() -> None:
    draft = GOOD | {"fees.mint": "1%", "price.sma_periods": "4", "seed": "12.5", "interval": "2h"}

    made = lint(draft)

    assert made.wrong == {}
    assert made.market == market_file.parse(toml(draft))
    assert made.market is not None
    assert made.market.price.sma_periods == 4
    assert made.market.interval == 7_200


def test_every_mistake_is_told_at_its_own_field() -> None:
    made = lint(GOOD | {"leverage": "abc", "interval": "1 hour", "fees.burn": "11%"})

    assert made.market is None
    assert made.wrong == {
        "leverage": '"abc" is not a number: write it like 3 or 1.5',
        "interval": '"1 hour" is not a duration: write it like "90s", "5m", "1h30m" or "1d"',
        "fees.burn": '"11%" is not allowed: 0% to 10%',
    }


def test_what_is_needed_is_said_and_does_not_hide_other_mistakes() -> None:
    made = lint({"preset": "v1", "interval": "soon"})

    assert made.wrong.keys() == {"name", "leverage", "interval"}
    assert made.wrong["name"] == "Is needed"


@pytest.mark.parametrize(
    "text", ['"', "\\", '"\n[fees]\nmint = "5%"', "a\u0000b", "\u20ac\U0001f600"]
)
def test_no_text_breaks_out_of_its_field(text: str) -> None:
    made = lint(GOOD | {"name": text})

    if made.market is None:
        assert made.wrong.keys() == {"name"}
    else:
        assert made.market.name == text
        assert made.market.fees.mint == 0


@pytest.mark.parametrize("preset", drafts.PRESETS)
def test_presets_are_shown_as_they_are(preset: str) -> None:
    shown = drafts.usual(preset)
    market = market_file.parse(f'preset = "{preset}"\nname = "-"\nleverage = 1')

    assert shown["transfer"] == market.transfer
    assert int(shown["price.sma_periods"]) == market.price.sma_periods
    for key, text in drafts.DEFAULTS.items():
        again = lint(GOOD | {"preset": preset, key: shown[key]}).market
        assert again is not None
        assert again.terms(18) == market_file.parse(toml(GOOD | {"preset": preset})).terms(18)
        assert text


def test_every_field_is_a_key_of_the_market_file() -> None:
    assert {entry.key for entry in drafts.ENTRIES} < set(market_file.keys())


def test_each_browser_keeps_its_own_draft() -> None:
    kept = Drafts()
    kept.of("one")["name"] = "ETH/USD"

    assert kept.of("one")["name"] == "ETH/USD"
    assert "name" not in kept.of("other")
