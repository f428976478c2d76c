"""Why the upkeep refuses a batch of events (R18)."""

from .base import Rejected


class NothingDone(Rejected):
    reason = "upkeep: nothing done"


class HintsAreNotAsMany(Rejected):
    reason = "upkeep: not a hint per market"


class UpkeepNeedsMoreGas(Rejected):
    reason = "upkeep: too little gas"
