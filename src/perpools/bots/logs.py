"""What a bot writes while it works: lines for people or for programs, on standard error."""

import logging
import sys
from typing import Any, TextIO

import structlog
from structlog.typing import FilteringBoundLogger

Log = FilteringBoundLogger


def logger(form: str = "pretty", level: str = "info", to: TextIO | None = None) -> Log:
    """
    A logger of one's own; `form` is `pretty` or `json`, `level` the least that is written.
    """
    stream = to or sys.stderr
    shown: Any = structlog.dev.ConsoleRenderer(colors=stream.isatty())
    tail = [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    log: Log = structlog.wrap_logger(
        structlog.PrintLogger(stream),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *(tail if form == "json" else [shown]),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.getLevelNamesMapping()[level.upper()]
        ),
        cache_logger_on_first_use=False,
    )
    return log
