"""Every implementation replays every history. Adding one means adding a driver, not a test."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from tests.stateful.model import Model
from tests.strategies import V1
from tests.vectors.build import HISTORIES, build, file_name
from tests.vectors.history import HERE, end_of, load, perform, setup_of
from tests.world import World

FILES = sorted(HERE.glob("*.json"))


@pytest.fixture(params=[Model, World], ids=["specification", "evm"])
def driver(request: pytest.FixtureRequest) -> Iterator[type[Model]]:
    return request.param


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_history(path, driver) -> None:
    history = load(path)
    with closing(driver(setup_of(history["start"], V1))) as market:
        for number, step in enumerate(history["steps"]):
            assert perform(market, step) == step["then"], f"step {number}"
        market.check()
        assert end_of(market) == history["end"]


def test_the_histories_are_those_of_the_specification() -> None:
    assert {path.name for path in FILES} == {file_name(story) for story in HISTORIES}
    for story, setup in HISTORIES.items():
        assert build(story, setup) == (HERE / file_name(story)).read_text(), (
            f"{file_name(story)}: make vectors"
        )
