"""Write `docs/properties.md` from the registry of invariants: `python -m tests.docs.properties`."""

from perpools.spec.invariants import INVARIANTS
from tests.evm import ROOT

PATH = ROOT / "docs" / "properties.md"

HEAD = """# Properties

What holds after every operation, whatever happens. Checked by the specification's own walks, by
lockstep runs of the contracts, and by every demo; `perpools.spec.invariants.broken` tells which
fail.

| id | property | severity |
|---|---|---|
"""


def text() -> str:
    rows = (f"| {one.id} | {one.sentence} | {one.severity} |\n" for one in INVARIANTS)
    return HEAD + "".join(rows)


if __name__ == "__main__":
    PATH.write_text(text())
