"""
A market's state and terms as JSON and back, to the unit: integers of any size are plain numbers.
What is written is what is read by `state_of` and `fixed_of` alone.
"""

import json
from dataclasses import dataclass
from typing import Any

from perpools.chain import functions
from perpools.chain.history import Played
from perpools.chain.node import Node
from perpools.chain.snapshot import Fixed
from perpools.chain.terms import ChainTerms, Functions, decode_terms, encode_terms
from perpools.errors import ChainError
from perpools.index.ledger import Kept, Ledger, Placed, Tally
from perpools.spec import transfer_curves
from perpools.spec.bookkeeping import Account, Book, Lot
from perpools.spec.pool import Pool
from perpools.spec.state import Batch, Escrow, Market
from perpools.spec.terms import Terms
from perpools.spec.transfer_curves import Linear
from perpools.spec.triggers import Momentum, PriceChange
from perpools.values import as_json

Json = dict[str, Any]

PLAIN = ("mint_fee_wad", "last_epoch", "held", "earliest_waiting", "waiting", "tips_held")
TUPLES = ("samples", "recipients", "proposed", "fees")
KEYED = ("batches", "orders", "tips", "escrow")


@dataclass(frozen=True, slots=True)
class State:
    """A market after a record: the specification's state and book, and what the tables need."""

    played: Played
    ledger: Ledger


def dumped(state: State) -> str:
    """A state as JSON."""
    market, book = state.played
    told = {
        "market": _market(market),
        "book": [
            [who, [list(lot) for lot in account.lots], *account[1:]]
            for who, account in book.accounts.items()
        ],
        "ledger": _ledger(state.ledger),
    }
    return json.dumps(told, separators=(",", ":"))


def state_of(text: str, terms: Terms) -> State:
    """The state that was dumped, of a market of these terms."""
    told = json.loads(text)
    accounts = {
        who: Account((Lot(*lots[0]), Lot(*lots[1])), *flows) for who, lots, *flows in told["book"]
    }
    played = Played(_market_of(told["market"], terms), Book(accounts))
    return State(played, _ledger_of(told["ledger"]))


def _market(market: Market) -> Json:
    told: Json = {name: getattr(market, name) for name in (*PLAIN, *TUPLES, "wound_down", "pool")}
    told["holdings"] = market.holdings
    told["operators"] = sorted(market.operators)
    for name in KEYED:
        mapping = getattr(market, name)
        told[name] = [[_plain(key), _plain(value)] for key, value in mapping.items()]
    return told


def _market_of(told: Json, terms: Terms) -> Market:
    long, short = told["holdings"]
    balances, supplies = told["pool"]
    plain: Json = {name: told[name] for name in PLAIN}
    plain |= {name: tuple(told[name]) for name in TUPLES}
    return Market(
        terms=terms,
        pool=Pool(tuple(balances), tuple(supplies)),
        holdings=(long, short),
        wound_down=told["wound_down"],
        operators=frozenset((controller, operator) for controller, operator in told["operators"]),
        batches={tuple(key): Batch(*value) for key, value in told["batches"]},
        orders={tuple(key): value for key, value in told["orders"]},
        tips={tuple(key): value for key, value in told["tips"]},
        escrow={key: Escrow(*value) for key, value in told["escrow"]},
        **plain,
    )


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _ledger(ledger: Ledger) -> Json:
    return {
        "spot_wad": ledger.spot_wad,
        "tallies": list(ledger.tallies.items()),
        "waiting": list(ledger.waiting.items()),
        "brought": list(ledger.brought.items()),
        "keepers": list(ledger.keepers.items()),
    }


def _ledger_of(told: Json) -> Ledger:
    return Ledger(
        told["spot_wad"],
        {period_s: Tally(*tally) for period_s, tally in told["tallies"]},
        {tuple(key): tuple(Placed(*one) for one in placed) for key, placed in told["waiting"]},
        {who: tuple((block, index) for block, index in spots) for who, spots in told["brought"]},
        {who: Kept(*kept) for who, kept in told["keepers"]},
    )


FUNCTIONS = {"power": transfer_curves.power, "sigmoid": transfer_curves.sigmoid}
PARAMETRIC = {"linear": (Linear, "cap")} | {
    "price-change": (PriceChange, "threshold_wad"),
    "momentum": (Momentum, "threshold_wad"),
}
OTHER = "other"


def named(function: Any) -> Json | None:
    """A transfer function or trigger as JSON; that of nobody's we know by its name `OTHER`."""
    if function is None:
        return None
    for name, known in FUNCTIONS.items():
        if function is known:
            return {"name": name}
    for name, (kind, parameter) in PARAMETRIC.items():
        if isinstance(function, kind):
            return {"name": name, parameter: str(getattr(function, parameter))}
    return {"name": OTHER}


def terms_json(fixed: Fixed) -> Json:
    """What a market's terms say, for the tables: the contract's struct, and what its parts are."""
    struct = encode_terms(fixed.terms, fixed.contracts)._asdict()
    transfer, trigger = named(fixed.terms.transfer), named(fixed.terms.trigger)
    return {**as_json(struct), "transfer_function": transfer, "trigger_function": trigger}


@dataclass(frozen=True, slots=True)
class _Unknown:
    """A function that only the chain knows, which cannot be asked."""

    what: str

    def __call__(self, *_: Any) -> Any:
        raise ChainError(f"the market's {self.what} is nobody's we know: ask a node of its chain")


def fixed_of(row: Any, node: Node | None = None) -> Fixed:
    """
    What never changes about a market, from its row; `node` is asked what functions do that are
    nobody's we know, and where there is none they raise `ChainError` once they are called.
    """
    told = row.terms
    values = [_number(told[name]) for name in ChainTerms._fields]
    transfer = _function(told["transfer_function"], "transfer function")
    trigger = _function(told["trigger_function"], "trigger")
    struct = ChainTerms(*values)
    if node is not None and isinstance(transfer, _Unknown):
        transfer = functions.transfer_function(node, struct.transfer)
    if node is not None and isinstance(trigger, _Unknown):
        trigger = functions.trigger(node, struct.trigger)
    terms, contracts = decode_terms(struct, Functions(row.decimals, transfer, trigger))
    tokens, symbols = (row.long_token, row.short_token), (row.long_symbol, row.short_symbol)
    return Fixed(row.address, terms, contracts, tokens, symbols, row.collateral_symbol)


def _function(told: Json | None, what: str) -> Any:
    if told is None:
        return None
    name = told["name"]
    if name in FUNCTIONS:
        return FUNCTIONS[name]
    if name in PARAMETRIC:
        kind, parameter = PARAMETRIC[name]
        return kind(int(told[parameter]))
    return _Unknown(what)


def _number(value: Any) -> Any:
    """A member of the struct: addresses stay text."""
    return int(value) if isinstance(value, str) and not value.startswith("0x") else value
