"""Letters to colleagues: each in the language that its reader has chosen, each text written in all of them."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from bureaus.models import Membership, Preference
from inquiries.letters import to_people
from outbox.models import Letter
from parks.models import Listing
from publishing import letters
from tests.factories import (
    make_article,
    make_batch,
    make_change,
    make_inquiry,
    make_member,
    make_take_down_answer,
    make_take_down_question,
)
from tests.inquiries.test_letters import SIMPLIFIED_ONLY, TRADITIONAL_ONLY

pytestmark = pytest.mark.django_db
Role = Membership.Role
LANGUAGES = ["en", "zh-hans", "zh-hant"]
GREETINGS = {"en": "Good day", "zh-hans": "您好！", "zh-hant": "您好！"}
FOLDERS = [Path(settings.BASE_DIR) / f"templates/{app}/letters" for app in ("publishing", "bureaus")]
LATIN = re.compile(r"https?://\S+|ZQ-\S+")


def reader(username, language="", role=Role.REVIEWER):
    person = make_member(username, role, first_name="李", email=f"{username}@example.com")
    if language:
        Preference.objects.create(user=person, language=language)
    return person


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.parent.name)
def test_each_letter_to_colleagues_is_written_in_each_language(folder):
    texts = {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}
    names = {name.split(".")[0] for name in texts}
    assert set(texts) == {f"{name}.{language}.txt" for name in names for language in LANGUAGES}
    for name, text in texts.items():
        foreign = {"zh-hans": TRADITIONAL_ONLY, "zh-hant": SIMPLIFIED_ONLY}.get(name.split(".")[1], "")
        assert not set(text) & set(foreign), name


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_colleague_reads_about_a_change_in_their_own_language(language):
    author, signer = reader("author", language, Role.EDITOR), reader("signer", language)
    article = make_article(title_en="News", title_zh_hans="新闻", title_zh_hant="新聞", bureau="dinghu")
    change = make_change(article, "in-review", by=author)
    change.failure = "2026"
    batch = make_batch(Listing, signer, name="表")
    for name in ("submitted", "not_published"):
        letters.to_reviewers(article, change, name)
    for name in ("approved", "published", "sent_back"):
        letters.to_author(article, change, name, comment="2026")
    letters.to_reviewers_of_many(batch, 3, author)
    letters.to_submitters_of_many(batch, 3, signer, {author.pk})
    chief = reader("chief", language, Role.MANAGER)
    answer = make_take_down_answer(question=make_take_down_question(article, asked_by=chief, reason="2026"), comment="2026")
    letters.about_taking_down(answer, article)
    for answer.verdict in ("agrees", "objects"):
        letters.answered_about_taking_down(answer, article)
    written = [(letter.language, letter.subject, letter.body) for letter in Letter.objects.all()]
    written += [(one["language"], one["subject"], one["body"]) for one in to_people(make_inquiry(assignee=signer), "assigned", [signer])]
    assert len(written) == 11
    for written_in, subject, body in written:
        rest = LATIN.sub("", subject + body)
        assert written_in == language
        assert GREETINGS[language] in body
        assert "{" not in rest
        if language == "en":
            assert not re.search("[\u4e00-\u9fff]", rest.replace("李", "").replace("表", "")), rest
        else:
            assert not re.search("[A-Za-z]{2,}", rest.replace("Bureau of Dinghu", "")), rest


def test_who_has_chosen_no_language_reads_simplified_chinese_beside_colleagues_who_have():
    for username, language in {"en": "en", "none": "", "hk": "zh-hant"}.items():
        reader(username, language)
    article = make_article()
    letters.to_reviewers(article, make_change(article, "in-review", by=make_member("author")))
    assert dict(Letter.objects.values_list("to", "language")) == {
        "en@example.com": "en",
        "none@example.com": "zh-hans",
        "hk@example.com": "zh-hant",
    }
