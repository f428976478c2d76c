"""`perpools deploy`: a market from its file, and the protocol itself where a chain has none."""

from pathlib import Path
from typing import Annotated, Any

import typer

from perpools import market_file, values
from perpools.chain.factory import Deployed, Factory
from perpools.chain.feed_plan import First
from perpools.chain.protocol import Protocol
from perpools.chain.steps import Plan
from perpools.chain.subject import checksummed
from perpools.chain.tokens import Token
from perpools.cli.options import sending
from perpools.cli.session import Session
from perpools.errors import ConfigError, Refused
from perpools.market_file import MarketFile
from perpools.spec.terms import NOBODY
from perpools.spec.units import Address
from perpools.values import Amount, coin

DEPLOYMENT = Path("deployment.toml")
NO_FACTORY = (
    "no factory: give --factory ADDRESS, or name a deployment file in perpools.toml; "
    "`perpools deploy --protocol` deploys one where the chain has none"
)

File = Annotated[
    Path | None,
    typer.Argument(metavar="MARKET.toml", help="The market file, see perpools check."),
]
WithProtocol = Annotated[
    bool, typer.Option("--protocol", help="First deploy the protocol itself, once for a chain.")
]
FirstPrice = Annotated[
    str | None,
    typer.Option("--price", metavar="PRICE", help="First value of a posted feed to be deployed."),
]


@sending
def deploy(
    session: Session,
    file: File = None,
    with_protocol: WithProtocol = False,
    first_price: FirstPrice = None,
) -> None:
    """Deploy a market: its terms and feeds are as its file says, for ever.

    For example: perpools deploy market.toml --yes

    You pay the seed, and get L- and S-tokens for it. What the file names and the chain does not
    have yet, such as a feed, is deployed before. --protocol writes deployment.toml, which the
    setting `deployment` names.
    """
    market = market_file.load(file) if file else None
    if market is None and not with_protocol:
        raise ConfigError("nothing to deploy: give a market file, or --protocol")
    if with_protocol:
        _deploy_protocol(session)
    if market is not None and not (with_protocol and session.dry_run):
        _deploy_market(session, market, first_price)


def _deploy_protocol(session: Session) -> None:
    if session.whereabouts.factory is not None:
        raise ConfigError("the protocol is there already: the settings name its factory")
    if DEPLOYMENT.exists():
        raise ConfigError(f"{DEPLOYMENT}: is there already: move it away, or set deployment to it")
    plan = {
        "protocol": "factory, lens, upkeep, transfer functions",
        "sender": session.sender,
        "writes": str(DEPLOYMENT),
    }
    session.agree("deploy the protocol", plan)
    if session.dry_run:
        session.report("deployed", plan, {})
        return
    with session.waiting("deploying the protocol"):
        protocol = Protocol.deploy(session.hand, session.sender)
    protocol.save(DEPLOYMENT)
    session.whereabouts.protocol = protocol
    session.report("deployed", plan, {"factory": protocol.factory.address})


def _deploy_market(session: Session, file: MarketFile, first_price: str | None) -> None:
    factory = session.whereabouts.factory
    if factory is None:
        raise ConfigError(NO_FACTORY)
    sender = session.sender
    plan = _plan(session, file, factory, _first(session, first_price))
    facts = _facts(session, file, plan)
    remarks = [*(f"{text}" for text in plan.text), "its terms can never be changed"]
    session.agree("deploy a market", facts, remarks)
    if plan.lacks:
        raise Refused(plan.lacks[0])
    if session.dry_run:
        session.report("deployed", facts, {})
        return
    with session.waiting("deploying the market"):
        deployed = Factory(session.hand, factory).carry_out(plan)
    session.report("deployed", facts, _done(deployed, sender))


def _first(session: Session, text: str | None) -> First | None:
    if text is None:
        return None
    return First(session.publisher(), values.parse(text, 18, "price"))


def _plan(session: Session, file: MarketFile, factory: Address, first: First | None) -> Plan:
    """Everything that can be wrong is found here, before anything is sent."""
    protocol = session.whereabouts.protocol
    transfers = protocol.transfers if protocol else {}
    return Factory(session.node, factory).plan(
        file, session.sender, transfers=transfers, first=first
    )


def _facts(session: Session, file: MarketFile, plan: Plan) -> dict[str, Any]:
    """What it costs, at most."""
    gas_paid = plan.gas * session.node.block().base_fee
    token = Token(session.node, checksummed(file.collateral or NOBODY))
    return {
        "market": f"{file.name} {values.Number(file.leverage).text}x",
        "collateral": file.collateral,
        "seed_of_both_sides": Amount(plan.assets, token.decimals, token.symbol),
        "transactions": len(plan.steps),
        "gas_about": plan.gas,
        "gas_costs_about": coin(gas_paid),
    }


def _done(deployed: Deployed, sender: Address) -> dict[str, Any]:
    told = deployed.announced
    return {
        "address": deployed.market.address,
        "long_token": told["long_token"],
        "short_token": told["short_token"],
        "first_price": values.Number(told["first_price"]),
        "deployer": sender,
    }
