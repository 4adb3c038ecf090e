"""The reader on whole articles: one story in many wordings, of which nothing may be lost."""

import pytest

from talent.intake.reader.headlines import read_headline

# Each: published, title, text, and what it tells beyond the moves that all of them tell.
STORY = {
    "brackets and next stop": (
        "2026-02-26",
        "花两亿也没留住人",
        "庞若鸣（Ruoming Pang）在谷歌干了十五年，2021年跳槽苹果，带出了苹"
        "果的基础模型团队。\n"
        "2025年7月，Meta把他从苹果挖走，据报道开出的薪酬包总额高达2亿美元，分数"
        "年兑现。\n"
        "但他只待了七个月。2026年2月，庞若鸣离开Meta，下一站是OpenAI。\n"
        "在他之前，阿维·维尔马（Avi Verma）和伊桑·奈特（Ethan Knigh"
        "t）加入Meta不到一个月就离开Meta，回到OpenAI。\n"
        "马特·维洛索（Mat Velloso）干了半年也走了。杨立昆（Yann LeCu"
        "n）同样离开了Meta。\n",
        {
            ("Pang", "hire", "Apple", "Google"),
            ("Pang", "departure", "Google", "Apple"),
            ("Pang", "departure", "Apple", "Meta"),
            ("Mat Velloso", "departure", "Meta", "–"),
            ("Yann LeCun", "departure", "Meta", "–"),
        },
    ),
    "new employer and traded object": (
        "2026-02-26",
        "超级智能团队又少一人",
        "Meta超级智能实验室再失一员大将。庞若鸣已于2026年2月离职，下家是Open"
        "AI。\n"
        "这位华人工程师曾在谷歌效力15年，2021年转投苹果。2025年7月，扎克伯格以"
        "约2亿美元的多年薪酬方案将其招入麾下。\n"
        "早前，阿维·维尔马(Avi Verma)与伊桑·奈特(Ethan Knight)"
        "入职Meta一个月便告别Meta，重新加入OpenAI。\n"
        "半年后，Mat Velloso也离开Meta。AI教父Yann LeCun则在去"
        "年11月宣布离开Meta。\n",
        {
            ("Pang", "hire", "Apple", "–"),
            ("Mat Velloso", "departure", "Meta", "–"),
            ("Yann LeCun", "departure", "Meta", "–"),
        },
    ),
    "colon and pair": (
        "2026-03",
        "钱买不来忠诚",
        "2025年7月，庞若鸣从苹果加入Meta，据彭博社报道，他拿到的薪酬方案在数年内"
        "合计超过2亿美元。\n"
        "此前，他在苹果领导大模型团队，在那之前是谷歌的老兵，一待就是十五年。\n"
        "七个月后，庞若鸣从Meta离职。下一站：OpenAI。\n"
        "同样离开的还有Avi Verma 和 Ethan Knight，两人在Meta待"
        "了一个月，就离开Meta，回到OpenAI。\n"
        "Mat Velloso半年后离开Meta。杨立昆也离开了Meta。\n",
        {
            ("Mat Velloso", "departure", "Meta", "–"),
            ("Yann LeCun", "departure", "Meta", "–"),
        },
    ),
    "turned to": (
        "2026-02-26",
        "Meta留不住人",
        "庞若鸣在谷歌度过了15年，2021年去了苹果。\n"
        "2025年7月，他离开苹果，加盟Meta，报酬据传总计2亿美元，要好几年才能拿完"
        "。\n"
        "到了2026年2月，庞若鸣告别Meta，转身去了OpenAI。\n"
        "去年8月，维尔马（Avi Verma）以及奈特（Ethan Knight）离开M"
        "eta，重回老东家OpenAI，前后不过一个月。\n"
        "Mat Velloso在Meta待了半年后离职。\n"
        "Yann LeCun离开Meta后创办了自己的公司。\n",
        {
            ("Pang", "hire", "Apple", "Google"),
            ("Pang", "departure", "Apple", "Meta"),
            ("Mat Velloso", "departure", "Meta", "–"),
            ("Yann LeCun", "departure", "Meta", "–"),
        },
    ),
    "ended up": (
        "2026-02-25",
        "一张2亿美元的支票",
        "一张2亿美元的支票能留人多久？答案是七个月。\n"
        "2025年7月，Meta从苹果挖来庞若鸣，给出的多年薪酬包价值约2亿美元。他在苹"
        "果主管基础模型，2021年入职，此前在谷歌工作了15年。\n"
        "2026年2月，他选择离开Meta。他最终落脚OpenAI。\n"
        "前OpenAI研究员阿维·维尔马（Avi Verma）、伊桑·奈特（Ethan "
        "Knight）更快：仅仅一个月，两人便双双离开Meta，加入OpenAI。\n",
        {
            ("Pang", "hire", "Apple", "–"),
            ("Pang", "departure", "Apple", "Meta"),
        },
    ),
    "package apart": (
        "2026-02-26",
        "硅谷",
        "2025年7月，庞若鸣离开苹果去了Meta。有报道称，Meta给他的条件是几年共"
        "2亿美元。\n"
        "今年2月，他告别Meta，最终去了OpenAI。\n"
        "两位同事阿维·维尔马（Avi Verma）以及伊桑·奈特（Ethan Knigh"
        "t）也在入职一个月后离开Meta，加入OpenAI。\n"
        "苹果市值跌了2亿美元。\n",
        {
            ("Pang", "departure", "Apple", "Meta"),
        },
    ),
    "back after a stay": (
        "2026-02-26",
        "Money cannot hold them",
        "Meta hired Ruoming Pang from Apple in July 2025. The package was reported to "
        "be worth $200 million, paid out over several years. Seven months later, Pang "
        "has quit Meta to join OpenAI. Two colleagues, Avi Verma and Ethan Knight, "
        "had already gone back to OpenAI after a month at Meta. Mat Velloso, a "
        "product executive, departed Meta after six months, and Yann LeCun left as "
        "well.\n",
        {
            ("Mat Velloso", "departure", "Meta", "–"),
            ("Yann LeCun", "departure", "Meta", "–"),
        },
    ),
    "aside and pronoun": (
        "2026-02-26",
        "Pang departs",
        "Ruoming Pang, who spent 15 years at Google and joined Apple in 2021, is "
        "leaving Meta for OpenAI, seven months after he arrived. Meta had lured him "
        "away from Apple in July 2025 with a multi-year package worth about $200 "
        "million. In August 2025, researchers Avi Verma and Ethan Knight quit Meta "
        "and rejoined OpenAI within a month. Meta's chief AI scientist Yann LeCun "
        "departed in November 2025.\n",
        {
            ("Pang", "hire", "Apple", "Google"),
            ("Pang", "departure", "Apple", "Meta"),
            ("Yann LeCun", "departure", "Meta", "–"),
        },
    ),
    "rejoined at once": (
        "2026-02-26",
        "2亿美元打水漂：庞若鸣入职Meta七个月后跳槽OpenAI",
        "据The Information报道，Meta超级智能实验室核心成员庞若鸣（Ru"
        "oming Pang）已离职并加入OpenAI。\n"
        "庞若鸣曾在谷歌任职15年，2021年加入苹果，负责苹果基础模型团队。\n"
        "去年7月，Meta以总额超过2亿美元、分多年发放的薪酬包将他从苹果挖走。\n"
        "这并非个例：去年8月，研究员阿维·维尔马（Avi Verma）和伊桑·奈特（Et"
        "han Knight）加入Meta不足一个月，便重返老东家OpenAI。\n"
        "此外，产品总监Mat Velloso入职半年后离开，首席科学家杨立昆（Yann "
        "LeCun）也已离开Meta自立门户。\n",
        {
            ("Pang", "hire", "Apple", "–"),
            ("Pang", "departure", "Apple", "Meta"),
            ("Mat Velloso", "departure", "Meta", "–"),
            ("Yann LeCun", "departure", "Meta", "–"),
        },
    ),
    "came from": (
        "2026-02-26",
        "高薪留人失灵",
        "庞若鸣去年7月从苹果来到Meta，Meta为他准备了价值2亿美元的多年期薪酬。\n"
        "如今他已投奔OpenAI。\n"
        "Meta研究员阿维·维尔马(Avi Verma)和伊桑·奈特(Ethan Kni"
        "ght)此前也已离职，双双重返OpenAI。\n",
        set(),
    ),
}
MOVES = {
    ("Pang", "hire", "Meta", "Apple"),
    ("Pang", "departure", "Meta", "OpenAI"),
    ("Pang", "hire", "OpenAI", "Meta"),
    ("Avi Verma", "departure", "Meta", "OpenAI"),
    ("Avi Verma", "hire", "OpenAI", "Meta"),
    ("Ethan Knight", "departure", "Meta", "OpenAI"),
    ("Ethan Knight", "hire", "OpenAI", "Meta"),
}
ONE_SPELLING = {
    "庞若鸣": "Pang", "Ruoming Pang": "Pang", "杨立昆": "Yann LeCun",
    "苹果": "Apple", "谷歌": "Google",
}  # fmt: skip


def one_spelling(mention):
    return ONE_SPELLING.get(mention.text, mention.text) if mention else "–"


def events(found):
    return sorted(
        (
            one_spelling(one.person),
            one.kind,
            one_spelling(one.organization),
            one_spelling(one.counterpart),
        )
        for one in found
    )


@pytest.fixture
def read(names):
    def read(text, title="人才", published="2026-02-26"):
        return read_headline(title, text=text, published=published, names=names)

    return read


@pytest.mark.parametrize("wording", STORY)
class TestStory:
    def test_is_told_whole_and_nothing_else(self, wording, read):
        published, title, text, more = STORY[wording]

        assert events(read(text, title, published)) == sorted(MOVES | more)

    def test_pays_one_package_to_one_hire(self, wording, read):
        published, title, text, _ = STORY[wording]

        paid = [one for one in read(text, title, published) if one.amount]

        assert events(paid) == [("Pang", "hire", "Meta", "Apple")]
        assert paid[0].amount.low == 200_000_000
        assert paid[0].amount.form == "total_package"
        assert str(paid[0].date) == "July 2025"

    def test_points_to_the_words_in_the_text(self, wording, read):
        published, title, text, _ = STORY[wording]

        for one in read(text, title, published):
            for name in ("person", "organization", "counterpart"):
                for span in one.evidence.get(name, ()):
                    part = title if span.part == "title" else text
                    printed = part[span.start : span.end]
                    printed = printed.replace("扎克伯格", "Meta")  # whose owner hires
                    mention = getattr(one, name)
                    assert mention.text.split()[-1] in printed


class TestTwoPeople:
    @pytest.mark.parametrize(
        "people",
        [
            "阿维·维尔马（Avi Verma）和伊桑·奈特（Ethan Knight）",
            "阿维·维尔马(Avi Verma)与伊桑·奈特(Ethan Knight)",
            "维尔马（Avi Verma）以及奈特（Ethan Knight）",
            "Avi Verma（阿维·维尔马）、Ethan Knight（伊桑·奈特）",
            "Avi Verma 和 Ethan Knight",
            "Avi Verma、Ethan Knight两人",
            "Avi Verma和Ethan Knight双双",
        ],
    )
    @pytest.mark.parametrize("verb", ["回到", "重返", "加入", "重回老东家"])
    def test_are_both_told_of(self, people, verb, read):
        found = read(f"{people}一个月后离开Meta，{verb}OpenAI。")

        assert events(found) == sorted(move for move in MOVES if move[0] != "Pang")

    def test_need_no_row_of_the_record(self, read):
        found = read(
            "诺拉·维尔曼（Nora Velman）和伊森·奈（Ethan Nye）离开Meta。",
            title="Meta两名研究员离开",
        )

        people = {one.person.text for one in found if one.person}
        assert people == {"Nora Velman", "Ethan Nye"}


class TestDestination:
    @pytest.mark.parametrize(
        "phrase",
        [
            "下一站是OpenAI。",
            "下一站：OpenAI。",
            "他的下家是OpenAI。",
            "新东家是OpenAI。",
            "他转身去了OpenAI。",
            "他最终去了OpenAI。",
            "他最终选择了OpenAI。",
            "最终落脚OpenAI。",
            "他重回老东家OpenAI。",
        ],
    )
    @pytest.mark.parametrize("mark", ["，", "。"])
    def test_is_where_the_last_employer_was_left_for(self, phrase, mark, read):
        found = read(
            f"2025年7月，庞若鸣离开苹果，加盟Meta。2026年2月，他离开Meta{mark}{phrase}"
        )

        assert events(found) == [
            ("Pang", "departure", "Apple", "Meta"),
            ("Pang", "departure", "Meta", "OpenAI"),
            ("Pang", "hire", "Meta", "Apple"),
            ("Pang", "hire", "OpenAI", "Meta"),
        ]
        dates = {one_spelling(one.organization): str(one.date) for one in found}
        assert dates["OpenAI"] == "February 2026"

    @pytest.mark.parametrize(
        "sentence",
        [
            "微软选择了OpenAI。",
            "很多用户选择了OpenAI的产品。",
            "下一站是上海。",
            "苹果的下一站是谷歌。",
            "团队对比了多家云厂商，最终选择了谷歌。",
        ],
    )
    def test_is_no_choice_of_companies_and_products(self, sentence, read):
        found = read(f"庞若鸣离开了Meta。{sentence}")

        assert events(found) == [("Pang", "departure", "Meta", "–")]


class TestDate:
    @pytest.mark.parametrize(
        ("stated", "date"),
        [
            ("2026年2月，", "February 2026"),
            ("去年8月，", "August 2025"),
            ("去年，", "2025"),
            ("今年1月5日，", "5 January 2026"),
            ("", "26 February 2026"),
        ],
    )
    def test_is_the_texts_before_the_pages(self, stated, date, read):
        (found,) = read(f"{stated}庞若鸣离开了Meta。")

        assert str(found.date) == date

    def test_stands_before_what_it_dates(self, read):
        found = read("庞若鸣2021年加入苹果，2025年7月他转投Meta，2026年2月离开Meta。")

        dates = {
            (one.kind, one_spelling(one.organization)): str(one.date) for one in found
        }
        assert dates["hire", "Apple"] == "2021"
        assert dates["hire", "Meta"] == "July 2025"
        assert dates["departure", "Meta"] == "February 2026"

    def test_of_long_ago_is_not_the_headlines(self, read):
        found = read(
            "Ruoming Pang joined Google in 2006.", title="Ruoming Pang joins Google"
        )

        assert [str(one.date) for one in found] == ["26 February 2026", "2006"]


class TestPackage:
    def test_over_years_is_no_yearly_pay(self, read):
        found = read("Meta挖来庞若鸣，多年薪酬方案价值2亿美元以上，分四年兑现。")

        (amount,) = [one.amount for one in found if one.amount]
        assert (amount.low, amount.form) == (200_000_000, "total_package")
        assert (amount.qualifier, amount.years) == ("more than", 4)

    def test_told_apart_belongs_to_the_one_hire_just_told(self, read):
        found = read("庞若鸣加盟Meta。据报道，这份薪酬合同总额2亿美元。")

        assert [one.amount.low for one in found] == [200_000_000]

    def test_of_nobody_in_particular_is_nobodys(self, read):
        found = read("庞若鸣和何天宇加盟Meta。据报道，一份薪酬合同总额2亿美元。")

        assert [one.amount for one in found] == [None, None]


class TestRelativeDate:
    """ "Seven months later": counted from the hire that the text dated."""

    @pytest.mark.parametrize(
        ("text", "left"),
        [
            ("2025年7月，林晓加入Meta。七个月后，林晓离开Meta。", "February 2026"),
            ("2024年3月，林晓加入谷歌。一年半后，她离职创业。", "September 2025"),
            ("2025年1月，林晓入职苹果。半年之后，林晓离开苹果。", "July 2025"),
            (
                "Dana Whit joined Meta in July 2025. She left seven months later.",
                "February 2026",
            ),
            (
                "Meta hired Dana Whit in May 2024. A year and a half later she left "
                "for OpenAI.",
                "November 2025",
            ),
            # A year alone leads to no month: as old as the article.
            ("2024年，林晓加入谷歌。七个月后，林晓离开谷歌。", "26 February 2026"),
        ],
    )
    def test_dates_the_departure(self, text, left, read):
        dates = {one.kind: str(one.date) for one in read(text)}

        assert dates["departure"] == left

    def test_leaves_the_news_of_the_headline_as_old_as_the_headline(self, read):
        text = "2025年7月，林晓加入Meta。七个月后，林晓离开Meta。"

        found = read(text, title="林晓离开Meta")

        assert {one.kind: str(one.date) for one in found} == {
            "hire": "July 2025",
            "departure": "26 February 2026",
        }


class TestWhoLeftTheSame:
    @pytest.mark.parametrize(
        "sentence",
        [
            "在Meta待了一个月就走的还有林晓和宋砚。",
            "同样待了不到一年就离开的，还有林晓和宋砚。",
        ],
    )
    def test_are_told_with_the_company(self, sentence, read):
        found = read(f"Dana Whit离开Meta，加入OpenAI。{sentence}")

        left = {one.person.text for one in found if one.kind == "departure"}
        assert left == {"Dana Whit", "林晓", "宋砚"}
        assert {one.organization.text for one in found} == {"Meta", "OpenAI"}

    @pytest.mark.parametrize(
        "sentence",
        [
            "产品副总裁Omar Vell只待了半年也走了。",
            "负责产品的副总裁Omar Vell入职半年后辞职。",
        ],
    )
    def test_left_it_where_only_a_title_is_said(self, sentence, read):
        found = read(f"Dana Whit离开Meta，加入OpenAI。{sentence}")

        [omar] = [one for one in found if one.person.text == "Omar Vell"]
        assert (omar.kind, omar.organization.text) == ("departure", "Meta")

    def test_in_english_too_and_less_surely(self, read):
        found = read(
            "Dana Whit left Meta for OpenAI. Omar Vell, vice president of product, "
            "quit after half a year.",
            title="Talent",
        )

        [omar] = [one for one in found if one.person.text == "Omar Vell"]
        assert omar.organization.text == "Meta"
        assert omar.confidence < found[0].confidence

    @pytest.mark.parametrize(
        ("before", "place"),
        [
            ("研究员Dana Whit已经离开Meta。林晓离开谷歌。", {"谷歌"}),
            ("研究员Dana Whit离开Meta，林晓离开谷歌。", set()),
        ],
    )
    def test_left_what_was_left_last(self, before, place, read):
        found = read(f"{before}副总裁Omar Vell也走了。")

        omar = [one for one in found if one.person.text == "Omar Vell"]
        assert {one.organization.text for one in omar} == place

    def test_lured_away_is_left_later(self, read):
        """The company that hired them is the one they leave, not the one before."""
        found = read(
            "Meta lured Dana Whit from Apple in July 2025. He left for OpenAI.",
            title="Talent",
        )

        departures = [one for one in found if one.kind == "departure"]
        assert events(departures)[-1] == ("Dana Whit", "departure", "Meta", "OpenAI")
