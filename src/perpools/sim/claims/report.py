"""The report: `docs/claims.md` and its pictures, from the registry of claims."""

import inspect
from pathlib import Path

from . import drawing
from .claim import SOURCES, Claim, Verdict
from .registry import CHAPTERS, CLAIMS

FIGURES = "figures"
"""Beside the document."""

HEAD = """# What was said, and what is so

Three documents told the world what Perpetual Pools are. Those of their sentences that can be
checked are checked here, with the specification's own functions and the simulator's engines, on
fixings of the European Central Bank and on seeded walks (geometric Brownian motion without drift;
"80 %" is its volatility in a year). `make figures` writes this page; a test fails where it says
something else than the checks find.

"""

TABLE = """| claim | says | verdict |
|---|---|---|
"""


def document(verdicts: dict[str, Verdict]) -> str:
    """The whole page."""
    sources = "".join(f"- **{source.name}**: {source.title}\n" for source in SOURCES)
    rows = "".join(
        f"| [{claim.id}](#{claim.id}) | {claim.source.name} | {verdicts[claim.id].word} |\n"
        for claim in CLAIMS
    )
    chapters = [
        "\n".join([f"## {title}\n", *(section(claim, verdicts[claim.id]) for claim in claims)])
        for title, claims in CHAPTERS.items()
    ]
    return HEAD + sources + "\n" + TABLE + rows + "\n" + "\n".join(chapters)


def section(claim: Claim, verdict: Verdict) -> str:
    """What the page says of one claim."""
    numbers = "".join(f"| {number.label} | {number.text} |\n" for number in verdict.numbers)
    module = claim.check.__module__.rpartition(".")[2]
    parts = [
        f"### {claim.id}\n",
        f"> {claim.sentence} ({claim.source.name})\n",
        f"{ruling(verdict)}\n",
        f"| | |\n|---|---|\n{numbers}",
        *_picture(claim),
        *_shown(claim),
        f"How: {inspect.getdoc(claim.check)} `python -m perpools.sim.claims {claim.id}` does it"
        f" again ([{module}.{claim.check.__name__}](../src/perpools/sim/claims/{module}.py)).\n",
    ]
    return "\n".join(parts)


def ruling(verdict: Verdict) -> str:
    """The verdict and its reason."""
    if verdict.word == "holds when":
        return f"**Holds when** {verdict.says}"
    return f"**{verdict.word.capitalize()}.** {verdict.says[0].upper()}{verdict.says[1:]}"


def _picture(claim: Claim) -> list[str]:
    if claim.picture is None:
        return []
    caption = claim.picture.caption
    return [f"![{claim.id.replace('-', ' ')}]({FIGURES}/{claim.id}.svg)\n", f"*{caption}*\n"]


def _shown(claim: Claim) -> list[str]:
    if claim.shown is None:
        return []
    return [f"```console\n$ {claim.shown.command}\n{claim.shown.output}\n```\n"]


def write(docs: Path) -> None:
    """Check everything and write the page with its pictures into a folder."""
    verdicts = {claim.id: claim.check() for claim in CLAIMS}
    (docs / FIGURES).mkdir(parents=True, exist_ok=True)
    for claim in CLAIMS:
        if claim.picture is not None:
            picture = drawing.svg(claim.picture.draw)
            (docs / FIGURES / f"{claim.id}.svg").write_text(picture)
    (docs / "claims.md").write_text(document(verdicts))
