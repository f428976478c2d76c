"""The files of `web/static`, which a browser may keep until their content changes."""

import hashlib
from pathlib import Path

from nicegui import app
from starlette.routing import Mount

STATIC = Path(__file__).parents[1] / "static"
STATIC_URL = "/_perpools"
A_DAY_S = 86_400


def asset(name: str) -> str:
    """Where a file is; the address changes with its content."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"{STATIC_URL}/{name}?v={digest}"


def serve_static() -> None:
    """Serves our own files, once."""
    if not any(isinstance(at, Mount) and at.path == STATIC_URL for at in app.routes):
        app.add_static_files(STATIC_URL, STATIC, max_cache_age=A_DAY_S)
