"""The people of the staff area: managers look after those of their bureau, administrators after all, nobody after themselves."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import UserChangeForm, UserCreationForm
from django.contrib.auth.models import Group, User
from django.db.models import Prefetch
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from bureaus.models import Membership
from bureaus.rights import bureaus_where, may, roles_to_grant
from bureaus.staff import Plain, StaffAdmin

admin.site.unregister(Group)
admin.site.unregister(User)


class MembershipInline(Plain, admin.StackedInline):
    model = Membership
    fields = [("bureau", "role")]
    extra = 0
    verbose_name = _("role at a bureau")
    verbose_name_plural = _("Roles")

    def get_extra(self, request, obj=None, **kwargs):
        return 1 if obj is None else 0

    def get_queryset(self, request):
        return super().get_queryset(request).filter(bureau__in=self.bureaus(request)).select_related("bureau")

    def bureaus(self, request):
        return bureaus_where(request.user, "manage members")

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "bureau":
            kwargs["queryset"] = db_field.remote_field.model.objects.filter(pk__in=self.bureaus(request))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_choice_field(self, db_field, request, **kwargs):
        if db_field.name == "role":
            granted = roles_to_grant(request.user)
            kwargs["choices"] = [("", "---------"), *((role.value, role.label) for role in Membership.Role if role in granted)]
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def has_view_permission(self, request, obj=None):
        return may(request.user, "manage members")

    def has_add_permission(self, request, obj=None):
        return may(request.user, "manage members")

    def has_change_permission(self, request, obj=None):
        return may(request.user, "manage members")

    def has_delete_permission(self, request, obj=None):
        return may(request.user, "manage members")


class NewPersonForm(UserCreationForm):
    """Whoever is entered here works in the staff area."""

    class Meta:
        model = User
        fields = ["username", "first_name", "email"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # The name is somebody else's: the browser shall not offer one's own.
        self.fields["username"].widget.attrs |= {"autofocus": False, "autocomplete": "off"}

    def save(self, commit=True):
        self.instance.is_staff = True
        return super().save(commit=commit)


@admin.register(User)
class PersonAdmin(StaffAdmin, UserAdmin):
    form = UserChangeForm
    add_form = NewPersonForm
    add_form_template = None  # Django's own tells of a second step that is not there
    inlines = [MembershipInline]
    list_display = ["username", "first_name", "email", "roles", "may_sign_in", "last_login"]
    list_filter = ["is_active"]
    search_fields = ["username", "first_name", "email"]
    ordering = ["username", "pk"]
    filter_horizontal = []
    readonly_fields = ["password_link", "last_login"]
    labels = {"first_name": pgettext_lazy("person", "Name")}
    add_fieldsets = [(None, {"fields": ["username", "first_name", "email", "password1", "password2"], "classes": ["wide"]})]

    def get_fieldsets(self, request, obj=None):
        if obj is None:
            return self.add_fieldsets
        fields = ["username", "first_name", "email", "is_active", "password_link", "last_login"]
        return [(None, {"fields": [*fields, "is_superuser"] if request.user.is_superuser else fields})]

    def get_form(self, request, obj=None, change=False, **kwargs):
        return super().get_form(request, obj, change=change, labels=self.labels, **kwargs)

    def get_queryset(self, request):
        own = Membership.objects.filter(bureau__in=bureaus_where(request.user, "manage members")).select_related("bureau")
        people = super().get_queryset(request).prefetch_related(Prefetch("memberships", own, to_attr="own_memberships"))
        if request.user.is_superuser:
            return people
        people = people.filter(is_superuser=False)
        return people if manages_all(request.user) else people.filter(pk__in=own.values("user"))

    def has_module_permission(self, request):
        return may(request.user, "manage members")

    def has_view_permission(self, request, obj=None):
        return may(request.user, "manage members")

    def has_add_permission(self, request):
        return may(request.user, "manage members")

    def has_change_permission(self, request, obj=None):
        return may(request.user, "manage members") and (obj is None or may_look_after(request.user, obj))

    @admin.display(description=_("roles"))
    def roles(self, person):
        return " / ".join(f"{held.bureau} · {held.get_role_display()}" for held in person.own_memberships)

    @admin.display(description=_("may sign in"), ordering="is_active")
    def may_sign_in(self, person):
        return _("yes") if person.is_active else _("no")

    @admin.display(description=_("password"))
    def password_link(self, person):
        address = reverse("admin:auth_user_password_change", args=[person.pk])
        return format_html('<a href="{}">{}</a>', address, gettext("Set a new password"))


def manages_all(user) -> bool:
    """Whether the person holds every role's keys: an administrator or the installer."""
    return set(Membership.Role) <= roles_to_grant(user)


def may_look_after(user, person) -> bool:
    """Whether `user` may change `person`: never themselves, never somebody with a role or bureau outside their reach."""
    if person.pk == user.pk or (person.is_superuser and not user.is_superuser):
        return False
    bureaus, roles = bureaus_where(user, "manage members"), roles_to_grant(user)
    return all(held.bureau_id in bureaus and held.role in roles for held in person.memberships.all())
