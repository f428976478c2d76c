"""What every view of a market, its tokens and its collateral must answer, by the model."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from perpools.spec.escrow import claimable
from perpools.spec.kinds import SIDES
from perpools.spec.state import MARKET, VAULT, Batch
from perpools.spec.terms import NOBODY
from tests.stateful.model import ACCOUNTS, Model

RECENT = 2
"""Closed epochs whose batches and orders are still compared: nothing writes to older ones."""


class View(NamedTuple):
    """A contract (`market`, `coin`, or the token of a side), a question, and the answer."""

    target: str | int
    signature: str
    args: tuple[Any, ...]
    answer: tuple[Any, ...]


def views(model: Model) -> Iterator[View]:
    """Every question there is; accounts by their names."""
    yield from market_views(model)
    yield from order_views(model)
    yield from account_views(model)
    yield from token_views(model)


def market_views(model: Model) -> Iterator[View]:
    market = model.market
    answers: dict[str, tuple[Any, ...]] = {
        "progress()": (
            market.last_epoch,
            market.earliest_waiting,
            market.waiting,
            market.wound_down,
        ),
        "balances_and_supplies()": (*market.pool.balances, *market.pool.supplies),
        "mint_fee_wad()": (market.mint_fee_wad,),
        "fees_accrued()": market.fees,
        "fee_recipients()": (*market.recipients, *(who or NOBODY for who in market.proposed)),
        "epoch_joined()": (model.open_epoch,),
    }
    for signature, answer in answers.items():
        yield View("market", signature, (), answer)
    for index, sample in enumerate(market.samples):
        yield View("market", "sample(uint256)", (index,), (sample, len(market.samples)))
    for pair in model.appointed:
        yield View("market", "isOperator(address,address)", pair, (pair in market.operators,))


def order_views(model: Model) -> Iterator[View]:
    recent = model.market.last_epoch - RECENT
    batches = {key[1:] for key in model.placed if key[1] > recent}
    for key in batches:
        batch = model.market.batches.get(key, Batch())
        yield View("market", "batch(uint256,uint256)", key, tuple(batch))
    for order, amount in model.placed.items():
        if order[1] > recent:
            yield View("market", "order_of(address,uint256,uint256)", order, (amount,))
    for owned, tip in model.tipped.items():
        if owned[1] > recent:
            yield View("market", "tip_of(address,uint256)", owned, (tip,))


def account_views(model: Model) -> Iterator[View]:
    for account in ACCOUNTS:
        yield View("market", "claimable(address)", (account,), claimable(model.market, account))
    for account in (*ACCOUNTS, MARKET):
        yield View("coin", "balanceOf(address)", (account,), (model.coin.balances[account],))


def token_views(model: Model) -> Iterator[View]:
    for side in SIDES:
        for account in (*ACCOUNTS, MARKET, VAULT):
            yield View(side, "balanceOf(address)", (account,), (model.held(account, side),))
        yield View(side, "totalSupply()", (), (model.market.pool.supplies[side],))
