"""Every bound of a market's terms: what is at it is accepted, what is beyond it is refused."""

import inspect
import re
from contextlib import nullcontext

import pytest

from perpools.spec import terms
from tests.terms_cases import CASES, Case


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.label)
def test_terms_are_accepted_up_to_their_bounds(case: Case) -> None:
    outcome = pytest.raises(case.refusal) if case.refusal else nullcontext()
    with outcome:
        terms.check(case.terms, case.seed_assets)


def test_every_refusal_of_terms_has_a_case() -> None:
    raised = set(re.findall(r"raise errors\.(\w+)", inspect.getsource(terms)))
    assert {case.refusal.__name__ for case in CASES if case.refusal} == raised
