"""The one thing readers make here: an embed that stays as it stood when they froze it."""

from __future__ import annotations

from typing import Any

from django.db import models


class FrozenEmbed(models.Model):
    """The finished pieces of an embed, under the digest of what they say.

    `head` stands before them and names nobody. `pieces`: of each the HTML, and the ids of whom
    and what it names: what leaves the record leaves it here too. `gone` counts those
    that a removal took away for good.
    """

    key = models.CharField(max_length=32, unique=True)
    language = models.CharField(max_length=10)
    title = models.TextField(blank=True)
    page = models.TextField(blank=True)
    look = models.CharField(max_length=10)
    styles = models.JSONField(default=list)
    height = models.PositiveIntegerField()
    head = models.TextField(blank=True)
    pieces: models.JSONField[Any, Any] = models.JSONField(default=list)
    gone = models.PositiveIntegerField(default=0)
    # Of who froze it, a digest: kept for a day.
    network = models.CharField(max_length=64, blank=True)
    frozen_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.key
