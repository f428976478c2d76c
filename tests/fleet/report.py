"""Ten markets, one keeper, 200 periods: `make fleet` prints what came of it as one JSON object."""

import json
import sys
import tempfile
from pathlib import Path

from tests.anvil import anvil
from tests.fleet.driver import measure
from tests.fleet.stage import build

MARKETS, PERIODS = 10, 200


def main(periods: int = PERIODS) -> int:
    with tempfile.TemporaryDirectory() as folder, anvil() as node:
        figures = measure(build(node, MARKETS), periods, Path(folder))
    print(json.dumps(figures, indent=2))
    return 0 if figures["within one block"] == figures["events due"] else 1


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
