"""The key that signs sessions and links: from the environment, else made once and kept on this machine."""

import os
from pathlib import Path

from django.core.management.utils import get_random_secret_key


def secret_key_from(path: Path) -> str:
    """The key kept in `path`, readable by the owner alone; made at the first call."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        key = get_random_secret_key()
        file.write(key)
    return key
