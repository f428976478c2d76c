"""What happens, as it happens: server-sent events, which go on after a broken connection."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Request
from fastapi.responses import StreamingResponse
from starlette.concurrency import run_in_threadpool

from perpools.index import tables
from perpools.web.api.asked import Account, Knows, known
from perpools.web.api.problems import busy, documented
from perpools.web.live import Live

routes = APIRouter(tags=["stream"], responses=documented(404, 422, 503))
MOST_LISTENERS = 200
EVERY_S, HEARTBEAT_S = 0.5, 15.0
AT_ONCE = 200
MOST_ID = 2**53

EXAMPLE = (
    "id: 7\nevent: order\n"
    'data: {"type":"order","market":"0x00000000000000000000000000000000000000Aa","block":12}\n\n'
)


class Crier:
    """Tells every listener; the database is asked once for all of them."""

    def __init__(self, live: Live) -> None:
        self.live, self.listeners = live, 0
        self._last, self._asked_s = 0, float("-inf")
        self._asking = asyncio.Lock()

    async def last(self) -> int:
        """The number of the latest news, at most half a second old."""
        async with self._asking:
            if time.monotonic() - self._asked_s >= EVERY_S:
                self._last = await run_in_threadpool(self.live.reader.last_news)
                self._asked_s = time.monotonic()
        return self._last

    async def since(self, after: int, market: str | None) -> Sequence[tables.News]:
        """What was told after a number."""
        if await self.last() <= after:
            return ()
        return await run_in_threadpool(self.live.reader.news, after, AT_ONCE, market)

    async def missed(self, after: int) -> bool:
        """Whether some of what was told after a number is not kept any more."""
        first = await run_in_threadpool(self.live.reader.news, 0, 1)
        return bool(after and first and first[0].id > after + 1)


@routes.get(
    "/stream",
    summary="What happens, as it happens",
    response_class=StreamingResponse,
    responses={200: {"content": {"text/event-stream": {"example": EXAMPLE}}}},
)
async def stream(
    request: Request,
    live: Knows,
    market: Annotated[Account | None, Query(description="Only this market's.")] = None,
    after: Annotated[
        int | None,
        Query(
            ge=0,
            le=MOST_ID,
            description="Begin after this id; 0: with all that is kept.",
            examples=[0],
        ),
    ] = None,
    once: Annotated[
        bool, Query(description="End with what there is now.", examples=[True])
    ] = False,
    last_event_id: Annotated[str | None, Header(max_length=32)] = None,
) -> StreamingResponse:
    """
    Server-sent events: every order, event, claim, transfer, and `undone` for what a reorganisation
    of the chain took back; `gap` where some was missed that is not kept any more. Without an id, or
    a `Last-Event-ID`, it begins now.
    """
    crier: Crier = request.app.state.crier
    if market:
        known(live, market)
    if crier.listeners >= MOST_LISTENERS:
        raise busy("Too many listen already: ask again soon.")
    begin = int(last_event_id) if last_event_id and last_event_id.isdecimal() else after
    if begin is None:
        begin = await crier.last()
    told = _told(crier, min(begin, MOST_ID), market, once=once)
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(told, headers=headers, media_type="text/event-stream")


async def _told(crier: Crier, after: int, market: str | None, *, once: bool) -> AsyncIterator[str]:
    crier.listeners += 1
    try:
        yield "retry: 2000\n\n"
        if await crier.missed(after):
            yield 'event: gap\ndata: {"type":"gap"}\n\n'
        quiet_s = 0.0
        while True:
            news = await crier.since(after, market)
            for one in news:
                yield event(one)
            if news:
                after, quiet_s = news[-1].id, 0.0
                continue
            if once:
                return
            await asyncio.sleep(EVERY_S)
            quiet_s += EVERY_S
            if quiet_s >= HEARTBEAT_S:
                quiet_s = 0.0
                yield ": still here\n\n"
    finally:
        crier.listeners -= 1


def event(one: tables.News) -> str:
    """One of the news."""
    fact: dict[str, Any] = one.fact
    data = json.dumps(fact, separators=(",", ":"))
    return f"id: {one.id}\nevent: {fact.get('type', 'news')}\ndata: {data}\n\n"
