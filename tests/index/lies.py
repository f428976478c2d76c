"""What a node can tell wrong about logs: each function gives a fault for `Proxy.do`."""

import random
from typing import Any

from tests.chain.proxy import Exchange, Fault, Reply

Logs = list[dict[str, Any]]


def without_last() -> Fault:
    """The last log is left out."""
    return _logs(lambda logs: logs[:-1])


def without_any() -> Fault:
    """Nothing happened."""
    return _logs(lambda _: [])


def without_some(seed: int) -> Fault:
    """One log in ten is left out."""
    chance = random.Random(seed)
    return _logs(lambda logs: [log for log in logs if chance.random() > 0.1])


def without(*transactions: str) -> Fault:
    """Nothing that these transactions logged is told."""
    return _logs(lambda logs: [log for log in logs if log["transactionHash"] not in transactions])


def of_another_block() -> Fault:
    """All logs are of blocks that nobody knows."""
    return _logs(lambda logs: [{**log, "blockHash": "0x" + "ab" * 32} for log in logs])


def twice() -> Fault:
    """Every log is told twice."""
    return _logs(lambda logs: [log for log in logs for _ in range(2)])


def backwards() -> Fault:
    """The last comes first."""
    return _logs(lambda logs: logs[::-1])


def older(blocks: int) -> Fault:
    """Logs of the last blocks are not there yet, though the blocks are."""

    def fault(exchange: Exchange) -> Reply:
        return exchange.each(lambda asked: _answered(exchange, asked, _shortened(asked, blocks)))

    return fault


def sometimes(fault: Fault, share: float, seed: int) -> Fault:
    """The fault now and then; else nothing is wrong."""
    chance = random.Random(seed)

    def maybe(exchange: Exchange) -> Reply | None:
        if chance.random() < share:
            return fault(exchange)
        return exchange.forward(exchange.asked)

    return maybe


def _shortened(asked: dict[str, Any], blocks: int) -> dict[str, Any]:
    wanted = asked["params"][0]
    last = max(int(wanted["toBlock"], 16) - blocks, 0)
    return {**asked, "params": [{**wanted, "toBlock": hex(last)}]}


def _answered(exchange: Exchange, asked: dict[str, Any], instead: dict[str, Any]) -> dict[str, Any]:
    wanted = instead["params"][0]
    if int(wanted["toBlock"], 16) < int(wanted["fromBlock"], 16):
        return {"jsonrpc": "2.0", "id": asked["id"], "result": []}
    return exchange.honest(instead)


def _logs(change: Any) -> Fault:
    def one(exchange: Exchange, asked: dict[str, Any]) -> dict[str, Any]:
        told = exchange.honest(asked)
        return {**told, "result": change(told["result"])} if "result" in told else told

    return lambda exchange: exchange.each(lambda asked: one(exchange, asked))
