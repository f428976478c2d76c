"""What may be asked for: every parameter with its limits, and the market that a path names."""

from typing import Annotated, Literal

from eth_utils.address import to_checksum_address
from fastapi import Depends, Path, Query, Request
from pydantic import AfterValidator, StringConstraints

from perpools.index.paging import MOST, USUAL
from perpools.spec.units import Address
from perpools.web.api.problems import Failing
from perpools.web.live import Live

ADDRESS = r"^0x[0-9a-fA-F]{40}$"
UNITS = r"^(0|[1-9][0-9]{0,76})$"
MOST_TIME = 2**40

Account = Annotated[
    str,
    StringConstraints(pattern=ADDRESS, max_length=42),
    AfterValidator(to_checksum_address),
]
Units = Annotated[str, StringConstraints(pattern=UNITS, max_length=77), AfterValidator(str)]
"""Base units: digits alone."""

Limit = Annotated[int, Query(ge=1, le=MOST, description="Items of a page.")]
Cursor = Annotated[
    str | None,
    Query(
        max_length=280,
        pattern=r"^[0-9A-Za-z~._-]*$",
        description="A page's `next`; not given: the beginning.",
    ),
]
Since = Annotated[int | None, Query(ge=0, le=MOST_TIME, description="Unix seconds, included.")]
Until = Annotated[int | None, Query(ge=0, le=MOST_TIME, description="Unix seconds, excluded.")]
Format = Annotated[
    Literal["json", "csv"] | None, Query(alias="format", description="As the `Accept` header.")
]
UsualLimit = USUAL


def live_of(request: Request) -> Live:
    """What this server knows."""
    live: Live = request.app.state.live
    return live


Knows = Annotated[Live, Depends(live_of)]

InPath = Annotated[
    str,
    Path(
        pattern=ADDRESS,
        description="An address; upper and lower case count the same.",
        examples=["0x" + 38 * "0" + "Aa"],
    ),
]


def market_of(live: Knows, market: InPath) -> Address:
    """The market that a path names; nothing else is asked about one that is not known."""
    address: Address = to_checksum_address(market)
    return known(live, address)


def known(live: Live, address: Address) -> Address:
    """A market's address, if there is one."""
    if address not in live.last.markets:
        raise Failing(404, "No market has this address here.")
    return address


def account_of(account: InPath) -> Address:
    """The account that a path names."""
    return Address(to_checksum_address(account))


OfMarket = Annotated[Address, Depends(market_of)]
OfAccount = Annotated[Address, Depends(account_of)]
