"""English as ever, Chinese after /zh-hans/, and how a reader gets from one to the other."""

import re

import pytest

from tests.factories import EventFactory

ABOUT, ABOUT_IN_CHINESE = "/about/", "/zh-hans/about/"
PREFERS_CHINESE = {"Accept-Language": "zh-CN,zh;q=0.9,en;q=0.5"}
FOR_ALL_LANGUAGES = ("/static/", "/api/", "/data/", "/language/")


class TestAPage:
    @pytest.mark.parametrize(
        ("path", "language"), [(ABOUT, "en"), (ABOUT_IN_CHINESE, "zh-hans")]
    )
    def test_speaks_the_language_of_its_address(self, client, db, path, language):
        answer = client.get(path, headers=PREFERS_CHINESE)

        assert f'<html lang="{language}">' in answer.content.decode()
        assert answer["Content-Language"] == language
        assert "Accept-Language" not in answer["Vary"]

    def test_links_to_pages_of_its_language(self, client, db):
        event = EventFactory(published=True)
        page = client.get(f"/zh-hans{event.get_absolute_url()}").content.decode()

        links = re.findall(r'(?:href|action)="(/[^"]*)"', page)

        assert f"/zh-hans{event.person.get_absolute_url()}" in links
        elsewhere = [link for link in links if not link.startswith("/zh-hans/")]
        assert [x for x in elsewhere if not x.startswith(FOR_ALL_LANGUAGES)] == []

    def test_that_is_missing_is_so_in_the_language_of_its_address(self, client, db):
        answer = client.get("/zh-hans/people/nobody/")

        assert answer.status_code == 404
        assert '<html lang="zh-hans">' in answer.content.decode()

    @pytest.mark.parametrize("path", ["api/v1/", "data/events.csv", "healthz"])
    def test_for_programs_has_one_address(self, client, db, path):
        assert client.get(f"/{path}").status_code == 200
        assert client.get(f"/zh-hans/{path}").status_code == 404


class TestTheFrontDoor:
    def test_sends_who_prefers_chinese_to_the_chinese_page(self, client, db):
        answer = client.get("/", headers=PREFERS_CHINESE)

        assert (answer.status_code, answer["Location"]) == (302, "/zh-hans/")
        assert {"Accept-Language", "Cookie"} <= set(answer["Vary"].split(", "))

    @pytest.mark.parametrize("wanted", ["", "en-GB,zh;q=0.5", "fr", "*"])
    def test_is_english_for_everybody_else(self, client, db, wanted):
        answer = client.get("/", headers={"Accept-Language": wanted})

        assert answer.status_code == 200
        assert {"Accept-Language", "Cookie"} <= set(answer["Vary"].split(", "))

    @pytest.mark.parametrize("path", [ABOUT, "/?period=week", "/events/"])
    def test_is_the_only_page_that_minds(self, client, db, path):
        answer = client.get(path, headers=PREFERS_CHINESE)

        assert answer.status_code == 200
        assert "Cookie" not in answer["Vary"]

    def test_stays_english_for_who_chose_english(self, client, db):
        client.get("/language/en/")

        assert client.get("/", headers=PREFERS_CHINESE).status_code == 200

    def test_is_chinese_for_who_chose_chinese(self, client, db):
        client.get("/language/zh-hans/")

        assert client.get("/", headers={"Accept-Language": "en"}).status_code == 302


class TestTheSwitch:
    def test_leads_to_the_same_list_in_the_other_language(self, client, db):
        page = client.get("/events/?kind=hire&q=%E5%BA%9E").content.decode()
        switch = re.search(r'class="language-switch" href="([^"]+)"', page)[1]

        answer = client.get(switch.replace("&amp;", "&"))

        assert answer["Location"] == "/zh-hans/events/?kind=hire&q=%E5%BA%9E"

    def test_leads_back(self, client):
        answer = client.get("/language/en/?next=/zh-hans/suggest/")

        assert answer["Location"] == "/suggest/"

    def test_believes_the_browser_more_than_the_link(self, client):
        """htmx changes the address of the page, and not the link in its header."""
        answer = client.get(
            "/language/zh-hans/?next=/events/",
            headers={"Referer": "http://testserver/events/?kind=hire"},
        )

        assert answer["Location"].endswith("/zh-hans/events/?kind=hire")

    @pytest.mark.parametrize(
        "page", ["//evil.example/", "https://evil.example/x", "/\\evil.example", ""]
    )
    def test_leads_nowhere_else(self, client, page):
        answer = client.get(
            "/language/zh-hans/", {"next": page}, headers={"Referer": page}
        )

        assert answer["Location"] == "/zh-hans/"

    def test_knows_no_other_language(self, client, db):
        assert client.get("/language/xx/").status_code == 404

    def test_is_remembered_where_no_script_reads_it(self, client):
        answer = client.get("/language/zh-hans/?next=/about/")

        (cookie,) = answer.cookies.values()
        assert cookie.value == "zh-hans"
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"
        assert "no-store" in answer["Cache-Control"]
