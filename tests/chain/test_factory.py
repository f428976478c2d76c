"""From a market file to a market: planned, shown, checked, sent; and found again by its log."""

import pytest
from eth_utils.abi import abi_to_signature, event_signature_to_log_topic

from perpools import artifacts
from perpools.chain.contract import Contract, created
from perpools.chain.factory import Deployed, Factory
from perpools.chain.feed_plan import First
from perpools.chain.node import Node
from perpools.chain.planning import plan_feed
from perpools.chain.protocol import Protocol
from perpools.chain.steps import Approval, Creation, Done, FirstValue, Opening, Plan, Step
from perpools.chain.terms import Functions, decode_terms
from perpools.errors import ConfigError, Refused
from perpools.market_file import MarketFile
from perpools.spec.terms import NOBODY
from perpools.spec.units import Address
from tests.chain.workshop import UNIT, WAD, key
from tests.chain.yard import Yard, build


@pytest.fixture(scope="module")
def yard() -> Yard:
    return build()


def read_back(deployed: Deployed, file: MarketFile, deployer: Address) -> object:
    told = deployed.market.contract.read("terms")
    terms = file.terms(6, deployer)
    return decode_terms(told, Functions(6, terms.transfer, terms.trigger))


def test_a_market_of_what_is_there(yard: Yard) -> None:
    file = yard.file(yard.posted.address, keeper=f'eth_feed = "posted:{yard.posted.address}"')
    before = yard.coin.balance(yard.deployer)
    deployed = yard.deploy(file)
    terms, contracts = read_back(deployed, file, yard.deployer)  # type: ignore[misc]
    assert terms == file.terms(6, yard.deployer)
    assert contracts.feed == contracts.eth_feed == yard.posted.address
    assert contracts.transfer == yard.protocol.transfers["sigmoid"]
    assert (contracts.trigger, contracts.gas_feed) == (NOBODY, NOBODY)
    assert before - yard.coin.balance(yard.deployer) == 20 * UNIT
    assert yard.coin.allowance(yard.deployer, yard.protocol.factory.address) == 0


def test_what_is_not_there_is_deployed_once(yard: Yard) -> None:
    feed = f"chainlink:{yard.aggregator.address}"
    file = yard.file(
        feed,
        'transfer = "power"',
        'trigger = "price change 5%"',
        'max_interval = "1d"',
        keeper=f'eth_feed = "{feed}"',
    )
    plan = yard.protocol.factory.plan(file, yard.deployer)
    kinds = [getattr(step, "contract", type(step)) for step in plan.steps]
    assert kinds == ["Chainlink", "Power", "PriceChange", Approval, Opening]
    done = yard.protocol.factory.carry_out(plan)
    terms, contracts = read_back(done, file, yard.deployer)  # type: ignore[misc]
    made = [one.address for one in done.done]
    assert [contracts.feed, contracts.transfer, contracts.trigger] == made[:3]
    assert contracts.eth_feed == contracts.feed
    assert terms.trigger == file.trigger


def test_a_plan_can_be_shown_before_anything_is_sent(yard: Yard) -> None:
    number = yard.node.block().number
    feed = f"chainlink({yard.aggregator.address}, max_age=2h)"
    plan = yard.protocol.plan(yard.file(feed), yard.deployer)
    assert plan.text == (
        f"deploy a feed that reads the aggregator {yard.aggregator.address}",
        "let the factory take 20 COIN",
        "deploy ETH/USD and pay its seed, 20 COIN",
    )
    assert (plan.assets, plan.lacks) == (20 * UNIT, ())
    [adapter] = (step for step in plan.steps if isinstance(step, Creation))
    assert adapter.arguments == (yard.aggregator.address, 7_200, NOBODY, 0)
    assert yard.node.block().number == number


def test_gas_is_estimated_a_little_high(yard: Yard) -> None:
    aggregator, publisher = yard.aggregator.address, key("one more publisher")
    plans = [
        yard.protocol.factory.plan(
            yard.file(
                f"chainlink({aggregator}, max_age={hours}h)",
                f'transfer = "{transfer}"',
                f'trigger = "{trigger} 5%"',
                'max_interval = "1d"',
            ),
            yard.deployer,
        )
        for hours, transfer, trigger in (
            (1, "power", "momentum"),
            (2, "linear", "price change"),
            (3, "sigmoid", "momentum"),
        )
    ]
    feed = f"posted:{publisher.address}"
    first = First(publisher, WAD)
    plans.append(plan_feed(yard.node, feed, yard.deployer, max_age_s=60, first=first))
    for plan in plans:
        _check_gas(yard.node, plan)


def _check_gas(node: Node, plan: Plan) -> None:
    """On the embedded chain every transaction has a block of its own."""

    def compare(step: Step, done: Done) -> None:
        used = node.web3.eth.get_block("latest")["gasUsed"]
        assert used <= step.gas <= max(used * 3 // 2, used + 60_000), (step.text, used)

    plan.send(node, compare)


def test_steps_are_told_as_they_are_done(yard: Yard) -> None:
    heard: list[str] = []
    feed = f"chainlink:{yard.aggregator.address}"
    yard.deploy(yard.file(feed), tell=lambda step, done: heard.append(step.text))
    assert len(heard) == 3


def test_an_account_without_the_seed_sends_nothing(yard: Yard) -> None:
    plan = yard.protocol.plan(yard.file(yard.posted.address, leverage="2"), yard.newcomer)
    assert plan.lacks == ("the account has 1.5 COIN, the seed needs 20 COIN",)
    before = yard.node.block().number
    with pytest.raises(Refused, match=r"the account has 1\.5 COIN, the seed needs 20 COIN"):
        yard.protocol.factory.carry_out(plan)
    assert yard.node.block().number == before


def test_an_account_without_gas_sends_nothing(yard: Yard) -> None:
    stranger = key("stranger").address
    plan = yard.protocol.plan(yard.file(yard.posted.address), stranger)
    assert plan.lacks[1].startswith("the account has 0 of the native coin, gas needs about 0.")


def test_an_allowance_is_exact_and_never_left_over(yard: Yard) -> None:
    factory = yard.protocol.factory.address
    yard.coin.approve(factory, 5, sender=yard.deployer)
    plan = yard.protocol.plan(yard.file(yard.posted.address), yard.deployer)
    approvals = [step.units for step in plan.steps if isinstance(step, Approval)]
    assert approvals == [0, 20 * UNIT]
    yard.protocol.factory.carry_out(plan)
    assert yard.coin.allowance(yard.deployer, factory) == 0


def test_an_allowance_that_is_there_is_used(yard: Yard) -> None:
    yard.coin.approve(yard.protocol.factory.address, 20 * UNIT, sender=yard.deployer)
    plan = yard.protocol.plan(yard.file(yard.posted.address), yard.deployer)
    assert [type(step) for step in plan.steps] == [Opening]
    yard.protocol.factory.carry_out(plan)


def test_a_new_posted_feed_begins_with_a_first_price(yard: Yard) -> None:
    publisher = key("another publisher")
    file = yard.file(f"posted:{publisher.address}")
    first = First(publisher, 1_500 * WAD)
    plan = yard.protocol.plan(file, yard.deployer, first=first)
    assert [type(step) for step in plan.steps] == [Creation, FirstValue, Approval, Opening]
    assert plan.text[1] == "publish 1500 as its first value"
    assert yard.protocol.factory.carry_out(plan).announced["first_price"] == 1_500 * WAD


def test_a_feed_alone_may_be_silent(yard: Yard) -> None:
    plan = plan_feed(yard.node, "posted", yard.deployer, max_age_s=60)
    [created] = plan.send(yard.node)
    assert created.address
    feed = Contract(yard.node, created.address, yard.posted.contract.interface)
    assert feed.read("PUBLISHER") == yard.deployer
    assert plan_feed(yard.node, created.address, yard.deployer).steps == ()
    with pytest.raises(ConfigError, match=r'feed: "pigeon" is not a feed'):
        plan_feed(yard.node, "pigeon", yard.deployer)


def test_composed_feeds_are_deployed_from_the_bottom(yard: Yard) -> None:
    aggregator, posted = yard.aggregator.address, yard.posted.address
    file = yard.file(f"inverse(ratio(chainlink:{aggregator}, ratio({posted}, {posted})))")
    plan = yard.protocol.plan(file, yard.deployer)
    names = [step.contract for step in plan.steps if isinstance(step, Creation)]
    assert names == ["Chainlink", "Ratio", "Ratio", "Inverse"]
    deployed = yard.protocol.factory.carry_out(plan)
    assert deployed.announced["first_price"] == WAD // 2_000
    file = yard.file(f"ratio:{deployed.done[3].address},{posted}")
    with pytest.raises(ConfigError, match="there is no room for the hints of inverse"):
        yard.protocol.plan(file, yard.deployer)
    file = yard.file(f"median:{deployed.done[0].address},{posted},chainlink:{aggregator}")
    plan = yard.protocol.plan(file, yard.deployer)
    _check_gas(yard.node, plan)


def test_a_market_is_found_by_its_log(yard: Yard) -> None:
    file = yard.file(yard.posted.address, leverage="1.25")
    deployed = yard.deploy(file)
    listed = yard.protocol.factory.markets()[-1]
    assert listed.market == deployed.market.address
    assert (listed.name, listed.symbol) == ("ETH/USD", "1.25-ETH/USD")
    assert (listed.factory, listed.deployer) == (yard.protocol.factory.address, yard.deployer)
    assert (listed.long_token, listed.short_token) == deployed.market.contract.read("tokens")
    assert listed.terms == deployed.market.contract.read("terms")
    assert listed.block_number == yard.node.block().number


def test_markets_are_those_of_one_factory_or_of_all(yard: Yard) -> None:
    other = Protocol.deploy(yard.node, yard.deployer)
    before = Factory(yard.node, None).markets()
    assert before == yard.protocol.factory.markets()
    file = yard.file(yard.posted.address)
    mine = other.factory.deploy(file, yard.deployer, transfers=other.transfers)
    [listed] = other.factory.markets(other.block_number)
    assert listed.market == mine.market.address
    assert Factory(yard.node, None).markets() == [*before, listed]
    assert Factory(yard.node, None).markets(yard.node.block().number + 1) == []


def test_what_only_looks_like_a_market_is_passed_over(yard: Yard) -> None:
    known = Factory(yard.node, None).markets()
    [event] = (e for e in artifacts.load("Factory").abi if e.get("name") == "MarketDeployed")
    topic = event_signature_to_log_topic(abi_to_signature(event))
    logs_the_topic_alone = b"\x7f" + topic + bytes.fromhex("60006000a100")
    created(yard.node, logs_the_topic_alone, yard.deployer)
    assert Factory(yard.node, None).markets() == known


def test_a_markets_name_disturbs_no_terminal(yard: Yard) -> None:
    file = yard.file(yard.posted.address).model_copy(update={"name": "A\x1b[31m\n"})
    yard.deploy(file)
    assert yard.protocol.factory.markets()[-1].name == "A[31m"


def test_all_factories_together_deploy_nothing(yard: Yard) -> None:
    with pytest.raises(ConfigError, match="factory: missing"):
        Factory(yard.node, None).deploy(yard.file(yard.posted.address), yard.deployer)
