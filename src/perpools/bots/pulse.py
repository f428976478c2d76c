"""The chain's head, asked for again and again: what is new, what was undone, what time it is."""

import time
from contextlib import suppress

from perpools.bots.heads import Head
from perpools.bots.station import Station
from perpools.chain import noticing
from perpools.chain.node import Block
from perpools.errors import ChainError


async def beat(station: Station) -> None:
    """Ask once, and let everybody know."""
    before, block = station.heads.latest, await station.ask(station.node.block)
    is_new = before is None or (before.number, before.hash) != (block.number, block.hash)
    if is_new and before is not None and await _undone(station, before, block):
        station.metrics.count("chain_reorg")
        station.log.warning("blocks were undone", number=before.number, hash=before.hash)
        station.heads.step_back()
    station.heads.move(await _head(station, block, is_new=is_new))
    _measure(station, block, is_new=is_new)
    stall_s = station.settings.alert_stall_s
    alerts = noticing.of_chain("chain", station.heads.standing_s, stall_s)
    station.alerts.hear("chain", alerts)


async def _head(station: Station, block: Block, *, is_new: bool) -> Head:
    """The block; and where none came for a while, the time of the one to come."""
    now, pending = block.timestamp, False
    if not is_new and station.heads.standing_s >= station.settings.quiet_s:
        with suppress(ChainError):  # not every node prepares one, and then time stands still
            to_come = await station.ask(station.node.block, "pending")
            now, pending = max(now, to_come.timestamp), to_come.timestamp > now
    return Head(block.number, block.hash, block.timestamp, block.base_fee, now, pending)


async def _undone(station: Station, before: Head, block: Block) -> bool:
    """Whether the block that was the last is no longer on the chain."""
    if block.number <= before.number:
        return True
    there = await station.ask(station.node.block, before.number)
    return there.hash != before.hash


def _measure(station: Station, block: Block, *, is_new: bool) -> None:
    station.metrics.set("chain_head_timestamp_seconds", block.timestamp)
    station.metrics.set("chain_head_block", block.number)
    if is_new:
        station.metrics.set("clock_skew_seconds", time.time() - block.timestamp)
