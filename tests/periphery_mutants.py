"""Seeded faults in the periphery: composed feeds, upkeep, lens. Tried with those of the core."""

from functools import partial

from tests.mutant import Mutant

FEED_TESTS = (
    "tests/differential/test_feeds.py",
    "tests/contracts/test_ratio_feed.py",
    "tests/contracts/test_median_feed.py",
    "tests/contracts/test_median_attacks.py",
    "tests/contracts/test_posted_feed.py",
    "tests/differential/test_composed_feeds.py",
)
UPKEEP_TESTS = (
    "tests/contracts/test_upkeep.py",
    "tests/contracts/test_upkeep_networks.py",
    "tests/differential/test_upkeep.py",
)
LENS_TESTS = ("tests/differential/test_forecast.py", "tests/differential/test_upkeep.py")

Feed = partial(
    Mutant, suite=FEED_TESTS, contracts=("feed/Ratio", "feed/Inverse", "feed/Median", "feed/Posted")
)
Upkeep = partial(Mutant, suite=UPKEEP_TESTS, contracts=("Upkeep",))
Lens = partial(Mutant, suite=LENS_TESTS, contracts=("Lens", "Upkeep"))

PERIPHERY = (
    Feed(
        "ratio upside down",
        "contracts/lib/feeds.vy",
        "return fp._mul_div_down(base, fp.WAD, quote)",
        "return fp._mul_div_down(quote, fp.WAD, base)",
        "the price of the other thing",
    ),
    Feed(
        "ratio never late",
        "contracts/lib/feeds.vy",
        "return latest if latest > time else min(base_moment, quote_moment)",
        "return min(base_moment, quote_moment)",
        "a median takes a ratio that was silent for one that was not, and changes its mind",
    ),
    Feed(
        "one is a majority",
        "contracts/lib/feeds.vy",
        "majority: uint256 = self._middle(known[0], known[1], known[2])",
        "majority: uint256 = min(min(known[0], known[1]), known[2])",
        "one wrong feed decides",
    ),
    Feed(
        "latecomers counted",
        "contracts/lib/feeds.vy",
        "        if known[part] <= decided:",
        "        if known[part] != NEVER:",
        "whoever calls later gets another price",
    ),
    Feed(
        "hint of both",
        "contracts/feed/Ratio.vy",
        "as_of(time, feeds._part_hint(hint, 0))",
        "as_of(time, hint)",
        "a late event of a ratio can never be proved",
    ),
    Feed(
        "inverse of too much",
        "contracts/feed/Inverse.vy",
        "    checks._check_price(inverse)\n",
        "",
        "a price of nothing",
    ),
    Feed(
        "withheld value backdated",
        "contracts/feed/Posted.vy",
        "return next.price, next.posted_at",
        "return next.price, next.observed_at",
        "a value posted late makes a median forget that its part was silent",
    ),
    Feed(
        "any refusal leaves a part out",
        "contracts/feed/Median.vy",
        '    assert len(refusal) != 0, "feed: part failed"\n    raw_revert(refusal)\n',
        "",
        "a wrong hint takes out the part that one dislikes",
    ),
    Feed(
        "no patience with a broken part",
        "contracts/feed/Median.vy",
        "if block.timestamp - time > PATIENCE:",
        "if block.timestamp >= time:",
        "a part that fails for a moment is left out by who is quick",
    ),
    Feed(
        "broken by its hint",
        "contracts/feed/Median.vy",
        "if now.price == 0 and now.refusal == refusal:",
        "if now.price == 0:",
        "a part that died since is taken out of the past by a wrong hint",
    ),
    Feed(
        "starved part left out",
        "contracts/feed/Median.vy",
        '    assert msg.gas >= GAS_NEEDED, "feed: too little gas"\n',
        "",
        "whoever sends little gas chooses the parts",
    ),
    Feed(
        "second not over",
        "contracts/feed/Median.vy",
        "elif told.moment > time and told.moment >= block.timestamp:",
        "elif told.moment > time and told.moment > block.timestamp:",
        "two callers in one block get two prices",
    ),
    Upkeep(
        "upkeep is paid itself",
        "contracts/Upkeep.vy",
        "abi_encode(hint, msg.sender, ",
        "abi_encode(hint, self, ",
        "the keeper's pay is lost",
    ),
    Upkeep(
        "one failure stops all",
        "contracts/Upkeep.vy",
        "reason=self._reason(response))\n    return False",
        'reason=self._reason(response))\n    raise "upkeep: nothing done"',
        "one dead market in the list, and none is kept",
    ),
    Upkeep(
        "silence is success",
        "contracts/Upkeep.vy",
        "if answered and len(response) == 32:",
        "if answered:",
        "an address without code stops the batch",
    ),
    Upkeep(
        "markets starve",
        "contracts/Upkeep.vy",
        '    assert msg.gas >= needed, "upkeep: too little gas"\n',
        "",
        "what a node estimates is enough for the first market only",
    ),
    Upkeep(
        "no bound on a market's gas",
        "contracts/Upkeep.vy",
        "        gas=gas_each,\n",
        "",
        "one hostile market burns what the others need",
    ),
    Upkeep(
        "a lost race succeeds",
        "contracts/Upkeep.vy",
        '    assert done != 0, "upkeep: nothing done"\n',
        "",
        "keepers pay for empty batches that no simulation refuses",
    ),
    Lens(
        "trigger not asked",
        "contracts/modules/preview.vy",
        "return staticcall ITrigger(terms.trigger).due(move.old_price, move.new_price, move.spot)",
        "return True",
        "a keeper pays for events that are refused",
    ),
    Lens(
        "forecast keeps the oldest sample",
        "contracts/modules/preview.vy",
        "        sum -= samples[0]",
        "        sum -= samples[count - 1]",
        "the foretold average is another",
    ),
    Lens(
        "forecast skips a grid point",
        "contracts/modules/preview.vy",
        "progress.last_epoch + 1, progress.earliest_waiting",
        "progress.last_epoch + 2, progress.earliest_waiting",
        "the foretold event is the one after",
    ),
    Lens(
        "forecast at the next mint fee",
        "contracts/modules/forecasting.vy",
        "amounts, told.mint_fee_wad, burn_fee_wad",
        "amounts, told.next_mint_fee_wad, burn_fee_wad",
        "foretold orders pay another fee than real ones",
    ),
    Lens(
        "forecast forgets lateness",
        "contracts/modules/forecasting.vy",
        "max(block.timestamp, point + 1) - point, terms.block_time_s",
        "1, terms.block_time_s",
        "a late event's pay is foretold too low",
    ),
)
