"""Who works on inquiries: officers and managers of a bureau, the city desk, and who stands in for whom."""

from datetime import date, datetime

from bureaus.models import Bureau, Membership
from inquiries import clock
from inquiries.models import Absence, Inquiry

Role = Membership.Role


def answerers(bureau: Bureau):
    """The memberships of those who answer at a bureau and still work there."""
    roles = [Role.OFFICER, Role.MANAGER]
    held = Membership.objects.filter(bureau=bureau, role__in=roles, user__is_active=True, user__is_staff=True)
    return held.select_related("user__preference").order_by("user__last_name", "user__first_name", "user__username", "pk")


def is_answerer(bureau: Bureau, person) -> bool:
    return person is not None and answerers(bureau).filter(user=person).exists()


def present(bureau: Bureau, day: date) -> list:
    """Those who answer at a bureau and are there on that day; the deputies are among them. Where all are away, all."""
    people = {held.user_id: held.user for held in answerers(bureau)}
    away = set(Absence.objects.filter(bureau=bureau, first_day__lte=day, last_day__gte=day).values_list("person", flat=True))
    return [person for key, person in people.items() if key not in away] or list(people.values())


def managers(bureau: Bureau) -> list:
    return [held.user for held in answerers(bureau).filter(role=Role.MANAGER)]


def city_desk() -> list:
    """The managers of the bureau that takes the unrouted."""
    bureau = Bureau.objects.filter(takes_unrouted=True).first()
    return managers(bureau) if bureau else []


def on_duty(person, bureau: Bureau, day: date):
    """The person, or who stands in for them on that day; None where nobody of these works there and is present."""
    asked = set()
    while person is not None and person.pk not in asked:
        asked.add(person.pk)
        away = Absence.objects.filter(person=person, bureau=bureau, first_day__lte=day, last_day__gte=day).select_related("deputy").first()
        if away is None:
            return person if is_answerer(bureau, person) else None
        person = away.deputy
    return None


def in_charge(inquiry: Inquiry, now: datetime):
    """Who works on an inquiry today: its officer or the deputy; None where there is neither.

    On one that was merged into another person's works whoever has that one, where both are with one bureau.
    """
    is_with_case = inquiry.is_apart and inquiry.merged_into.bureau_id == inquiry.bureau_id
    officer = inquiry.merged_into.assignee if is_with_case else inquiry.assignee
    return on_duty(officer, inquiry.bureau, now.astimezone(clock.BEIJING).date()) if officer else None
