"""The Chinese catalogue: whole, compiled, and true to the places left open in a text.

No gettext tools are needed here; they are where the catalogue is made (`make messages`).
"""

from __future__ import annotations

import ast
import gettext
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from django.conf import settings
from django.utils.translation.template import templatize

FOLDER = settings.BASE_DIR / "locale/zh_Hans/LC_MESSAGES"
# As xgettext is told in config/management/commands/makemessages.py: what a function is
# given, and whether the first of it is a context, the second a plural.
MARKS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "lazy", "noop"), (False, False)),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (False, True)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), (True, False)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), (True, True)),
}
STRING = r"""(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
IN_TEMPLATES = re.compile(rf"\b(n?p?gettext|_)\(u?({STRING}(?:\s*,\s*u?{STRING})*)")
FIELD = re.compile(r'^(msgctxt|msgid|msgid_plural|msgstr(?:\[0\])?) (".*")$')
PLACE = re.compile(r"%(?:\(\w+\)[sd]|%)|\{\w*\}")


class Text(NamedTuple):
    context: str
    words: str
    plural: str = ""


def entries() -> dict[Text, str]:
    """The catalogue as it is written."""
    found: dict[Text, str] = {}
    for block in (FOLDER / "django.po").read_text(encoding="utf-8").split("\n\n"):
        fields: dict[str, str] = {}
        for line in block.splitlines():
            assert not line.startswith(("#, fuzzy", "#~")), line
            if field := FIELD.match(line):
                name = field[1].removesuffix("[0]")
                fields[name] = ast.literal_eval(field[2])
            elif line.startswith('"'):
                fields[name] += ast.literal_eval(line)
        if fields["msgid"]:
            text = Text(
                fields.get("msgctxt", ""),
                fields["msgid"],
                fields.get("msgid_plural", ""),
            )
            found[text] = fields["msgstr"]
    return found


@pytest.fixture(scope="module")
def catalogue() -> dict[Text, str]:
    return entries()


def texts_in_code(path: Path) -> Iterator[Text]:
    code = path.read_text(encoding="utf-8")
    # Reading the others takes most of the time.
    tree = ast.parse(code if "gettext" in code else "")
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            given = [
                each.value
                for each in node.args
                if isinstance(each, ast.Constant) and isinstance(each.value, str)
            ]
            if given and node.func.id in MARKS:
                yield text_of(node.func.id, given)


def texts_in_template(path: Path) -> Iterator[Text]:
    read = templatize(path.read_text(encoding="utf-8"), origin=str(path))
    for call in IN_TEMPLATES.finditer(read):
        yield text_of(
            call[1], [ast.literal_eval(each) for each in re.findall(STRING, call[2])]
        )


def text_of(mark: str, given: list[str]) -> Text:
    has_context, has_plural = MARKS[mark]
    context = given.pop(0) if has_context else ""
    return Text(context, given[0], given[1] if has_plural else "")


def sources(*endings: str) -> Iterator[Path]:
    for folder in ("config", "talent", "templates"):
        for ending in endings:
            yield from (settings.BASE_DIR / folder).rglob(f"*.{ending}")


def missing(used: set[Text], catalogue: dict[Text, str]) -> list[Text]:
    """Not every Python 3.11 finds a text with a plural where it stands alone."""
    return sorted(used - catalogue.keys())


class TestCatalogue:
    def test_knows_every_text_of_the_code(self, catalogue):
        """After a new text: make messages, and its Chinese."""
        used = {text for path in sources("py") for text in texts_in_code(path)}

        assert len(used) > 1000
        assert missing(used, catalogue) == []

    def test_knows_every_text_of_the_templates(self, catalogue):
        paths = list(sources("html", "svg", "txt"))

        used = {text for path in paths for text in texts_in_template(path)}

        assert len(used) > 500
        assert missing(used, catalogue) == []

    def test_has_chinese_for_every_text(self, catalogue):
        assert [text.words for text, chinese in catalogue.items() if not chinese] == []

    def test_leaves_the_same_places_open(self, catalogue):
        """Of a plural text: those of the plural, which is the only form of Chinese."""
        wrong = [
            (text.words, chinese)
            for text, chinese in catalogue.items()
            if set(PLACE.findall(chinese))
            != set(PLACE.findall(text.plural or text.words))
        ]

        assert wrong == []

    def test_is_compiled_as_it_is_written(self, catalogue):
        with (FOLDER / "django.mo").open("rb") as file:
            compiled = gettext.GNUTranslations(file)
        asked = {
            text: compiled.npgettext(text.context, text.words, text.plural, 1)
            if text.plural and text.context
            else compiled.ngettext(text.words, text.plural, 1)
            if text.plural
            else compiled.pgettext(text.context, text.words)
            if text.context
            else compiled.gettext(text.words)
            for text in catalogue
        }

        assert {t: c for t, c in asked.items() if c != (catalogue[t] or t.words)} == {}
