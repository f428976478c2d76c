"""Work that all open pages share: computed once for whatever is new, in a thread."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from perpools.web.live import Condition, Live

MOST = 64
"""So many views are kept: about as many as pages that differ are open at once."""

LOOK_S = 1.0
"""How often it is asked whether anything is new."""

REFRESH_S = 15
"""Without a new block time goes on all the same: grid points and cut-offs pass."""


@dataclass(frozen=True, slots=True)
class Pulse:
    """How node and index are, and what changes whenever a view may."""

    condition: Condition
    stamp: Hashable


class Once:
    """The answers of one `Live` that still hold."""

    def __init__(self, live: Live) -> None:
        self._live = live
        self._kept: OrderedDict[Hashable, tuple[Hashable, asyncio.Future[Any]]] = OrderedDict()

    async def view(self, key: Hashable, stamp: Hashable, compute: Callable[[], Any]) -> Any:
        """
        What `compute` answers, which is asked once for a key until the stamp changes. What it
        raises, it raises for all who asked meanwhile; the next one tries again.
        """
        kept = self._kept.get(key)
        if kept is None or kept[0] != stamp or _failed(kept[1]):
            kept = stamp, asyncio.ensure_future(asyncio.to_thread(compute))
            self._kept[key] = kept
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        return await asyncio.shield(kept[1])

    async def often(self, key: Hashable, compute: Callable[[], Any]) -> Any:
        """The same of what time alone changes: asked at most once in `LOOK_S`."""
        return await self.view(key, int(asyncio.get_running_loop().time() / LOOK_S), compute)

    async def pulse(self) -> Pulse:
        """How things are now."""
        answer: Pulse = await self.often("pulse", self._pulse)
        return answer

    def _pulse(self) -> Pulse:
        last, condition = self._live.last, self._live.condition
        moment = condition.now // REFRESH_S
        return Pulse(condition, (last.version, condition.node_block, condition.node, moment))


_of_live: "WeakKeyDictionary[Live, Once]" = WeakKeyDictionary()


def once(live: Live) -> Once:
    """The shared work of one `Live`."""
    return _of_live.setdefault(live, Once(live))


def _failed(task: "asyncio.Future[Any]") -> bool:
    return task.done() and (task.cancelled() or task.exception() is not None)
