"""The staff area of questions and answers for everybody."""

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from inquiries.models import PublicAnswer
from inquiries.public_answers import MADE_UP, page_without_language, personal_data, side_note
from publishing.admin import PublishableAdmin
from publishing.forms import PublishableForm


class PublicAnswerForm(PublishableForm):
    def clean_slug(self):
        """What an inquiry's draft was given for want of a title becomes the words of the question, until the public knows the address."""
        slug = super().clean_slug()
        is_made_up = MADE_UP.fullmatch(slug) and self.instance.first_published_at is None
        return self._free_slug() if is_made_up and self.cleaned_data.get("title_en") else slug

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
    "asked_about": _("Address of an article under which the question stands too: copy it from the browser."),
    "title_": _("The question, in your own words."),
    "summary_": _("The answer in one or two sentences, for the list."),
}
