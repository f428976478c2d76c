"""Hypothesis profiles, and the rule that nothing is skipped where everything is installed."""

import os
from collections.abc import Generator

import pytest
from hypothesis import HealthCheck, Phase, settings

# A loaded machine is slow, not wrong; strategies here are steered, not filtered.
COMMON = {
    "deadline": None,
    "print_blob": True,
    "suppress_health_check": [HealthCheck.too_slow, HealthCheck.data_too_large],
}
NO_SHRINK = (Phase.explicit, Phase.reuse, Phase.generate)

settings.register_profile(
    "quick",
    max_examples=25,
    stateful_step_count=30,
    derandomize=True,
    database=None,
    phases=(Phase.explicit, Phase.generate),
    **COMMON,
)
settings.register_profile(
    "ci", max_examples=200, stateful_step_count=40, phases=NO_SHRINK, **COMMON
)
settings.register_profile("shrink", max_examples=200, stateful_step_count=40, **COMMON)
settings.register_profile(
    "deep", max_examples=5_000, stateful_step_count=100, phases=NO_SHRINK, **COMMON
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))

LONGEST = ("stateful", "browser", "faults", "index", "cli", "scenarios")
"""What takes longest is begun first: at the end no process waits for another's walk."""

ALL_INSTALLED = os.environ.get("CI", "") not in ("", "0", "false")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--record-gas", action="store_true", help="rewrite tests/gas/snapshot.json")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    def place(item: pytest.Item) -> int:
        folder = item.path.parent.name
        return LONGEST.index(folder) if folder in LONGEST else len(LONGEST)

    items.sort(key=place)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    _skip_is_failure(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    _skip_is_failure(report)
    return report


def _skip_is_failure(report: pytest.TestReport | pytest.CollectReport) -> None:
    if ALL_INSTALLED and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"{reason} (nothing may be skipped where CI is set)"
