"""Signing in with the browser, and the staff pages to visit."""

from django.contrib.auth import get_user_model
from django.test import Client

from bureaus.models import Contact, Invitation
from inquiries.models import Inquiry
from news.models import Article
from outbox.models import Letter
from parks.models import Park
from publishing.models import PageLink, Picture, TakeDownAnswer
from tests.factories import make_invitation, make_letter, make_page_link, make_take_down_answer
from tests.places import PASSWORD, REFERENCE


def user_named(name):
    return get_user_model().objects.get(username=name)


def open_session(context, site, name):
    """Signs a person in without the form: for tests of what comes after."""
    client = Client()
    client.force_login(user_named(name), backend="django.contrib.auth.backends.ModelBackend")
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": site}])


def sign_in(page, site, name):
    """Signs a person in as a person does."""
    page.goto(f"{site}/admin/")
    page.locator("#id_username").fill(name)
    page.locator("#id_password").fill(PASSWORD)
    page.locator("#login-form [type=submit]").click()
    page.wait_for_url(f"{site}/admin/")


def open_language(page, name):
    """Opens the tab of a language in a form."""
    page.get_by_role("tab", name=name).click()


# name: (who opens it, address after /admin/); `mei` is the manager of Sihui, `ann` an editor there, `ou` an officer.
STAFF = {
    "sign in": (None, "login/"),
    "front page": ("mei", ""),
    "front page of the city": ("city", ""),
    "front page of an officer": ("ou", ""),
    "no right": ("ou", "news/article/"),
    "not found": ("mei", "news/article/999999/change/"),
    "articles": ("mei", "news/article/"),
    "articles, searched": ("mei", "news/article/?q=photo"),
    "new article": ("mei", "news/article/add/"),
    "live article": ("mei", "news/article/{article}/change/"),
    "live article, editor": ("ann", "news/article/{article}/change/"),
    "history of an article": ("mei", "news/article/{article}/history/"),
    "preview of an article": ("mei", "news/article/{article}/preview/zh-hant/"),
    "draft of a live article": ("ann", "news/article/{drafted}/change/"),
    "history of a draft": ("mei", "news/article/{drafted}/history/"),
    "version of an article": ("mei", "news/article/{drafted}/history/1/"),
    "two at one article": ("mei", "news/article/{drafted}/conflict/3/"),
    "discard a draft": ("mei", "news/article/{drafted}/step/discard/"),
    "article in review": ("rui", "news/article/{in_review}/change/"),
    "ask for changes": ("rui", "news/article/{in_review}/step/ask_for_changes/"),
    "drafts and reviews": ("rui", "publishing/change/"),
    "find": ("mei", "find/?q=photo"),
    "guide": ("mei", "guide/"),
    "withdraw an article": ("mei", "news/article/{article}/step/withdraw/"),
    "take down an article": ("mei", "news/article/{article}/step/take_down/"),
    "share a draft": ("ann", "news/article/{drafted}/sharing/"),
    "ask other bureaus before taking down": ("city", "parks/park/{cluster}/step/take_down/"),
    "asked about taking down": ("mei", "publishing/takedownanswer/{asked}/change/"),
    "questions about taking down": ("mei", "publishing/takedownanswer/"),
    "broken links": ("ann", "publishing/pagelink/"),
    "new park": ("mei", "parks/park/add/"),
    "withdrawn park": ("mei", "parks/park/{park}/change/"),
    "preview of a park": ("mei", "parks/park/{park}/preview/en/"),
    "new listing": ("mei", "parks/listing/add/"),
    "listings": ("mei", "parks/listing/"),
    "import of listings": ("mei", "parks/listing/import/"),
    "new project": ("mei", "projects/project/add/"),
    "new figure": ("mei", "city/keyfigure/add/"),
    "new policy": ("mei", "news/policy/add/"),
    "pictures": ("mei", "publishing/picture/"),
    "new picture": ("mei", "publishing/picture/add/"),
    "picture": ("mei", "publishing/picture/{picture}/change/"),
    "picture, removal": ("mei", "publishing/picture/{picture}/remove/"),
    "translations": ("mei", "translations/"),
    "preferred words": ("mei", "publishing/preferredword/"),
    "new preferred word": ("mei", "publishing/preferredword/add/"),
    "contacts": ("mei", "bureaus/contact/"),
    "contact": ("mei", "bureaus/contact/{contact}/change/"),
    "inbox": ("ou", "inquiries/inquiry/"),
    "case": ("ou", "inquiries/inquiry/{inquiry}/change/"),
    "case of a manager": ("mei", "inquiries/inquiry/{inquiry}/change/"),
    "correcting the details": ("ou", "inquiries/inquiry/{inquiry}/correct/"),
    "what is held of a person": ("mei", "inquiries/inquiry/{inquiry}/person/"),
    "report on inquiries": ("mei", "inquiries/inquiry/reports/"),
    "table of a month": ("mei", "inquiries/inquiry/ledger/"),
    "standard replies": ("ou", "inquiries/cannedreply/"),
    "new standard reply": ("mei", "inquiries/cannedreply/add/"),
    "new absence": ("mei", "inquiries/absence/add/"),
    "time limits": ("city", "inquiries/timelimit/"),
    "letters": ("mei", "outbox/letter/"),
    "letter": ("mei", "outbox/letter/{letter}/change/"),
    "holidays": ("city", "inquiries/calendarday/"),
    "people": ("root", "auth/user/"),
    "new person": ("root", "auth/user/add/"),
    "person": ("root", "auth/user/{person}/change/"),
    "person without mail": ("root", "auth/user/enter/"),
    "somebody's second factor": ("root", "auth/user/{person}/second-factor/reset/"),
    "audit log": ("mei", "bureaus/auditentry/"),
    "audit log of all": ("root", "bureaus/auditentry/"),
    "own account": ("mei", "account/"),
    "second factor": ("mei", "second-factor/set-up/"),
    "invitation": (None, "invitation/key-of-the-page/"),
    "old invitation": (None, "invitation/no-such-key/"),
    "bureaus": ("root", "bureaus/bureau/"),
    "change password": ("mei", "password_change/"),
    "password changed": ("mei", "password_change/done/"),
    "somebody's password": ("root", "auth/user/{person}/password/"),
}


def asked():
    """What the city asks Sihui, and a link that Sihui has to look at; made once."""
    if not PageLink.objects.filter(address="https://gone.example/").exists():
        make_page_link(bureau="sihui", item=Article.objects.get(slug="photograph"))
    question = TakeDownAnswer.objects.filter(bureau__slug="sihui").first()
    return question or make_take_down_answer(bureau="sihui")


def staff_address(template):
    """The address with the keys of the rows that it names."""
    if "key-of-the-page" in template and not Invitation.objects.exists():
        make_invitation("key-of-the-page", bureau="sihui")
    bureau = {"bureau__slug": "sihui"}
    return "/admin/" + template.format(
        article=Article.objects.get(slug="photograph").pk,
        drafted=Article.objects.get(slug="drafted").pk,
        in_review=Article.objects.get(slug="in-review").pk,
        park=Park.objects.get(slug="withdrawn-park").pk,
        cluster=Park.objects.get(slug="large-industrial-cluster").pk,
        asked=asked().pk,
        picture=Picture.objects.filter(**bureau).exclude(original="").first().pk,
        contact=Contact.objects.filter(**bureau).first().pk,
        inquiry=Inquiry.objects.get(reference=REFERENCE).pk,
        letter=(Letter.objects.filter(reference=REFERENCE).first() or make_letter(reference=REFERENCE)).pk,
        person=user_named("ann").pk,
    )
