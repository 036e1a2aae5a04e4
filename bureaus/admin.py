"""Staff lists of who we are: districts, bureaus, contacts, and the people who work there."""

from django.contrib import admin
from django.forms import CheckboxSelectMultiple
from django.utils.translation import gettext_lazy as _

from bureaus import audit_list, people  # noqa: F401  registers the audit log and the people
from bureaus.models import Bureau, District
from bureaus.rights import bureaus_where, may
from bureaus.staff import StaffAdmin, WordListAdmin, in_languages


@admin.register(District)
class DistrictAdmin(WordListAdmin):
    right = "edit bureau"
    list_display = ["name", "kind", "code"]
    search_fields = ["name_en", "name_zh_hans", "name_zh_hant", "code"]
    fieldsets = [(_("Name"), {"fields": in_languages("name")}), (_("Facts"), {"fields": [("kind", "code", "slug", "order")]})]

    def get_readonly_fields(self, request, obj=None):
        """Addresses and seeds point at these two."""
        return ["code", "slug"] if obj else []


@admin.register(Bureau)
class BureauAdmin(StaffAdmin):
    list_display = ["name", "level"]
    search_fields = ["name_en", "name_zh_hans", "name_zh_hant"]

    def get_queryset(self, request):
        return super().get_queryset(request).filter(pk__in=bureaus_where(request.user, "edit bureau"))

    def has_module_permission(self, request):
        return may(request.user, "edit bureau")

    def has_view_permission(self, request, obj=None):
        return may(request.user, "edit bureau", obj)

    def has_change_permission(self, request, obj=None):
        return may(request.user, "edit bureau", obj)

    def has_add_permission(self, request):
        return self.arranges_bureaus(request)

    def arranges_bureaus(self, request):
        """Territories decide where inquiries go: that is the city bureau's business, not each bureau's own."""
        return may(request.user, "edit bureau", District())

    def get_fieldsets(self, request, obj=None):
        facts = ["level", "slug", "districts", "takes_unrouted", "order"]
        review = ["review_steps", "manager_may_publish_alone"]
        return [
            (_("Name"), {"fields": in_languages("name", "short_name")}),
            (_("Facts"), {"fields": facts}),
            (_("Review"), {"fields": review}),
        ]

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        return super().formfield_for_manytomany(db_field, request, widget=CheckboxSelectMultiple, **kwargs)

    def get_readonly_fields(self, request, obj=None):
        if not self.arranges_bureaus(request):
            return ["level", "slug", "districts", "takes_unrouted", "order"]
        return ["slug"] if obj else []
