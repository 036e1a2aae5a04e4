"""Builders of rows for tests: plain functions, one per kind. They name only what matters: make_park(area_planned_m2=500).

Published kinds come out live, in all three languages; `make_park(status=Status.DRAFT)` makes a draft.
"""

import datetime
from io import BytesIO
from itertools import count

from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from bureaus.invitations import hash_of
from bureaus.models import Bureau, Contact, District, Invitation, Membership
from city.models import ExchangeRate, Industry, KeyFigure, Milestone, Page
from inquiries import attachments
from inquiries.models import (
    Absence,
    CalendarDay,
    CannedReply,
    Erasure,
    Extension,
    FollowUp,
    IncomingLetter,
    Inquiry,
    Message,
    PublicAnswer,
    TimeLimit,
    Transfer,
)
from news.models import Article, Policy, PolicyStep
from outbox.models import Letter
from parks.models import Amenity, FunctionalArea, Listing, Park, State, TransportLink
from projects.models import Project, ProjectMilestone
from publishing import changes, links, revisions
from publishing.images import store_picture
from publishing.models import (
    Batch,
    Change,
    PageLink,
    Picture,
    PictureUse,
    PreferredWord,
    Revision,
    Status,
    TakeDownAnswer,
    TakeDownQuestion,
    Upload,
)

PUBLISHED_AT = datetime.datetime(2026, 3, 2, 9, 0, tzinfo=datetime.UTC)
numbers = count(1)
district_numbers = count(1)


def in_three(name, text, chinese=None):
    """The three columns of a translated field."""
    chinese = chinese or text
    return {f"{name}_en": text, f"{name}_zh_hans": chinese, f"{name}_zh_hant": chinese}


# --- Who we are ---


def make_district(slug="dinghu", **fields):
    defaults = {"code": f"44{next(district_numbers):04d}", "kind": District.Kind.DISTRICT} | in_three("name", slug.title())
    return District.objects.get_or_create(slug=slug, defaults=defaults | fields)[0]


def make_bureau(slug="dinghu", **fields):
    """The bureau of that address part, made at the first call; `zhaoqing` is the city bureau."""
    is_city = slug == "zhaoqing"
    level = Bureau.Level.CITY if is_city else Bureau.Level.DISTRICT
    defaults = {"level": level, "takes_unrouted": is_city} | in_three("name", f"Bureau of {slug.title()}")
    return Bureau.objects.get_or_create(slug=slug, defaults=defaults | fields)[0]


def make_contact(**fields):
    defaults = {"kind": Contact.Kind.OFFICE, "phone": "+867582899202"}
    defaults |= in_three("name", "Investment office") | in_three("address", "1 Xinghu Road")
    return Contact.objects.create(**_owned(defaults | fields))


def make_user(username="someone", **fields):
    """A person who may sign in to the staff area and holds no role yet."""
    user = get_user_model()(**{"username": username, "is_staff": True} | fields)
    user.set_unusable_password()
    user.save()
    return user


def make_member(username, role=Membership.Role.EDITOR, bureau="dinghu", **fields):
    """A person with a role at a bureau (its address part)."""
    user = make_user(username, **fields)
    Membership.objects.create(user=user, bureau=make_bureau(bureau), role=role)
    return user


def make_invitation(key="key", **fields):
    """An invitation to Dinghu by a manager there; the link ends in the key."""
    fields = _owned(fields)
    inviter = fields.get("invited_by") or make_member(f"inviter-{next(numbers)}", Membership.Role.MANAGER, fields["bureau"].slug)
    now = timezone.now()
    defaults = {
        "email": "li@example.com",
        "roles": [Membership.Role.EDITOR.value],
        "language": "en",
        "key_hash": hash_of(key),
        "invited_by": inviter,
        "expires_at": now + Invitation.LIFE,
    }
    return Invitation.objects.create(**defaults | fields)


# --- Published kinds ---


def make_industry(**fields):
    return _publish(Industry, {"group": Industry.Group.CORE}, fields)


def make_page(**fields):
    return _publish(Page, in_three("body", "<p>Text</p>"), fields)


def make_milestone(**fields):
    return _publish(Milestone, {"date": datetime.date(2016, 5, 1), "kind": Milestone.Kind.OPENING}, fields)


def make_figure(**fields):
    number = next(numbers)
    defaults = {
        "code": f"T{number}",
        "subject_code": "zhaoqing",
        "indicator_code": "gdp",
        "group": KeyFigure.Group.ECONOMY,
        "value": 2260,
        "unit": "cny-yi",
        "period_kind": KeyFigure.PeriodKind.YEAR,
        "period_start": datetime.date(2022, 1, 1),
        "period_end": datetime.date(2022, 12, 31),
    }
    defaults |= in_three("subject", "Zhaoqing", "肇庆") | in_three("source", "Statistical Bulletin 2022", "2022年统计公报")
    return _publish(KeyFigure, defaults, fields)


def make_exchange_rate(**fields):
    defaults = {"currency": "USD", "cny_per_unit": "7.1000", "date": datetime.date(2026, 11, 2), "source": "CFETS"}
    return ExchangeRate.objects.create(**defaults | fields)


def make_park(**fields):
    return _publish(Park, {"kind": Park.Kind.INDUSTRIAL_PARK}, fields)


def make_functional_area(**fields):
    defaults = {"kind": FunctionalArea.Kind.INDUSTRY} | in_three("title", "Area A")
    return FunctionalArea.objects.create(**_with(defaults | fields, "park", make_park))


def make_listing(**fields):
    kind = fields.get("kind", Listing.Kind.LAND)
    area = "land_area_m2" if kind == Listing.Kind.LAND else "floor_area_m2"
    return _publish(Listing, {"code": f"DH-{next(numbers):03d}", "kind": kind, area: 20_000}, fields)


def make_transport_link(**fields):
    """A link of the city, unless a park or listing is given."""
    defaults = {"kind": TransportLink.Kind.RAIL, "state": State.OPEN, "km": 12} | in_three("place", "Zhaoqing East", "肇庆东站")
    return TransportLink.objects.create(**defaults | fields)


def make_amenity(**fields):
    defaults = {"kind": Amenity.Kind.HOSPITAL, "state": State.OPEN} | in_three("title", "Hospital")
    return Amenity.objects.create(**_with(defaults | fields, "park", make_park))


def make_project(**fields):
    return _publish(Project, {"kind": Project.Kind.ENTERPRISE, "stage": Project.Stage.CONSTRUCTION}, fields)


def make_opportunity(**fields):
    defaults = {"kind": Project.Kind.OPPORTUNITY, "stage": Project.Stage.OPEN, "cooperation": Project.Cooperation.SOLE}
    return _publish(Project, defaults, fields)


def make_project_milestone(**fields):
    defaults = {"date": datetime.date(2024, 6, 1)} | in_three("title", "Construction began")
    return ProjectMilestone.objects.create(**_with(defaults | fields, "project", make_project))


def make_article(**fields):
    return _publish(Article, in_three("body", "<p>Text</p>", "<p>正文</p>"), fields)


def make_policy(**fields):
    return _publish(Policy, {"kind": Policy.Kind.POLICY, "category": Policy.Category.LAND}, fields)


def make_policy_step(**fields):
    return PolicyStep.objects.create(**_with(in_three("title", "Hand in the form") | fields, "policy", make_policy))


# --- Pictures ---


def picture_file(name="photo.jpg", encoding="JPEG", size=(640, 400)):
    """An uploaded picture as a form receives it."""
    buffer = BytesIO()
    Image.new("RGB", size, "teal").save(buffer, encoding)
    return SimpleUploadedFile(name, buffer.getvalue())


def make_picture(*, with_file=True, **fields):
    """A picture in the library, with real files under MEDIA_ROOT unless `with_file` is off."""
    license_ = Picture.License.OWN if with_file else Picture.License.NOT_HELD
    defaults = {"credit": "Xijiang Daily", "license": license_} | in_three("alt", "A factory hall", "厂房")
    picture = Picture(**_owned(defaults | fields))
    if with_file:
        store_picture(picture, picture_file())
    picture.save()
    return picture


def use_picture(item, picture, **fields):
    return PictureUse.objects.create(item=item, picture=picture, **fields)


# --- Taking down ---


def make_take_down_question(item, **fields):
    """A question about an item by a manager of its bureau."""
    about = {"content_type": ContentType.objects.get_for_model(item), "object_id": item.pk, "bureau": item.bureau}
    if "asked_by" not in fields:
        fields["asked_by"] = make_member(f"asker-{next(numbers)}", Membership.Role.MANAGER, item.bureau.slug)
    return TakeDownQuestion.objects.create(**about | {"reason": "Merged with another park."} | fields)


def make_take_down_answer(**fields):
    """What Dinghu says of a park of the city bureau; nothing yet unless told otherwise."""
    question = fields.pop("question", None) or make_take_down_question(make_park(bureau="zhaoqing"))
    return TakeDownAnswer.objects.create(**_owned({"question": question} | fields))


# --- Links ---


def make_page_link(**fields):
    """A broken link of a live article of Dinghu, unless told otherwise."""
    fields = _owned({"address": "https://gone.example/", "state": PageLink.State.BROKEN, "answer": "404", "since": timezone.now()} | fields)
    item = fields.pop("item", None) or make_article(bureau=fields["bureau"])
    about = {"content_type": ContentType.objects.get_for_model(item), "object_id": item.pk}
    places = {"places": ["source_url"], "digest": links.digest_of(fields["address"]), "path": links.path_of(fields["address"])}
    return PageLink.objects.create(**about | places | fields)


# --- Words ---


def make_preferred_word(**fields):
    """A word of Dinghu, in Simplified Chinese unless told otherwise; `bureau=None` makes one for all."""
    defaults = {"language": "zh-hans", "instead_of": "专案", "use": "项目"} | fields
    return PreferredWord.objects.create(**(defaults if defaults.get("bureau", "") is None else _owned(defaults)))


# --- Inquiries and mail ---


def make_inquiry(**fields):
    number = next(numbers)
    now = timezone.now()
    received = fields.get("received_at", now)
    answer_by = fields.get("answer_by", now + datetime.timedelta(days=2))
    defaults = {
        "reference": f"ZQ-26-{number:04d}",
        "secret_hash": f"{number:064x}",
        "form_key_hash": f"{number:064x}",
        "language": "en",
        "received_at": received,
        "asked_at": received,
        "opened_at": received,
        "take_hours": 4,
        "answer_days": 2,
        "result_days": 7,
        "take_by": received + datetime.timedelta(days=1) if isinstance(received, datetime.datetime) else answer_by,
        "answer_by": answer_by,
        "result_by": answer_by,
        "answered_at": fields.get("first_answered_at"),
        "topic": Inquiry.Topic.LAND,
        "name": "Erika Beispiel",
        "email": "erika@example.com",
        "message": "We look for 2 hectares near the port.",
        "notice_version": "1",
        "notice_hash": "0" * 64,
        "consent_at": now,
        "may_share": True,
    }
    return Inquiry.objects.create(**_owned(defaults | fields))


def make_answer(**fields):
    day = datetime.date(2026, 3, 2)
    texts = in_three("body", "<p>Yes, from the second half of the year.</p>")
    return _publish(PublicAnswer, {"topic": Inquiry.Topic.LAND, "asked_on": day, "answered_on": day} | texts, fields)


def make_message(**fields):
    defaults = {"kind": Message.Kind.NOTE, "body": "Call back on Monday.", "written_at": timezone.now()}
    return Message.objects.create(**_with(defaults | fields, "inquiry", make_inquiry))


def make_attachment(name="plan.pdf", content=b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\nstartxref\n9\n%%EOF\n", **fields):
    """A file of a message, on the disk."""
    fields = _with(fields, "message", make_message)
    with attachments.stored([attachments.judge(ContentFile(content, name=name))]) as rows:
        attachments.attach(fields["message"], rows)
    return rows[0]


def make_letter(**fields):
    defaults = {"to": "erika@example.com", "language": "en", "subject": "Your inquiry", "body": "Thank you.", "next_try_at": timezone.now()}
    return Letter.objects.create(**defaults | fields)


def make_incoming_letter(**fields):
    """A letter received that belongs to an inquiry; `message=None` makes one that belongs to none."""
    defaults = {"fingerprint": f"{next(numbers):064x}", "fetched_at": timezone.now(), "outcome": IncomingLetter.Outcome.TAKEN}
    if "message" not in fields:
        defaults["message"] = make_message(kind=Message.Kind.INVESTOR)
    return IncomingLetter.objects.create(**defaults | fields)


def make_transfer(inquiry, by, **fields):
    """A transfer to Sihui that somebody has proposed."""
    defaults = {"from_bureau": inquiry.bureau, "reason": "The plot lies in Sihui.", "proposed_by": by, "proposed_at": timezone.now()}
    if "to_bureau" not in fields:
        defaults["to_bureau"] = make_bureau("sihui")
    return Transfer.objects.create(inquiry=inquiry, **defaults | fields)


def make_erasure(inquiry, **fields):
    """A request of the investor that waits for an administrator."""
    defaults = {"origin": Erasure.Origin.INVESTOR, "asked_at": timezone.now()}
    return Erasure.objects.create(inquiry=inquiry, **defaults | fields)


def make_extension(inquiry, by, **fields):
    """Two working days more for the answer, as somebody has asked for."""
    defaults = {"clock": Extension.Clock.ANSWER, "days": 2, "reason": "We wait for the grid.", "asked_by": by, "asked_at": timezone.now()}
    return Extension.objects.create(inquiry=inquiry, **defaults | fields)


def make_follow_up(inquiry, **fields):
    defaults = {"kind": FollowUp.Kind.DAY_5, "due_at": timezone.now() - datetime.timedelta(hours=1)}
    return FollowUp.objects.create(inquiry=inquiry, **defaults | fields)


def make_canned_reply(**fields):
    """A standard reply of Dinghu in three languages, not yet in use; `bureau=None` makes one for all."""
    number = next(numbers)
    defaults = in_three("title", f"Reply {number}", f"回复{number}") | in_three("body", "Thank you, {name}.", "感谢您，{name}。") | fields
    return CannedReply.objects.create(**(defaults if defaults.get("bureau", "") is None else _owned(defaults)))


def make_time_limit(**fields):
    """A topic with limits of its own."""
    defaults = {"topic": Inquiry.Topic.POLICY, "take_hours": 4, "answer_days": 2, "result_days": 7}
    return TimeLimit.objects.create(**defaults | fields)


def make_absence(person, **fields):
    """Somebody of Dinghu who is away from today for a week."""
    today = timezone.localdate()
    defaults = {"person": person, "first_day": today, "last_day": today + datetime.timedelta(days=7)}
    return Absence.objects.create(**_owned(_with(defaults | fields, "deputy", lambda: make_member("deputy", Membership.Role.OFFICER))))


def make_calendar_day(**fields):
    defaults = {"date": datetime.date(2026, 10, 1), "is_working": False, "name": "National Day"}
    return CalendarDay.objects.create(**defaults | fields)


# --- Tables ---


def make_upload(model, user, **fields):
    """A table that a person has uploaded for Dinghu and not yet confirmed: one row that names no item."""
    defaults = {
        "content_type": ContentType.objects.get_for_model(model),
        "user": user,
        "name": "table.csv",
        "content": b"title_en,kind\nNew,land\n",
        "expires_at": timezone.now() + Upload.LIFE,
    }
    return Upload.objects.create(**_owned(defaults | fields))


def make_batch(model, user, **fields):
    """An import of Dinghu that made nothing."""
    defaults = {"content_type": ContentType.objects.get_for_model(model), "user": user, "name": "table.csv"}
    return Batch.objects.create(**_owned(defaults | fields))


# --- How the builders fill what was not named ---


def _publish(model, defaults, fields):
    """One row of a published kind: titled in three languages, live since a fixed day, of the Dinghu bureau."""
    number = next(numbers)
    name = f"{model._meta.model_name.title()} {number}"
    shared = {"slug": f"{model._meta.model_name}-{number}"} | in_three("title", name) | in_three("summary", "Summary", "摘要")
    if fields.get("status", Status.LIVE) == Status.DRAFT:
        dates = {}
    else:
        dates = {"first_published_at": PUBLISHED_AT, "published_at": PUBLISHED_AT}
    return model.objects.create(**_owned(shared | {"status": Status.LIVE} | dates | defaults | fields))


def _owned(fields):
    """The fields with a bureau: a Bureau, the address part of one, or Dinghu's where none is named."""
    bureau = fields.get("bureau", "dinghu")
    return fields | {"bureau": make_bureau(bureau) if isinstance(bureau, str) else bureau}


def _with(fields, name, builder):
    return fields if name in fields else fields | {name: builder()}


def make_change(item, state="draft", *, by=None, opened_by=None, **fields):
    """An open change of an item with these fields of its row changed, in a state, as the workflow would have left it."""
    live = changes.head(item)
    if live is None:
        live = changes.add_revision(item, revisions.snapshot(item), None, kind=Revision.Kind.FOUND)
    first, *others = live.data
    rows = [{**first, "fields": first["fields"] | fields}, *others]
    revision = changes.add_revision(item, rows, by, kind=Revision.Kind.DRAFT, base=live)
    if changes.was_never_public(item):
        revisions.apply(item, rows)
    return Change.objects.create(
        content_type=revision.content_type,
        object_id=item.pk,
        bureau=item.bureau,
        state=state,
        revision=revision,
        live=None if changes.was_never_public(item) else live,
        opened_by=opened_by or by,
        submitted_by=by,
        submitted_at=timezone.now(),
        go_live_at=timezone.now() + datetime.timedelta(days=1) if state == "scheduled" else None,
    )


def make_conflict(item, first, second):
    """A draft of one person, and what another typed meanwhile: both changed the title, the second the summary too."""
    make_change(item, by=first, **in_three("title", "First title", "先到的标题"))
    base = changes.of(item, Revision).get(n=1)
    row, *others = base.data
    mine = [
        {**row, "fields": row["fields"] | in_three("title", "Second title", "后到的标题") | {"summary_en": "Typed meanwhile."}},
        *others,
    ]
    return changes.set_aside(item, mine, second, seen=base)
