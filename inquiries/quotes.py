"""What a person wrote in an answer by mail, and what the letter repeats of earlier ones.

Nothing is lost: both parts are kept, and what is not recognized as a repetition stays in the person's own text.
"""

import re

# From such a line on, the rest is an earlier letter.
_DASHES = r"[-_—=]{2,}"
_TITLE = (
    r"(?:original message|forwarded message|original|原始邮件|原始郵件|原邮件|原郵件|转发邮件|轉寄郵件|轉發郵件"
    r"|回复的原邮件|回覆的原郵件|ursprüngliche nachricht|message d'origine|message d’origine|mensaje original|messaggio originale)"
)
RULE = re.compile(rf"\s*{_DASHES}\s*{_TITLE}\s*{_DASHES}\s*", re.IGNORECASE)
# The head of an earlier letter as Outlook, Foxmail and QQ write it: sender, then within three lines a date, a subject, a reader.
SENDER = re.compile(r"\s*[*]?(?:from|von|de|da|发件人|發件人|寄件者|寄件人)[*]?\s*[:：]", re.IGNORECASE)
OTHERS = re.compile(
    r"\s*[*]?(?:sent|date|to|cc|subject|发送时间|发件时间|发送日期|日期|时间|时\s*间|收件人|抄送|主题|主\s*题"
    r"|寄件日期|傳送時間|發送時間|日期|收件者|副本|主旨|主題"
    r"|gesendet|datum|an|betreff|envoyé|à|objet|enviado|enviado el|para|asunto|assunto|inviato|a|oggetto)[*]?\s*[:：]",
    re.IGNORECASE,
)
# "On 16 Nov 2026, at 15:05, Invest Zhaoqing <desk@...> wrote:", over one to three lines, in English, Chinese, German, French,
# Spanish, Italian, Portuguese and Dutch.
INTRODUCTION = re.compile(
    r"\s*(?:on\s.{0,300}\bwrote|at\s.{0,300}\bwrote|.{0,300}写道|.{0,300}寫道|在\s?.{0,300}写|在\s?.{0,300}寫"
    r"|am\s.{0,300}\bschrieb\b.{0,300}|am\s.{0,300}\bgeschrieben|le\s.{0,300}\ba écrit|el\s.{0,300}\bescribió"
    r"|il\s.{0,300}\bha scritto|em\s.{0,300}\bescreveu|op\s.{0,300}\bschreef\b.{0,300})\s*[:：]\s*",
    re.IGNORECASE | re.DOTALL,
)
MOMENT = re.compile(r"\d{4}|\d{1,2}[:：]\d{2}|\d{1,2}[/.月]\d{1,2}")
MARKED = re.compile(r"\s{0,3}[>＞]")
LONGEST_INTRODUCTION = 3  # lines


def split(text: str) -> tuple[str, str]:
    """`(own words, repetition)`. A text without own words is all its own."""
    lines = text.strip("\n").split("\n")
    start, end = repetition(lines)
    own = "\n".join([*lines[:start], *lines[end:]]).strip("\n")
    if not own.strip():
        return text.strip("\n"), ""
    return own, "\n".join(lines[start:end]).strip("\n")


def repetition(lines: list[str]) -> tuple[int, int]:
    """First line of what is repeated, and the line after its last; the same number twice where nothing is.

    It stands at the end, or at the beginning where a person writes below. Words between marked lines stay with them: they
    answer point by point, and apart from the points nobody would understand them.
    """
    for at in range(len(lines)):
        if RULE.fullmatch(lines[at]) or is_head(lines, at):
            return without_rule(lines, at), len(lines)
        if (after := introduction_end(lines, at)) and not marked_block_end(lines, after):
            return at, len(lines)
    return marked_at_end(lines) or marked_at_beginning(lines) or (len(lines), len(lines))


def is_head(lines, at) -> bool:
    following = [line for line in lines[at + 1 : at + 5] if line.strip()][:3]
    return bool(SENDER.match(lines[at])) and sum(bool(OTHERS.match(line)) for line in following) >= 2


def without_rule(lines, at) -> int:
    """The rule that Outlook draws above the head of an earlier letter belongs to it."""
    before = at - 1
    while before >= 0 and not lines[before].strip():
        before -= 1
    return before if before >= 0 and re.fullmatch(r"\s*[-_—=]{5,}\s*", lines[before]) else at


def introduction_end(lines, at) -> int:
    """The line after an introduction that begins here; 0 where none does."""
    for length in range(1, LONGEST_INTRODUCTION + 1):
        joined = " ".join(line.strip()[:400] for line in lines[at : at + length])
        if not lines[at].strip() or not lines[min(at + length, len(lines)) - 1].strip():
            return 0
        if INTRODUCTION.fullmatch(joined) and MOMENT.search(joined):
            return at + length
    return 0


def marked_block_end(lines, at) -> int:
    """The line after the block of lines marked with > that begins here, blank lines within it included; 0 where none does."""
    end, found = at, 0
    while end < len(lines) and (MARKED.match(lines[end]) or not lines[end].strip()):
        end += 1
        found = end if MARKED.match(lines[end - 1]) else found
    return found


def marked_at_end(lines):
    end = len(lines)
    while end and not lines[end - 1].strip():
        end -= 1
    start = end
    while start and (MARKED.match(lines[start - 1]) or not lines[start - 1].strip()):
        start -= 1
    if not any(MARKED.match(line) for line in lines[start:end]):
        return None
    while not lines[start].strip():
        start += 1
    return introduction_before(lines, start), len(lines)


def marked_at_beginning(lines):
    """Where somebody writes below what is repeated: only if no more marked lines follow."""
    start = next((at for at, line in enumerate(lines) if line.strip()), 0)
    end = marked_block_end(lines, introduction_end(lines, start) or start)
    if not end or any(MARKED.match(line) for line in lines[end:]):
        return None
    return start, end


def introduction_before(lines, at) -> int:
    """The first line of the introduction that ends just above a line, blank lines between; else that line."""
    above = at
    while above and not lines[above - 1].strip():
        above -= 1
    for length in range(1, LONGEST_INTRODUCTION + 1):
        if above - length >= 0 and introduction_end(lines, above - length) == above:
            return above - length
    return at
