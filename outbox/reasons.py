"""What a mail server means by its answer, for people who read no answer codes (RFC 3463)."""

import re

from django.utils.translation import gettext_lazy as _

# (what the answer looks like, what it means): the first that fits. A code begins the line or stands behind the answer's number.
MEANINGS = [
    (r"\b[45]\.2\.2\b|\bfull\b|quota|exceeded.*storage", _("The mailbox is full.")),
    (r"\b5\.1\.[26]\b|\b5\.4\.4\b|domain.*(not found|not exist|unknown)|host.*not found", _("The domain behind the @ does not exist.")),
    (
        r"\b5\.1\.(0|1|3|10)\b|(no such|unknown|invalid|not? .*exist).*(user|mailbox|recipient|address)"
        r"|(user|mailbox|recipient|address).*(unknown|not found|not exist|unavailable|invalid|rejected)",
        _("There is no such mailbox: the address may hold a typing error."),
    ),
    (r"\b[45]\.2\.1\b|disabled|inactive", _("The mailbox is closed.")),
    (r"\b5\.[23]\.[34]\b|too (large|big)|size (exceeds|limit)", _("The letter is too large for the mail server.")),
    (r"\b5\.7\.\d|spam|blocked|blacklist|reputation|policy", _("The mail server of the reader refuses our letters.")),
    (
        r"^(535|530|534)\b|SMTPAuthenticationError|SMTPNotSupportedError|^454 4\.7\.0",
        _("The mail server does not accept our sign-in or sender: tell those who run the server."),
    ),
    (
        r"SMTPServerDisconnected|SMTPConnectError|SMTPHeloError|ConnectionRefused|ConnectionReset|BrokenPipe|timed? ?out"
        r"|gaierror|OSError|SSL|^421\b",
        _("The mail server cannot be reached."),
    ),
    (r"^4\d\d\b|\b4\.\d\.\d", _("The mail server takes the letter later; it is tried again.")),
    (r"^5\d\d\b|\b5\.\d\.\d", _("The mail server refuses the letter.")),
]


def in_words(said: str) -> str:
    """The meaning of the last error of a letter; empty where there was none."""
    if not said:
        return ""
    return next((words for pattern, words in MEANINGS if re.search(pattern, said, re.IGNORECASE)), _("The letter could not be sent."))
