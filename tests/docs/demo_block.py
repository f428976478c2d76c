"""
Keep the README's demo honest: `python -m tests.docs.demo_block OUTPUT` fails where the README shows
something else than the file OUTPUT, which `make demo` printed; with `--write` it puts it there.
"""

import sys
from pathlib import Path

from tests.evm import ROOT

README = ROOT / "README.md"
BEGIN, END = "<!-- demo: output of the real run -->\n", "<!-- end of demo -->"


def block(output: str) -> str:
    """What the README shows of a run: all but the table of each market's facts."""
    head, _, _ = output.strip().partition("\n  market ")
    lines = [line.rstrip() for line in head.rstrip().splitlines()]
    shown = [line for i, line in enumerate(lines) if line or (i and lines[i - 1])]
    return "\n".join(["```text", *shown, "```", ""])


def main(path: str, *options: str) -> int:
    before, _, rest = README.read_text().partition(BEGIN)
    shown, _, after = rest.partition(END)
    wanted = block(Path(path).read_text())
    if "--write" in options:
        README.write_text(before + BEGIN + wanted + END + after)
        return 0
    if shown == wanted:
        return 0
    print("README.md: the demo prints something else: make readme", file=sys.stderr)
    return 1


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
