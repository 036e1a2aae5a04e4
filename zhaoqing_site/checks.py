"""System checks: a wrong setting stops the start, with a hint (trust.md T3, T30)."""

from pathlib import Path

from django.conf import settings
from django.core.checks import Error, Tags, Warning, register
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from bureaus.models import Membership
from inquiries.mailbox import MailboxError, account_of


@register(Tags.database)
def sqlite_keeps_what_it_acknowledged(app_configs, **kwargs):
    database = settings.DATABASES["default"]
    if not database["ENGINE"].endswith("sqlite3"):
        return []
    options = database.get("OPTIONS", {})
    pragmas = options.get("init_command", "").replace(" ", "").lower()
    wrong = [wanted for wanted in ("journal_mode=wal", "synchronous=full") if wanted not in pragmas]
    if options.get("transaction_mode") != "IMMEDIATE":
        wrong.append("transaction_mode=IMMEDIATE")
    if not wrong:
        return []
    return [
        Error(
            f"SQLite runs without {', '.join(wrong)}: an acknowledged inquiry could be lost.",
            hint="Use SQLITE_OPTIONS of the settings.",
            id="zhaoqing.E001",
        )
    ]


@register(Tags.security)
def mail_server_cannot_hold_a_worker(app_configs, **kwargs):
    if settings.EMAIL_TIMEOUT:
        return []
    return [
        Error(
            "EMAIL_TIMEOUT is not set: a silent mail server would hold a worker for ever.", hint="Set it to 10 seconds.", id="zhaoqing.E002"
        )
    ]


@register(Tags.security)
def answers_by_mail_have_an_address(app_configs, **kwargs):
    """A plain address, or a domain behind an @; what is put before or behind it must fit into the 64 signs of a mailbox name."""
    address = settings.MAIL_REPLY_ADDRESS
    name, at, _domain = address.rpartition("@")
    try:
        validate_email(address if name else f"answer{address}")
        is_wrong = len(name) > 30 or "+" in name
    except ValidationError:
        is_wrong = True
    if not address or not is_wrong:
        return []
    hint = "Write inquiry@example.org, or @reply.example.org for a domain all of whose mail lies in the mailbox."
    return [Error("MAIL_REPLY_ADDRESS is no address that answers could go to.", hint=hint, id="zhaoqing.E011")]


@register(Tags.security)
def mailbox_can_be_found(app_configs, **kwargs):
    """The password in the address is not repeated."""
    if not settings.IMAP_URL:
        return []
    try:
        account_of(settings.IMAP_URL)
    except MailboxError as error:
        return [Error(str(error), hint="See docs/mail.md.", id="zhaoqing.E012")]
    return []


@register(Tags.security, deploy=True)
def mailbox_is_read_in_secret(app_configs, **kwargs):
    if not settings.IMAP_URL.startswith("imap://"):
        return []
    hint = "Write imap+ssl:// (or imap+tls:// for STARTTLS)."
    return [Error("IMAP_URL sends password and letters unencrypted.", hint=hint, id="zhaoqing.E013")]


@register(Tags.security)
def media_lie_outside_static(app_configs, **kwargs):
    media, static = Path(settings.MEDIA_ROOT).resolve(), Path(settings.STATIC_ROOT).resolve()
    if media != static and static not in media.parents and media not in static.parents:
        return []
    return [
        Error(
            "Media and static files share a folder: private originals would be served.",
            hint="Set MEDIA_ROOT to a folder of its own.",
            id="zhaoqing.E003",
        )
    ]


@register(Tags.security, deploy=True)
def production_is_no_demonstration(app_configs, **kwargs):
    if not settings.DEMONSTRATION:
        return []
    return [Error("DEMONSTRATION is on.", hint="Unset it where investors use the site.", id="zhaoqing.E004")]


@register(Tags.security, deploy=True)
def links_in_mails_lead_to_the_site(app_configs, **kwargs):
    if settings.SITE_ADDRESS.startswith("https://"):
        return []
    return [
        Error(
            "SITE_ADDRESS is not an https address.",
            hint="Set it to the site's public address, e.g. https://invest.zhaoqing.gov.cn.",
            id="zhaoqing.E005",
        )
    ]


@register(Tags.security)
def roles_with_second_factor_exist(app_configs, **kwargs):
    unknown = set(settings.SECOND_FACTOR_ROLES) - set(Membership.Role.values)
    if not unknown:
        return []
    return [
        Error(
            f"SECOND_FACTOR_ROLES names roles that there are not: {', '.join(sorted(unknown))}.",
            hint=f"The roles: {', '.join(Membership.Role.values)}.",
            id="zhaoqing.E006",
        )
    ]


@register(Tags.security, deploy=True)
def staff_need_more_than_a_password(app_configs, **kwargs):
    if settings.SECOND_FACTOR:
        return []
    return [Warning("SECOND_FACTOR is off: a password alone opens the staff area.", hint="Unset it.", id="zhaoqing.W001")]
