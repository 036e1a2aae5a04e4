"""The two profiles of passwords, and for how long one lasts (trust.md T16, T17, T18)."""

import datetime

import pytest
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bureaus.models import Membership, PasswordRecord
from tests.factories import make_bureau, make_member
from zhaoqing_site import checks, password_profiles

pytestmark = pytest.mark.django_db
Role = Membership.Role
LOGIN, CHANGE, LIST = (
    reverse("admin:login"),
    reverse("admin:password_change"),
    f"{reverse('admin:news_article_changelist')}?q=a&status=live",
)
FIRST, SECOND = "Harvest-moon-1", "Harvest-moon-2"


@pytest.fixture
def use(settings):
    def profile(name):
        settings.AUTH_PASSWORD_VALIDATORS = password_profiles.VALIDATORS[name]
        settings.PASSWORD_LIFE_DAYS = password_profiles.LIFE_DAYS[name]

    return profile


def has_password(person, password):
    person.set_password(password)
    person.save()
    return person


def sign_in(person, password, target=LIST):
    client = Client()
    client.answer = client.post(LOGIN, {"username": person.username, "password": password, "next": target}, follow=True)
    return client


def change(client, old, new, address=CHANGE):
    return client.post(address, {"old_password": old, "new_password1": new, "new_password2": new})


def is_taken(password, person):
    try:
        validate_password(password, person)
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize(
    ("password", "default", "mlps"),
    [
        ("harvestmoons", True, False),  # long, of one kind
        ("harvestmoon", False, False),
        ("Moons-17", False, True),  # short, of four kinds
        ("Moons17", False, False),
        ("moonlit17", False, False),  # two kinds
        ("Moonlit17", False, True),
        ("password1234", False, False),  # common
        ("Zhaoqing2026!", False, False),  # words about this website
        ("Dinghu-invest-2026", False, False),
        ("Dinghu-harvest-moons-7", True, True),
        ("肇庆招商A2026!", False, False),
        ("wang-lihua-2026A", False, False),  # the person's name
        ("月" * 60 + "Aa1!", True, True),
    ],
)
def test_t18_what_each_profile_takes(password, default, mlps, use):
    make_bureau("dinghu")
    person = make_member("wang-lihua", email="wang@example.com")
    use("default")
    assert is_taken(password, person) is default
    use("mlps")
    assert is_taken(password, person) is mlps


def test_t18_the_last_five_passwords_are_refused_and_older_ones_forgotten(use):
    use("mlps")
    person = make_member("li")
    used = [f"Harvest-moon-{number}" for number in range(7)]
    for password in used:
        assert is_taken(password, person)
        has_password(person, password)
    assert [is_taken(password, person) for password in used] == [True, True, False, False, False, False, False]
    assert PasswordRecord.objects.count() == 5
    assert not any(password in str(PasswordRecord.objects.values()) for password in used)


def test_t18_the_default_profile_keeps_no_former_passwords(use):
    use("default")
    has_password(make_member("li"), FIRST)
    assert not PasswordRecord.objects.exists()


def test_t18_after_ninety_days_the_password_is_changed_before_anything_else(use, settings):
    use("mlps")
    person = has_password(make_member("li"), FIRST)
    assert sign_in(person, FIRST).answer.redirect_chain[-1][0] == LIST
    PasswordRecord.objects.update(at=timezone.now() - datetime.timedelta(days=91))
    client = sign_in(person, FIRST)
    where = client.answer.redirect_chain[-1][0]
    assert where.startswith(CHANGE)
    assert "Your password is too old" in client.answer.content.decode()
    assert client.get(reverse("admin:index")).headers["Location"].startswith(CHANGE)
    assert change(client, FIRST, FIRST, where).status_code == 200
    assert change(client, FIRST, SECOND, where).headers["Location"] == LIST
    assert client.get(LIST).status_code == 200
    assert sign_in(person, SECOND).answer.redirect_chain[-1][0] == LIST


@pytest.mark.parametrize(("age", "words"), [(70, ""), (80, "Your password must be changed within 9 days.")])
def test_t18_the_end_of_a_password_is_said_in_time(age, words, use):
    use("mlps")
    person = has_password(make_member("li"), FIRST)
    PasswordRecord.objects.update(at=timezone.now() - datetime.timedelta(days=age))
    text = sign_in(person, FIRST).answer.content.decode()
    assert words in text
    assert ("must be changed" in text) is bool(words)


def test_t18_a_password_of_unknown_age_is_changed_and_one_of_the_default_profile_lasts(use):
    use("default")
    person = has_password(make_member("li"), FIRST)
    assert sign_in(person, FIRST).answer.redirect_chain[-1][0] == LIST
    use("mlps")
    assert sign_in(person, FIRST).answer.redirect_chain[-1][0].startswith(CHANGE)


def test_what_was_typed_before_the_sign_in_comes_before_the_new_password(use):
    """The session ended while somebody wrote, on the day on which the password ended, too."""
    use("default")
    person = has_password(make_member("li"), FIRST)
    use("mlps")
    address = reverse("admin:news_article_add")
    page = Client().post(address, {"_by": str(person.pk), "title_en": "A long title that somebody has typed"})
    client = Client()
    answer = client.post(LOGIN, {"carried": page.context["carried"], "username": person.username, "password": FIRST}, follow=True)
    assert "A long title that somebody has typed" in answer.content.decode()
    assert client.get(address).status_code == 200


def test_an_unknown_profile_stops_the_start():
    with pytest.raises(ImproperlyConfigured, match="default, mlps"):
        password_profiles.known("strong")


@pytest.mark.parametrize(
    ("role", "is_asked"), [(Role.EDITOR, False), (Role.OFFICER, False), (Role.MANAGER, True), (Role.ADMINISTRATOR, True)]
)
def test_t16_the_second_factor_is_asked_of_certain_roles(role, is_asked, settings):
    settings.SECOND_FACTOR, settings.SECOND_FACTOR_ROLES = False, ["manager", "administrator"]
    person = has_password(make_member("li", role), FIRST)
    client = sign_in(person, FIRST, reverse("admin:index"))
    assert client.answer.redirect_chain[-1][0].startswith(reverse("admin:second_factor")) is is_asked
    assert (client.get(reverse("admin:account")).status_code == 200) is not is_asked


def test_t16_the_installer_gives_one_wherever_some_role_does(settings):
    settings.SECOND_FACTOR, settings.SECOND_FACTOR_ROLES = False, ["manager"]
    installer = has_password(User(username="installer", is_staff=True, is_superuser=True), FIRST)
    assert sign_in(installer, FIRST).answer.redirect_chain[-1][0].startswith(reverse("admin:second_factor"))


def test_a_role_that_there_is_not_stops_the_start(settings):
    settings.SECOND_FACTOR_ROLES = ["manager", "boss"]
    (error,) = checks.roles_with_second_factor_exist(None)
    assert "boss" in error.msg
    settings.SECOND_FACTOR_ROLES = ["manager"]
    assert checks.roles_with_second_factor_exist(None) == []
