"""
What is told over the page in passing, and to screen readers at once: a success leaves by itself,
what went wrong stays until somebody has read and closed it.
"""

from nicegui import ui

from perpools.web.pages.refusals import in_words

TOLD_S = 5.0
"""A success; the browser adds the second that it takes to come and go."""
STAYS_S = 0.0

CLOSE = "Close"


def toast(text: str, *, good: bool) -> None:
    """Tell how something ended."""
    ui.notify(
        text,
        # a dialog is still open when something succeeds: its buttons are not to be covered
        position="top" if good else "bottom",
        classes=_classes(good=good),
        timeout=round(_left_s(good=good) * 1_000),
        close_button=CLOSE,
    )


def tell_refused(refused: Exception) -> None:
    """Say why nothing was done."""
    toast(in_words(refused), good=False)


class Waiting:
    """What is told as long as something lasts, and then how it ended."""

    def __init__(self, text: str) -> None:
        self._note = ui.notification(text, spinner=True, timeout=None).classes("pp-toast")

    def end(self, text: str, *, good: bool) -> None:
        """It is over."""
        note = self._note
        note.classes(_classes(good=good))
        note.message, note.spinner = text, False
        note.timeout, note.close_button = _left_s(good=good), CLOSE


def _left_s(*, good: bool) -> float:
    return TOLD_S if good else STAYS_S


def _classes(*, good: bool) -> str:
    return f"pp-toast {'good' if good else 'bad'}"
