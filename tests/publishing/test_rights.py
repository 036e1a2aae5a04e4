"""Who gets what answer at each address of the staff area: a table of address and role (staff.md S50, trust.md T5, T14).

The rows are Dinghu's and were never published. A new address without a line in the table fails a test.
"""

from uuid import UUID

import pytest
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, reverse

from bureaus.audit import record
from bureaus.models import AuditEntry, Bureau, Contact, District, Membership
from city.models import ExchangeRate, Industry, KeyFigure, Milestone, Page
from inquiries.models import Absence, CalendarDay, CannedReply, Erasure, IncomingLetter, Inquiry, PublicAnswer, TimeLimit
from news.models import Article, Policy
from outbox.models import Letter
from parks.models import Listing, Park, TransportLink
from projects.models import Project
from publishing import changes, revisions
from publishing.models import Change, PageLink, Picture, PreferredWord, Revision, Status, TakeDownAnswer, TakeDownQuestion
from tests import factories

pytestmark = pytest.mark.django_db

Role = Membership.Role
PEOPLE = {
    "nobody": lambda: factories.make_user("nobody"),
    "stranger": lambda: factories.make_member("ann", Role.EDITOR, "sihui"),
    "editor": lambda: factories.make_member("du", Role.EDITOR),
    "publisher": lambda: factories.make_member("dr", Role.REVIEWER),
    "officer": lambda: factories.make_member("do", Role.OFFICER),
    "manager": lambda: factories.make_member("dm", Role.MANAGER),
    "city_desk": lambda: factories.make_member("city", Role.MANAGER, "zhaoqing"),
    "administrator": lambda: factories.make_member("root", Role.ADMINISTRATOR, "zhaoqing"),
}
ROLES = ["visitor", *PEOPLE]
LOGIN, FORBIDDEN, MISSING, OK = 302, 403, 404, 200

# Address -> what a GET answers, in the order of ROLES. The stranger is an editor of Sihui; the city desk and the
# administrator work at the city bureau; nobody is a person who may sign in and holds no role.
CONTENT = {
    "changelist": "302 403 200 200 200 403 200 200 403",
    "add": "302 403 200 200 200 403 200 200 403",
    "change": "302 404 404 200 200 404 200 404 404",
    "history": "302 404 404 200 200 404 200 404 404",
    "delete": "302 404 404 403 403 404 403 404 404",
    "preview": "302 404 404 200 200 404 200 404 404",
    "sharing": "302 404 404 200 200 404 200 404 404",
    "step": "302 404 404 403 200 404 200 404 404",
    "elsewhere": "302 403 200 200 200 403 200 200 403",
    "version": "302 404 404 200 200 404 200 404 404",
    "conflict": "302 404 404 404 404 404 404 404 404",
    "translation": "302 404 404 405 405 404 405 404 404",
    "wording": "302 404 404 302 302 404 302 404 404",
}
# Kinds whose tables come and go as files; an upload is the manager's own.
IN_TABLES = CONTENT | {
    "import": "302 403 403 403 200 403 200 200 403",
    "import_template": "302 403 403 403 200 403 200 200 403",
    "import_upload": "302 404 404 404 404 404 200 404 404",
    "import_remarks": "302 404 404 404 404 404 200 404 404",
    "batch": "302 404 404 200 200 404 200 404 404",
    "export": "302 403 200 200 200 403 200 200 403",
}
OF_ITEMS = {"preview", "sharing", "step", "version", "conflict", "translation", "wording", "elsewhere"}
LIBRARY = {name: answers for name, answers in CONTENT.items() if name not in OF_ITEMS}
TABLE = {
    **dict.fromkeys((Park, Article, Policy, Industry, Page, Milestone, PublicAnswer), CONTENT),
    **dict.fromkeys((Listing, Project, KeyFigure), IN_TABLES),
    PreferredWord: {
        "changelist": "302 403 200 200 200 403 200 200 403",
        "add": "302 403 403 403 200 403 200 200 403",
        "change": "302 404 404 200 200 404 200 404 404",
        "history": "302 404 404 200 200 404 200 404 404",
        "delete": "302 404 404 403 200 404 200 404 404",
    },
    Picture: LIBRARY | {"remove": "302 404 404 403 200 404 200 404 404"},
    Change: {
        "changelist": "302 403 200 200 200 403 200 200 403",
        "add": "302 403 403 403 403 403 403 403 403",
        "change": "302 404 404 302 302 404 302 404 404",
        "history": "302 404 404 404 404 404 404 404 404",
        "delete": "302 404 404 403 403 404 403 404 404",
    },
    # The managers' alone: what they ask other bureaus before a page is taken down, and what these are asked.
    TakeDownQuestion: {
        "changelist": "302 403 403 403 403 403 200 200 403",
        "add": "302 403 403 403 403 403 403 403 403",
        "change": "302 404 404 404 404 404 302 404 404",
        "history": "302 404 404 404 404 404 404 404 404",
        "delete": "302 404 404 404 404 404 403 404 404",
    },
    TakeDownAnswer: {
        "changelist": "302 403 403 403 403 403 200 200 403",
        "add": "302 403 403 403 403 403 403 403 403",
        "change": "302 404 404 404 404 404 200 404 404",
        "history": "302 404 404 404 404 404 404 404 404",
        "delete": "302 404 404 404 404 404 403 404 404",
    },
    PageLink: {
        "changelist": "302 403 200 200 200 403 200 200 403",
        "add": "302 403 403 403 403 403 403 403 403",
        "change": "302 404 404 302 302 404 302 404 404",
        "history": "302 404 404 404 404 404 404 404 404",
        "delete": "302 404 404 403 403 404 403 404 404",
    },
    Contact: {
        "changelist": "302 403 200 200 200 200 200 200 403",
        "add": "302 403 200 200 200 200 200 200 403",
        "change": "302 404 404 200 200 200 200 404 404",
        "history": "302 404 404 200 200 200 200 404 404",
        "version": "302 404 404 200 200 200 200 404 404",
        "conflict": "302 404 404 404 404 404 404 404 404",
        "delete": "302 404 404 403 403 403 403 404 404",
    },
    Bureau: {
        "changelist": "302 403 403 403 403 403 200 200 200",
        "add": "302 403 403 403 403 403 403 200 200",
        "change": "302 404 404 404 404 404 200 404 200",
        "history": "302 404 404 404 404 404 200 404 200",
        "delete": "302 404 404 404 404 404 403 404 403",
    },
    Membership.user.field.related_model: {
        "changelist": "302 403 403 403 403 403 200 200 200",
        "add": "302 403 403 403 403 403 200 200 200",
        "change": "302 404 404 404 404 404 200 404 200",
        "history": "302 404 404 404 404 404 200 404 200",
        "delete": "302 404 404 404 404 404 403 404 403",
        "password_change": "302 404 404 404 404 404 200 404 200",
        "enter": "302 403 403 403 403 403 403 403 200",
        "second_factor_reset": "302 404 404 404 404 404 200 404 200",
        "end_sessions": "302 404 404 404 404 404 200 404 200",
        "invitation_withdraw": "302 404 404 404 404 404 405 404 405",
    },
    AuditEntry: {
        "changelist": "302 403 403 403 403 403 200 200 200",
        "export": "302 404 404 404 404 404 200 200 200",
        "add": "302 403 403 403 403 403 403 403 403",
        "change": "302 404 404 404 404 404 404 404 404",
        "history": "302 404 404 404 404 404 404 404 404",
        "delete": "302 404 404 404 404 404 404 404 404",
    },
    # What all bureaus share is looked after at the city bureau.
    **{
        model: {
            "changelist": "302 403 403 403 403 403 403 200 403",
            "add": "302 403 403 403 403 403 403 200 403",
            "change": "302 403 403 403 403 403 403 200 403",
            "history": "302 403 403 403 403 403 403 200 403",
            "delete": "302 403 403 403 403 403 403 403 403",
        }
        for model in (ExchangeRate, TransportLink)
    },
    District: {
        "changelist": "302 403 403 403 403 403 403 200 200",
        "add": "302 403 403 403 403 403 403 200 200",
        "change": "302 403 403 403 403 403 403 200 200",
        "history": "302 403 403 403 403 403 403 200 200",
        "delete": "302 403 403 403 403 403 403 403 403",
    },
    TimeLimit: {
        "changelist": "302 403 403 403 403 403 200 200 200",
        "add": "302 403 403 403 403 403 403 200 200",
        "change": "302 403 403 403 403 403 200 200 200",
        "history": "302 403 403 403 403 403 200 200 200",
        "delete": "302 403 403 403 403 403 403 200 200",
    },
    # Officers propose; what is for all bureaus is the city bureau's.
    CannedReply: {
        "changelist": "302 403 403 403 403 200 200 200 200",
        "add": "302 403 403 403 403 200 200 200 200",
        "change": "302 404 404 404 404 200 200 404 404",
        "history": "302 404 404 404 404 200 200 404 404",
        "delete": "302 404 404 404 404 403 200 404 404",
    },
    # The row is another officer's: only managers see it.
    Absence: {
        "changelist": "302 403 403 403 403 200 200 200 403",
        "add": "302 403 403 403 403 200 200 200 403",
        "change": "302 404 404 404 404 404 200 404 404",
        "history": "302 404 404 404 404 404 200 404 404",
        "delete": "302 404 404 404 404 404 200 404 404",
    },
    CalendarDay: {
        "confirm": "302 405 405 405 405 405 405 405 405",
        "changelist": "302 403 403 403 403 403 200 200 200",
        "add": "302 403 403 403 403 403 403 200 200",
        "change": "302 403 403 403 403 403 200 200 200",
        "history": "302 403 403 403 403 403 200 200 200",
        "delete": "302 403 403 403 403 403 403 200 200",
    },
    Inquiry: {
        "changelist": "302 403 403 403 403 200 200 200 403",
        "add": "302 403 403 403 403 403 403 403 403",
        "change": "302 404 404 404 404 200 200 200 404",
        "reference": "302 404 404 404 404 302 302 302 404",
        "step": "302 404 404 404 404 405 405 405 404",
        "public_answer": "302 404 404 404 404 405 405 405 404",
        "person": "302 404 404 404 404 403 200 403 404",
        "correct": "302 404 404 404 404 200 200 403 404",
        "reports": "302 403 403 403 403 403 200 200 403",
        "ledger": "302 403 403 403 403 403 200 200 403",
        "project": "302 404 404 404 404 405 405 405 404",
        "presence": "302 404 404 404 404 405 405 405 404",
        "kept": "302 404 404 404 404 405 405 405 404",
        "follow_up": "302 404 404 404 404 405 405 405 404",
        "file": "302 404 404 404 404 404 404 404 404",
        "history": "302 404 404 404 404 404 404 404 404",
        "delete": "302 404 404 404 404 403 403 403 404",
    },
    # Administrators confirm, managers ask; what is seen is a reference, kinds and numbers.
    Erasure: {
        "changelist": "302 403 403 403 403 403 200 200 200",
        "add": "302 403 403 403 403 403 403 403 403",
        "change": "302 404 404 404 404 404 200 404 200",
        "erase": "302 404 404 404 404 404 405 404 405",
        "history": "302 404 404 404 404 404 404 404 404",
        "delete": "302 404 404 404 404 404 403 404 403",
    },
    Letter: {
        "changelist": "302 403 403 403 403 403 200 200 403",
        "add": "302 403 403 403 403 403 403 403 403",
        "change": "302 404 404 404 404 404 200 404 404",
        "again": "302 404 404 404 404 404 405 404 404",
        "history": "302 404 404 404 404 404 404 404 404",
        "delete": "302 404 404 404 404 404 403 404 404",
    },
    IncomingLetter: {
        "changelist": "302 403 403 403 403 403 200 200 403",
        "add": "302 403 403 403 403 403 403 403 403",
        "change": "302 404 404 404 404 404 404 404 404",
        "history": "302 404 404 404 404 404 404 404 404",
        "delete": "302 404 404 404 404 404 403 404 404",
    },
}
# Addresses that belong to no row.
SITE = {
    "index": "302 200 200 200 200 200 200 200 200",
    "login": "200 302 302 302 302 302 302 302 302",
    "logout": "302 405 405 405 405 405 405 405 405",
    "password_change": "302 200 200 200 200 200 200 200 200",
    "account": "302 200 200 200 200 200 200 200 200",
    "sign_out_everywhere": "302 405 405 405 405 405 405 405 405",
    "end_session": "302 405 405 405 405 405 405 405 405",
    "morning_mail": "302 405 405 405 405 405 405 405 405",
    "stay": "302 405 405 405 405 405 405 405 405",
    "second_factor": "302 302 302 302 302 302 302 302 302",
    "second_factor_set_up": "302 200 200 200 200 200 200 200 200",
    "recovery_codes": "302 404 404 404 404 404 404 404 404",
    "invitation": "404 404 404 404 404 404 404 404 404",
    "password_change_done": "302 200 200 200 200 200 200 200 200",
    "guide": "302 200 200 200 200 200 200 200 200",
    "find": "302 200 200 200 200 200 200 200 200",
    "withdraw_elsewhere": "302 403 403 403 403 403 403 200 403",
    "translations": "302 403 200 200 200 403 200 200 403",
    "autocomplete": "302 403 403 403 403 403 403 403 403",
    "session": "401 200 200 200 200 200 200 200 200",
    "presence": "401 405 405 405 405 405 405 405 405",
    "signed_in": "302 200 200 200 200 200 200 200 200",
    "jsi18n": "302 200 200 200 200 200 200 200 200",
    "app_list": "302 302 302 302 302 302 302 302 302",
}
SITE_ARGUMENTS = {"app_list": ["parks"], "end_session": [1], "invitation": ["no-such-key"]}
CANARY = "Canary-7731"
# What addresses of an inquiry name besides: a step, a standard reply, a follow-up, a file.
OF_A_CASE = {"step": "note", "kept": 1, "follow_up": 1, "file": UUID(int=1)}
IN_A_TABLE = {model for model, rows in TABLE.items() if rows is IN_TABLES}
# Kinds whose rows are hidden from other bureaus.
OF_A_BUREAU = {model for model, rows in TABLE.items() if rows in (CONTENT, IN_TABLES)}
OF_A_BUREAU |= {Picture, PreferredWord, Contact, Inquiry, Letter, Change, CannedReply, Absence}
OF_A_BUREAU |= {PageLink, TakeDownQuestion, TakeDownAnswer}


def addresses(patterns=None):
    """`(name, pattern)` of every address under /admin/."""
    for pattern in admin.site.urls[0] if patterns is None else patterns:
        if isinstance(pattern, URLPattern):
            yield pattern.name, str(pattern.pattern)
        else:
            yield from addresses(pattern.url_patterns)


def prefix_of(model):
    return f"{model._meta.app_label}_{model._meta.model_name}_"


EXPECTED = {f"{prefix_of(model)}{name}": (model, name, answers) for model, rows in TABLE.items() for name, answers in rows.items()}


def test_s50_every_address_of_the_staff_area_stands_in_the_table():
    # Two kinds have no name: the short address of a row leads to its form, and what is left answers 404 or leads to the sign-in.
    unnamed = {"<path:object_id>/", "(?P<url>.*)$"}
    walked = set(addresses())
    assert {name for name, _pattern in walked if name} == set(EXPECTED) | set(SITE)
    assert {pattern for name, pattern in walked if name is None} == unnamed


# --- Fixtures: the people, and one row of each kind ---


@pytest.fixture(scope="module")
def cast(django_db_setup, django_db_blocker, menu_kept):
    """The browser of each role, signed in once for the whole walk: what a test adds to the rows leaves with the test."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield {"visitor": Client(), **{role: signed_in_as(build()) for role, build in PEOPLE.items()}}
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def careful_manager(cast, django_db_blocker):
    """The manager in a browser whose posts need their token."""
    with django_db_blocker.unblock():
        return signed_in_as(get_user_model().objects.get(username="dm"), enforce_csrf_checks=True)


def signed_in_as(person, **options):
    client = Client(**options)
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def make_row(model):
    """A row of Dinghu that bears the canary; drafts where there is such a state."""
    builders = {
        Park: factories.make_park,
        Listing: factories.make_listing,
        Project: factories.make_project,
        Article: factories.make_article,
        Policy: factories.make_policy,
        Industry: factories.make_industry,
        Page: factories.make_page,
        PublicAnswer: factories.make_answer,
        Milestone: factories.make_milestone,
        KeyFigure: factories.make_figure,
    }
    others = {
        Picture: lambda: factories.make_picture(with_file=False, credit=CANARY),
        PreferredWord: lambda: factories.make_preferred_word(instead_of=CANARY),
        Contact: lambda: with_version(factories.make_contact(**factories.in_three("name", CANARY))),
        Bureau: lambda: Bureau.objects.get(slug="dinghu"),
        Membership.user.field.related_model: lambda: factories.make_member("wang", first_name=CANARY),
        ExchangeRate: lambda: factories.make_exchange_rate(source=CANARY),
        TransportLink: lambda: factories.make_transport_link(**factories.in_three("place", CANARY)),
        District: lambda: factories.make_district("gaoyao", **factories.in_three("name", CANARY)),
        CalendarDay: lambda: factories.make_calendar_day(name=CANARY),
        TimeLimit: lambda: factories.make_time_limit(),
        CannedReply: lambda: factories.make_canned_reply(title_en=CANARY),
        Absence: lambda: factories.make_absence(factories.make_member("wang", first_name=CANARY)),
        Inquiry: lambda: factories.make_inquiry(name=CANARY),
        TakeDownQuestion: lambda: factories.make_take_down_question(factories.make_park(**factories.in_three("title", CANARY))),
        TakeDownAnswer: lambda: factories.make_take_down_answer(comment=CANARY),
        PageLink: lambda: factories.make_page_link(address=f"https://{CANARY}.example/"),
        Change: lambda: factories.make_change(factories.make_park(status=Status.DRAFT, **factories.in_three("title", CANARY))),
        AuditEntry: lambda: record(AuditEntry.Action.PUBLISH, thing=factories.make_park(**factories.in_three("title", CANARY))),
        IncomingLetter: factories.make_incoming_letter,
        Erasure: lambda: factories.make_erasure(factories.make_inquiry(name=CANARY)),
        Letter: lambda: factories.make_letter(subject=CANARY, reference=factories.make_inquiry().reference),
    }
    if model in others:
        return others[model]()
    item = builders[model](status=Status.DRAFT, slug="canary-7731", **factories.in_three("title", CANARY))
    factories.make_change(item)
    return item


def with_version(contact):
    changes.add_revision(contact, revisions.snapshot(contact), None, kind=Revision.Kind.FOUND)
    return contact


def address_of(name, row):
    arguments = {"step": ["publish"], "preview": ["en"], "translation": ["en"], "version": [1], "conflict": [1]}
    ending = name.removeprefix(prefix_of(type(row)))
    if ending == "invitation_withdraw":
        return reverse(f"admin:{name}", args=[factories.make_invitation().pk])
    if ending in ("changelist", "add", "elsewhere", "enter", "export", "import", "import_template", "reports", "ledger"):
        return reverse(f"admin:{name}") + ("?as=csv" if ending == "export" and type(row) in IN_A_TABLE else "")
    if ending in ("import_upload", "import_remarks", "batch"):
        manager = get_user_model().objects.filter(username="dm").first() or factories.make_member("dm", Role.MANAGER)
        build = factories.make_batch if ending == "batch" else factories.make_upload
        return reverse(f"admin:{name}", args=[build(type(row), manager).pk])
    if ending == "reference":
        return reverse(f"admin:{name}", args=[row.reference])
    if ending == "confirm":
        return reverse(f"admin:{name}", args=[2026])
    if isinstance(row, Inquiry) and ending in OF_A_CASE:
        return reverse(f"admin:{name}", args=[row.pk, OF_A_CASE[ending]])
    return reverse(f"admin:{name}", args=[row.pk, *arguments.get(ending, [])])


def text_of(response):
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return f"{dict(response.headers)} {body.decode(errors='replace')}".lower()


# --- The walk ---


@pytest.mark.parametrize("name", EXPECTED)
def test_s50_each_role_gets_the_answer_that_the_table_says(name, cast):
    """And who may not see the row finds nothing of it in the answer: text, headers, results of a search."""
    model, ending, answers = EXPECTED[name]
    address = address_of(name, make_row(model))
    got = {role: client.get(address) for role, client in cast.items()}
    assert {role: response.status_code for role, response in got.items()} == dict(zip(ROLES, map(int, answers.split()), strict=True))
    if model not in OF_A_BUREAU:
        return
    # A change, a link on a page or a page to take down leads to the form of its item.
    sight = "302" if model in (Change, PageLink, TakeDownQuestion) else "200"
    sighted = {role for role, answer in zip(ROLES, TABLE[model]["change"].split(), strict=True) if answer == sight} - {"visitor"}
    for role in cast.keys() - sighted:
        assert CANARY.lower() not in text_of(got[role]), role
        if ending == "changelist":
            assert CANARY.lower() not in text_of(cast[role].get(address, {"q": "canary"})), role


@pytest.mark.parametrize("name", SITE)
def test_s50_addresses_of_no_row_answer_as_the_table_says(name, cast):
    address = reverse(f"admin:{name}", args=SITE_ARGUMENTS.get(name, []))
    got = {role: client.get(address).status_code for role, client in cast.items()}
    assert got == dict(zip(ROLES, map(int, SITE[name].split()), strict=True))


@pytest.mark.parametrize("name", EXPECTED)
def test_a_post_without_its_token_is_refused_everywhere(name, careful_manager):
    model, *_rest = EXPECTED[name]
    address = address_of(name, make_row(model))
    assert careful_manager.post(address, {"_save": "1"}).status_code == 403


@pytest.mark.parametrize("model", [model for model, rows in TABLE.items() if rows in (CONTENT, IN_TABLES)])
def test_posts_of_people_without_the_right_change_nothing(model, cast):
    row = make_row(model)
    before = model.objects.values().get(pk=row.pk)
    posted = {"title_en": "Changed", "slug": "changed", "post": "yes", "_step": "publish"}
    for role in cast.keys() - {"editor", "publisher", "manager"}:
        for name in TABLE[model]:
            cast[role].post(address_of(f"{prefix_of(model)}{name}", row), posted)
    assert model.objects.values().get() == before
