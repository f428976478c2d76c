"""Bots as processes of their own: started by their commands, stopped, killed, started again."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import pytest

from perpools.chain import accounts
from perpools.spec.events import Rebalanced
from tests.bots.stage import DEPLOYER, MINUTE_S, WAD, Stage, last_epoch
from tests.evm import ROOT

PATIENCE_S = 60
COMMAND = (sys.executable, "-c", "from perpools.cli.main import run; run()")
PASSWORD = "a password of a test"

SETTINGS = """
rpc = ["{url}"]
factory = "{factory}"
log_format = "json"
[keeper]
keystore = "keeper.json"
password_file = "password"
poll_s = 0.05
idle_poll_s = 0.05
discover_s = 0.2
"""


@pytest.fixture
def keeper(stage: Stage, tmp_path: Path) -> str:
    """An account with a keystore and some coin, and a file of settings beside it."""
    account = accounts.create(tmp_path / "keeper.json", PASSWORD, work=2).address
    (tmp_path / "password").write_text(PASSWORD + "\n")
    url = stage.node.web3.provider.endpoints[0].url  # type: ignore[union-attr]
    text = SETTINGS.format(url=url, factory=stage.factory)
    (tmp_path / "perpools.toml").write_text(text)
    stage.set_balance(account, 10 * WAD)
    return account


class Process:
    """A command that runs; what it tells and logs goes to files."""

    def __init__(self, arguments: Sequence[str], facts: IO[bytes], log: IO[bytes]) -> None:
        self._facts, self._log = facts, log
        self._process = subprocess.Popen(
            [*COMMAND, *arguments],
            stdout=facts,
            stderr=log,
            env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        )

    @property
    def logged(self) -> str:
        return _all(self._log)

    def until(self, words: str) -> None:
        """Wait until it logs something."""
        deadline = time.monotonic() + PATIENCE_S
        while words not in self.logged:
            assert self._process.poll() is None, self.logged
            assert time.monotonic() < deadline, self.logged
            time.sleep(0.02)

    def end(self, signal_number: int | None = None) -> tuple[int, list[dict[str, Any]]]:
        """Exit code and facts, once it ended."""
        if signal_number is not None:
            self._process.send_signal(signal_number)
        code = self._process.wait(PATIENCE_S)
        return code, [json.loads(line) for line in _all(self._facts).splitlines()]

    def close(self) -> None:
        self._process.kill()
        self._process.wait()


def _all(file: IO[bytes]) -> str:
    """Read without moving where the process goes on writing."""
    return os.pread(file.fileno(), 10**7, 0).decode()


@contextmanager
def started(*arguments: str) -> Iterator[Process]:
    with tempfile.TemporaryFile() as facts, tempfile.TemporaryFile() as log:
        process = Process(arguments, facts, log)
        try:
            yield process
        finally:
            process.close()


def ended(*arguments: str) -> tuple[int, list[dict[str, Any]], str]:
    with started(*arguments) as process:
        code, facts = process.end()
        return code, facts, process.logged


def test_a_keeper_closes_what_is_due_and_ends(stage: Stage, keeper: str) -> None:
    market = stage.market()
    epoch = stage.pass_grid_point()
    code, facts, logged = ended("keeper", "--once")
    assert (code, [fact["epoch"] for fact in facts]) == (0, [epoch]), logged
    assert last_epoch(market) == epoch
    assert stage.node.nonce(keeper) == 1
    assert PASSWORD not in logged


def test_a_keeper_stops_when_it_is_asked_to(stage: Stage, keeper: str) -> None:
    market = stage.market()
    with started("keeper") as process:
        process.until("found")
        epoch = stage.pass_grid_point()
        process.until("closed")
        code, facts = process.end(signal.SIGTERM)
    assert (code, [fact["epoch"] for fact in facts]) == (0, [epoch])
    assert last_epoch(market) == epoch
    assert stage.node.nonce(keeper) == 1


@pytest.mark.parametrize("mined_before_restart", [True, False])
def test_a_keeper_that_is_killed_pays_for_no_event_twice(
    stage: Stage, keeper: str, *, mined_before_restart: bool
) -> None:
    market = stage.market()
    epoch = stage.pass_grid_point()
    stage.ask("evm_setAutomine", False)
    try:
        with started("keeper") as process:
            process.until('"sent"')
            process.end(signal.SIGKILL)
        if mined_before_restart:
            stage.mine()
        with started("keeper") as again:
            again.until("found")
            if not mined_before_restart:
                again.until("transactions of an earlier run wait")
                stage.mine()
            stage.ask("evm_setAutomine", True)
            following = stage.pass_grid_point()
            again.until(f'"epoch": {following}')
            again.until("closed")
            again.end(signal.SIGTERM)
    finally:
        stage.ask("evm_setAutomine", True)
    assert (epoch, last_epoch(market)) == (following - 1, following)
    assert stage.node.nonce(keeper) == 2


def test_a_backlog_survives_many_kills(stage: Stage, keeper: str) -> None:
    market = stage.market()
    epochs = []
    for _ in range(6):
        epochs.append(stage.order(market))
        stage.mine((epochs[-1]) * MINUTE_S + 1)
    stage.pass_grid_point()
    for delay_s in (0.0, 0.01, 0.03, 0.06):
        with started("keeper") as process:
            process.until("running" if delay_s == 0 else "sent")
            time.sleep(delay_s)
            process.end(signal.SIGKILL)
    code, _, logged = ended("keeper", "--once")
    assert code == 0, logged
    told = stage.events(market, Rebalanced)
    closed = [event.epoch for event in told]
    assert closed == sorted(set(closed))
    assert set(epochs) <= set(closed)
    assert stage.node.nonce(keeper) == len(closed)


@pytest.mark.usefixtures("stage")
def test_what_is_wrong_with_the_settings_is_said_in_a_line(tmp_path: Path) -> None:
    told = [
        (("keeper",), "no node: give --rpc URL"),
        (("keeper", "--rpc", "http://127.0.0.1:1", "--poll-s", "never"), "--poll-s: "),
        (("keeper", "--max-loss", "1", "--min-profit", "1"), "contradict each other"),
    ]
    for arguments, words in told:
        code, facts, logged = ended(*arguments)
        assert (code, facts) == (2, [])
        assert words in logged
        assert len(logged.strip().splitlines()) == 1
    assert not list(tmp_path.iterdir())


def test_a_bot_that_sends_needs_an_account(stage: Stage, keeper: str, tmp_path: Path) -> None:
    (tmp_path / "perpools.toml").unlink()
    url = stage.node.web3.provider.endpoints[0].url  # type: ignore[union-attr]
    usual = ("keeper", "--rpc", url, "--factory", stage.factory, "--once")
    code, _, logged = ended(*usual)
    assert (code, "no account: give --keystore" in logged) == (2, True)
    code, _, logged = ended(*usual, "--account", keeper)
    assert (code, "does not sign for" in logged) == (2, True)
    (tmp_path / "password").write_text("another")
    code, _, logged = ended(*usual, "--keystore", "keeper.json", "--password-file", "password")
    assert (code, "password" in logged) == (2, True)
    code, facts, _ = ended(*usual, "--account", stage.accounts[DEPLOYER])
    assert (code, facts) == (0, [])


@pytest.mark.parametrize("role", ["keeper", "claimer", "balancer", "watcher"])
def test_every_bot_has_a_help_with_its_options(role: str) -> None:
    done = subprocess.run(
        [*COMMAND, role, "--help"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src"), "COLUMNS": "200"},
    )
    assert done.returncode == 0, done.stderr
    assert {"--once", "--dry-run", "--metrics-addr", "--rpc"} <= set(done.stdout.split())
