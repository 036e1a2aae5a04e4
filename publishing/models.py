"""What every published thing shares: its fields, what "public" means, pictures, and addresses that moved."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey, GenericRelation
from django.contrib.contenttypes.models import ContentType
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bureaus.models import Bureau
from publishing.languages import CODES, active_language, columns, to_attribute, translated
from publishing.search import spellings


class Status(models.TextChoices):
    """The public axis: what the world sees of an item."""

    DRAFT = "draft", _("never published")
    LIVE = "live", _("live")
    WITHDRAWN = "withdrawn", _("withdrawn")
    TAKEN_DOWN = "taken-down", _("taken down")


class PublishableQuerySet(models.QuerySet):
    def public(self):
        """What the world may find: live and not expired. Lists, counts, feeds, search and sitemap ask this."""
        return self.filter(Q(expires_at=None) | Q(expires_at__gt=timezone.now()), status=Status.LIVE)

    def reachable(self):
        """What still answers at its own address: also the expired and the withdrawn, each under its notice."""
        return self.filter(status__in=[Status.LIVE, Status.WITHDRAWN])

    def in_language(self, language=None):
        """Items that exist in a language (the active one): those with a title in it."""
        return self.exclude(**{to_attribute("title", language or active_language()): ""})

    def not_in_language(self, language=None):
        """Items that a list in that language (the active one) leaves out."""
        return self.filter(**{to_attribute("title", language or active_language()): ""})

    def containing(self, words: str):
        """Items whose title, summary or code contains every word: in any of the languages, in either Chinese script."""
        names = [to_attribute(name, code) for name in self.model.searched for code in CODES] + list(self.model.searched_codes)
        found = self
        for word in words.split():
            found = found.filter(Q(*[(f"{name}__icontains", one) for name in names for one in spellings(word)], _connector=Q.OR))
        return found


def complete_once_public(kind: str, *names: str) -> models.CheckConstraint:
    """Only what was never public may lack these texts."""
    return models.CheckConstraint(
        condition=Q(status=Status.DRAFT) | Q(*[pair for name in names for pair in ((f"{name}__isnull", False), (f"{name}__gt", ""))]),
        name=f"{kind}_complete_once_public",
    )


class Publishable(models.Model):
    """A page of the site that staff write, a bureau owns and the workflow publishes."""

    slug = models.SlugField(
        _("address part"),
        max_length=80,
        unique=True,
        help_text=_("Lower-case Latin letters, digits and hyphens, one for all languages, e.g. hightech-zone."),
    )
    title = translated(models.CharField(_("title"), max_length=120, blank=True))
    summary = translated(
        models.TextField(_("summary"), max_length=300, blank=True, help_text=_("One or two sentences for lists, at most 300 characters."))
    )
    bureau = models.ForeignKey(Bureau, models.PROTECT, verbose_name=_("bureau"), related_name="+")
    original_language = models.CharField(_("original language"), max_length=10, choices=settings.LANGUAGES, default="zh-hans")
    status = models.CharField(_("public state"), max_length=12, choices=Status, default=Status.DRAFT, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)
    first_published_at = models.DateTimeField(_("first published"), null=True, blank=True, editable=False)
    published_at = models.DateTimeField(_("published"), null=True, blank=True, editable=False)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True, editable=False)
    withdrawal_note = translated(models.CharField(_("reason shown to the public"), max_length=300, blank=True, editable=False))
    successor = models.CharField(_("address of the successor"), max_length=200, blank=True, editable=False)
    expires_at = models.DateTimeField(
        _("expires"), null=True, blank=True, help_text=_("After this time the item leaves the lists. Beijing time.")
    )
    source = translated(
        models.CharField(
            _("source"), max_length=200, blank=True, help_text=_("Publisher and title, e.g. Zhaoqing Statistical Bulletin 2023.")
        )
    )
    source_url = models.URLField(_("source address"), blank=True)
    as_of = models.DateField(_("as of"), null=True, blank=True, help_text=_("The day whose state the source describes."))
    checked_on = models.DateField(_("checked on"), null=True, blank=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("checked by"), null=True, blank=True, related_name="+"
    )
    review_by = models.DateField(_("check again by"), null=True, blank=True)
    to_confirm = models.TextField(
        _("still to confirm"), blank=True, help_text=_("Doubts that a person must settle. For staff only, never on a public page.")
    )
    is_sample = models.BooleanField(_("sample"), default=False, editable=False)
    pictures = GenericRelation("publishing.PictureUse", related_query_name="+")

    objects = PublishableQuerySet.as_manager()
    # Translated fields that search looks into.
    searched = ("title", "summary")
    # Numbers that search looks into, the same in every language.
    searched_codes = ()
    # Long texts that lists do not load.
    long_texts = ()
    # What an inquiry about an item is about, and the parameter of the form that names the item; empty: its page is named.
    inquiry_topic = ""
    inquiry_parameter = ""
    # Accessors of the rows that belong to an item and are saved, compared and restored with it; pictures always are.
    parts = ()
    # Columns that the workflow sets or the site counts: no draft and no earlier version brings them back.
    held_back = (
        "status", "version", "first_published_at", "published_at", "updated_at", "withdrawn_at", "successor", "is_sample", "checked_on",
        "checked_by", *columns("withdrawal_note"),
    )  # fmt: skip
    # Columns that a draft may leave empty and that an item needs to go live.
    needed = ()
    # Whether a summary is needed to publish; kinds without a page of their own do not need one.
    needs_summary = True

    class Meta:
        abstract = True
        ordering = ["-published_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status=Status.LIVE) | Q(first_published_at__isnull=False),
                name="%(class)s_live_has_date",
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.LIVE) | ~Q(title_en="", title_zh_hans="", title_zh_hant=""),
                name="%(class)s_live_has_title",
            ),
        ]

    def __str__(self):
        return self.title or self.slug

    def missing_facts(self) -> list[tuple[str, str]]:
        """What this kind needs besides title and summary before it goes live, as `(field, sentence)`."""
        return []

    @property
    def is_live(self):
        return self.status == Status.LIVE

    @property
    def is_expired(self):
        return self.expires_at is not None and self.expires_at <= timezone.now()

    @property
    def is_public(self):
        return self.is_live and not self.is_expired


class Picture(models.Model):
    """A photograph or drawing in the library. Its file never changes; items point at it.

    Without a file it records a photograph that the original publication shows and the site does not hold.
    """

    class License(models.TextChoices):
        OWN = "own", _("own work of the bureau")
        PERMISSION = "permission", _("used with permission")
        OPEN = "open", _("open license")
        NOT_HELD = "not-held", _("not held: caption and credit only")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    bureau = models.ForeignKey(Bureau, models.PROTECT, verbose_name=_("bureau"), related_name="pictures")
    original = models.CharField(max_length=120, blank=True, editable=False)
    sha256 = models.CharField(max_length=64, blank=True, editable=False, db_index=True)
    width = models.PositiveIntegerField(_("width"), null=True, editable=False)
    height = models.PositiveIntegerField(_("height"), null=True, editable=False)
    # Widths, in pixels, of the copies that were made; each exists as JPEG and WebP.
    rendition_widths = models.JSONField(default=list, editable=False)
    alt = translated(
        models.CharField(
            _("alternative text"), max_length=200, blank=True, help_text=_("What the picture shows, for those who cannot see it.")
        )
    )
    caption = translated(models.CharField(_("caption"), max_length=300, blank=True))
    credit = models.CharField(_("credit"), max_length=120, help_text=_("Photographer or publisher, e.g. Liang Xiaoming, Xijiang Daily."))
    credit_name = translated(
        models.CharField(
            _("credit in this language"), max_length=120, blank=True, help_text=_("Only where it differs from the credit above.")
        )
    )
    license = models.CharField(_("license"), max_length=12, choices=License)
    license_name = models.CharField(_("name of the open license"), max_length=60, blank=True, help_text=_("E.g. CC BY 4.0."))
    taken_on = models.DateField(_("taken on"), null=True, blank=True)
    is_rendering = models.BooleanField(_("rendering, not a photograph"), default=False)
    # What a crop keeps in sight, in percent of the width from the left and of the height from the top.
    focal_x = models.PositiveSmallIntegerField(_("focal point from the left (percent)"), default=50, validators=[MaxValueValidator(100)])
    focal_y = models.PositiveSmallIntegerField(_("focal point from the top (percent)"), default=50, validators=[MaxValueValidator(100)])
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, editable=False, related_name="+")
    uploaded_at = models.DateTimeField(_("uploaded"), auto_now_add=True)
    # Taken out of the library; for a while it can be put back.
    removed_at = models.DateTimeField(_("removed"), null=True, blank=True, editable=False)
    removed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, editable=False, related_name="+")

    class Meta:
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        ordering = ["-uploaded_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(license="not-held", original="") | (~Q(license="not-held") & ~Q(original="")),
                name="picture_has_file_unless_not_held",
            )
        ]

    def __str__(self):
        return self.caption or self.alt or self.credit

    @property
    def has_file(self):
        return bool(self.original)

    @property
    def focus(self):
        """Classes that keep the focal point in sight where a style sheet crops the picture; none for its middle."""
        x, y = (round(number / 10) * 10 for number in (self.focal_x, self.focal_y))
        return "" if (x, y) == (50, 50) else f"fx-{x} fy-{y}"

    @property
    def credit_shown(self):
        """The credit as readers of the page's language know it."""
        return getattr(self, to_attribute("credit_name", active_language())) or self.credit


class PictureUse(models.Model):
    """A picture on an item, in order; the first is the cover."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    content_type = models.ForeignKey(ContentType, models.CASCADE)
    object_id = models.PositiveBigIntegerField()
    item = GenericForeignKey()
    picture = models.ForeignKey(Picture, models.PROTECT, verbose_name=_("picture"), related_name="uses")
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        ordering = ["order", "pk"]
        indexes = [models.Index(fields=["content_type", "object_id", "order"], name="picture_use_of_item")]

    def __str__(self):
        return str(self.picture)


class OldAddress(models.Model):
    """An address that was public once and now leads to the item's present one."""

    content_type = models.ForeignKey(ContentType, models.CASCADE)
    slug = models.SlugField(max_length=80)
    object_id = models.PositiveBigIntegerField()
    kept_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("old address")
        verbose_name_plural = _("old addresses")
        constraints = [models.UniqueConstraint(fields=["content_type", "slug"], name="old_address_once")]

    def __str__(self):
        return self.slug


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


class SharedLink(models.Model):
    """A way for somebody without an account to read a draft: for a few days, until it is ended or the change is decided."""

    LIFE = timedelta(days=7)

    change = models.ForeignKey(Change, models.PROTECT, related_name="shared_links")
    # SHA-256 of what the link ends in; that itself is shown once and kept nowhere.
    token_hash = models.CharField(max_length=64, unique=True)
    purpose = models.CharField(_("for whom"), max_length=100, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("made by"))
    made_at = models.DateTimeField(_("made"), default=timezone.now)
    expires_at = models.DateTimeField(_("works until"))
    ended_at = models.DateTimeField(_("ended"), null=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    opened = models.PositiveIntegerField(_("times opened"), default=0)
    opened_at = models.DateTimeField(_("last opened"), null=True)

    class Meta:
        verbose_name = _("link to a draft")
        verbose_name_plural = _("links to drafts")
        ordering = ["-made_at", "-pk"]
        default_permissions = ()

    def __str__(self):
        return f"{self.made_by} · {self.made_at:%Y-%m-%d %H:%M}"

    @property
    def is_expired(self):
        return self.expires_at <= timezone.now()


class TakeDownQuestion(models.Model):
    """Whether a page may be taken down to which live pages of other bureaus refer: asked of their managers."""

    content_type = models.ForeignKey(ContentType, models.PROTECT)
    object_id = models.PositiveBigIntegerField()
    bureau = models.ForeignKey(Bureau, models.PROTECT, related_name="+", verbose_name=_("bureau"))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("asked by"))
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    reason = models.TextField(_("why"))
    # Where the address shall lead; "" for gone.
    successor = models.CharField(max_length=200, blank=True)
    # Taken down, given up, or asked anew.
    closed_at = models.DateTimeField(_("closed"), null=True)

    class Meta:
        verbose_name = _("page to take down")
        verbose_name_plural = _("pages to take down")
        ordering = ["-asked_at", "pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["content_type", "object_id"], condition=Q(closed_at=None), name="one_open_question_about_taking_down"
            )
        ]

    def __str__(self):
        return str(self.item)

    @property
    def item(self):
        return self.content_type.model_class()._base_manager.get(pk=self.object_id)


class TakeDownAnswer(models.Model):
    """What one of the bureaus says to it; empty until a manager has answered."""

    class Verdict(models.TextChoices):
        AGREES = "agrees", _("agrees")
        OBJECTS = "objects", _("objects")

    question = models.ForeignKey(TakeDownQuestion, models.PROTECT, related_name="answers")
    bureau = models.ForeignKey(Bureau, models.PROTECT, related_name="+", verbose_name=_("bureau"))
    verdict = models.CharField(_("answer"), max_length=8, choices=Verdict, blank=True)
    comment = models.TextField(_("because"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(_("answered"), null=True)

    class Meta:
        verbose_name = _("question about taking down")
        verbose_name_plural = _("questions about taking down")
        ordering = ["question__asked_at", "pk"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["question", "bureau"], name="one_answer_of_a_bureau")]

    def __str__(self):
        return str(self.question)

    @property
    def content_type_id(self):
        return self.question.content_type_id

    @property
    def object_id(self):
        return self.question.object_id


class PageLink(models.Model):
    """A link that stands on a page of the site, and what was found at its other end: one row for each item and address."""

    class State(models.TextChoices):
        UNTRIED = "untried", _("not tried yet")
        WORKS = "works", _("works")
        DOUBTFUL = "doubtful", _("failed once, to be tried again")
        BROKEN = "broken", _("broken")
        BY_HAND = "by-hand", _("to be checked by hand")

    # So long nobody asks again about a link that a person has checked by hand.
    QUIET = timedelta(days=180)

    content_type = models.ForeignKey(ContentType, models.CASCADE)
    object_id = models.PositiveBigIntegerField()
    bureau = models.ForeignKey(Bureau, models.PROTECT, related_name="+", verbose_name=_("bureau"))
    address = models.TextField(_("link"))
    digest = models.CharField(max_length=64, db_index=True)
    # The address without its language where it is one of this site, else "".
    path = models.TextField(blank=True)
    # Names of the columns that hold it.
    places = models.JSONField(default=list)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.UNTRIED)
    # What was answered: a number of HTTP, or a word of `broken_links.ANSWERS`.
    answer = models.CharField(_("answer"), max_length=20, blank=True)
    since = models.DateTimeField(_("since"), null=True)
    failed_on = models.DateField(null=True)
    tried_at = models.DateTimeField(_("last tried"), null=True)
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("checked by"))
    checked_at = models.DateTimeField(_("checked by hand"), null=True)

    class Meta:
        verbose_name = _("link on a page")
        verbose_name_plural = _("links on pages")
        ordering = ["since", "pk"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["content_type", "object_id", "digest"], name="page_link_once_on_an_item")]
        indexes = [models.Index(fields=["state", "bureau"], name="page_link_by_state")]

    def __str__(self):
        return self.address

    @property
    def is_internal(self):
        return bool(self.path)


class Presence(models.Model):
    """Somebody who has an item open in a form, as far as we know; after `until` the row means nothing."""

    content_type = models.ForeignKey(ContentType, models.CASCADE)
    object_id = models.PositiveBigIntegerField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    # Which opening of the form: a page that closes late does not take its successor away.
    page = models.CharField(max_length=40)
    since = models.DateTimeField()
    until = models.DateTimeField(db_index=True)
    has_changes = models.BooleanField(default=False)
    is_gone = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("presence")
        verbose_name_plural = _("presences")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["content_type", "object_id", "user"], name="present_once")]

    def __str__(self):
        return f"{self.user} · {self.content_type} {self.object_id}"


class TranslationState(models.Model):
    """Which texts of an item fit which texts of its original language, as far as people have seen to it: a row per language.

    That a text is missing or that its original has changed is not written down: it follows from the texts, so that a
    draft that is discarded or restored leaves little to put right. Only `to_check` is kept, so that lists can be counted.
    """

    content_type = models.ForeignKey(ContentType, models.CASCADE)
    object_id = models.PositiveBigIntegerField()
    language = models.CharField(max_length=10, choices=settings.LANGUAGES)
    # Place of a text -> [[digest of the original text, digest of this text, version, is it converted], ...], newest first.
    pairs = models.JSONField(default=dict)
    # Whether a text of the newest state is behind its original, or converted and unread.
    to_check = models.BooleanField(default=False, db_index=True)
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    checked_on = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("state of a translation")
        verbose_name_plural = _("states of translations")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["content_type", "object_id", "language"], name="translation_state_once")]

    def __str__(self):
        return f"{self.content_type} {self.object_id} · {self.language}"


class PreferredWord(models.Model):
    """A word that a bureau, or all of them, write instead of another in one language. It warns, it never forbids."""

    bureau = models.ForeignKey(
        Bureau,
        models.PROTECT,
        verbose_name=_("bureau"),
        null=True,
        blank=True,
        related_name="preferred_words",
        help_text=_("Empty: for all bureaus. Only the city bureau keeps such words."),
    )
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    instead_of = models.CharField(_("instead of"), max_length=80, help_text=_("E.g. 专案. In English whole words are looked for."))
    use = models.CharField(_("use"), max_length=80, help_text=_("E.g. 项目."))
    note = models.CharField(_("why"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("preferred word")
        verbose_name_plural = _("preferred words")
        ordering = ["language", "instead_of", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["bureau", "language", "instead_of"], name="preferred_word_once_at_a_bureau"),
            models.UniqueConstraint(fields=["language", "instead_of"], condition=Q(bureau=None), name="preferred_word_once_for_all"),
        ]

    def __str__(self):
        return f"{self.instead_of} → {self.use}"


class Upload(models.Model):
    """A table that somebody has uploaded and not yet confirmed: it waits here, for that person alone, and not for long."""

    LIFE = timedelta(hours=24)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    content_type = models.ForeignKey(ContentType, models.CASCADE)
    bureau = models.ForeignKey(Bureau, models.CASCADE, related_name="+", verbose_name=_("bureau"))
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    name = models.CharField(_("file"), max_length=200)
    content = models.BinaryField()
    # What the person was shown, row by row: only that is applied.
    plan = models.JSONField(default=dict)
    at = models.DateTimeField(_("uploaded"), default=timezone.now)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("uploaded table")
        verbose_name_plural = _("uploaded tables")
        default_permissions = ()

    def __str__(self):
        return self.name


class HeadingNames(models.Model):
    """What the headings of a bureau's own tables mean, as somebody has said once."""

    content_type = models.ForeignKey(ContentType, models.CASCADE)
    bureau = models.ForeignKey(Bureau, models.CASCADE, related_name="+", verbose_name=_("bureau"))
    # Folded heading -> {"column": name, "" for one that is not read; "unit": code, "" where the heading or the cell says it}
    headings = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("headings of a bureau's tables")
        verbose_name_plural = _("headings of bureaus' tables")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["content_type", "bureau"], name="headings_once")]

    def __str__(self):
        return f"{self.bureau} · {self.content_type}"


class Batch(models.Model):
    """What one import, or one action on many items, did together. Its revisions carry its key."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    content_type = models.ForeignKey(ContentType, models.PROTECT)
    bureau = models.ForeignKey(Bureau, models.PROTECT, related_name="+", verbose_name=_("bureau"))
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    name = models.CharField(_("file or action"), max_length=200)
    at = models.DateTimeField(_("when"), default=timezone.now)
    taken_back_at = models.DateTimeField(_("taken back"), null=True)
    taken_back_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("import or action on many")
        verbose_name_plural = _("imports and actions on many")
        ordering = ["-at", "pk"]
        default_permissions = ()

    def __str__(self):
        return self.name
