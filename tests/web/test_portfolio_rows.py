"""A portfolio's rows and its CSV."""

import csv
from dataclasses import replace
from io import StringIO

from perpools.values import Amount, Moment, Share
from perpools.web import views
from perpools.web.pages import portfolio_rows as rows
from perpools.web.views import ActivityRow, PositionView
from tests.web.served import Served


def held(shown: Served) -> PositionView:
    """Somebody's, with something paid in."""
    accounts = [row.account for row in shown.live.reader.accounts(shown.address).items]
    found = [one for who in accounts for one in views.portfolio(shown.live, who).positions]
    return next(one for one in found if one.paid_in.units and one.long.tokens.units)


def activity(text: str = "ordered", kind: str = "order", title: str = "ETH/USD 3x") -> ActivityRow:
    paid = (Amount(1_500_000, 6, "DUSD"),)
    at = Moment(1_700_000_000)
    return ActivityRow("0x" + "A1" * 20, title, kind, text, at, 7, 3, "0x" + "0" * 64, paid, 4)


def test_kinds_part_a_history_without_losing_any() -> None:
    named = [activity(kind=kind) for kind in ("order", "claim", "pair-mint", "redemption")]

    parts = [rows.belongs(item, kind) for item in named for kind in rows.KINDS if kind]

    assert all(rows.belongs(item, "") for item in named)
    assert sum(parts) == len(named)
    assert rows.belongs(activity(kind="pair-redeem"), "pair")
    assert rows.belongs(activity(kind="redemption"), "other")


def test_gains_have_a_sign() -> None:
    [won, *_] = rows.gain(Amount(5 * 10**6, 6, "DUSD"), None)
    [lost, *_] = rows.gain(Amount(-5 * 10**6, 6, "DUSD"), None)

    assert (won.text, lost.text) == ("+5.00", "-5.00")
    assert (won.classes, lost.classes) == ("good", "bad")


def test_a_loss_that_is_no_part_of_its_cost_is_told_without_direction() -> None:
    [lost, part] = rows.gain(Amount(-1_500, 6, "DUSD"), Share(-15 * 10**11))
    [dust, *_] = rows.gain(Amount(-1, 6, "DUSD"), None)

    assert (lost.text, lost.classes) == ("-0.0015", "")
    assert part.text == "■ 0.00%"
    assert (dust.text, dust.classes) == ("< 0.0001", "")


def test_both_columns_of_a_position_call_the_same_amount_level(shown: Served) -> None:
    position = held(shown)
    little = replace(position.long.cost, units=-position.paid_in.units // 10**6)
    side = replace(
        position.long, unrealised=little, unrealised_share=Share(-(10**12)), realised=little
    )

    [row, *_] = rows.position_rows([replace(position, long=side)]).values()

    assert [cell[0].classes for cell in row[-2:]] == ["", ""]


def test_a_markets_name_is_no_formula_in_a_spreadsheet() -> None:
    [_, title, *_] = rows._csv_row(activity(title='=HYPERLINK("x")'))

    assert title == '\'=HYPERLINK("x")'


def test_the_csv_is_the_whole_history_to_the_unit(shown: Served) -> None:
    accounts = [row.account for row in shown.live.reader.accounts(shown.address).items]
    owner = max(accounts, key=lambda one: len(views.activity(shown.live, one, limit=250).items))

    told = list(csv.DictReader(StringIO(rows.as_csv(shown.live, owner))))

    page = views.activity(shown.live, owner, limit=250)
    assert len(told) >= len(page.items) > 0
    assert [row["block"] for row in told][: len(page.items)] == [str(i.block) for i in page.items]


def test_a_history_is_read_to_its_end_kind_by_kind(shown: Served) -> None:
    [owner, *_] = [row.account for row in shown.live.reader.accounts(shown.address).items]
    everything = views.activity(shown.live, owner, limit=250).items

    found = rows.history(shown.live, owner, "claim", None)

    wanted = [item for item in everything if rows.belongs(item, "claim")]
    assert list(found.items)[: rows.PAGE] == wanted[: len(found.items)]


def test_positions_are_those_that_hold_or_earned_something(shown: Served) -> None:
    [owner, *_] = shown.past.node.accounts
    view = views.portfolio(shown.live, owner)

    made = rows.position_rows(view.positions)

    for position in view.positions:
        for side in position.sides:
            expected = bool(side.tokens.units or side.realised.units)
            assert ((position.market, side.side) in made) == expected
