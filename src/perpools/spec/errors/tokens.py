"""Why an L- or S-token refuses a transfer or a permit."""

from .base import Rejected


class SenderIsNotMarket(Rejected):
    reason = "token: not the market"


class TokenBalanceIsTooLow(Rejected):
    reason = "token: balance too low"


class AllowanceIsTooLow(Rejected):
    reason = "token: allowance too low"


class ReceiverIsZero(Rejected):
    reason = "token: zero receiver"


class SpenderIsZero(Rejected):
    reason = "token: zero spender"


class PermitIsExpired(Rejected):
    reason = "permit: expired"


class PermitIsWrong(Rejected):
    reason = "permit: wrong signature"
