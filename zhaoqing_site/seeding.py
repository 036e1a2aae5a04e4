"""Reads seeds/*.csv and *.toml and creates what is missing. What exists is never changed: staff may have corrected it."""

import csv
import datetime
import tomllib
from decimal import Decimal
from pathlib import Path

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.db import models, transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from bureaus.models import Bureau, Contact, District
from city.models import Industry, KeyFigure, Milestone, Page
from inquiries.models import CalendarDay, CannedReply
from news.models import Article, Policy, PolicyStep
from parks.models import Amenity, FunctionalArea, Listing, Park, TransportLink
from projects.models import Project, ProjectMilestone
from publishing.models import OldAddress, Picture, PictureUse, Publishable, Status
from publishing.readiness import missing_for_publishing

FOLDER = Path(settings.BASE_DIR) / "seeds"
# file, model, the columns that say whether a row exists already; parents before children. Links and amenities come
# for a park that has none yet: a name that staff have corrected must not come back under its old spelling.
FILES = [
    ("districts.csv", District, ["slug"]),
    ("bureaus.csv", Bureau, ["slug"]),
    ("contacts.csv", Contact, ["bureau", "kind"]),
    ("industries.toml", Industry, ["slug"]),
    ("figures.csv", KeyFigure, ["code"]),
    ("milestones.csv", Milestone, ["slug"]),
    ("pages.toml", Page, ["slug"]),
    ("parks.toml", Park, ["slug"]),
    ("transport.csv", TransportLink, ["park"]),
    ("amenities.csv", Amenity, ["park"]),
    ("listings.toml", Listing, ["code"]),
    ("projects.toml", Project, ["slug"]),
    ("articles.toml", Article, ["slug"]),
    ("policies.toml", Policy, ["slug"]),
    ("calendar.csv", CalendarDay, ["date"]),
    ("kept_replies.toml", CannedReply, ["order"]),
]
SAMPLE_FILES = [("samples/listings.toml", Listing, ["code"]), ("samples/projects.toml", Project, ["slug"])]
PARTS = {"functional_areas": (FunctionalArea, "park"), "milestones": (ProjectMilestone, "project"), "steps": (PolicyStep, "policy")}


def load(*, samples: bool = False) -> dict[str, int]:
    """Loads the real content, or the samples; returns how many rows of each file were created."""
    return {name: load_file(name, model, key, samples) for name, model, key in (SAMPLE_FILES if samples else FILES)}


def remove_samples() -> int:
    """Takes the sample listings and opportunities away; those that an inquiry names stay, withdrawn from the public."""
    removed = 0
    for model in (Project, Listing):
        for item in model.objects.filter(is_sample=True):
            try:
                with transaction.atomic():
                    item.delete()
            except models.ProtectedError:
                model.objects.filter(pk=item.pk).update(status=Status.TAKEN_DOWN)
            removed += 1
    return removed


def read(name: str) -> list[dict]:
    """The rows of a seed file as dictionaries."""
    path = FOLDER / name
    if path.suffix == ".csv":
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))
    tables = tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    return next(iter(tables.values()))


@transaction.atomic
def load_file(name, model, key, samples):
    created = []
    missing = [(number, row) for number, row in enumerate(read(name), 1) if not is_there(model, row, key)]
    for number, row in missing:
        try:
            created.append((create(model, row, samples), row))
        except (KeyError, ValueError, TypeError, ValidationError, models.ObjectDoesNotExist) as error:
            raise CommandError(f"seeds/{name}, row {number}: {error!r}") from error
    for item, row in created:
        link(item, row)
    return len(created)


def is_there(model, row: dict, key: list[str]) -> bool:
    """Whether the row exists, or did under an address that staff have changed since.

    A calendar comes a whole year at a time, and only for a year that has no day yet: one that staff have moved must not come back.
    Standard replies likewise come once, all of them: one that was thrown away stays away.
    """
    if model is CalendarDay:
        return model.objects.filter(date__year=row["date"][:4]).exists()
    if model is CannedReply:
        return model.objects.filter(bureau=None).exists()
    wanted = {column: field_value(model._meta.get_field(column), row.get(column)) for column in key}
    if model.objects.filter(**wanted).exists():
        return True
    moved = OldAddress.objects.filter(content_type=ContentType.objects.get_for_model(model), slug=row.get("slug", ""))
    return key == ["slug"] and moved.exists()


def create(model, row: dict, samples: bool):
    """One row, with its parts; a published kind goes live if nothing that publishing needs is missing."""
    fields = {field.name: field for field in model._meta.concrete_fields}
    item = model(**{name: field_value(fields[name], value) for name, value in row.items() if name in fields and value not in ("", None)})
    if isinstance(item, Publishable):
        item.is_sample = samples
        item.first_published_at = moment(row.get("published_on"))
    item.full_clean(exclude=["checked_by"])
    item.save()
    create_parts(item, row)
    return item


def create_parts(item, row):
    for name, (part_model, owner) in PARTS.items():
        for order, part in enumerate(row.get(name, []) if hasattr(item, name) else [], 1):
            fields = {field.name: field for field in part_model._meta.concrete_fields}
            values = {column: field_value(fields[column], value) for column, value in part.items() if column in fields and value != ""}
            created = part_model.objects.create(**{"order": order, **values, owner: item})
            set_many(created, part)
    for order, photograph in enumerate(row.get("photographs", []), 1):
        texts = {column: value for column, value in photograph.items() if column.startswith(("caption_", "credit_name_"))}
        picture = Picture.objects.create(
            bureau=item.bureau,
            credit=photograph["credit"],
            license=Picture.License.NOT_HELD,
            is_rendering=photograph.get("is_rendering", False),
            **texts,
        )
        PictureUse.objects.create(item=item, picture=picture, order=order)


def link(item, row):
    """What points at other rows is set when all rows of the file are there; then the item may go live."""
    set_many(item, row)
    if not isinstance(item, Publishable):
        return
    if missing := missing_for_publishing(item):
        raise CommandError(f"{type(item).__name__} {item.slug} is not ready to publish: {[str(text) for _field, text in missing]}")
    now = timezone.now()
    if isinstance(item, Article) and item.first_published_at is None:
        # The original bears no date: it stands behind the dated ones, and the page says "undated".
        item.is_undated = True
        oldest = min(other["published_on"] for other in read("articles.toml") if other.get("published_on"))
        item.first_published_at = moment(oldest) - datetime.timedelta(minutes=1)
    item.status, item.version, item.published_at = Status.LIVE, 1, now
    item.first_published_at = item.first_published_at or now
    item.save()


def set_many(item, row):
    for field in item._meta.many_to_many:
        value = row.get(field.name)
        if not value:
            continue
        names = value.split() if isinstance(value, str) else value
        getattr(item, field.name).set([find(field.related_model, name) for name in names])


def field_value(field, value):
    """A cell as the field stores it."""
    if value in ("", None):
        return None if field.null else field.get_default()
    if field.is_relation:
        return find(field.related_model, value)
    if isinstance(field, models.BooleanField):
        return value in (True, "true")
    if isinstance(field, models.DateTimeField):
        return parse_datetime(value)
    return field.to_python(value)


def find(model, name: str):
    """A row by its key: a contact by its bureau (the office), a figure by its code, all else by slug."""
    if model is Contact:
        return Contact.objects.get(bureau__slug=name, kind=Contact.Kind.OFFICE)
    if model is KeyFigure:
        return KeyFigure.objects.get(code=name)
    return model.objects.get(slug=name)


def moment(day: str | None):
    """Midnight in Beijing of a day written YYYY-MM-DD."""
    if not day:
        return None
    return datetime.datetime.combine(datetime.date.fromisoformat(str(day)), datetime.time(), timezone.get_default_timezone())
