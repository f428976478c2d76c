"""
A whole market at one block as the specification's state, from nothing but its address.

Every function of the specification works on it. All accounts that are not named are one, `OTHERS`,
so that every sum holds; `pooling` says what else no view tells. A heir proposed as nobody is none.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import permutations, product
from typing import Any, NamedTuple

from eth_utils.address import to_checksum_address

from perpools import artifacts
from perpools.chain import functions
from perpools.chain.contract import Interface
from perpools.chain.node import Block, Node
from perpools.chain.pooling import OTHERS, completed
from perpools.chain.terms import ChainTerms, Contracts, Functions, decode_terms
from perpools.chain.tokens import Token
from perpools.spec.kinds import ASSETS, ITEMS, KINDS, LONG_TOKENS
from perpools.spec.pool import Pool
from perpools.spec.state import MARKET, VAULT, Batch, Escrow, Market, replace
from perpools.spec.terms import NOBODY, Terms
from perpools.spec.units import Address, Assets, Epoch, Tokens


class Fixed(NamedTuple):
    """What never changes about a market."""

    address: Address
    terms: Terms
    contracts: Contracts
    tokens: tuple[Address, Address]
    symbols: tuple[str, str]
    collateral_symbol: str

    def spelled(self, account: Address, side: int | None = None) -> Address:
        """An account as the specification calls it, `side` where it holds tokens of that side."""
        if account == self.address:
            return MARKET
        return VAULT if side is not None and account == self.tokens[side] else account


class Snapshot(NamedTuple):
    """A market at a block."""

    market: Market
    fixed: Fixed
    block: Block
    wallets: Mapping[Address, Assets]
    """Collateral in the own hands of the accounts named."""

    @property
    def contracts(self) -> Contracts:
        """What the market uses: collateral, feeds, functions."""
        return self.fixed.contracts

    @property
    def tokens(self) -> tuple[Address, Address]:
        """The L- and the S-token."""
        return self.fixed.tokens

    @property
    def symbols(self) -> tuple[str, str]:
        """Theirs."""
        return self.fixed.symbols

    @property
    def decimals(self) -> int:
        """The collateral's."""
        return self.fixed.terms.decimals

    @property
    def collateral_symbol(self) -> str:
        """The collateral's, or its address."""
        return self.fixed.collateral_symbol


class _Question(NamedTuple):
    """A view of a contract, and what it is asked."""

    to: Address
    contract: str
    view: str
    arguments: tuple[Any, ...] = ()


_Questions = dict[tuple[Any, ...], _Question]
_Answers = Mapping[tuple[Any, ...], Any]
"""By what they are about, such as `("batch", epoch, kind)`."""


def read(
    node: Node, market: Address, accounts: Sequence[Address] = (), block: int | None = None
) -> Snapshot:
    """
    A market as it was after a block, the latest if none is named; `ChainError` where the node
    cannot be asked, or keeps no state of that block.
    """
    return read_again(node, read_fixed(node, market), accounts, block)


def read_fixed(node: Node, market: Address) -> Fixed:
    """What never changes about a market: whoever reads it often asks for this once."""
    market = to_checksum_address(market)
    asked: _Questions = {(view,): _Question(market, "Market", view) for view in ("terms", "tokens")}
    told = _ask(node, asked, None)
    named, tokens = ChainTerms(*told["terms",]), told["tokens",]
    collateral = Token(node, named.collateral)
    transfer = functions.transfer_function(node, named.transfer)
    trigger = functions.trigger(node, named.trigger)
    terms, contracts = decode_terms(named, Functions(collateral.decimals, transfer, trigger))
    long, short = (Token(node, token).symbol for token in tokens)
    return Fixed(market, terms, contracts, tokens, (long, short), collateral.symbol)


def read_again(
    node: Node, fixed: Fixed, accounts: Sequence[Address] = (), block: int | None = None
) -> Snapshot:
    """The same of a market whose fixed part is known: two requests, three where orders wait."""
    at = node.block() if block is None else node.block(block)
    ours = {fixed.address, *fixed.tokens}
    spelled: dict[Address, None] = dict.fromkeys(map(to_checksum_address, accounts))
    named = [account for account in spelled if account not in ours]
    told = _ask(node, dict(_standing(fixed, named)), at.number)
    epochs = _waiting(told["progress",])
    told |= _ask(node, dict(_queue(fixed, named, epochs)), at.number)
    told["native",] = node.balance(fixed.address, at.number)
    wallets = {account: told["balance", ASSETS, account] for account in named}
    market = completed(_market(fixed, told, named, epochs))
    return Snapshot(market, fixed, at, wallets)


def _standing(
    fixed: Fixed, named: Sequence[Address]
) -> Iterator[tuple[tuple[Any, ...], _Question]]:
    """Where the market stands, and what accounts have."""
    market = fixed.address
    views = ("progress", "balances_and_supplies", "mint_fee_wad", "fees_accrued", "fee_recipients")
    for view in views:
        yield (view,), _Question(market, "Market", view)
    for index in range(fixed.terms.sma_periods):
        yield ("sample", index), _Question(market, "Market", "sample", (index,))
    for account in named:
        yield ("due", account), _Question(market, "Market", "claimable", (account,))
    for pair in permutations(named, 2):
        yield ("operator", *pair), _Question(market, "Market", "isOperator", pair)
    items = (fixed.contracts.collateral, *fixed.tokens)
    for item in ITEMS:
        for account in (market, *fixed.tokens, *named):
            asked = _Question(items[item], "SideToken", "balanceOf", (account,))
            yield ("balance", item, account), asked


def _queue(
    fixed: Fixed, named: Sequence[Address], epochs: Sequence[Epoch]
) -> Iterator[tuple[tuple[Any, ...], _Question]]:
    """What waits, and whose it is."""
    market = fixed.address
    for epoch in epochs:
        for kind in KINDS:
            yield ("batch", epoch, kind), _Question(market, "Market", "batch", (epoch, kind))
        for account in named:
            yield ("tip", account, epoch), _Question(market, "Market", "tip_of", (account, epoch))
            for kind in KINDS:
                key = (account, epoch, kind)
                yield ("order", *key), _Question(market, "Market", "order_of", key)


def _waiting(progress: tuple[Epoch, Epoch, int, bool]) -> list[Epoch]:
    """The epochs with orders to be executed."""
    _, earliest, mask, wound_down = progress
    if wound_down:
        return []
    return [earliest + bit for bit in range(mask.bit_length()) if mask >> bit & 1]


def _ask(node: Node, questions: _Questions, block: int | None) -> dict[tuple[Any, ...], Any]:
    """All at once, at one block."""
    views = [
        _interface(asked.contract).function(asked.view, asked.arguments)
        for asked in questions.values()
    ]
    calls = [
        (asked.to, view.encode(asked.arguments))
        for asked, view in zip(questions.values(), views, strict=True)
    ]
    answers = node.calls(calls, block) if calls else []
    told = [view.decode(answer) for view, answer in zip(views, answers, strict=True)]
    return dict(zip(questions, told, strict=True))


@lru_cache(maxsize=8)
def _interface(contract: str) -> Interface:
    return Interface(artifacts.load(contract).abi)


def _market(
    fixed: Fixed, told: _Answers, named: Sequence[Address], epochs: Sequence[Epoch]
) -> Market:
    """The state that the answers describe, nobody but the named in it."""
    last_epoch, earliest, waiting, wound_down = told["progress",]
    recipients, proposed = told["fee_recipients",]
    primary, secondary = (None if heir == NOBODY else heir for heir in proposed)
    market = Market(
        terms=fixed.terms,
        pool=Pool(*told["balances_and_supplies",]),
        mint_fee_wad=told["mint_fee_wad",],
        last_epoch=last_epoch,
        held=told["balance", ASSETS, fixed.address],
        samples=tuple(told["sample", i][0] for i in range(told["sample", 0][1])),
        holdings=(_holdings(fixed, told, named, 0), _holdings(fixed, told, named, 1)),
        recipients=recipients,
        proposed=(primary, secondary),
        fees=told["fees_accrued",],
        earliest_waiting=earliest,
        waiting=waiting,
        tips_held=told["native",],
        wound_down=wound_down,
    )
    return _with_orders(market, told, named, epochs)


def _holdings(
    fixed: Fixed, told: _Answers, named: Sequence[Address], side: int
) -> dict[Address, Tokens]:
    """Who has tokens of a side: the named, the market, and the token the locked ones."""
    holders = (fixed.address, fixed.tokens[side], *named)
    return {
        fixed.spelled(holder, side): told["balance", LONG_TOKENS + side, holder]
        for holder in holders
    }


def _with_orders(
    market: Market, told: _Answers, named: Sequence[Address], epochs: Sequence[Epoch]
) -> Market:
    """What waits, and what is due to the named."""
    kinds = list(product(epochs, KINDS))
    batches = {key: Batch(*told["batch", *key]) for key in kinds if told["batch", *key][0]}
    orders = {
        (account, *key): amount
        for account in named
        for key in kinds
        if (amount := told["order", account, *key])
    }
    owned = product(named, epochs)
    tips = {key: tip for key in owned if (tip := told["tip", *key])}
    due = {account: told["due", account] for account in named}
    escrow = {account: Escrow(*(*amounts, tip)) for account, (amounts, tip) in due.items()}
    operators = {key[1:] for key, answer in told.items() if key[0] == "operator" and answer}
    return replace(
        market,
        batches=batches,
        orders=orders,
        tips=tips,
        escrow=escrow,
        operators=frozenset(operators),
    )


__all__ = ["OTHERS", "Fixed", "Snapshot", "read", "read_again", "read_fixed"]
