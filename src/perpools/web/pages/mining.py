"""Waiting for a transaction that somebody else sent, through the server's own node."""

import asyncio
import time

from perpools.chain.node import Transaction
from perpools.chain.wire import Hash, Receipt
from perpools.errors import ChainError
from perpools.web.live import Live
from perpools.web.transactions import Unsigned

LOOK_S = 1.0
PATIENCE_S = 1_800.0
"""A transaction that offers too little may wait for long; then it is left to a later reload."""


async def mined(
    live: Live,
    transaction: Unsigned | None,
    sent: Hash,
    *,
    patience_s: float = PATIENCE_S,
    look_s: float = LOOK_S,
) -> Receipt:
    """
    What a transaction did, once it is mined; a node that is gone meanwhile is waited for.
    `ChainError` after `patience_s`. Where it is known what was sent, a failure is raised as what
    the contract refused.
    """
    give_up = time.monotonic() + patience_s
    while True:
        receipt = await asyncio.to_thread(_look, live, sent)
        if receipt is not None:
            break
        if time.monotonic() > give_up:
            raise ChainError("not mined yet: it may still be, look again later")
        await asyncio.sleep(look_s)
    if transaction is not None and not receipt.succeeded:
        raise await asyncio.to_thread(_refusal, live, transaction, receipt)
    return receipt


def _look(live: Live, sent: Hash) -> Receipt | None:
    try:
        return live.node.receipt(sent)
    except ChainError:
        return None


def _refusal(live: Live, transaction: Unsigned, receipt: Receipt) -> Exception:
    sent = Transaction(
        transaction.sender, transaction.to, transaction.data, transaction.value, 0, transaction.gas
    )
    return live.node.refusal(sent, receipt)
