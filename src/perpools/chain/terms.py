"""A market's terms as the specification and as the contracts have them (`ITerms.vyi`)."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from perpools.spec.terms import NOBODY, Terms, Trigger
from perpools.spec.transfer_curves import TransferFunction
from perpools.spec.units import Address, Seconds, Wad, Wei


class Contracts(NamedTuple):
    """The contracts that a market uses, where the specification has functions or nothing at all."""

    collateral: Address
    feed: Address
    transfer: Address
    trigger: Address = NOBODY
    eth_feed: Address = NOBODY
    gas_feed: Address = NOBODY


class ChainTerms(NamedTuple):
    """The struct `ITerms.Terms`, member by member, as a log or a market tells it."""

    collateral: Address
    feed: Address
    transfer: Address
    trigger: Address
    leverage_wad: Wad
    sma_periods: int
    interval_s: Seconds
    front_running_interval_s: Seconds
    max_interval_s: Seconds
    mint_fee_wad: Wad
    mint_fee_step_wad: Wad
    mint_fee_max_wad: Wad
    burn_fee_wad: Wad
    management_fee_wad: Wad
    primary: Address
    secondary: Address
    secondary_share_wad: Wad
    eth_feed: Address
    gas_feed: Address
    gas_premium_wei: Wei
    tip_step_wad: Wad
    tip_max_wad: Wad
    block_time_s: Seconds
    reward_cap_wad: Wad
    wind_down_after_s: Seconds


NUMBERS_AND_ACCOUNTS = ChainTerms._fields[4:]
"""The members after the first four addresses, in the contracts' order."""


class Functions(NamedTuple):
    """What the specification has in place of contracts."""

    decimals: int
    transfer: TransferFunction
    trigger: Trigger | None = None


def encode_terms(terms: Terms, contracts: Contracts) -> ChainTerms:
    """The struct `ITerms.Terms`."""
    rest = (
        getattr(contracts if name in Contracts._fields else terms, name)
        for name in NUMBERS_AND_ACCOUNTS
    )
    return ChainTerms(*contracts[:4], *rest)


def decode_terms(values: Sequence[Any], functions: Functions) -> tuple[Terms, Contracts]:
    """What the struct says, given what its contracts do."""
    rest = dict(zip(NUMBERS_AND_ACCOUNTS, values[4:], strict=True))
    feeds = {name: rest.pop(name) for name in ("eth_feed", "gas_feed")}
    contracts = Contracts(*values[:4], **feeds)
    return Terms(**functions._asdict(), **rest), contracts
