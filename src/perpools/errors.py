"""
What can go wrong, as one tree.

    PoolsError
    ├── Refused        the protocol refuses: asking again changes nothing
    ├── ChainError     we could not ask, or not send: trying again may help
    │   └── StrangeAnswer  a contract said what none of the expected kind says
    └── ConfigError    you told us wrong: mend the file, the option or the installation

The specification imports nothing of ours, so its refusals (`spec.errors.Rejected`) stand outside
the tree; `Refused` carries the reason of one across, be it the specification's or a contract's.
Every message is one line that says what to do.
"""


class PoolsError(Exception):
    """Anything this package knows how to explain in one line."""


class Refused(PoolsError):
    """The protocol does not accept the operation; nothing changed."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class ChainError(PoolsError):
    """A node could not be asked, or did not do what it was asked."""


class StrangeAnswer(ChainError):
    """
    A contract refused for a reason that the specification does not know, or answered what cannot
    be read: somebody else's token or feed, or nothing of the expected kind at all.
    """


class ConfigError(PoolsError):
    """A market file, an option or the installation is wrong."""
