"""All claims, in the order of the report."""

from . import crowds, curves, large_moves, leverage, safety, sides, upkeep
from .claim import Claim

CHAPTERS: dict[str, tuple[Claim, ...]] = {
    "One move of the price": curves.CLAIMS + large_moves.CLAIMS,
    "Both sides": sides.CLAIMS,
    "Holding a token": leverage.CLAIMS,
    "Who else is there": crowds.CLAIMS,
    "Safety": safety.CLAIMS,
    "Upkeep, entry and exit": upkeep.CLAIMS,
}

CLAIMS: tuple[Claim, ...] = tuple(claim for chapter in CHAPTERS.values() for claim in chapter)
