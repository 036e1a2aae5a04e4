"""How each translation stands, and the words a bureau prefers."""

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bureaus.models import Bureau


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
