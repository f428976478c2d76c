"""The SDK's page tells what runs: its long example is played on the embedded chain."""

import contextlib
import io
import re

from tests.evm import ROOT

PAGE = (ROOT / "docs/sdk.md").read_text()
BLOCKS = re.findall(r"^```python\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


def test_the_example_prints_what_it_says() -> None:
    [example] = (block for block in BLOCKS if "# not run here" not in block)
    promised = re.findall(r"^print\(.*\)  # (.*)$", example, re.MULTILINE)
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(example, {})
    assert out.getvalue().splitlines() == promised
    assert promised


def test_every_module_that_the_page_names_is_there() -> None:
    packages = {"chain", "spec"}
    named = re.findall(r"`perpools\.(chain|spec)\.(\w+)`(?:, `(\w+)`)?", PAGE)
    for package, *modules in named:
        assert package in packages
        folder = ROOT / "src/perpools" / package
        for name in filter(None, modules):
            assert (folder / f"{name}.py").exists() or (folder / name).is_dir() or name == "connect"
