"""Versions of an item, the change that is open on it, and who decided what."""

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bureaus.models import Bureau


class Revision(models.Model):
    """One state of an item with its rows, as somebody saved it. Its data never changes (staff.md section 5)."""

    class Kind(models.TextChoices):
        FOUND = "found", _("state found before the first change")
        DRAFT = "draft", _("draft")
        PUBLISHED = "published", pgettext_lazy("version or decision", "published")
        IMPORT = "import", _("draft from a table")
        RESTORE = "restore", _("draft from an earlier version")
        DIRECT = "direct", _("saved at once")
        SET_ASIDE = "set-aside", _("set aside: a colleague had saved meanwhile")

    content_type = models.ForeignKey(ContentType, models.PROTECT)
    object_id = models.PositiveBigIntegerField()
    bureau = models.ForeignKey(Bureau, models.PROTECT, related_name="+")
    n = models.PositiveIntegerField(_("version"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    # Rows as `publishing.revisions.snapshot` gives them: the item, then its parts and pictures.
    data = models.JSONField(_("content"))
    # What differs from the base, as [part, field]; a whole row has the field "".
    changed = models.JSONField(default=list)
    # What its author started from; None for the first.
    base = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(_("saved"), default=timezone.now)
    note = models.CharField(_("note"), max_length=300, blank=True)
    # What one import or one action on many items made together.
    batch = models.UUIDField(null=True, blank=True, db_index=True)

    class Meta:
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        ordering = ["-n", "pk"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["content_type", "object_id", "n"], name="revision_number_once")]

    def __str__(self):
        return f"{self.n} · {self.get_kind_display()}"


class Change(models.Model):
    """What staff do to an item between two published states: at most one open at a time (staff.md section 2)."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        IN_REVIEW = "in-review", _("in review")
        APPROVED = "approved", _("approved")
        SCHEDULED = "scheduled", _("scheduled")
        PUBLISHED = "published", pgettext_lazy("version or decision", "published")
        DISCARDED = "discarded", _("discarded")

    OPEN = (State.DRAFT, State.IN_REVIEW, State.APPROVED, State.SCHEDULED)

    content_type = models.ForeignKey(ContentType, models.PROTECT)
    object_id = models.PositiveBigIntegerField()
    bureau = models.ForeignKey(Bureau, models.PROTECT, related_name="+")
    state = models.CharField(_("state of the change"), max_length=10, choices=State, default=State.DRAFT)
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="+", verbose_name=_("version"))
    # The published state that the change started from; None for an item that was never public.
    live = models.ForeignKey(Revision, models.PROTECT, null=True, related_name="+")
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField(_("begun"), default=timezone.now)
    changed_at = models.DateTimeField(_("last step"), default=timezone.now)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("submitted by"))
    submitted_at = models.DateTimeField(_("submitted"), null=True)
    go_live_at = models.DateTimeField(_("goes live"), null=True)
    # Why the clock could not publish a scheduled change.
    failure = models.TextField(blank=True)
    # A manager published alone: the reason, until another person has signed.
    alone_reason = models.CharField(max_length=300, blank=True)
    awaits_signature = models.BooleanField(_("to be reviewed afterwards"), default=False)

    class Meta:
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        ordering = ["-changed_at", "pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["content_type", "object_id"],
                condition=Q(state__in=["draft", "in-review", "approved", "scheduled"]),
                name="one_open_change_of_an_item",
            ),
            models.CheckConstraint(
                condition=~Q(state="scheduled") | Q(go_live_at__isnull=False),
                name="scheduled_change_has_a_time",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "bureau"], name="change_by_state"),
            models.Index(fields=["content_type", "object_id"], name="change_of_item"),
        ]

    def __str__(self):
        return self.get_state_display()

    @property
    def is_open(self):
        return self.state in self.OPEN

    @property
    def item(self):
        """The item as it is stored, read anew each time."""
        return self.content_type.model_class()._base_manager.get(pk=self.object_id)


class Decision(models.Model):
    """What somebody decided about a change, on which version: kept for ever, void when the change was edited afterwards."""

    class Kind(models.TextChoices):
        SUBMITTED = "submitted", _("submitted for review")
        APPROVED = "approved", _("approved")
        SENT_BACK = "sent-back", _("asked for changes")
        TAKEN_BACK = "taken-back", _("taken back")
        REOPENED = "reopened", _("edited again: approvals withdrawn")
        SCHEDULED = "scheduled", _("scheduled")
        UNSCHEDULED = "unscheduled", _("schedule cancelled")
        PUBLISHED = "published", pgettext_lazy("version or decision", "published")
        PUBLISHED_AS_SCHEDULED = "as-scheduled", _("published as scheduled")
        PUBLISHED_ALONE = "alone", _("published without a second person")
        SIGNED_AFTERWARDS = "signed-after", _("signed afterwards")
        FAILED = "failed", _("could not be published as scheduled")
        DISCARDED = "discarded", _("discarded")

    change = models.ForeignKey(Change, models.PROTECT, related_name="decisions")
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="decisions")
    kind = models.CharField(_("decision"), max_length=14, choices=Kind)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(_("when"), default=timezone.now)
    comment = models.TextField(_("comment"), blank=True)
    # Names of the fields that a comment is about.
    fields = models.JSONField(default=list)
    is_void = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["at", "pk"]
        default_permissions = ()

    def __str__(self):
        return self.get_kind_display()
