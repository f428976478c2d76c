"""
The thirty scenarios of the audits are all told somewhere; the last one is the stateful machine
itself.
"""

import re

from tests.evm import ROOT

TOLD = re.compile(r"Scenarios? (\d+)")
ELSEWHERE = {30}
"""Any users, any orders, any prices, any delays, invariants after every step: tests/stateful."""


def test_every_scenario_is_told() -> None:
    sources = [path.read_text() for path in (ROOT / "tests").rglob("test_*.py")]
    told = {int(number) for source in sources for number in TOLD.findall(source)}
    assert told | ELSEWHERE == set(range(1, 31))
