"""What an investor asks, where it stands, and by when it is answered."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bureaus.models import Bureau, District
from bureaus.rights import bureaus_where
from parks.models import Listing, Park
from projects.models import Project


class InquiryQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those of the person's own bureaus; for the city desk also what is at work at all others."""
        own, seen = bureaus_where(user, "answer"), bureaus_where(user, "see inquiries")
        return self.filter(Q(bureau__in=own) | Q(AT_WORK, bureau__in=seen))

    def open(self):
        return self.filter(status__in=Inquiry.OPEN)

    def at_work(self):
        """The open ones, and those merged into another person's that have had no answer of their own."""
        return self.filter(AT_WORK)

    def unanswered(self):
        """The reply clock runs: an answer that the mail server has not accepted does not count."""
        return self.filter(UNANSWERED)

    def untaken(self):
        """In the queue: nobody has it. New ones, and those whose officer has left."""
        return self.open().filter(assignee=None)

    def overdue(self, now):
        return self.unanswered().filter(answer_by__lt=now)


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
        WITHDRAWN = "withdrawn", _("withdrawn by the investor")
        SILENT = "silent", _("no answer from the investor")

    class Lost(models.TextChoices):
        """Why it came to nothing, for the bureau's report."""

        PRICE = "price", _("price or rent")
        SITE = "site", _("no fitting land or building")
        UTILITIES = "utilities", _("power, water or environmental limits")
        TERMS = "terms", _("policies or conditions")
        TIME = "time", _("too late, or not now")
        ELSEWHERE = "elsewhere", _("went to another city")
        SILENT = "silent", _("no longer answers")
        OTHER = "other", _("another reason")

    class Grade(models.IntegerChoices):
        VERY_GOOD = 5, _("very good")
        GOOD = 4, _("good")
        FAIR = 3, _("fair")
        POOR = 2, _("poor")
        VERY_POOR = 1, _("very poor")

    # What an officer closes with; the other results are the investor's and the clock's.
    RESULTS_TO_CHOOSE = (Result.ANSWERED, Result.VISIT, Result.PROJECT, Result.REFERRED, Result.NOT_POSSIBLE)
    OPEN = (Status.NEW, Status.ASSIGNED, Status.IN_PROGRESS, Status.WAITING, Status.ANSWERED)
    UNANSWERED = (Status.NEW, Status.ASSIGNED, Status.IN_PROGRESS, Status.WAITING)

    reference = models.CharField(_("reference"), max_length=16, unique=True)
    # SHA-256 of the secret in the tracking link: the secret itself is not kept.
    secret_hash = models.CharField(max_length=64, editable=False, db_index=True)
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
    # A public question and answer may be made of it, in its own words, without the name.
    may_publish = models.BooleanField(_("the question may be published without the name"), default=False)
    # Without it the investor is asked before another bureau or park gets the inquiry (trust.md section 6).
    may_share = models.BooleanField(_("may be passed to another bureau or park of Zhaoqing"), default=False)
    sender_hash = models.CharField(max_length=64, blank=True, editable=False, db_index=True)
    # The signs by which it was taken for spam when it came in (inquiries/spam.py), their names separated by blanks.
    spam_reason = models.CharField(_("why it was taken for spam"), max_length=80, blank=True, editable=False)
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.NEW)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("officer"), null=True, blank=True, related_name="inquiries"
    )
    # The clocks (inquiries/deadlines.py keeps the due times). The reply clock counts from `asked_at`: the day it came in,
    # or the investor's last word after an answer. The result clock counts from `opened_at`: the day it came in or was reopened.
    asked_at = models.DateTimeField(_("waits for an answer since"))
    opened_at = models.DateTimeField(_("open since"))
    # What was promised when it came in, in working hours and working days.
    take_hours = models.PositiveSmallIntegerField(editable=False)
    answer_days = models.PositiveSmallIntegerField(editable=False)
    result_days = models.PositiveSmallIntegerField(editable=False)
    take_by = models.DateTimeField(_("to be taken by"))
    answer_by = models.DateTimeField(_("answer due"))
    result_by = models.DateTimeField(_("result due"))
    first_answered_at = models.DateTimeField(_("first answered"), null=True, blank=True)
    # When the question that counts from `asked_at` was answered; empty while it waits.
    answered_at = models.DateTimeField(pgettext_lazy("date", "answered"), null=True, blank=True)
    closed_at = models.DateTimeField(pgettext_lazy("date", "closed"), null=True, blank=True)
    reopened = models.PositiveSmallIntegerField(_("times reopened"), default=0)
    result = models.CharField(_("result"), max_length=14, choices=Result, blank=True)
    # Which office it was referred to, or why it is not possible; the investor reads it.
    result_note = models.CharField(_("explanation of the result"), max_length=500, blank=True)

    lost_because = models.CharField(_("why it came to nothing"), max_length=10, choices=Lost, blank=True)
    became_project = models.ForeignKey(
        Project, models.PROTECT, verbose_name=_("became the project"), null=True, blank=True, related_name="source_inquiries"
    )
    merged_into = models.ForeignKey(
        "self", models.PROTECT, verbose_name=_("merged into"), null=True, blank=True, related_name="merged_inquiries"
    )
    merged_at = models.DateTimeField(_("merged"), null=True, blank=True)
    # Merged into the inquiry of another person, who reads no word of it: it keeps its own clock and gets its own answer.
    merged_apart = models.BooleanField(default=False, editable=False)
    # What un-merging goes back to.
    status_before_merge = models.CharField(max_length=12, choices=Status, blank=True, editable=False)
    rating = models.PositiveSmallIntegerField(_("rating"), choices=Grade, null=True, blank=True)
    rating_text = models.TextField(_("words to the rating"), max_length=1000, blank=True)
    rated_at = models.DateTimeField(pgettext_lazy("date", "graded"), null=True, blank=True)
    # Kept beyond the usual time, with the reason: a dispute, an audit.
    legal_hold = models.CharField(_("kept for legal reasons"), max_length=200, blank=True)
    erased_at = models.DateTimeField(pgettext_lazy("date", "erased"), null=True, blank=True)

    objects = InquiryQuerySet.as_manager()

    class Meta:
        verbose_name = _("inquiry")
        verbose_name_plural = _("inquiries")
        ordering = ["-received_at", "pk"]
        indexes = [
            models.Index(fields=["bureau", "status", "answer_by"], name="inquiry_inbox"),
            models.Index(fields=["status", "result_by"], name="inquiry_result_due"),
            models.Index(fields=["received_at"], name="inquiry_received"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(email="") | ~Q(phone="") | Q(erased_at__isnull=False),
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
        return f"{self.reference} · {self.name}" if self.name else self.reference

    @property
    def is_open(self):
        return self.status in self.OPEN

    @property
    def is_apart(self):
        """Merged into the inquiry of another person, and answered beside it."""
        return self.status == self.Status.MERGED and self.merged_apart

    @property
    def waits_for_answer(self):
        """Whether the reply clock runs."""
        return (self.status in self.UNANSWERED or self.is_apart) and self.answered_at is None

    @property
    def is_paused(self):
        """Whether the result clock stands still: the investor has been asked something."""
        return self.status == self.Status.WAITING

    def is_overdue(self, now):
        return self.waits_for_answer and self.answer_by < now

    @property
    def status_for_investor(self):
        """What the investor reads: whoever is taken for a sender of spam is not told."""
        return self.Status.NEW.label if self.status == self.Status.SPAM else self.get_status_display()

    @property
    def subject(self):
        """What it is about: the listing, project, park or district, else None."""
        return self.listing or self.project or self.park or self.district


# The rows of `waits_for_answer`, and with them all that is open.
UNANSWERED = Q(Q(status__in=Inquiry.UNANSWERED) | Q(status=Inquiry.Status.MERGED, merged_apart=True), answered_at=None)
AT_WORK = Q(status__in=Inquiry.OPEN) | UNANSWERED
