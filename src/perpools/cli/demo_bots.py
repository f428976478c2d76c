"""The real keeper and claimer in a world of the demo: no setting of the user's reaches them."""

import asyncio
import threading
from typing import Any

import stamina.instrumentation

from perpools.bots import logs
from perpools.bots.launch import Bot
from perpools.bots.metrics import Metrics
from perpools.bots.options import BotSettings, ClaimerSettings, KeeperSettings
from perpools.demo.live.world import World
from perpools.settings import OwnWords
from perpools.spec.units import Address

SOON = {"poll_s": "1", "idle_poll_s": "1", "quiet_s": "3", "discover_s": "20", "workers": "2"}
"""An interval is a minute here."""

LOOK_S = 0.2


class _Keeper(OwnWords, KeeperSettings):
    pass


class _Claimer(OwnWords, ClaimerSettings):
    pass


def run(world: World, stopping: threading.Event) -> None:
    """Keep the world's markets and claim for its traders, until stopped."""
    stamina.instrumentation.set_on_retry_hooks(())
    asyncio.run(_run(world, stopping))


async def _run(world: World, stopping: threading.Event) -> None:
    cast = world.cast
    bots = [_bot(world, _Keeper, cast.keeper), _bot(world, _Claimer, cast.claimer)]

    async def wait() -> None:
        while not stopping.is_set():
            await asyncio.sleep(LOOK_S)
        for bot in bots:
            bot.stopping.set()

    await asyncio.gather(wait(), *(bot.run() for bot in bots))


def _bot(world: World, model: type[BotSettings], account: Address) -> Bot:
    factory = world.protocol.factory.address
    told: dict[str, Any] = {**SOON, "account": account, "factory": factory, "max_exceptions": "0"}
    settings = model.load(**told, from_block=world.protocol.block_number)
    log = logs.logger("pretty", "error")
    return Bot(settings, world.node, account, factory, Metrics(settings.role_name), log)
