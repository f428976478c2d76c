"""What simulates waits for its turn; what was worked out before waits for nobody."""

from perpools.index.tables import DAY_S
from perpools.web import views
from perpools.web.playing import TURNS
from tests.web.served import Served


def test_a_table_of_decay_that_is_known_needs_no_turn(shown: Served) -> None:
    def decay() -> views.DecayTable:
        return views.decay(shown.live, shown.address, horizons_s=(DAY_S,), paths=64)

    first = decay()

    with TURNS.taken():
        assert decay() == first
