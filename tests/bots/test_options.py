"""What a bot can be told, and where."""

from pathlib import Path

import pytest

from perpools.bots.options import (
    BalancerSettings,
    BotSettings,
    ClaimerSettings,
    KeeperSettings,
    WatcherSettings,
    threshold,
)
from perpools.errors import ConfigError

ROLES = (KeeperSettings, ClaimerSettings, BalancerSettings, WatcherSettings)


@pytest.fixture(autouse=True)
def empty_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("model", ROLES)
def test_every_setting_is_explained(model: type[BotSettings]) -> None:
    assert all(field.description for field in model.model_fields.values())


@pytest.mark.parametrize("model", ROLES)
def test_a_bot_needs_to_be_told_nothing(model: type[BotSettings]) -> None:
    settings = model.load()
    assert (settings.once, settings.dry_run) == (False, False)
    assert settings.alert_balance == 5 * 10**16


def test_flags_count_before_the_environment_and_that_before_the_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Path("perpools.toml").write_text(
        'poll_s = 1\nidle_poll_s = 11\nworkers = 3\n[keeper]\npoll_s = 5\nmin_profit = "0.5"\n'
    )
    monkeypatch.setenv("PERPOOLS_IDLE_POLL_S", "12")
    settings = KeeperSettings.load(workers="4")
    assert (settings.poll_s, settings.idle_poll_s, settings.workers) == (5, 12, 4)
    assert settings.min_profit == 5 * 10**17
    assert WatcherSettings.load().poll_s == 1


def test_a_keeper_loses_nothing_unless_it_is_told_to() -> None:
    assert KeeperSettings.load().least_wei == 0
    assert KeeperSettings.load(min_profit="0.01").least_wei == 10**16
    assert KeeperSettings.load(max_loss="0.01").least_wei == -(10**16)
    with pytest.raises(ConfigError, match="contradict"):
        KeeperSettings.load(max_loss="1", min_profit="1")


def test_a_balancer_plays_on_paper_unless_it_is_told_not_to() -> None:
    assert not BalancerSettings.load().sends
    assert BalancerSettings.load(live=True).sends
    settings = BalancerSettings.load(threshold="7.5%")
    assert (settings.threshold, settings.buffer) == (75 * 10**15, 10**16)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("poll_s", "0"),
        ("workers", "0"),
        ("workers", "257"),
        ("min_profit", "-1"),
        ("min_profit", "much"),
        ("metrics_addr", "localhost"),
        ("alert_webhook", "example.org"),
        ("min_tvl", ["DUSD=much"]),
        ("once", "perhaps"),
        ("pay_feed", ["0xabc=0xdef"]),
    ],
)
def test_what_makes_no_sense_is_refused_by_its_name(name: str, value: object) -> None:
    with pytest.raises(ConfigError, match=f"--{name.replace('_', '-')}: "):
        KeeperSettings.load(**{name: value})


def test_an_amount_may_be_of_one_coin_or_of_any() -> None:
    texts = ("DUSD=5", "10.5")
    assert threshold(texts, "DUSD", 6) == 5_000_000
    assert threshold(texts, "WETH", 18) == 105 * 10**17
    assert threshold(("DUSD=5",), "WETH", 18) is None
    assert threshold((), "WETH", 18) is None
