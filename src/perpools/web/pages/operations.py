"""The document of the API, read for people: operations with parameters, an example, problems."""

import json
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

JSON = "application/json"
PROBLEM = "application/problem+json"

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Parameter:
    """What may be asked with."""

    name: str
    where: str
    """`path`, `query` or `header`."""
    required: bool
    kind: str
    """Which values it takes, in words."""
    meaning: str
    example: str | None
    """A value, where one is needed or shows more."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing that can be asked."""

    method: str
    path: str
    summary: str
    description: str
    group: str
    parameters: tuple[Parameter, ...]
    bodies: tuple[tuple[str, Any], ...]
    """Examples of what is sent, each with what it is."""
    problems: tuple[tuple[int, str], ...]
    """Codes of problem documents, each with its phrase."""

    def target(self, known: Mapping[str, str]) -> str:
        """Its path with an example's values; `known` has some of them by name."""
        given = {p.name: known.get(p.name, p.example or "") for p in self.parameters}
        path = self.path.format_map(given)
        asked = {p.name: given[p.name] for p in self.parameters if p.where == "query" and p.example}
        return f"{path}?{urlencode(asked)}" if asked else path


def read(document: Document) -> tuple[Operation, ...]:
    """All operations, in the document's order."""
    return tuple(_operations(document))


def curl(base: str, target: str, body: Any = None) -> str:
    """The same for a shell."""
    url = shlex.quote(base + target)
    if body is None:
        return f"curl {url}"
    return f"curl {url} -H 'content-type: {JSON}' -d {shlex.quote(json.dumps(body))}"


def _operations(document: Document) -> Iterator[Operation]:
    for path, methods in document["paths"].items():
        for method, told in methods.items():
            examples = told.get("requestBody", {}).get("content", {}).get(JSON, {}).get("examples")
            yield Operation(
                method.upper(),
                path,
                told["summary"],
                " ".join(told["description"].split()),
                told["tags"][0],
                tuple(_parameter(one) for one in told.get("parameters", ())),
                tuple((one["summary"], one["value"]) for one in (examples or {}).values()),
                tuple(_problems(told["responses"])),
            )


def _problems(responses: Document) -> Iterator[tuple[int, str]]:
    for status, answer in sorted(responses.items()):
        if PROBLEM in answer.get("content", {}):
            yield int(status), answer["description"]


def _parameter(told: Document) -> Parameter:
    schema = told["schema"]
    required = bool(told.get("required"))
    meaning = told.get("description") or ""
    example = _example(schema, required=required)
    return Parameter(told["name"], told["in"], required, _kind(schema), meaning, example)


def _example(schema: Document, *, required: bool) -> str | None:
    if "examples" in schema:
        return _text(schema["examples"][0])
    if not required:
        return None
    value = schema["enum"][0] if "enum" in schema else schema.get("minimum", "")
    return _text(value)


def _kind(schema: Document) -> str:
    """`1 to 500, 50 if not given`."""
    one = next((s for s in schema.get("anyOf", ()) if s.get("type") != "null"), schema)
    said = _values(one)
    default = schema.get("default")
    return said if default in (None, [], "") else f"{said}; {_text(default)} if not given"


def _values(one: Document) -> str:
    if "enum" in one:
        return " or ".join(map(str, one["enum"]))
    if one.get("type") == "array":
        return f"{_values(one['items'])}, may be repeated"
    if one.get("type") in ("integer", "number"):
        low, high = one.get("minimum"), one.get("maximum")
        return f"{low} to {high}" if low is not None and high is not None else one["type"]
    if one.get("type") == "boolean":
        return "true or false"
    return "address" if "{40}" in one.get("pattern", "") else "text"


def _text(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(value).lower() if isinstance(value, bool) else str(value)
