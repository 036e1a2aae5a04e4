"""The one form of an inquiry's page: everything that its buttons can send. Each step looks at what it asks for."""

import uuid

from django import forms
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bureaus.models import Bureau
from bureaus.text import LineField, TextField, clean_line
from inquiries import workflow
from inquiries.attachments import MOST_FILES, judge
from inquiries.following_up import open_tasks
from inquiries.models import Extension, Inquiry
from inquiries.people import answerers
from inquiries.steps.extensions import MOST_DAYS
from inquiries.tracking_forms import as_stored
from publishing.languages import TAGS

# Steps whose text another officer's reply may overtake.
ANSWERS = {"reply", "update", "ask", "call"}
BOXES = ("reply", "note")
RESULTS = [(result.value, result.label) for result in Inquiry.RESULTS_TO_CHOOSE]
LOST = [("", gettext_lazy("– only where it is not possible –")), *Inquiry.Lost.choices]
# Steps that ask for a reason, each with a field of its own: what is typed for one is not sent with another.
WITH_REASON = [step.name for step in workflow.STEPS if step.actor == workflow.STAFF and "reason" in step.asks]
# The reason that the investor reads; all others stay with the staff. Steps with a sentence for the investor beside the reason.
REASON_IS_READ = "ask_extension"
WITH_SENTENCE = [step.name for step in workflow.STEPS if step.actor == workflow.STAFF and "for_investor" in step.asks]
CLOSING = ("result", "result_note", "lost_because")


class Person(forms.ModelChoiceField):
    def label_from_instance(self, person):
        return person.get_full_name() or person.get_username()


class CaseForm(forms.Form):
    reply = TextField(label=gettext_lazy("Text to the investor"), required=False, max_length=20_000)
    note = TextField(label=gettext_lazy("Text of the note"), required=False, max_length=20_000)
    is_private = forms.BooleanField(label=gettext_lazy("For this bureau only, also after a transfer"), required=False)
    is_answer = forms.BooleanField(label=gettext_lazy("This text is the answer"), required=False)
    key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    assignee = Person(label=gettext_lazy("Officer"), queryset=get_user_model().objects.none(), required=False, empty_label=None)
    bureau = forms.ModelChoiceField(label=gettext_lazy("Bureau"), queryset=Bureau.objects.none(), required=False, empty_label="–")
    agreed = LineField(label=gettext_lazy("The investor agreed: when and how"), required=False, max_length=100)
    clock = forms.ChoiceField(label=gettext_lazy("More time for"), choices=Extension.Clock, required=False)
    days = forms.IntegerField(label=gettext_lazy("Working days"), required=False, min_value=1, max_value=MOST_DAYS)
    target = LineField(label=gettext_lazy("Reference of the other inquiry"), required=False, max_length=40)
    are_two_people = forms.BooleanField(label=gettext_lazy("They are two people: each gets an answer of their own"), required=False)
    result = forms.ChoiceField(label=gettext_lazy("Result"), choices=RESULTS, required=False)
    result_note = TextField(label=gettext_lazy("Explanation for the investor"), required=False, max_length=500)
    lost_because = forms.ChoiceField(label=gettext_lazy("Why it did not work out"), choices=LOST, required=False)

    def __init__(self, inquiry, user, *args, **kwargs):
        super().__init__(*args, auto_id="%s", **kwargs)
        self.inquiry, self.user = inquiry, user
        for name in WITH_REASON:
            label = gettext_lazy("Reason, for the investor") if name == REASON_IS_READ else gettext_lazy("Reason, for the staff only")
            self.fields[f"{name}_reason"] = TextField(label=label, required=False, max_length=500)
        for name in WITH_SENTENCE:
            label = gettext_lazy("Sentence for the investor (may stay empty)")
            self.fields[f"{name}_for_investor"] = TextField(label=label, required=False, max_length=500)
        self.tasks = open_tasks(inquiry)
        for task in self.tasks:
            self.fields[f"task_{task.pk}"] = TextField(label=gettext_lazy("What came of it"), required=False, max_length=500)
        people = [held.user_id for held in answerers(inquiry.bureau)]
        officers = get_user_model().objects.filter(pk__in=people)
        self.fields["assignee"].queryset = officers.order_by("last_name", "first_name", "username", "pk")
        self.fields["bureau"].queryset = Bureau.objects.exclude(pk=inquiry.bureau_id)
        if inquiry.became_project_id:
            self.fields["result"].initial = Inquiry.Result.PROJECT
        for name, field in self.fields.items():
            if isinstance(field, TextField):
                field.widget.attrs |= {"rows": {"reply": 10, "note": 3}.get(name, 2), "dir": "auto"}
                if is_read_by_investor(name):  # its characters look as the investor will see them
                    field.widget.attrs["lang"] = TAGS[inquiry.language]
        self.fields["days"].widget.attrs["inputmode"] = "numeric"
        self.fields["agreed"].widget.attrs |= {"placeholder": _("e.g. 2 Dec, by telephone"), "dir": "auto"}
        self.fields["target"].widget.attrs |= {"autocapitalize": "characters", "placeholder": "ZQ-7F3K-9M2P"}

    def clean_result_note(self):
        return clean_line(" ".join(self.cleaned_data["result_note"].split()))

    def clean_target(self):
        """Among the inquiries that the person may see; the same sentence for one that they may not and one that is not."""
        typed = self.data.get("other") or self.cleaned_data["target"]
        if not typed:
            return None
        found = Inquiry.objects.visible_to(self.user).filter(Q(reference__iexact=typed) | Q(reference=as_stored(typed))).first()
        if found is None:
            raise ValidationError(_("No inquiry that you may see has this reference."))
        return found

    def reasons(self) -> dict:
        """The fields of the reasons, by step: for the template."""
        return {name: self[f"{name}_reason"] for name in WITH_REASON}

    def sentences(self) -> dict:
        """The fields of the sentences for the investor, by step: for the template."""
        return {name: self[f"{name}_for_investor"] for name in WITH_SENTENCE}

    def task_notes(self) -> list[tuple]:
        return [(task, self[f"task_{task.pk}"]) for task in self.tasks]

    def texts(self) -> list[str]:
        """The names of the fields in which somebody writes."""
        return [name for name, field in self.fields.items() if isinstance(field, TextField)] + ["target", "agreed"]

    def fields_of(self, step: workflow.Step) -> list[str]:
        """The fields that a step takes."""
        names = {"body": box_of(step.name), "reason": f"{step.name}_reason", "for_investor": f"{step.name}_for_investor", "project": ""}
        return [name for asked in step.asks if (name := names.get(asked, asked))]

    def wrong_for(self, step: workflow.Step) -> list[str]:
        """What stops this step: errors of the texts and of what it asks for; the rest of the page does not matter."""
        matter = {*self.texts(), "key", "seen", *self.fields_of(step)} - ({"target"} if "target" not in step.asks else set())
        return [error for name, errors in self.errors.items() if name in matter for error in errors]

    def key_of(self, step: str) -> uuid.UUID | None:
        """The number of the message: the same where the same text is sent twice, another for another text or step."""
        box, key = box_of(step), self.cleaned_data["key"]
        return uuid.uuid5(key, f"{step}\n{self.cleaned_data[box]}") if box and key else None

    def judged_files(self) -> list:
        """The files of a note. ValidationError where one cannot be taken."""
        uploads = self.files.getlist("files") if self.files else []
        if len(uploads) > MOST_FILES:
            raise ValidationError(_("At most %d files with one note.") % MOST_FILES)
        return [judge(upload) for upload in uploads]

    def details(self, step: workflow.Step) -> workflow.Details:
        said, box = self.cleaned_data, box_of(step.name)
        return workflow.Details(
            body=said[box] if box else "",
            key=self.key_of(step.name),
            assignee=said.get("assignee"),
            is_private=said.get("is_private", False),
            reason=said.get(f"{step.name}_reason", ""),
            result=said.get("result", ""),
            result_note=said.get("result_note", ""),
            lost_because=said.get("lost_because", ""),
            project=self.inquiry.became_project,
            bureau=said.get("bureau"),
            agreed=said.get("agreed", ""),
            for_investor=said.get(f"{step.name}_for_investor", ""),
            clock=said.get("clock", ""),
            days=said.get("days") or 0,
            target=said.get("target"),
            are_two_people=said.get("are_two_people", False),
        )


def is_read_by_investor(name: str) -> bool:
    return name in ("reply", "result_note", "ask_extension_reason") or name.endswith("_for_investor")


def box_of(step: str) -> str:
    """The box whose text a step takes."""
    return "note" if step == "note" else "reply" if step in ANSWERS else ""
