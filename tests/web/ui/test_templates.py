"""Templates: what the content security policy, the translators and the icons need."""

import re
import tomllib
from pathlib import Path

import pytest

import kefu.web
from kefu.web.ui import bundles
from kefu.web.ui.icons import drawings, icon

WEB = Path(kefu.web.__file__).parent
UI = WEB / "ui"
ALL = sorted(WEB.glob("*/templates/**/*.html"))
OURS = sorted((UI / "templates").rglob("*.*"))
WORDS = tomllib.loads((UI / "zh_hans.toml").read_text("utf-8"))


@pytest.mark.parametrize("path", ALL, ids=lambda path: str(path.relative_to(WEB)))
def test_templates_carry_no_style_or_code_of_their_own(path: Path) -> None:
    text = path.read_text("utf-8")
    assert not re.search(r"<[^>]*\s(?:style|on[a-z]+|hx-on[\w:-]*)=", text)
    assert "javascript:" not in text and "<style" not in text


@pytest.mark.parametrize("path", ALL, ids=lambda path: str(path.relative_to(WEB)))
def test_every_icon_exists(path: Path) -> None:
    assert set(re.findall(r"{% icon [\"']([\w-]+)[\"']", path.read_text("utf-8"))) <= set(drawings())


def test_a_mistyped_icon_is_an_error() -> None:
    with pytest.raises(KeyError):
        icon("serach")


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.name)
def test_every_sentence_of_the_design_system_has_its_chinese(path: Path) -> None:
    said = re.findall(r"{% translate ['\"](.+?)['\"] ?(?:as \w+ )?%}|_\(['\"](.+?)['\"]\)", path.read_text("utf-8"))
    assert {one or other for one, other in said} <= set(WORDS)


@pytest.mark.parametrize("path", sorted(UI.glob("*.py")), ids=lambda path: path.name)
def test_every_sentence_in_code_has_its_chinese(path: Path) -> None:
    said = re.findall(r"\b(?:_|gettext|gettext_lazy|ngettext)\(\s*\"(.+?)\"", path.read_text("utf-8"))
    assert set(said) <= set(WORDS)


@pytest.mark.parametrize("chinese", WORDS.values())
def test_chinese_uses_full_width_punctuation(chinese: str) -> None:
    assert not re.search(r"[\u4e00-\u9fff][,;:?!()]|[,;:?!()][\u4e00-\u9fff]|[\u4e00-\u9fff]\.(?!\w)", chinese)


def test_only_the_tag_draws_the_seal() -> None:
    drawn = [path.name for path in ALL if re.search(r"class=\"[^\"]*\bseal\b", path.read_text("utf-8"))]
    assert drawn == []
    assert ":is(.prose, .bubble) .seal::before" in (bundles.SOURCES / "css" / "prose.css").read_text()
