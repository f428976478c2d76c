"""One address of a node: requests over HTTP, and what it was like lately. Safe for threads."""

import json
import threading
import time
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import MaxRetryError, NewConnectionError

from perpools.chain.failures import reason_of

# Answers that say more of the endpoint than of the request: another one may do better.
LIMIT_CODES = {429, -32005, -32007, -32029, -32097}
LIMITED = ("rate limit", "too many requests", "per second", "capacity", "quota", "throughput")
INTERNAL_CODE = -32603
ODD = (
    "internal error",
    "temporarily unavailable",
    "timed out",
    "timeout",
    "try again",
    "header not found",
    "missing trie node",
    "unknown block",
)
TOO_MUCH = ("result", "range", "response size", "too large", "too big", "blocks")
"""What is said of log requests, sometimes under the code of a rate limit: the request's fault."""


class Failure(Exception):
    """An endpoint gave no usable answer."""

    def __init__(
        self,
        what: str,
        *,
        answer: Any = None,
        retry_after_s: float = 0,
        arrived: bool = True,
        is_late: bool = False,
    ) -> None:
        super().__init__(what)
        self.answer = answer
        """What it said in JSON-RPC, to be passed on if every other endpoint fails too."""
        self.retry_after_s = retry_after_s
        self.arrived = arrived
        """Whether it may have got the request."""
        self.is_late = is_late


@dataclass(frozen=True, slots=True)
class Patience:
    """How failing endpoints are dealt with; times in seconds."""

    timeout_s: float = 10.0
    """For one answer."""
    pauses_s: tuple[float, ...] = (0.25, 1.0)
    """Before each further round through all endpoints."""
    rest_s: float = 1.0
    """How long an endpoint rests after its first failure; twice as long after each further one."""
    longest_rest_s: float = 60.0
    """However long it asks to be left alone."""
    check_s: float = 10.0
    """Chain and head of every endpoint are checked this often."""
    lag_blocks: int = 3
    """How far behind the others an endpoint may be."""
    believed_s: float = 120.0
    """How long a head counts that its endpoint has not told again."""


@dataclass(slots=True)
class Standing:
    """What an endpoint was like lately; times are of this machine's monotonic clock."""

    failures: int = 0
    """In a row."""
    resting_until: float = 0.0
    head: int | None = None
    """Number of the last block that it told of."""
    head_at: float = 0.0
    is_lagging: bool = False
    is_checked: bool = False
    """Whether its chain was, since it failed last."""
    wrong_chain: str = ""
    """The complaint, where it is of another chain."""

    def saw(self, head: int) -> None:
        """It told of this block as its last."""
        self.head, self.head_at = head, time.monotonic()


class Endpoint:
    """One HTTP address."""

    def __init__(self, url: str, timeout_s: float) -> None:
        self.url, self.timeout_s = url, timeout_s
        parts = urlsplit(url)
        self.name = f"{parts.scheme}://{parts.hostname}" + (f":{parts.port}" if parts.port else "")
        """Without path and password: providers hide keys there."""
        self.standing = Standing()
        self._sessions = threading.local()

    @property
    def is_excluded(self) -> bool:
        """Whether it is not asked for the latest state, however well it is."""
        return self.standing.is_lagging or bool(self.standing.wrong_chain)

    def post(self, body: bytes, timeout_s: float | None = None) -> Any:
        """The JSON that answers a request; `Failure` where that is not JSON-RPC, or an excuse."""
        within = self.timeout_s if timeout_s is None else min(timeout_s, self.timeout_s)
        try:
            answer = self._session().post(
                self.url,
                data=body,
                headers={"Content-Type": "application/json"},
                timeout=within,
                allow_redirects=False,
            )
        except requests.Timeout as late:
            arrived = not isinstance(late, requests.ConnectTimeout)
            what = f"no answer within {within:g} s"
            raise Failure(what, arrived=arrived, is_late=True) from None
        except requests.RequestException as failed:
            raise Failure(_wording(failed), arrived=not _refused(failed)) from None
        return _understood(answer)

    def rest(self, failure: Failure, patience: Patience) -> None:
        """Be left alone for a while, twice as long after each failure in a row."""
        standing = self.standing
        growing = patience.rest_s * 2 ** min(standing.failures, 16)
        wanted = min(failure.retry_after_s, patience.longest_rest_s)
        rest_s = max(min(growing, patience.longest_rest_s), wanted)
        standing.failures += 1
        standing.resting_until = time.monotonic() + rest_s
        standing.is_checked = False

    def notice(self, method: str, params: Any, answer: Any) -> None:
        """Remember which block it told of as its last."""
        result = answer.get("result") if isinstance(answer, dict) else None
        if method == "eth_blockNumber" and isinstance(result, str):
            self.standing.saw(int(result, 16))
        elif method == "eth_getBlockByNumber" and params and params[0] == "latest":
            number = result.get("number") if isinstance(result, dict) else None
            if isinstance(number, str):
                self.standing.saw(int(number, 16))

    def unfitness(self, now: float, block: int | None) -> tuple[bool, bool, bool]:
        """Sorts endpoints: well before failing, up to date before lagging."""
        standing = self.standing
        behind = block is not None and (standing.head or 0) < block
        return behind, standing.resting_until > now, standing.is_lagging

    def _session(self) -> requests.Session:
        session: requests.Session | None = getattr(self._sessions, "session", None)
        if session is None:
            session = self._sessions.session = requests.Session()
            for scheme in ("http://", "https://"):
                session.mount(scheme, HTTPAdapter(pool_connections=1, pool_maxsize=1))
        return session


def excuse(answer: Any) -> tuple[str, bool] | None:
    """
    Why a JSON-RPC answer is none: its endpoint is behind, broken or (True) too busy; else None.
    """
    error = answer.get("error") if isinstance(answer, dict) else None
    if not isinstance(error, dict) or reason_of(error) is not None:
        return None
    message, code = str(error.get("message", "")), error.get("code")
    said, what = message.lower(), f"it answers: {message or code}"
    is_limit = any(words in said for words in LIMITED)
    if is_limit or (code in LIMIT_CODES and not any(words in said for words in TOO_MUCH)):
        return what, True
    is_odd = code == INTERNAL_CODE or any(words in said for words in ODD)
    return (what, False) if is_odd else None


def _understood(answer: requests.Response) -> Any:
    """The JSON of an answer, whatever its status, unless the status says it is none."""
    if answer.status_code == requests.codes.too_many_requests or answer.status_code >= 500:
        wait = _retry_after_s(answer.headers.get("Retry-After", ""))
        raise Failure(f"it answers HTTP {answer.status_code}", retry_after_s=wait)
    try:
        told = json.loads(answer.content)
    except ValueError:
        told = None
    if answer.ok and told is None:
        raise Failure("its answer is no JSON")
    if not _is_rpc(told):
        raise Failure(f"it answers HTTP {answer.status_code} and no JSON-RPC")
    return told


def _is_rpc(told: Any) -> bool:
    if isinstance(told, list):
        return all(map(_is_rpc, told))
    return isinstance(told, dict) and ("result" in told or isinstance(told.get("error"), dict))


def _retry_after_s(told: str) -> float:
    """Seconds, from either form of the header."""
    if told.isdigit():
        return float(told)
    try:
        return max(0.0, parsedate_to_datetime(told).timestamp() - time.time())
    except ValueError:
        return 0.0


def _refused(failed: requests.RequestException) -> bool:
    """Whether no connection came about at all."""
    cause = failed.args[0] if failed.args else None
    return isinstance(cause, MaxRetryError) and isinstance(cause.reason, NewConnectionError)


def _wording(failed: requests.RequestException) -> str:
    if isinstance(failed, requests.ConnectionError):
        return "no connection" if _refused(failed) else "the connection was dropped"
    return f"{type(failed).__name__}"
