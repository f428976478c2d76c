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
def _charge(pool: Pool, fraction: uint256) -> (Pool, uint256):
    """
    @notice The pool after both sides paid `fraction` of their balance, each rounded down, and
            what they paid.
    """
    long_fee: uint256 = fp._mul_div_down(pool.balances[0], fraction, fp.ONE)
    short_fee: uint256 = fp._mul_div_down(pool.balances[1], fraction, fp.ONE)
    after: Pool = pool
    after.balances = [pool.balances[0] - long_fee, pool.balances[1] - short_fee]
    return after, long_fee + short_fee


@internal
@pure
def _movable(pool: Pool, fraction: uint256) -> uint256:
    """
    @notice The part of a side that a price move takes: never everything, and nothing while a
            side consists of its locked tokens alone, for then nobody stands on the other side.
    """
    if LOCKED == pool.supplies[0] or LOCKED == pool.supplies[1]:
        return 0
    return min(fraction, fp.ONE - 1)


@internal
@pure
def _transfer_value(pool: Pool, old_price: uint256, new_price: uint256, fraction: uint256) -> Pool:
    """
    @notice The side the price moved against pays `fraction` of its balance, rounded down, to the
            other.
    """
    after: Pool = pool
    if new_price >= old_price:
        paid: uint256 = fp._mul_div_down(pool.balances[1], fraction, fp.ONE)
        after.balances = [pool.balances[0] + paid, pool.balances[1] - paid]
        return after
    paid: uint256 = fp._mul_div_down(pool.balances[0], fraction, fp.ONE)
    after.balances = [pool.balances[0] - paid, pool.balances[1] + paid]
    return after


@internal
@pure
def _pay(pool: Pool, assets: uint256) -> (Pool, uint256):
    """
    @notice Take at most `assets` from both sides in proportion, each rounded down; and what was
            taken.
    """
    total: uint256 = pool.balances[0] + pool.balances[1]
    long_part: uint256 = fp._mul_div_down(assets, pool.balances[0], total)
    short_part: uint256 = fp._mul_div_down(assets, pool.balances[1], total)
    after: Pool = pool
    after.balances = [pool.balances[0] - long_part, pool.balances[1] - short_part]
    return after, long_part + short_part


@internal
@pure
def _execute(pool: Pool, amounts: uint256[6], mint_fee_wad: uint256, burn_fee_wad: uint256) -> Executed:
    """
    @notice Burns, flips, then mints of one epoch, all at the rates of `pool`. A batch that would
            receive nothing, or lift a supply or the pool to 2**128, is left out.
    """
    done: Executed = empty(Executed)
    done.pool = pool
    for side: uint256 in [kinds.LONG, kinds.SHORT]:
        tokens: uint256 = amounts[kinds.LONG_BURN + side]
        if tokens == 0:
            continue
        assets: uint256 = rates._burned(tokens, pool.balances[side], pool.supplies[side], burn_fee_wad)
        if assets != 0:
            done.outs[kinds.LONG_BURN + side] = assets
            done.pool.balances[side] -= assets
            done.burned[side] += tokens
            done.pool.supplies[side] -= tokens
    for side: uint256 in [kinds.LONG, kinds.SHORT]:
        tokens: uint256 = amounts[kinds.LONG_FLIP + side]
        if tokens == 0:
            continue
        other: uint256 = 1 - side
        assets: uint256 = rates._burned(tokens, pool.balances[side], pool.supplies[side], burn_fee_wad)
        out: uint256 = rates._minted(assets, pool.balances[other], pool.supplies[other], mint_fee_wad)
        if out != 0 and out < LIMIT - done.pool.supplies[other]:
            done.outs[kinds.LONG_FLIP + side] = out
            done.pool.balances[side] -= assets
            done.pool.balances[other] += assets
            done.burned[side] += tokens
            done.pool.supplies[side] -= tokens
            done.minted[other] += out
            done.pool.supplies[other] += out
    for side: uint256 in [kinds.LONG, kinds.SHORT]:
        assets: uint256 = amounts[kinds.LONG_MINT + side]
        if assets == 0:
            continue
        out: uint256 = rates._minted(assets, pool.balances[side], pool.supplies[side], mint_fee_wad)
        total: uint256 = done.pool.balances[0] + done.pool.balances[1]
        if out != 0 and out < LIMIT - done.pool.supplies[side] and assets < LIMIT - total:
            done.outs[kinds.LONG_MINT + side] = out
            done.pool.balances[side] += assets
            done.minted[side] += out
            done.pool.supplies[side] += out
    return done
