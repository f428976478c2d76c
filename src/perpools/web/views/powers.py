"""What an account is to markets beside its positions: whom it appointed, which fees it earns."""

from collections.abc import Iterable, Mapping, Sequence

from perpools.spec.state import Market
from perpools.spec.units import Address
from perpools.web.live import Live
from perpools.web.sight import Sight
from perpools.web.views.owned import EarningView, OperatorView

Concerned = Mapping[Address, Sequence[Address]]
"""Markets, by account."""


def operators(live: Live, account: Address) -> tuple[OperatorView, ...]:
    """Who may act for an account, market by market."""
    return tuple(
        OperatorView(sight.address, sight.title, operator)
        for sight in _sights(live, account)
        for owner, operator in sorted(sight.market.operators)
        if owner == account
    )


def fees(live: Live, account: Address) -> tuple[EarningView, ...]:
    """The management fees that an account earns, or may once it accepts."""
    return tuple(
        EarningView(
            sight.address, sight.title, one.name, one.which, one.account, one.proposed, one.owed
        )
        for sight in _sights(live, account)
        for one in sight.fee_accounts
        if account in (one.account, one.proposed)
    )


def _sights(live: Live, account: Address) -> Iterable[Sight]:
    """The markets that know an account as more than a holder."""
    concerned = live.kept(("powers", live.last.version), lambda: _concerned(live))
    return [live.sight(market) for market in concerned.get(account, ())]


def _concerned(live: Live) -> Concerned:
    """The same of every account, which is worked out anew only when something happened."""
    found: dict[Address, list[Address]] = {}
    for listed in live.markets:
        market = live.standings.standing(listed.address).market
        for account in _named(market):
            found.setdefault(account, []).append(listed.address)
    return found


def _named(market: Market) -> set[Address]:
    owners = {owner for owner, _ in market.operators}
    return owners | {*market.recipients} | {heir for heir in market.proposed if heir}
