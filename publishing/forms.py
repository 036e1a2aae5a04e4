"""Forms of the staff area: an item, and what a publishing step asks first."""

from django import forms
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from bureaus.staff import LANGUAGES, CleanTexts, StaffForm
from publishing import leaps, scripts
from publishing.addresses import find_page
from publishing.effects import WHY_WITHDRAWN, Answers
from publishing.languages import CODES, TAGS, columns, languages_of, to_attribute
from publishing.models import OldAddress, Status

# Last parts of addresses that are taken by something else than an item.
RESERVED = {"feed"}
# So long a reason fits into the audit log beside the address that takes the page's place.
REASON = 200


class PublishableForm(StaffForm):
    """An item, as a draft: a title in one language is enough, its address part is made where none is typed."""

    # Numbers that leapt; the form asks about them once.
    leaps = ()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False
            self.fields["slug"].error_messages["invalid"] = _("Use lower-case Latin letters, digits and hyphens only.")
        if self.instance.status != Status.DRAFT:
            for name in self.instance.needed:
                if name in self.fields:
                    self.fields[name].required = True

    def clean(self):
        cleaned = super().clean()
        if scripts.BUTTON in self.data:
            self.add_error(None, scripts.TO_READ)
        titles = [column for column in columns("title") if column in self.fields]
        if titles and not any(cleaned.get(column) for column in titles):
            wanted = to_attribute("title", cleaned.get("original_language") or CODES[0])
            self.add_error(wanted, _("Give a title in at least one language."))
        if self.instance._state.adding:
            self._choose_original(cleaned, titles)
        else:
            self.leaps = leaps.ask(self, cleaned)
        return cleaned

    def _choose_original(self, cleaned, titles):
        """A new item is in the one language that has a title where the chosen original has none; later nothing changes it by itself."""
        filled = [code for code in CODES if to_attribute("title", code) in titles and cleaned.get(to_attribute("title", code))]
        if len(filled) == 1 and cleaned.get("original_language") not in (None, *filled):
            cleaned["original_language"] = filled[0]

    def validate_unique(self):
        """Says where to look for what has the same number: lists do not show everything."""
        super().validate_unique()
        for name in [name for name in self.fields if self.has_error(name, "unique")]:
            self.add_error(name, _("If the list does not show it, look under its filter “set aside, nobody is at work on it”."))

    def clean_slug(self):
        slug = self.cleaned_data["slug"]
        if not slug:
            return self._free_slug()
        if slug in RESERVED:
            raise ValidationError(_("This address part is taken by another page of the site. Choose another one."))
        if self._was_address_of_another(slug):
            raise ValidationError(_("This was the address of another item, and old links must go on leading there. Choose another one."))
        return slug

    def _free_slug(self):
        """From the English title, else the code, else the kind and the day; numbered until it is free."""
        words = self.cleaned_data.get("title_en") or self.data.get("code", "")
        first = slugify(words)[:70].strip("-") or f"{self._meta.model._meta.model_name}-{timezone.localdate():%Y%m%d}"
        slug, number = first, 1
        while slug in RESERVED or self._is_taken(slug) or self._was_address_of_another(slug):
            number += 1
            slug = f"{first}-{number}"
        return slug

    def _is_taken(self, slug):
        return self._meta.model._base_manager.filter(slug=slug).exclude(pk=self.instance.pk).exists()

    def _was_address_of_another(self, slug):
        content_type = ContentType.objects.get_for_model(self._meta.model)
        return OldAddress.objects.filter(content_type=content_type, slug=slug).exclude(object_id=self.instance.pk or 0).exists()


class StepForm(CleanTexts, forms.Form):
    """What a step asks: reasons by language, what answers at the address from now on, a comment, a time."""

    GONE, MOVED = "gone", "moved"

    def __init__(self, item, step, *args, places=((), ()), **kwargs):
        super().__init__(*args, **kwargs)
        self.item, self.step = item, step
        if step.asks == "note":
            for code in languages_of(item):
                self.fields[f"note_{code}"] = self._note(code)
        elif step.asks == "successor":
            self._ask_for_successor()
            self.fields["comment"] = self._reason_for_taking_down()
        elif step.asks in ("comment", "reason"):
            self.fields["comment"] = self._comment(step.asks)
        if step.asks == "comment":
            for name, label, found in zip(("at", "others"), (_("Where? (optional)"), _("Other fields")), places, strict=True):
                if found:
                    self.fields[name] = forms.MultipleChoiceField(
                        label=label, choices=found, required=False, widget=forms.CheckboxSelectMultiple
                    )
        elif step.asks == "time":
            widget = forms.SplitDateTimeWidget(date_attrs={"type": "date"}, time_attrs={"type": "time"})
            self.fields["go_live_at"] = forms.SplitDateTimeField(label=_("Goes live (Beijing time)"), widget=widget)

    def _comment(self, asks):
        if asks == "reason":
            label, example = _("Why can it not wait for a second person?"), _("E.g. “The hotline number changed today.”")
        else:
            label, example = _("What should be changed?"), _("E.g. “The amount lacks its source; please add the notice of 3 March.”")
        return forms.CharField(label=label, max_length=1000, help_text=example, widget=forms.Textarea(attrs={"rows": 3}))

    def _reason_for_taking_down(self):
        return forms.CharField(
            label=_("Why should it be taken down?"),
            max_length=REASON,
            help_text=_("For staff: it stays in the history and in the audit log, e.g. “The park has merged with the high-tech zone.”"),
            widget=forms.Textarea(attrs={"rows": 3}),
        )

    def _note(self, code):
        return forms.CharField(
            label=LANGUAGES[code],
            max_length=300,
            error_messages={"required": WHY_WITHDRAWN % {"language": LANGUAGES[code]}},
            help_text=_("E.g. “The parcel has been allocated; the page will be corrected.”"),
            widget=forms.Textarea(attrs={"rows": 2, "lang": TAGS[code]}),
        )

    def _ask_for_successor(self):
        choices = [(self.GONE, _("Say that the page is gone for good")), (self.MOVED, _("Lead to the page that takes its place"))]
        self.fields["outcome"] = forms.ChoiceField(
            label=_("What should the address do from now on?"), choices=choices, widget=forms.RadioSelect
        )
        self.fields["successor"] = forms.CharField(
            label=_("Address of that page"),
            required=False,
            max_length=200,
            help_text=_("Copy it from the browser, e.g. /en/parks/hightech-zone/."),
        )

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("outcome") == self.MOVED and "successor" not in self.errors:
            self._check_successor(cleaned)
        return cleaned

    def _check_successor(self, cleaned):
        path, found = find_page(cleaned.get("successor", ""))
        if found is None:
            self.add_error("successor", _("There is no public page at this address. Open the page and copy its address."))
        elif found == self.item:
            self.add_error("successor", _("This is the address of the page itself."))
        cleaned["successor"] = path

    @property
    def notes(self):
        return {code: self.cleaned_data.get(f"note_{code}", "") for code in CODES}

    @property
    def answers(self) -> Answers:
        """What the person said, as the workflow takes it."""
        moved = self.cleaned_data.get("outcome") == self.MOVED
        return Answers(
            notes=self.notes,
            successor=self.cleaned_data["successor"] if moved else "",
            comment=self.cleaned_data.get("comment", ""),
            fields=[*self.cleaned_data.get("at", []), *self.cleaned_data.get("others", [])],
            go_live_at=self.cleaned_data.get("go_live_at"),
        )
