"""Typed texts made safe: trust.md T42."""

import pytest
from django.core.exceptions import ValidationError

from bureaus.text import clean_line, clean_text


@pytest.mark.parametrize("text", ["a\x00b", "\ud800", "a\udfffb"])
@pytest.mark.parametrize("clean", [clean_text, clean_line])
def test_nul_and_lone_surrogates_are_refused(clean, text):
    with pytest.raises(ValidationError):
        clean(text)


@pytest.mark.parametrize("text", ["one\ntwo", "one\rtwo", "one\r\ntwo", "one\u2028two", "one\u0085two"])
def test_lines_hold_no_line_break(text):
    with pytest.raises(ValidationError):
        clean_line(text)
    assert clean_text(text) == "one\ntwo"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("\u202eabc\u202c", "abc"),
        ("a\u200bb\ufeffc\u00ad", "abc"),
        ("Bob\u200d", "Bob"),
        ("a\u200db", "ab"),
        ("👩\u200d💻", "👩\u200d💻"),
        ("🏳\ufe0f\u200d🌈", "🏳\ufe0f\u200d🌈"),
        ("👩🏽\u200d🔬", "👩🏽\u200d🔬"),
        ("क्\u200dष", "क्\u200dष"),
        ("שלום", "שלום"),
        ("Zu\u0308rich\tAG ", "Zürich AG"),
        ("肇庆\u3000市", "肇庆\u3000市"),
        ("a\x07b\x1b", "ab"),
        ("a" + "\u0301" * 50, "á" + "\u0301" * 49),
    ],
)
def test_names_lose_invisible_characters_and_keep_what_scripts_need(typed, kept):
    assert clean_line(typed) == kept


def test_texts_keep_their_direction_marks_and_line_ends():
    assert clean_text("שלום \u202babc\u202c\r\n\r\nend") == "שלום \u202babc\u202c\n\nend"
