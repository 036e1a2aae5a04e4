"""What investors ask, and what they are answered."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bureaus.models import Bureau, District
from bureaus.rights import bureaus_where
from outbox.models import Letter
from parks.models import Listing, Park
from projects.models import Project


class InquiryQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those of the person's own bureaus; for the city desk also the open ones of all others."""
        own, seen = bureaus_where(user, "answer"), bureaus_where(user, "see inquiries")
        return self.filter(Q(bureau__in=own) | Q(bureau__in=seen, status__in=Inquiry.OPEN))

    def open(self):
        return self.filter(status__in=Inquiry.OPEN)

    def unanswered(self):
        """Still waiting for the promised answer: an answer that the mail server has not accepted does not count."""
        return self.filter(status__in=Inquiry.UNANSWERED, first_answered_at=None)

    def overdue(self, now):
        return self.unanswered().filter(answer_by__lt=now)

    def undelivered(self):
        """Those with a reply that the mail server has refused at least once and not accepted since."""
        failed = Message.objects.filter(inquiry=OuterRef("pk"), kind=Message.Kind.REPLY, letter__tries__gt=0)
        return self.filter(Exists(failed.exclude(letter__state=Letter.State.SENT)))


class Inquiry(models.Model):
    class Topic(models.TextChoices):
        LAND = "land", _("industrial land")
        FACTORY = "factory", _("a factory or other building")
        PROJECT = "project", _("a listed project")
        POLICY = "policy", _("policies and services")
        AFTER_CARE = "after-care", _("an enterprise already here")
        ERROR = "error", _("an error on this website")
        OTHER = "other", _("something else")

    class Status(models.TextChoices):
        NEW = "new", _("received")
        ASSIGNED = "assigned", _("with an officer")
        IN_PROGRESS = "in-progress", _("in progress")
        WAITING = "waiting", _("waiting for you")
        ANSWERED = "answered", _("answered")
        CLOSED = "closed", _("closed")
        SPAM = "spam", _("spam")
        MERGED = "merged", _("merged")

    class Result(models.TextChoices):
        ANSWERED = "answered", _("answered")
        VISIT = "visit", _("visit arranged")
        PROJECT = "project", _("became a project")
        REFERRED = "referred", _("referred to another office")
        NOT_POSSIBLE = "not-possible", _("not possible")

    OPEN = (Status.NEW, Status.ASSIGNED, Status.IN_PROGRESS, Status.WAITING, Status.ANSWERED)
    UNANSWERED = (Status.NEW, Status.ASSIGNED, Status.IN_PROGRESS, Status.WAITING)

    reference = models.CharField(_("reference"), max_length=16, unique=True)
    # SHA-256 of the secret in the tracking link: the secret itself is not kept.
    secret_hash = models.CharField(max_length=64, editable=False)
    # SHA-256 of the key of the form that was sent: a form pressed twice is stored once.
    form_key_hash = models.CharField(max_length=64, unique=True, editable=False)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    received_at = models.DateTimeField(pgettext_lazy("date", "received"))
    about = models.CharField(_("asked on the page"), max_length=300, blank=True)
    topic = models.CharField(_("topic"), max_length=12, choices=Topic)
    park = models.ForeignKey(Park, models.PROTECT, verbose_name=_("park"), null=True, blank=True, related_name="inquiries")
    listing = models.ForeignKey(
        Listing, models.PROTECT, verbose_name=_("land or building"), null=True, blank=True, related_name="inquiries"
    )
    project = models.ForeignKey(Project, models.PROTECT, verbose_name=_("project"), null=True, blank=True, related_name="inquiries")
    district = models.ForeignKey(District, models.PROTECT, verbose_name=_("district"), null=True, blank=True, related_name="inquiries")
    bureau = models.ForeignKey(Bureau, models.PROTECT, verbose_name=_("bureau"), related_name="inquiries")
    name = models.CharField(pgettext_lazy("person", "name"), max_length=100)
    email = models.EmailField(_("e-mail"), blank=True, db_index=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    organization = models.CharField(_("company or organization"), max_length=120, blank=True)
    region = models.CharField(_("country or region"), max_length=80, blank=True)
    message = models.TextField(_("message"), max_length=5000)
    notice_version = models.CharField(_("version of the privacy notice"), max_length=20)
    notice_hash = models.CharField(max_length=64, editable=False)
    consent_at = models.DateTimeField(_("consent given"))
    sender_hash = models.CharField(max_length=64, blank=True, editable=False, db_index=True)
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.NEW)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("officer"), null=True, blank=True, related_name="inquiries"
    )
    answer_by = models.DateTimeField(_("answer due"))
    first_answered_at = models.DateTimeField(_("first answered"), null=True, blank=True)
    closed_at = models.DateTimeField(pgettext_lazy("date", "closed"), null=True, blank=True)
    result = models.CharField(_("result"), max_length=14, choices=Result, blank=True)
    # Which office it was referred to, or why it is not possible; the investor reads it.
    result_note = models.CharField(_("explanation of the result"), max_length=500, blank=True)

    objects = InquiryQuerySet.as_manager()

    class Meta:
        verbose_name = _("inquiry")
        verbose_name_plural = _("inquiries")
        ordering = ["-received_at", "pk"]
        indexes = [models.Index(fields=["bureau", "status", "answer_by"], name="inquiry_inbox")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(email="") | ~Q(phone=""),
                name="inquiry_can_be_answered",
                violation_error_message=_("Give an e-mail address or a telephone number."),
            ),
            models.CheckConstraint(
                condition=~Q(status="closed") | ~Q(result=""),
                name="inquiry_closed_has_result",
                violation_error_message=_("Say how the inquiry ended."),
            ),
        ]

    def __str__(self):
        return f"{self.reference} · {self.name}"

    @property
    def is_open(self):
        return self.status in self.OPEN

    def is_overdue(self, now):
        return self.status in self.UNANSWERED and self.first_answered_at is None and self.answer_by < now

    @property
    def status_for_investor(self):
        """What the investor reads: whoever is taken for a sender of spam is not told."""
        return self.Status.NEW.label if self.status == self.Status.SPAM else self.get_status_display()

    @property
    def subject(self):
        """What it is about: the listing, project, park or district, else None."""
        return self.listing or self.project or self.park or self.district


class Message(models.Model):
    """One entry of an inquiry's thread. Notes and steps never leave the staff area."""

    # What the investor may read; a new kind stays with the staff until it is named here.
    OPEN_KINDS = ("reply", "investor")

    class Kind(models.TextChoices):
        REPLY = "reply", _("reply")
        INVESTOR = "investor", _("from the investor")
        NOTE = "note", _("note for staff")
        STEP = "step", _("step taken")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    inquiry = models.ForeignKey(Inquiry, models.CASCADE, verbose_name=_("inquiry"), related_name="messages")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("author"), null=True, blank=True, related_name="+")
    step = models.CharField(_("step"), max_length=12, blank=True)
    body = models.TextField(_("text"), blank=True)
    written_at = models.DateTimeField(_("written"))
    letter = models.ForeignKey(Letter, models.PROTECT, verbose_name=_("letter"), null=True, blank=True, related_name="messages")

    class Meta:
        verbose_name = pgettext_lazy("thread", "message")
        verbose_name_plural = _("messages")
        ordering = ["written_at", "pk"]

    def __str__(self):
        return f"{self.get_kind_display()} {self.written_at:%Y-%m-%d %H:%M}"


class CalendarDay(models.Model):
    """A day that differs from the week: an official holiday, or a weekend day that is worked to make up."""

    date = models.DateField(_("date"), unique=True)
    is_working = models.BooleanField(_("working day"))
    name = models.CharField(_("name"), max_length=60, blank=True, help_text=_("E.g. Spring Festival."))

    class Meta:
        verbose_name = _("calendar day")
        verbose_name_plural = _("calendar days")
        ordering = ["date"]

    def __str__(self):
        return f"{self.date} {self.name}"
