"""
Several endpoints of one chain as one provider of web3.

A request goes to the first endpoint, in the order given, that is well. Where that gives no usable
answer (no connection, time-out, HTTP 429 or 5xx, no JSON, a rate limit, an internal error) it rests
for a growing while and the next one is asked, then all again after a pause. A refusal, by a
contract or of a transaction, is an answer. Endpoints of another chain are not asked; those that lag
behind the others not for the latest state; those that have not reached a block only if none has.
Safe for threads.
"""

import threading
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any, cast
from urllib.parse import urlsplit

from web3.providers.base import JSONBaseProvider
from web3.types import RPCEndpoint, RPCResponse

from perpools.chain.asking import Attempt, Need, need_of
from perpools.chain.endpoints import Endpoint, Failure, Patience
from perpools.chain.failures import Unreachable, WrongChain
from perpools.errors import ConfigError

OnRequest = Callable[[str, str, float, str | None], None]
"""Told of every request: method, endpoint, seconds, and what went wrong, if anything did."""

CHECK_TIMEOUT_S = 2.0
"""Checks must not hold up what matters."""


class Failover(JSONBaseProvider):
    """Answers web3's requests from whichever endpoint can."""

    def __init__(
        self,
        urls: Sequence[str],
        chain_id: int | None = None,
        patience: Patience | None = None,
        on_request: OnRequest | None = None,
    ) -> None:
        super().__init__()
        self.patience = patience or Patience()
        self.chain_id = chain_id
        self.endpoints = [Endpoint(_checked(url), self.patience.timeout_s) for url in urls]
        self._on_request = on_request
        self._lock = threading.Lock()
        self._check_at = 0.0

    def make_request(self, method: RPCEndpoint, params: Any) -> RPCResponse:
        """One answer, be it an error that says something about the request."""
        self._check_when_due()
        attempt = Attempt(method, params, self.encode_rpc_request(method, params))
        return cast(RPCResponse, self._asked(attempt, need_of(method, params)))

    def make_batch_request(
        self, batch_requests: list[tuple[RPCEndpoint, Any]]
    ) -> list[RPCResponse] | RPCResponse:
        """Answers in the order of the requests; one error where no batches are taken."""
        self._check_when_due()
        body = self.encode_batch_rpc_request(batch_requests)
        method, count = batch_requests[0][0], len(batch_requests)
        needs = [need_of(*request) for request in batch_requests]
        blocks = [need.block for need in needs if need.block is not None]
        need = Need(any(need.latest for need in needs), max(blocks, default=None))
        answers = self._asked(Attempt(method, None, body, count), need)
        if not isinstance(answers, list):
            return cast(RPCResponse, answers)
        return sorted(answers, key=lambda answer: cast(int, answer["id"]))

    def meet(self) -> int:
        """
        Ask every endpoint for its chain, and return it.

        `WrongChain` where one is of another than expected or than the others; `Unreachable` where
        none answers.
        """
        found = {e.name: self._check(e, self.patience.timeout_s) for e in self.endpoints}
        complaints = [e.standing.wrong_chain for e in self.endpoints if e.standing.wrong_chain]
        if complaints:
            raise WrongChain(complaints[0])
        if all(found.values()):
            raise _unreachable({name: failure for name, failure in found.items() if failure})
        for endpoint in self.endpoints:
            self._compare(endpoint)
        self._check_at = time.monotonic() + self.patience.check_s
        return cast(int, self.chain_id)

    def is_connected(self, show_traceback: bool = False) -> bool:
        """Whether any endpoint answers."""
        return any(self._check(endpoint, CHECK_TIMEOUT_S) is None for endpoint in self.endpoints)

    def _asked(self, attempt: Attempt, need: Need) -> Any:
        """The first usable answer; else an internal error, as an answer; else `Unreachable`."""
        for pause_s in (0.0, *self.patience.pauses_s):
            if pause_s:
                time.sleep(pause_s)
                self._check_all(e for e in self.endpoints if e.is_excluded)
            for endpoint in self._candidates(need):
                if self._try(endpoint, attempt):
                    return attempt.answer
            if attempt.odd:
                return attempt.answer
        raise self._given_up(attempt)

    def _try(self, endpoint: Endpoint, attempt: Attempt) -> bool:
        """Whether an endpoint gave a usable answer, which the attempt keeps."""
        try:
            if not endpoint.standing.is_checked:
                self._verify(endpoint)
            attempt.answer = self._exchange(endpoint, attempt)
        except Failure as failure:
            attempt.failures[endpoint.name] = failure
            if failure.answer is not None:
                attempt.answer = failure.answer
                attempt.odd.append(endpoint)
                return not attempt.is_repeatable
            endpoint.rest(failure, self.patience)
            if failure.arrived and not attempt.is_repeatable:
                raise self._given_up(attempt) from None
            return False
        for other in attempt.odd:
            other.rest(attempt.failures[other.name], self.patience)
        endpoint.standing.failures = 0
        return True

    def _exchange(
        self, endpoint: Endpoint, attempt: Attempt, timeout_s: float | None = None
    ) -> Any:
        began, error = time.monotonic(), None
        try:
            answer = endpoint.post(attempt.body, timeout_s)
            attempt.judge(answer)
        except Failure as failure:
            error = str(failure)
            raise
        finally:
            if self._on_request:
                took_s = time.monotonic() - began
                self._on_request(attempt.method, endpoint.name, took_s, error)
        endpoint.notice(attempt.method, attempt.params, answer)
        return answer

    def _candidates(self, need: Need) -> list[Endpoint]:
        """Whom to ask, the fittest first, otherwise in the order given."""
        fit = [e for e in self.endpoints if not e.standing.wrong_chain]
        if need.block is not None and len(fit) > 1:
            self._look_for(need.block, fit)
        if need.latest:
            fit = [e for e in fit if not e.standing.is_lagging]
        now = time.monotonic()
        return sorted(fit, key=lambda endpoint: endpoint.unfitness(now, need.block))

    def _look_for(self, block: int, endpoints: Sequence[Endpoint]) -> None:
        """Ask for heads again, until one has reached a block."""
        now = time.monotonic()
        for endpoint in endpoints:
            if endpoint.standing.resting_until > now:
                continue
            if (endpoint.standing.head or 0) < block:
                self._check(endpoint, CHECK_TIMEOUT_S)
            if (endpoint.standing.head or 0) >= block:
                return

    def _verify(self, endpoint: Endpoint) -> None:
        """Before an endpoint is asked again after a failure: is it of this chain, and how far?"""
        failure = self._check(endpoint, self.patience.timeout_s)
        if failure:
            endpoint.standing.failures -= 1  # counted again by whoever gets it
            raise failure
        self._compare(endpoint)
        if endpoint.standing.wrong_chain:
            raise Failure(endpoint.standing.wrong_chain, arrived=False)

    def _check_when_due(self) -> None:
        with self._lock:
            now = time.monotonic()
            if now < self._check_at:
                return
            self._check_at = now + self.patience.check_s
        self._check_all(self.endpoints)

    def _check_all(self, endpoints: Iterable[Endpoint]) -> None:
        """Chain and head of whichever are awake, then who lags."""
        now = time.monotonic()
        awake = [e for e in endpoints if e.standing.resting_until <= now]
        for endpoint in awake:
            self._check(endpoint, CHECK_TIMEOUT_S)
        for endpoint in awake:
            self._compare(endpoint)

    def _check(self, endpoint: Endpoint, timeout_s: float) -> Failure | None:
        """Ask for chain and head; a failure lets the endpoint rest, and is returned."""
        try:
            chain_id = self._number(endpoint, "eth_chainId", timeout_s)
            self._number(endpoint, "eth_blockNumber", timeout_s)
        except Failure as failure:
            endpoint.rest(failure, self.patience)
            return failure
        with self._lock:
            if self.chain_id is None:
                self.chain_id = chain_id
        standing = endpoint.standing
        standing.is_checked, standing.wrong_chain = True, ""
        if chain_id != self.chain_id:
            said = f"{endpoint.name} is chain {chain_id}, not {self.chain_id}"
            standing.wrong_chain = f"wrong chain: {said}: mend rpc or chain_id"
        return None

    def _number(self, endpoint: Endpoint, method: str, timeout_s: float) -> int:
        body = self.encode_rpc_request(RPCEndpoint(method), [])
        answer = self._exchange(endpoint, Attempt(method, [], body), timeout_s)
        result = answer.get("result") if isinstance(answer, dict) else None
        if not isinstance(result, str):
            raise Failure(f"it does not answer {method}", arrived=False)
        return int(result, 16)

    def _compare(self, endpoint: Endpoint) -> None:
        """Does it lag behind what others told of lately?"""
        now, standing = time.monotonic(), endpoint.standing
        others = [
            other.standing.head
            for other in self.endpoints
            if other.standing.head is not None
            and not other.standing.wrong_chain
            and now - other.standing.head_at < self.patience.believed_s
        ]
        behind = max(others, default=0) - (standing.head or 0)
        standing.is_lagging = behind > self.patience.lag_blocks

    def _given_up(self, attempt: Attempt) -> Unreachable | WrongChain:
        """What to raise when nobody answered."""
        complaints = [e.standing.wrong_chain for e in self.endpoints]
        if all(complaints):
            return WrongChain(complaints[0])
        lagging = [e for e in self.endpoints if e.standing.is_lagging]
        behind = {e.name: Failure("it lags behind the others") for e in lagging}
        return _unreachable(behind | attempt.failures)


def _unreachable(failures: dict[str, Failure]) -> Unreachable:
    said = "; ".join(f"{name}: {failure}" for name, failure in failures.items())
    late = any(failure.is_late for failure in failures.values())
    return Unreachable(f"no node answers: {said}: check rpc, or try again", late=late)


def _checked(url: str) -> str:
    if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname:
        raise ConfigError(f"rpc: {url} is no address of a node: it begins with http:// or https://")
    return url
