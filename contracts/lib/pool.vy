# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title Pool
@notice What an event does to the pool: both balances and both supplies (R1, R5, R8, R9, R12).
        Every step conserves by subtraction: what leaves one place is what arrives at the other,
        never computed twice. The sum of both balances, and each supply, stays below 2**128.
@custom:model perpools.spec.pool
"""

from . import fixed_point as fp
from . import kinds
from . import rates

# Base units of each token locked for ever: a millionth of a token, so that no supply is ever zero.
LOCKED: constant(uint256) = 10**12

# No amount, balance or supply reaches it: two fit one word and their product fits 256 bits.
LIMIT: constant(uint256) = 2**128


struct Pool:
    balances: uint256[2]
    supplies: uint256[2]


struct Executed:
    pool: Pool
    outs: uint256[6]
    minted: uint256[2]
    burned: uint256[2]


@internal
@pure
def _take(balances: uint256[2], part: uint256, whole: uint256) -> (uint256[2], uint256):
    """
    @notice Both balances after each gave `part / whole` of itself, rounded down, and what they
            gave: the management fee, and the keeper's pay.
    """
    from_long: uint256 = fp._mul_div_down(balances[0], part, whole)
    from_short: uint256 = fp._mul_div_down(balances[1], part, whole)
    return [balances[0] - from_long, balances[1] - from_short], from_long + from_short


@internal
@pure
def _movable(supplies: uint256[2], fraction: uint256) -> uint256:
    """
    @notice The part of a side that a price move takes: never everything, and nothing while a
            side consists of its locked tokens alone, for then nobody stands on the other side.
    """
    if LOCKED == supplies[0] or LOCKED == supplies[1]:
        return 0
    return min(fraction, fp.ONE - 1)


@internal
@pure
def _transfer_value(
    balances: uint256[2], old_price: uint256, new_price: uint256, fraction: uint256
) -> uint256[2]:
    """
    @notice Both balances after the side the price moved against paid `fraction` of its own,
            rounded down, to the other.
    """
    if new_price >= old_price:
        paid: uint256 = fp._mul_div_down(balances[1], fraction, fp.ONE)
        return [balances[0] + paid, balances[1] - paid]
    paid: uint256 = fp._mul_div_down(balances[0], fraction, fp.ONE)
    return [balances[0] - paid, balances[1] + paid]


@internal
@pure
def _execute(pool: Pool, amounts: uint256[6], mint_fee_wad: uint256, burn_fee_wad: uint256) -> Executed:
    """
    @notice Burns, flips, then mints of one epoch, all at the rates of `pool`. A batch that would
            receive nothing, or lift a supply or the pool to 2**128, is left out.
    """
    done: Executed = empty(Executed)
    done.pool = pool
    for kind: uint256 in range(kinds.LONG_BURN, 6):
        if amounts[kind] != 0:
            done = self._leave(done, pool, kind, amounts[kind], mint_fee_wad, burn_fee_wad)
    for side: uint256 in range(2):
        if amounts[side] != 0:
            done = self._enter(done, pool, side, amounts[side], mint_fee_wad)
    return done


@internal
@pure
def _leave(
    done: Executed, pool: Pool, kind: uint256, tokens: uint256, mint_fee_wad: uint256, burn_fee_wad: uint256
) -> Executed:
    """
    @notice Execute a batch that burns, and flips where `kind` is a flip, at the rates of `pool`.
    """
    after: Executed = done
    side: uint256 = kind % 2
    other: uint256 = 1 - side
    assets: uint256 = rates._burned(tokens, pool.balances[side], pool.supplies[side], burn_fee_wad)
    out: uint256 = assets
    if kind >= kinds.LONG_FLIP:
        out = rates._minted(assets, pool.balances[other], pool.supplies[other], mint_fee_wad)
        if out >= LIMIT - done.pool.supplies[other]:
            return after
        after.pool.balances[other] += assets
        after.pool.supplies[other] += out
        after.minted[other] += out
    if out == 0:
        return done
    after.outs[kind] = out
    after.pool.balances[side] -= assets
    after.pool.supplies[side] -= tokens
    after.burned[side] += tokens
    return after


@internal
@pure
def _enter(done: Executed, pool: Pool, side: uint256, assets: uint256, mint_fee_wad: uint256) -> Executed:
    """
    @notice Execute a batch that mints, at the rates of `pool`.
    """
    out: uint256 = rates._minted(assets, pool.balances[side], pool.supplies[side], mint_fee_wad)
    total: uint256 = done.pool.balances[0] + done.pool.balances[1]
    if out == 0 or out >= LIMIT - done.pool.supplies[side] or assets >= LIMIT - total:
        return done
    after: Executed = done
    after.outs[side] = out
    after.pool.balances[side] += assets
    after.pool.supplies[side] += out
    after.minted[side] += out
    return after
