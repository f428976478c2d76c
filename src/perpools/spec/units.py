"""What the integers of the specification mean."""

Address = str
"""Who: any string that names one account; on a chain, its checksummed address."""

Timestamp = int
"""A moment, in seconds since the Unix epoch."""

Seconds = int
"""A duration."""

Epoch = int
"""A grid point by its number: epoch `i` is executed as of the moment `i * interval` (R2)."""

Wad = int
"""A price, fee or leverage, times 10**18."""

Fraction = int
"""A part of one, times 10**36."""

Assets = int
"""Collateral, in its own base units."""

Tokens = int
"""L- or S-tokens, in base units of 18 decimals."""

Wei = int
"""Native coin of the chain, in base units of 18 decimals."""
