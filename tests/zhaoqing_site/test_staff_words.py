"""The staff area speaks to Chinese staff in Chinese: no model name, app label or English state on any page (staff.md S82)."""

import re
from html.parser import HTMLParser

import pytest
from django.urls import reverse

from bureaus.models import Bureau, Membership
from publishing.models import Status
from tests import factories
from tests.factories import in_three, make_bureau, make_member

LATIN = re.compile(r"[A-Za-z_]{4,}")
# Names of languages and formats, examples of what is typed in Latin letters, and what these tests type themselves.
ALLOWED = {"English", "Excel", "JPEG", "WebP", "HEIC", "HTML", "https", "http", "zhaoqing", "duanzhou", "yuejuan"}
NAMES = in_three("title", "四会园区") | in_three("summary", "摘要")


class WordReader(HTMLParser):
    """What a person sees or hears of a page: texts, and the attributes that are read out. Not what they typed."""

    HIDDEN = {"script", "style", "textarea", "code"}
    READ_OUT = ("title", "aria-label", "alt", "placeholder")

    def __init__(self):
        super().__init__()
        self.words, self.open = [], []

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.words += [attrs[name] for name in self.READ_OUT if attrs.get(name)]
        if tag == "input" and attrs.get("type") == "submit":
            self.words.append(attrs.get("value", ""))
        if tag in self.HIDDEN:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if self.open and self.open[-1] == tag:
            self.open.pop()

    def handle_data(self, text):
        if not self.open:
            self.words.append(text)


def latin_words(response) -> set[str]:
    reader = WordReader()
    reader.feed(response.content.decode())
    examples = re.compile(r"[\w.+-]+@[\w.-]+|/[\w/-]+/|https?://\S+|[a-z]+(-[a-z0-9]+)+")
    return {word for text in reader.words for word in LATIN.findall(examples.sub("", text))} - ALLOWED


def chinese(builder, **fields):
    return builder(bureau="zhaoqing", **NAMES | fields)


@pytest.fixture
def rows(db):
    make_bureau("zhaoqing", **in_three("name", "肇庆市投资促进局"))
    make_bureau("dinghu", **in_three("name", "鼎湖区投资促进局"))
    draft = {"status": Status.DRAFT, "slug": "yuejuan"}
    park = chinese(factories.make_park, **draft)
    factories.make_functional_area(park=park, **in_three("title", "甲区"))
    factories.make_amenity(park=park, **in_three("title", "医院"))
    project = chinese(factories.make_project, **draft)
    factories.make_project_milestone(project=project, **in_three("title", "开工"))
    policy = chinese(factories.make_policy, **draft)
    factories.make_policy_step(policy=policy, **in_three("title", "提交申请"))
    return [
        park,
        project,
        policy,
        chinese(factories.make_listing, **draft),
        chinese(factories.make_article, **draft | in_three("body", "<p>正文</p>")),
        chinese(factories.make_industry, **draft),
        chinese(factories.make_page, **draft),
        chinese(factories.make_milestone, **draft),
        chinese(factories.make_figure, **draft),
        factories.make_contact(bureau="zhaoqing", **in_three("name", "招商科") | in_three("address", "信安大道")),
        factories.make_picture(bureau="zhaoqing", credit="西江日报", **in_three("alt", "厂房") | in_three("caption", "厂房")),
        factories.make_transport_link(**in_three("place", "肇庆东站")),
        factories.make_exchange_rate(source="外汇交易中心"),
        factories.make_calendar_day(name="国庆节"),
        factories.make_district("duanzhou", **in_three("name", "端州区")),
        Bureau.objects.get(slug="zhaoqing"),
    ]


@pytest.mark.parametrize("language", ["zh-hans", "zh-hant"])
def test_s82_no_page_of_the_staff_area_shows_english_to_chinese_staff(language, rows, signed_in):
    person = make_member("王", Membership.Role.MANAGER, "zhaoqing")
    client = signed_in(person)
    client.post(reverse("set_language"), {"language": language})
    addresses = [
        reverse("admin:index"),
        reverse("admin:withdraw_elsewhere"),
        reverse("admin:password_change"),
        reverse("admin:auth_user_changelist"),
    ]
    for row in rows:
        name = f"admin:{row._meta.app_label}_{row._meta.model_name}_"
        addresses += [reverse(f"{name}changelist"), reverse(f"{name}add"), reverse(f"{name}change", args=[row.pk])]
        addresses += [reverse(f"{name}history", args=[row.pk])]
        if hasattr(row, "status"):
            addresses += [reverse(f"{name}step", args=[row.pk, "publish"])]
    found = {address: words for address in addresses if (words := latin_words(client.get(address)))}
    assert found == {}, "\n".join(f"{a}: {w}" for a, w in found.items())
