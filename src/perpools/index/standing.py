"""How a market and its accounts stand, as rows: pure."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from perpools.chain.history import Played
from perpools.index.ledger import NOT_ACCOUNTS
from perpools.spec import rates
from perpools.spec.escrow import claimable
from perpools.spec.events import Rebalanced
from perpools.spec.kinds import SIDES
from perpools.spec.positions import Holding, position
from perpools.spec.state import MARKET, VAULT, Market, replace
from perpools.spec.terms import Terms
from perpools.spec.units import Address, Epoch, Wad

Row = dict[str, Any]


def pool(market: Market) -> Row:
    """Both sides."""
    (long, short), (long_supply, short_supply) = market.pool
    return {
        "long_balance": long,
        "short_balance": short,
        "long_supply": long_supply,
        "short_supply": short_supply,
    }


def market(played: Played, spot_wad: Wad) -> Row:
    """Where a market stands, as its own row says it."""
    now = played.market
    return {
        **pool(now),
        "last_epoch": now.last_epoch,
        "price_wad": now.average,
        "spot_wad": spot_wad,
        "mint_fee_wad": now.mint_fee_wad,
        "primary_fees": now.fees[0],
        "secondary_fees": now.fees[1],
        "wound_down": now.wound_down,
    }


def snapshot(played: Played, spot_wad: Wad) -> Row:
    """Where a market stands, as the end of an hour or a day says it."""
    now = played.market
    long, short = (_price(now, side) for side in SIDES)
    accounts = played.book.accounts
    return {
        **pool(now),
        "spot_wad": spot_wad,
        "price_wad": now.average,
        "long_price_wad": long,
        "short_price_wad": short,
        "accounts": len(accounts) - (MARKET in accounts) - (VAULT in accounts),
    }


def epoch(terms: Terms, before: Epoch, event: Rebalanced, place: Row) -> Row:
    """An event's row but for the number of its orders; `before` is the epoch closed before it."""
    due_at = event.epoch * terms.interval_s
    long, short = (
        rates.price_wad(balance, supply, terms.asset_scale)
        for balance, supply in (
            (event.long_after, event.long_supply),
            (event.short_after, event.short_supply),
        )
    )
    fields = {RENAMED.get(name, name): value for name, value in event._asdict().items()}
    return {
        **place,
        **fields,
        "due_at": due_at,
        "late_s": place["at"] - due_at,
        "merged": event.epoch - before - 1,
        "long_price_wad": long,
        "short_price_wad": short,
    }


RENAMED = {
    "old_price": "old_price_wad",
    "new_price": "new_price_wad",
    "spot": "spot_wad",
    "fee": "fee_assets",
    "reward": "reward_assets",
}
"""Fields of an event that the tables name with their unit."""


def accounts(
    address: Address, played: Played, who: Iterable[Address]
) -> Iterator[tuple[Row, list[Row]]]:
    """The rows of those accounts that the market knows: what each has, and both its sides."""
    book, now = played.book, played.market
    orders: dict[Address, dict[Any, int]] = defaultdict(dict)
    for key, amount in now.orders.items():
        orders[key[0]][key] = amount
    tips: dict[Address, dict[Any, int]] = defaultdict(dict)
    for spot, tip in now.tips.items():
        tips[spot[0]][spot] = tip
    for account in who:
        if account in book.accounts and account not in NOT_ACCOUNTS:
            # all that concerns one account is found faster among its own orders
            own = replace(now, orders=orders[account], tips=tips[account])
            yield _account(address, played._replace(market=own), account)


def _account(address: Address, played: Played, account: Address) -> tuple[Row, list[Row]]:
    market, book = played
    has, due = position(book, market, account), claimable(market, account)
    key = {"market": address, "account": account}
    row = {
        **key,
        "waiting_assets": has.waiting_assets,
        "escrow_assets": due.assets,
        "escrow_long": due.long_tokens,
        "escrow_short": due.short_tokens,
        "escrow_tip": due.tip,
        "paid_in": has.paid_in,
        "taken_out": has.taken_out,
        "earned": has.earned,
        "fees": has.fees,
    }
    holdings = zip(SIDES, (has.long, has.short), strict=True)
    return row, [{**key, "side": side, **_holding(holding)} for side, holding in holdings]


def _holding(holding: Holding) -> Row:
    """What of a holding does not change with the price."""
    told = holding._asdict()
    del told["value_assets"]
    return told


def _price(market: Market, side: int) -> Wad:
    balances, supplies = market.pool
    if not supplies[side]:
        return 0
    return rates.price_wad(balances[side], supplies[side], market.terms.asset_scale)
