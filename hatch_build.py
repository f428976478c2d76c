"""Compile the contracts into the wheel, so that its users need no compiler."""

import sys
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).parent


class CompileContracts(BuildHookInterface):
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            return
        sys.path.insert(0, str(ROOT / "src"))
        from perpools import artifacts

        folder = Path(mkdtemp())
        artifacts.OURS.compile_to(folder)
        build_data["force_include"][str(folder)] = "perpools/compiled"
