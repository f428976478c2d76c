"""
The bots' commands: every setting of a bot is an option under its own name, explained by itself.
"""

import inspect
import json
from collections.abc import Callable
from typing import Any

import typer

from perpools.bots.launch import launch
from perpools.bots.options import BotSettings
from perpools.cli.options import parameter
from perpools.cli.session import password
from perpools.settings import Settings
from perpools.values import as_json

Command = Callable[..., None]


def command(model: type[BotSettings], name: str, text: str) -> Command:
    """The command of a bot: read its settings, run it, and exit as it says."""

    def run(**flags: Any) -> None:
        settings = model.load(**{key: value or None for key, value in flags.items()})
        asked = f"password of {settings.keystore}"
        raise typer.Exit(launch(settings, _tell, lambda: password(settings, asked)))

    parameters = [_parameter(model, key) for key in model.model_fields]
    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    run.__name__, run.__doc__ = name, inspect.cleandoc(text)
    return run


def _parameter(model: type[BotSettings], key: str) -> inspect.Parameter:
    return parameter(model, key, "Chain and account" if key in Settings.model_fields else "Bot")


def _tell(fact: dict[str, Any]) -> None:
    """One line of JSON on standard output."""
    typer.echo(json.dumps(as_json(fact)))
