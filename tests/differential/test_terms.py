"""The contract's library refuses exactly the terms that the specification refuses."""

from dataclasses import replace
from typing import Any

import boa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from perpools.spec import terms as spec
from perpools.spec.errors import Rejected
from perpools.spec.terms import NOBODY, Terms
from tests.evm import deployer
from tests.terms_cases import BENEFICIARY, CASES, NUMBERS, TERMS, TRIGGERED, Case


@pytest.fixture(scope="module")
def evm() -> Any:
    return deployer("tests/vyper/harness/TermsHarness.vy").deploy()


def struct(evm: Any, terms: Terms) -> tuple[Any, ...]:
    """The same terms as `ITerms.Terms`, where contracts are addresses."""
    contracts = {
        "collateral": BENEFICIARY,
        "feed": BENEFICIARY,
        "transfer": BENEFICIARY,
        "trigger": BENEFICIARY if terms.trigger else NOBODY,
        "eth_feed": NOBODY,
        "gas_feed": NOBODY,
    }
    members = [member["name"] for member in evm.abi[0]["inputs"][0]["components"]]
    return tuple(contracts.get(name) or getattr(terms, name) for name in members)


def agree(evm: Any, terms: Terms, seed_assets: int) -> None:
    """Both accept, or both refuse for the same reason."""
    try:
        spec.check(terms, seed_assets)
    except Rejected as refusal:
        with boa.reverts(refusal.reason):
            evm.check(struct(evm, terms), terms.decimals, seed_assets)
    else:
        evm.check(struct(evm, terms), terms.decimals, seed_assets)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.label)
def test_every_bound(evm: Any, case: Case) -> None:
    agree(evm, case.terms, case.seed_assets)


@given(
    base=st.sampled_from([TERMS, TRIGGERED]),
    names=st.sets(st.sampled_from(NUMBERS), max_size=3),
    value=st.integers(0, 200) | st.integers(0, 2**128),
    decimals=st.integers(0, 20),
    seed_assets=st.integers(0, 2**256 - 1) | st.integers(0, 10**20),
)
def test_any_terms(
    evm: Any, base: Terms, names: set[str], value: int, decimals: int, seed_assets: int
) -> None:
    changed = replace(base, decimals=decimals, **dict.fromkeys(sorted(names), value))
    agree(evm, changed, seed_assets)
