"""
The tables of `docs/keeping.md`, made from what the bots themselves say.

    python -m tests.bots.document    # write them
"""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from perpools.bots.metrics import KINDS as METRICS
from perpools.bots.metrics import PREFIX
from perpools.bots.options import (
    BalancerSettings,
    BotSettings,
    ClaimerSettings,
    KeeperSettings,
    WatcherSettings,
)
from perpools.chain.noticing import KINDS as ALERTS
from perpools.quantities import show_amount, show_percent
from perpools.settings import Settings
from tests.evm import ROOT

DOCUMENT = ROOT / "docs/keeping.md"
ROLES = (KeeperSettings, ClaimerSettings, BalancerSettings, WatcherSettings)
COINS, SHARES = (
    ("min_profit", "max_loss", "alert_balance"),
    ("threshold", "buffer", "wind_down_share"),
)


def tables() -> dict[str, str]:
    """Every table of the document, by its name there."""
    told = {"options of every command": _options(Settings, None)}
    told["options of every bot"] = _options(BotSettings, Settings)
    for role in ROLES:
        told[f"options of the {role.role}"] = _options(role, BotSettings)
    told["metrics"] = _table(("metric", "type", "labels", "meaning"), _metrics())
    told["alerts"] = _table(("alert", "raised when"), ALERTS.items())
    return told


def with_tables(text: str) -> str:
    """The document with every table as it should be."""
    for name, table in tables().items():
        pattern = re.compile(rf"(<!-- table: {name} -->\n).*?(<!-- end -->)", re.DOTALL)
        text, count = pattern.subn(lambda at, table=table: f"{at[1]}{table}{at[2]}", text)
        assert count == 1, f"the document has {count} tables of {name}"
    return text


def _options(model: type[Settings], base: type[Settings] | None) -> str:
    known = set(base.model_fields) if base else set()
    fields = model.model_fields.items()
    rows = [
        (f"`--{name.replace('_', '-')}`", _default(name, field.default), field.description)
        for name, field in fields
        if name not in known
    ]
    return _table(("option", "default", "meaning"), rows)


def _default(name: str, value: Any) -> str:
    if value is None or value == ():
        return "-"
    if name in COINS:
        return show_amount(value, 18)
    if name in SHARES:
        return show_percent(value)
    if isinstance(value, bool):
        return "off"
    return f"{value:g}" if isinstance(value, int | float) else str(value)


def _metrics() -> Iterable[tuple[str, ...]]:
    for name, kind in METRICS.items():
        end = "_total" if kind.type.__name__ == "Counter" else ""
        labels = ", ".join(kind.labels) or "-"
        yield f"`{PREFIX}{name}{end}`", kind.type.__name__.lower(), labels, kind.meaning


def _table(head: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "".join("| " + " | ".join(" ".join(str(c).split()) for c in r) + " |\n" for r in lines)


if __name__ == "__main__":
    Path(DOCUMENT).write_text(with_tables(DOCUMENT.read_text()))
