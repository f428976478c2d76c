"""
What was said of Perpetual Pools, checked: `make figures` writes `docs/claims.md` and its pictures.

`claim` says what a claim is; `registry` has them all, from a module for each chapter; `scenery`
and `drawing` are what those share; `report` writes the document. One claim alone:
`python -m perpools.sim.claims near-leverage`.
"""

from .claim import Claim, Verdict
from .registry import CLAIMS

__all__ = ["CLAIMS", "Claim", "Verdict"]
