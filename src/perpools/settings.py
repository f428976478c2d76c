"""
How a command reaches a chain, and who it acts for: one set of names, in three places.

A flag (`--max-fee-gwei`) counts before the environment (`PERPOOLS_MAX_FEE_GWEI`), the environment
before the file (`max_fee_gwei` in `perpools.toml`, or in the file that `--config` names), and the
file before the defaults. A role of a bot has a table of its own in the file, such as `[keeper]`,
whose keys count before those above it. No key of an account is ever written in any of them: a
setting names a keystore, and the file that holds its password.
"""

import os
import tomllib
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from perpools.errors import ConfigError
from perpools.explanations import explain_mistake
from perpools.quantities import GWEI

FILE = Path("perpools.toml")
"""Read where it is in the working directory and no other file is named."""

PREFIX = "PERPOOLS_"

NO_NODE = "no node: give --rpc URL, set PERPOOLS_RPC, or write rpc into perpools.toml"

ROLES = ("keeper", "claimer", "balancer", "watcher", "index", "serve")
"""Tables of the file that only the commands of these names read."""

_TRUE, _FALSE = ("1", "true", "yes"), ("0", "false", "no")
_MOST_GWEI = 10**9
"""One whole coin for each unit of gas: beyond it somebody mistook the unit."""


def _listed(value: Any) -> Any:
    """A list as flags and files give it, or as the environment does: separated by commas."""
    if isinstance(value, str):
        value = [part.strip() for part in value.split(",") if part.strip()]
    if not isinstance(value, list | tuple) or not all(isinstance(part, str) for part in value):
        raise ValueError('is not a list of texts: write it like ["first", "second"]')
    return tuple(value)


def _url(text: str) -> str:
    if not text.startswith(("http://", "https://")):
        raise ValueError("is no address of a node: it begins with http:// or https://")
    return text


def _count(value: Any) -> int:
    """A whole number of zero or more."""
    text = str(value)
    if isinstance(value, bool) or not (text.isascii() and text.isdigit() and len(text) < 30):
        raise ValueError("is not a whole number of zero or more")
    return int(text)


def _decimal(value: Any) -> Decimal:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        raise ValueError("is not a number") from None
    if not number.is_finite() or number < 0:
        raise ValueError("is not a number of zero or more")
    return number


def _gwei(value: Any) -> Decimal:
    price = _decimal(value)
    if price > _MOST_GWEI or price * GWEI % 1:
        raise ValueError(f"is not a gas price: at most {_MOST_GWEI} gwei, in whole wei")
    return price


def _seconds(value: Any) -> float:
    seconds = _decimal(value)
    if not 0 < seconds <= 86_400:
        raise ValueError("is not a number of seconds: more than 0, at most 86400")
    return float(seconds)


def _switch(value: Any) -> bool:
    text = str(value).lower()
    if text not in _TRUE + _FALSE:
        raise ValueError("is neither true nor false")
    return text in _TRUE


Urls = Annotated[
    tuple[Annotated[str, AfterValidator(_url)], ...], NoDecode, BeforeValidator(_listed)
]
Texts = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_listed)]
Account = Annotated[str, Field(pattern=r"^0x[0-9a-fA-F]{40}$")]
Count = Annotated[int, BeforeValidator(_count)]
Gwei = Annotated[Decimal, BeforeValidator(_gwei)]
Seconds = Annotated[float, BeforeValidator(_seconds)]
Switch = Annotated[bool, BeforeValidator(_switch)]
Endpoint = Annotated[str, Field(pattern=r"^[^\s/]*:\d{1,5}$")]


class Settings(BaseSettings):
    """What every command knows. A bot's own settings extend it, and set `role`."""

    role: ClassVar[str | None] = None
    """Whose table of the file is read as well."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, extra="forbid", frozen=True, use_attribute_docstrings=True
    )

    config: Path | None = None
    """The file of settings; paths in it are relative to it."""
    rpc: Urls = ()
    """Addresses of nodes of one chain: what the first does not answer the next one is asked."""
    chain_id: Count | None = None
    """The chain that it must be; any if not given."""
    deployment: Path | None = None
    """The file that tells where a chain has the protocol, as `deploy` writes it."""
    factory: Account | None = None
    """Where markets are looked for by their names."""
    market: Texts = ()
    """Address, symbol or name of the market that is meant; the only one if not given."""
    from_block: Count = 0
    """The block that logs are read from: the factory's own, or any before it."""
    database: str = "sqlite:///perpools.db"
    """
    Where the index of the chain is kept: `sqlite:///FILE`, or `postgresql://USER@HOST/NAME`; a
    password that it needs is best left to `~/.pgpass`.
    """
    confirmations: Count = 0
    """Blocks on top of a block before what it tells is believed."""
    timeout_s: Seconds = 10.0
    """How long a node may take for one answer."""
    account: Account | None = None
    """Who acts: an account the node signs for, or the one of the keystore."""
    keystore: Path | None = None
    """A file with an encrypted key (Web3 secret storage, as `perpools wallet new` writes it)."""
    password_file: Path | None = None
    """Holds the keystore's password in its first line; without it somebody is asked."""
    publisher: Path | None = None
    """The keystore of who signs the values of a posted feed; same password file."""
    max_fee_gwei: Gwei | None = None
    """Nothing is sent that could cost more for each unit of gas."""
    priority_gwei: Gwei | None = None
    """What the block's proposer gets for each unit of gas; what the node suggests if not given."""
    log_format: Literal["pretty", "json"] = "pretty"
    """How a bot writes what it does."""
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    """What a bot does not write is less than this."""

    @property
    def max_fee_wei(self) -> int | None:
        """The cap in wei."""
        return None if self.max_fee_gwei is None else int(self.max_fee_gwei * GWEI)

    @property
    def priority_wei(self) -> int | None:
        """The priority fee in wei."""
        return None if self.priority_gwei is None else int(self.priority_gwei * GWEI)

    @classmethod
    def load(cls, **flags: Any) -> Self:
        """
        Flags, environment, file and defaults, in this order; a flag that is None or empty was not
        given. `ConfigError` names the first wrong setting, where it stands, and what is allowed.
        """
        given = {name: value for name, value in flags.items() if value not in (None, (), [])}
        try:
            return cls(**given)
        except ValidationError as wrong:
            told = explain_mistake(wrong, sorted(cls.model_fields))
            raise ConfigError(_placed(told, given)) from None

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Where settings come from, the first that has one counts."""
        return init_settings, env_settings, _File(settings_cls, cls.role)


class OwnWords:
    """
    Put before a kind of settings: then neither the environment nor a file has a word in them. For
    what a program runs on a chain of its own.
    """

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        *_: PydanticBaseSettingsSource,
        **__: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What the program says, alone."""
        return (init_settings,)


class _File(PydanticBaseSettingsSource):
    """What the file of settings says, read where the sources before it say that it is."""

    def __init__(self, settings_cls: type[BaseSettings], role: str | None) -> None:
        super().__init__(settings_cls)
        self.role = role

    def __call__(self) -> dict[str, Any]:
        named = self.current_state.get("config")
        path = Path(named) if named else FILE
        if not named and not path.exists():
            return {}
        told = _read(path)
        tables = {name: told.pop(name) for name in ROLES if name in told}
        told |= _table(tables, self.role)
        for name, field in self.settings_cls.model_fields.items():
            if isinstance(told.get(name), str) and Path in _kinds(field.annotation):
                told[name] = path.parent / Path(told[name]).expanduser()
        return {**told, "config": path}

    def get_field_value(self, field: Any, field_name: str) -> tuple[Any, str, bool]:
        """Nothing is read key by key."""
        return None, field_name, False


def _kinds(annotation: Any) -> tuple[Any, ...]:
    return (annotation, *getattr(annotation, "__args__", ()))


def _table(tables: Mapping[str, Any], role: str | None) -> dict[str, Any]:
    table = tables.get(role or "", {})
    if not isinstance(table, dict):
        raise ConfigError(f"{role}: is a table: write [{role}] and its keys below")
    return dict(table)


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    except tomllib.TOMLDecodeError as wrong:
        raise ConfigError(f"{path}: not TOML: {wrong}") from None
    except (OSError, UnicodeDecodeError) as unreadable:
        reason = getattr(unreadable, "strerror", None) or "not a text file"
        raise ConfigError(f"{path}: {reason}") from None


def _placed(told: str, given: Mapping[str, Any]) -> str:
    """A mistake, and where somebody made it: a flag, a variable or the file."""
    name = told.partition(":")[0].partition(".")[0]
    if name in given:
        return "--" + name.replace("_", "-") + told[len(name) :]
    if PREFIX + name.upper() in os.environ:
        return PREFIX + name.upper() + told[len(name) :]
    return f"{given.get('config') or os.environ.get(PREFIX + 'CONFIG') or FILE}: {told}"
