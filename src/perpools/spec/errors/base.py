"""What every refusal is."""


class Rejected(Exception):
    """An operation that the protocol does not accept; `reason` is the contracts' revert string."""

    reason: str = ""

    def __init__(self) -> None:
        super().__init__(self.reason)
