"""The style sheets: every part is in the one file, in its layer, without colors of its own."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles.finders import find
from django.core.management import call_command

CSS = settings.BASE_DIR / "static" / "css"
COMPONENTS = sorted((CSS / "components").glob("*.css"))
PARTS = [*(CSS / name for name in ("base.css", "layout.css", "utilities.css")), *COMPONENTS]


def without_comments(path):
    return re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)


def test_every_component_sheet_is_imported():
    imported = re.findall(r'@import "components/([^"]+)"', (CSS / "site.css").read_text(encoding="utf-8"))
    assert imported == [path.name for path in COMPONENTS]


@pytest.mark.parametrize("path", PARTS, ids=lambda path: path.name)
def test_a_sheet_has_no_color_id_or_important_of_its_own(path):
    text = without_comments(path)
    # The mask of the hero is black for full, not a color that one sees.
    assert not re.search(r"#[0-9a-f]{3,8}\b", text.replace("#000", ""))
    assert "rgb(" not in text
    assert "!important" not in text
    assert not re.search(r"(^|[\s,}])#[a-z]", text)


@pytest.mark.parametrize("path", [*PARTS, CSS / "tokens.css", CSS / "print.css"], ids=lambda path: path.name)
def test_braces_are_balanced(path):
    text = without_comments(path)
    assert text.count("{") == text.count("}")


def test_production_joins_the_sheets_into_one_file_in_layers(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": "zhaoqing_site.static_storage.OneStylesheetStorage"}}
    call_command("collectstatic", interactive=False, verbosity=0)
    joined = next(path for path in Path(tmp_path, "css").glob("site.*.css")).read_text(encoding="utf-8")
    assert "@import" not in joined
    assert joined.index("@layer tokens, base, layout, components, utilities, print;") < joined.index("@layer tokens {")
    assert joined.count("@layer components {") == len(COMPONENTS)
    assert joined.count("{") == joined.count("}")


def test_every_component_template_says_what_it_takes():
    for path in sorted((settings.BASE_DIR / "templates" / "components").glob("*.html")):
        assert path.read_text(encoding="utf-8").startswith("{# "), path.name


def test_templates_carry_no_inline_style_script_or_event():
    for path in sorted((settings.BASE_DIR / "templates").rglob("*.html")):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"\sstyle=|<style|\son[a-z]+=\"|javascript:|\|safe\b", text), path


def test_the_mark_is_found():
    assert find("images/mark.svg")
