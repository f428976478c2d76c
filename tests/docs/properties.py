"""Write `docs/properties.md` from the registry of invariants: `python -m tests.docs.properties`."""

from perpools.spec.invariants import INVARIANTS
from perpools.spec.vault_invariants import VAULT_INVARIANTS
from tests.evm import ROOT

PATH = ROOT / "docs" / "properties.md"

HEAD = """# Properties

What holds after every operation, whatever happens. Checked by the specification's own walks, by
lockstep runs of the contracts, and by every demo; `perpools.spec.invariants.broken` tells which
fail, and `perpools.spec.vault_invariants.vault_broken` those of a side vault.

| id | property | severity |
|---|---|---|
"""


def text() -> str:
    known = (*INVARIANTS, *VAULT_INVARIANTS)
    rows = (f"| {one.id} | {one.sentence} | {one.severity} |\n" for one in known)
    return HEAD + "".join(rows)


if __name__ == "__main__":
    PATH.write_text(text())
