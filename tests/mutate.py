"""
Does the suite bite? `python -m tests.mutate [NAME ...]` puts each seeded fault into a copy of the
repository and expects its tests to fail there. Exit code 1 where a fault survives.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.evm import ROOT
from tests.mutants import MUTANTS, Mutant
from tests.vault_mutants import VAULT_MUTANTS

SUITE = ("tests/vectors", "tests/stateful", "tests/differential")
"""Cheap tests first: the first failure ends the run."""
COPIED = ("contracts", "src", "tests", "pyproject.toml")
COMPILES = """
from tests.evm import deployer
for name in ("Market", "SideToken"):
    deployer(f"contracts/{name}.vy").deploy_as_blueprint()
for name in ("Factory", "SideVault"):
    deployer(f"contracts/{name}.vy")
"""
"""A fault that no compiler accepts would prove nothing."""


def inject(mutant: Mutant, root: Path) -> None:
    """Put a fault where it belongs; what stands there must stand there exactly once."""
    path = root / mutant.file
    source = path.read_text()
    if source.count(mutant.old) != 1:
        raise SystemExit(f"{mutant.name}: {mutant.file} has changed; mend tests/mutants.py")
    path.write_text(source.replace(mutant.old, mutant.new))


def run(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "HYPOTHESIS_PROFILE": "quick", "PYTHONPATH": f"{root}/src:{root}"}
    command = [sys.executable, *arguments]
    return subprocess.run(
        command, cwd=root, env=environment, capture_output=True, text=True, check=False
    )


def first_failure(output: str) -> str:
    """The test that noticed."""
    failed = [line for line in output.splitlines() if line.startswith(("FAILED", "ERROR"))]
    return failed[0].split(" ")[1].rpartition("/")[2] if failed else ""


def attempt(mutant: Mutant | None) -> tuple[bool, str]:
    """Whether the suite is red with a fault, and which test said so first."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for name in COPIED:
            source = ROOT / name
            (shutil.copytree if source.is_dir() else shutil.copy)(source, root / name)
        if mutant is not None:
            inject(mutant, root)
        compiled = run(root, "-c", COMPILES)
        if compiled.returncode:
            raise SystemExit(
                f"{mutant and mutant.name}: does not compile\n{compiled.stderr[-2_000:]}"
            )
        tested = run(root, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *SUITE)
        return tested.returncode != 0, first_failure(tested.stdout)


def main(names: list[str]) -> int:
    console = Console()
    chosen = [mutant for mutant in (*MUTANTS, *VAULT_MUTANTS) if not names or mutant.name in names]
    red, test = attempt(None)
    if red:
        raise SystemExit(f"the suite is red without any fault: {test}")
    table = Table("fault", "what it means", "noticed by", "seconds")
    survivors = []
    for mutant in chosen:
        begun = time.monotonic()
        killed, test = attempt(mutant)
        survivors += [] if killed else [mutant.name]
        seconds = f"{time.monotonic() - begun:.0f}"
        table.add_row(mutant.name, mutant.why, test or "NOBODY", seconds)
        verdict = f"noticed by {test}" if killed else "SURVIVED"
        console.print(f"{mutant.name}: {verdict}", highlight=False, soft_wrap=True)
    console.print(table)
    return 1 if survivors else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
