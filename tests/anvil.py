"""A real node of one's own: anvil, found on the PATH, started and stopped."""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from perpools.chain import connect
from perpools.chain.node import Node
from perpools.errors import ChainError

ANVIL = shutil.which("anvil")
HARDFORK = "cancun"
ACCOUNTS = 140
GENESIS = 1_700_000_000
PATIENCE_S = 30


@contextmanager
def anvil(*flags: str) -> Iterator[Node]:
    """A new chain; nothing about it depends on the machine's clock but how long it takes."""
    with running(*flags) as url:
        yield connect(url)


@contextmanager
def running(*flags: str, accounts: int = ACCOUNTS, hardfork: str = HARDFORK) -> Iterator[str]:
    """The same by its address; `flags` are anvil's own."""
    assert ANVIL is not None, "anvil is not on the PATH"
    port = free_port()
    options = {"hardfork": hardfork, "accounts": accounts, "timestamp": GENESIS, "port": port}
    named = (f"--{name}={value}" for name, value in options.items())
    # npm's `anvil` is a script whose child outlives it: only its whole group can be stopped
    process = subprocess.Popen([ANVIL, "--silent", *named, *flags], start_new_session=True)
    url = f"http://127.0.0.1:{port}"
    try:
        _await(url, process)
        yield url
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _await(url: str, process: subprocess.Popen[bytes]) -> None:
    """Until it answers."""
    deadline = time.monotonic() + PATIENCE_S
    while True:
        try:
            connect(url)
        except ChainError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
