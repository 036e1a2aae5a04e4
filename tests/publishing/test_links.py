"""Links that lead nowhere: within the site at once, to other sites after two days (staff.md S45). No test asks another host."""

import datetime
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.core.management import call_command
from django.utils import timezone

from outbox.models import Run
from publishing import fetching, link_check, links
from publishing.addresses import leads_somewhere
from publishing.models import PageLink, Status
from publishing.workflow import publish_due, take
from tests.factories import (
    in_three,
    make_article,
    make_bureau,
    make_change,
    make_figure,
    make_page_link,
    make_park,
    make_policy,
)
from tests.publishing.test_admin import address, explained, save

pytestmark = pytest.mark.django_db
State = PageLink.State
NIGHT = datetime.datetime(2026, 11, 3, 18, 30, tzinfo=datetime.UTC)  # half past two in Beijing
DAY = datetime.timedelta(days=1)


# --- Another host, a real one ---


class Host(BaseHTTPRequestHandler):
    """Answers /404 with 404; /no-head knows no HEAD; /silent says nothing; /to?x leads on to x."""

    def do_HEAD(self):  # noqa: N802
        self.answer()

    def do_GET(self):  # noqa: N802
        self.answer()

    def answer(self):
        self.server.asked.append((self.command, self.path, self.headers["User-Agent"]))
        name, _mark, target = self.path.strip("/").partition("?")
        if name == "no-head":
            self.send_response(501 if self.command == "HEAD" else 200)
        elif name == "drops-head" and self.command == "HEAD":
            return
        elif name == "silent":
            self.server.patience.wait(5)
            return
        elif name == "to":
            self.send_response(302)
            self.send_header("Location", target)
        else:
            self.send_response(int(name) if name.isdecimal() else 200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args):
        pass


@pytest.fixture(scope="module")
def server():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Host)
    server.asked, server.patience = [], threading.Event()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.patience.set()
    server.shutdown()
    server.server_close()


@pytest.fixture
def host(server):
    server.asked.clear()
    server.host = f"127.0.0.1:{server.server_address[1]}"
    return server


def answer(host, path):
    return link_check.answer_of(f"http://{host.host}/{path}", allowed={host.host})


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("", "200"),
        ("园区?页=1", "200"),
        ("404", "404"),
        ("403", "403"),
        ("999", "999"),
        ("no-head", "200"),
        ("drops-head", "200"),
        ("to?/404", "404"),
        ("to?/to?/200", "200"),
        ("to?ftp://elsewhere.example/", "private"),
    ],
)
def test_s45_what_another_host_answers_is_told(host, path, expected):
    assert answer(host, path) == expected


def test_s45_a_host_is_asked_politely_and_not_twice_if_it_answers(host):
    assert answer(host, "page") == "200"
    ((method, path, agent),) = host.asked
    assert (method, path) == ("HEAD", "/page")
    assert "InvestZhaoqingLinkCheck" in agent


def test_s45_silence_ends_the_wait(host, monkeypatch):
    monkeypatch.setattr(fetching, "PATIENCE", 0.2)
    assert answer(host, "silent") == "timeout"


def test_s45_nothing_inside_a_network_is_asked_neither_directly_nor_by_a_detour(host):
    port = host.server_address[1]
    inside_networks = ["127.0.0.1", "localhost", "[::1]", "10.0.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0", "[::ffff:10.0.0.1]"]
    for inside in inside_networks:
        assert link_check.answer_of(f"http://{inside}:{port}/") == "private", inside
    assert host.asked == []
    assert answer(host, f"to?http://localhost:{port}/secret") == "private"
    assert {path for _method, path, _agent in host.asked} == {f"/to?http://localhost:{port}/secret"}


@pytest.mark.parametrize("written", ["http://", "http://[1/", "ftp://example.com/", "http://127.0.0.1:99999/"])
def test_s45_what_is_no_address_asks_nobody(written):
    assert link_check.answer_of(written) in ("private", "malformed")


# --- Two days ---


def link_to(host, path, **fields):
    return make_page_link(address=f"http://{host.host}/{path}", state=State.UNTRIED, since=None, answer="", **fields)


def test_s45_a_link_is_broken_after_failing_on_two_days(host):
    wrong, right = link_to(host, "404"), link_to(host, "fine")
    for now, state in (
        (NIGHT, State.DOUBTFUL),
        (NIGHT + DAY / 24, State.DOUBTFUL),
        (NIGHT + DAY, State.BROKEN),
        (NIGHT + 2 * DAY, State.BROKEN),
    ):
        link_check.try_due(now, {host.host})
        wrong.refresh_from_db()
        right.refresh_from_db()
        assert (wrong.state, wrong.since, right.state) == (state, NIGHT, State.WORKS)
    assert [path for method, path, _agent in host.asked if method == "GET"].count("/404") == 3
    PageLink.objects.filter(pk=wrong.pk).update(address=right.address, digest=right.digest)
    link_check.try_due(NIGHT + 3 * DAY, {host.host})
    wrong.refresh_from_db()
    assert (wrong.state, wrong.since, wrong.answer) == (State.WORKS, None, "")


def test_s45_hosts_that_let_no_program_in_are_checked_by_a_person(host, editor, signed_in):
    blocked = [link_to(host, "403"), link_to(host, "403", bureau="sihui")]
    link_check.try_due(NIGHT, {host.host})
    client, way = signed_in(editor), "/admin/publishing/pagelink/?show=by-hand"
    page = client.get(way).content.decode()
    assert "lets no program in (403)" in page
    assert page.count(f'name="checked" value="{blocked[0].pk}"') == page.count('name="checked"') == 1
    assert client.post(way, {"checked": blocked[1].pk}).status_code == 404
    client.post(way, {"checked": blocked[0].pk})
    blocked[0].refresh_from_db()
    assert (blocked[0].state, blocked[0].checked_by) == (State.WORKS, editor)
    assert 'name="checked"' not in client.get(way).content.decode()
    assert "du, " in client.get("/admin/publishing/pagelink/?show=checked").content.decode()
    blocked[1].refresh_from_db()
    assert blocked[1].state == State.BY_HAND
    PageLink.objects.filter(pk=blocked[1].pk).delete()
    host.asked.clear()
    now = timezone.now()
    assert link_check.try_due(now + 179 * DAY, {host.host}) == 0
    assert link_check.try_due(now + 181 * DAY, {host.host}) == 1


def test_s45_the_job_works_at_night_and_notes_its_run(host):
    source = make_article(source_url=f"http://{host.host}/404")
    assert link_check.check_links_by_night(NIGHT + DAY / 2, {host.host}) == 0
    assert link_check.check_links_by_night(NIGHT, {host.host}) == 1
    assert PageLink.objects.get().object_id == source.pk
    assert link_check.check_links_by_night(NIGHT + DAY / 48, {host.host}) == 0
    call_command("check_links", verbosity=0)
    assert Run.objects.filter(job="check_links_by_night").exists()


# --- Which links there are ---


def test_s45_links_of_texts_and_address_fields_of_public_items_are_known(dinghu):
    text = '<p><a href="https://a.example/?x=1&amp;y=2" rel="noopener">A</a> <a href="mailto:a@b.example">m</a> <a href="/parks/">P</a></p>'
    policy = make_policy(original_url="https://law.example/", body_en=text, body_zh_hans=text)
    make_figure(source_url="https://figures.example/")
    make_article(status=Status.DRAFT, publisher_url="https://draft.example/")
    links.gather()
    found = {link.address: (link.places, link.state) for link in PageLink.objects.all()}
    assert found["https://a.example/?x=1&y=2"] == (["body_en", "body_zh_hans"], State.UNTRIED)
    assert found["/parks/"][1] == State.WORKS
    assert {"https://law.example/", "https://figures.example/"} <= found.keys()
    assert not {"https://draft.example/", "mailto:a@b.example"} & found.keys()
    policy.original_url = ""
    policy.save()
    links.gather()
    assert not PageLink.objects.filter(address="https://law.example/").exists()
    assert PageLink.objects.filter(state=State.UNTRIED, address="https://a.example/?x=1&y=2").count() == 1


def test_s45_addresses_of_this_site_lead_somewhere_or_nowhere(settings):
    make_park(slug="live")
    make_park(slug="moved-on", status=Status.TAKEN_DOWN, successor="/parks/live/")
    make_park(slug="gone", status=Status.TAKEN_DOWN)
    make_park(slug="draft", status=Status.DRAFT)
    make_bureau("sihui")
    right = [
        "/",
        "/en/",
        "/en/parks/",
        "/parks/?kind=zone",
        "/zh-hans/parks/live/#map",
        "/parks/live",
        "/parks/moved-on/",
        "/contacts/sihui/",
        "/sitemap.xml",
    ]
    right += [settings.SITE_ADDRESS, f"{settings.SITE_ADDRESS}/en/parks/live/"]
    wrong = [
        "/parks/gone/",
        "/parks/draft/",
        "/parks/none/",
        "/contacts/none/",
        "/nowhere/",
        "/admin/",
        "/figures/none/",
        "/en/draft/none/",
    ]
    assert [one for one in right if not leads_somewhere(links.path_of(one))] == []
    assert [one for one in wrong if leads_somewhere(links.path_of(one))] == []
    assert links.path_of("https://elsewhere.example/parks/live/") == ""


# --- Said at once ---


def linking_to(slug, **fields):
    return make_article(**in_three("body", f'<p><a href="/en/parks/{slug}/">there</a></p>'), **fields)


def test_s45_a_text_is_stored_and_published_with_its_dead_links_named(editor, publisher, signed_in):
    article = make_article()
    text = '<p><a href="/en/parks/none/">x</a> <a href="/en/parks/">y</a> <a href="https://elsewhere.example/">z</a></p>'
    client = signed_in(editor)
    answer = client.get(save(client, article, body_en=text, _step="submit").url)
    assert_named(answer, "/en/parks/none/", but=["elsewhere", "/en/parks/<"])
    answer = signed_in(publisher).post(address(article, "step", "approve_and_publish"), follow=True)
    assert_named(answer, "/en/parks/none/")
    link = PageLink.objects.get(state=State.BROKEN)
    assert (link.address, link.object_id, link.answer) == ("/en/parks/none/", article.pk, "nowhere")


def assert_named(response, *names, but=()):
    warnings = " ".join(str(message) for message in response.context["messages"] if message.level_tag == "warning")
    assert "lead to no page of this site" in warnings
    assert all(name in warnings for name in names)
    assert not any(name in warnings for name in but)


@pytest.mark.parametrize(
    ("step", "posted"), [("withdraw", explained("Under review.")), ("take_down", {"outcome": "gone", "comment": "Closed."})]
)
def test_s45_what_leaves_the_site_names_the_live_pages_that_link_to_it(step, posted, manager, signed_in):
    park = make_park(slug="lianhua")
    own, foreign, hidden = linking_to("lianhua"), linking_to("lianhua", bureau="sihui"), linking_to("lianhua", status=Status.DRAFT)
    links.gather()
    client, way = signed_in(manager), address(park, "step", step)
    before = client.get(way).content.decode()
    response = client.post(way, posted, follow=True)
    after = " ".join(str(message) for message in response.context["messages"])
    for text in (before, after):
        assert f'<a href="/admin/news/article/{own.pk}/change/">' in text
        assert f'<a href="/en/news/{foreign.slug}/">' in text
        assert hidden.title not in text
    broken = PageLink.objects.filter(state=State.BROKEN)
    assert {link.bureau.slug for link in broken} == (set() if step == "withdraw" else {"dinghu", "sihui"})
    take(park, "put_back", manager)
    assert not broken.all().exists()


def test_s45_a_figure_is_linked_to_by_those_alone_that_name_it(dinghu):
    first, second = make_figure(code="F1"), make_figure(code="F2")
    article = make_article(body_en='<a href="/figures/zhaoqing/#F1">1</a><a href="/en/figures/zhaoqing/#F1">1</a>')
    make_article(body_en='<a href="/figures/zhaoqing/">all</a>')
    links.gather()
    assert [links.pages_linking_to(figure) for figure in (first, second)] == [[article], []]


def test_s45_a_page_that_goes_live_mends_the_links_that_waited_for_it(editor):
    park = make_park(slug="lianhua", status=Status.DRAFT)
    linking_to("lianhua")
    links.gather()
    assert PageLink.objects.get().state == State.BROKEN
    make_change(park, "scheduled", by=editor)
    assert publish_due(timezone.now() + 2 * DAY) == (1, 0)
    assert PageLink.objects.get().state == State.WORKS


# --- The list ---


def test_s45_the_list_shows_own_links_alone_and_the_work_list_counts_them(editor, signed_in):
    for number in range(3):
        make_page_link(address=f"https://gone.example/{number}", answer="404" if number else "timeout")
    make_page_link(address="/parks/none/", answer="nowhere")
    make_page_link(address="https://sihui.example/", bureau="sihui")
    make_page_link(address="https://once.example/", state=State.DOUBTFUL)
    client = signed_in(editor)
    page = client.get("/admin/publishing/pagelink/?show=broken").content.decode()
    assert [f"gone.example/{number}" in page for number in range(3)] == [True] * 3
    assert all(words in page for words in ("no answer in time", "not found (404)", "no page of this site", "Source address"))
    assert not any(words in page for words in ("sihui.example", "once.example"))
    front = client.get("/admin/").content.decode()
    assert '<a href="/admin/publishing/pagelink/?show=broken"><strong>4</strong> <span class="what">Broken links<' in front
