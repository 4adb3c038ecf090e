"""The columns a spreadsheet of events may have, and the headers that name them."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from talent.registry.models import Event, Package, Reading
from talent.registry.models.organizations import Seat
from talent.registry.models.pay import Qualifier
from talent.registry.models.states import Standing

# Words for the values of a column: those of the record itself, and what people write.
KINDS = {
    "hire": "hire", "hired": "hire", "joined": "hire", "join": "hire", "in": "hire",
    "入职": "hire", "加入": "hire", "加盟": "hire",
    "departure": "departure", "departed": "departure", "left": "departure",
    "leave": "departure", "out": "departure", "离职": "departure", "离开": "departure",
}  # fmt: skip
YES = {"yes", "y", "true", "1", "x", "✓", "是", "对"}
NO = {"", "no", "n", "false", "0", "否", "不"}
STANDINGS = {
    "传闻": "rumoured", "rumored": "rumoured", "rumor": "rumoured", "rumour": "rumoured",
    "报道": "reported", "证实": "confirmed", "确认": "confirmed", "否认": "denied",
}  # fmt: skip
BASES = {"宣布": "announced", "报道": "reported", "生效": "effective"}


def words(choices: Any, more: dict[str, str] | None = None) -> dict[str, str]:
    return {**{value: value for value in choices.values}, **(more or {})}


@dataclass(frozen=True)
class Column:
    name: str
    label: Any
    help: Any
    headers: tuple[str, ...] = ()
    required: bool = False
    # What the cell may say, folded, and what it means.
    meanings: dict[str, str] | None = None
    longest: int = 0


COLUMNS = (
    Column(
        "kind", _("Kind"), _("“hire” or “departure”; joined, left, 入职, 离职 do too."),
        ("type", "event", "类型", "事件", "动作"), required=True, meanings=KINDS,
    ),
    Column(
        "person", _("Person"), _("Any of their names, or their address in the record."),
        ("name", "who", "person name", "姓名", "人物", "人"), required=True, longest=200,
    ),
    Column(
        "person_zh", _("Person in Chinese"),
        _("Their Chinese name: tells namesakes apart, and is kept of somebody new."),
        ("name_zh", "chinese name", "中文名", "中文姓名"), longest=200,
    ),
    Column(
        "organization", _("Organization"),
        _("Joined (hire) or left (departure): any of its names, or its address."),
        ("company", "employer", "org", "公司", "机构", "组织", "单位"),
        required=True, longest=200,
    ),
    Column(
        "counterpart", _("From / to"),
        _("Where a hire came from, where somebody who left went to. Only if stated."),
        ("from", "to", "from / to", "from/to", "previous", "next", "来自", "去向", "对方"),
        longest=200,
    ),
    Column(
        "seat", _("Seat"),
        _("Of an organization the record does not know: %(seats)s. Empty: other."),
        ("席位", "类别"), meanings=words(Seat),
    ),
    Column(
        "date", _("Date"),
        _("As precisely as it is known: 2025, 2025-Q3, 2025-07, 2025-07-07, 2025年7月."),
        ("when", "day", "happened_on", "日期", "时间"), required=True,
    ),
    Column(
        "date_basis", _("What the date says"), _("announced, reported (if empty), effective."),
        ("basis", "日期依据"), meanings=words(Event.DateBasis, BASES),
    ),
    Column(
        "title", _("Title"), _("The post, as the source gives it."),
        ("post", "position", "role", "职位", "职务"), longest=300,
    ),
    Column("team", _("Team"), _("A team that has no page of its own."), ("团队",), longest=200),
    Column(
        "standing", _("Standing"), _("rumoured, reported (if empty), confirmed."),
        ("status", "可信度", "状态"),
        meanings={**words(Standing, STANDINGS)},
    ),
    Column("founder", _("Founder"), _("yes, if they founded what they joined."), ("创始人",)),
    Column(
        "never_started", _("Never started"), _("yes, if they never took it up."),
        ("never started", "未入职"),
    ),
    Column(
        "stated_return", _("Return"), _("yes, if a source says they had been there before."),
        ("return", "returned", "回归"),
    ),
    Column(
        "background", _("Background"), _("yes, if it only fills a career and is no news."),
        ("背景",),
    ),
    Column("summary", _("Summary"), _("One sentence in our own words."), ("摘要",), longest=500),
    Column(
        "summary_zh", _("Summary in Chinese"), _("The same sentence in Chinese."),
        ("中文摘要",), longest=500,
    ),
    Column(
        "sources", _("Sources"),
        _("Web addresses, with a space, “;” or a new line between them."),
        ("source", "url", "urls", "link", "links", "来源", "链接", "网址"),
    ),
    Column(
        "amount", _("Amount"),
        _("Of a hire's package, as stated: 250,000, 200M, 2亿, or a range 100M–200M."),
        ("pay", "package", "compensation", "金额", "薪酬", "待遇"),
    ),
    Column("currency", _("Currency"), _("ISO 4217 code; empty: USD."), ("币种", "货币")),
    Column(
        "form", _("Form"), _("%(forms)s; empty: total_package."), ("pay form", "形式"),
        meanings=words(Reading.Form),
    ),
    Column(
        "qualifier", _("Qualifier"), _("more than, about, up to, exactly."), ("修饰",),
        meanings=words(
            Qualifier, {"超过": "more than", "约": "about", "最多": "up to"}
        ),
    ),
    Column(
        "years", _("Years"), _("Over how many years, only if the source says so."),
        ("over years", "年数", "年限"),
    ),
    Column(
        "outcome", _("Outcome"), _("%(outcomes)s; empty: accepted."), ("offer outcome", "结果"),
        meanings=words(Package.Outcome),
    ),
)  # fmt: skip
BY_NAME = {column.name: column for column in COLUMNS}
REQUIRED = tuple(column for column in COLUMNS if column.required)
HELD = {
    "seats": ", ".join(Seat.values),
    "forms": ", ".join(Reading.Form.values),
    "outcomes": ", ".join(Package.Outcome.values),
}


def help_of(column: Column) -> str:
    return str(column.help) % HELD if "%(" in str(column.help) else str(column.help)


def folded(text: str) -> str:
    """What two people who mean one word write alike."""
    text = unicodedata.normalize("NFKC", text).strip().casefold()
    return re.sub(r"[\s_\-]+", " ", text)


HEADERS = {
    folded(header): column.name
    for column in COLUMNS
    for header in (*column.headers, column.name)
}


def columns_named(header: list[str]) -> list[str]:
    """The column each cell of a header means, "" for none; each column once."""
    named: list[str] = []
    for cell in header:
        # "From (company)" and "日期 (as known)": the note is not the name.
        words = folded(re.sub(r"[(（\[].*", "", cell[:200]))
        name = HEADERS.get(words, "")
        named.append("" if name in named else name)
    return named


EXAMPLES = (
    {
        "kind": "hire", "person": "Ada Example", "person_zh": "示例", "organization":
        "Example Labs", "counterpart": "Sample Corp", "seat": "frontier_lab", "date":
        "2025-07", "title": "Research scientist", "standing": "reported", "sources":
        "https://news.example/ada-joins", "amount": "200M", "currency": "USD",
        "form": "total_package", "years": "4",
    },
    {
        "kind": "departure", "person": "Ada Example", "organization": "Sample Corp",
        "counterpart": "Example Labs", "date": "2025-06-30", "date_basis": "effective",
        "sources": "https://news.example/ada-leaves",
    },
)  # fmt: skip
