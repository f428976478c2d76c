"""The API's page tells every operation, and the requests it shows are answered."""

import json
import shlex

import pytest

from perpools.web.api import PREFIX
from perpools.web.pages import operations, reference
from perpools.web.pages.operations import Operation
from tests.web.samples import MARKET
from tests.web.served import Served
from tests.web.test_pages_drawn import drawn


@pytest.fixture(scope="module")
def told(shown: Served) -> tuple[Operation, ...]:
    return operations.read(shown.read("/openapi.json"))


def test_every_request_it_shows_is_answered(shown: Served, told: tuple[Operation, ...]) -> None:
    known = reference.Known("", reference.known(shown.live))
    for operation in told:
        for body in [body for _, body in operation.bodies] or [None]:
            target = operation.target(known.values)
            if operation.method == "GET":
                answer = shown.get(target)
                assert answer.status_code == 200, (target, answer.text)
            else:
                answer = shown.post(target, known.put(body))
                problems = dict(operation.problems)
                assert answer.status_code in {200, *problems}, (target, answer.text)


def test_every_problem_an_operation_answers_with_is_explained(told: tuple[Operation, ...]) -> None:
    codes = {code for operation in told for code, _ in operation.problems}

    assert codes <= set(reference.PROBLEMS)


def test_parameters_say_what_they_take(told: tuple[Operation, ...]) -> None:
    [quote] = [one for one in told if one.path.endswith("/quote")]
    kinds = {one.name: (one.kind, one.required) for one in quote.parameters}

    assert kinds["market"] == ("address", True)
    assert kinds["kind"] == ("0 to 5", True)
    assert kinds["from_escrow"] == ("text; 0 if not given", False)
    [decay] = [one for one in told if one.path.endswith("/decay")]
    assert "may be repeated" in decay.parameters[1].kind


def test_a_command_for_the_shell_holds_whatever_a_body_holds() -> None:
    body = {"market": 'name = "it\'s $HOME"\n'}

    words = shlex.split(operations.curl("http://here" + PREFIX, "/backtest", body))

    assert words[1] == f"http://here{PREFIX}/backtest"
    assert json.loads(words[-1]) == body


def test_without_a_market_it_is_shown_all_the_same(shown: Served) -> None:
    document = shown.read("/openapi.json")

    def check() -> None:
        reference.show(document, reference.Known("http://here", {}))
        reference._Shown(operations.read(document)[1], reference.Known("", {}), "one")._opened()

    drawn(check)


def test_examples_name_what_is_here(told: tuple[Operation, ...]) -> None:
    [one] = [one for one in told if one.path == "/markets/{market}"]

    assert one.target({"market": MARKET}) == f"/markets/{MARKET}"
