"""Why a feed refuses to answer, or to take a value (R14)."""

from .base import Rejected


class FeedDecimals(Rejected):
    reason = "feed: decimals"


class FeedIsAhead(Rejected):
    reason = "feed: future"


class RoundIsIncomplete(Rejected):
    reason = "feed: incomplete"


class FeedHasNoHistory(Rejected):
    reason = "feed: no history"


class FeedHasNoMaxAge(Rejected):
    reason = "feed: no max age"


class FeedHasNoPublisher(Rejected):
    reason = "feed: no publisher"


class PartIsNoContract(Rejected):
    reason = "feed: no contract"


class PartFailed(Rejected):
    reason = "feed: part failed"


class AnswerIsNotPositive(Rejected):
    reason = "feed: not positive"


class SequencerIsDown(Rejected):
    reason = "feed: sequencer down"


class SequencerIsInGrace(Rejected):
    reason = "feed: sequencer grace"


class FeedIsSilent(Rejected):
    reason = "feed: silent"


class FeedIsStale(Rejected):
    reason = "feed: stale"


class AnswerIsTooLarge(Rejected):
    reason = "feed: too large"


class FeedNeedsMoreGas(Rejected):
    reason = "feed: too little gas"


class TooManyPhases(Rejected):
    reason = "feed: too many phases"


class TooManyRounds(Rejected):
    reason = "feed: too many rounds"


class HintIsWrong(Rejected):
    reason = "feed: wrong hint"


class ValueIsAhead(Rejected):
    reason = "value: future"


class SignatureIsMalleable(Rejected):
    reason = "value: malleable signature"


class ValueIsNotNewer(Rejected):
    reason = "value: not newer"


class ValueIsNotThePublishers(Rejected):
    reason = "value: not the publisher's"


class ValueIsTooLarge(Rejected):
    reason = "value: too large"


class ValueIsTooOld(Rejected):
    reason = "value: too old"


class ValueIsZero(Rejected):
    reason = "value: zero"
