"""What the server can be told: as every command's settings, and in the table `[serve]`."""

from typing import Annotated, ClassVar

from pydantic import AfterValidator

from perpools.settings import Count, Settings, Switch


def _port(port: int) -> int:
    if port > 65_535:
        raise ValueError("is not a port: at most 65535")
    return port


Port = Annotated[Count, AfterValidator(_port)]


class ServeSettings(Settings):
    """What `perpools serve` knows."""

    role: ClassVar[str | None] = "serve"

    host: str = "127.0.0.1"
    """Who can reach it: this machine alone, or 0.0.0.0 for everybody."""
    port: Port = 8080
    """Where it answers; 0: any port that is free."""
    proxy: str | None = None
    """A reverse proxy's address: what it says of whom it asks for is believed, nobody else is."""
    no_follow: Switch = False
    """Serve what another process indexes into the database; write nothing to it."""
