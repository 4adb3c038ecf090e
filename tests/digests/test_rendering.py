"""The mail itself: what it holds, what it must not, in both languages and with hostile text."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from django.conf import settings
from django.utils import translation

from talent.common.language import spaced
from talent.common.pictures import can_write_chinese
from talent.digests import numbers, rendering
from talent.digests.compose import MOST_SHOWN, compose
from talent.digests.letters import Letter
from talent.digests.plain_text import harmless, width, wrapped
from talent.registry.models import Event
from tests.digests.newsroom import (
    DAY,
    TODAY,
    composed,
    paid,
    published,
    reader,
    sent,
)
from tests.factories import (
    CitationFactory,
    OrganizationFactory,
    PersonFactory,
    decided_by_two,
)

HOSTILE = [
    '<script>alert(1)</script><img src=x onerror=alert(1)> " onmouseover="x',
    "Ada\r\nBcc: everybody@example.org\r\n\r\nBody",
    "Ada\u2028Love\x0blace\x85",
    "\u202eevil\u202c \u2066x\u2069",
    "{{MANAGE_URL}} {{{UNSUBSCRIBE_URL}} {% now %}",
    "<!-- items -->",
    "</title></style></td></table>&lt;&amp;",
    "שלום العربية",
    "A" * 200,
]


class Tags(HTMLParser):
    """What a browser would make of it: elements, their attributes and the text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.inside: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        self.inside.append(tag)

    def handle_endtag(self, tag):
        if tag in self.inside:
            while self.inside.pop() != tag:
                pass

    def handle_data(self, data):
        if not {"style", "title"} & set(self.inside):
            self.text += data

    def links(self) -> list[str]:
        return [attrs["href"] for tag, attrs in self.elements if tag == "a"]


def news(**columns) -> Event:
    event = published(
        **{
            "person": PersonFactory(name="Ada Lovelace", name_zh="艾达"),
            "organization": OrganizationFactory(name="Initech", name_zh="英尼"),
            "summary": "Ada Lovelace joined Initech to lead compilers.",
            **columns,
        }
    )
    CitationFactory(event=event)
    return event


@pytest.mark.django_db
class TestHtml:
    def test_holds_everything_of_the_letter(self):
        paid(news(title="Head of Engines"), low=2_000_000)

        digest = composed(reader())

        words = " ".join(Tags(digest.html).text.split())
        for shown in (
            "1 new move, the strongest first.",
            "Ada Lovelace joined Initech",
            "▲ Initech",
            "Head of Engines",
            "US$2M",
            "to lead compilers",
            "3 March 2026",
            "○ reported",
            "1 source, 1 origin",
            "Everything in the record",
        ):
            assert shown in words

    def test_loads_nothing_and_tells_nobody(self):
        news()

        digest = composed(reader())

        page = Tags(digest.html)
        names = {tag for tag, _attrs in page.elements}
        assert not names & {"script", "link", "iframe", "form", "object", "base"}
        sources = [a["src"] for _tag, a in page.elements if "src" in a]
        assert sources == [f"cid:{image.cid}" for image in digest.images]
        assert "url(" not in digest.html
        assert "@import" not in digest.html
        placeholders = {
            rendering.MANAGE_URL,
            rendering.UNSUBSCRIBE_URL,
            rendering.VIEW_URL,
        }
        links = set(page.links())
        assert placeholders <= links
        assert all(
            link.startswith(f"{settings.SITE_URL}/") for link in links - placeholders
        )

    def test_writes_its_rules_into_the_elements_and_keeps_those_for_dark_mode(self):
        news()

        html = composed(reader()).html

        assert 'class="item" style="' in html
        assert "@media (prefers-color-scheme: dark)" in html
        assert '<meta name="color-scheme" content="light dark">' in html

    def test_has_a_picture_that_says_what_it_shows(self):
        news(when="2026-02-26")

        digest = composed(reader())

        [image] = digest.images
        assert image.png.startswith(b"\x89PNG")
        [picture] = [a for tag, a in Tags(digest.html).elements if tag == "img"]
        assert "1 hire and 0 departures in the last week" in picture["alt"]
        assert digest.letter.numbers[0].value == "1"
        assert digest.letter.numbers[0].change == "+1"

    def test_has_no_numbers_of_an_empty_period(self):
        news(standing="rumoured")

        digest = composed(reader("rumours=on"))

        assert digest.images == ()
        assert "<img" not in digest.html

    def test_says_when_the_numbers_are_of_an_earlier_period(self):
        news(when="2026-01-05")

        digest = composed(reader())

        assert digest.letter.period == "The week of 5 January 2026"
        assert "Nothing is on record for a later week." in digest.html

    def test_stays_below_the_size_that_is_cut_off(self):
        for number in range(MOST_SHOWN):
            news(
                person=PersonFactory(name=f"{number:03}" + "&" * 197),
                title="&" * 300,
                summary="<" * 500,
            )

        digest = composed(reader())

        assert len(digest.html.encode()) <= rendering.LARGEST
        assert 0 < len(digest.letter.items) < MOST_SHOWN
        left_out = MOST_SHOWN - len(digest.letter.items)
        assert digest.letter.more.startswith(f"and {left_out} more")
        assert sum(item.shown for item in digest.items) == len(digest.letter.items)


@pytest.mark.django_db
class TestText:
    def test_says_what_the_html_says(self):
        paid(news(title="Head of Engines"), low=2_000_000)
        subscriber = reader()
        sent(subscriber)
        with decided_by_two():
            Event.objects.update(standing="denied")
        news(person=PersonFactory(name="Bob"), at=TODAY + DAY)

        digest = composed(subscriber, at=TODAY + 7 * DAY)

        text = " ".join(digest.text.split())
        page = Tags(digest.html)
        for link in page.links():
            assert link in digest.text or link == f"{settings.SITE_URL}/"
        letter = digest.letter
        for each in (
            letter.lede,
            letter.follows,
            *(item.headline for item in letter.items),
            *(item.summary for item in letter.items),
            *(f"{each.label} · {each.day}" for each in letter.corrections),
            *(each.now for each in letter.corrections),
            *(f"{each.value} {each.label}" for each in letter.numbers),
            letter.chart,
        ):
            assert each in text

    def test_fits_a_terminal(self):
        news(summary="word " * 90, title="Vice President " * 10)
        zh = reader(language="zh-hans")

        for subscriber in (reader(), zh):
            for line in composed(subscriber).text.splitlines():
                assert width(line) <= 78 or "://" in line


@pytest.mark.django_db
class TestChinese:
    def test_holds_no_english_sentence(self):
        paid(
            news(
                title="工程主管",
                summary_zh="艾达加入英尼，主管编译器。",
                standing="confirmed",
            ),
            low=200_000_000,
            qualifier="more than",
            several_years=True,
        )
        subscriber = reader(language="zh-hans")
        sent(subscriber)
        with decided_by_two():
            Event.objects.update(standing="denied")
        news(
            person=PersonFactory(name="Bob", name_zh="鲍勃"),
            at=TODAY + DAY,
            summary_zh="鲍勃加入英尼。",
        )

        digest = composed(subscriber, at=TODAY + 7 * DAY)

        shown = [*Tags(digest.html).text.splitlines(), digest.subject, digest.preheader]
        shown += [line for line in digest.text.splitlines() if "://" not in line]
        for line in shown:
            allowed = re.sub(r"Transfer Window|\{\{\w+\}\}", "", line)
            assert not re.search(r"[A-Za-z]{2}", allowed), line
        assert digest.subject == "鲍勃加入英尼"
        assert "超过 2 亿美元，分数年支付" in digest.html
        assert "2026 年 3 月 3 日" in digest.text

    def test_shows_no_english_summary(self):
        news(summary="Only in English.", summary_zh="")

        assert "Only in English" not in composed(reader(language="zh-hans")).html

    def test_keeps_names_without_a_chinese_form(self):
        news(person=PersonFactory(name="Bob Kahn"))

        assert composed(reader(language="zh-hans")).subject == "Bob Kahn 加入英尼"

    def test_leaves_the_language_of_the_process_alone(self):
        news()

        composed(reader(language="zh-hans"))

        assert translation.get_language() == "en"

    def test_draws_its_picture_in_english_where_no_font_has_chinese(self, monkeypatch):
        drawn = []
        monkeypatch.setattr(numbers, "can_write_chinese", lambda: False)
        monkeypatch.setattr(
            numbers, "as_picture", lambda svg, **_options: drawn.append(svg) or b"png"
        )
        news(when="2026-02-26")

        composed(reader(language="zh-hans"))

        assert "hires" in drawn[0]
        assert "入职" not in drawn[0]


@pytest.mark.django_db
class TestHostileText:
    @pytest.mark.parametrize("text", HOSTILE)
    def test_is_only_text(self, text):
        person = PersonFactory(name=text, name_zh=text)
        place = OrganizationFactory(name=text, name_zh=text, other_names=[text])
        event = news(
            person=person,
            organization=place,
            counterpart=OrganizationFactory(name=text),
            title=text,
            summary=text,
            summary_zh=text,
        )
        clean = reader(f"person={person.slug}")
        sent(clean)
        with decided_by_two():
            Event.objects.filter(pk=event.pk).update(standing="denied")

        for subscriber in (
            reader(f"company={place.slug}"),
            reader("q=" + "alert", "", language="zh-hans"),
            clean,
        ):
            digest = compose(subscriber, at=TODAY + DAY)
            if digest is None:
                continue
            self.is_harmless(digest)

    def is_harmless(self, digest) -> None:
        for line in (digest.subject, digest.preheader):
            assert line == harmless(line)
            assert len(line) <= 250
        assert not re.search("[\u202a-\u202e\u2066-\u2069\r\x00\x0b]", digest.text)
        page = Tags(digest.html)
        names = {tag for tag, _attrs in page.elements}
        assert names <= {
            *("html", "head", "meta", "title", "style", "body", "div", "table"),
            *("tbody", "tr", "td", "p", "a", "span", "bdi", "h1", "h2", "strong"),
            *("br", "img"),
        }
        for _tag, attrs in page.elements:
            assert not [name for name in attrs if name.startswith("on")]
        # Each of our places is filled in once for each time that we put it there.
        assert digest.html.count("{{") == 3
        assert digest.text.count("{{") == 3
        assert page.links().count(rendering.MANAGE_URL) == 1


class TestPlainText:
    def test_breaks_no_address(self):
        address = "https://example.org/" + "x" * 100

        assert address in wrapped(f"see {address} there")

    def test_counts_a_chinese_character_as_two(self):
        lines = wrapped("中" * 60, indent="  ").splitlines()

        assert [width(line) for line in lines] == [76, 48]

    def test_begins_no_line_with_a_closing_sign(self):
        lines = wrapped("中" * 37 + "，" + "中" * 5, indent="  ").splitlines()

        assert not lines[1].strip().startswith("，")

    def test_sets_chinese_apart_from_latin(self):
        assert spaced("庞若鸣加入OpenAI，离开Meta") == "庞若鸣加入 OpenAI，离开 Meta"
        assert spaced("入职 （OpenAI）， 千问") == "入职（OpenAI），千问"


class TestLetter:
    def test_of_an_earlier_release_can_still_be_read(self):
        letter = Letter.from_json(
            {"subject": "Old", "items": [{"headline": "Ada joined Initech"}], "gone": 1}
        )

        assert letter.subject == "Old"
        assert letter.items[0].headline == "Ada joined Initech"
        assert letter.items[0].money == []
        assert letter.corrections == []


class TestChineseFont:
    def test_is_looked_for_by_drawing(self):
        assert can_write_chinese() in (True, False)
