"""Every visible string has its Chinese, and the compiled catalogues are those of the committed texts."""

import gettext
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LEFT_OUT = shutil.ignore_patterns(".*", "var", "node_modules", "tests", "__pycache__")


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder) / "tree"
        shutil.copytree(ROOT, tree, ignore=LEFT_OUT)
        collect(tree, Path(folder) / "var")
        wanting = [path for path in sorted(tree.glob("locale/*/LC_MESSAGES/django.po")) if not is_complete(path)]
    stale = [path for path in sorted(ROOT.glob("locale/*/LC_MESSAGES/django.po")) if not is_compiled(path)]
    for path in stale:
        print(f"{path.with_suffix('.mo').relative_to(ROOT)} does not match its text: run manage.py compilemessages")
    return int(bool(wanting or stale))


def collect(tree, var):
    """Brings the catalogues of a copy up to date with its code."""
    command = [sys.executable, "manage.py", "makemessages", "-l", "zh_Hans", "-l", "zh_Hant", "--no-obsolete", "--no-location", "-v", "0"]
    subprocess.run(command, cwd=tree, check=True, env={**os.environ, "DEBUG": "true", "VAR_DIR": str(var)})


def is_complete(path) -> bool:
    """Prints what is untranslated or uncertain in a catalogue."""
    checked = subprocess.run(
        ["msgfmt", "--check", "--statistics", "-o", os.devnull, str(path)], capture_output=True, text=True, check=False
    )
    print(path.parent.parent.name, checked.stderr.strip())
    wanting = "".join(
        subprocess.run(["msgattrib", which, "--no-obsolete", str(path)], capture_output=True, text=True, check=True).stdout
        for which in ("--untranslated", "--only-fuzzy")
    )
    print(wanting)
    return checked.returncode == 0 and not wanting.strip()


def is_compiled(path) -> bool:
    compiled = path.with_suffix(".mo")
    if not compiled.exists():
        return False
    with tempfile.NamedTemporaryFile(suffix=".mo") as fresh:
        subprocess.run(["msgfmt", "-o", fresh.name, str(path)], check=True)
        return messages(fresh.name) == messages(compiled)


def messages(path) -> dict:
    with open(path, "rb") as file:
        translations = gettext.GNUTranslations(file)
    return translations._catalog


if __name__ == "__main__":
    sys.exit(main())
