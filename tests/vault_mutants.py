"""Seeded faults in the side vaults, beside those of `tests.mutants`."""

from tests.mutant import Mutant

QUEUE = "contracts/modules/request_queue.vy"
REQUESTS = "contracts/modules/vault_requests.vy"
CLAIMS = "contracts/modules/vault_claims.vy"
UNDERLYING = "contracts/modules/underlying.vy"

_SEEDED = (
    Mutant(
        "a unit more for every request",
        CLAIMS,
        "rates._payout(amount, batch.paid_in, batch.paid_out)",
        "rates._payout(amount, batch.paid_in, batch.paid_out) + 1",
        "the last controller to claim finds too little",
    ),
    Mutant(
        "portion rounded up",
        "contracts/lib/portions.vy",
        "return taken, fp._mul_div_down(due, taken, given)",
        "return taken, fp._mul_div_up(due, taken, given)",
        "what is left of a request is worth nothing before it is gone",
    ),
    Mutant(
        "rest of a request forgotten",
        QUEUE,
        "    queue.due = still_due\n",
        "    queue.due = 0\n",
        "portions do not add up to the whole",
    ),
    Mutant(
        "controller not asked",
        CLAIMS,
        "operators._authorise(controller)",
        "operators._authorise(msg.sender)",
        "anybody claims what came of anybody's requests",
    ),
    Mutant(
        "payer of a request not asked",
        REQUESTS,
        "operators._authorise(owner)",
        "operators._authorise(msg.sender)",
        "anybody requests with the money of whoever approved the vault",
    ),
    Mutant(
        "others taken back too",
        UNDERLYING,
        "    if ordered != amount:\n"
        "        extcall IMarketAccount(MARKET).place_order"
        "(kind, ordered - amount, ordered - amount)\n",
        "",
        "one controller cancels the requests of all",
    ),
    Mutant(
        "claimed request stays",
        QUEUE,
        "if taken == request.amount:",
        "if taken > request.amount:",
        "an empty request stands before all others",
    ),
    Mutant(
        "executed request refunded",
        REQUESTS,
        "if not batch.closed or batch.paid_out != 0:",
        "if not batch.closed:",
        "what bought tokens is paid back, out of others' refunds",
    ),
    Mutant(
        "pending request refunded",
        REQUESTS,
        "if not batch.closed or batch.paid_out != 0:",
        "if batch.paid_out != 0:",
        "out of the market before its price is known, in it all the same",
    ),
    Mutant(
        "returned request kept",
        REQUESTS,
        "        request_queue._forget_returned(flow, controller, epoch)\n",
        "        pass\n",
        "what was taken back is claimed again and again",
    ),
    Mutant(
        "refunded request kept",
        REQUESTS,
        "        request_queue._take_out(flow, controller, epoch)\n",
        "        pass\n",
        "a refund is claimed again and again",
    ),
    Mutant(
        "queue cut off",
        QUEUE,
        "^= (epoch ^ request.after) << AFTER_AT",
        "^= epoch << AFTER_AT",
        "requests behind one that was taken out are never found again",
    ),
    Mutant(
        "first request lost",
        QUEUE,
        "        after.first = request.after\n",
        "        after.first = 0\n",
        "a queue of one claim",
    ),
    Mutant(
        "refunded request in the way",
        CLAIMS,
        "            request_queue._return(flow, controller, epoch, request.amount)\n        else:",
        "            break\n        else:",
        "nothing behind a refunded request can be claimed",
    ),
    Mutant(
        "wrong side of the market",
        UNDERLYING,
        "return 2 * flow + SIDE",
        "return 2 * flow",
        "a vault of the short side goes long",
    ),
    Mutant(
        "rate of the other side",
        UNDERLYING,
        "return balances[SIDE], supplies[SIDE]",
        "return balances[1 - SIDE], supplies[1 - SIDE]",
        "integrators value shares at the wrong price",
    ),
    Mutant(
        "payer and controller swapped in the log",
        REQUESTS,
        "controller=controller, owner=owner, requestId=epoch, sender=msg.sender, shares=shares",
        "controller=owner, owner=controller, requestId=epoch, sender=msg.sender, shares=shares",
        "an indexer credits a request to whoever paid",
    ),
)

VAULTS = tuple(mutant._replace(contracts=("SideVault",)) for mutant in _SEEDED)
