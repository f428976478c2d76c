"""
The contracts as the chain takes them: interface and bytecode of each, by its name.

Wheels carry them compiled; a source tree compiles each contract once and keeps the result in
`.build/`, under the hash of everything the contract is made of. No other module knows where
contracts come from.
"""

import hashlib
import json
import os
import re
import threading
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from perpools.errors import ConfigError

COMPILER = "vyper 0.4.3"
SETTINGS = {"evm_version": "cancun", "optimize": "gas"}
"""What every chain in use runs since 2024, and calls are paid by whoever makes them."""

_LOADING = threading.Lock()
"""The compiler is not safe for threads, and bots work in several."""

_IMPORT = re.compile(r"^from (\.+)([\w.]*) import (\w+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Artifact:
    """One compiled contract."""

    name: str
    abi: list[dict[str, Any]]
    bytecode: str
    """What a deployment sends, without the constructor's arguments."""
    compiler: str
    settings: dict[str, str]
    source_hash: str

    @property
    def blueprint(self) -> str:
        """What a deployment of this contract as a blueprint (ERC-5202) sends."""
        code = "fe7100" + self.bytecode.removeprefix("0x")
        return f"0x61{len(code) // 2:04x}3d81600a3d39f3{code}"


class Shelf:
    """The contracts that come with one package: compiled in its wheel, as text in its tree."""

    def __init__(self, package: Path) -> None:
        self.compiled = package / "compiled"
        """Where wheels keep the compiled contracts."""
        packaged = package / "contracts"
        self._contracts = packaged if packaged.exists() else package.parents[1] / "contracts"
        self._loaded: dict[str, Artifact] = {}

    def load(self, name: str) -> Artifact:
        """The contract of this name, such as `Market`; compiled now if it never was."""
        with _LOADING:
            if name not in self._loaded:
                self._loaded[name] = self._load(name)
            return self._loaded[name]

    def names(self) -> list[str]:
        """Every contract that can be deployed."""
        return sorted(self._sources)

    def compile_to(self, folder: Path) -> None:
        """Leave every contract's artifact in `folder`, for a wheel to carry."""
        for name in self.names():
            _write(folder / f"{name}.json", self.load(name))

    @cached_property
    def _sources(self) -> dict[str, Path]:
        found: dict[str, Path] = {}
        for path in sorted(self._contracts.rglob("[A-Z]*.vy")):
            if path.stem in found:
                raise ConfigError(f"two contracts are called {path.stem}: rename {path}")
            found[path.stem] = path
        return found

    def _load(self, name: str) -> Artifact:
        source = self._sources[name]
        source_hash = _hash(source)
        cached = self._contracts.parent / ".build" / f"{name}-{source_hash[:16]}.json"
        for path in (self.compiled / f"{name}.json", cached):
            if path.exists():
                artifact = Artifact(**json.loads(path.read_text()))
                if artifact.source_hash == source_hash:
                    return artifact
        artifact = _compile(source, source_hash, self._contracts.parent)
        _write(cached, artifact)
        return artifact


def _hash(source: Path) -> str:
    """Of the contract, everything it imports, the compiler and its settings."""
    digest = hashlib.sha256(json.dumps([COMPILER, SETTINGS]).encode())
    for path in _closure(source):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _closure(source: Path) -> list[Path]:
    """The contract and all files it imports, directly or not."""
    found, waiting = set(), [source]
    while waiting:
        path = waiting.pop()
        if path in found:
            continue
        found.add(path)
        for dots, folders, name in _IMPORT.findall(path.read_text()):
            folder = path.parents[len(dots) - 1].joinpath(*folders.split("."))
            waiting += [
                file for kind in ("vy", "vyi") if (file := folder / f"{name}.{kind}").exists()
            ]
    return sorted(found)


def _compile(source: Path, source_hash: str, root: Path) -> Artifact:
    try:
        import vyper
        from vyper.compiler.input_bundle import FilesystemInputBundle
        from vyper.compiler.settings import OptimizationLevel, Settings
    except ImportError as missing:
        raise ConfigError(
            "the contracts are not compiled yet: pip install vyper==0.4.3"
        ) from missing
    bundle = FilesystemInputBundle([root])
    output = vyper.compile_from_file_input(
        bundle.load_file(source),
        input_bundle=bundle,
        settings=Settings(
            evm_version=SETTINGS["evm_version"],
            optimize=OptimizationLevel.from_string(SETTINGS["optimize"]),
        ),
        output_formats=["abi", "bytecode"],
    )
    abi, bytecode = output["abi"], output["bytecode"]
    return Artifact(source.stem, abi, bytecode, COMPILER, SETTINGS, source_hash)


def _write(path: Path, artifact: Artifact) -> None:
    """Whole or not at all: several processes may compile at the same time."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(f".{os.getpid()}")
    partial.write_text(json.dumps(asdict(artifact)))
    partial.replace(path)


OURS = Shelf(Path(__file__).parent)
load = OURS.load
names = OURS.names
