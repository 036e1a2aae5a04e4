"""Accounts as a whole: what half a sign-in reaches, invitations, sessions, letters, pauses (staff.md S75-S79, trust.md T15, T17, T49)."""

import datetime
import re

import pytest
from django.conf import settings as site_settings
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from bureaus import devices, sessions
from bureaus.models import AuditEntry, Invitation, Membership, Preference, StaffSession
from outbox.models import Letter
from outbox.sending import BLOT, deliver_due
from publishing.models import Status
from tests.browsing import fields_of, submit
from tests.factories import make_bureau, make_invitation, make_member, make_park, make_picture, make_user
from tests.publishing import test_rights

pytestmark = pytest.mark.django_db
Role, Action = Membership.Role, AuditEntry.Action
PASSWORD = "a-long-pass-2026"
LOGIN = reverse("admin:login")
FRONT = reverse("admin:index")
ACCOUNT = reverse("admin:account")
INVITE = reverse("admin:auth_user_add")
CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/604.1"


def with_password(user):
    user.set_password(PASSWORD)
    user.email = user.email or f"{user.username}@example.com"
    user.save()
    return user


@pytest.fixture
def person(db):
    return with_password(make_member("li"))


def sign_in(user, client=None, password=PASSWORD, **options):
    client = client or Client(**options)
    client.answer = client.post(LOGIN, {"username": user.username, "password": password})
    return client


def is_signed_in(client):
    return client.get(FRONT).status_code == 200


def let_pass(client, **time):
    """As if the session had begun and been used so much earlier."""
    session, shift = client.session, datetime.timedelta(**time).total_seconds()
    marks = session[sessions.MARKS]
    session[sessions.MARKS] = marks | {"started": marks["started"] - shift, "seen": marks["seen"] - shift}
    session.save()


# --- S75: what half a sign-in reaches ---


@pytest.mark.parametrize("name", [*test_rights.EXPECTED, *test_rights.SITE, "set_language"])
def test_s75_the_password_alone_opens_no_address_of_the_staff_area(name, settings, dinghu):
    """An installer, who may do everything: the second factor alone stands between."""
    settings.SECOND_FACTOR = True
    client = sign_in(with_password(make_user("installer", is_superuser=True)))
    address = address_of(name)
    for answer in (client.get(address), client.post(address, {"post": "yes", "language": "en"})):
        if name in ("login", "second_factor", "second_factor_set_up", "jsi18n", "set_language"):
            assert answer.status_code in (200, 302, 405)
        elif name != "logout":
            assert answer.status_code == 302
            assert answer.headers["Location"].startswith(reverse("admin:second_factor"))
        assert test_rights.CANARY.lower() not in test_rights.text_of(answer)


def address_of(name):
    if name == "set_language":
        return reverse("set_language")
    if name in test_rights.SITE:
        return reverse(f"admin:{name}", args=test_rights.SITE_ARGUMENTS.get(name, []))
    return test_rights.address_of(name, test_rights.make_row(test_rights.EXPECTED[name][0]))


def test_the_password_alone_shows_no_picture_of_a_draft(settings):
    settings.SECOND_FACTOR = True
    picture = make_picture()
    address = reverse("picture", args=[picture.original, picture.rendition_widths[0], "webp"])
    person = with_password(make_member("li"))
    assert sign_in(person).get(address).status_code == 404
    settings.SECOND_FACTOR = False
    assert sign_in(person).get(address).status_code == 200


def test_public_pages_ask_nothing_about_who_is_there(person):
    client = sign_in(person)
    let_pass(client, hours=2)
    with CaptureQueriesContext(connection) as queries:
        answer = client.get("/en/parks/")
    assert "Cookie" not in answer.headers.get("Vary", "")
    assert not [query for query in queries if re.search("session|auth_user|otp_", query["sql"])]


# --- S76: invitations ---


def link_in(letter):
    return re.search(r"/admin/invitation/\S+/", letter.body)[0]


def invite(client, email="zhang@example.com", **fields):
    return client.post(INVITE, {"email": email, "roles": ["editor"], "language": "en"} | fields)


JOIN = {"first_name": "Zhang Wei", "username": "zhang", "language": "zh-hans", "password1": PASSWORD, "password2": PASSWORD}


def test_s76_from_the_managers_mail_address_to_the_first_page(manager, signed_in, settings):
    client = signed_in(manager)
    assert INVITE in client.get(FRONT).content.decode()
    assert invite(client, roles=["editor", "officer"]).status_code == 302
    letter = Letter.objects.get(to="zhang@example.com")
    settings.SECOND_FACTOR = True
    guest = Client()
    assert "Bureau of Dinghu" in guest.get(link_in(letter)).content.decode()
    assert guest.post(link_in(letter), JOIN).headers["Location"] == FRONT
    zhang = User.objects.get(username="zhang")
    assert (zhang.email, zhang.first_name, zhang.is_staff, zhang.is_superuser) == ("zhang@example.com", "Zhang Wei", True, False)
    assert sorted(held.role for held in zhang.memberships.all()) == ["editor", "officer"]
    assert zhang.preference.language == "zh-hans"
    assert guest.get(FRONT).headers["Location"].startswith(reverse("admin:second_factor"))
    page = guest.get(reverse("admin:second_factor_set_up"))
    assert page.headers["Content-Language"] == "zh-hans"


def test_s76_the_manager_gives_mail_and_role_and_nothing_else(manager, signed_in):
    form = fields_of(signed_in(manager).get(INVITE), "invite-form")
    assert set(form) == {"csrfmiddlewaretoken", "email", "language"}  # roles are boxes to tick; the language is chosen already
    assert form["language"] == ["en"]


def test_the_link_works_once(manager, signed_in):
    invite(signed_in(manager))
    link = link_in(Letter.objects.get())
    Client().post(link, JOIN)
    second = Client().post(link, JOIN | {"username": "thief"})
    assert second.status_code == 404
    assert not User.objects.filter(username="thief").exists()


@pytest.mark.parametrize(("hours", "status"), [(71, 200), (73, 404)])
def test_the_link_works_for_72_hours(hours, status):
    make_invitation(expires_at=timezone.now() + Invitation.LIFE - datetime.timedelta(hours=hours))
    assert Client().get(reverse("admin:invitation", args=["key"])).status_code == status


def test_looking_at_the_link_changes_nothing():
    make_invitation()
    Client().get(reverse("admin:invitation", args=["key"]))
    assert Invitation.objects.get().accepted_at is None
    assert not StaffSession.objects.exists()


def test_the_link_is_stored_nowhere_and_blotted_out_of_the_sent_letter(manager, signed_in):
    invite(signed_in(manager))
    key = link_in(Letter.objects.get()).split("/")[-2]
    assert len(key) >= 32
    assert key not in str(Invitation.objects.values().get())
    deliver_due()
    assert Letter.objects.get().body.count(BLOT) == 1
    assert key not in Letter.objects.get().body


@pytest.mark.parametrize("language", ["en", "zh-hans", "zh-hant"])
def test_the_letter_is_written_in_the_chosen_language(language, manager, signed_in):
    invite(signed_in(manager), language=language)
    letter = Letter.objects.get()
    assert letter.language == language
    assert letter.body.startswith({"en": "Good day", "zh-hans": "您好！", "zh-hant": "您好！"}[language])
    assert "{" not in letter.body
    assert "编辑" in letter.body or "editor" in letter.body or "編輯" in letter.body


def test_s76_a_known_address_reveals_nothing_of_another_bureau(manager, stranger, signed_in):
    User.objects.filter(pk=stranger.pk).update(email="ann@example.com")
    client = signed_in(manager)
    answers = [
        client.post(INVITE, {"email": email, "roles": ["editor"], "language": "en"}, follow=True)
        for email in ("ann@example.com", "new@example.com")
    ]
    known, new = [re.sub(r"(ann|new)@|csrfmiddlewaretoken.*?>|invitation/\d+", "", answer.content.decode()) for answer in answers]
    assert known.split('id="waiting"')[0] == new.split('id="waiting"')[0]
    assert "sihui" not in known.lower()
    letters = [letter.body.replace(link_in(letter), "") for letter in Letter.objects.order_by("created_at")]
    assert letters[0] == letters[1]


def test_who_has_an_account_takes_the_role_by_signing_in_to_it(manager, signed_in):
    ann = with_password(make_member("ann", Role.EDITOR, "sihui"))
    invite(signed_in(manager), email="ANN@example.com", roles=["officer"])
    link = link_in(Letter.objects.get())
    guest = Client()
    assert "belongs to an account already" in guest.get(link).content.decode()
    guest.post(link, JOIN)
    assert User.objects.filter(email__iexact="ann@example.com").count() == 1
    sign_in(ann, guest)
    assert guest.post(link).status_code == 302
    assert {(held.bureau.slug, held.role) for held in ann.memberships.all()} == {("sihui", "editor"), ("dinghu", "officer")}


def test_nobody_else_takes_the_role_of_a_known_account(manager, person, signed_in):
    with_password(make_member("ann", Role.EDITOR, "sihui"))
    invite(signed_in(manager), email="ann@example.com", roles=["officer"])
    assert sign_in(person).post(link_in(Letter.objects.get())).status_code == 200
    assert not Membership.objects.filter(role="officer").exists()


def test_a_person_of_the_own_bureau_is_not_invited_to_what_they_have(manager, person, signed_in):
    response = invite(signed_in(manager), email=person.email)
    assert "already" in response.context["form"].errors["email"][0]
    assert not Letter.objects.exists()


@pytest.mark.parametrize("fields", [{"roles": ["manager"]}, {"roles": ["administrator"]}, {"roles": []}, {"email": "no address"}])
def test_a_manager_invites_within_the_own_reach_alone(fields, manager, signed_in):
    assert invite(signed_in(manager), **fields).context["form"].errors
    assert not Invitation.objects.exists()


def test_a_manager_invites_to_no_other_bureau(manager, sihui, signed_in):
    invite(signed_in(manager), bureau=sihui.pk)
    assert Invitation.objects.get().bureau.slug == "dinghu"


def test_an_administrator_invites_to_every_bureau(administrator, sihui, signed_in):
    assert invite(signed_in(administrator), bureau=sihui.pk, roles=["manager"]).status_code == 302
    assert Invitation.objects.get().bureau == sihui


def test_an_administrator_may_enter_a_person_without_mail_and_a_manager_may_not(administrator, manager, signed_in):
    new = {"username": "li", "first_name": "Li", "password1": PASSWORD, "password2": PASSWORD}
    enter = reverse("admin:auth_user_enter")
    assert signed_in(manager).post(enter, new).status_code == 403
    submit(signed_in(administrator), enter, "user_form", **new)
    assert User.objects.get(username="li").check_password(PASSWORD)


def test_a_withdrawn_invitation_opens_nothing(manager, signed_in):
    client = signed_in(manager)
    invite(client)
    client.post(reverse("admin:auth_user_invitation_withdraw", args=[Invitation.objects.get().pk]))
    assert Client().get(link_in(Letter.objects.get())).status_code == 404


def test_a_second_invitation_ends_the_first(manager, signed_in):
    client = signed_in(manager)
    invite(client)
    invite(client, email="Zhang@example.com")
    first, second = (link_in(letter) for letter in Letter.objects.order_by("created_at"))
    assert [Client().get(link).status_code for link in (first, second)] == [404, 200]


def test_the_invitation_of_who_may_not_invite_any_more_opens_nothing():
    invited = make_invitation()
    invited.invited_by.memberships.all().delete()
    assert Client().get(reverse("admin:invitation", args=["key"])).status_code == 404


def test_a_weak_password_is_refused_at_the_invitation():
    make_invitation(email="zhangwei@example.com")
    link = reverse("admin:invitation", args=["key"])
    for password in ("short", "123456789012345", "zhangwei@example"):
        form = Client().post(link, JOIN | {"password1": password, "password2": password}).context["form"]
        assert form.errors["password2"]
    assert not User.objects.filter(username="zhang").exists()


def test_a_password_stays_as_it_was_typed():
    """Signs that the forms of the staff area tidy elsewhere, such as a tab or two spaces, belong to it."""
    make_invitation()
    password = "two  spaces\u3000and e\u0301 at the end "
    Client().post(reverse("admin:invitation", args=["key"]), JOIN | {"password1": password, "password2": password})
    assert is_signed_in(sign_in(User.objects.get(username="zhang"), password=password))


def test_the_address_of_an_invitation_is_told_to_no_other_site():
    make_invitation()
    answer = Client().get(reverse("admin:invitation", args=["key"]))
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert "no-store" in answer.headers["Cache-Control"]


# --- S77: leaving; S55: role changes ---


def change(client, person, **fields):
    return submit(client, reverse("admin:auth_user_change", args=[person.pk]), "user_form", **fields)


def test_s77_switching_an_account_off_ends_its_sessions_and_keeps_the_name(manager, person, signed_in):
    browsers = [sign_in(person), sign_in(person)]
    change(signed_in(manager), person, is_active=[])
    assert not any(is_signed_in(browser) for browser in browsers)
    assert not sessions.open_sessions(person).exists()
    assert Session.objects.count() == 1
    assert AuditEntry.objects.filter(action=Action.SIGN_IN, user__username="li").count() == 2


def test_s55_a_change_of_roles_acts_at_once_in_open_sessions(manager, person, signed_in):
    park, client = make_park(status=Status.DRAFT), sign_in(person)
    page = reverse("admin:parks_park_change", args=[park.pk])
    assert client.get(page).status_code == 200
    change(signed_in(manager), person, **{"memberships-0-role": Role.OFFICER})
    assert client.get(page).status_code == 404
    person.memberships.all().delete()
    assert client.get(reverse("admin:inquiries_inquiry_changelist")).status_code == 403


def test_s79_a_change_of_roles_is_told_by_mail_and_written_down(manager, person, signed_in):
    Preference.objects.create(user=person, language="en")
    change(signed_in(manager), person, **{"memberships-0-role": Role.OFFICER})
    letter = Letter.objects.get(to=person.email)
    assert letter.subject == "Your roles in the staff area have changed"
    assert "Given: officer, Bureau of Dinghu" in letter.body
    assert "Taken away: editor, Bureau of Dinghu" in letter.body
    written = AuditEntry.objects.filter(user=manager).order_by("action").values_list("action", "detail", "bureau__slug", "thing")
    assert list(written) == [("role-given", "officer", "dinghu", "li"), ("role-taken", "editor", "dinghu", "li")]


def test_a_saved_form_without_a_change_of_roles_sends_no_letter(manager, person, signed_in):
    change(signed_in(manager), person, first_name="Li Ming")
    assert not Letter.objects.exists()


# --- S78: sessions ---


def test_s78_a_person_sees_the_own_sessions_in_words_and_no_others(person):
    telephone = sign_in(person, HTTP_USER_AGENT=IPHONE, REMOTE_ADDR="203.0.113.7")
    sign_in(with_password(make_member("wang")), HTTP_USER_AGENT=IPHONE)
    page = sign_in(person, HTTP_USER_AGENT=CHROME).get(ACCOUNT)
    assert [device for _session, device in page.context["sessions"]] == ["Chrome on Windows", "Safari on iPhone"]
    assert "203.0.113.7" in page.content.decode()
    assert is_signed_in(telephone)


def test_s78_sign_out_everywhere_ends_all_sessions(person):
    browsers = [sign_in(person), sign_in(person)]
    browsers[0].post(reverse("admin:sign_out_everywhere"))
    assert not any(is_signed_in(browser) for browser in browsers)


def test_s78_one_of_the_own_sessions_is_ended_and_nobody_elses(person):
    here, there = sign_in(person), sign_in(person)
    foreign = sign_in(with_password(make_member("wang")))
    keys = {row.session_key: row.pk for row in StaffSession.objects.all()}
    assert here.post(reverse("admin:end_session", args=[keys[foreign.session.session_key]])).status_code == 404
    assert here.post(reverse("admin:end_session", args=[keys[there.session.session_key]])).status_code == 302
    assert [is_signed_in(browser) for browser in (here, there, foreign)] == [True, False, True]


@pytest.mark.parametrize(("time", "is_open"), [({"minutes": 59}, True), ({"minutes": 61}, False)])
def test_s78_a_session_ends_when_nobody_has_used_it_for_an_hour(time, is_open, person):
    client = sign_in(person)
    let_pass(client, **time)
    assert is_signed_in(client) is is_open


def test_s78_a_session_in_use_ends_after_twelve_hours(person):
    client = sign_in(person)
    for _half_hour in range(23):
        let_pass(client, minutes=30)
        assert is_signed_in(client)
    let_pass(client, minutes=31)
    answer = client.get(FRONT, follow=True)
    assert answer.redirect_chain
    assert "signed in for a long time" in answer.content.decode()


def test_the_time_of_use_is_written_every_five_minutes_at_most(person):
    client = sign_in(person)

    def writes():
        with CaptureQueriesContext(connection) as queries:
            client.get(ACCOUNT)
        return [query["sql"] for query in queries if re.match("INSERT|UPDATE|DELETE", query["sql"])]

    assert writes() == []
    let_pass(client, minutes=4)
    assert writes() == []
    let_pass(client, minutes=2)
    assert len(writes()) == 2
    assert writes() == []


def test_what_a_page_asks_by_itself_keeps_no_session_alive(person):
    client = sign_in(person)
    let_pass(client, minutes=40)
    client.get(FRONT, headers={"X-Background": "yes"})
    let_pass(client, minutes=30)
    assert not is_signed_in(client)


def test_a_page_says_for_how_long_the_session_goes_on(person):
    client = sign_in(person)
    let_pass(client, minutes=3)
    left = int(re.search(r'data-left="(\d+)"', client.get(FRONT).content.decode())[1])
    assert 56 * 60 <= left <= 57 * 60
    let_pass(client, minutes=50)
    assert client.post(reverse("admin:stay")).json()["seconds"] > 59 * 60


def test_s78_a_manager_ends_the_sessions_of_the_own_staff(manager, person, stranger, signed_in):
    browser = sign_in(person)
    client = signed_in(manager)
    assert client.post(reverse("admin:auth_user_end_sessions", args=[stranger.pk])).status_code == 404
    client.post(reverse("admin:auth_user_end_sessions", args=[person.pk]))
    assert not is_signed_in(browser)


def test_a_new_password_ends_the_other_sessions(person):
    here, there = sign_in(person), sign_in(person)
    new = {"old_password": PASSWORD, "new_password1": "another-pass-2026", "new_password2": "another-pass-2026"}
    assert here.post(reverse("admin:password_change"), new).status_code == 302
    assert [is_signed_in(here), is_signed_in(there)] == [True, False]
    assert [row.session_key for row in sessions.open_sessions(person)] == [here.session.session_key]


def test_a_password_that_somebody_else_sets_ends_all_sessions_and_is_told(manager, person, signed_in):
    browser = sign_in(person)
    address = reverse("admin:auth_user_password_change", args=[person.pk])
    signed_in(manager).post(address, {"password1": "another-pass-2026", "password2": "another-pass-2026"})
    assert not is_signed_in(browser)
    assert Letter.objects.get(to=person.email).subject == "您的密码已修改"


def test_the_session_has_a_new_key_after_sign_in(person):
    client = Client()
    client.get(LOGIN)
    client.session.save()
    before = client.session.session_key
    assert sign_in(person, client).session.session_key != before


def test_signing_out_closes_the_session(person):
    client = sign_in(person)
    client.post(reverse("admin:logout"))
    assert not sessions.open_sessions(person).exists()
    assert AuditEntry.objects.filter(action=Action.SIGN_OUT, user=person).exists()


def test_signing_out_clears_what_scripts_kept(person, settings):
    client = sign_in(person)
    assert client.post(reverse("admin:logout"), secure=True).headers["Clear-Site-Data"] == '"storage"'


def test_sessions_that_are_over_are_forgotten_and_open_ones_are_not(person):
    client = sign_in(person)
    Session.objects.create(session_key="old", session_data="", expire_date=timezone.now() - datetime.timedelta(minutes=1))
    long_ago = timezone.now() - datetime.timedelta(days=401)
    StaffSession.objects.create(user=person, session_key="older", started_at=long_ago, seen_at=long_ago)
    assert sessions.forget_old() == 2
    assert sessions.forget_old() == 0
    assert is_signed_in(client)


# --- S79: a new device ---


def test_s79_a_new_browser_is_told_by_mail_and_a_known_one_is_not(person):
    first = sign_in(person, HTTP_USER_AGENT=CHROME)
    assert not Letter.objects.exists()  # nothing to compare with yet
    first.post(reverse("admin:logout"))
    sign_in(person, first)
    assert not Letter.objects.exists()
    sign_in(person, HTTP_USER_AGENT=IPHONE, REMOTE_ADDR="203.0.113.7")
    letter = Letter.objects.get()
    assert letter.to == person.email
    assert "203.0.113.7" in letter.body
    assert "iPhone" in letter.body


def test_the_cookie_of_a_browser_says_nothing_and_stays_in_the_staff_area(person):
    cookie = sign_in(person).cookies[devices.COOKIE]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/admin/", True, "Lax")
    assert cookie.value not in str(StaffSession.objects.values().get())


def test_a_forged_cookie_is_not_taken_over(person):
    client = Client()
    client.cookies[devices.COOKIE] = "x"
    assert sign_in(person, client).cookies[devices.COOKIE].value != "x"


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (CHROME, "Chrome on Windows"),
        (IPHONE, "Safari on iPhone"),
        (f"{CHROME} Edg/126.0", "Edge on Windows"),
        (f"{CHROME} QBCore/4 QQBrowser/9.0", "QQ Browser on Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0", "Firefox on Linux"),
        ("curl/8.0", "unknown browser"),
        ("", "unknown browser"),
    ],
)
def test_a_browser_is_named_as_a_person_would(user_agent, words):
    assert devices.in_words(user_agent) == words


# --- The own language ---


def test_the_chosen_language_is_remembered_for_the_next_sign_in(person):
    sign_in(person).post(reverse("set_language"), {"language": "zh-hans", "next": FRONT})
    assert '<html lang="zh-hans"' in sign_in(person).get(FRONT).content.decode()


# --- T15: pauses ---


@pytest.fixture
def counted(settings):
    settings.AXES_ENABLED = True


def guess(name, address="203.0.113.7", client=None):
    return (client or Client(REMOTE_ADDR=address)).post(LOGIN, {"username": name, "password": "wrong"})


def test_t15_the_settings_are_five_failures_of_name_and_address_for_a_quarter_of_an_hour():
    assert site_settings.AXES_LOCKOUT_PARAMETERS == [["username", "ip_address"]]
    assert (site_settings.AXES_FAILURE_LIMIT, site_settings.AXES_COOLOFF_TIME) == (5, 0.25)


def test_t15_twenty_failures_pause_a_whole_address_for_an_hour(person, counted):
    for number in range(site_settings.SIGN_IN_FAILURES_PER_ADDRESS):
        assert guess(f"name-{number}").status_code == 200
    refused = sign_in(person, REMOTE_ADDR="203.0.113.7")
    assert refused.answer.status_code == 429
    assert "Wait an hour" in refused.answer.content.decode()
    assert is_signed_in(sign_in(person, REMOTE_ADDR="203.0.113.8"))


def failures_long_ago(minutes):
    """Twenty failures and the pause that followed them, so many minutes ago."""
    at = timezone.now() - datetime.timedelta(minutes=minutes)
    failed = AuditEntry(action=Action.SIGN_IN, result="failed", address="203.0.113.7", at=at)
    pause = AuditEntry(action=Action.LOCK_OUT, result="refused", address="203.0.113.7", at=at, detail="whole network address")
    AuditEntry.objects.bulk_create(
        [*(AuditEntry(**{f: getattr(failed, f) for f in ("action", "result", "address", "at")}) for _n in range(20)), pause]
    )


@pytest.mark.parametrize(("minutes", "status"), [(59, 429), (61, 302)])
def test_t15_the_pause_lasts_an_hour(minutes, status, person, counted):
    failures_long_ago(minutes)
    assert sign_in(person, REMOTE_ADDR="203.0.113.7").answer.status_code == status


def test_t15_an_office_behind_one_address_can_be_exempt(person, counted, settings):
    settings.SIGN_IN_OFFICES = ["203.0.113.0/28"]
    for number in range(settings.SIGN_IN_FAILURES_PER_ADDRESS + 1):
        guess(f"name-{number}")
    assert is_signed_in(sign_in(person, REMOTE_ADDR="203.0.113.7"))


def test_t15_failures_do_not_add_up_over_right_passwords(person, counted):
    client = Client(REMOTE_ADDR="203.0.113.7")
    for _round in range(2):
        for _guess in range(4):
            guess("li", client=client)
        assert is_signed_in(sign_in(person, client))
        client.post(reverse("admin:logout"))


def test_an_unknown_name_gets_the_same_answer(person, counted):
    texts = [re.sub(r'value="[^"]*"', "", guess(name).content.decode()) for name in ("li", "nobody-at-all")]
    assert texts[0] == texts[1]


def test_failures_and_pauses_are_written_down_without_what_was_typed(person, counted):
    for _guess in range(6):
        guess("li")
    guess("My-Secret-Pass")
    written = AuditEntry.objects.order_by("pk").values_list("action", "result", "user__username", "detail")
    assert list(written) == [
        *[("sign-in", "failed", "li", "")] * 4,
        ("lock-out", "refused", "li", ""),
        ("sign-in", "failed", None, "unknown name"),
    ]
    assert "Secret" not in str(AuditEntry.objects.values())


# --- T49: where the staff area answers ---


@pytest.mark.parametrize(("address", "status"), [("10.1.2.3", 200), ("203.0.113.7", 404), ("", 404)])
def test_t49_the_staff_area_can_be_kept_to_some_networks(address, status, settings):
    settings.STAFF_NETWORKS = ["10.0.0.0/8", "192.168.1.0/24"]
    assert Client(REMOTE_ADDR=address).get(LOGIN).status_code == status


def test_t49_search_engines_are_told_to_stay_away():
    assert Client().get(LOGIN).headers["X-Robots-Tag"] == "noindex, nofollow"
    make_bureau("zhaoqing")
    assert "X-Robots-Tag" not in Client().get("/en/parks/").headers
