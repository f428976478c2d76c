"""A process to be killed: it follows a story of a chain, reorganisations and all, into a file."""

import random
import sys
from contextlib import closing
from pathlib import Path

from tests.index.tale import BIRTH, Desk, Tale, beginning

TURNS = 60


def story(seed: int) -> list[Tale]:
    """A chain at many moments, each a few blocks after the last, or beside it."""
    chance, tale = random.Random(seed), beginning()
    told = []
    for turn in range(TURNS):
        back = chance.choice([0, 0, 0, 1, 3, 20])
        tale = tale.until(max(BIRTH, max(tale.chapters) - back))
        tale = tale.go_on(back + chance.randint(1, 4), seed + turn)
        told.append(tale)
    return told


def main(path: str, seed: str, since: str) -> None:
    told = story(int(seed))
    desk = Desk(told[0], Path(path)).begin()
    with closing(desk):
        for turn, tale in enumerate(told):
            if turn >= int(since):
                desk.follow(tale)
                sys.stdout.write(f"{turn}\n")
                sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
