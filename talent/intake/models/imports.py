from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Import(models.Model):
    """One uploaded spreadsheet: its rows as text, what the curator decided, what came of it.

    What a row becomes is not kept but worked out whenever somebody looks, because the record
    changes meanwhile. Kept are the decisions: nothing is lost by leaving the page.
    """

    class State(models.TextChoices):
        OPEN = "open", _("not imported yet")
        DONE = "done", _("imported")
        UNDONE = "undone", _("undone")

    name = models.CharField(_("file"), max_length=200)
    digest = models.CharField(max_length=64, help_text="SHA-256 of the file.")
    header: models.JSONField[list[str], list[str]] = models.JSONField()
    rows: models.JSONField[list[Any], list[Any]] = models.JSONField(
        help_text="Pairs: the number of the row in the file, the text of its cells."
    )
    columns: models.JSONField[list[str], list[str]] = models.JSONField(
        help_text="For each cell of the header the column it means, or nothing."
    )
    choices: models.JSONField[dict[str, str], dict[str, str]] = models.JSONField(
        default=dict,
        help_text="Who is meant by a name, and which rows to skip or make.",
    )
    state = models.CharField(
        _("state"), max_length=6, choices=State.choices, default=State.OPEN
    )
    uploaded_at = models.DateTimeField(_("uploaded"))
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    done_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    made: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(
        default=dict, help_text="By table, the keys of the rows it made."
    )
    context = models.UUIDField(
        null=True,
        help_text="Of the history: whatever else was written about those rows came later.",
    )

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")

    def __str__(self) -> str:
        return self.name
