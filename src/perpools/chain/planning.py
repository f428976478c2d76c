"""From a market file to what has to be sent: whatever can be known to be wrong is found before."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from perpools import feed_source, quantities
from perpools.chain.contract import Contract
from perpools.chain.feed_plan import Asked, Draft, First, account
from perpools.chain.node import Node
from perpools.chain.steps import Approval, Listing, Opening, Plan
from perpools.chain.terms import Contracts
from perpools.chain.tokens import Token
from perpools.errors import ConfigError
from perpools.explanations import ALLOWED
from perpools.market_file import MarketFile, show_trigger
from perpools.spec.errors import Rejected
from perpools.spec.terms import MAX_DECIMALS, Terms, check
from perpools.spec.transfer_curves import Linear
from perpools.spec.units import Address, Assets, Seconds

TRANSFERS = {
    "power": ("Power", ()),
    "sigmoid": ("Sigmoid", ()),
    "linear": ("Linear", (Linear().cap,)),
}
"""Each transfer function's contract and the arguments of its constructor."""


def plan_feed(
    node: Node,
    text: str,
    sender: Address,
    *,
    max_age_s: Seconds | None = None,
    first: First | None = None,
) -> Plan:
    """
    A feed by itself, as a market file would name it; without steps where it is there already. A
    posted feed may begin without a value.
    """
    draft = Draft(node, sender, first)
    try:
        source = feed_source.parse(text)
    except ValueError as wrong:
        raise ConfigError(f'feed: "{text}" {wrong}') from None
    draft.feed(source, Asked("feed", max_age_s, priced=first is not None))
    return _complete(draft, ())


def plan_market(
    factory: Contract,
    file: MarketFile,
    sender: Address,
    *,
    transfers: Mapping[str, Address],
    first: First | None = None,
) -> Plan:
    """A market, and everything that it uses and is not there yet."""
    if file.collateral is None:
        raise ConfigError("collateral: missing: write the address of the token the market holds")
    token = Token(factory.node, account("collateral", file.collateral))
    seed_assets = _seed_assets(file, token)
    terms = _terms(file, token, sender)
    draft = Draft(factory.node, sender, first)
    listing = Listing(file.name, terms, _contracts(draft, file, token, transfers), seed_assets)
    if draft.first is not None:
        raise ConfigError("price.feed: only a posted feed that is to be deployed has a first price")
    lacks = _approve(draft, token, factory.address, 2 * seed_assets)
    text = f"deploy {file.name} and pay its seed, {token.show(2 * seed_assets)}"
    draft.steps.append(Opening(factory, listing, text))
    return _complete(draft, lacks, 2 * seed_assets)


def _terms(file: MarketFile, token: Token, deployer: Address) -> Terms:
    """As the specification has them, within the bounds for this collateral."""
    if token.decimals > MAX_DECIMALS:
        raise ConfigError(
            f"collateral: {token.symbol} has {token.decimals} decimals, "
            f"a market takes {MAX_DECIMALS} at most"
        )
    terms = file.terms(token.decimals, deployer=deployer)
    try:
        check(terms, file.seed_assets(token.decimals))
    except Rejected as refusal:
        key, allowed = ALLOWED[type(refusal)]
        raise ConfigError(f"{key}: not allowed with {token.symbol}: {allowed}") from None
    return replace(
        terms,
        primary=account("fees.primary", terms.primary),
        secondary=account("fees.secondary", terms.secondary),
    )


def _seed_assets(file: MarketFile, token: Token) -> Assets:
    """The seed of one side, exactly."""
    shown = quantities.show_number(file.seed)
    try:
        return quantities.amount(shown, token.decimals)
    except ValueError:
        raise ConfigError(
            f"seed: {shown} is too fine: {token.symbol} has {token.decimals} decimals"
        ) from None


def _contracts(
    draft: Draft, file: MarketFile, token: Token, transfers: Mapping[str, Address]
) -> Contracts:
    """What the market uses; an address may be `Made` until the plan is carried out."""
    price, keeper = file.price, file.keeper
    if price.feed is None:
        raise ConfigError("price.feed: missing: name a feed, such as chainlink:0x...")
    source = feed_source.parse(price.feed)
    if not source.parts:
        source = replace(source, max_age_s=source.max_age_s or price.max_age)
    found: dict[str, Any] = {"feed": draft.feed(source, Asked("price.feed", price.max_age))}
    for name, text in (("eth_feed", keeper.eth_feed), ("gas_feed", keeper.gas_feed)):
        if text is not None:
            asked = Asked(f"keeper.{name}", price.max_age, priced=False)
            found[name] = draft.feed(feed_source.parse(text), asked)
    if file.transfer in transfers:
        found["transfer"] = transfers[file.transfer]
    else:
        contract, arguments = TRANSFERS[file.transfer]
        found["transfer"] = draft.create(contract, arguments, f"the transfer {file.transfer}")
    if file.trigger is not None:
        arguments = (file.trigger.threshold_wad,)
        text = f"a trigger, {show_trigger(file.trigger)}"
        found["trigger"] = draft.create(type(file.trigger).__name__, arguments, text)
    return Contracts(collateral=token.address, **found)


def _approve(draft: Draft, token: Token, factory: Address, units: Assets) -> tuple[str, ...]:
    """Allow the factory the seed, no more; what the account lacks of it."""
    allowed = token.allowance(draft.sender, factory)
    if allowed < units:
        # some tokens change no allowance but from and to nothing
        for each in (0, units) if allowed else (units,):
            text = f"let the factory take {token.show(each)}"
            draft.steps.append(Approval(token.address, factory, each, text))
    held = token.balance(draft.sender)
    if held >= units:
        return ()
    return (f"the account has {token.show(held)}, the seed needs {token.show(units)}",)


def _complete(draft: Draft, lacks: tuple[str, ...], assets: Assets = 0) -> Plan:
    """The plan, once it is known whether the account can pay for its gas."""
    plan = Plan(draft.sender, tuple(draft.steps), assets, lacks)
    cost = plan.gas * draft.node.block().base_fee
    held = draft.node.balance(draft.sender)
    if held >= cost and (held or not plan.steps):
        return plan
    has, needs = (quantities.show_amount(wei, 18) for wei in (held, cost))
    lack = f"the account has {has} of the native coin, gas needs about {needs}"
    return replace(plan, lacks=(*lacks, lack))
