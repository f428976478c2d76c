"""Before money moves: what will happen is told, and somebody has to agree; on a real node."""

from collections.abc import Iterator

import pytest

from tests.anvil import ANVIL, running
from tests.cli.stranger import Stranger

pytestmark = pytest.mark.skipif(ANVIL is None, reason="anvil is not on the PATH")

ORDER = "perpools order mint long 10"


@pytest.fixture(scope="module")
def depositor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stranger]:
    """Has a sandbox and a market; the node signs."""
    with running() as url:
        someone = Stranger(url, tmp_path_factory.mktemp("depositor"))
        (someone.home / "password").write_text("a secret\n")
        _, owner, *_ = someone.node.accounts
        account = f"--account {owner} --password-file password"
        for line in (
            f"perpools sandbox --rpc {someone.url} {account} --yes",
            "perpools deploy market.toml --yes",
        ):
            left = someone.types(line)
            assert left.returncode == 0, left.stderr
        yield someone


def test_who_agrees_orders(depositor: Stranger) -> None:
    before = depositor.node.block().number
    left = depositor.answers(ORDER, "y\n")
    assert left.returncode == 0, left.stderr
    assert "executes at" in left.stdout
    assert "[y/N]" in left.stderr
    assert depositor.node.block().number > before


@pytest.mark.parametrize("answer", ["n\n", "\n", "no\n"])
def test_who_declines_sends_nothing(depositor: Stranger, answer: str) -> None:
    before = depositor.node.block().number
    left = depositor.answers(ORDER, answer)
    assert left.returncode == 1
    assert left.stderr.endswith("perpools: declined: nothing was sent\n")
    assert depositor.node.block().number == before


def test_the_end_of_input_declines_as_well(depositor: Stranger) -> None:
    before = depositor.node.block().number
    left = depositor.answers(ORDER, "\x04")
    assert left.returncode == 1
    assert depositor.node.block().number == before


def test_without_a_terminal_nobody_is_asked(depositor: Stranger) -> None:
    before = depositor.node.block().number
    left = depositor.types(ORDER)
    assert left.returncode == 2
    assert "agree with --yes" in left.stderr
    assert depositor.node.block().number == before


def test_a_node_of_another_chain_is_refused(depositor: Stranger) -> None:
    left = depositor.types("perpools show --chain-id 5")
    assert (left.returncode, left.stdout) == (1, "")
    assert left.stderr.count("\n") == 1
    assert "31337" in left.stderr


def test_a_fee_cap_below_the_base_fee_sends_nothing(depositor: Stranger) -> None:
    before = depositor.node.block().number
    left = depositor.types(f"{ORDER} --yes --max-fee-gwei 0.000000001")
    assert left.returncode == 1
    assert "raise max_fee_gwei" in left.stderr
    assert depositor.node.block().number == before


def test_a_program_gets_one_object_though_somebody_was_asked(depositor: Stranger) -> None:
    left = depositor.answers(f"{ORDER} --json", "y\n")
    assert left.returncode == 0, left.stderr
    assert left.stdout.startswith("{")
    assert left.stdout.count("\n") == 1
