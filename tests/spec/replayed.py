"""A model that keeps a second market, and everybody's positions, by nothing but what is told."""

from collections.abc import Iterator
from contextlib import contextmanager

from perpools.spec import replay
from perpools.spec.events import Deployed, Event, Transfer
from perpools.spec.positions import advance, opened
from tests.stateful.model import Model, Outcome
from tests.stateful.operations import Operation
from tests.strategies import Setup


class Replayed(Model):
    def __init__(self, setup: Setup) -> None:
        super().__init__(setup)
        told = Deployed("deployer", setup.first_price, setup.seed_assets, self.market.last_epoch)
        self.replayed = replay.start(setup.terms, told)
        self.book = opened(self.replayed)
        self.transfers: tuple[Event, ...] = ()

    def _perform(self, asked: Operation, predicted: Outcome) -> Outcome:
        """A transfer is told by the token alone."""
        given = asked.arguments
        if asked.name == "transfer" and not predicted.refusal:
            sent = Transfer(given["side"], asked.sender, given["receiver"], given["tokens"])
            self.transfers = (sent,)
        return super()._perform(asked, predicted)

    def _adopt(self, outcome: Outcome) -> None:
        for event in (*outcome.events, *self.transfers):
            after = replay.apply(self.replayed, event, self.now)
            self.book = advance(self.book, self.replayed, event)
            self.replayed = after
        self.transfers = ()
        super()._adopt(outcome)

    @contextmanager
    def what_if(self) -> Iterator[None]:
        kept = self.replayed, self.book
        with super().what_if():
            yield
        self.replayed, self.book = kept

    def check(self) -> None:
        super().check()
        assert self.replayed == self.market
