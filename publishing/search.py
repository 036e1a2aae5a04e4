"""Words that people search for: each in both Chinese scripts and in plain letters."""

import unicodedata
from functools import lru_cache

import opencc


@lru_cache(maxsize=2)
def converter(direction: str) -> opencc.OpenCC:
    return opencc.OpenCC(direction)


def spellings(word: str) -> list[str]:
    """The word as typed, without full-width letters, in Simplified and in Traditional: 蓮花 -> 蓮花, 莲花."""
    plain = unicodedata.normalize("NFKC", word)
    if plain.isascii():
        return list(dict.fromkeys([word, plain]))
    return list(dict.fromkeys([word, plain, converter("t2s").convert(plain), converter("s2t").convert(plain)]))
