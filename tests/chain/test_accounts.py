"""Keystores: made once, private, and of no use without their password."""

import json
import stat
from pathlib import Path

import pytest

from perpools.chain import accounts
from perpools.errors import ConfigError

PASSWORD = "correct horse battery staple"
QUICK = 2
"""The least of scrypt's work: these keys protect nothing."""


@pytest.fixture
def keystore(tmp_path: Path) -> Path:
    return tmp_path / "keys" / "keeper.json"


def test_a_keystore_gives_its_account_back(keystore: Path) -> None:
    made = accounts.create(keystore, PASSWORD, work=QUICK)
    assert accounts.load(keystore, PASSWORD).key == made.key
    assert accounts.address_of(keystore) == made.address


def test_only_its_owner_may_read_it(keystore: Path) -> None:
    accounts.create(keystore, PASSWORD, work=QUICK)
    assert stat.S_IMODE(keystore.stat().st_mode) == 0o600


def test_the_key_is_not_in_it(keystore: Path) -> None:
    made = accounts.create(keystore, PASSWORD, work=QUICK)
    assert made.key.hex() not in keystore.read_text()


def test_it_takes_real_work_to_open_unless_told_otherwise(keystore: Path) -> None:
    accounts.create(keystore, PASSWORD)
    assert json.loads(keystore.read_text())["crypto"]["kdfparams"]["n"] >= 2**18


def test_what_is_there_is_never_overwritten(keystore: Path) -> None:
    accounts.create(keystore, PASSWORD, work=QUICK)
    before = keystore.read_bytes()
    with pytest.raises(ConfigError, match="is there already"):
        accounts.create(keystore, PASSWORD, work=QUICK)
    assert keystore.read_bytes() == before


def test_a_wrong_password_is_refused(keystore: Path) -> None:
    accounts.create(keystore, PASSWORD, work=QUICK)
    with pytest.raises(ConfigError, match=r"the password of .* is wrong"):
        accounts.load(keystore, PASSWORD + "?")


def test_an_empty_password_protects_nothing(keystore: Path) -> None:
    with pytest.raises(ConfigError, match="the password is empty"):
        accounts.create(keystore, "")
    assert not keystore.exists()


def test_a_keystore_that_is_not_there_is_named(keystore: Path) -> None:
    with pytest.raises(ConfigError, match=r"no keystore at .*keeper\.json"):
        accounts.load(keystore, PASSWORD)


def test_a_place_where_nothing_can_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match="cannot be made"):
        accounts.create(tmp_path / "file" / "keeper.json", PASSWORD, work=QUICK)


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", '"0x00"', '{"crypto": {}}', '{"crypto": 7, "version": 3}', "\xff"]
)
def test_a_file_of_another_sort_is_no_keystore(content: str, keystore: Path) -> None:
    keystore.parent.mkdir()
    keystore.write_bytes(content.encode("latin-1"))
    with pytest.raises(ConfigError) as refused:
        accounts.load(keystore, PASSWORD)
    assert str(keystore) in str(refused.value)
    assert "\n" not in str(refused.value)
    with pytest.raises(ConfigError):
        accounts.address_of(keystore)
