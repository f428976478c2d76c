"""A market's page says what its view says."""

from dataclasses import replace

from perpools.values import Duration
from perpools.web.pages import market_clock, market_head, market_record, market_sides, market_words
from perpools.web.pages.tables import Cell
from tests.web import samples
from tests.web.samples import HOUR, NOW


def words(cells: list[Cell]) -> list[str]:
    return [" ".join(line.text for line in cell) for cell in cells]


def test_the_time_line_has_the_next_epoch_and_the_one_that_takes_orders() -> None:
    slots = market_clock.timeline(samples.market_view(queue=()))

    assert [slot.epoch for slot in slots] == [NOW // HOUR + 1, (NOW + 8 * HOUR) // HOUR + 1]
    assert [slot.state for slot in slots] == ["locked", "open"]
    assert slots[1].cutoff_at == samples.clock().cutoff.unix


def test_an_epoch_that_nobody_closed_is_due() -> None:
    [first, *_] = samples.queue()
    late = replace(first, epoch=NOW // HOUR - 1)

    slots = market_clock.timeline(samples.market_view(queue=(late,)))

    assert (slots[0].state, slots[0].orders) == ("due", 2)


def test_a_long_queue_keeps_the_epoch_that_takes_orders() -> None:
    [first, _] = samples.queue()
    many = tuple(replace(first, epoch=NOW // HOUR - n) for n in range(20))

    slots = market_clock.timeline(samples.market_view(queue=many))

    assert len(slots) == market_clock.MOST_EPOCHS
    assert slots[-1].epoch == samples.clock().epoch


def test_a_market_that_is_wound_down_has_no_time_line() -> None:
    assert market_clock.timeline(samples.market_view(clock=None)) == ()


def test_a_locked_order_cannot_be_cancelled_and_an_open_one_counts_down() -> None:
    locked, free = samples.queue()

    assert market_clock.queue_cells(locked, 0)[3][0].text == "locked"
    assert market_clock.queue_cells(free, 0)[3][0].at == free.cutoff.unix


def test_the_forecast_goes_from_now_to_after_all_orders() -> None:
    view = samples.market_view()

    now, then, last = (words(cells) for cells in market_clock.forecast_rows(view))

    assert (now[0], then[0], last[0]) == (
        "Now",
        "After the next event",
        "After all waiting orders",
    )
    assert now[-1] == "+55.02%"
    assert then[3] == "817,156 DUSD"


def test_a_market_without_a_forecast_tells_the_present_alone() -> None:
    view = samples.market_view(forecast=None)

    assert len(market_clock.forecast_rows(view)) == 1
    assert market_clock.forecast_words(view) == "No event is foreseen."


def test_the_forecast_says_who_pays_whom() -> None:
    event = samples.foreseen().events[0]

    assert "the short side pays the long side" in market_clock.payment(event)
    assert market_clock.payment(replace(event, payer="nobody")) == "nobody pays"


def test_an_event_tells_who_executed_it_how_late_and_which_part_it_moved() -> None:
    cells = market_record.event_cells(samples.event_row(9, late=Duration(64), merged=2))
    told = " ".join(words(cells))

    for part in ("2 earlier merged", "1m4s", "0.91% of its balance", "1.02 DUSD", "124,057 gas"):
        assert part in told
    assert cells[6][0].title == "0x" + "7e" * 20


def test_an_event_that_moved_nothing_says_so() -> None:
    assert words(market_record.event_cells(samples.event_row(9, payer="nobody")))[2] == "Nothing"


def test_a_feed_that_could_not_be_asked_is_not_called_silent() -> None:
    feed, _ = samples.health()

    assert market_record.feed_state(feed) == (True, "Feed answers")
    assert market_record.feed_state(replace(feed, alive=False)) == (False, "Feed silent")
    assert market_record.feed_state(replace(feed, asked=False)) == (False, "Feed not asked")


def test_the_larger_side_is_warned_that_it_gains_less() -> None:
    told = " ".join(market_words.risks(samples.market_view()))

    assert "a long token gains only 1.93x" in told
    assert "Nobody is liquidated" in told


def test_a_wound_down_market_promises_no_execution() -> None:
    told = " ".join(market_words.risks(samples.market_view(clock=None)))

    assert "Orders wait" not in told


def test_charts_have_their_numbers_in_words() -> None:
    series = samples.series(count=3)

    assert "spot price 2,400.00 to" in market_head.described(series)
    assert len(market_head.price_rows(series)) == 3
    assert market_sides.payoff_rows(samples.payoff("long"), samples.payoff("short"))[0][0] == (
        "-30.00%"
    )
    assert len(market_sides.rate_rows(series)) == 3


def test_a_market_without_a_past_says_so() -> None:
    nothing = replace(samples.series(), points=())

    assert "Nothing has been recorded yet" in market_head.described(nothing)
