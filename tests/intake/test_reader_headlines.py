"""The reader on single headlines and on the labelled ones. People are invented."""

import json
from datetime import date
from pathlib import Path

import pytest

from talent.common.partial_dates import PartialDate, Precision
from talent.intake.reader.headlines import read_headline
from talent.intake.reader.scoring import score

LABELLED = Path(__file__).parents[2] / "talent/intake/data/headlines.jsonl"
INVENTED = Path(__file__).parent / "headlines.jsonl"
# Written later than most of the reader, in the manner of other papers.
LATER = Path(__file__).parent / "more_headlines.jsonl"


@pytest.fixture
def told(names):
    """What a headline announces, briefly: (person, kind, organization, counterpart)."""

    def read(title, **more):
        return sorted(
            (
                found.person.text if found.person else "–",
                found.kind,
                found.organization.text,
                found.counterpart.text if found.counterpart else "–",
            )
            for found in read_headline(title, names=names, **more)
        )

    return read


class TestLabelledHeadlines:
    @pytest.mark.parametrize(
        "file", [LABELLED, INVENTED, LATER], ids=["real", "invented", "later"]
    )
    def test_are_read_as_well_as_we_promise(self, file, names):
        lines = file.read_text(encoding="utf-8").splitlines()

        result = score(map(json.loads, lines), names)

        assert result.found.good >= result.found.all * 0.85
        assert result.sound.good >= result.sound.all * 0.95
        assert result.right["person"].good >= result.right["person"].all * 0.9
        assert (
            result.right["organization"].good >= result.right["organization"].all * 0.9
        )
        assert result.found.all > 70


class TestEnglishHeadline:
    @pytest.mark.parametrize(
        ("title", "events"),
        [
            # Who, in which place of the sentence.
            (
                "Anthropic hires Mara Lindqvist",
                [("Mara Lindqvist", "hire", "Anthropic", "–")],
            ),
            (
                "Mara Lindqvist joins Anthropic",
                [("Mara Lindqvist", "hire", "Anthropic", "–")],
            ),
            (
                "Mara Lindqvist named CTO of Zoox",
                [("Mara Lindqvist", "hire", "Zoox", "–")],
            ),
            (
                "Zoox names Mara Lindqvist CTO",
                [("Mara Lindqvist", "hire", "Zoox", "–")],
            ),
            (
                "Mara Lindqvist is out at OpenAI",
                [("Mara Lindqvist", "departure", "OpenAI", "–")],
            ),
            ("OpenAI’s safety lead steps down", [("–", "departure", "OpenAI", "–")]),
            ("Siri chief resigns", [("–", "departure", "Apple", "–")]),
            # Where from: now, once, and by a preposition.
            (
                "Ex-Google engineer Mara Lindqvist joins OpenAI",
                [("Mara Lindqvist", "hire", "OpenAI", "Google")],
            ),
            (
                "Mara Lindqvist, who led robotics at Tesla, joins OpenAI",
                [("Mara Lindqvist", "hire", "OpenAI", "Tesla")],
            ),
            (
                "OpenAI hires Mara Lindqvist from Tesla as head of robotics",
                [("Mara Lindqvist", "hire", "OpenAI", "Tesla")],
            ),
            # Changing sides is both ends.
            (
                "Mara Lindqvist leaves Apple for Meta",
                [
                    ("Mara Lindqvist", "departure", "Apple", "Meta"),
                    ("Mara Lindqvist", "hire", "Meta", "Apple"),
                ],
            ),
            (
                "Apple loses another researcher to Meta",
                [("–", "departure", "Apple", "Meta"), ("–", "hire", "Meta", "Apple")],
            ),
            (
                "Mara Lindqvist leaves DeepMind to found Lattice Minds",
                [
                    ("Mara Lindqvist", "departure", "DeepMind", "Lattice Minds"),
                    ("Mara Lindqvist", "hire", "Lattice Minds", "DeepMind"),
                ],
            ),
            # Several people, split.
            (
                "Meta hires three OpenAI researchers: Ana Lee, Bo Ek and Cy van der Berg",
                [
                    ("Ana Lee", "hire", "Meta", "OpenAI"),
                    ("Bo Ek", "hire", "Meta", "OpenAI"),
                    ("Cy van der Berg", "hire", "Meta", "OpenAI"),
                ],
            ),
            (
                "OpenAI CTO Ana Lee departs, and two top researchers follow",
                [
                    ("Ana Lee", "departure", "OpenAI", "–"),
                    ("–", "departure", "OpenAI", "–"),
                ],
            ),
            # Owners stand for their companies.
            ("Zuckerberg poaches Ana Lee", [("Ana Lee", "hire", "Meta", "–")]),
            # An aside between the name and the verb.
            (
                "Ana Lee, Gemini co-lead at Google, joins OpenAI",
                [("Ana Lee", "hire", "OpenAI", "Google")],
            ),
        ],
    )
    def test_tells_who_moves_where(self, title, events, told):
        assert told(title) == events

    @pytest.mark.parametrize(
        "title",
        [
            "Ana Lee did not leave OpenAI",
            "OpenAI denies that Ana Lee is leaving",
            "Apple considers hiring Ana Lee from Google",
            "OpenAI in talks to hire Ana Lee",
            "Meta tried to poach Ana Lee from OpenAI",
            "Should OpenAI hire Ana Lee?",
            "Ana Lee rejected Meta's billion-dollar offer",
            "Google names its new AI model Gemini 3",
            "Microsoft joins the AI chip race",
            "ChatGPT outage leaves users frustrated",
            "Anthropic joins forces with Palantir",
            "Meta acquires voice startup PlayAI",
            "OpenAI signs $300 billion cloud deal with Oracle",
            "Meta lays off 600 workers in AI unit",
            "xAI sues former engineer for stealing trade secrets",
            "Ana Lee joins Anthropic's board",
            "Nvidia joins $5 trillion club",
            "Copilot moves to GPT-5",
            "",
        ],
    )
    def test_announces_nothing_where_nobody_moves(self, title, told):
        assert told(title) == []

    def test_tells_a_rumour_from_a_report(self, names):
        heard, said = (
            read_headline(title, names=names)[0]
            for title in ("Ana Lee reportedly joins Meta", "Ana Lee joins Meta")
        )

        assert (heard.standing, said.standing) == ("rumoured", "reported")
        assert heard.confidence < said.confidence

    def test_gives_the_words_behind_each_field(self, names):
        title = "Meta hires Ana Lee from OpenAI for $250 million over four years"

        (found,) = read_headline(title, names=names)

        words = {
            name: title[span.start : span.end].strip()
            for name, (span,) in found.evidence.items()
        }
        assert words == {
            "kind": "hires",
            "person": "Ana Lee",
            "organization": "Meta",
            "counterpart": "OpenAI",
            "amount": "$250 million",
        }

    def test_reads_pay_over_years_as_one_package(self, names):
        title = "Meta lands Ana Lee with $250 million over four years"

        (found,) = read_headline(title, names=names)

        assert found.amount is not None
        assert found.amount.low == 250_000_000
        assert found.amount.form == "total_package"
        assert found.amount.years == 4

    @pytest.mark.parametrize(
        "title",
        [
            "Ana Lee leaves $12B AI startup to join Meta",
            "Ana Lee joins Meta after turning down $1.5B offer",
            "Meta hires Ana Lee, who raised $30 million",
        ],
    )
    def test_takes_no_other_money_for_pay(self, title, names):
        assert {found.amount for found in read_headline(title, names=names)} == {None}

    def test_gives_the_post(self, names):
        (found,) = read_headline("Meta hires Ana Lee as chief scientist", names=names)

        assert found.title is not None
        assert found.title.text == "chief scientist"

    def test_points_to_every_namesake_of_the_record(self, names):
        (found,) = read_headline("Shunyu Yao joins Figure AI", names=names)

        assert found.person is not None
        assert len(found.person.slugs) == 2

    def test_is_dated_when_the_page_is(self, names):
        (found,) = read_headline("Ana Lee joins Meta", published="2026-02", names=names)

        assert found.date == PartialDate(date(2026, 2, 1), Precision.MONTH)

    def test_is_undated_when_the_page_gives_no_date(self, names):
        (found,) = read_headline(
            "Ana Lee joins Meta", published="last week", names=names
        )

        assert found.date is None


class TestChineseHeadline:
    @pytest.mark.parametrize(
        ("title", "events"),
        [
            ("前谷歌研究员何天宇加盟智谱", [("何天宇", "hire", "智谱", "谷歌")]),
            (
                "晚点独家丨字节Seed视觉负责人冯远离职",
                [("冯远", "departure", "字节", "–")],
            ),
            (
                "苹果大模型负责人被Meta挖走",
                [("–", "departure", "苹果", "Meta"), ("–", "hire", "Meta", "苹果")],
            ),
            (
                "字节跳动从谷歌挖来吴永远",
                [
                    ("吴永远", "departure", "谷歌", "字节跳动"),
                    ("吴永远", "hire", "字节跳动", "谷歌"),
                ],
            ),
            (
                "Meta聘请三名OpenAI研究员:陈立群、周牧之、欧阳晓峰",
                [
                    ("周牧之", "hire", "Meta", "OpenAI"),
                    ("欧阳晓峰", "hire", "Meta", "OpenAI"),
                    ("陈立群", "hire", "Meta", "OpenAI"),
                ],
            ),
            (
                "庞若明上任仅7个月就离开Meta,转投OpenAI",
                [
                    ("庞若明", "departure", "Meta", "OpenAI"),
                    ("庞若明", "hire", "OpenAI", "Meta"),
                ],
            ),
            (
                "OpenAI首席研究官马克·威廉姆斯辞职",
                [("马克·威廉姆斯", "departure", "OpenAI", "–")],
            ),
            (
                "英特尔CTO萨钦·卡蒂亚加入OpenAI",
                [("萨钦·卡蒂亚", "hire", "OpenAI", "英特尔")],
            ),
            ("雷军千万年薪挖角AI天才少女罗芳莉", [("罗芳莉", "hire", "小米", "–")]),
            (
                "離開阿里後,賈揚青創辦Lepton",
                [
                    ("賈揚青", "departure", "阿里", "Lepton"),
                    ("賈揚青", "hire", "Lepton", "阿里"),
                ],
            ),
        ],
    )
    def test_tells_who_moves_where(self, title, events, told):
        assert told(title) == events

    @pytest.mark.parametrize(
        "title",
        [
            "字节跳动否认周畅远离职",
            "阿里回应千问负责人离职传闻:不实",
            "腾讯拟引进OpenAI高管",
            "苹果或将聘请新AI主管",
            "扎克伯格试图挖角Thinking Machines被拒",
            "奥特曼会离开OpenAI吗?",
            "小米汽车加入价格战",
            "特斯拉指控前工程师窃取机密加入竞争对手",
            "吴远达加入亚马逊董事会",
            "年轻干部挂帅 百度新设两个大模型研发部",
            "谷歌发布Gemini 3,跑分第一",
        ],
    )
    def test_announces_nothing_where_nobody_moves(self, title, told):
        assert told(title) == []

    def test_calls_hearsay_a_rumour(self, names):
        (found, *_) = read_headline("传蔚来副总裁白宇航加入小米", names=names)

        assert found.standing == "rumoured"

    def test_reads_sums_in_chinese_units(self, names):
        found = read_headline("2亿美元!Meta抢走苹果AI主管何天宇", names=names)

        paid = {
            one.kind: one.amount and (one.amount.currency, one.amount.low)
            for one in found
        }
        assert paid == {"hire": ("USD", 200_000_000), "departure": None}


class TestArticle:
    PANG = (
        "硅谷这一年最贵的一次挖角,只维持了七个月。\n"
        "庞若鸣在谷歌工作多年,2021年加入苹果,负责基础模型团队。2025年7月,扎克伯格亲自出手,"
        "用一份总额约2亿美元、分多年兑现的薪酬方案把他从苹果挖到Meta。\n"
        "然而仅仅七个月之后,庞若鸣便离开Meta,转投OpenAI。\n"
        "他不是第一个。此前,Avi Verma和Ethan Knight在Meta只待了一个月就离开,重返OpenAI。\n"
    )

    def test_in_chinese_tells_all_its_moves(self, names, told):
        events = told("钱能买来人,留不住人", text=self.PANG, published="2026-02-26")

        assert {
            ("庞若鸣", "hire", "Meta", "苹果"),
            ("庞若鸣", "departure", "Meta", "OpenAI"),
            ("庞若鸣", "hire", "OpenAI", "Meta"),
            ("Avi Verma", "departure", "Meta", "OpenAI"),
            ("Ethan Knight", "departure", "Meta", "OpenAI"),
        } <= set(events)

    def test_gives_a_package_to_the_hire_it_was_paid_for(self, names):
        found = read_headline("钱能买来人", text=self.PANG, names=names)

        paid = [one for one in found if one.amount]
        assert [(one.kind, one.organization.text) for one in paid] == [("hire", "Meta")]
        assert paid[0].amount is not None
        assert paid[0].amount.low == 200_000_000
        assert paid[0].amount.form == "total_package"
        assert paid[0].amount.qualifier == "about"

    def test_dates_what_it_dates(self, names):
        found = read_headline(
            "钱能买来人", text=self.PANG, published="2026-02-26", names=names
        )

        dates = {one.organization.text: one.date for one in found if one.kind == "hire"}
        assert dates["苹果"] == PartialDate(date(2021, 1, 1), Precision.YEAR)
        assert dates["Meta"] == PartialDate(date(2025, 7, 1), Precision.MONTH)

    def test_points_to_the_words_in_the_text(self, names):
        found = read_headline("钱能买来人", text=self.PANG, names=names)

        for one in found:
            (span,) = one.evidence["organization"]
            assert span.part == "text"
            printed = self.PANG[span.start : span.end]
            assert printed == one.organization.text

    def test_knows_a_last_name_it_introduced(self, told):
        text = (
            "Maria Lopez-Garcia has left Hugging Face after three years. "
            "A colleague, Tom Ritter, left Zoox in May. "
            "Lopez-Garcia is joining Mistral AI."
        )

        events = told("A departure in Paris", text=text)

        assert events == [
            ("Maria Lopez-Garcia", "departure", "Hugging Face", "Mistral AI"),
            ("Maria Lopez-Garcia", "hire", "Mistral AI", "Hugging Face"),
            ("Tom Ritter", "departure", "Zoox", "–"),
        ]

    def test_of_product_news_tells_nothing(self, told):
        text = "The new chip is twice as fast. Rival AMD hired several engineers last year."

        assert told("Nvidia unveils its next chip", text=text) == []


class TestEndlessInput:
    @pytest.mark.parametrize(
        "piece",
        ["a", "A ", "hires ", "Meta hires ", "Ana Lee, ", "Ana Lee and ", "$1,000", "1,",
         "亿", "挖走", "张三、", "离开", "诺·", "(", "'s ", "from Meta ", "。", ". ", "王云鹤",
         "-", "\n"],
    )  # fmt: skip
    def test_is_cut_before_it_is_read(self, piece, names):
        endless = piece * (100_000 // len(piece))

        found = read_headline(endless, text=endless, names=names)

        assert len(found) < 200
