"""Files that appear whole or not at all."""

import errno
import os
from collections.abc import Callable
from pathlib import Path


def write_whole(path: Path, write: Callable[[Path], object]) -> None:
    """
    Write a file beside its place and move it there once it is whole. `OSError` names the file where
    it has no folder, or is one.
    """
    for wrong, number in (
        (path.is_dir(), errno.EISDIR),
        (not path.parent.is_dir(), errno.ENOENT),
    ):
        if wrong:
            raise OSError(number, os.strerror(number), str(path))
    part = path.with_name(path.name + ".part")
    try:
        write(part)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
