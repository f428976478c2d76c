"""Pages as a browser would be told them: what changes is changed in place."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

from nicegui import ui
from nicegui.testing.user_simulation import user_simulation

from perpools.values import Moment
from perpools.web import views
from perpools.web.pages.amounts import AmountField
from perpools.web.pages.asking import Written
from perpools.web.pages.frame import trouble
from perpools.web.pages.market_clock import QueueCard
from perpools.web.pages.market_record import HistoryCard
from perpools.web.pages.market_words import DecayCard
from perpools.web.pages.once import Once
from perpools.web.pages.overview import Overview
from perpools.web.pages.parts import Countdown, Text
from perpools.web.pages.tables import Column, Line, Table
from perpools.web.playing import Busy
from tests.web import samples


def drawn(check: Callable[[], Awaitable[None] | None]) -> None:
    """Builds on a page of its own, and checks there."""
    failed: list[BaseException] = []

    async def root() -> None:
        try:
            checked = check()
            if checked is not None:
                await checked
        except BaseException as wrong:  # noqa: BLE001 -- raised below, outside the page
            failed.append(wrong)

    async def run() -> None:
        async with user_simulation(root) as user:
            await user.open("/")

    asyncio.run(run())
    if failed:
        raise failed[0]


def texts(table: Table) -> list[str]:
    body = table.element.default_slot.children[-1]
    return [child.text for child in body.descendants() if isinstance(child, Text) and child.text]


def test_a_row_that_stays_keeps_its_elements_when_others_come_and_go() -> None:
    def check() -> None:
        table = Table([Column("Name"), Column("Value", right=True)], "Values")
        table.show({"b": [(Line("b"),), (Line("1"),)]})
        [row] = table.element.default_slot.children[-1].default_slot.children

        table.show({"a": [(Line("a"),), (Line("3"),)], "b": [(Line("b"),), (Line("2"),)]})

        rows = table.element.default_slot.children[-1].default_slot.children
        assert rows[1] is row
        assert texts(table) == ["a", "3", "b", "2"]
        table.show({"a": [(Line("a"),), (Line("3"),)]})
        assert texts(table) == ["a", "3"]

    drawn(check)


def test_a_cell_may_change_from_a_countdown_to_words() -> None:
    def check() -> None:
        table = Table([Column("Name")], "Values")
        table.show({1: [(Line(at=samples.NOW),)]})

        table.show({1: [(Line("locked"), Line("for ever"))]})

        assert texts(table) == ["locked", "for ever"]

    drawn(check)


def test_a_countdown_tells_its_moment_to_the_browser() -> None:
    def check() -> None:
        countdown = Countdown(Moment(samples.NOW))

        assert countdown.props["data-at"] == samples.NOW
        assert countdown.props["datetime"].endswith("Z")

    drawn(check)


def test_the_overview_says_when_there_is_no_market_and_fills_when_one_comes() -> None:
    def check() -> None:
        page = Overview([], samples.everything())
        assert page._none.visible
        page.show([samples.market_row()], samples.everything())
        assert not page._none.visible
        page._want("text", "nothing like it")
        assert page._nothing.visible

    drawn(check)


def test_older_events_stay_when_a_new_one_comes() -> None:
    async def check() -> None:
        async def older(cursor: str) -> views.EventPage:
            assert cursor == "more"
            return views.EventPage((samples.event_row(7),), None)

        first = views.EventPage((samples.event_row(9), samples.event_row(8)), "more")
        card = HistoryCard(samples.market_view(), first, older)
        await card._load()
        card.show(views.EventPage((samples.event_row(10), samples.event_row(9)), "more"))

        shown = [text for text in texts(card._table) if text.startswith("epoch")]
        assert shown == ["epoch 10", "epoch 9", "epoch 8", "epoch 7"]
        assert not card._button.visible

    drawn(check)


def test_events_that_a_reorganisation_undid_go_with_all_that_came_before_them() -> None:
    async def check() -> None:
        async def older(cursor: str) -> views.EventPage:
            return views.EventPage((samples.event_row(7),), None)

        first = views.EventPage((samples.event_row(9), samples.event_row(8)), "more")
        card = HistoryCard(samples.market_view(), first, older)
        await card._load()
        other = samples.event_row(8, transaction="0x" + "cd" * 32)
        card.show(views.EventPage((other,), "again"))

        assert [text for text in texts(card._table) if text.startswith("epoch")] == ["epoch 8"]
        assert card._button.visible

    drawn(check)


def test_of_many_waiting_batches_the_first_are_shown_and_the_others_on_request() -> None:
    def check() -> None:
        [first, _] = samples.queue()
        epochs = [replace(first, epoch=first.epoch + n) for n in range(20)]
        card = QueueCard(samples.market_view(queue=tuple(epochs)))
        assert sum(text.startswith("epoch") for text in texts(card._table)) == 8
        assert card._more.text == "32 more"

        card._all()

        assert sum(text.startswith("epoch") for text in texts(card._table)) == 40
        assert not card._more.visible

    drawn(check)


def test_a_short_history_offers_nothing_more() -> None:
    async def older(cursor: str) -> views.EventPage:
        raise AssertionError(cursor)

    def check() -> None:
        few = tuple(samples.event_row(epoch) for epoch in (9, 8, 7))
        card = HistoryCard(samples.market_view(), views.EventPage(few, None), older)
        assert not card._button.visible
        assert not card._more.visible

        card.show(views.EventPage((samples.event_row(10), *few), "more"))

        assert card._button.visible
        assert card._more.visible

    drawn(check)


def test_the_button_of_an_amount_writes_all_there_is() -> None:
    def check() -> None:
        field = AmountField("You pay", lambda _: None, key="amount")
        assert field._max.props.get("disabled") is None
        field.show("You give", "", Written(unit=samples.coins(0)))
        assert field._max.props["disabled"] is True
        field.show("You give", "", Written(unit=samples.coins(0), available=samples.coins(1_250.5)))

        field._take_all()

        assert (field.label.text, field.value) == ("You give", "1250.5")
        assert "disabled" not in field._max.props

    drawn(check)


def test_a_simulation_that_others_wait_for_is_asked_for_again() -> None:
    async def check() -> None:
        async def load() -> views.DecayTable:
            if next(turns):
                raise Busy
            return samples.decay()

        turns = iter([True, False])
        card = DecayCard(load)
        await card._fill()
        assert card._inner.props["aria-busy"] == "true"
        assert [type(one) for one in card._card.descendants()].count(ui.timer) == 1

        await card._fill()

        assert "aria-busy" not in card._inner.props

    drawn(check)


def test_the_newest_events_alone_are_kept_while_nobody_asks_for_older_ones() -> None:
    async def older(cursor: str) -> views.EventPage:
        raise AssertionError(cursor)

    def check() -> None:
        card = HistoryCard(samples.market_view(), views.EventPage((), None), older)
        assert card._nothing.visible
        for epoch in range(5):
            card.show(views.EventPage((samples.event_row(epoch),), "more"))

        assert [text for text in texts(card._table) if text.startswith("epoch")] == ["epoch 4"]

    drawn(check)


def test_a_page_says_what_is_wrong_with_node_and_index() -> None:
    assert trouble(samples.condition()) == ""
    assert "node does not answer" in trouble(samples.condition(node=False))
    assert "6 blocks behind" in trouble(samples.condition(behind=True))


def test_one_computation_serves_all_who_ask_until_something_is_new() -> None:
    asked: list[int] = []

    async def run() -> list[object]:
        work = Once(live=None)  # type: ignore[arg-type]

        def compute() -> int:
            asked.append(1)
            return len(asked)

        first = await asyncio.gather(*(work.view("market", 1, compute) for _ in range(20)))
        return [*first, await work.view("market", 2, compute)]

    assert asyncio.run(run()) == [1] * 20 + [2]


def test_what_failed_is_asked_again() -> None:
    answers = iter([KeyError("unknown"), None])

    def compute() -> str:
        failed = next(answers)
        if failed:
            raise failed
        return "fine"

    async def run() -> list[object]:
        work = Once(live=None)  # type: ignore[arg-type]
        told: list[object] = []
        for _ in range(2):
            try:
                told.append(await work.view("market", 1, compute))
            except KeyError:
                told.append("failed")
        return told

    assert asyncio.run(run()) == ["failed", "fine"]
