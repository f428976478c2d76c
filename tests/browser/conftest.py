"""Chromium, and what it visits; without it or without a node there is nothing to see."""

import shutil
from collections.abc import Generator, Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.anvil import ANVIL

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

FAILED = pytest.StashKey[bool]()

collect_ignore_glob: list[str] = [] if find_spec("playwright") else ["test_*.py"]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    item.stash[FAILED] = report.failed or item.stash.get(FAILED, False)
    return report


if find_spec("playwright"):
    from playwright.sync_api import Browser, sync_playwright

    from tests.browser.house import House, house
    from tests.browser.visit import Visit, visit

    # Playwright's event loop stands in the way of every other one in its thread while it is there
    @pytest.fixture(scope="module")
    def browser() -> Iterator[Browser]:
        """One browser for a file's tests."""
        if CHROMIUM is None:
            pytest.skip("chromium is not on the PATH")
        with sync_playwright() as playwright:
            launched = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            yield launched
            launched.close()

    # ends with the file: its bots would go on while a process runs other tests
    @pytest.fixture(scope="module")
    def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
        """One node and one server for a file's tests."""
        if ANVIL is None:
            pytest.skip("anvil is not on the PATH")
        folder: Path = tmp_path_factory.mktemp("served")
        with house(folder) as made:
            yield made

    @pytest.fixture
    def seen(browser: Browser, home: House, request: pytest.FixtureRequest) -> Iterator[Visit]:
        """A visitor without a wallet."""
        with visit(browser, home.url, name=request.node.name) as made:
            yield made
            if request.node.stash.get(FAILED, False):
                made.keep()
