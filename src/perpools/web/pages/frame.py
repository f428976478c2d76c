"""
What is around every page: header, navigation, theme, banner, footer; and what keeps a page current.

A page module adds its pages so:

    def register(live: Live) -> None:
        @page("/portfolio", live, title="Portfolio")
        async def portfolio() -> None:
            view = await off_loop(views.portfolio, live, account)
            title("Portfolio")
            ...
            follow(live, functools.partial(views.portfolio, live, account), update, key="...")
"""

import asyncio
import functools
import inspect
from collections.abc import Awaitable, Callable, Hashable
from typing import Any, ParamSpec, TypeVar

from nicegui import ui

from perpools.errors import PoolsError
from perpools.values import Duration
from perpools.web.live import Condition, Live
from perpools.web.pages import wording
from perpools.web.pages.assets import asset, serve_static
from perpools.web.pages.once import LOOK_S, once
from perpools.web.pages.parts import Clock, Text, box, button, change, link
from perpools.web.pages.wallet import wallet_button

PAGES = {"/": "Markets", "/portfolio": "Portfolio", "/new": "New market"}

MARK = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" aria-hidden="true">'
    '<rect width="24" height="24" rx="6" fill="#0b6b5d"/>'
    '<path d="M4.5 15.5 12 6v9.5z" fill="#fff"/>'
    '<path d="M12 8.5h7.5L12 18z" fill="#fff" fill-opacity=".62"/></svg>'
)
THEME_MARKS = (
    '<svg class="pp-sun" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" '
    'stroke-linecap="round" aria-hidden="true"><circle cx="12" cy="12" r="4"/><path d="M12 3v1.5'
    "M12 19.5V21M3 12h1.5M19.5 12H21M5.6 5.6l1.1 1.1M17.3 17.3l1.1 1.1M18.4 5.6l-1.1 1.1"
    'M6.7 17.3l-1.1 1.1"/></svg><svg class="pp-moon" viewBox="0 0 24 24" fill="none" '
    'stroke="currentColor" stroke-width="2" stroke-linejoin="round" aria-hidden="true">'
    '<path d="M20 14.5A8.5 8.5 0 0 1 9.5 4 8.5 8.5 0 1 0 20 14.5z"/></svg>'
)
RISK = (
    "Not audited. Tokens can lose nearly all they are worth, orders wait for a price nobody knows "
    "yet, and nothing here is advice."
)

Asked = ParamSpec("Asked")
View = TypeVar("View")
Builder = Callable[..., Awaitable[None] | None]


def page(path: str, live: Live, *, title: str) -> Callable[[Builder], Builder]:
    """
    Adds a page inside the frame. Its builder may take the path's parameters, may be asynchronous,
    and starts with a heading of its own (`parts.title`): the page has no other `h1`.
    """
    serve_static()

    def adding(build: Builder) -> Builder:
        @functools.wraps(build)
        async def framed(*args: Any, **named: Any) -> None:
            condition = (await once(live).pulse()).condition
            frame = _Frame(path)
            with frame.main:
                built = build(*args, **named)
                if inspect.isawaitable(built):
                    await built
            # timers let the answer go at once: they come when the page is whole
            frame.keep(live, condition)

        full = f"{title} · Perpetual Pools"
        ui.page(path, title=full, favicon=MARK, language="en-US", response_timeout=20)(framed)
        return build

    return adding


async def off_loop(
    compute: Callable[Asked, View], *args: Asked.args, **named: Asked.kwargs
) -> View:
    """What a function of `views` answers, worked out in a thread: the event loop never waits."""
    return await asyncio.to_thread(compute, *args, **named)


async def shared(live: Live, key: Hashable, compute: Callable[[], View]) -> View:
    """The same, worked out once for all pages that name this key, until something is new."""
    work = once(live)
    answer: View = await work.view(key, (await work.pulse()).stamp, compute)
    return answer


def follow(
    live: Live,
    compute: Callable[[], View],
    update: Callable[[View], Awaitable[None] | None],
    *,
    key: Hashable,
) -> None:
    """
    Calls `update` in this page with what `compute` answers, whenever a block is new; one
    computation serves all open pages that name the same key, such as `("market", address)`. While
    nothing can be asked, the page stays as it is and the banner says so.
    """
    work, seen = once(live), None

    async def look() -> None:
        nonlocal seen
        try:
            pulse = await work.pulse()
            if pulse.stamp == seen:
                return
            answer = await work.view(key, pulse.stamp, compute)
        except PoolsError:
            return
        await _told(update, answer)
        seen = pulse.stamp

    ui.timer(LOOK_S, look)


def watch(
    live: Live,
    look: Callable[[], View],
    update: Callable[[View], Awaitable[None] | None],
    *,
    key: Hashable,
) -> None:
    """
    Calls `update` in this page every second with what `look` answers, be a block new or not. It is
    asked once for all pages that name the key, and must be cheap.
    """

    async def ask() -> None:
        try:
            answer: View = await once(live).often(key, look)
        except PoolsError:
            return
        await _told(update, answer)

    ui.timer(LOOK_S, ask)


async def _told(update: Callable[[View], Awaitable[None] | None], answer: View) -> None:
    updated = update(answer)
    if inspect.isawaitable(updated):
        await updated


class _Frame:
    """Everything around one page."""

    def __init__(self, path: str) -> None:
        ui.add_head_html(
            f'<link rel="stylesheet" href="{asset("perpools.css")}">'
            f'<script src="{asset("theme.js")}"></script>'
            f'<script src="{asset("frame.js")}" defer></script>'
        )
        with ui.context.client.layout:
            self._header = box("header", "pp-header")
            self._banner = box("div", "pp-banner", role="status")
            self._footer = box("footer", "pp-footer")
        self._header.move(target_index=0)
        self._banner.move(target_index=1)
        self.main = box("div", "pp-main", tabindex="-1")
        with self._header:
            ui.skip_link(target=self.main)
            self._tools = _header(path)

    def keep(self, live: Live, condition: Condition) -> None:
        """The account, the banner, the footer and the browser's clock, kept current."""
        with self._tools:
            wallet_button(live)
        with self._banner:
            warning = Text("div")
        with self._footer:
            clock = Clock(condition.now)
            with box("div"):
                Text("p", RISK)
                with box("p", "pp-row"):
                    reached = Text("span", "", "num")
                    link("API", "/api")

        def show(told: Condition) -> None:
            clock.show(told.now)
            warning.text = trouble(told)
            self._banner.set_visibility(told.stale)
            reached.text = f"Block {told.block:,}"

        show(condition)
        follow(live, lambda: live.condition, show, key="condition")


def _header(path: str) -> ui.element:
    """Name, navigation, theme; answers with where the account's place is."""
    with box("div", "pp-bar"):
        with link("", "/", "pp-brand"):
            ui.html(MARK, sanitize=False, tag="span").style("display:contents")
            Text("span", "Perpetual Pools")
        with box("nav", "pp-nav", aria_label="Pages"), box("ul"):
            for target, name in PAGES.items():
                with box("li"):
                    current = "page" if _belongs(path, target) else None
                    change(link(name, target), {"aria-current": current})
        with box("div", "pp-tools") as tools:
            theme = button("", "icon quiet")
            label = {"aria-label": "Change between light and dark", "title": "Light or dark"}
            change(theme, label)
            theme.on("click", js_handler="() => perpoolsTheme()")
            with theme:
                ui.html(THEME_MARKS, sanitize=False, tag="span").style("display:contents")
    return tools


def _belongs(path: str, target: str) -> bool:
    """Whether a page is found under an entry of the navigation."""
    return path == target or (target != "/" and path.startswith(target + "/"))


def trouble(condition: Condition) -> str:
    """What is wrong, in words; empty where nothing is."""
    age = Duration(max(0, condition.now - condition.block_at)).text
    if not condition.node and condition.block == 0:
        return "The node does not answer, and nothing is indexed yet: once it does, markets appear."
    if not condition.node:
        return (
            f"The node does not answer. You see block {condition.block:,}, {age} old; "
            "nothing can be ordered until it is back."
        )
    if condition.behind:
        return (
            f"The index is {wording.counted(condition.lag, 'block')} behind the chain: "
            f"you see block {condition.block:,}, {age} old."
        )
    return ""
