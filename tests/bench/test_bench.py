"""The benchmark runs, and everybody in it plays the same market; how fast is `make bench`'s."""

from tests.bench.report import TARGETS, Bench, misses


def test_a_short_run_tells_every_ratio_it_can() -> None:
    found = Bench(turns=1, steps=64).run()
    assert found["ratios"].keys() == TARGETS.keys()
    assert found["ratios"]["numpy_to_kernel"] > 0
    assert found["ratios"]["memory_1e5_to_1e3_paths"] > 0
    assert found["ratios"]["64_one_by_one_to_side_by_side"] > 1
    assert all(answer["per_second"] > 0 for answer in found["answers"].values())
    assert all(rate is None or rate > 0 for rate in found["indexed_logs_per_second"].values())


def test_a_ratio_that_misses_its_target_is_named() -> None:
    good = {name: limit for name, (_, limit) in TARGETS.items()}
    assert misses(good) == []
    bad = {
        name: limit * (2 if bound == "most" else 0.5) for name, (bound, limit) in TARGETS.items()
    }
    assert len(misses(bad)) == len(TARGETS)
    assert misses(dict.fromkeys(TARGETS)) == []
