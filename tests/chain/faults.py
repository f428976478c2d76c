"""What a proxy can do wrong: each function gives a fault for `Proxy.do`."""

from typing import Any

from tests.chain.proxy import Exchange, Fault, Reply

LATEST = ("latest", "pending")


def drop(*, late: bool = False) -> Fault:
    """The connection ends without a reply; `late`: after the node has done what was asked."""

    def fault(exchange: Exchange) -> None:
        if late:
            exchange.forward(exchange.asked)

    return fault


def delay(seconds: float) -> Fault:
    """The reply is late."""

    def fault(exchange: Exchange) -> Reply:
        exchange.closing.wait(seconds)
        return exchange.forward(exchange.asked)

    return fault


def status(code: int, retry_after_s: int | None = None) -> Fault:
    """An HTTP status, such as 429 or 500, and no JSON."""
    headers = () if retry_after_s is None else (("Retry-After", str(retry_after_s)),)
    return lambda _: Reply(b"not now", code, headers)


def garbage(body: bytes = b"<html>maintenance</html>") -> Fault:
    """Something that is no JSON-RPC."""
    return lambda _: Reply(body)


def error(code: int, message: str) -> Fault:
    """An error in JSON-RPC."""
    return lambda exchange: exchange.each(
        lambda one: {"jsonrpc": "2.0", "id": one["id"], "error": {"code": code, "message": message}}
    )


def answer(result: Any) -> Fault:
    """A result of one's own: `answer("0x5")` to `eth_chainId` is another chain."""
    return lambda exchange: exchange.each(
        lambda one: {"jsonrpc": "2.0", "id": one["id"], "result": result}
    )


def narrow(blocks: int) -> Fault:
    """Logs of no more blocks than these at once."""

    def one(exchange: Exchange, asked: dict[str, Any]) -> dict[str, Any]:
        wanted = asked["params"][0]
        if int(wanted["toBlock"], 16) - int(wanted["fromBlock"], 16) < blocks:
            return exchange.honest(asked)
        message = f"block range too large, maximum is {blocks}"
        return {"jsonrpc": "2.0", "id": asked["id"], "error": {"code": -32005, "message": message}}

    return lambda exchange: exchange.each(lambda asked: one(exchange, asked))


def lagging(blocks: int) -> Fault:
    """The node as it was so many blocks ago."""

    def one(exchange: Exchange, asked: dict[str, Any]) -> dict[str, Any]:
        head_of = {"jsonrpc": "2.0", "id": 0, "method": "eth_blockNumber", "params": []}
        head = int(exchange.honest(head_of)["result"], 16) - blocks
        told = exchange.honest({**asked, "params": [_older(p, head) for p in asked["params"]]})
        if asked["method"] == "eth_blockNumber":
            told["result"] = hex(head)
        elif isinstance(told.get("result"), dict) and _is_newer(told["result"], head):
            told["result"] = None
        return told

    return lambda exchange: exchange.each(lambda asked: one(exchange, asked))


def _older(parameter: Any, head: int) -> Any:
    """Latest is what was the latest then."""
    if isinstance(parameter, dict) and "toBlock" in parameter:
        last = min(int(parameter["toBlock"], 16), head)
        return {**parameter, "toBlock": hex(last)}
    return hex(head) if parameter in LATEST else parameter


def _is_newer(told: dict[str, Any], head: int) -> bool:
    number = told.get("blockNumber") or told.get("number")
    return isinstance(number, str) and int(number, 16) > head
