"""What operations cost: `python -m tests.gas.report` prints scenario -> gas as one JSON object."""

import json
import sys
from pathlib import Path

from tests.anvil import ANVIL, anvil
from tests.gas.periphery import measure_periphery
from tests.gas.scenarios import measure
from tests.gas.vaults import NAMES as VAULT_NAMES
from tests.gas.vaults import measure_vaults

SNAPSHOT = Path(__file__).with_name("snapshot.json")

NAMES = (
    "order/first of an epoch",
    "order/later in the epoch",
    "order/tenth, hourly, 8h ahead",
    "event/no orders",
    "event/1 order",
    "event/100 orders",
    "event/14 periods late",
    "claim/one epoch",
    "user/order+claim+share of 100",
    "event/price a ratio of two feeds",
    "event/price a median of three feeds",
    "upkeep/1 market",
    "upkeep/1 market, paid for",
    "upkeep/10 markets",
    "upkeep/10 markets, paid for",
    *VAULT_NAMES,
)


def measured() -> dict[str, int]:
    """Every scenario's gas, in the order they are always shown."""
    with anvil() as node:
        gas = measure(node) | measure_periphery(node) | measure_vaults(node)
    assert gas.keys() == set(NAMES)
    return {name: gas[name] for name in NAMES}


def recorded() -> dict[str, int]:
    """What was measured last."""
    gas: dict[str, int] = json.loads(SNAPSHOT.read_text())
    return gas


def record(gas: dict[str, int]) -> None:
    """Keep what was measured."""
    SNAPSHOT.write_text(json.dumps(gas, indent=2) + "\n")


def main(options: list[str]) -> int:
    if set(options) - {"--record", "--check"}:
        print("usage: python -m tests.gas.report [--record | --check]", file=sys.stderr)
        return 2
    if ANVIL is None:
        print("anvil is not on the PATH: npm install --prefix tools/anvil", file=sys.stderr)
        return 1
    gas = measured()
    print(json.dumps(gas, indent=2))
    if "--record" in options:
        record(gas)
    if "--check" in options and gas != recorded():
        print(f"not what {SNAPSHOT.name} says; --record keeps it", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
