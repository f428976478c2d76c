# pragma version 0.4.3
# pragma nonreentrancy off
"""
@title Order book
@notice Owns the orders, the batches they make up and the tips they carry. A batch is one word:
        what was paid in, and what it received when it was executed. An owner's orders of one
        group (mints, burns, flips) in one epoch are one word, long below and short above.
        One word per owner says in which of the next epochs there are orders of which group.
"""

from ..lib import kinds
from ..lib import packing
from ..lib import rates
from ..lib import schedule

# Layout of the word of an owner: three bits (mints, burns, flips) for each epoch of the window,
# then the epoch of the lowest three, then whether any order carried a tip.
GROUPS: constant(uint256) = 3
GROUPS_MASK: constant(uint256) = 7
JOINED_BITS: constant(uint256) = 192
JOINED_MASK: constant(uint256) = 2**192 - 1
EPOCH_MASK: constant(uint256) = 2**63 - 1
TIPPED: constant(uint256) = 2**255


struct Due:
    amounts: uint256[3]
    tip: uint256
    rest: uint256


batches: HashMap[uint256, uint256]
orders: HashMap[address, HashMap[uint256, uint256]]
joined: HashMap[address, uint256]
tips: HashMap[address, HashMap[uint256, uint256]]


@deploy
def __init__():
    pass


@external
@nonreentrant
@view
def batch(epoch: uint256, kind: uint256) -> (uint256, uint256):
    """
    @notice What all orders of a kind in an epoch paid in, and what they received: 0 before the
            epoch was closed, or where they are refunded.
    """
    word: uint256 = self.batches[self._batch_key(epoch, kind)]
    return word & packing.HALF_MASK, word >> packing.HALF_BITS


@external
@nonreentrant
@view
def order_of(owner: address, epoch: uint256, kind: uint256) -> uint256:
    """
    @notice What `owner` ordered of a kind in an epoch, claimed or not.
    """
    return packing._half(self.orders[owner][self._order_key(epoch, kind)], kind % 2)


@external
@nonreentrant
@view
def tip_of(owner: address, epoch: uint256) -> uint256:
    """
    @notice The autoclaim tip that `owner`'s orders in an epoch carry.
    """
    return self.tips[owner][epoch]


@internal
@pure
def _batch_key(epoch: uint256, kind: uint256) -> uint256:
    return (epoch << 3) | kind


@internal
@pure
def _order_key(epoch: uint256, kind: uint256) -> uint256:
    return (epoch << 2) | (kind >> 1)


@internal
@view
def _has_room(owner: address, epoch: uint256) -> bool:
    """
    @notice Whether the word of `owner` reaches `epoch`.
    """
    word: uint256 = self.joined[owner]
    if word & JOINED_MASK == 0:
        return True
    return epoch < unsafe_add((word >> JOINED_BITS) & EPOCH_MASK, schedule.WINDOW)  # both below 2**64


@internal
def _add(owner: address, epoch: uint256, kind: uint256, amount: uint256, tip: uint256):
    """
    @notice Add an order; the word of `owner` must reach `epoch`.
    """
    batch_key: uint256 = (epoch << 3) | kind
    batch_word: uint256 = self.batches[batch_key]
    batch_word = unsafe_add(batch_word, amount)  # a batch still open has nothing above its lower half, and both fit it
    assert batch_word <= packing.HALF_MASK, "batch: full"
    self.batches[batch_key] = batch_word

    group: uint256 = kind >> 1
    self.orders[owner][(epoch << 2) | group] += amount << (packing.HALF_BITS * (kind & 1))

    word: uint256 = self.joined[owner]
    if word & JOINED_MASK == 0:
        word = epoch << JOINED_BITS
    # the word reaches `epoch`: less than a window past its own
    slot: uint256 = unsafe_sub(epoch, (word >> JOINED_BITS) & EPOCH_MASK)
    word |= 1 << unsafe_add(unsafe_mul(GROUPS, slot), group)
    if tip != 0:
        self.tips[owner][epoch] += tip
        word |= TIPPED
    self.joined[owner] = word


@internal
def _remove(owner: address, epoch: uint256, kind: uint256) -> (uint256, uint256):
    """
    @notice Take out the whole order of a kind.
    @return What it paid in, and the tip that comes back with the owner's last order in the epoch.
    """
    order_key: uint256 = self._order_key(epoch, kind)
    order_word: uint256 = self.orders[owner][order_key]
    amount: uint256 = packing._half(order_word, kind % 2)
    assert amount != 0, "order: none"
    self.batches[self._batch_key(epoch, kind)] -= amount
    order_word -= amount << (packing.HALF_BITS * (kind % 2))
    self.orders[owner][order_key] = order_word
    if order_word != 0:
        return amount, 0

    word: uint256 = self.joined[owner]
    slot_bits: uint256 = GROUPS * (epoch - ((word >> JOINED_BITS) & EPOCH_MASK))
    word ^= 1 << (slot_bits + (kind >> 1))
    self.joined[owner] = word
    if (word >> slot_bits) & GROUPS_MASK != 0:
        return amount, 0
    tip: uint256 = self.tips[owner][epoch]
    if tip != 0:
        self.tips[owner][epoch] = 0
    return amount, tip


@internal
@view
def _due(owner: address, through: uint256) -> Due:
    """
    @notice What the orders of `owner` in epochs up to `through`, all of them closed or refundable,
            received, and the word of `owner` without them. At most `WINDOW` epochs are looked at.
    """
    word: uint256 = self.joined[owner]
    groups: uint256 = word & JOINED_MASK
    epoch: uint256 = (word >> JOINED_BITS) & EPOCH_MASK
    due: Due = empty(Due)
    for _: uint256 in range(schedule.WINDOW):
        if groups == 0 or epoch > through:
            break
        if groups & GROUPS_MASK != 0:
            due.amounts = self._with_epoch(owner, epoch, groups & GROUPS_MASK, due.amounts)
            if word & TIPPED != 0:
                due.tip += self.tips[owner][epoch]
        groups >>= GROUPS
        epoch += 1
    if groups != 0:
        due.rest = groups | (epoch << JOINED_BITS) | (word & TIPPED)
    return due


@internal
@view
def _with_epoch(owner: address, epoch: uint256, groups: uint256, before: uint256[3]) -> uint256[3]:
    """
    @notice `before` and what the orders of `owner` in one epoch received.
    """
    amounts: uint256[3] = before
    for group: uint256 in range(GROUPS):
        if (groups >> group) & 1 == 0:
            continue
        order_word: uint256 = self.orders[owner][(epoch << 2) | group]
        for side: uint256 in range(2):
            amount: uint256 = packing._half(order_word, side)
            if amount == 0:
                continue
            kind: uint256 = 2 * group + side
            batch_word: uint256 = self.batches[self._batch_key(epoch, kind)]
            batch_out: uint256 = batch_word >> packing.HALF_BITS
            if batch_out == 0:
                amounts[kinds._item_in(kind)] += amount
            else:
                amounts[kinds._item_out(kind)] += rates._payout(amount, batch_word & packing.HALF_MASK, batch_out)
    return amounts


@internal
def _settle(owner: address, rest: uint256):
    """
    @notice Forget the epochs that `_due` has told of; `rest` is what it left.
    """
    self.joined[owner] = rest


@internal
@view
def _amounts(epoch: uint256, kinds_ordered: uint256) -> uint256[6]:
    """
    @notice What the first so many batches of an epoch paid in; nothing for the others.
    """
    amounts: uint256[6] = empty(uint256[6])
    for kind: uint256 in range(kinds_ordered, bound=6):
        amounts[kind] = packing._low(self.batches[self._batch_key(epoch, kind)])
    return amounts


@internal
def _freeze(epoch: uint256, kind: uint256, paid_in: uint256, paid_out: uint256):
    """
    @notice Fix for ever what a batch received.
    """
    self.batches[self._batch_key(epoch, kind)] = packing._pack(paid_in, paid_out)
