"""Two people, one item: what each changed since the state that both started from, and a choice where both changed the same."""

from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.db import DatabaseError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from publishing import changes, revisions
from publishing.models import Revision
from publishing.revisions import Difference
from publishing.words import lines

MINE, THEIRS = "mine", "theirs"


class ConflictForm(forms.Form):
    """One choice for each place that both changed; none is chosen beforehand."""

    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, conflict, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.conflict = conflict
        self.fields["seen"].initial = conflict.theirs.pk
        for number, one in enumerate(conflict.clashes):
            self.fields[f"choice_{number}"] = forms.ChoiceField(
                label=one.label,
                choices=[(THEIRS, _("Keep what %s wrote") % conflict.their_name), (MINE, _("Keep what you wrote"))],
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
        """A clash in words. Of a whole row it says what each side did with it."""
        differences = [self._as_difference(clash, side) for side in ("base", "theirs", "mine")]
        base, theirs, mine = self._in_words(differences)
        if clash.place[2]:
            return Shown(base.label, base.language, base.new, theirs.new, mine.new)
        return Shown(base.label, "", base.new, self._deed(clash, clash.theirs), self._deed(clash, clash.mine))

    def _deed(self, clash, row):
        if row is None:
            return gettext("taken away")
        changed = [Difference(*clash.place[:2], name, clash.base.get(name), row[name]) for name in row if row[name] != clash.base.get(name)]
        return "\n".join(f"{line.label}: {line.old} → {line.new}" for line in self._in_words(changed))

    def _in_words(self, differences):
        return lines(self.item, differences, self.mine.base.data, self.theirs.data, self.mine.data)


@dataclass(frozen=True)
class Shown:
    """A clash in words: before, theirs, yours."""

    label: str
    language: str
    base: str
    theirs: str
    mine: str


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
