"""What a person may choose from: rows of their own bureaus, and what everybody sees anyway (staff.md section 7)."""

from django.forms import CheckboxSelectMultiple

from bureaus.models import Contact
from bureaus.rights import bureaus_where
from publishing.changes import at_hand
from publishing.languages import active_language, columns, to_attribute
from publishing.models import Picture, Publishable

# Relations to so few rows that all of them stand in the form.
SHORT_LISTS = {"industries", "districts", "contacts"}


def visible(user, model):
    """Rows of `model` whose names `user` may learn: in choices, filters and suggestions."""
    own = bureaus_where(user, "see drafts")
    if issubclass(model, Publishable):
        return model.objects.public() | at_hand(model.objects.filter(bureau__in=own))
    if issubclass(model, Picture):
        return model.objects.filter(bureau__in=own, removed_at=None)
    # Districts, bureaus and contacts are public.
    return model._default_manager.all()


class InScope:
    """Choices of a staff form, or of a row inside one. What the row names already stays selectable."""

    def rows_on_page(self, request):
        """The stored rows that the form of this request shows."""
        raise NotImplementedError

    def choices(self, db_field, request):
        model = db_field.remote_field.model
        named = self.rows_on_page(request).values(db_field.name)
        rows = visible(request.user, model) | model._default_manager.filter(pk__in=named)
        if issubclass(model, Publishable):
            long_texts = [column for name in model.long_texts for column in columns(name)]
            return rows.defer(*long_texts).order_by(to_attribute("title", active_language()), "pk")
        return rows.select_related("bureau") if model is Contact else rows

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        kwargs.setdefault("queryset", self.choices(db_field, request))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        kwargs["queryset"] = self.choices(db_field, request)
        if db_field.name in SHORT_LISTS:
            kwargs["widget"] = CheckboxSelectMultiple
        formfield = super().formfield_for_manytomany(db_field, request, **kwargs)
        if db_field.remote_field.model is Contact:
            formfield.label_from_instance = lambda contact: f"{contact.bureau} · {contact}"
        return formfield
