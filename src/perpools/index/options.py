"""What an indexer can be told beside what every command knows; in a file, in a table `[index]`."""

from typing import ClassVar

from perpools.settings import Endpoint, Seconds, Settings


class IndexSettings(Settings):
    """What an indexer knows."""

    role: ClassVar[str | None] = "index"

    poll_s: Seconds = 2.0
    """How often the node is asked for a new block."""
    metrics_addr: Endpoint | None = None
    """HOST:PORT where /health, /ready, /status and /metrics answer; None: nowhere."""
