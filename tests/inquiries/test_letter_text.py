"""What is read out of a letter: its words in any character set, apart from what it repeats; whether a machine wrote it."""

import base64
import random

import pytest

from inquiries.letter_text import LONGEST_BODY, LONGEST_HEADER, LONGEST_QUOTE, Bounce, fingerprint, read
from inquiries.quotes import split
from tests.inquiries.letters_in import letter

HEAD = b"From: erika@example.com\r\nMessage-ID: <1@example.com>\r\nMIME-Version: 1.0\r\n"


def body_of(raw: bytes) -> str:
    return read(HEAD + raw).body


# --- Character sets ---

CHINESE, JAPANESE = "您好，我们需要二公顷土地。", "２ヘクタールの土地"


@pytest.mark.parametrize(
    ("charset", "text", "encoded_in"),
    [
        ("utf-8", CHINESE + "😀", "utf-8"),
        ("gb18030", CHINESE + "㐀€", "gb18030"),
        ("GB2312", "朱镕基，您好", "gbk"),  # says the small set, uses the large one
        ("x-gbk", CHINESE, "gbk"),
        ("big5", "您好，我們需要二公頃土地。嗰個", "big5hkscs"),
        ("iso-2022-jp", JAPANESE, "iso2022_jp"),
        ("iso-2022-kr", "토지", "iso2022_kr"),
        ("hz-gb-2312", "您好", "hz"),
        ("iso-8859-1", "Größe – “gut” €", "cp1252"),  # says Latin-1, uses Windows
        ("us-ascii", CHINESE, "utf-8"),
        ("us-ascii", CHINESE, "gb18030"),
        ("unknown-8bit", CHINESE, "gb18030"),
        ("no-such-set", CHINESE, "utf-8"),
        ("", CHINESE, "utf-8"),
        ("utf-16", CHINESE, "utf-16"),
    ],
)
def test_letters_are_read_in_the_character_sets_in_which_they_come(charset, text, encoded_in):
    kind = f"Content-Type: text/plain; charset={charset}\r\n" if charset else ""
    raw = kind.encode() + b"Content-Transfer-Encoding: base64\r\n\r\n"
    assert body_of(raw + base64.encodebytes(text.encode(encoded_in))) == text
    if encoded_in not in ("utf-16",):
        assert body_of(kind.encode() + b"Content-Transfer-Encoding: 8bit\r\n\r\n" + text.encode(encoded_in)) == text


@pytest.mark.parametrize("charset", ["zlib", "rot13", "unicode_escape", "idna", "punycode", "base64", "x\x00y", "é"])
def test_what_is_no_character_set_of_mail_is_not_used(charset):
    raw = f"Content-Type: text/plain; charset={charset}\r\n\r\n".encode() + "übrigens \\u0041".encode()
    assert body_of(raw) == "übrigens \\u0041"


def test_broken_letters_are_replaced_and_the_rest_is_read():
    raw = b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + CHINESE.encode()[:-4] + b"\xff " + CHINESE.encode()
    assert body_of(raw).endswith(CHINESE)
    assert "\ufffd" in body_of(raw)


def test_what_no_database_keeps_is_left_out():
    raw = b"Content-Type: text/plain; charset=utf-8\r\n\r\none\x00two\x0bthree\xed\xa0\x80\r\n\r\nfour"
    assert body_of(raw).startswith("onetwothree")
    body_of(raw).encode()
    assert "\x00" not in body_of(raw)


# --- Parts ---

SCRIPT = "<script>alert(1)</script><style>p{}</style><p onclick=x>One<br>two &lt;b&gt; &amp; <b>three</b></p><ul><li>four<li>five</ul>"


def test_plain_text_is_preferred_and_html_is_reduced_to_its_words():
    assert read(letter("Plain.", html="<p>Rich.</p>").as_bytes()).body == "Plain."
    assert read(letter("\n", html=SCRIPT).as_bytes()).body == "One\ntwo <b> & three\n\n- four\n- five"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<div>One</div><div><br></div><div>Two</div>", "One\n\nTwo"),
        ("<p>One</p><p>Two</p>", "One\n\nTwo"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"),
        ("<pre>a\n  b</pre>", "a\n  b"),
        ('<a href="https://x.example/y">here</a>', "here <https://x.example/y>"),
        ('<a href="https://x.example/">https://x.example</a>', "https://x.example"),
        ('<a href="javascript:alert(1)">here</a>', "here"),
        ("One<!-- two -->three<img src=x onerror=alert(1)>", "Onethree"),
        ("<p>a&nbsp;b\n   c</p>", "a b c"),
        ("<blockquote><p>Old</p><blockquote>Older</blockquote></blockquote>", "> Old\n>\n> > Older"),
    ],
)
def test_html_becomes_lines(html, text):
    raw = b"Content-Type: text/html; charset=utf-8\r\n\r\n" + html.encode()
    assert body_of(raw) == text


def test_what_html_repeats_is_set_apart():
    earlier = "<div class=gmail_quote>On Mon, 16 Nov 2026 at 15:05 Invest wrote:<blockquote>When?<br>Where?</blockquote></div>"
    html = f"<div>Thursday.</div>{earlier}"
    found = read(letter("", html=html).as_bytes())
    assert found.body == "Thursday."
    assert found.quoted.endswith("> When?\n> Where?")


def test_files_are_told_from_words():
    message = letter("See the files.")
    message.add_attachment(b"%PDF-1", maintype="application", subtype="pdf", filename="总平面图.pdf")
    message.add_attachment("plain words in a file", filename="notes.txt")
    message.add_attachment(letter("An earlier letter."))
    found = read(message.as_bytes())
    assert found.body == "See the files."
    assert [name for name, _content in found.files] == ["总平面图.pdf", "notes.txt", "attachment.eml"]
    assert found.files[0][1] == b"%PDF-1"


LONG = {
    "links": b"Content-Type: text/html\r\n\r\n" + b"<a href=http://x.example>here</a>" * 20_000,
    "comments": b"Content-Type: text/html\r\n\r\nwords " + b"<!--" * 100_000,
    "marks": b"\r\nwords\n" + b"> \n" * 100_000,
    "spaces": b"\r\n" + (b" " * 400 + b"x\n") * 2_000,
    "introductions": b"\r\n" + b"On 2026 " * 50_000,
    "header": b"Subject: " + b"=?utf-8?q?x?= " * 50_000 + b"\r\n\r\nwords",
}


@pytest.mark.parametrize("what", LONG)
def test_long_letter_is_read_up_to_a_limit(what):
    """Were one of the patterns slow, this would not come to an end."""
    found = read(HEAD + LONG[what])
    assert found.body
    assert len(found.body) <= LONGEST_BODY
    assert len(found.quoted) <= LONGEST_QUOTE
    assert len(found.subject) <= LONGEST_HEADER
    assert found.is_cut == (what in ("links", "marks", "spaces", "introductions"))


KINDS = [b"text/plain", b"text/html", b"multipart/mixed; boundary=b", b"multipart/report; boundary=b", b"message/rfc822", b"\xff/; x"]


def test_no_letter_is_too_odd_to_read():
    chance = random.Random(1)
    for kind in KINDS * 40:
        content = chance.randbytes(chance.randrange(300)) + chance.choice([b"", b"\r\n--b\r\n\r\n", b"<p><a href=", b"\n> "])
        head = b"Content-Type: " + kind + b"\r\nSubject: =?utf-8?q?" + content[:40].replace(b"\n", b"") + b"?=\r\n\r\n--b\r\n\r\n"
        found = read(HEAD + head + content)
        for text in (found.body, found.quoted, found.subject, found.sender):
            text.encode()
            assert "\x00" not in text
        assert "\n" not in found.subject + found.sender


def test_fingerprint_is_that_of_the_message_id_and_else_of_the_whole_letter():
    assert fingerprint(HEAD + b"\r\none") == fingerprint(b"Message-ID:\r\n <1@example.com>\r\n\r\n")
    assert fingerprint(b"From: a@b\r\n\r\none") != fingerprint(b"From: a@b\r\n\r\ntwo")


# --- What a letter repeats ---

OUTLOOK = "From: Invest <a@b.org>\nSent: Monday, 16 November 2026 15:05\nTo: Erika\nSubject: A question\n\nDear Erika"
QUOTES = {
    "gmail": "On Mon, Nov 16, 2026 at 3:05 PM Invest Zhaoqing <inquiry+zq-aaaa-bbbb.abc@example.org>\nwrote:\n\n> Dear Erika,\n>\n> Yours",
    "gmail 简体": "Invest Zhaoqing <a@b.org> 于2026年11月16日周一 15:05写道：\n\n> 您好",
    "gmail 繁體": "Invest <a@b.org> 於 2026年11月16日 週一 下午3:05寫道：\n\n> 您好",
    "apple": "> On 16 Nov 2026, at 15:05, Invest <a@b.org> wrote:\n> \n> Dear Erika",
    "apple 简体": "> 在 2026年11月16日，下午3:05，Invest <a@b.org> 写道：\n> \n> 您好",
    "163": '在 2026-11-16 15:05:05，"Invest" <a@b.org> 写道：\n\n您好：\n请问时间？',
    "163 in English": 'At 2026-11-16 15:05:05, "Invest" <a@b.org> wrote:\n\nDear Erika',
    "qq": '------------------ 原始邮件 ------------------\n发件人: "Invest" <a@b.org>;\n发送时间: 2026年11月16日\n\n您好',
    "foxmail": "发件人： Invest\n发送时间： 2026-11-16 15:05\n收件人： abc\n主题： Re\n您好",
    "outlook": OUTLOOK,
    "outlook with its rule": f"________________________________\n{OUTLOOK}",
    "outlook 繁體": "寄件者: Invest <a@b.org>\n寄件日期: 2026年11月16日 15:05\n收件者: x\n主旨: y\n\n您好",
    "old outlook": "-----Original Message-----\nFrom: x\nSent: y\n\nDear",
    "thunderbird deutsch": "Am 22.11.2026 um 10:01 schrieb Invest Zhaoqing <a@b.org>:\n> Dear Erika",
    "gmail deutsch": "Am So., 22. Nov. 2026 um 10:01 Uhr schrieb Invest Zhaoqing <\na@b.org>:\n\n> Dear Erika",
    "outlook deutsch": "Von: Invest <a@b.org>\nGesendet: Sonntag, 22. November 2026 10:01\nAn: Erika\nBetreff: AW: x\n\nDear Erika",
    "gmail français": "Le dim. 22 nov. 2026 à 10:01, Invest <a@b.org> a écrit :\n\n> Dear Erika",
    "gmail español": "El dom, 22 nov 2026 a las 10:01, Invest (<a@b.org>) escribió:\n\n> Dear Erika",
    "gmail italiano": "Il giorno dom 22 nov 2026 alle ore 10:01 Invest <a@b.org> ha scritto:\n\n> Dear Erika",
    "gmail português": "Em dom., 22 de nov. de 2026 às 10:01, Invest <a@b.org> escreveu:\n\n> Dear Erika",
    "gmail nederlands": "Op zo 22 nov 2026 om 10:01 schreef Invest <a@b.org>:\n\n> Dear Erika",
    "no introduction": "> Dear Erika\n> when?",
}


@pytest.mark.parametrize("client", QUOTES)
def test_s61_what_mail_programs_repeat_is_set_apart(client):
    assert split(f"Thursday.\n\nErika\n\n\n{QUOTES[client]}\n") == ("Thursday.\n\nErika", QUOTES[client])


@pytest.mark.parametrize("client", QUOTES)
def test_letter_of_repetition_alone_keeps_it_as_its_text(client):
    assert split(QUOTES[client]) == (QUOTES[client], "")


def test_words_below_a_repetition_are_the_persons_own():
    own, quoted = split("On 16/11/2026 15:05, Invest wrote:\n> When?\n> Where?\n\nThursday, at the port.\n")
    assert (own, quoted) == ("Thursday, at the port.", "On 16/11/2026 15:05, Invest wrote:\n> When?\n> Where?")


def test_answers_point_by_point_stay_with_their_points():
    text = "> When?\n\nThursday.\n\n> Where?\n\nAt the port."
    assert split(text) == (text, "")
    assert split(f"{text}\n\n> Yours faithfully\n") == (text, "> Yours faithfully")


@pytest.mark.parametrize(
    "text",
    [
        "From: the port\nto the park it is far.",
        "On Monday my colleague wrote:\nshe is coming.",
        "Am Montag schrieb mein Kollege:\ner kommt.",
        "Von: der Hafen\nist weit.",
        "2 > 1, and\n-----\na line of dashes",
        "在那里他写道：好",
    ],
)
def test_what_only_looks_like_a_repetition_stays(text):
    assert split(text) == (text, "")


LINES = ["", "> a", "words", "On 16 Nov 2026 x wrote:", "From: x", "Sent: y", "To: z", "-----Original Message-----", " "]


def test_nothing_is_lost():
    chance = random.Random(2)
    for _letter in range(500):
        lines = chance.choices(LINES, k=chance.randrange(12))
        own, quoted = split("\n".join(lines))
        assert sorted(filter(str.strip, f"{own}\n{quoted}".split("\n"))) == sorted(filter(str.strip, lines))


# --- Written by a machine ---


@pytest.mark.parametrize(
    ("headers", "subject"),
    [
        ([("Auto-Submitted", "auto-replied")], "x"),
        ([("Auto-Submitted", "Auto-Generated; owner-email=x@y")], "x"),
        ([("Precedence", "bulk")], "x"),
        ([("X-Autoreply", "yes")], "x"),
        ([("X-Auto-Response-Suppress", "All"), ("Return-Path", "<>")], "x"),
        ([], "Automatic reply: Answer to your inquiry"),
        ([], "Out of Office: x"),
        ([], "自动回复:对您咨询的答复"),
        ([], "自動回覆：x"),
    ],
)
def test_s61_automatic_replies_are_recognized(headers, subject):
    assert read(letter(headers=headers, subject=subject).as_bytes()).is_automatic


@pytest.mark.parametrize("headers", [[], [("Auto-Submitted", "no")], [("Precedence", "first-class")], [("Return-Path", "<a@b.example>")]])
def test_letters_of_people_are_not_taken_for_automatic(headers):
    assert not read(letter(headers=headers, subject="Re: about out of office space").as_bytes()).is_automatic


def test_letter_of_a_person_that_quotes_our_number_is_no_bounce():
    assert read(letter("See <0f8fad5b-d9cb-469f-a165-70867728950e@x>, 550 times.").as_bytes()).bounce is None
    said = read(letter("550 no. <0f8fad5b-d9cb-469f-a165-70867728950e@x>", sender="MAILER-DAEMON@x.example").as_bytes())
    assert isinstance(said.bounce, Bounce)
