"""The jobs that fall due: run by `manage.py jobs`, watched by the staff area and by /readyz."""

from django.conf import settings

from bureaus.sessions import forget_old
from inquiries.erasing import finish_erasures
from inquiries.incoming import READ, fetch_due
from inquiries.reminders import inquiry_clock
from inquiries.settling import settle_replies
from outbox import runs
from outbox.sending import deliver_due
from publishing.importer import forget_uploads
from publishing.link_check import check_links_by_night
from publishing.picture_uses import forget_removed
from publishing.workflow import publish_scheduled
from zhaoqing_site.morning_mail import write_morning_mails
from zhaoqing_site.retention import overdue_since, retention

# In this order: what goes live may cause letters, and a reply counts as answered once its letter has left.
JOBS = {
    "changes published": publish_scheduled,
    "morning mails written": write_morning_mails,
    "letters sent": deliver_due,
    "inquiries answered": settle_replies,
    "reminders and other work of the clock": inquiry_clock,
    "letters received": fetch_due,
    "erasures finished": finish_erasures,
    "details erased in time": retention,
    "old sessions forgotten": forget_old,
    "removed pictures forgotten": forget_removed,
    "unconfirmed tables forgotten": forget_uploads,
    # Last: it waits for other people's servers.
    "links checked": check_links_by_night,
}


def silent_jobs() -> dict[str, object]:
    """The jobs that have stopped, by the name of their function, and when each last ran; with them a mailbox that cannot be read."""
    last_runs = runs.silent([job.__name__ for job in JOBS.values()] + [READ] * bool(settings.IMAP_URL))
    if retention.__name__ not in last_runs and (since := overdue_since()):
        last_runs[retention.__name__] = since
    return last_runs
