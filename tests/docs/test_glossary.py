"""
Who knows only the litepaper finds each of its concepts in the specification, under its own name.
"""

import pytest

from tests.evm import ROOT

GLOSSARY = """
rebalancing rate, long, short, token, L-token, S-token, value transfer, power leverage, mint, burn,
keeper, oracle, rebalancing event, tip, variable fee, front-running interval, escrow, gain
"""

SPECIFICATION = " ".join(
    " ".join(path.read_text().split()).lower()
    for path in sorted((ROOT / "src/perpools/spec").rglob("*.py"))
).replace("- and s-tokens", "-tokens and s-tokens")


@pytest.mark.parametrize("concept", [one.strip() for one in GLOSSARY.split(",")])
def test_a_concept_of_the_litepaper_has_its_name(concept: str) -> None:
    assert concept.lower() in SPECIFICATION
