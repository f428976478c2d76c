"""Every path that is no page's: says so, and where the pages are."""

from nicegui import ui

from perpools.web.live import Live
from perpools.web.pages.frame import page
from perpools.web.pages.parts import Text, link, title


def register(live: Live) -> None:
    """Add what answers where nothing else does: after every other page."""

    @page("/{path:path}", live, title="Not found")
    def nowhere(path: str) -> None:
        ui.status_code(404)
        title("Nothing is here")
        Text("p", f"No page has the address '/{path[:66]}'.")
        link("All markets", "/")
