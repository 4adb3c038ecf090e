from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Merge(models.Model):
    """Two rows found to be one: what was moved, so that it can be moved back."""

    class Kind(models.TextChoices):
        PERSON = "person", _("people")
        ORGANIZATION = "organization", _("organizations")

    kind = models.CharField(max_length=12, choices=Kind.choices)
    kept_id = models.BigIntegerField(_("kept"))
    dropped_id = models.BigIntegerField(_("merged away"))
    summary = models.CharField(max_length=500)
    moved = models.JSONField(
        default=dict,
        help_text=_("Column of a table → the ids of the rows that were moved."),
    )
    names_before = models.JSONField(default=dict)
    merged_at = models.DateTimeField()
    merged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    undone_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.summary
