"""Settings: which of flag, environment, file and default counts, and what is wrong with one."""

from decimal import Decimal
from pathlib import Path
from typing import ClassVar

import pytest

from perpools.errors import ConfigError
from perpools.settings import Count, Settings

FACTORY = "0x" + 40 * "a"


class KeeperSettings(Settings):
    """As a bot extends them."""

    role: ClassVar[str | None] = "keeper"
    jitter_s: Count = 0


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(here: Path, text: str, name: str = "perpools.toml") -> Path:
    path = here / name
    path.write_text(text)
    return path


def test_nothing_has_to_be_set(here: Path) -> None:
    settings = Settings.load()
    assert (settings.rpc, settings.chain_id, settings.config) == ((), None, None)


def test_a_flag_counts_before_the_environment_and_that_before_the_file(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(here, 'rpc = "http://file"\nchain_id = 1\nmax_fee_gwei = 1')
    monkeypatch.setenv("PERPOOLS_RPC", "http://environment, http://second")
    monkeypatch.setenv("PERPOOLS_CHAIN_ID", "2")
    settings = Settings.load(rpc=["http://flag"], chain_id=None)
    assert settings.rpc == ("http://flag",)
    assert settings.chain_id == 2
    assert settings.max_fee_gwei == 1
    assert Settings.load().rpc == ("http://environment", "http://second")


def test_the_file_may_be_named(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(here, "chain_id = 5", "other.toml")
    assert Settings.load(config="other.toml").chain_id == 5
    monkeypatch.setenv("PERPOOLS_CONFIG", "other.toml")
    assert Settings.load().chain_id == 5


def test_paths_in_the_file_are_relative_to_it(here: Path) -> None:
    (here / "elsewhere").mkdir()
    write(here, 'keystore = "wallet.json"', "elsewhere/perpools.toml")
    settings = Settings.load(config="elsewhere/perpools.toml", password_file="given")
    assert settings.keystore == Path("elsewhere/wallet.json")
    assert settings.password_file == Path("given")


def test_fees_are_exact(here: Path) -> None:
    settings = Settings.load(max_fee_gwei="1.000000001", priority_gwei="0")
    assert (settings.max_fee_wei, settings.priority_wei) == (1_000_000_001, 0)
    assert settings.max_fee_gwei == Decimal("1.000000001")


def test_a_role_has_a_table_of_its_own(here: Path) -> None:
    write(here, "chain_id = 1\n[keeper]\nchain_id = 2\njitter_s = 3\n[claimer]\nanything = 1")
    assert Settings.load().chain_id == 1
    keeper = KeeperSettings.load()
    assert (keeper.chain_id, keeper.jitter_s) == (2, 3)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("rpcc = 1", "rpcc: unknown key: did you mean rpc?"),
        ("rpc = 3", "rpc: 3 is not a list of texts"),
        ('rpc = ["ws://node"]', 'rpc.0: "ws://node" is no address of a node'),
        ('chain_id = "one"', 'chain_id: "one" is not a whole number'),
        ("chain_id = true", "chain_id: True is not a whole number"),
        ("max_fee_gwei = -1", "max_fee_gwei: -1 is not a number of zero or more"),
        ("max_fee_gwei = 1e-10", "max_fee_gwei: 1E-10 is not a gas price"),
        ("timeout_s = 0", "timeout_s: 0 is not a number of seconds"),
        ('factory = "0x12"', 'factory: "0x12" is not an address'),
        ('log_level = "loud"', 'log_level: "loud" is not known: write'),
        ("keeper = 1", "keeper: is a table: write [keeper]"),
        ("private_key = 1", "private_key: unknown key"),
        ("=", "not TOML"),
    ],
)
def test_a_mistake_in_the_file_is_one_line_that_names_it(here: Path, text: str, told: str) -> None:
    write(here, text)
    with pytest.raises(ConfigError) as wrong:
        KeeperSettings.load()
    assert told in str(wrong.value)
    assert "\n" not in str(wrong.value)


def test_a_mistake_is_told_where_it_was_made(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ConfigError, match=r"^--max-fee-gwei: "):
        Settings.load(max_fee_gwei="much")
    monkeypatch.setenv("PERPOOLS_MAX_FEE_GWEI", "much")
    with pytest.raises(ConfigError, match=r"^PERPOOLS_MAX_FEE_GWEI: "):
        Settings.load()


def test_a_file_that_is_named_must_be_there(here: Path) -> None:
    with pytest.raises(ConfigError, match=r"absent.toml: No such file"):
        Settings.load(config="absent.toml")
