"""Who we are: the districts, the bureaus, how to reach them, who works there, and what was done there."""

from datetime import timedelta

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from translated_fields import TranslatedField

from outbox.models import Letter

LANGUAGES_SPOKEN = {"en": _("English"), "cmn": _("Mandarin"), "yue": _("Cantonese")}


class District(models.Model):
    """One of the eight county-level divisions of the city."""

    class Kind(models.TextChoices):
        DISTRICT = "district", pgettext_lazy("kind of division", "district")
        CITY = "county-level-city", _("county-level city")
        COUNTY = "county", _("county")

    code = models.CharField(_("division code"), max_length=6, unique=True, help_text=_("Six digits, e.g. 441284 for Sihui."))
    slug = models.SlugField(_("address part"), unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    name = TranslatedField(models.CharField(_("name"), max_length=60))
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("district")
        verbose_name_plural = _("districts")
        ordering = ["order", "pk"]

    def __str__(self):
        return self.name


class Bureau(models.Model):
    class Level(models.TextChoices):
        CITY = "city", pgettext_lazy("level of a bureau", "city")
        DISTRICT = "district", _("district, county-level city or county")
        PARK = "park", _("park")

    slug = models.SlugField(_("address part"), unique=True)
    level = models.CharField(_("level"), max_length=10, choices=Level)
    name = TranslatedField(models.CharField(_("name"), max_length=120))
    short_name = TranslatedField(models.CharField(_("short name"), max_length=60, blank=True))
    districts = models.ManyToManyField(
        District,
        verbose_name=_("territory"),
        blank=True,
        related_name="bureaus",
        help_text=_("Inquiries about these districts come to this bureau."),
    )
    takes_unrouted = models.BooleanField(
        _("takes what has no other bureau"),
        default=False,
        help_text=_("The city bureau: its managers are the city desk. Exactly one bureau."),
    )
    review_steps = models.PositiveSmallIntegerField(
        _("sign-offs before publishing"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(3)],
        help_text=_("How many colleagues, besides the author, sign a change before it goes live: 1 to 3."),
    )
    manager_may_publish_alone = models.BooleanField(
        _("a manager may publish alone"),
        default=False,
        help_text=_("For small offices: with a reason, and another person signs afterwards."),
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("bureau")
        verbose_name_plural = _("bureaus")
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["takes_unrouted"], condition=Q(takes_unrouted=True), name="one_bureau_takes_unrouted"),
            models.CheckConstraint(condition=Q(review_steps__gte=1, review_steps__lte=3), name="one_to_three_sign_offs"),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("contacts:detail", args=[self.slug])


class Contact(models.Model):
    """One way to reach a bureau. Not under review: a wrong number is corrected at once."""

    class Kind(models.TextChoices):
        OFFICE = "office", pgettext_lazy("kind of contact", "office")
        DESK = "desk", _("investment desk")
        ONE_STOP = "one-stop", _("one-stop window")
        LIAISON = "liaison", _("Hong Kong and Macao liaison")
        PRESS = "press", _("press office")
        COMPLAINTS = "complaints", _("complaints office")

    bureau = models.ForeignKey(Bureau, models.PROTECT, verbose_name=_("bureau"), related_name="contacts")
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    name = TranslatedField(models.CharField(_("name"), max_length=120))
    address = TranslatedField(models.CharField(_("address"), max_length=200))
    person = TranslatedField(models.CharField(_("person"), max_length=60, blank=True))
    job_title = TranslatedField(models.CharField(_("job title"), max_length=80, blank=True))
    phone = models.CharField(
        _("telephone"),
        max_length=20,
        blank=True,
        validators=[RegexValidator(r"^\+[1-9]\d{6,14}$", _("Write the number with + and country code, e.g. +867582899202."))],
        help_text=_("With + and country code, no spaces, e.g. +867582899202."),
    )
    fax = models.CharField(
        _("fax"),
        max_length=20,
        blank=True,
        validators=[RegexValidator(r"^\+[1-9]\d{6,14}$", _("Write the number with + and country code, e.g. +867582899202."))],
    )
    email = models.EmailField(_("e-mail"), blank=True)
    hours = TranslatedField(models.CharField(_("opening hours"), max_length=120, blank=True))
    languages = models.CharField(
        _("languages spoken"),
        max_length=40,
        blank=True,
        validators=[RegexValidator(r"^(en|cmn|yue)( (en|cmn|yue))*$", _("Use the codes en, cmn and yue, with a space between."))],
        help_text=_("Codes with a space between: en (English), cmn (Mandarin), yue (Cantonese)."),
    )
    checked_on = models.DateField(_("last test call"), null=True, blank=True)
    doubt = models.TextField(_("doubt"), blank=True, help_text=_("For staff only, e.g. two fax numbers in two sources."))
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        ordering = ["bureau__order", "order", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(phone="") | ~Q(email=""),
                name="contact_has_phone_or_email",
                violation_error_message=_("Give a telephone number or an e-mail address."),
            )
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return self.bureau.get_absolute_url()

    @property
    def spoken(self):
        """Names of the languages spoken, in the active language."""
        return [str(LANGUAGES_SPOKEN[code]) for code in self.languages.split()]


class Membership(models.Model):
    """A role that a person holds at one bureau; a person may hold several."""

    class Role(models.TextChoices):
        EDITOR = "editor", _("editor")
        REVIEWER = "reviewer", _("reviewer")
        OFFICER = "officer", _("officer")
        MANAGER = "manager", _("manager")
        ADMINISTRATOR = "administrator", _("administrator")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, verbose_name=pgettext_lazy("member of staff", "person"), related_name="memberships"
    )
    bureau = models.ForeignKey(Bureau, models.PROTECT, verbose_name=_("bureau"), related_name="memberships")
    role = models.CharField(_("role"), max_length=20, choices=Role)

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["bureau", "role", "pk"]
        constraints = [models.UniqueConstraint(fields=["user", "bureau", "role"], name="membership_once")]

    def __str__(self):
        return f"{self.user} · {self.bureau} · {self.get_role_display()}"


class Preference(models.Model):
    """What a person of the staff has chosen for themselves."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, verbose_name=pgettext_lazy("member of staff", "person"), related_name="preference"
    )
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    morning_mail = models.BooleanField(_("morning mail"), default=False)
    # The last day whose morning mail was written, or found empty.
    morning_mail_on = models.DateField(null=True, editable=False)

    class Meta:
        verbose_name = _("preference")
        verbose_name_plural = _("preferences")
        ordering = ["pk"]

    def __str__(self):
        return self.get_language_display()


class PasswordRecord(models.Model):
    """A password that a person has had: only where a rule asks for its age or forbids the last ones, and only as its hash."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, verbose_name=pgettext_lazy("member of staff", "person"), related_name="password_records"
    )
    encoded = models.CharField(max_length=128, editable=False)
    at = models.DateTimeField(_("changed"), default=timezone.now)

    class Meta:
        verbose_name = _("former password")
        verbose_name_plural = _("former passwords")
        ordering = ["-at", "-pk"]
        default_permissions = ()

    def __str__(self):
        return f"{self.user} {self.at:%Y-%m-%d}"


class Invitation(models.Model):
    """The way of a new person into the staff area: a link by mail, good once and for a few days. Of its key only a hash is kept."""

    LIFE = timedelta(hours=72)

    bureau = models.ForeignKey(Bureau, models.PROTECT, verbose_name=_("bureau"), related_name="invitations")
    roles = models.JSONField(_("roles"), default=list)
    email = models.EmailField(_("e-mail"))
    language = models.CharField(_("language of the letter"), max_length=10, choices=settings.LANGUAGES)
    key_hash = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("invited by"), related_name="invitations_given")
    letter = models.ForeignKey(Letter, models.SET_NULL, null=True, verbose_name=_("letter"), related_name="+")
    created_at = models.DateTimeField(_("invited"), default=timezone.now)
    expires_at = models.DateTimeField(_("valid until"))
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(pgettext_lazy("invitation", "withdrawn"), null=True, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=pgettext_lazy("member of staff", "person"),
        related_name="invitations_accepted",
    )

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-created_at", "pk"]

    def __str__(self):
        return f"{self.email} → {self.bureau}"

    @property
    def role_names(self):
        """Names of the roles, in the active language."""
        return [str(Membership.Role(role).label) for role in self.roles]


class StaffSession(models.Model):
    """One sign-in with one browser: what "your sessions" shows, and what is ended from afar."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, verbose_name=pgettext_lazy("member of staff", "person"), related_name="staff_sessions"
    )
    session_key = models.CharField(max_length=40, db_index=True, editable=False)
    # Of the cookie by which a browser is known again; empty where it keeps none.
    device_hash = models.CharField(max_length=64, blank=True, editable=False)
    browser = models.CharField(_("browser"), max_length=300, blank=True)
    address = models.CharField(_("network address"), max_length=45, blank=True)
    started_at = models.DateTimeField(_("signed in"))
    seen_at = models.DateTimeField(_("last seen"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = ["-seen_at", "pk"]
        indexes = [models.Index(fields=["user", "device_hash"], name="session_device")]

    def __str__(self):
        return f"{self.user} {self.started_at:%Y-%m-%d %H:%M}"


class AuditEntry(models.Model):
    """One thing that somebody did. A trigger of the database forbids change, and deletion for 180 days (trust.md T19).

    It holds no personal data of investors: erasing a person leaves it as it is.
    """

    class Action(models.TextChoices):
        SIGN_IN = "sign-in", _("Sign-in")
        SIGN_IN_CODE = "sign-in-code", _("Code of the second factor")
        LOCK_OUT = "lock-out", _("Sign-in paused")
        SIGN_OUT = "sign-out", _("Sign-out")
        SESSION_END = "session-end", _("Session ended")
        PASSWORD = "password", _("New password")
        SECOND_FACTOR = "second-factor", _("Second factor set up")
        SECOND_FACTOR_RESET = "second-factor-reset", _("Second factor reset")
        RECOVERY_CODES = "recovery-codes", _("New recovery codes")
        INVITE = "invite", _("Invitation")
        INVITE_WITHDRAWN = "invite-withdrawn", _("Invitation withdrawn")
        JOIN = "join", _("Invitation accepted")
        ENTER_PERSON = "enter-person", _("Person entered")
        CHANGE_PERSON = "change-person", _("Account changed")
        SWITCH_OFF = "switch-off", _("Account switched off")
        SWITCH_ON = "switch-on", _("Account switched on")
        ROLE_GIVEN = "role-given", _("Role given")
        ROLE_TAKEN = "role-taken", _("Role taken away")
        PUBLISH = "publish", pgettext_lazy("action", "Published")
        WITHDRAW = "withdraw", pgettext_lazy("action", "Withdrawn")
        TAKE_DOWN = "take-down", _("Taken down")
        PUT_BACK = "put-back", _("Put back")
        TAKE_DOWN_ASKED = "take-down-asked", _("Other bureaus asked about taking down")
        TAKE_DOWN_ANSWERED = "take-down-answered", _("Taking down: another bureau answered")
        SHARE = "share", _("Link to a draft made")
        SHARE_END = "share-end", _("Link to a draft ended")
        EXPORT = "export", _("Export")
        IMPORT = "import", _("Import")
        CHANGE_MANY = "change-many", _("Many changed at once")
        TAKE_BACK = "take-back", _("Import or change of many taken back")
        RECEIVE = "receive", _("Inquiry received")
        VIEW = "view", _("Inquiry opened")
        ASSIGN = "assign", _("Inquiry assigned")
        CORRECT = "correct", _("Details of an investor corrected")
        ERASE = "erase", _("Person erased")
        RETENTION = "retention", _("Old details erased")
        SETTINGS = "settings", _("Settings changed")
        BACKUP = "backup", _("Backup")

    class Result(models.TextChoices):
        OK = "ok", pgettext_lazy("result of an action", "done")
        FAILED = "failed", pgettext_lazy("result of an action", "failed")
        REFUSED = "refused", pgettext_lazy("result of an action", "refused")

    at = models.DateTimeField(_("time"), default=timezone.now, db_index=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=pgettext_lazy("member of staff", "person"),
        related_name="audit_entries",
    )
    action = models.CharField(_("action"), max_length=30, choices=Action)
    result = models.CharField(_("result"), max_length=10, choices=Result, default=Result.OK)
    bureau = models.ForeignKey(Bureau, models.PROTECT, null=True, blank=True, verbose_name=_("bureau"), related_name="audit_entries")
    kind = models.ForeignKey(ContentType, models.PROTECT, null=True, blank=True, verbose_name=_("kind"), related_name="+")
    thing_id = models.CharField(max_length=40, blank=True)
    thing = models.CharField(pgettext_lazy("what an action was about", "about"), max_length=200, blank=True)
    address = models.CharField(_("network address"), max_length=45, blank=True)
    detail = models.CharField(_("detail"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["bureau", "-at"], name="audit_bureau"),
            models.Index(fields=["address", "action", "-at"], name="audit_address"),
        ]

    def __str__(self):
        return f"{timezone.localtime(self.at):%Y-%m-%d %H:%M} {self.get_action_display()}"
