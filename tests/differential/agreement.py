"""What it means that a library and its model are the same function."""

from collections.abc import Callable
from typing import Any

import boa


def plain(value: Any) -> Any:
    """Structs and lists of either language as tuples."""
    if isinstance(value, tuple | list):
        return tuple(plain(member) for member in value)
    return value


def agree(chain: Callable[..., Any], model: Callable[..., Any], *args: Any) -> None:
    """
    Both return the same, or both refuse: products beyond a word, results below zero, division by
    zero.
    """
    try:
        result = model(*args)
    except (AssertionError, ZeroDivisionError):
        with boa.reverts():
            chain(*args)
    else:
        assert plain(chain(*args)) == plain(result)
