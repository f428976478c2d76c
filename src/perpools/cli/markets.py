"""`perpools markets`: what there is."""

from typing import Any

from perpools.chain.factory import Listed
from perpools.cli import output, whereabouts
from perpools.cli.options import reading
from perpools.cli.session import Session
from perpools.values import Duration, Name, Number


@reading
def markets(session: Session) -> None:
    """List the factory's markets; without one, those of every factory there is.

    For example: perpools markets --json
    """
    found = session.whereabouts.listed
    rows = [_facts(listed) for listed in found]
    if session.as_json:
        output.print_json(rows)
        return
    if session.whereabouts.factory is None:
        output.note(
            "of every factory there is: anybody can name a market anything, compare its feed"
        )
    if not rows:
        output.note("there are no markets")
        return
    output.print_rows(rows, "Markets", ("symbol", "interval", "market"), 3)


def _facts(listed: Listed) -> dict[str, Any]:
    """One market, as its factory announced it."""
    terms = listed.terms
    return {
        "market": listed.market,
        "symbol": whereabouts.names(listed)[0],
        "name": listed.name,
        "leverage": Number(terms.leverage_wad, "x"),
        "interval": Duration(terms.interval_s),
        "front_running_interval": Duration(terms.front_running_interval_s),
        "collateral": listed.collateral,
        "feed": terms.feed,
        "long_token": listed.long_token,
        "short_token": listed.short_token,
        "deployer": listed.deployer,
        "factory": listed.factory,
        "block": Name(listed.block_number),
    }
