"""Before somebody signs: quotes, and the transactions to sign."""

from typing import Annotated, Literal

from fastapi import APIRouter, Body, Query, Response

from perpools.web import transactions, views
from perpools.web.api import answers
from perpools.web.api.asked import Account, Knows, OfMarket, Units, known
from perpools.web.api.bodies import AnyAction, Deployment
from perpools.web.api.examples import DEPLOYMENT, TRANSACTIONS
from perpools.web.api.problems import documented
from perpools.web.api.shapes import whole
from perpools.web.live import Live
from perpools.web.transactions import Unsigned
from perpools.web.views.lists import SignList, SignView

routes = APIRouter(tags=["trading"], responses=documented(409, 422))
Asker = Annotated[Account | None, Query(description="Whose wallet and escrow count.")]


@routes.get(
    "/markets/{market}/quote",
    response_model=whole(views.QuoteView),
    responses=documented(404),
    summary="What an order would come to",
)
def quote(
    live: Knows,
    market: OfMarket,
    kind: Annotated[int, Query(ge=0, le=5, description="0 mint long ... 5 flip short to long.")],
    amount: Annotated[
        Units,
        Query(description="Base units of what the order is paid with.", examples=["100000000"]),
    ],
    from_escrow: Annotated[Units, Query()] = "0",
    account: Asker = None,
) -> Response:
    """Placed now, at the present price, by the specification itself; refusals are told in it."""
    told = views.quote(live, market, account, kind, int(amount), from_escrow=int(from_escrow))
    return answers.once(told, live)


@routes.get(
    "/markets/{market}/pair",
    response_model=whole(views.PairView),
    responses=documented(404),
    summary="What a pair would come to",
)
def pair(
    live: Knows,
    market: OfMarket,
    action: Annotated[Literal["mint", "redeem"], Query()],
    amount: Annotated[
        Units,
        Query(description="Collateral to mint with, L-tokens to redeem.", examples=["100000000"]),
    ],
    account: Asker = None,
) -> Response:
    """Equal fractions of both sides, at once and at book value."""
    return answers.once(views.pair_quote(live, market, account, action, int(amount)), live)


@routes.post(
    "/transactions",
    response_model=whole(SignList),
    responses=documented(400, 404, 413, 503),
    summary="Transactions to sign",
)
def prepare(
    live: Knows,
    asked: Annotated[AnyAction, Body(openapi_examples=TRANSACTIONS)],
    approve: Annotated[
        bool, Query(description="Begin with an approval where one is needed.")
    ] = True,
) -> Response:
    """
    Nothing is signed or sent here. Whatever the contract would refuse is refused with its reason.
    """
    market = known(live, asked.market)
    arguments = asked.arguments()
    if approve:
        found = transactions.needed(live, market, asked.action, asked.sender, arguments)
    else:
        found = [transactions.prepare(live, market, asked.action, asked.sender, arguments)]
    return _signed(live, found)


@routes.post(
    "/transactions/deployment",
    response_model=whole(SignList),
    responses=documented(400, 413, 503),
    summary="Transactions that deploy a market",
)
def deployment(
    live: Knows, asked: Annotated[Deployment, Body(openapi_examples=DEPLOYMENT)]
) -> Response:
    """To be signed one after the other, with nothing of the same account in between."""
    return _signed(live, transactions.deployment(live, asked.factory, asked.market, asked.sender))


def _signed(live: Live, found: list[Unsigned]) -> Response:
    told = tuple(SignView(one.text, one.json) for one in found)
    return answers.once(SignList(told), live)
