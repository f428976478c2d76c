"""`perpools show`: one market, and what the next event would make of it."""

from typing import Annotated, Any

import typer

from perpools.chain import order_plan
from perpools.chain.subject import SIDE_NAMES, Subject
from perpools.cli import output
from perpools.cli.options import reading
from perpools.cli.session import Session
from perpools.spec import forecast, kinds, measures
from perpools.spec.events import Rebalanced
from perpools.spec.fixed_point import WAD, mul_div_down
from perpools.spec.kinds import SIDES
from perpools.spec.state import Market
from perpools.values import Duration, Moment, Name, Number, Share

Named = Annotated[
    str | None,
    typer.Argument(metavar="MARKET", help="Address, symbol or name; the only one if not given."),
]


@reading
def show(session: Session, named: Named = None) -> None:
    """Show a market: both sides, the waiting orders, the forecast after all of them,
    and what its fee recipients are owed.

    For example: perpools show 3L-ETH/USD
    """
    subject = session.subject(named)
    facts = market_facts(subject)
    sides = [side_facts(subject, side, name) for side, name in enumerate(SIDE_NAMES)]
    waiting, fees = list(_waiting(subject)), [one.facts for one in subject.fee_accounts]
    ahead = _ahead(subject)
    if session.as_json:
        told = {"sides": sides, "waiting": waiting, "fees": fees, "forecast": ahead}
        output.print_json({**facts, **told, **_terms(subject)})
        return
    output.print_facts({**facts, "name": ()}, subject.title)
    columns = ("side", "balance", "token_price", "effective_leverage", "after_all_orders")
    output.print_rows(sides, f"Sides, in {subject.seen.collateral_symbol}", columns)
    if waiting:
        output.print_rows(waiting, "Waiting orders", ("executes_at", "order", "of", "amount"), 3)
    if _earning(subject):
        shown = [fee for fee in fees if fee["account"]]
        title = f"Management fees, in {subject.seen.collateral_symbol}"
        output.print_rows(shown, title, ("recipient", "account", "owed"), 2)


def market_facts(subject: Subject) -> dict[str, Any]:
    """Where it stands."""
    market, terms, feed = subject.market, subject.market.terms, subject.feed
    long, short = market.pool.balances
    joined = subject.joined
    facts: dict[str, Any] = {
        "market": subject.address,
        "name": subject.title,
        "collateral": f"{subject.seen.collateral_symbol} {subject.seen.contracts.collateral}",
        "price_now": Number(feed.price) if feed else None,
        "observed_at": Moment(feed.observed_at, subject.now) if feed else None,
        "last_executed_price": Number(market.average),
        "skew": Share(mul_div_down(long, WAD, short)),
        "rebalancing_rate": Share(measures.rebalancing_rate(market.pool.balances), signed=True),
        "last_event": subject.moment(market.last_epoch),
        "wound_down": market.wound_down,
    }
    if not market.wound_down:
        facts |= {
            "next_grid_point": subject.moment(subject.upcoming),
            "an_order_now_executes_at": subject.moment(joined),
            "cut_off": subject.cutoff(joined),
            "overdue": None if subject.overdue_s is None else Duration(subject.overdue_s),
        }
    return {**facts, "interval": Duration(terms.interval_s)}


def side_facts(subject: Subject, side: int, name: str) -> dict[str, Any]:
    """What one side has, and what the next events would leave it."""
    market = subject.market
    leverage = measures.effective_leverage(market.pool.balances, side, market.terms.leverage_wad)
    after = forecast.after_all(market, subject.now, subject.price_now()).market
    return {
        "side": name,
        "token": subject.seen.tokens[side],
        "symbol": subject.seen.symbols[side],
        "balance": subject.assets(market.pool.balances[side]),
        "supply": subject.tokens(side, market.pool.supplies[side]),
        "token_price": subject.token_price(side),
        "effective_leverage": Number(leverage, "x"),
        "after_all_orders": subject.token_price(side, after),
    }


def _waiting(subject: Subject) -> Any:
    """The batches that wait, in the order of their execution."""
    for epoch, kind, amount in subject.waiting():
        yield {
            "epoch": Name(epoch),
            "executes_at": subject.moment(epoch),
            "order": order_plan.name(kind),
            "amount": subject.item(kinds.item_in(kind), amount),
            "of": subject.item(kinds.item_in(kind), 0).symbol,
        }


def _earning(subject: Subject) -> bool:
    """Whether recipients matter: where nothing is charged, nothing is ever owed."""
    return bool(subject.market.terms.management_fee_wad) or any(subject.market.fees)


def _ahead(subject: Subject) -> dict[str, Any]:
    """The market after all that waits, at the present price."""
    seen = forecast.after_all(subject.market, subject.now, subject.price_now())
    market: Market = seen.market
    return {
        "price": Number(subject.price_now()),
        "events": [_event(event) for event in seen.events],
        **{
            f"{SIDE_NAMES[side]}_balance": subject.assets(market.pool.balances[side])
            for side in SIDES
        },
        **{f"{SIDE_NAMES[side]}_price": subject.token_price(side, market) for side in SIDES},
    }


def _event(event: Rebalanced) -> dict[str, Any]:
    return event._asdict()


def _terms(subject: Subject) -> dict[str, Any]:
    """What is fixed, for programs."""
    terms, contracts = subject.market.terms, subject.seen.contracts
    plain = {
        name: getattr(terms, name)
        for name in terms.__dataclass_fields__
        if name not in ("transfer", "trigger")
    }
    return {"terms": plain, "contracts": contracts._asdict()}
