"""A market's terms as the specification and as the contracts have them (`ITerms.vyi`)."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from perpools.spec.terms import NOBODY, Terms, Trigger
from perpools.spec.transfer_curves import TransferFunction
from perpools.spec.units import Address

NUMBERS_AND_ACCOUNTS = (
    "leverage_wad",
    "sma_periods",
    "interval_s",
    "front_running_interval_s",
    "max_interval_s",
    "mint_fee_wad",
    "mint_fee_step_wad",
    "mint_fee_max_wad",
    "burn_fee_wad",
    "management_fee_wad",
    "primary",
    "secondary",
    "secondary_share_wad",
    "eth_feed",
    "gas_feed",
    "gas_premium_wei",
    "tip_step_wad",
    "tip_max_wad",
    "block_time_s",
    "reward_cap_wad",
    "wind_down_after_s",
)
"""The members after the first four addresses, in the contracts' order."""


class Contracts(NamedTuple):
    """The contracts that a market uses, where the specification has functions or nothing at all."""

    collateral: Address
    feed: Address
    transfer: Address
    trigger: Address = NOBODY
    eth_feed: Address = NOBODY
    gas_feed: Address = NOBODY


class Functions(NamedTuple):
    """What the specification has in place of contracts."""

    decimals: int
    transfer: TransferFunction
    trigger: Trigger | None = None


def encode_terms(terms: Terms, contracts: Contracts) -> tuple[Any, ...]:
    """The struct `ITerms.Terms`."""
    rest = (
        getattr(contracts if name in Contracts._fields else terms, name)
        for name in NUMBERS_AND_ACCOUNTS
    )
    return (*contracts[:4], *rest)


def decode_terms(values: Sequence[Any], functions: Functions) -> tuple[Terms, Contracts]:
    """What the struct says, given what its contracts do."""
    rest = dict(zip(NUMBERS_AND_ACCOUNTS, values[4:], strict=True))
    feeds = {name: rest.pop(name) for name in ("eth_feed", "gas_feed")}
    contracts = Contracts(*values[:4], **feeds)
    return Terms(**functions._asdict(), **rest), contracts
