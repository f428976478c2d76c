"""The benchmark's market as one writes it with NumPy: every path at once, step after step."""

from typing import Any

import numpy as np

Floats = Any


class Pools:
    """All paths of the benchmark's market with its skew farmer."""

    def __init__(self, terms: dict[str, float], periods: int, slots: int, paths: int) -> None:
        self.terms, self.periods, self.slots = terms, periods, slots
        self.samples: list[Floats] = [np.full(paths, 100.0)]
        self.price, self.average = np.full(paths, 100.0), np.full(paths, 100.0)
        self.long, self.short, self.long_supply, self.short_supply = np.full((4, paths), 1e6)
        self.cash, self.long_tokens, self.short_tokens = np.zeros((3, paths))
        self.cash += terms["cash"]
        self.hedge, self.outside = np.zeros((2, paths))
        self.waiting = np.zeros((slots, 3, paths))
        self.pending = np.zeros((4, paths))
        self.rates = np.ones((2, paths))
        self.worst = np.full((2, paths), np.inf)
        self.lowest, self.highest = np.full(paths, np.inf), np.zeros(paths)
        self.constant, self.largest = np.ones((2, paths)), np.zeros(paths)
        self.growth, self.number = np.ones(paths), 0
        self.farm()

    def step(self, growth: Floats) -> None:
        """One event, and the farmer after it."""
        self.number += 1
        self.growth = growth
        self.settle(*self.kept())
        self.execute()
        self.watch()
        self.farm()

    def kept(self) -> tuple[Floats, Floats]:
        """What both sides keep of themselves."""
        leverage = self.terms["leverage"]
        self.price = self.price * self.growth
        self.samples = [*self.samples[1 - self.periods :], self.price]
        old, self.average = self.average, sum(self.samples) / len(self.samples)
        ratio = np.minimum(old, self.average) / np.maximum(old, self.average)
        e = np.exp(2 * leverage * (ratio - 1))
        kept = np.maximum(2 * e / (1 + e), 1e-36)
        gain = leverage * (self.growth - 1)
        self.constant *= np.maximum(np.stack((1 + gain, 1 - gain)), 0)
        self.largest = np.maximum(self.largest, 1 - kept)
        rose = self.average >= old
        return np.where(rose, 1, kept), np.where(rose, kept, 1)

    def settle(self, long_kept: Floats, short_kept: Floats) -> None:
        """The management fee and the transfer."""
        long, short = self.long * self.terms["kept"], self.short * self.terms["kept"]
        long_left = np.maximum(long * long_kept, 1e-18)
        short_left = np.maximum(short * short_kept, 1e-18)
        self.long, self.short = long_left + (short - short_left), short_left + (long - long_left)

    def execute(self) -> None:
        """What was ordered for this event."""
        minting, long_burning, short_burning = due = self.waiting[self.number % self.slots]
        long_rate, short_rate = self.long / self.long_supply, self.short / self.short_supply
        to_long, to_short = np.maximum(minting, 0), np.maximum(-minting, 0)
        long_out, short_out = long_burning * long_rate, short_burning * short_rate
        long_new, short_new = to_long / long_rate, to_short / short_rate
        self.long = self.long - long_out + to_long
        self.short = self.short - short_out + to_short
        self.long_supply = self.long_supply - long_burning + long_new
        self.short_supply = self.short_supply - short_burning + short_new
        self.cash = self.cash + long_out + short_out
        self.long_tokens = self.long_tokens + long_new
        self.short_tokens = self.short_tokens + short_new
        self.pending -= np.stack((to_long, to_short, due[1], due[2]))

    def watch(self) -> None:
        """Rates, and what is measured."""
        before = self.rates
        self.rates = np.stack((self.long / self.long_supply, self.short / self.short_supply))
        self.worst = np.minimum(self.worst, self.rates / before)
        skew = self.long / self.short
        self.lowest, self.highest = np.minimum(self.lowest, skew), np.maximum(self.highest, skew)

    def farm(self) -> None:
        """What the farmer does."""
        terms, pending, (long_rate, short_rate) = self.terms, self.pending, self.rates
        long = self.long + pending[0] - pending[2] * long_rate
        short = self.short + pending[1] - pending[3] * short_rate
        missing, total = short - long, long + short
        more, less = missing > terms["threshold"] * total, missing < -terms["threshold"] * total
        calm = (np.abs(missing) < terms["buffer"] * total) & ~(more | less)
        minted = np.minimum(np.abs(missing) * terms["share"], self.cash)
        minted = np.where((more | less) & (minted > 1e-9), minted, 0)
        long_burnt = np.where((less | calm) & (self.long_tokens > 1e-9), self.long_tokens, 0)
        short_burnt = np.where((more | calm) & (self.short_tokens > 1e-9), self.short_tokens, 0)
        worth = self.long_tokens * long_rate + pending[0]
        worth = worth - self.short_tokens * short_rate - pending[1]
        self.trade(-worth * terms["hedged"])
        self.cash = self.cash - minted
        self.long_tokens = self.long_tokens - long_burnt
        self.short_tokens = self.short_tokens - short_burnt
        ordered = np.where(more, minted, -minted)
        self.pending += np.stack(
            (np.maximum(ordered, 0), np.maximum(-ordered, 0), long_burnt, short_burnt)
        )
        self.waiting[self.number % self.slots] = ordered, long_burnt, short_burnt

    def trade(self, hedge: Floats) -> None:
        """Outside."""
        held = self.hedge * self.growth
        cost = np.abs(hedge - held) * self.terms["hedge_cost"]
        self.outside = self.outside + (held - self.hedge) - cost
        self.hedge = hedge
