"""What goes wrong, as problem documents (RFC 9457): one sentence that says what to do."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from perpools.errors import ChainError, ConfigError, Refused
from perpools.web.advice import Declined
from perpools.web.playing import Busy

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_S = "5"
LONGEST = 500


class Problem(BaseModel):
    """Why there is no answer."""

    type: str = Field("about:blank", examples=["about:blank"])
    title: str = Field(examples=["Not Found"])
    status: int = Field(examples=[404])
    detail: str = Field(
        description="One sentence that says what to do.",
        examples=["No market has this address here."],
    )
    reason: str | None = Field(None, description="The contract's, where it would refuse.")


class Failing(Exception):
    """Ends a request with a problem."""

    def __init__(self, status: int, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status, self.detail, self.headers = status, detail, dict(headers or {})


def busy(detail: str) -> Failing:
    """Too much is asked for at once."""
    return Failing(503, detail, {"Retry-After": RETRY_AFTER_S})


def said(
    status: int, detail: str, headers: Mapping[str, str] | None = None, reason: str | None = None
) -> JSONResponse:
    """The answer."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail[:LONGEST],
    }
    if reason:
        body["reason"] = reason
    kept = {"Cache-Control": "no-store", **(headers or {})}
    return JSONResponse(body, status, kept, MEDIA_TYPE)


def install(app: FastAPI) -> None:
    """Answer with problems wherever something is raised."""
    made = app.openapi

    def openapi() -> dict[str, Any]:
        document = made()
        document["components"]["schemas"]["Problem"] = Problem.model_json_schema()
        return document

    app.openapi = openapi  # type: ignore[method-assign]
    app.add_exception_handler(Failing, _failing)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(ConfigError, _config)
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(ChainError, _chain)
    app.add_exception_handler(Busy, _busy)


def with_csv(
    responses: dict[int | str, dict[str, Any]],
) -> dict[int | str, dict[str, Any]]:
    """The same, of an operation whose answer may be asked for as a file of CSV."""
    return {200: {"content": {"text/csv": {"schema": {"type": "string"}}}}, **responses}


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """For the document of the API: the problems an operation may answer with."""
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        status: {
            "description": HTTPStatus(status).phrase,
            "content": {MEDIA_TYPE: {"schema": schema}},
        }
        for status in statuses
    }


async def _failing(_: Request, raised: Exception) -> JSONResponse:
    assert isinstance(raised, Failing)
    return said(raised.status, raised.detail, raised.headers)


async def _http(_: Request, raised: Exception) -> JSONResponse:
    assert isinstance(raised, HTTPException)
    told = {
        400: "The body cannot be read: send JSON.",
        404: "Nothing is here: see openapi.json.",
        405: "This cannot be done here.",
    }
    return said(
        raised.status_code, told.get(raised.status_code, str(raised.detail)), raised.headers
    )


async def _invalid(_: Request, raised: Exception) -> JSONResponse:
    assert isinstance(raised, RequestValidationError)
    first = raised.errors()[0]
    where = ".".join(str(part) for part in first["loc"][1:]) or "request"
    return said(422, f"{where}: {first['msg']}.")


async def _config(_: Request, raised: Exception) -> JSONResponse:
    return said(422, _sentence(str(raised)))


async def _refused(_: Request, raised: Exception) -> JSONResponse:
    assert isinstance(raised, Refused)
    detail = raised.sentence if isinstance(raised, Declined) else _sentence(raised.reason)
    return said(409, detail, reason=raised.reason)


async def _busy(_: Request, raised: Exception) -> JSONResponse:
    headers = {"Retry-After": RETRY_AFTER_S}
    return said(503, "Too many others simulate now: ask again soon.", headers)


async def _chain(_: Request, raised: Exception) -> JSONResponse:
    detail = _sentence(f"the chain could not be asked: {raised}")
    return said(503, detail, {"Retry-After": RETRY_AFTER_S})


def _sentence(text: str) -> str:
    text = " ".join(text.split())
    return text if text.endswith(".") else f"{text}."
