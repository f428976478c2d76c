"""Why a side vault refuses, where its market does not."""

from .base import Rejected


class ClaimIsTooLarge(Rejected):
    reason = "claim: more than claimable"


class PreviewIsUnknown(Rejected):
    reason = "preview: not known in advance"


class RequestIsUnknown(Rejected):
    reason = "request: none"
