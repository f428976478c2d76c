"""
Statistics of many paths that none of them is kept for: moments, extremes and quantiles.

Paths come in chunks; a chunk's summary depends on its own paths alone, and chunks are merged in
their order, so the result is the same to the last bit whoever computed which chunk, and when.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .arrays import Floats

SMALL = 1e-6
"""Values are told apart to about this, and to a third of a per cent where they are larger."""
BINS = 20_001
REACH = float(np.arcsinh(1e12 / SMALL))
"""Of the histogram: a million millions, on either side of zero."""


class Gathered(NamedTuple):
    """What is kept of the paths so far, measure by measure."""

    paths: int
    mean: Floats
    squares: Floats
    """Sum of the squared distances from the mean."""
    least: Floats
    most: Floats
    histogram: NDArray[np.int64]

    @property
    def deviation(self) -> Floats:
        """Standard deviation."""
        found: Floats = np.sqrt(self.squares / max(self.paths - 1, 1))
        return found

    def quantile(self, part: float) -> Floats:
        """The value below which a part of the paths ended, to a third of a per cent."""
        ranks = np.cumsum(self.histogram, axis=1)
        bins = np.argmax(ranks >= part * self.paths, axis=1)
        values = np.sinh((bins / (BINS - 1) * 2 - 1) * REACH) * SMALL
        found: Floats = np.clip(values, self.least, self.most)
        return found


def gather(values: Floats) -> Gathered:
    """A chunk: one row for each path, one column for each measure."""
    mean = values.mean(axis=0)
    bins = bins_of(values).astype(np.int64)
    histogram = np.stack([np.bincount(column, minlength=BINS) for column in bins.T])
    squares = ((values - mean) ** 2).sum(axis=0)
    return Gathered(len(values), mean, squares, values.min(axis=0), values.max(axis=0), histogram)


def bins_of(values: Floats) -> Floats:
    """Which bin of the histogram each value falls into."""
    places = np.clip((np.arcsinh(values / SMALL) / REACH + 1) / 2, 0, 1)
    found: Floats = np.rint(places * (BINS - 1))
    return found


def merge(one: Gathered | None, other: Gathered) -> Gathered:
    """Both together (Chan, Golub and LeVeque); the order matters in the last bits only."""
    if one is None:
        return other
    count, gap = one.paths + other.paths, other.mean - one.mean
    return Gathered(
        count,
        one.mean + gap * (other.paths / count),
        one.squares + other.squares + gap**2 * (one.paths * other.paths / count),
        np.minimum(one.least, other.least),
        np.maximum(one.most, other.most),
        one.histogram + other.histogram,
    )
