"""
The deployment file: where one chain has the protocol, for later commands to find (TOML).

    chain_id = 1
    block_number = 19000000    # of the factory, or just before: logs are read from there
    factory = "0x..."
    lens = "0x..."
    upkeep = "0x..."           # may be missing
    [transfers]
    power = "0x..."
"""

import os
import tomllib
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from perpools.errors import ConfigError
from perpools.spec.units import Address

Contract = Annotated[str, Field(pattern=r"^0x[0-9a-fA-F]{40}$")]

HEAD = (
    "# Where this chain has Perpetual Pools; written by `perpools`, read by all of its commands.\n"
)


class Deployment(BaseModel):
    """Addresses of what the markets of a chain share."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    chain_id: int
    block_number: int
    """No market of the factory is older."""
    factory: Contract
    lens: Contract
    upkeep: Contract | None = None
    transfers: dict[str, Contract] = {}
    """Transfer functions by their names in market files."""

    @property
    def contracts(self) -> dict[str, Address]:
        """Every address, by its key."""
        named = {"factory": self.factory, "lens": self.lens}
        named |= {"upkeep": self.upkeep} if self.upkeep else {}
        return named | {f"transfers.{name}": at for name, at in self.transfers.items()}


def load(path: Path) -> Deployment:
    """What a file says; `ConfigError` names it and what is wrong with it."""
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
        return Deployment.model_validate(told)
    except (OSError, UnicodeDecodeError) as unreadable:
        raise ConfigError(
            f"{path}: {getattr(unreadable, 'strerror', None) or 'not a text file'}"
        ) from None
    except tomllib.TOMLDecodeError as wrong:
        raise ConfigError(f"{path}: not TOML: {wrong}") from None
    except ValidationError as wrong:
        first = wrong.errors()[0]
        key = ".".join(map(str, first["loc"]))
        raise ConfigError(f"{path}: {key}: {first['msg']}") from None


def save(deployment: Deployment, path: Path, *, replace: bool = False) -> None:
    """
    Write a file, whole or not at all. One that is there is not overwritten unless `replace` says
    so: it may be all that remembers where something is.
    """
    if path.exists() and not replace:
        raise ConfigError(f"{path}: is there already: move it away, or name another file")
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with partial.open("w", encoding="utf-8") as file:
            file.write(HEAD + _toml(deployment.model_dump(exclude_none=True)))
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except OSError as failed:
        partial.unlink(missing_ok=True)
        raise ConfigError(f"{path}: cannot be written: {failed.strerror}") from None


def _toml(told: dict[str, Any]) -> str:
    """Numbers and addresses, then one table of addresses."""
    table = told.pop("transfers")
    lines = [f"{key} = {_value(value)}" for key, value in told.items()]
    lines += ["", "[transfers]", *(f"{key} = {_value(value)}" for key, value in table.items())]
    return "\n".join(lines) + "\n"


def _value(value: int | str) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value)
