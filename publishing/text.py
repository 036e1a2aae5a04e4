"""Typed texts made safe: see bureaus/text.py, which every app may import."""

from bureaus.text import LineField, TextField, clean_line, clean_text

__all__ = ["LineField", "TextField", "clean_line", "clean_text"]
