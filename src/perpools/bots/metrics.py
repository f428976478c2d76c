"""
What a bot counts, for Prometheus: seconds, gas and the base units of coins. One registry for each
bot, nothing global; labels name markets and endpoints, never users.
"""

from collections.abc import Sequence
from importlib import metadata
from typing import Any, NamedTuple, TypeVar
from urllib.parse import urlsplit

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.metrics import MetricWrapperBase

LATENESS_S = (1, 2, 5, 12, 24, 60, 120, 300, 900, 3_600, 21_600, 86_400)
"""From one second to a day: the first buckets are blocks of the chains in use."""
REQUEST_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
GAS = (50_000, 75_000, 100_000, 125_000, 150_000, 200_000, 300_000, 500_000, 1_000_000)


class Kind(NamedTuple):
    """One metric: its type, labels and meaning."""

    type: type[MetricWrapperBase]
    labels: tuple[str, ...]
    meaning: str
    buckets: Sequence[float] = ()


KINDS = {
    "upkeep": Kind(
        Counter, ("pool", "result"), "Events by what came of them: done, lost, failed, undone"
    ),
    "upkeep_lateness_seconds": Kind(
        Histogram, ("pool",), "From the grid point to the block of our event", LATENESS_S
    ),
    "upkeep_gas_used": Kind(Histogram, ("pool",), "Gas of our events", GAS),
    "epoch_missed": Kind(Counter, ("pool",), "Grid points that passed without an event of theirs"),
    "keeper_reward": Kind(Counter, ("token",), "Collateral earned, in its base units"),
    "keeper_native_balance": Kind(Gauge, (), "The account's native coin, in wei"),
    "claims": Kind(Counter, ("pool", "result"), "Claims for owners: done, lost"),
    "claim_tips": Kind(Counter, (), "Tips earned, in wei"),
    "orders": Kind(
        Counter, ("pool", "kind", "result"), "Orders of the balancer: done, lost, paper"
    ),
    "tx_pending": Kind(Gauge, (), "Transactions on their way"),
    "tx_replaced": Kind(Counter, (), "Transactions sent again for a higher fee"),
    "rpc_request_duration_seconds": Kind(
        Histogram, ("method", "endpoint"), "Requests to nodes", REQUEST_S
    ),
    "rpc_errors": Kind(Counter, ("method", "endpoint"), "Requests that a node did not answer"),
    "chain_head_timestamp_seconds": Kind(Gauge, (), "The last block's time"),
    "chain_head_block": Kind(Gauge, (), "The last block's number"),
    "chain_reorg": Kind(Counter, (), "Blocks seen that are no longer on the chain"),
    "clock_skew_seconds": Kind(
        Gauge, (), "This machine's clock ahead of a new block's, when it was first seen"
    ),
    "oracle_age_seconds": Kind(Gauge, ("pool",), "Age of the price feed's latest value"),
    "pool_balance": Kind(Gauge, ("pool", "side"), "Collateral of a side, in base units"),
    "pool_skew_ratio": Kind(Gauge, ("pool",), "Long balance over short balance, minus one"),
    "queue_amount": Kind(
        Gauge, ("pool", "kind"), "Waiting orders of a kind, in base units of what they pay"
    ),
    "alerts": Kind(Counter, ("kind",), "Alerts raised"),
    "webhook_dropped": Kind(Counter, (), "Alerts that the webhook did not take"),
    "loop_exceptions": Kind(Counter, (), "Failures of the loop itself"),
    "markets": Kind(Gauge, (), "Markets tended"),
    "build_info": Kind(Gauge, ("version", "role"), "Always 1"),
}
"""Under the prefix `perpools_`; counters end in `_total` as well."""

PREFIX = "perpools_"

M = TypeVar("M", bound=MetricWrapperBase)


class Metrics:
    """One bot's."""

    def __init__(self, role: str) -> None:
        self.registry = CollectorRegistry()
        self._metrics = {name: self._new(name, kind) for name, kind in KINDS.items()}
        self.set("build_info", 1, version=metadata.version("perpools"), role=role)

    def count(self, name: str, by: float = 1, **labels: object) -> None:
        """Something happened, or so much of it."""
        self._of(Counter, name, labels).inc(by)

    def set(self, name: str, value: float, **labels: object) -> None:
        """Something is so much now."""
        self._of(Gauge, name, labels).set(value)

    def observe(self, name: str, value: float, **labels: object) -> None:
        """Something took so much this time."""
        self._of(Histogram, name, labels).observe(value)

    def asked(self, method: str, endpoint: str, seconds: float, error: object) -> None:
        """A node was asked; only its host is told, since paths and queries hold keys."""
        host = urlsplit(endpoint).netloc.rpartition("@")[2] or endpoint
        self.observe("rpc_request_duration_seconds", seconds, method=method, endpoint=host)
        if error is not None:
            self.count("rpc_errors", method=method, endpoint=host)

    def text(self) -> bytes:
        """All of it as Prometheus reads it."""
        return generate_latest(self.registry)

    def _new(self, name: str, kind: Kind) -> MetricWrapperBase:
        options: dict[str, Any] = {"buckets": kind.buckets} if kind.buckets else {}
        options |= {"registry": self.registry}
        return kind.type(PREFIX + name, kind.meaning, kind.labels, **options)

    def _of(self, kind: type[M], name: str, labels: dict[str, object]) -> M:
        metric = self._metrics[name]
        assert isinstance(metric, kind)
        return metric.labels(**labels) if labels else metric
