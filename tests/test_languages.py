"""The Chinese of the interface: complete, without English left over, and each script to itself (docs/words.md)."""

import ast
import gettext
import re
from html.parser import HTMLParser
from pathlib import Path

import opencc
import pytest

from publishing.languages import TAGS

ROOT = Path(__file__).resolve().parent.parent
CATALOGUES = {"zh-hans": ROOT / "locale/zh_Hans/LC_MESSAGES/django.po", "zh-hant": ROOT / "locale/zh_Hant/LC_MESSAGES/django.po"}
CHINESE = list(CATALOGUES)
# Names, formats and units that stay as they are; nothing that has a Chinese word.
ALLOWED = {
    "Atom",
    "Command",
    "Control",
    "Excel",
    "xlsx",
    "Cookie",
    "HEIC",
    "JPEG",
    "JSON",
    "JavaScript",
    "WCAG",
    "WebP",
    "SAMPLE",
    "CLUSTER",
    "SHQYFW",
    "Invest",
    "Zhaoqing",
}
# Examples of addresses and codes in help texts.
EXAMPLES = re.compile(r"https?://\S+|/en/[\w/-]+|[\w.+-]+@[\w.-]+|\b(?:hightech-zone|new-district|zhaoqing|li\.ming)\b|&\w+;", re.ASCII)
PLACEHOLDERS = re.compile(r"%\(\w+\)[sd]|\{\w+\}|<[^>]*>")
WORD = re.compile(r"[A-Za-z]{4,}")
NOT_FOR_READERS = {"script", "style", "code"}
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
READ_ALOUD = ("alt", "title", "aria-label", "placeholder")
TO_SIMPLIFIED, TO_TRADITIONAL = opencc.OpenCC("t2s"), opencc.OpenCC("s2t")
# Usual in Hong Kong, though a converter would change them; 恒 stands in a company's name.
SHARED = {"zh-hans": set(), "zh-hant": set("台群了周恒秘核才里")}


def entries(path) -> list[tuple[str, str, bool]]:
    """`(English, Chinese, uncertain?)` of each entry of a catalogue; the English of plural entries is the singular."""
    found = []
    for block in path.read_text(encoding="utf-8").split("\n\n"):
        lines = [line for line in block.splitlines() if not line.startswith("#~")]
        texts, name = {}, ""
        for line in lines:
            if match := re.match(r'(msgctxt|msgid_plural|msgid|msgstr(?:\[0\])?) (".*")$', line):
                name = match[1].removesuffix("[0]")
                texts[name] = ast.literal_eval(match[2])
            elif line.startswith('"'):
                texts[name] += ast.literal_eval(line)
        if texts.get("msgid"):
            found.append((texts["msgid"], texts.get("msgstr", ""), any(line.startswith("#,") and "fuzzy" in line for line in lines)))
    return found


def stray(text) -> list[str]:
    return [word for word in WORD.findall(EXAMPLES.sub(" ", PLACEHOLDERS.sub(" ", text))) if word not in ALLOWED]


def of_the_other_script(text, language) -> set[str]:
    """The characters that a converter would change where they stand: 后 in 后来, not in 皇后."""
    converter = TO_SIMPLIFIED if language == "zh-hans" else TO_TRADITIONAL
    converted = converter.convert(text)
    assert len(converted) == len(text)
    return {sign for sign, other in zip(text, converted, strict=True) if sign != other and sign not in SHARED[language]}


class Reader(HTMLParser):
    """What a page says, with the language that its marks give it: `texts` are `(language, text)`."""

    def __init__(self, html):
        super().__init__()
        self.open, self.texts = [], []
        self.feed(html)
        self.close()

    def language(self):
        return next((language for _tag, language in reversed(self.open) if language), "")

    def handle_starttag(self, tag, attrs):
        said = dict(attrs)
        language = said.get("lang") or self.language()
        self.texts += [(language, said[name]) for name in READ_ALOUD if said.get(name)]
        if tag not in VOID:
            # Credits of photographs are names, kept as they were published.
            self.open.append((tag, "mul" if said.get("class") == "credit" else said.get("lang")))

    def handle_endtag(self, tag):
        if any(name == tag for name, _language in self.open):
            while self.open.pop()[0] != tag:
                pass

    def handle_data(self, data):
        if not NOT_FOR_READERS & {tag for tag, _language in self.open}:
            self.texts.append((self.language(), data))


def texts_of(html, language) -> list[str]:
    return [text for marked, text in Reader(html).texts if marked == TAGS[language]]


# --- The catalogues ---


@pytest.mark.parametrize("language", CHINESE)
def test_every_text_of_the_interface_has_its_chinese(language):
    found = entries(CATALOGUES[language])
    assert len(found) > 1000
    assert [english for english, chinese, uncertain in found if not chinese or uncertain] == []


@pytest.mark.parametrize("language", CHINESE)
def test_the_compiled_catalogue_says_what_the_text_says(language):
    with CATALOGUES[language].with_suffix(".mo").open("rb") as file:
        compiled = {value for value in gettext.GNUTranslations(file)._catalog.values() if value}
    assert {chinese for _english, chinese, _uncertain in entries(CATALOGUES[language])} - compiled == set()


@pytest.mark.parametrize("language", CHINESE)
def test_the_chinese_of_the_interface_holds_no_english(language):
    assert {chinese: stray(chinese) for _english, chinese, _uncertain in entries(CATALOGUES[language]) if stray(chinese)} == {}


@pytest.mark.parametrize("language", CHINESE)
def test_the_interface_keeps_to_one_script(language):
    mixed = {chinese: of_the_other_script(chinese, language) for _english, chinese, _uncertain in entries(CATALOGUES[language])}
    assert {chinese: signs for chinese, signs in mixed.items() if signs} == {}


def test_both_catalogues_translate_the_same_texts():
    english = [sorted(text for text, _chinese, _uncertain in entries(path)) for path in CATALOGUES.values()]
    assert english[0] == english[1]


@pytest.mark.parametrize("language", CHINESE)
def test_chinese_sentences_have_full_width_marks(language):
    halves = re.compile(r"[\u4e00-\u9fff][,;:?!](?!\d)|[\u4e00-\u9fff]\.(?!\d)|[\u4e00-\u9fff] ?\(")
    texts = [PLACEHOLDERS.sub(" ", chinese) for _english, chinese, _uncertain in entries(CATALOGUES[language])]
    assert [text for text in texts if halves.search(text)] == []


# --- The pages, with the real content ---


@pytest.fixture(scope="module")
def said(walked):
    """`{language: {address: texts}}` of every page in Chinese."""
    pages = {path: answer.body.decode() for path, answer in walked.answers.items() if answer.is_page}
    return {code: {path: texts_of(html, code) for path, html in pages.items() if path.startswith(f"/{code}/")} for code in CHINESE}


@pytest.mark.django_db
@pytest.mark.parametrize("language", CHINESE)
def test_chinese_pages_hold_no_english(said, language):
    found = {path: {word for text in texts for word in stray(text)} for path, texts in said[language].items()}
    assert len(found) > 90
    assert {path: words for path, words in found.items() if words} == {}


@pytest.mark.django_db
@pytest.mark.parametrize("language", CHINESE)
def test_chinese_pages_keep_to_one_script(said, language):
    found = {path: of_the_other_script("".join(texts), language) for path, texts in said[language].items()}
    assert {path: signs for path, signs in found.items() if signs} == {}
