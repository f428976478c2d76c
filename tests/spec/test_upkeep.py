"""Many markets in one call, by the specification."""

import pytest

from perpools.spec import errors, upkeep
from perpools.spec.rebalancing import Gas
from perpools.spec.state import Call, Step
from tests.stateful.model import Model
from tests.stateful.played import Fixed, epoch_due
from tests.strategies import V1, V2


def test_by_the_specification_too_each_is_on_its_own() -> None:
    first, second = (Model(setup) for setup in (V1, V2))
    now = first.now + 2 * V1.terms.interval_s
    call, price = Call("keeper", now), Fixed(10**18)
    told = upkeep.rebalance_many(
        [first.market, second.market], call, [price, Fixed(0)], [Gas()] * 2
    )
    assert isinstance(told[0], Step)
    assert isinstance(told[1], errors.PriceIsZero)
    assert told[0].market.last_epoch == epoch_due(first.market, now)
    with pytest.raises(errors.NothingDone):
        upkeep.rebalance_many([second.market], call, [Fixed(0)], [Gas()])
    with pytest.raises(errors.HintsAreNotAsMany):
        upkeep.rebalance_many([first.market], call, [], [])
