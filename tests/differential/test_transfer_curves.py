"""The Vyper curves, the deployed transfer functions and the Python model are the same functions."""

from typing import Any

import boa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from perpools.spec import transfer_curves as curves
from perpools.spec.fixed_point import ONE
from perpools.spec.transfer_curves import LINEAR_CAP, Linear, TransferFunction
from tests.evm import deployer
from tests.transfer_cases import BOUNDARY_LEVERAGES, BOUNDARY_MOVES, leverages, moves

caps = st.one_of(st.just(LINEAR_CAP), st.integers(1, ONE - 1))


@pytest.fixture(scope="module")
def evm() -> Any:
    return deployer("tests/vyper/harness/TransferCurvesHarness.vy").deploy()


@pytest.fixture(scope="module")
def deployed() -> list[tuple[Any, TransferFunction]]:
    return [
        (deployer("contracts/transfer/Power.vy").deploy(), curves.power),
        (deployer("contracts/transfer/Sigmoid.vy").deploy(), curves.sigmoid),
        (deployer("contracts/transfer/Linear.vy").deploy(LINEAR_CAP), Linear()),
    ]


@given(move=moves(), leverage=leverages)
def test_power(evm: Any, move: tuple[int, int], leverage: int) -> None:
    assert evm.power(*move, leverage) == curves.power(*move, leverage)


@given(move=moves(), leverage=leverages)
def test_sigmoid(evm: Any, move: tuple[int, int], leverage: int) -> None:
    assert evm.sigmoid(*move, leverage) == curves.sigmoid(*move, leverage)


@given(move=moves(), leverage=leverages, cap=caps)
def test_linear(evm: Any, move: tuple[int, int], leverage: int, cap: int) -> None:
    assert evm.linear(*move, leverage, cap) == curves.linear(*move, leverage, cap)


@pytest.mark.parametrize("move", BOUNDARY_MOVES)
def test_every_curve_at_its_boundaries(evm: Any, move: tuple[int, int]) -> None:
    for leverage in BOUNDARY_LEVERAGES:
        assert evm.power(*move, leverage) == curves.power(*move, leverage)
        assert evm.sigmoid(*move, leverage) == curves.sigmoid(*move, leverage)
        for cap in (1, LINEAR_CAP, ONE - 1):
            assert evm.linear(*move, leverage, cap) == curves.linear(*move, leverage, cap)


@given(move=moves(), leverage=leverages)
def test_the_deployed_transfer_functions_are_the_curves(
    deployed: list[tuple[Any, TransferFunction]], move: tuple[int, int], leverage: int
) -> None:
    for contract, model in deployed:
        assert contract.fraction(*move, leverage) == model(*move, leverage)


def test_a_linear_function_shows_its_cap() -> None:
    assert deployer("contracts/transfer/Linear.vy").deploy(ONE - 1).CAP() == ONE - 1


@pytest.mark.parametrize("cap", [0, ONE, 2**256 - 1])
def test_a_linear_function_must_have_a_cap_below_everything(cap: int) -> None:
    with boa.reverts("cap: out of range"):
        deployer("contracts/transfer/Linear.vy").deploy(cap)
