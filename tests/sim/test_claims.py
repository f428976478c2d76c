"""docs/claims.md cannot lie: every claim is checked again, and every command in it is run."""

import contextlib
import io
import re
import shlex
import sys
from functools import cache

import pytest

from perpools.cli import main
from perpools.sim.claims import CLAIMS, Claim, drawing, report
from perpools.sim.claims.__main__ import main as tell
from perpools.sim.claims.claim import Verdict
from tests.evm import ROOT

DOCS = ROOT / "docs"
STALE = "docs/claims.md says something else: make figures, and read what changed"
PICTURED = [claim for claim in CLAIMS if claim.picture]


def by_id(claim: Claim) -> str:
    return claim.id


@cache
def page() -> str:
    return (DOCS / "claims.md").read_text()


@cache
def checked(claim: Claim) -> Verdict:
    return claim.check()


@pytest.mark.parametrize("claim", CLAIMS, ids=by_id)
def test_the_page_says_what_the_check_finds(claim: Claim) -> None:
    verdict = checked(claim)
    row = f"| [{claim.id}](#{claim.id}) | {claim.source.name} | {verdict.word} |"
    assert row in page(), STALE
    assert report.section(claim, verdict) in page(), STALE


def test_the_page_is_what_its_registry_makes_of_it() -> None:
    assert page() == report.document({claim.id: checked(claim) for claim in CLAIMS}), STALE


def test_every_claim_is_a_different_one() -> None:
    assert len({claim.id for claim in CLAIMS}) == len(CLAIMS)
    assert len({claim.sentence for claim in CLAIMS}) == len(CLAIMS)


@pytest.mark.parametrize("block", re.findall(r"^```console\n\$ (.*?)^```", page(), re.M | re.S))
def test_commands_print_what_they_say(block: str, monkeypatch: pytest.MonkeyPatch) -> None:
    command, _, promised = block.partition("\n")
    monkeypatch.setattr(sys, "argv", shlex.split(command))
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.suppress(SystemExit):
        main.run()
    assert out.getvalue() == promised


@pytest.mark.parametrize("claim", PICTURED, ids=by_id)
def test_a_picture_is_there_and_reads_on_any_page(claim: Claim) -> None:
    kept = (DOCS / report.FIGURES / f"{claim.id}.svg").read_text()
    assert "<svg" in kept
    assert f"fill: {drawing.GROUND}" in kept
    assert "<dc:date>" not in kept


def test_no_picture_is_left_over() -> None:
    kept = {path.stem for path in (DOCS / report.FIGURES).glob("*.svg")}
    assert kept == {claim.id for claim in PICTURED}


def test_the_same_picture_is_the_same_text() -> None:
    [figure_1] = (claim.picture for claim in PICTURED if claim.id == "times-against-power")
    assert figure_1 is not None
    assert drawing.svg(figure_1.draw) == drawing.svg(figure_1.draw)


def test_one_claim_is_told_alone(capsys: pytest.CaptureFixture[str]) -> None:
    assert tell(["flip"]) == 0
    assert "Holds. A flip is a burn and a mint" in capsys.readouterr().out
