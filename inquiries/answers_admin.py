"""The staff area of questions and answers for everybody."""

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from inquiries.models import PublicAnswer
from inquiries.public_answers import page_without_language, personal_data, side_note
from publishing.admin import PublishableAdmin
from publishing.forms import PublishableForm


class PublicAnswerForm(PublishableForm):
    def clean_asked_about(self):
        address = self.cleaned_data["asked_about"].strip()
        page = page_without_language(address)
        if address and not page:
            raise ValidationError(_("No published page stands at this address."))
        return page


@admin.register(PublicAnswer)
class PublicAnswerAdmin(PublishableAdmin):
    texts = ("title", "summary", "body")
    facts = (("topic", "park"), ("asked_on", "answered_on"), "asked_about")
    form = PublicAnswerForm
    autocomplete_fields = ["park"]
    list_filter = [*PublishableAdmin.list_filter, "topic"]
    change_form_template = "admin/inquiries/public_answer_form.html"

    def about_item(self, request, item):
        return super().about_item(request, item) | side_note(item, request.user) | {"personal": personal_data(item)}

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """The shared fields under the names that they have here."""
        formfield = super().formfield_for_dbfield(db_field, request, **kwargs)
        for name, help_text in HELP.items():
            if db_field.name.startswith(name) and formfield is not None:
                formfield.help_text = help_text
        return formfield


HELP = {
    "title_": _("The question, in your own words."),
    "summary_": _("The answer in one or two sentences, for the list."),
}
