"""The import rule: an app imports only apps of a lower rank, inside functions too (docs: architecture, section 1)."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RANK = {
    "outbox": 0,
    "bureaus": 1,
    "publishing": 2,
    "city": 3,
    "parks": 4,
    "projects": 5,
    "news": 6,
    "inquiries": 6,
    "zhaoqing_site": 7,
}
RELATION = re.compile(r'(?:ForeignKey|OneToOneField|ManyToManyField|GenericRelation)\(\s*"(\w+)\.')
# A name that says nothing attracts everything.
EMPTY_NAMES = {"core", "common", "base", "utils"}


def imported_packages(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name.split(".")[0] for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield node.module.split(".")[0]


def test_every_import_points_down():
    wrong = [
        f"{path.relative_to(ROOT)} imports {target}"
        for app, rank in RANK.items()
        for path in (ROOT / app).rglob("*.py")
        for target in imported_packages(path)
        if target == "tests" or (target != app and RANK.get(target, -1) >= rank)
    ]
    assert wrong == []


def test_no_module_has_a_name_that_says_nothing():
    named = [path for app in RANK for path in (ROOT / app).rglob("*") if path.stem in EMPTY_NAMES]
    assert named == []


def test_no_model_of_another_app_is_named_by_a_string():
    """The import rule cannot see "parks.Park" or get_model("parks", ...)."""
    wrong = []
    for app in RANK:
        for path in (ROOT / app).rglob("*.py"):
            text = path.read_text(encoding="utf-8") if "migrations" not in path.parts else ""
            wrong += [f"{path.relative_to(ROOT)} names {target}" for target in RELATION.findall(text) if target != app]
            wrong += [f"{path.relative_to(ROOT)} calls get_model"] if "get_model(" in text else []
    assert wrong == []


def test_every_test_folder_is_a_package():
    """Without tests/__init__.py, tests/parks would hide the real parks."""
    folders = {path.parent for path in (ROOT / "tests").rglob("*.py")}
    assert [folder for folder in folders if not (folder / "__init__.py").exists()] == []


def test_every_module_opens_by_saying_what_lives_in_it():
    silent = []
    for app in RANK:
        for path in (ROOT / app).rglob("*.py"):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            if tree.body and "migrations" not in path.parts and not ast.get_docstring(tree):
                silent.append(str(path.relative_to(ROOT)))
    assert silent == []
