"""What a visitor must know before reading an item: withdrawn, expired, a sample, not in this language (investors.md 4.2)."""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from city.models import date_in_words
from publishing.languages import TAGS, active_language, languages_of, text_of
from publishing.models import Status
from zhaoqing_site.frame import in_language

LANGUAGE_NAMES = {
    "en": pgettext_lazy("written language", "English"),
    "zh-hans": _("Simplified Chinese"),
    "zh-hant": _("Traditional Chinese"),
}
OWN_NAMES = {"en": "English", "zh-hans": "简体中文", "zh-hant": "繁體中文"}


@dataclass(frozen=True)
class Notice:
    """A sentence in the page's language; a note of the bureau, or a link to the same page in a language that it exists in."""

    sentence: str
    note: str = ""
    note_language: str = ""
    url: str = ""
    url_title: str = ""
    url_language: str = ""


def states_of(item) -> list[Notice]:
    """The notices of an item, gravest first."""
    found = []
    if item.status == Status.WITHDRAWN:
        found.append(withdrawn(item))
    if item.is_expired:
        found.append(Notice(gettext("Expired on %s.") % day_of(item.expires_at)))
    if item.is_sample:
        found.append(Notice(gettext("Sample: made up to show how this page works. Not an offer.")))
    if languages_of(item) and active_language() not in languages_of(item):
        found.append(missing_language(item))
    return found


def day_of(moment) -> str:
    """The day of a moment in Beijing, in words."""
    return date_in_words(timezone.localtime(moment).date())


def withdrawn(item) -> Notice:
    sentence = gettext("Withdrawn on %s.") % day_of(item.withdrawn_at) if item.withdrawn_at else gettext("Withdrawn.")
    note, language = text_of(item, "withdrawal_note")
    return Notice(sentence, note, "" if language == active_language() else TAGS[language])


def missing_language(item) -> Notice:
    shown = text_of(item, "title")[1]
    names = {"wanted": LANGUAGE_NAMES[active_language()], "shown": LANGUAGE_NAMES[shown]}
    sentence = gettext("Not yet in %(wanted)s; shown in %(shown)s.") % names
    return Notice(sentence, url=in_language(item.get_absolute_url(), shown), url_title=OWN_NAMES[shown], url_language=TAGS[shown])
