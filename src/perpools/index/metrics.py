"""What a follower counts, for Prometheus: one registry for each, nothing global."""

from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

LOOK_S = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)

KINDS: dict[str, tuple[Any, tuple[str, ...], str]] = {
    "indexer_head_block": (Gauge, (), "The chain's last block when it was asked last"),
    "indexer_head_timestamp_seconds": (Gauge, (), "Its time"),
    "indexer_block": (Gauge, ("pool",), "Everything of a market up to this block is in the tables"),
    "indexer_records": (Counter, ("pool",), "Records written"),
    "indexer_undone": (Counter, ("pool",), "Records taken back"),
    "indexer_reorg": (Counter, ("pool",), "Rounds in which records were taken back"),
    "indexer_problems": (Counter, ("pool",), "Rounds in which nothing could be written"),
    "indexer_failures": (Counter, (), "Rounds that failed for all markets"),
    "indexer_markets": (Gauge, (), "Markets followed"),
    "invariants_broken": (Gauge, ("market",), "What of a market cannot be, or is not the chain's"),
}
"""Under the prefix `perpools_`; counters end in `_total` as well."""

PREFIX = "perpools_"


class Metrics:
    """One follower's."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._metrics: dict[str, Any] = {
            name: kind(PREFIX + name, meaning, labels, registry=self.registry)
            for name, (kind, labels, meaning) in KINDS.items()
        }
        self.look_seconds = Histogram(
            f"{PREFIX}indexer_look_duration_seconds",
            "How long rounds took",
            buckets=LOOK_S,
            registry=self.registry,
        )

    def count(self, name: str, by: float = 1, **labels: str) -> None:
        """Something happened, or so much of it."""
        self._of(name, labels).inc(by)

    def set(self, name: str, value: float, **labels: str) -> None:
        """Something is so much now."""
        self._of(name, labels).set(value)

    def text(self) -> bytes:
        """All of it as Prometheus reads it."""
        return generate_latest(self.registry)

    def _of(self, name: str, labels: dict[str, str]) -> Any:
        metric = self._metrics[name]
        return metric.labels(**labels) if labels else metric
