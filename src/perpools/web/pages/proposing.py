"""One action in a market, from the button to the mined transaction."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from perpools.chain.wire import Receipt
from perpools.errors import PoolsError
from perpools.spec.errors import Rejected
from perpools.spec.units import Address
from perpools.web import transactions
from perpools.web.live import Live
from perpools.web.pages.holder import Wallet
from perpools.web.pages.steps import Agreement
from perpools.web.pages.toasts import tell_refused
from perpools.web.pages.wallet_menu import open_dialog
from perpools.web.transactions import Action


@dataclass(frozen=True, slots=True)
class Proposal:
    """What somebody is asked to agree to."""

    market: Address
    action: Action
    title: str
    said: str
    """Once it is done."""
    rows: Mapping[str, str] = field(default_factory=dict)
    remarks: Sequence[str] = ()
    arguments: Mapping[str, Any] = field(default_factory=dict)


async def propose(live: Live, wallet: Wallet, proposal: Proposal) -> bool:
    """
    Show what will be sent and, agreed, send it; whether it got as far as being shown. Whatever
    would be refused is told instead.
    """
    account = wallet.account
    if account is None or not wallet.can_act:
        open_dialog(wallet)
        return False
    asked = (live, proposal.market, proposal.action, account, proposal.arguments)
    try:
        steps = await asyncio.to_thread(transactions.needed, *asked)
    except (PoolsError, Rejected, KeyError) as refused:
        tell_refused(refused)
        return False
    with wallet.client:
        agreement = Agreement(wallet, proposal.title, dict(proposal.rows))
        agreement.remark(proposal.remarks)

    async def done(_: Sequence[Receipt]) -> None:
        agreement.tell(proposal.said)

    agreement.open(steps, done)
    return True
