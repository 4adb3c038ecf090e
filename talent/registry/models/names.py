"""Finding people and organizations by any of their names, in any script and order."""

from __future__ import annotations

import re
from functools import cache
from typing import Any, Generic, Self, TypeVar

from django.db import models
from django.db.models import Case, F, Func, IntegerField, Q, Value, When
from django.db.models.lookups import PostgresOperatorLookup

ModelT = TypeVar("ModelT", bound=models.Model)

WORD = re.compile(r"[^\W_]+")
HAN = re.compile(r"[㐀-鿿豈-﫿]")
# A name has a handful of words; what is longer is not a name and would cost time.
MOST_WORDS, LONGEST_WORD = 8, 60


@models.TextField.register_lookup
class Like(PostgresOperatorLookup):
    """The pattern comes from words only (see `folded`), so it needs no escaping."""

    lookup_name = "like"
    postgres_operator = "LIKE"
    prepare_rhs = False


def search_key() -> models.GeneratedField:
    """All names in one folded text, with a space before each word.

    The SQL functions are made by the first migration; see `registry/sql/names.sql`.
    """
    return models.GeneratedField(
        expression=Func(
            F("name"), F("name_zh"), F("other_names"), function="registry_search_key"
        ),
        output_field=models.TextField(),
        db_persist=True,
    )


@cache
def converter(direction: str) -> Any:
    # Loading the tables takes a moment: only when somebody searches in Chinese.
    from opencc import OpenCC

    return OpenCC(direction)


def spellings(word: str) -> set[str]:
    """The word and, where it has Chinese characters, its simplified and traditional forms."""
    if not HAN.search(word):
        return {word}
    return {word, converter("t2s").convert(word), converter("s2t").convert(word)}


def words_of(text: str) -> list[str]:
    """The words asked for, bounded: letters and digits of any script."""
    return [word[:LONGEST_WORD] for word in WORD.findall(text[:400])][:MOST_WORDS]


def pattern(word: str, lead: str) -> Func:
    """The LIKE pattern for a word: folded as the key is, so nothing in it needs escaping."""
    # Doubled twice: once for Python's formatting, once for the database driver's.
    return Func(
        Value(word),
        function="registry_search_fold",
        template=f"'{lead.replace('%', '%%%%')}' || %(function)s(%(expressions)s) || '%%%%'",
        output_field=models.TextField(),
    )


def folded(word: str) -> Func:
    return Func(
        Value(word), function="registry_search_fold", output_field=models.TextField()
    )


def holds(word: str, *, start_only: bool = False) -> Q:
    """Rows with a word that holds this one; short and Chinese words only from a word's start.

    The key repeats the tail of each Chinese name as a word of its own, so the start of a word
    is any place in it, and the trigram index serves even a single character.
    """
    found = Q()
    for spelling in spellings(word):
        from_start = start_only or len(spelling) < 3 or HAN.search(spelling)
        found |= Q(search_key__like=pattern(spelling, "% " if from_start else "%"))
    return found


class NamesQuerySet(models.QuerySet[ModelT], Generic[ModelT]):
    def unmerged(self) -> Self:
        return self.filter(merged_into=None)

    def named(self, text: str) -> Self:
        """Rows whose names hold every word of the text, whatever the order; none for no word."""
        words = words_of(text)
        if not words:
            return self.none()
        found = Q()
        for word in words:
            found &= holds(word)
        return self.filter(found)

    def named_like(self, text: str) -> Self:
        """Rows with a name spelt like the text: for typing errors, after `named` found nothing."""
        words = " ".join(words_of(text))
        if len(words) < 4:
            return self.none()
        return self.filter(search_key__trigram_word_similar=folded(words))

    def best_first(self, text: str) -> Self:
        """Those with a word that starts like the first word of the text come first."""
        words = words_of(text)
        starts = holds(words[0], start_only=True) if words else Q(pk=None)
        return self.annotate(
            start=Case(When(starts, then=0), default=1, output_field=IntegerField())
        ).order_by("start", "name", "pk")
