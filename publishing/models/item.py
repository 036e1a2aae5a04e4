"""What every published thing shares: its fields, and what "public" means."""

from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

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
