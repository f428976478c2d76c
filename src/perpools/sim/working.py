"""
Who works: threads of this process, or the workers of a Dask cluster.

Results come in the order of the tasks, and only so many tasks are handed out at a time: what waits
to be merged stays small however many there are.
"""

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, NamedTuple

from perpools.errors import ConfigError

AHEAD = 3
"""Tasks handed out for each worker."""

Play = Callable[[Any, int], Any]
Submit = Callable[[int], Any]


class Crew(NamedTuple):
    """So many threads; or, where it has an address, a Dask cluster."""

    workers: int = 1
    scheduler: str | None = None

    def in_order(self, play: Play, job: Any, numbers: Iterable[int]) -> Generator[Any, None, None]:
        """`play(job, number)` of every number, in their order, computed side by side."""
        with (
            _threads(self.workers, play, job)
            if self.scheduler is None
            else _cluster(self.scheduler, play, job)
        ) as (submit, hands):
            waiting: deque[Any] = deque()
            for number in numbers:
                waiting.append(submit(number))
                if len(waiting) >= hands * AHEAD:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()


@contextmanager
def _threads(workers: int, play: Play, job: Any) -> Iterator[tuple[Submit, int]]:
    with ThreadPoolExecutor(workers) as pool:
        try:
            yield lambda number: pool.submit(play, job, number), workers
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


@contextmanager
def _cluster(address: str, play: Play, job: Any) -> Iterator[tuple[Submit, int]]:
    try:
        import distributed
    except ModuleNotFoundError:
        raise ConfigError("a scheduler needs more: pip install 'perpools[dask]'") from None
    try:
        client: Any = distributed.Client(address, timeout="10s")  # type: ignore[no-untyped-call]
    except (OSError, TimeoutError, ValueError):
        raise ConfigError(f"--scheduler {address}: no Dask scheduler answers there") from None
    with client:
        hands = sum(client.nthreads().values())
        if hands == 0:
            raise ConfigError(f"--scheduler {address}: it has no workers")
        # once to every worker, not with every task
        sent = client.scatter(job, broadcast=True)
        yield lambda number: client.submit(play, sent, number, pure=False), hands
