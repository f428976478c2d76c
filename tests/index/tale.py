"""
A chain of one market that nobody mined: a random walk of the specification, block by block, which
can be told again from any block on in another way; and a node and a history that tell it.
"""

import atexit
import random
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from tempfile import mkdtemp

from web3 import Web3

from perpools.chain.history import Birth, History, Record
from perpools.chain.node import Block, Node
from perpools.errors import ChainError
from perpools.index.birth import begin
from perpools.index.comparing import Look
from perpools.index.database import Database
from perpools.index.progress import Step as Told
from perpools.index.tracking import CHUNK, Tracker
from perpools.spec import deployment
from perpools.spec.events import Deployed
from perpools.spec.state import Call, Market
from perpools.spec.terms import NOBODY
from tests.index.walk import (
    BIRTH,
    CROWD,
    DEPLOYER,
    FIXED,
    MINUTE_S,
    POOL,
    SEED,
    START,
    TERMS,
    WAD,
    Chapter,
    Walk,
    World,
)

__all__ = [
    "BIRTH",
    "CROWD",
    "DEPLOYER",
    "POOL",
    "WAD",
    "Chapter",
    "Desk",
    "Hearsay",
    "Tale",
    "World",
    "beginning",
]


@dataclass
class Tale:
    """Blocks from the market's birth on; those before it are empty."""

    chapters: dict[int, Chapter] = field(default_factory=dict)

    @property
    def head(self) -> Block:
        return self.chapters[max(self.chapters)].block

    @property
    def market(self) -> Market:
        """After the last block."""
        return self.chapters[max(self.chapters)].world.market

    def go_on(self, blocks: int, seed: int, *, ends: bool = False) -> "Tale":
        """The same with so many more blocks."""
        chapters = dict(self.chapters)
        last = max(chapters)
        walk = Walk(chapters[last].world, random.Random(seed), ends)
        for number in range(last + 1, last + 1 + blocks):
            chapters[number] = walk.chapter(number, chapters[number - 1].block.hash)
        return Tale(chapters)

    def until(self, block: int) -> "Tale":
        """Its beginning."""
        return Tale({n: chapter for n, chapter in self.chapters.items() if n <= block})

    def records(self, first: int, last: int) -> Iterator[Record]:
        for number in range(max(first, BIRTH), last + 1):
            block = self.chapters[number].block
            for index, event in enumerate(self.chapters[number].events):
                digest = sha256(f"{block.hash} {index}".encode()).hexdigest()
                where = number, block.hash, block.timestamp, "0x" + digest, index, POOL
                yield Record(event, *where)


@lru_cache(maxsize=64)
def beginning(seed: int = 0) -> Tale:
    """A market just born."""
    call = Call(DEPLOYER, START)
    world = World(deployment.deploy(call, TERMS, 2_000 * WAD, SEED), 2_000 * WAD, START)
    chapters = {}
    for number in range(BIRTH + 1):
        digest = sha256(f"{seed} {number}".encode()).hexdigest()
        block = Block(number, "0x" + digest, START - BIRTH + number, 10**9, True)
        chapters[number] = Chapter(block, (), world)
    return Tale(chapters)


@dataclass(frozen=True, slots=True)
class Teller(Node):
    """A node that tells a tale: the last one that it was given."""

    told: list[Tale] = field(default_factory=list)

    def block(self, at: int | str = "latest") -> Block:
        chapters = self.told[-1].chapters
        number = max(chapters) if isinstance(at, str) else at
        if number not in chapters:
            raise ChainError(f"there is no block {number}")
        return chapters[number].block


class Hearsay(History):
    """A history that a tale tells."""

    def __init__(self, tale: Tale) -> None:
        self.teller = Teller(Web3(), lambda *_: None)
        super().__init__(self.teller, POOL)
        self.fixed = FIXED
        told = Deployed(DEPLOYER, 2_000 * WAD, SEED, START // MINUTE_S)
        self.birth = Birth(told, NOBODY, BIRTH)
        self.tell(tale)

    def tell(self, tale: Tale) -> None:
        self.teller.told[:] = [tale]

    def records(self, first: int, last: int) -> Iterator[Record]:
        return self.teller.told[-1].records(first, last)


class Desk:
    """A database, and a tracker that follows a tale into it."""

    def __init__(self, tale: Tale, path: Path | None = None, chunk: int = CHUNK) -> None:
        self.path = path or new_file()
        self.database = Database(f"sqlite:///{self.path}")
        self.history = Hearsay(tale)
        self.tracker = Tracker(self.history, self.database, chunk)

    def begin(self) -> "Desk":
        begin(self.database, self.history, self._look())
        return self

    def look(self, tale: Tale) -> Told:
        """One round."""
        self.history.tell(tale)
        return self.tracker.look(self._look())

    def follow(self, tale: Tale) -> "Desk":
        """Rounds until everything is read."""
        while self.look(tale).behind:
            pass
        return self

    def close(self) -> None:
        self.database.close()

    def _look(self) -> Look:
        return Look(self.history.node, self.history.node.block())


@lru_cache(maxsize=1)
def _template() -> Path:
    folder = mkdtemp()
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    path = Path(folder) / "template.db"
    database = Database(f"sqlite:///{path}")
    database.upgrade()
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return path


def new_file() -> Path:
    """A database with empty tables."""
    template = _template()
    path = Path(mkdtemp(dir=template.parent)) / "index.db"
    return Path(shutil.copy(template, path))
