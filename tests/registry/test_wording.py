"""The record in the reader's language: names, reasons, sentences, headings of lists."""

import pytest
from django.http import QueryDict
from django.utils import translation

from talent.registry.filters import EventFilter
from talent.registry.wording import called, name_of, sentence
from tests.factories import (
    EventFactory,
    OrganizationFactory,
    PersonFactory,
    ReasonFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def in_chinese():
    with translation.override("zh-hans"):
        yield


class TestNames:
    def test_are_in_the_script_of_the_reader(self, in_chinese):
        assert name_of(PersonFactory(name="Hong Xiao", name_zh="小红")) == "小红"

    def test_are_latin_where_no_other_is_known(self, in_chinese):
        assert name_of(OrganizationFactory(name="Acme", name_zh="")) == "Acme"

    def test_are_latin_in_english(self):
        assert name_of(PersonFactory(name="Hong Xiao", name_zh="小红")) == "Hong Xiao"


class TestReasons:
    @pytest.mark.parametrize(
        ("name", "name_zh", "shown"),
        [
            ("layoff", "", "裁员"),
            ("layoff", "被裁", "被裁"),
            ("better coffee", "", "better coffee"),
        ],
    )
    def test_are_told_in_chinese_if_anybody_knows_how(
        self, in_chinese, name, name_zh, shown
    ):
        assert called(ReasonFactory(name=name, name_zh=name_zh)) == shown


class TestSentences:
    def test_are_set_as_chinese_is(self, in_chinese):
        event = EventFactory(
            person__name_zh="小红",
            organization__name="Acme",
            organization__name_zh="",
            counterpart=OrganizationFactory(name="Initech", name_zh=""),
        )

        assert sentence(event) == "小红从 Initech 加入 Acme"


class TestHeadings:
    @pytest.mark.parametrize(
        ("query", "heading"),
        [
            ("kind=hire&company=acme", "入职：Acme"),
            ("kind=departure&to=acme&since=2025", "离职，去往Acme，自 2025 年起"),
            (
                "company=acme&since=2025-07&until=2025-07",
                "入职与离职：Acme，2025 年 7 月",
            ),
            ("q=agents&rumours=on", "入职与离职，含“agents”，含传闻"),
        ],
    )
    def test_follow_each_other_as_chinese_does(self, in_chinese, query, heading):
        EventFactory(
            published=True, organization__name="Acme", organization__slug="acme"
        )

        assert EventFilter(QueryDict(query)).description() == heading
