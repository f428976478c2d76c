"""The written specification names what exists, and its table of properties is the registry's."""

import re
from importlib import import_module

from tests.docs import properties
from tests.evm import ROOT

NAMED = re.compile(r"`(perpools\.spec\.[\w.]+)`")


def test_every_function_named_exists() -> None:
    named = set(NAMED.findall((ROOT / "docs" / "specification.md").read_text()))
    assert len(named) > 20
    for path in named:
        module, _, name = path.rpartition(".")
        assert hasattr(import_module(module), name), path


def test_properties_are_those_of_the_registry() -> None:
    assert properties.PATH.read_text() == properties.text()
