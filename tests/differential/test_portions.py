"""The Vyper library and the Python model claim the same portions, and portions add up."""

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from perpools.spec import portions
from tests.differential.agreement import agree
from tests.evm import deployer

MOST = 2**128 - 1

amounts = st.one_of(
    st.integers(0, MOST), st.integers(0, 3), st.integers(0, 10**27), st.integers(MOST - 3, MOST)
)
ways = st.lists(st.tuples(st.sampled_from(["by_given", "by_due"]), amounts), max_size=6)


@pytest.fixture(scope="module")
def evm() -> Any:
    return deployer("tests/vyper/harness/PortionsHarness.vy").deploy()


@pytest.mark.parametrize("name", ["by_given", "by_due"])
@given(paid=amounts, due=amounts, wanted=amounts)
@example(1, 0, 1)
@example(1, 10**12, 1)
@example(10**12, 1, 1)
@example(0, 1, 1)
@example(MOST, MOST, MOST)
@example(MOST, MOST - 1, MOST - 1)
def test_a_portion(evm: Any, name: str, paid: int, due: int, wanted: int) -> None:
    agree(getattr(evm, name), getattr(portions, name), paid, due, wanted)


@given(paid=amounts.filter(bool), due=amounts, portions_wanted=ways)
def test_portions_add_up_to_the_whole(
    paid: int, due: int, portions_wanted: list[tuple[str, int]]
) -> None:
    """Nothing is lost, nothing is left, and what is due always belongs to something given."""
    rest, rest_due = paid, due
    for name, wanted in [*portions_wanted, ("by_given", paid)]:
        if not rest:
            break
        taken, received = getattr(portions, name)(rest, rest_due, wanted)
        assert 0 <= taken <= rest
        assert 0 <= received <= rest_due
        rest, rest_due = rest - taken, rest_due - received
        assert rest or not rest_due
    assert (rest, rest_due) == (0, 0)


@given(paid=amounts.filter(bool), due=amounts, wanted=amounts.filter(bool))
def test_a_portion_by_what_is_due_receives_exactly_that(paid: int, due: int, wanted: int) -> None:
    _, received = portions.by_due(paid, due, wanted)
    assert received == min(wanted, due)
