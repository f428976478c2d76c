"""`python -m perpools.sim.claims --write docs`: the whole report; with a claim's id, that alone."""

import sys
from pathlib import Path

from perpools.errors import ConfigError

from . import report
from .registry import CLAIMS


def main(arguments: list[str]) -> int:
    """Write the report, or tell of one claim."""
    if arguments[:1] == ["--write"] and len(arguments) == 2:
        report.write(Path(arguments[1]))
        return 0
    found = [claim for claim in CLAIMS if [claim.id] == arguments]
    if not found:
        known = ", ".join(claim.id for claim in CLAIMS)
        raise ConfigError(f"name one claim, or --write and a folder: {known}")
    verdict = found[0].check()
    lines = [f"> {found[0].sentence}", report.ruling(verdict).replace("**", "")]
    lines += [f"{number.label}: {number.text}" for number in verdict.numbers]
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


if __name__ == "__main__":
    try:
        raise SystemExit(main(sys.argv[1:]))
    except ConfigError as wrong:
        raise SystemExit(f"error: {wrong}") from None
