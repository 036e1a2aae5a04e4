"""Two people, one item: what each changed since the state that both started from, and a choice where both changed the same."""

from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.db import DatabaseError
from django.utils.text import capfirst
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from bureaus.staff import CleanTexts
from publishing import changes, revisions
from publishing.models import Revision
from publishing.revisions import Difference, model_of
from publishing.words import lines

MINE, THEIRS = "mine", "theirs"


class ConflictForm(CleanTexts, forms.Form):
    """One choice for each place that both changed; none is chosen beforehand."""

    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, conflict, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.conflict = conflict
        self.fields["seen"].initial = conflict.theirs.pk
        for number, one in enumerate(conflict.clashes):
            self.fields[f"choice_{number}"] = forms.ChoiceField(
                label=one.label,
                choices=[(THEIRS, one.keep_theirs), (MINE, one.keep_mine)],
                widget=forms.RadioSelect,
                error_messages={"required": _("Choose one of the two.")},
            )

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("seen") is not None and cleaned["seen"] != self.conflict.theirs.pk:
            self.data = self.data.copy()
            self.data["seen"] = self.conflict.theirs.pk
            raise ValidationError(_("Somebody saved once more while you were choosing. This page shows the newest state; look again."))
        return cleaned

    @property
    def choices(self):
        return {number: self.cleaned_data[f"choice_{number}"] for number in range(len(self.conflict.clashes))}


class Conflict:
    """What a person typed (`mine`, set aside) against the newest state of the item."""

    def __init__(self, item, mine: Revision):
        self.item, self.mine = item, mine
        self.change = changes.open_change(item)
        self.theirs = changes.head_beside(item, self.change)
        base, theirs = mine.base.data, self.theirs.data
        self._clashes, their_changes, self._my_changes = revisions.compare_three(base, theirs, mine.data)
        self.clashes = [self._shown(one) for one in self._clashes]
        self.taken_over = lines(item, their_changes, base, theirs)
        self.yours = lines(item, self._my_changes, base, mine.data)

    @property
    def their_name(self):
        author = self.theirs.author
        return (author.get_full_name() or author.get_username()) if author else _("the site")

    @property
    def is_settled(self):
        """Whether nothing of mine is left to save."""
        return not self._clashes and not self._my_changes

    def merged(self, choices: dict[int, str]) -> list[dict]:
        """Their state with my changes, and mine where I chose it."""
        chosen = [self._as_difference(one, "mine") for number, one in enumerate(self._clashes) if choices[number] == MINE]
        return revisions.merge(self.theirs.data, [*self._my_changes, *chosen])

    def _as_difference(self, clash, side):
        return Difference(*clash.place, clash.base, getattr(clash, side))

    def _shown(self, clash):
        """A clash in words."""
        if not clash.place[2]:
            return self._shown_row(clash)
        base, theirs, mine = self._in_words([self._as_difference(clash, side) for side in ("base", "theirs", "mine")])
        keep_theirs = gettext("Keep what %s wrote") % self.their_name
        return Shown(base.label, keep_theirs, gettext("Keep what you wrote"), base.new, theirs.new, mine.new, base.language)

    def _shown_row(self, clash):
        """A row that one deleted and the other changed: who did what, and what keeping it means."""
        row = clash.mine if clash.theirs is None else clash.theirs
        changed = [Difference(*clash.place[:2], name, clash.base.get(name), row[name]) for name in row if row[name] != clash.base.get(name)]
        (whole, *found) = self._in_words([self._as_difference(clash, "base"), *changed])
        inside = [(one.label.removeprefix(f"{whole.label} · "), one) for one in found]
        values = "\n".join(f"{label}: {one.old} → {one.new}" for label, one in inside)
        what = pgettext("between the names of fields", ", ").join(label for label, _line in inside)
        words = {"row": self._numbered(clash, whole.label), "name": self.their_name, "what": what}
        if clash.theirs is None:
            sentence = gettext("%(name)s deleted %(row)s. You changed: %(what)s.") % words
            return Shown(whole.label, gettext("Leave it deleted"), gettext("Keep it with what you changed"), "", "", values, "", sentence)
        sentence = gettext("You deleted %(row)s. %(name)s changed: %(what)s.") % words
        keep = gettext("Keep it with what %s changed") % self.their_name
        return Shown(whole.label, keep, gettext("Delete it"), "", values, "", "", sentence)

    def _numbered(self, clash, label):
        """A row as people count it: picture 2 “Workshop”."""
        part, key, _field = clash.place
        kind = str(model_of(self.item, part)._meta.verbose_name)
        place = [row["pk"] for row in self.mine.base.data if row["part"] == part].index(key) + 1
        return f"{kind} {place}{label.removeprefix(capfirst(kind))}"

    def _in_words(self, differences):
        return lines(self.item, differences, self.mine.base.data, self.theirs.data, self.mine.data)


@dataclass(frozen=True)
class Shown:
    """A clash in words: the two choices, what stood there before, what each wrote; of a row a sentence instead."""

    label: str
    keep_theirs: str
    keep_mine: str
    base: str
    theirs: str
    mine: str
    language: str = ""
    sentence: str = ""


def problems(item, rows: list[dict]) -> list[str]:
    """What is wrong with a state that was put together from two; empty when the item can take it."""

    def attempt():
        try:
            revisions.apply(item, rows)
            item.full_clean(exclude=["bureau", "checked_by"])
        except ValidationError as error:
            return error.messages
        except DatabaseError:
            return [str(_("The two versions do not fit together. Choose differently."))]
        return []

    try:
        return revisions.dry(attempt)
    finally:
        item.refresh_from_db()
