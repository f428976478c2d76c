"""The API's own document: its examples are sent, and answers are what it says they are."""

import json
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.core.transport import Response
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from perpools.web.api import examples
from tests.web.served import PREFIX, Served

FEW = settings(
    max_examples=6,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def document(shown: Served) -> Any:
    return shown.read("/openapi.json")


@pytest.fixture(scope="module")
def schema(document: Any, shown: Served) -> Any:
    """With the market's own address among the examples, so that more than refusals are seen."""
    known = json.dumps(document).replace(examples.MARKET, shown.address)
    found = json.loads(known.replace(examples.SENDER, shown.past.role["trader"]))
    loaded = schemathesis.openapi.from_dict(found)
    loaded.config.update(base_url=str(shown.client.base_url) + PREFIX)
    return loaded


def operations(document: Any) -> list[tuple[str, str, Any]]:
    return [
        (path, method, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]


def test_every_operation_is_described(document: Any) -> None:
    for path, method, operation in operations(document):
        assert operation["summary"], (path, method)
        assert operation["description"], (path, method)
        for problem in set(operation["responses"]) & {"404", "409", "422", "503"}:
            if path == "/ready":
                continue
            assert set(operation["responses"][problem]["content"]) == {"application/problem+json"}


def test_what_stands_below_a_field_describes_it(document: Any) -> None:
    shapes = document["components"]["schemas"]
    fields = shapes["QuoteAnswer"]["properties"]
    assert fields["receives"]["description"].startswith("About so much")
    assert shapes["AmountShape"]["properties"]["units"]["type"] == "string"


@pytest.mark.parametrize("example", [*examples.TRANSACTIONS.values(), *examples.BACKTEST.values()])
def test_its_examples_are_answered(shown: Served, example: Any) -> None:
    body = dict(example["value"])
    path = "/backtest"
    if "action" in body:
        path = "/transactions"
        body |= {"market": shown.address, "sender": shown.past.role["trader"]}
    assert shown.post(path, body).status_code == 200


def test_the_example_of_a_deployment_is_answered(shown: Served) -> None:
    body = dict(examples.DEPLOYMENT["market"]["value"])
    feed, coin = shown.past.feed.contract.address, shown.past.coin.address
    before, _, after = body["market"].rpartition(examples.MARKET)
    body |= {"market": before.replace(examples.MARKET, coin) + feed + after}
    answer = shown.post("/transactions/deployment", {**body, "sender": shown.past.role["trader"]})
    assert answer.status_code == 200, answer.text


def test_answers_are_what_the_document_says(schema: Any) -> None:
    tried = 0
    for operation in schema.get_all_operations():
        found = operation.ok()
        if found.path == "/stream":
            continue
        tried += 1
        _try_out(found)
    assert tried >= 20


def _try_out(operation: Any) -> None:
    """A few requests that fit the document, and a few that do not."""
    modes = list(schemathesis.GenerationMode)

    @FEW
    @given(case=st.one_of(*(operation.as_strategy(generation_mode=mode) for mode in modes)))
    def each(case: Any) -> None:
        answer: Response = case.call()
        assert answer.status_code < 500 or answer.status_code == 503, (case, answer.text)
        case.validate_response(
            answer,
            checks=[status_code_conformance, content_type_conformance, response_schema_conformance],
        )

    each()
