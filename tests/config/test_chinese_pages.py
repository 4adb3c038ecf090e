"""Every kind of page in Chinese, on the starter data: what is left in English is data."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from typing import Any

import ahocorasick
import pytest
from django.apps import apps
from django.core.cache import caches
from django.urls import get_resolver, reverse
from django.utils import translation

from talent.digests import limits, links, subscribing
from talent.digests.models import Request
from tests.factories import NOON, FollowFactory

ZH = "/zh-hans"
NAMESPACES = ("dashboard", "digests", "intake", "opendata_pages")
# The name of a page, what its address is made of, and a query.
PAGES: list[tuple[str, dict[str, str], str]] = [
    ("dashboard:home", {}, "period=week"),
    ("dashboard:event_list", {}, "kind=hire&company=meta&from=apple&since=2025-07"),
    ("dashboard:event_list", {}, "kind=theft&sort=amount"),
    ("dashboard:event", {"slug": "ruoming-pang-hire-meta-2025"}, ""),
    ("dashboard:search", {}, "q=pang"),
    ("dashboard:search", {}, "q=nobody-known"),
    ("dashboard:about", {}, ""),
    ("dashboard:corrections", {}, ""),
    ("dashboard:moves", {}, "one=openai&other=meta"),
    ("dashboard:moves", {}, "level=seat&period=all"),
    ("dashboard:move_list", {}, "from=openai&to=meta&rumours=on"),
    ("dashboard:seats", {}, ""),
    ("dashboard:status", {}, ""),
    ("dashboard:stays", {}, "a=company:meta&b=seat:big_tech"),
    ("dashboard:stint_list", {}, "company=tbd-lab&ended=no"),
    ("dashboard:pay", {}, "amount=200M&months=7"),
    ("dashboard:pay_packages", {}, "company=openai"),
    ("dashboard:pay_reasons", {}, ""),
    ("dashboard:pay_deals", {}, ""),
    ("dashboard:wave_list", {}, ""),
    ("dashboard:person", {"slug": "ruoming-pang"}, ""),
    ("dashboard:person", {"slug": "nobody-known"}, ""),
    ("dashboard:organization", {"slug": "meta"}, ""),
    ("dashboard:organization", {"slug": "tbd-lab"}, ""),
    ("digests:archive", {}, ""),
    ("digests:subscribe", {}, "follow=company%3Dmeta"),
    ("digests:asked", {}, ""),
    ("digests:link", {}, ""),
    ("digests:link_asked", {}, ""),
    ("intake:suggest", {}, ""),
    ("intake:correct", {}, ""),
    ("intake:reply", {}, ""),
    ("intake:remove", {}, ""),
    ("opendata_pages:data", {}, ""),
    ("opendata_pages:webhooks", {}, ""),
    ("opendata_pages:webhook_guide", {}, ""),
    ("opendata_pages:webhook_asked", {}, ""),
    ("opendata_pages:webhook_links", {}, ""),
]
# Behind a token: looked at below.
PRIVATE = {"digests:confirm", "digests:manage", "digests:unsubscribe"}
# No pages, or the same page as another one here, or of rows the starter data has none of.
OTHERS = {
    *("dashboard:chart", "dashboard:card", "dashboard:embed", "dashboard:freezing"),
    *("dashboard:frozen", "dashboard:wave", "opendata_pages:cite"),
    *("digests:edition", "digests:view", "digests:move"),
    *("digests:manage_action", "digests:unsubscribe_action", "intake:outcome"),
    *("opendata_pages:data_set", "opendata_pages:webhook"),
    *("opendata_pages:webhook_delivery", "opendata_pages:webhook_action"),
}
# What Chinese writes in Latin letters.
LATIN = {
    *("Transfer", "Window", "English", "AI", "CC", "BY", "UTC", "ISO", "IANA", "MIT"),
    *("JSON", "Lines", "CSV", "Atom", "API", "OpenAPI", "SVG", "PNG", "HTML", "RFC"),
    *("ETag", "CORS", "null", "problem", "details", "BibTeX", "CSL", "RSS", "SHA"),
    # Names that the text itself speaks of, and how values are written.
    *("Amy", "Tam", "The", "cost", "of", "staying", "Meta", "cookie", "bn", "https"),
    *("Python", "JavaScript", "Standard", "Webhooks"),
    *("Creative", "Commons", "Attribution", "Apple", "OpenAI", "Webhook", "webhook"),
}
# Words of the filters as addresses write them, or what a reader typed.
TYPED = {
    "company",
    "acme",
    "kind",
    "theft",
    "nobody",
    "known",
    "pang",
    "hire",
    "departure",
    "all",
}
ADDRESS = re.compile(r"(?:https?:/)?/[\w/?=&%:.-]+")
ATTRIBUTES = ("title", "aria-label", "placeholder", "alt")
UNREAD = ("script", "style", "code", "pre", "textarea")
NOT_SHOWN = ("search_key", "slug", "key", "address_hash")


class Reader(HTMLParser):
    """What a page shows or reads out; not what it quotes in a language of its own."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.closed: list[bool] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        foreign = given.get("lang", "zh")[:2] != "zh" and tag != "a"
        if tag not in ("br", "img", "input", "link", "meta", "hr", "wbr"):
            self.closed.append(tag in UNREAD or foreign)
        self.texts += [given[name] or "" for name in ATTRIBUTES if name in given]
        if given.get("name") == "description":
            self.texts.append(given["content"] or "")

    def handle_endtag(self, tag: str) -> None:
        self.closed.pop()

    def handle_data(self, data: str) -> None:
        if not any(self.closed):
            self.texts.append(" ".join(data.split()))


@pytest.fixture
def data_of_the_record(starter_data) -> Any:
    """All that editors have written into the record, to be found in any text."""
    known = ahocorasick.Automaton()
    for model in apps.get_app_config("registry").get_models():
        if "History" in model.__name__ or model.__name__ == "Reason":
            continue
        for field in model._meta.concrete_fields:
            kind = field.get_internal_type()
            written = kind in ("CharField", "TextField", "URLField", "ArrayField")
            if not written or field.choices or field.name in NOT_SHOWN:
                continue
            rows = model._default_manager.values_list(field.name, flat=True).distinct()
            for value in rows:
                for text in value if isinstance(value, list) else [value]:
                    if text and re.search("[A-Za-z]", text):
                        # A remark may stand as a sentence, with a capital letter.
                        for shown in (text, text[0].upper() + text[1:]):
                            known.add_word(" ".join(shown.split()), len(shown))
    known.add_word("reader@readers.example", 22)
    known.make_automaton()
    return known


def without(known: Any, text: str) -> str:
    """The text without what is data, which must stand there as whole words."""
    rest, done = [], 0
    for end, length in known.iter_long(text):
        start = end + 1 - length
        around = text[max(start - 1, 0) : start] + text[end + 1 : end + 2]
        if start >= done and not re.search("[A-Za-z0-9]", around):
            rest.append(text[done:start])
            done = end + 1
    return " ".join([*rest, text[done:]])


def english_in(html: str, known: Any) -> list[str]:
    """Texts with an English word that is no data."""
    return [
        text
        for text in Reader(html).texts
        if words_of(without(known, ADDRESS.sub("", text))) - LATIN - TYPED
    ]


def words_of(text: str) -> set[str]:
    return set(re.findall("[A-Za-z]{2,}", text))


def cold(client: Any, path: str) -> Callable[[], Any]:
    """Asks for a page that is not kept, of figures that are."""
    client.get(path)

    def ask() -> Any:
        caches["pages"].clear()
        return client.get(path)

    return ask


def names_of_pages() -> Iterator[str]:
    for namespace in NAMESPACES:
        _prefix, resolver = get_resolver().namespace_dict[namespace]
        for pattern in resolver.url_patterns:
            yield f"{namespace}:{pattern.name}"


class TestChinesePages:
    def test_are_all_looked_at(self):
        """A new page goes into one of the lists above."""
        listed = {name for name, _made_of, _query in PAGES} | PRIVATE | OTHERS

        assert set(names_of_pages()) == listed

    def test_say_nothing_in_english(self, client, data_of_the_record):
        found: list[str] = []
        for name, made_of, query in PAGES:
            with translation.override("zh-hans"):
                path = reverse(name, kwargs=made_of) + (f"?{query}" if query else "")
            answer = client.get(path, follow=True)
            assert answer.status_code < 500, path
            left = english_in(answer.content.decode(), data_of_the_record)
            if name.startswith("opendata_pages:"):
                # Written for builders: sentences name values as programs do.
                left = [text for text in left if not re.search("[\u4e00-\u9fff]", text)]
            found += [f"{path}: {text}" for text in left]

        assert not found, "\n".join(found)

    def test_behind_a_token_say_nothing_in_english_either(
        self, client, data_of_the_record
    ):
        follow = FollowFactory(
            query="company=meta",
            subscriber__language="zh-hans",
            subscriber__address="reader@readers.example",
        )
        network = limits.network_of("192.0.2.1")
        asked = {"purpose": Request.Purpose.SUBSCRIBE, "network": network, "at": NOON}
        subscribing.ask(
            "reader@readers.example", payload={"language": "zh-hans"}, **asked
        )
        token = subscribing.token_of(Request.objects.get())
        tokens = {
            "digests:confirm": token,
            "digests:manage": links.full_token(follow.subscriber),
            "digests:unsubscribe": links.stop_token(follow.subscriber),
        }
        assert tokens.keys() == PRIVATE
        for name, token in tokens.items():
            with translation.override("zh-hans"):
                path = reverse(name, args=[token])
            html = client.get(path).content.decode()

            assert english_in(html, data_of_the_record) == [], path

    def test_need_no_more_queries_than_english_ones(
        self, client, starter_data, queries_of
    ):
        for path in ("/people/ruoming-pang/", "/organizations/meta/", "/moves/list/"):
            english, chinese = (queries_of(cold(client, at + path)) for at in ("", ZH))

            assert chinese == english, path

    def test_name_people_and_places_in_chinese(self, client, starter_data):
        page = client.get("/zh-hans/people/ruoming-pang/").content.decode()

        assert '<h1>庞若鸣 <span lang="en">Ruoming Pang</span></h1>' in page
        assert "超级智能实验室" in page
        assert "2025 年 7 月 7 日" in page
        assert "超过 2 亿美元，分数年支付" in page
