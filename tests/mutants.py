"""
Seeded faults: exact replacements in contracts that some test must notice.

`python -m tests.mutate` tries them.
"""

from tests.mutant import Mutant
from tests.periphery_mutants import PERIPHERY
from tests.vault_mutants import VAULTS

CORE = (
    Mutant(
        "payout rounded up",
        "contracts/lib/rates.vy",
        "return fp._mul_div_down(order, batch_out, batch_in)",
        "return fp._mul_div_up(order, batch_out, batch_in)",
        "the last to claim finds too little",
    ),
    Mutant(
        "wrong side loses",
        "contracts/lib/pool.vy",
        "if new_price >= old_price:",
        "if new_price < old_price:",
        "a rising price takes from the long side",
    ),
    Mutant(
        "locked side has a counterparty",
        "contracts/lib/pool.vy",
        "if LOCKED == supplies[0] or LOCKED == supplies[1]:",
        "if LOCKED == supplies[0] and LOCKED == supplies[1]:",
        "value moves to tokens that nobody can ever redeem",
    ),
    Mutant(
        "burn fee forgotten",
        "contracts/lib/rates.vy",
        "return fees._after_fee(self._assets_for_tokens(tokens, balance, supply), burn_fee_wad)",
        "return self._assets_for_tokens(tokens, balance, supply)",
        "leaving is free",
    ),
    Mutant(
        "grid point passed at its own second",
        "contracts/lib/schedule.vy",
        "return (now - 1) // interval",
        "return now // interval",
        "prices of that second may still arrive",
    ),
    Mutant(
        "notice a second short",
        "contracts/lib/schedule.vy",
        "return (now + front_running_interval) // interval + 1",
        "return (now + front_running_interval - 1) // interval + 1",
        "an order joins an epoch exactly its notice away",
    ),
    Mutant(
        "window one epoch too wide",
        "contracts/modules/orders.vy",
        "now.waiting == 0 or unsafe_sub(epoch, now.earliest_waiting) < schedule.WINDOW",
        "now.waiting == 0 or unsafe_sub(epoch, now.earliest_waiting) <= schedule.WINDOW",
        "a bit outside the mask: an order that no event executes",
    ),
    Mutant(
        "owner not asked",
        "contracts/modules/orders.vy",
        "    operators._authorise(owner)\n",
        "",
        "anybody orders with anybody's money",
    ),
    Mutant(
        "cancelled after the cut-off",
        "contracts/modules/orders.vy",
        'assert epoch == charter._epoch_joined(), "order: past its cut-off"',
        'assert epoch >= now.earliest_waiting, "order: past its cut-off"',
        "a free option on the price",
    ),
    Mutant(
        "last epoch excluded",
        "contracts/modules/orders.vy",
        'assert epoch <= last_epoch, "epoch: later than asked"',
        'assert epoch < last_epoch, "epoch: later than asked"',
        "an order for the epoch that was asked for is refused",
    ),
    Mutant(
        "tip paid twice",
        "contracts/modules/order_book.vy",
        "    if tip != 0:\n        self.tips[owner][epoch] = 0\n",
        "",
        "cancel, order again, cancel again: the tips of others",
    ),
    Mutant(
        "escrow kept after a claim",
        "contracts/modules/claims.vy",
        "    escrow._set(owner, empty(escrow.Held))\n",
        "",
        "what is in escrow can be claimed again and again",
    ),
    Mutant(
        "orders kept after a claim",
        "contracts/modules/claims.vy",
        "    order_book._settle(owner, rest)\n    escrow._set(owner, empty(escrow.Held))\n",
        "    escrow._set(owner, empty(escrow.Held))\n",
        "executed orders can be claimed again and again",
    ),
    Mutant(
        "stranger claims untipped",
        "contracts/modules/claims.vy",
        '    assert due.tip != 0 or operators._allows(owner, msg.sender), "claim: not tipped"\n',
        "",
        "others decide when an owner's escrow leaves",
    ),
    Mutant(
        "prices swapped in the log",
        "contracts/modules/rebalancing.vy",
        "        old_price=move.old_price,\n        new_price=move.new_price,\n",
        "        old_price=move.new_price,\n        new_price=move.old_price,\n",
        "an indexer tells the opposite of what happened",
    ),
    Mutant(
        "other reason",
        "contracts/modules/rebalancing.vy",
        'assert epoch > now.last_epoch, "event: not due"',
        'assert epoch > now.last_epoch, "event: too early"',
        "a keeper does not know what it was told",
    ),
    Mutant(
        "longest wait one second late",
        "contracts/modules/rebalancing.vy",
        "* charter.TERMS.interval_s < charter.TERMS.max_interval_s:",
        "* charter.TERMS.interval_s <= charter.TERMS.max_interval_s:",
        "a trigger that is never met delays an event too long",
    ),
    Mutant(
        "average keeps its oldest sample",
        "contracts/modules/price_average.vy",
        "now.sum = now.sum - self.ring[now.next] + spot",
        "now.sum = now.sum - old_price + spot",
        "the average is no average of samples any more",
    ),
    Mutant(
        "price of another moment",
        "contracts/modules/rebalancing.vy",
        "as_of(charter._grid_point(epoch), hint)",
        "as_of(block.timestamp, hint)",
        "whoever calls chooses the price",
    ),
    Mutant(
        "keeper's pay not taken",
        "contracts/modules/rebalancing.vy",
        "after.balances, costs.reward = self._pay_keeper(epoch, costs.gas_used, after.balances)",
        "costs.reward = self._pay_keeper(epoch, costs.gas_used, after.balances)[1]",
        "keepers are paid out of others' escrow",
    ),
    Mutant(
        "fee paid and still owed",
        "contracts/modules/fee_account.vy",
        "    self.word = word - (assets << (packing.HALF_BITS * which))\n",
        "",
        "a recipient drains the market",
    ),
    Mutant(
        "coin trusted",
        "contracts/modules/custody.vy",
        "    assert staticcall collateral.balanceOf(self) == held + amount, "
        '"collateral: not as sent"\n',
        "",
        "a coin that keeps a fee makes the market insolvent",
    ),
    Mutant(
        "live feed ignored",
        "contracts/modules/wind_down.vy",
        'assert feed_reader._latest(charter.TERMS.feed) == 0, "wind-down: feed alive"',
        'assert True, "wind-down: feed alive"',
        "anybody ends a market that nobody rebalanced for a month",
    ),
    Mutant(
        "pair short of its cost",
        "contracts/lib/rates.vy",
        "return fp._mul_div_up(tokens, other_supply, supply)",
        "return fp._mul_div_down(tokens, other_supply, supply)",
        "a unit of the other side for nothing",
    ),
)

MUTANTS = CORE + PERIPHERY + VAULTS
