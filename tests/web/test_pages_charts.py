"""Charts draw what the views say, and nothing that only colour tells apart."""

import json
from dataclasses import replace

import pytest

from perpools.web.pages import charts
from tests.web import samples


def lines(options: charts.Options) -> dict[str, charts.Options]:
    return {line["id"]: line for line in options["series"]}


def test_prices_draw_every_point_once() -> None:
    series = samples.series(count=7)

    drawn = lines(charts.prices(series, samples.market_view()))

    assert [moment for moment, _ in drawn["spot"]["data"]] == [p.at * 1_000 for p in series.points]
    assert drawn["long"]["data"][-1][1] == pytest.approx(series.points[-1].long_price.wad / 10**18)


def test_both_time_axes_of_the_prices_span_the_same() -> None:
    upper, lower = charts.prices(samples.series(), samples.market_view())["xAxis"]

    assert (upper["min"], upper["max"]) == (lower["min"], lower["max"])
    assert upper["max"] == samples.NOW * 1_000


def test_lines_of_one_chart_differ_by_their_dash() -> None:
    drawn = lines(charts.prices(samples.series(), samples.market_view()))

    dashes = [str(drawn[key]["lineStyle"]["type"]) for key in ("spot", "sma")]
    assert len(set(dashes)) == len(dashes)
    assert drawn["long"]["lineStyle"]["type"] != drawn["short"]["lineStyle"]["type"]


def test_the_present_price_is_not_drawn_while_the_feed_says_nothing() -> None:
    assert charts.now_point(samples.market_view())["data"] != []
    assert charts.now_point(samples.market_view(price_now=None))["data"] == []
    assert charts.now_point(samples.market_view(clock=None))["data"] == []


def test_a_market_without_a_past_has_an_empty_chart() -> None:
    nothing = replace(samples.series(), points=())

    options = charts.prices(nothing, samples.market_view())

    assert all(not line["data"] for key, line in lines(options).items() if key != "now")


def test_payoffs_pass_through_nothing_for_nothing_and_show_the_ideal() -> None:
    drawn = lines(charts.payoffs(samples.payoff("long"), samples.payoff("short")))

    assert [0.0, 0.0] in drawn["long"]["data"]
    assert drawn["long-ideal"]["data"][0] == [-30.0, -90.0]
    assert drawn["short-ideal"]["data"][0] == [-30.0, 90.0]


def test_the_rebalancing_rate_is_above_zero_while_the_long_side_is_larger() -> None:
    series = samples.series(count=12)

    [line] = charts.rebalancing(series)["series"]

    for point, (_, rate) in zip(series.points, line["data"], strict=True):
        assert (rate > 0) == (point.long_balance.units > point.short_balance.units)


def test_colours_are_variables_of_the_page() -> None:
    options = charts.prices(samples.series(), samples.market_view())

    assert "#" not in json.dumps(options)
