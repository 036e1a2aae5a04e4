"""Whoever holds roles in two bureaus sees both; whoever leaves sees nothing from that moment on (staff.md S55)."""

from django.urls import reverse

from bureaus.models import Membership
from publishing.models import Status
from tests import factories


def test_s55_an_editor_of_two_bureaus_sees_both_and_no_third(editor, signed_in, sihui, zhaoqing):
    Membership.objects.create(user=editor, bureau=sihui, role=Membership.Role.EDITOR)
    parks = [factories.make_park(bureau=bureau, status=Status.DRAFT) for bureau in ("dinghu", "sihui", "zhaoqing")]
    answers = [signed_in(editor).get(reverse("admin:parks_park_change", args=[park.pk])).status_code for park in parks]
    assert answers == [200, 200, 404]


def test_s55_leaving_a_bureau_ends_sight_at_once(editor, signed_in):
    park = factories.make_park(status=Status.DRAFT)
    client, address = signed_in(editor), reverse("admin:parks_park_change", args=[park.pk])
    assert client.get(address).status_code == 200
    editor.memberships.all().delete()
    assert client.get(address).status_code == 404


def test_leaving_the_staff_ends_the_open_session(editor, signed_in):
    client = signed_in(editor)
    editor.is_active = False
    editor.save()
    assert client.get(reverse("admin:index")).status_code == 302
