"""A market file means its terms, exactly; what is wrong with one is a line that names the key."""

import inspect
import re
from pathlib import Path

import pytest

from perpools import market_file
from perpools.errors import ConfigError
from perpools.explanations import ALLOWED
from perpools.spec import terms as spec
from perpools.spec import transfer_curves

WAD, PERCENT, HOUR_S, DAY_S = 10**18, 10**16, 3_600, 86_400
ACCOUNT = "0x" + 40 * "1"

V2 = 'preset = "v2"\nname = "ETH/USD"\nleverage = 3\n'
BARE = (
    'name = "EUR/USD"\nleverage = 1.5\ntransfer = "power"\n'
    'interval = "1h"\nfront_running_interval = "5m"\n'
)


def test_the_first_version_has_its_published_terms() -> None:
    terms = market_file.parse('preset = "v1"\nname = "BTC/USD"\nleverage = 3').terms(decimals=6)
    assert terms.transfer is transfer_curves.power
    assert terms.sma_periods == 1
    assert (terms.interval_s, terms.front_running_interval_s) == (HOUR_S, 300)
    assert (terms.mint_fee_wad, terms.burn_fee_wad, terms.management_fee_wad) == (0, 0, 0)
    assert terms.gas_premium_wei == 20 * 10**9
    assert (terms.tip_step_wad, terms.tip_max_wad) == (5 * PERCENT, WAD)
    assert terms.block_time_s == 13


def test_the_second_version_has_its_published_terms() -> None:
    terms = market_file.parse(V2).terms(decimals=6)
    assert terms.transfer is transfer_curves.sigmoid
    assert terms.sma_periods == 8
    assert (terms.interval_s, terms.front_running_interval_s) == (HOUR_S, 8 * HOUR_S)
    assert (terms.mint_fee_wad, terms.burn_fee_wad) == (0, 0)
    assert terms.management_fee_wad == 2 * PERCENT


def test_defaults_are_the_specified_ones() -> None:
    terms = market_file.parse(BARE).terms(decimals=18, deployer=ACCOUNT)
    assert terms.leverage_wad == 15 * 10**17
    assert terms.trigger is None
    assert terms.reward_cap_wad == PERCENT // 10
    assert terms.wind_down_after_s == 30 * DAY_S
    assert terms.primary == ACCOUNT
    assert terms.secondary == spec.NOBODY


@pytest.mark.parametrize("written", ["time", "price change 5%", "momentum 0.5%"])
def test_a_trigger_reads_as_it_is_shown(written: str) -> None:
    longest = "" if written == "time" else '\nmax_interval = "1d"'
    market = market_file.parse(f'{V2}trigger = "{written}"{longest}')
    assert market_file.show_trigger(market.trigger) == written
    assert market.terms(decimals=6).trigger == market.trigger


def test_a_key_overrides_the_preset_and_leaves_its_neighbours() -> None:
    terms = market_file.parse(V2 + 'interval = "2h"\n[fees]\nmint = "1%"').terms(decimals=6)
    assert terms.interval_s == 2 * HOUR_S
    assert terms.mint_fee_wad == terms.mint_fee_max_wad == PERCENT
    assert terms.management_fee_wad == 2 * PERCENT


EVERYTHING = f"""
    {V2}
    collateral = "{ACCOUNT}"
    seed = 100.5
    wind_down_after = "7d"
    [price]
    feed = "chainlink:{ACCOUNT}"
    max_age = "25h"
    [fees]
    mint = "1%"
    mint_step = "0.1%"
    mint_max = "5%"
    burn = "0.3%"
    primary = "{ACCOUNT}"
    secondary = "{ACCOUNT}"
    secondary_share = "20%"
    [keeper]
    eth_feed = "chainlink:{ACCOUNT}"
    gas_feed = "posted:{ACCOUNT}"
    reward_cap = "0.2%"
"""


def test_everything_can_be_set() -> None:
    market = market_file.parse(EVERYTHING)
    terms = market.terms(decimals=6)
    assert market.seed_assets(6) == 100_500_000
    assert market.price.max_age == 25 * HOUR_S
    assert terms.wind_down_after_s == 7 * DAY_S
    assert (terms.mint_fee_step_wad, terms.mint_fee_max_wad) == (PERCENT // 10, 5 * PERCENT)
    assert terms.secondary_share_wad == 20 * PERCENT
    assert terms.reward_cap_wad == PERCENT // 5


def test_numbers_are_exact() -> None:
    text = BARE.replace("1.5", "0.1")
    assert market_file.parse(text).terms(decimals=6).leverage_wad == WAD // 10


def test_blocks_count_by_the_block_time() -> None:
    text = V2 + 'front_running_interval = "20 blocks"\n'
    assert market_file.parse(text).front_running_interval == 20 * 13
    with pytest.raises(ConfigError, match=r"front_running_interval: .* set block_time"):
        market_file.parse(BARE.replace('"5m"', '"20 blocks"'))


WRONG = [
    # what is not a market file at all
    ("leverage =", "not TOML: Invalid value"),
    ('name = "a"\nseed = = 1', r"not TOML: .*\(at line 2, "),
    ("", "name: missing"),
    # unknown keys, and what was probably meant
    (V2 + "levrage = 1", r"levrage: unknown key: did you mean leverage\?"),
    (V2 + "sma_periods = 3", r"sma_periods: unknown key: did you mean price\.sma_periods\?"),
    (V2 + '[fees]\nmnit = "1%"', r"fees\.mnit: unknown key: did you mean fees\.mint\?"),
    (V2 + "zzzz = 1", "zzzz: unknown key: known are preset, "),
    ('preset = "v2"\nname = "A"\nlever = 3', "lever: unknown key"),
    # missing
    ('preset = "v2"\nleverage = 3', "name: missing"),
    ('preset = "v2"\nname = "A"', "leverage: missing"),
    (BARE.replace('interval = "1h"\n', ""), "interval: missing"),
    # of the wrong kind
    (V2.replace("v2", "v3"), r"""preset: "v3" is not known: write 'v1' or 'v2'"""),
    (V2.replace('"v2"', "2"), "preset: 2 is not known"),
    (V2.replace('"ETH/USD"', "3"), "name: 3 is not a text"),
    (V2.replace("ETH/USD", ""), 'name: "" is not a name'),
    (V2.replace("ETH/USD", "A" * 33), "name: .* 1 to 32 characters"),
    (V2.replace("3", '"3"'), 'leverage: "3" is not a number: write it without quotes'),
    (V2.replace("3", "true"), "leverage: True is not a number"),
    (V2.replace("3", "nan"), "leverage: NaN is not a number"),
    (V2.replace("3", "-3"), "leverage: -3 is not a number of zero or more"),
    (V2 + 'transfer = "sigmod"', "transfer: \"sigmod\" is not known: write 'power', 'sigmoid'"),
    (V2 + 'trigger = "tide"', 'trigger: "tide" is not a trigger: write "time", "price change 5%"'),
    (V2 + 'trigger = "tide 5%"', "trigger: .* is not a trigger"),
    (V2 + 'trigger = "momentum 5"', "trigger: .* is not a percentage"),
    (V2 + 'trigger = "momentum 0%"', "trigger: .* more than 0%, and at most 10000%"),
    (V2 + 'trigger = "momentum 10001%"', "trigger: .* more than 0%, and at most 10000%"),
    (V2 + 'trigger = "momentum 5%"', "max_interval: its default is not allowed: interval to 365d"),
    (V2 + "seed = 1e999999999", "seed: .* is too large"),
    (V2 + "interval = 3600", 'interval: 3600 is not a duration: write it like "90s"'),
    (V2 + 'interval = "1 hour"', 'interval: "1 hour" is not a duration'),
    (V2 + 'block_time = "2 blocks"', 'block_time: "2 blocks" counts blocks'),
    (V2 + "[price]\nsma_periods = 2.5", r"price\.sma_periods: 2\.5 is not a whole number"),
    (V2 + '[price]\nfeed = "pigeon"', r'price\.feed: "pigeon" is not a feed'),
    (V2 + "[fees]\nmint = 0.01", r"fees\.mint: 0\.01 is not a percentage"),
    (V2 + '[fees]\nmanagement = "2%"', r'fees\.management: "2%" is not a yearly percentage'),
    (V2 + "fees = 3", r"fees: is a table: write \[fees\]"),
    (V2 + 'collateral = "0x1"', 'collateral: "0x1" is not an address'),
    (V2 + '[keeper]\ngas_premium = "20"', r'keeper\.gas_premium: "20" is not a gas price'),
    # beyond the protocol's bounds
    (V2.replace("3", "101"), r"leverage: 101 is not allowed: 0\.1 to 100"),
    (V2.replace("3", "0.05"), r"leverage: 0\.05 is not allowed: 0\.1 to 100"),
    (V2.replace("3", "1.255"), r"leverage: 1\.255 is not allowed: a multiple of 0\.01"),
    (V2 + "[price]\nsma_periods = 25", r"price\.sma_periods: 25 is not allowed: 1 to 24"),
    (V2 + 'interval = "0s"', 'interval: "0s" is not allowed: 1s to 365d'),
    (V2 + 'front_running_interval = "27h"', "front_running_interval: .* at most 26 intervals"),
    (V2 + 'max_interval = "1d"', "max_interval: .* only with a trigger other than time"),
    (V2 + 'wind_down_after = "1h"', 'wind_down_after: "1h" is not allowed: 1d to 365d'),
    (V2 + 'block_time = "0s"', 'block_time: "0s" is not allowed: 1s to 1h'),
    (V2 + "seed = 0", r"seed: 0 is not allowed: more than 0\.000001"),
    (V2 + "seed = 1e15", "seed: .* is not allowed: at most"),
    (V2 + '[fees]\nmint = "11%"', r'fees\.mint: "11%" is not allowed: 0% to 10%'),
    (V2 + '[fees]\nmint_max = "11%"', r'fees\.mint_max: "11%" is not allowed: 0% to 10%'),
    (V2 + '[fees]\nmint = "2%"\nmint_max = "1%"', r"fees\.mint: .* at most fees\.mint_max"),
    (V2 + '[fees]\nmint_step = "1%"', r"fees\.mint_step: .* at most fees\.mint_max"),
    (V2 + '[fees]\nburn = "11%"', r"fees\.burn: .* 0% to 10%"),
    (V2 + '[fees]\nmanagement = "11%/year"', r"fees\.management: .* 0%/year to 10%/year"),
    (V2 + f'[fees]\nprimary = "{spec.NOBODY}"', r"fees\.primary: .* an account"),
    (V2 + '[fees]\nsecondary_share = "101%"', r"fees\.secondary_share: .* 0% to 100%"),
    (V2 + '[fees]\nsecondary_share = "1%"', r"fees\.secondary: its default is not allowed"),
    (V2 + '[keeper]\ngas_premium = "1001 gwei"', r"keeper\.gas_premium: .* 1000 gwei"),
    (V2 + '[keeper]\ntip_step = "101%"', r"keeper\.tip_step: .* 0% to 100%"),
    (V2 + '[keeper]\ntip_max = "101%"', r"keeper\.tip_max: .* 0% to 100%"),
    (V2 + '[keeper]\nreward_cap = "2%"', r"keeper\.reward_cap: .* 0% to 1%"),
]


@pytest.mark.parametrize(("text", "line"), WRONG)
def test_what_is_wrong_is_one_line_that_names_the_key(text: str, line: str) -> None:
    with pytest.raises(ConfigError, match=line) as refused:
        market_file.parse(text)
    assert "\n" not in str(refused.value)


def test_every_refusal_of_terms_names_a_key() -> None:
    raised = set(re.findall(r"raise errors\.(\w+)", inspect.getsource(spec)))
    named = {refusal.__name__ for refusal in ALLOWED}
    assert raised - named == {"TooManyDecimals"}  # the collateral's, not the file's
    assert {key for key, _ in ALLOWED.values()} <= set(market_file.keys())


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"absent\.toml: No such file"):
        market_file.load(tmp_path / "absent.toml")
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigError, match=r"binary\.toml: not a text file"):
        market_file.load(tmp_path / "binary.toml")
    (tmp_path / "wrong.toml").write_text(V2 + "seed = 0")
    with pytest.raises(ConfigError, match=r"wrong\.toml: seed: 0"):
        market_file.load(tmp_path / "wrong.toml")


def test_a_file_is_read() -> None:
    presets = Path(market_file.__file__).parent / "presets"
    for preset in ("v1", "v2"):
        with pytest.raises(ConfigError, match="name: missing"):
            market_file.load(presets / f"{preset}.toml")
