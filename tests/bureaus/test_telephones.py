"""Telephone numbers: read as people write them, stored with country code, shown in groups."""

import pytest
from django.core.exceptions import ValidationError

from bureaus.telephones import in_groups, read


@pytest.mark.parametrize(
    ("typed", "stored", "shown"),
    [
        ("0758 2893000", "+867582893000", "+86 758 2893000"),
        ("(0758) 2893000", "+867582893000", "+86 758 2893000"),
        ("（０７５８）２８９３０００", "+867582893000", "+86 758 2893000"),
        ("0758-289 3000", "+867582893000", "+86 758 2893000"),
        ("+86 758 2893000", "+867582893000", "+86 758 2893000"),
        ("+86 (0)758 2893000", "+867582893000", "+86 758 2893000"),
        ("＋86-0758-2893000", "+867582893000", "+86 758 2893000"),
        ("0086 758 2893000", "+867582893000", "+86 758 2893000"),
        ("86 758 2893000", "+867582893000", "+86 758 2893000"),
        ("189 2660 0000", "+8618926600000", "+86 189 2660 0000"),
        ("020-83133000", "+862083133000", "+86 20 83133000"),
        ("010 6512 1234", "+861065121234", "+86 10 65121234"),
        ("0758-12345", "+8675812345", "+86 758 12345"),
        ("400 678 1234", "+864006781234", "+86 400 678 1234"),
        ("+852 2810 1234", "+85228101234", "+852 2810 1234"),
        ("+49 30 123456", "+4930123456", "+4930123456"),
        ("  ", "", ""),
    ],
)
def test_a_number_is_read_as_people_write_it(typed, stored, shown):
    assert read(typed) == stored
    assert in_groups(stored) == shown
    assert read(shown) == stored


@pytest.mark.parametrize("typed", ["2893000", "28930000"])
def test_a_number_without_area_code_is_told_so(typed):
    with pytest.raises(ValidationError, match="area code is missing"):
        read(typed)


@pytest.mark.parametrize(
    "typed", ["call Mr Li", "0758 2893000 转 8001", "0758 2893000/2893001", "12345", "189 2660 00", "+86", "+0758 2893000"]
)
def test_what_is_no_number_is_refused(typed):
    with pytest.raises(ValidationError, match="cannot be read"):
        read(typed)
