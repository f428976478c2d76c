"""`docs/keeping.md` lists what there is."""

import re

from perpools.bots.options import BotSettings, KeeperSettings
from tests.bots.document import DOCUMENT, ROLES, with_tables


def test_every_table_is_what_the_bots_say() -> None:
    text = DOCUMENT.read_text()
    assert with_tables(text) == text, "write it anew: python -m tests.bots.document"


def test_every_option_named_in_the_text_exists() -> None:
    known = {name for model in (*ROLES, BotSettings) for name in model.model_fields}
    named = set(re.findall(r"--([a-z][a-z-]+)", DOCUMENT.read_text()))
    assert {name.replace("-", "_") for name in named} <= known


def test_the_settings_file_shown_is_one(tmp_path: object) -> None:
    from pathlib import Path

    blocks = re.findall(r"```toml\n(.*?)```", DOCUMENT.read_text(), re.DOTALL)
    path = Path(str(tmp_path)) / "perpools.toml"
    path.write_text(blocks[0])
    settings = KeeperSettings.load(config=str(path))
    assert settings.rpc
    assert settings.max_loss == 0
