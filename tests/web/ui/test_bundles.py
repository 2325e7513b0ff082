"""Bundles: complete, in order, without a build step."""

import gzip
import re

import pytest

from kefu.web.ui import bundles

COMPONENTS = sorted((bundles.SOURCES / "css").glob("*.css"))
MODULES = sorted((bundles.SOURCES / "js").glob("*.js"))


def entry_of(audience: str) -> str:
    """The list of modules that make up an audience's script."""
    return (bundles.SOURCES / "js" / f"{audience}.js").read_text()


def test_every_component_is_part_of_some_stylesheet() -> None:
    used = {name for a in bundles.AUDIENCES for name in bundles.CSS_IMPORT.findall((bundles.SOURCES / f"{a}.css").read_text())}
    assert {f"css/{path.name}" for path in COMPONENTS} == used


@pytest.mark.parametrize("audience", bundles.AUDIENCES)
def test_a_bundle_needs_nothing_else(audience: str) -> None:
    assert "@import" not in bundles.css(audience)
    assert not re.search(r"^import\b", bundles.js(audience), re.MULTILINE)


@pytest.mark.parametrize("audience", bundles.AUDIENCES)
def test_the_order_of_the_layers_comes_first(audience: str) -> None:
    assert bundles.css(audience).startswith("@layer reset, tokens, base, layout, components, views, utilities;")


@pytest.mark.parametrize("audience", bundles.AUDIENCES)
def test_names_at_the_top_of_modules_are_unique(audience: str) -> None:
    sources = "\n".join(path.read_text() for path in MODULES if f'"./{path.name}"' in entry_of(audience))
    names = re.findall(r"^(?:export )?(?:async )?(?:const|let|function|class) (\w+)", sources, re.MULTILINE)
    assert names
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.name)
def test_scripts_never_turn_text_into_code_or_markup(module) -> None:  # type: ignore[no-untyped-def]
    assert not re.search(r"\beval\(|new Function|innerHTML|outerHTML|insertAdjacentHTML|document\.write", module.read_text())


def test_style_and_script_of_public_pages_stay_light() -> None:
    ours = sum(len(gzip.compress(part.encode())) for part in (bundles.css("public"), bundles.js("public")))
    htmx = len(gzip.compress((bundles.SOURCES / "vendor" / "htmx-2.0.11.min.js").read_bytes()))
    assert ours + htmx < 45_000  # leaves 15 KB for the page itself


def test_a_bundle_carries_its_hash_and_its_compressed_twin(settings, tmp_path) -> None:  # type: ignore[no-untyped-def]
    settings.HOME = tmp_path
    path = bundles.folder() / bundles.write("chat", "css")
    assert re.fullmatch(r"chat\.[0-9a-f]{12}\.css", path.name)
    assert gzip.decompress(path.with_name(f"{path.name}.gz").read_bytes()) == path.read_bytes()
