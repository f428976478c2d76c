"""Peak memory, in KiB, of a sweep of so many paths: `python -m tests.bench.memory 1000`."""

import resource
import sys

from perpools.sim import paths, recruit
from perpools.sim.sweep import sweep
from tests.bench.kernels import MARKET


def main() -> None:
    vary = {"agent.threshold": ("0.02", "0.05", "0.1", "0.2")}
    farmers = recruit("skew-farmer")
    sweep(MARKET, paths.Brownian(), vary, farmers, count=int(sys.argv[1]), horizon_s=60 * 3_600)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


if __name__ == "__main__":
    main()
