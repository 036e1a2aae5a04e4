"""The people of the staff area: managers look after those of their bureau, administrators after all, nobody after themselves."""

from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import UserChangeForm, UserCreationForm
from django.contrib.auth.models import Group, User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Prefetch
from django.http import Http404, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from bureaus import invitations, letters, second_factor, sessions
from bureaus.account_forms import InviteForm
from bureaus.audit import Action, record
from bureaus.models import Membership
from bureaus.rights import bureaus_where, may, roles_to_grant
from bureaus.staff import Plain, StaffAdmin

# The library's own lists would show the keys of the second factor.
for model in (Group, User, TOTPDevice, StaticDevice):
    admin.site.unregister(model)


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
    name_of_list = _("People and their roles")
    form = UserChangeForm
    add_form = NewPersonForm
    add_form_template = None  # Django's own tells of a second step that is not there
    change_form_template = "admin/person_change_form.html"
    inlines = [MembershipInline]
    list_display = ["username", "first_name", "email", "roles", "may_sign_in", "last_login"]
    list_filter = ["is_active"]
    search_fields = ["username", "first_name", "email"]
    ordering = ["username", "pk"]
    filter_horizontal = []
    readonly_fields = ["password_link", "last_login"]
    labels = {"first_name": pgettext_lazy("person", "Name")}
    help_texts = {
        "is_active": _("Whoever leaves loses the tick: they are signed out at once, and their name stays in the history."),
        "is_superuser": _("Everything but the letters of investors, at every bureau. For those who run the server: one account is enough."),
    }
    add_fieldsets = [(None, {"fields": ["username", "first_name", "email", "password1", "password2"], "classes": ["wide"]})]

    def get_fieldsets(self, request, obj=None):
        if obj is None:
            return self.add_fieldsets
        fields = ["username", "first_name", "email", "is_active", "password_link", "last_login"]
        return [(None, {"fields": [*fields, "is_superuser"] if request.user.is_superuser else fields})]

    def get_form(self, request, obj=None, change=False, **kwargs):
        return super().get_form(request, obj, change=change, labels=self.labels, help_texts=self.help_texts, **kwargs)

    def get_urls(self):
        steps = [
            ("enter/", self.enter, "enter"),
            ("<int:key>/second-factor/reset/", self.reset_second_factor, "second_factor_reset"),
            ("<int:key>/sessions/end/", self.end_sessions, "end_sessions"),
            ("invitation/<int:key>/withdraw/", self.withdraw_invitation, "invitation_withdraw"),
        ]
        own = [path(route, self.admin_site.admin_view(view), name=f"auth_user_{name}") for route, view, name in steps]
        return own + super().get_urls()

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

    # --- New people ---

    def add_view(self, request, form_url="", extra_context=None):
        """New people come by invitation: nobody else ever knows their password."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = InviteForm(request.POST or None, user=request.user, initial={"language": get_language()})
        if request.method == "POST" and form.is_valid():
            invited = invitations.invite(request, **form.cleaned_data)
            messages.success(request, _("The invitation goes to %(email)s within a minute.") % {"email": invited.email})
            return redirect("admin:auth_user_add")
        context = {"form": form, "waiting": invitations.open_invitations_of(request.user), "may_enter": manages_all(request.user)}
        return self.page(request, "invite", _("Invite a person"), **context)

    def enter(self, request):
        """With a first password: for administrators, where mail does not reach the person."""
        if not manages_all(request.user):
            raise PermissionDenied
        return super().add_view(request, extra_context={"title": _("Enter a person without mail")})

    def withdraw_invitation(self, request, key):
        invited = invitations.open_invitations_of(request.user).filter(pk=key).first()
        if invited is None:
            raise Http404
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        invitations.withdraw(request, invited)
        messages.success(request, _("The invitation of %(email)s is withdrawn.") % {"email": invited.email})
        return redirect("admin:auth_user_add")

    # --- What protects an account, and where it is in use ---

    def reset_second_factor(self, request, key):
        person = self.looked_after(request, key)
        if request.method != "POST":
            question = _(
                "App and recovery codes stop working, and the person is signed out everywhere. They set up new ones at the next sign-in."
            )
            return self.step_page(request, person, _("Reset the second factor"), question)
        with transaction.atomic():
            second_factor.reset(person)
            sessions.end_all(person)
            record(Action.SECOND_FACTOR_RESET, request=request, thing=person)
            letters.second_factor_reset(person, request.user)
        messages.success(request, _("The second factor is reset. The person is told by mail."))
        return redirect("admin:auth_user_change", person.pk)

    def end_sessions(self, request, key):
        person = self.looked_after(request, key)
        if request.method != "POST":
            question = _(
                "Every browser with which this person is signed in asks for the password again. What they have not saved may be lost."
            )
            return self.step_page(request, person, _("Sign this person out everywhere"), question)
        number = sessions.end_all(person)
        record(Action.SESSION_END, request=request, thing=person, detail="everywhere")
        messages.success(request, _("Sessions ended: %(number)s.") % {"number": number})
        return redirect("admin:auth_user_change", person.pk)

    def looked_after(self, request, key):
        """The person of that key, if this one may change them; 404 for those that one does not see."""
        person = self.get_object(request, str(key))
        if not self.has_change_permission(request, person):
            raise PermissionDenied
        return person

    def step_page(self, request, person, title, question):
        return self.page(request, "person_step", title, person=person, question=question, button=title)

    def page(self, request, template, title, **context):
        context = self.admin_site.each_context(request) | {"title": title, "opts": self.opts} | context
        return TemplateResponse(request, f"admin/{template}.html", context)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj is not None:
            context |= {
                "may_look_after": may_look_after(request.user, obj),
                "has_second_factor": second_factor.has_one(obj),
                "open_sessions": sessions.open_sessions(obj).count(),
            }
        return super().render_change_form(request, context, add=add, change=change, form_url=form_url, obj=obj)

    def user_change_password(self, request, id, form_url=""):
        with transaction.atomic():
            response = super().user_change_password(request, id, form_url)
            if request.method == "POST" and response.status_code == 302:
                person = self.get_object(request, id)
                sessions.end_all(person)
                record(Action.PASSWORD, request=request, thing=person)
                letters.password_changed(person, by=request.user)
        return response

    # --- What follows from a saved form; the admin saves in one transaction ---

    def save_model(self, request, person, form, change):
        super().save_model(request, person, form, change)
        if not change:
            record(Action.ENTER_PERSON, request=request, thing=person)
            return
        if "is_active" in form.changed_data:
            record(Action.SWITCH_ON if person.is_active else Action.SWITCH_OFF, request=request, thing=person)
        if not person.is_active:
            sessions.end_all(person)
        if set(form.changed_data) - {"is_active"}:
            record(Action.CHANGE_PERSON, request=request, thing=person)

    def save_related(self, request, form, formsets, change):
        before = roles_held(form.instance)
        super().save_related(request, form, formsets, change)
        after = roles_held(form.instance)
        given = [held for key, held in after.items() if key not in before]
        taken = [held for key, held in before.items() if key not in after]
        for action, changed in ((Action.ROLE_GIVEN, given), (Action.ROLE_TAKEN, taken)):
            for held in changed:
                record(action, request=request, thing=form.instance, bureau=held.bureau, detail=held.role)
        if given or taken:
            letters.roles_changed(form.instance, given, taken)

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


def roles_held(person) -> dict:
    """(bureau, role) -> membership, as the database has them now."""
    return {(held.bureau_id, held.role): held for held in person.memberships.select_related("bureau").all()}
