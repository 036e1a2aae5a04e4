"""A database that does not answer: a clear page, and what was typed is kept."""

import pytest
from django.db import OperationalError
from django.test import Client


@pytest.fixture
def locked(monkeypatch):
    """The database is locked while the form is taken."""

    def refuse(*args, **kwargs):
        raise OperationalError("database is locked")

    monkeypatch.setattr("inquiries.views.InquiryForm", refuse, raising=True)
    return Client(raise_request_exception=False)


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "zh-hans", "zh-hant"])
def test_locked_database_gives_503_with_retry_after_and_keeps_the_text(locked, language):
    answer = locked.post(f"/{language}/inquiry/", {"message": "Ein Werk für Gehäuse 工厂", "password": "secret-word"})
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "30"
    page = answer.content.decode()
    assert "Ein Werk für Gehäuse 工厂" in page
    assert "secret-word" not in page
    assert "database is locked" not in page
    assert f'lang="{"en" if language == "en" else "zh-" + language[3:].title()}"' in page
