"""Whether a PDF may be passed on: whole, readable without a password, without anything that acts by itself or other files in it."""

import re
import zlib
from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

# What makes a PDF act by itself or carry other files. Long names are looked for in every byte; the short ones would turn up
# by chance in compressed data.
LONG_NAMES = re.compile(rb"/(?:JavaScript|Launch|EmbeddedFiles?|RichMedia|Rendition)(?![A-Za-z0-9])")
SHORT_NAMES = re.compile(rb"/(?:JS|EF)(?![A-Za-z0-9])")
ENCRYPTED = re.compile(rb"/Encrypt(?![A-Za-z0-9])")
CODED_SIGN = re.compile(rb"#([0-9A-Fa-f]{2})")
STREAM = re.compile(rb"stream(?:\r\n|\n|\r)")
STREAM_WITH_END = re.compile(rb"stream(?:\r\n|\n|\r).*?endstream", re.DOTALL)
# Objects stored together in a compressed stream: it begins with their numbers.
HOLDS_OBJECTS = re.compile(rb"\s*(?:%|\d+\s+\d+)")
# Such a stream packed in another way than the usual one.
_PACKED = rb"/(?:ASCII|LZW|RunLength|Crypt|Predictor|DecodeParms)"
_NEAR = rb"(?:(?!stream|obj\b).){0,300}"
OBJECTS_OTHERWISE = re.compile(rb"/ObjStm%s%s|%s%s/ObjStm" % (_NEAR, _PACKED, _PACKED, _NEAR), re.DOTALL)
LONGEST_OBJECTS = 20_000_000
MOST_STREAMS = 100_000
CAN_ACT = _("“%(name)s” holds a program or another file. Print it to a new PDF and send that.")
CANNOT_BE_READ = _("“%(name)s” cannot be read as a PDF: it may have been cut off. Save it as PDF again and choose that.")
IS_LOCKED = _("“%(name)s” is protected with a password. Save it without and choose that.")


def why_not(content: bytes):
    """The sentence that refuses it, with a place for its `name`; "" where nothing stands against it."""
    if b"%%EOF" not in content[-2048:] or b"startxref" not in content[-4096:] or not re.search(rb"\d+\s+\d+\s+obj\b", content):
        return CANNOT_BE_READ
    plain = decoded_names(content)
    if ENCRYPTED.search(plain):
        return IS_LOCKED
    if LONG_NAMES.search(plain) or SHORT_NAMES.search(STREAM_WITH_END.sub(b"", plain)):
        return CAN_ACT
    if OBJECTS_OTHERWISE.search(plain):
        return CANNOT_BE_READ
    try:
        hidden = b"\n".join(hidden_objects(content))
    except ValueError:
        return CANNOT_BE_READ
    hidden = decoded_names(hidden)
    return CAN_ACT if LONG_NAMES.search(hidden) or SHORT_NAMES.search(hidden) else ""


def decoded_names(content: bytes) -> bytes:
    """A name may be written with codes: /J#61vaScript."""
    return CODED_SIGN.sub(lambda match: bytes([int(match[1], 16)]), content)


def hidden_objects(content: bytes) -> Iterator[bytes]:
    """What the compressed streams hold that are, or may be, objects. ValueError where they would unpack to too much."""
    left = LONGEST_OBJECTS
    for number, found in enumerate(STREAM.finditer(content)):
        if number > MOST_STREAMS:
            raise ValueError
        try:
            start = zlib.decompressobj().decompress(content[found.end() : found.end() + 4096], 256)
            if not HOLDS_OBJECTS.match(start):
                continue
            whole = zlib.decompressobj().decompress(memoryview(content)[found.end() :], left)
        except zlib.error:
            continue
        left -= len(whole)
        if left <= 0:
            raise ValueError
        yield whole
