"""The seeded faults still fit the contracts they are seeded into."""

import pytest

from tests.evm import ROOT
from tests.mutants import MUTANTS, Mutant
from tests.vault_mutants import VAULT_MUTANTS

SEEDED = (*MUTANTS, *VAULT_MUTANTS)


@pytest.mark.parametrize("mutant", SEEDED, ids=lambda mutant: mutant.name)
def test_a_fault_can_be_seeded(mutant: Mutant) -> None:
    assert (ROOT / mutant.file).read_text().count(mutant.old) == 1
    assert mutant.old != mutant.new


def test_faults_are_told_apart() -> None:
    assert len({mutant.name for mutant in SEEDED}) == len(SEEDED) >= 14
