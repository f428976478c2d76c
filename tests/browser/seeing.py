"""What somebody notices who cannot see the page, or has no mouse, or a small screen."""

from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from playwright.sync_api import Page

NAMED = ("button", "link", "textbox", "combobox", "checkbox", "radio", "switch", "tab", "img")
"""Roles that say nothing without a name."""

SCRIPT = Path(__file__).with_name("seeing.js").read_text()

LANDMARKS = ("banner", "main", "navigation")


class Seen(NamedTuple):
    """The parts of a page that have a role, as Chromium tells them to a screen reader."""

    nodes: list[dict[str, Any]]

    def names(self, role: str) -> list[str]:
        return [_value(node, "name") for node in self.nodes if _value(node, "role") == role]


def _value(node: dict[str, Any], key: str) -> str:
    return str(node.get(key, {}).get("value", ""))


def read_aloud(page: Page) -> Seen:
    """Chromium's accessibility tree, without what is not told."""
    session = page.context.new_cdp_session(page)
    tree = session.send("Accessibility.getFullAXTree")
    session.detach()
    return Seen([node for node in tree["nodes"] if not node.get("ignored")])


def faults(page: Page) -> list[str]:
    """What is wrong for somebody who cannot see the page, or hardly."""
    told: dict[str, Any] = _asked(page, "structure")
    seen = read_aloud(page)
    found = [f"{role} without a name" for role in NAMED if "" in seen.names(role)]
    found += [f"no {mark}" for mark in LANDMARKS if not seen.names(mark)]
    found += [f"{len(seen.names('main'))} main parts"] if len(seen.names("main")) > 1 else []
    found += _structure(told)
    return found + [f"faint: {text}" for text in _asked(page, "contrast")]


def _asked(page: Page, what: str) -> Any:
    page.evaluate(SCRIPT)
    return page.evaluate(f"seeing.{what}()")


def _structure(told: dict[str, Any]) -> list[str]:
    found: list[str] = []
    levels = told["levels"]
    if levels[:1] != [1] or levels.count(1) != 1:
        found.append(f"headings begin with {levels[:3]}")
    if any(later > before + 1 for before, later in pairwise(levels)):
        found.append(f"headings leave levels out: {levels}")
    if told["language"] == "" or told["title"] == "":
        found.append("no language or no title")
    found += [f"no label: {text}" for text in told["unlabelled"]]
    found += [f"id twice: {text}" for text in told["twice"]]
    found += [f"{told['ahead']} parts jump ahead of the keyboard's order"] if told["ahead"] else []
    found += [f"{told['headless']} tables without headings"] if told["headless"] else []
    return found


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than the screen."""
    told: dict[str, Any] = _asked(page, "structure")
    return int(told["overflow"])


def tabbed(page: Page, most: int = 80) -> list[dict[str, Any]]:
    """Where the Tab key goes from the top of the page, until it comes round."""
    page.evaluate("document.activeElement.blur()")
    found: list[dict[str, Any]] = []
    for _ in range(most):
        page.keyboard.press("Tab")
        at: dict[str, Any] | None = _asked(page, "focused")
        if at is None or any(at["place"] == before["place"] for before in found):
            break
        found.append(at)
    return found
