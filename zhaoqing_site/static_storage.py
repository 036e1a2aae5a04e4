"""Static files in production: hashed, compressed, and the style sheets joined into one."""

import re

from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

IMPORT = re.compile(r'@import\s+"(?P<part>[^"]+)"(?:\s+layer\((?P<layer>[a-z]+)\))?\s*;')


class OneStylesheetStorage(CompressedManifestStaticFilesStorage):
    """Puts the imports of `css/*.css` in their place before hashing, so that a page asks for one file."""

    manifest_strict = True

    def post_process(self, paths, dry_run=False, **options):
        if not dry_run:
            for name in [name for name in paths if re.fullmatch(r"css/[^/]+\.css", name)]:
                self._join(name, paths)
        yield from super().post_process(paths, dry_run, **options)

    def _join(self, name, paths):
        storage, path = paths[name]
        with storage.open(path) as source:
            text = source.read().decode()
        if not IMPORT.search(text):
            return
        folder = name.rsplit("/", 1)[0]

        def content(match):
            part_storage, part_path = paths[f"{folder}/{match['part']}"]
            with part_storage.open(part_path) as part:
                rules = part.read().decode()
            return f"@layer {match['layer']} {{\n{rules}}}\n" if match["layer"] else rules

        self.delete(name)
        self._save(name, ContentFile(IMPORT.sub(content, text).encode()))
        paths[name] = (self, name)
