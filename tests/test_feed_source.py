"""What a market file may name as a feed is read exactly; anything else is told in one line."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perpools import feed_source
from perpools.feed_source import Source

A, B, C, D = ("0x" + 40 * digit for digit in "abcd")
HOUR_S = 3_600

READ = {
    A: Source("feed", A),
    f" {A} ": Source("feed", A),
    "posted": Source("posted"),
    f"posted:{A}": Source("posted", A),
    f"posted({A}, max_age=2h)": Source("posted", A, max_age_s=2 * HOUR_S),
    f"chainlink:{A}": Source("chainlink", A),
    f"chainlink:{A},max_age=25h": Source("chainlink", A, max_age_s=25 * HOUR_S),
    f"chainlink({A}, sequencer={B})": Source("chainlink", A, sequencer=B, grace_s=HOUR_S),
    f"chainlink({A},sequencer={B},grace=30m)": Source(
        "chainlink", A, sequencer=B, grace_s=HOUR_S // 2
    ),
    f"inverse:{A}": Source("inverse", parts=(Source("feed", A),)),
    f"inverse:chainlink:{A}": Source("inverse", parts=(Source("chainlink", A),)),
    f"ratio:{A},{B}": Source("ratio", parts=(Source("feed", A), Source("feed", B))),
    f"ratio(chainlink:{A}, posted)": Source(
        "ratio", parts=(Source("chainlink", A), Source("posted"))
    ),
    f"median:{A},inverse({B}),{C}": Source(
        "median",
        parts=(
            Source("feed", A),
            Source("inverse", parts=(Source("feed", B),)),
            Source("feed", C),
        ),
    ),
    f"inverse(ratio({A}, ratio({B}, {C})))": Source(
        "inverse",
        parts=(
            Source(
                "ratio",
                parts=(
                    Source("feed", A),
                    Source("ratio", parts=(Source("feed", B), Source("feed", C))),
                ),
            ),
        ),
    ),
    "prices.csv": Source("file", path="prices.csv"),
    "old/prices.parquet": Source("file", path="old/prices.parquet"),
}

WRONG = {
    "": "is not a feed: write an address, or one of chainlink, posted, ratio",
    "pigeon": "is not a feed",
    f"pigeon:{A}": "is not a feed",
    A[:-1]: "is not a feed",
    "chainlink": "chainlink takes the address of an aggregator: chainlink:0x",
    f"chainlink:{A[:-1]}": "chainlink takes the address of an aggregator",
    f"chainlink:{A},{B}": "chainlink takes the address of an aggregator",
    "posted:": "posted takes the address of its publisher",
    f"chainlink:{A},heartbeat=1h": "chainlink knows max_age, sequencer, grace, not heartbeat",
    f"posted:{A},sequencer={B}": "posted knows max_age, not sequencer",
    f"chainlink:{A},max_age=soon": "max_age is not a duration",
    f"chainlink:{A},max_age=0s": "max_age is more than 0s",
    f"chainlink:{A},sequencer=up": "a sequencer is the address",
    f"ratio:{A}": "ratio takes 2 feeds, not 1",
    f"inverse({A}, {B})": "inverse takes 1 feed, not 2",
    f"median:{A},{B}": "median takes 3 feeds, not 2",
    f"ratio({A}, {B}": "is not a feed",
    f"ratio:({A}, {B}": "its parentheses do not match",
    f"ratio:{A}),({B}": "its parentheses do not match",
    f"ratio(ratio({A}, {B}), {C})": "no room for the hints of a ratio where it stands",
    f"ratio({A}, ratio({B}, ratio({C}, {D})))": "no room for the hints of a ratio",
    f"ratio({A}, median({B}, {C}, {D}))": "no room for the hints of a median",
    f"median({A}, {B}, ratio({C}, {D}))": "no room for the hints of a ratio",
    "inverse(" * 300 + A + ")" * 300: "too long",
}


@pytest.mark.parametrize("text", READ)
def test_it_means(text: str) -> None:
    assert feed_source.parse(text) == READ[text]


@pytest.mark.parametrize("text", READ)
def test_it_is_read_as_it_is_shown(text: str) -> None:
    shown = str(feed_source.parse(text))
    assert str(feed_source.parse(shown)) == shown


@pytest.mark.parametrize("text", WRONG, ids=lambda text: text[:20])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError) as refused:
        feed_source.parse(text)
    assert WRONG[text] in str(refused.value)
    assert "\n" not in str(refused.value)


@given(st.text(alphabet="0xab:(),= ratiochnlk", max_size=60))
def test_no_text_does_worse_than_be_refused(text: str) -> None:
    with contextlib.suppress(ValueError):
        assert isinstance(feed_source.parse(text), Source)
