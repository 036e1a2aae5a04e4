"""The staff area of what the desk works by: time limits, absences, the calendar of working days."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.http import HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bureaus.audit import Action, record
from bureaus.models import Bureau
from bureaus.rights import bureaus_where, may
from bureaus.staff import StaffAdmin, StaffForm, WordListAdmin
from inquiries import clock
from inquiries.models import Absence, CalendarDay, TimeLimit
from inquiries.people import answerers, is_answerer
from inquiries.settling import calendar_changed


class ClockAdmin(WordListAdmin):
    """What the due times of all bureaus hang on: every manager reads it, the city bureau, whose rows these are, changes it."""

    right = "edit bureau"

    def _reads(self, request):
        return self._may(request) or may(request.user, "assign")

    def has_module_permission(self, request):
        return self._reads(request)

    def has_view_permission(self, request, obj=None):
        return self._reads(request)


@admin.register(CalendarDay)
class CalendarDayAdmin(ClockAdmin):
    """Official holidays and make-up days. Each change works out again by when waiting inquiries are answered."""

    name_of_list = _("Holidays and working days")
    list_display = ["date", "works", "name", "confirmed"]
    list_filter = ["is_working", "to_confirm"]
    date_hierarchy = "date"
    ordering = ["-date"]
    change_list_template = "admin/inquiries/calendar_list.html"

    def has_delete_permission(self, request, obj=None):
        return self.has_change_permission(request)

    def get_urls(self):
        confirm = path("confirm/<int:year>/", self.admin_site.admin_view(self.confirm), name="inquiries_calendarday_confirm")
        return [confirm, *super().get_urls()]

    def changelist_view(self, request, extra_context=None):
        years = clock.years_to_confirm() if self.has_change_permission(request) else []
        return super().changelist_view(request, {"years_to_confirm": years} | (extra_context or {}))

    def confirm(self, request, year):
        """The days of a year have been compared with the published notice."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not self.has_change_permission(request):
            raise PermissionDenied
        number = CalendarDay.objects.filter(date__year=year, to_confirm=True).update(to_confirm=False)
        record(Action.SETTINGS, request=request, detail=f"calendar {year}")
        messages.success(request, gettext("Days confirmed: %d") % number)
        return HttpResponseRedirect(reverse("admin:inquiries_calendarday_changelist"), status=303)

    @admin.display(description=_("working day"), ordering="is_working")
    def works(self, day):
        """In words: the usual icon says True or False to those who hear it."""
        return _("yes") if day.is_working else _("no")

    @admin.display(description=_("compared with the notice"), ordering="to_confirm")
    def confirmed(self, day):
        return _("not yet") if day.to_confirm else _("yes")

    def save_model(self, request, day, form, change):
        super().save_model(request, day, form, change)
        self.tell(request, calendar_changed())

    def delete_model(self, request, day):
        super().delete_model(request, day)
        self.tell(request, calendar_changed())

    def delete_queryset(self, request, days):
        super().delete_queryset(request, days)
        self.tell(request, calendar_changed())

    def tell(self, request, number):
        if number:
            self.message_user(request, _("Inquiries with a new due time: %d") % number)

    class Media:
        css = {"all": ["css/admin-inquiries.css"]}


@admin.register(TimeLimit)
class TimeLimitAdmin(ClockAdmin):
    """What all bureaus promise, a row for each topic that differs. A change holds for what comes in from then on."""

    list_display = ["subject", "take_hours", "answer_days", "result_days"]
    list_display_links = ["subject"]
    actions = None
    fieldsets = [
        (
            None,
            {
                "fields": ["topic", "take_hours", "answer_days", "result_days"],
                "description": _(
                    "The public promise reads these numbers. Inquiries that are here already keep what they were promised. "
                    "The row of all other topics holds wherever a topic has no row of its own. "
                    "They hold for all bureaus: the managers of the city bureau change them."
                ),
            },
        )
    ]

    def has_delete_permission(self, request, obj=None):
        return self.has_change_permission(request)

    @admin.display(description=_("topic"), ordering="topic")
    def subject(self, limit):
        return limit.get_topic_display()

    def save_model(self, request, limit, form, change):
        super().save_model(request, limit, form, change)
        record(Action.SETTINGS, request=request, thing=limit)

    def delete_model(self, request, limit):
        record(Action.SETTINGS, request=request, thing=limit)
        super().delete_model(request, limit)


class AbsenceForm(StaffForm):
    """The deputy works at the bureau too, and does not stand in for the person who stands in for them."""

    def clean(self):
        cleaned = super().clean()
        bureau = cleaned.get("bureau") or self.instance.bureau_id and self.instance.bureau or self.owner
        person, deputy = cleaned.get("person") or getattr(self, "person", None), cleaned.get("deputy")
        if bureau and person and not is_answerer(bureau, person):
            self.add_error(
                "person" if "person" in self.fields else None, ValidationError(_("This person does not answer inquiries there."))
            )
        if bureau and deputy and not is_answerer(bureau, deputy):
            self.add_error("deputy", ValidationError(_("The deputy does not answer inquiries there.")))
        if person and deputy and person == deputy:
            self.add_error("deputy", ValidationError(_("The deputy is somebody else.")))
        first, last = cleaned.get("first_day"), cleaned.get("last_day")
        if bureau and deputy and first and last:
            away = Absence.objects.filter(bureau=bureau, person=deputy, first_day__lte=last, last_day__gte=first).exclude(
                pk=self.instance.pk
            )
            if away.exists():
                self.add_error("deputy", ValidationError(_("The deputy is away on some of these days.")))
        return cleaned


@admin.register(Absence)
class AbsenceAdmin(StaffAdmin):
    """Officers enter their own absence, managers everybody's at their bureau (S70)."""

    form = AbsenceForm
    list_display = ["who", "stands_in", "first_day", "last_day"]
    list_display_links = ["who"]
    list_select_related = ["person", "deputy", "bureau"]
    ordering = ["-first_day", "pk"]
    actions = None

    def get_queryset(self, request):
        keeps = bureaus_where(request.user, "keep absences")
        own = Q(person=request.user, bureau__in=bureaus_where(request.user, "answer"))
        return super().get_queryset(request).filter(Q(bureau__in=keeps) | own)

    def _works(self, request):
        return bool(bureaus_where(request.user, "answer"))

    def has_module_permission(self, request):
        return self._works(request)

    def has_view_permission(self, request, obj=None):
        return self._works(request)

    has_change_permission = has_delete_permission = has_view_permission

    def has_add_permission(self, request):
        return self._works(request)

    def keeps_all(self, request):
        return bool(bureaus_where(request.user, "keep absences"))

    def get_fieldsets(self, request, obj=None):
        asked = [*(["bureau"] if len(bureaus_where(request.user, "answer")) > 1 else []), *(["person"] if self.keeps_all(request) else [])]
        help_text = _("From the first to the last day, what is new and what is reopened goes to the deputy. Nobody need do anything.")
        return [(None, {"fields": [*asked, "deputy", ("first_day", "last_day")], "description": help_text})]

    def get_readonly_fields(self, request, obj=None):
        return [] if obj is None else ["person", "bureau"]

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        own = bureaus_where(request.user, "answer")
        form.owner = Bureau.objects.get(pk=next(iter(own))) if len(own) == 1 else None
        form.person = obj.person if obj is not None else None if self.keeps_all(request) else request.user
        return form

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        own = bureaus_where(request.user, "answer")
        if db_field.remote_field.model is Bureau:
            kwargs["queryset"] = Bureau.objects.filter(pk__in=own)
        else:
            people = [held.user_id for bureau in Bureau.objects.filter(pk__in=own) for held in answerers(bureau)]
            kwargs["queryset"] = db_field.remote_field.model.objects.filter(pk__in=people).order_by("last_name", "username", "pk")
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.remote_field.model is not Bureau and field is not None:
            field.label_from_instance = lambda person: person.get_full_name() or person.get_username()
        return field

    def save_form(self, request, form, change):
        """Who enters an absence and keeps none of others' enters their own."""
        absence = super().save_form(request, form, change)
        if not change:
            absence.bureau = absence.bureau if absence.bureau_id else form.owner
            if not self.keeps_all(request):
                absence.person = request.user
        return absence

    @admin.display(description=_("officer"), ordering="person")
    def who(self, absence):
        return absence.person.get_full_name() or absence.person.get_username()

    @admin.display(description=_("deputy"), ordering="deputy")
    def stands_in(self, absence):
        return absence.deputy.get_full_name() or absence.deputy.get_username()
