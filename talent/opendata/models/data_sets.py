from __future__ import annotations

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _


def permanent_address(name: str) -> str:
    """Of the data set, whatever the reader's language."""
    with translation.override(settings.LANGUAGE_CODE):
        return settings.SITE_URL + reverse("opendata_pages:data_set", args=[name])


class DataSetQuerySet(models.QuerySet["DataSet"]):
    def current(self) -> Self:
        """Of each name the revision that holds: the newest."""
        return self.filter(superseded_at=None)

    def newest_first(self) -> Self:
        return self.order_by("-frozen_at", "-pk")

    def holding(self, changed_at: datetime) -> Self:
        """Those that hold the record as it was left at that time, or later."""
        return self.filter(record_at__gte=changed_at)


class DataSet(models.Model):
    """One revision of a frozen data set: a file that stays what it is.

    A name has one current revision. Another one follows only where somebody was removed from
    the record for good: their right goes before the file's permanence, and the page says so.
    """

    name = models.SlugField(
        _("name"),
        max_length=20,
        help_text=_("The last part of its address: 2026-11, or 2026-11-24 on demand."),
    )
    revision = models.PositiveSmallIntegerField(_("revision"), default=1)
    record_at = models.DateTimeField(
        _("record as of"), help_text=_("The newest change of the record it holds.")
    )
    frozen_at = models.DateTimeField(
        _("frozen"), help_text=_("When the record was written down: revisions keep it.")
    )
    made_at = models.DateTimeField(_("made"), help_text=_("When this file was."))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    size = models.BigIntegerField(_("bytes"))
    files = models.JSONField(
        _("files"),
        default=list,
        help_text=_("Of each file in it: name, rows, bytes, sha256."),
    )
    changes = models.JSONField(
        _("changes"),
        default=dict,
        help_text=_("Since which one, and rows added, changed and gone, by file."),
    )
    removals = models.IntegerField(
        _("removals"),
        default=0,
        help_text=_(
            "How many removals the record knew when it was last looked through."
        ),
    )
    superseded_at = models.DateTimeField(_("superseded"), null=True, blank=True)

    objects = DataSetQuerySet.as_manager()

    class Meta:
        verbose_name = _("data set")
        verbose_name_plural = _("data sets")
        constraints = [
            models.UniqueConstraint("name", "revision", name="data_set_revision_once"),
            models.UniqueConstraint(
                "name", name="data_set_one_current", condition=Q(superseded_at=None)
            ),
        ]
        indexes = [models.Index("frozen_at", name="data_set_newest")]

    def __str__(self) -> str:
        return self.name if self.revision == 1 else f"{self.name} r{self.revision}"

    def get_absolute_url(self) -> str:
        return reverse("opendata_pages:data_set", args=[self.name])

    @property
    def permanent_address(self) -> str:
        return permanent_address(self.name)

    @property
    def file_name(self) -> str:
        """Says the revision, so that two files never share a name."""
        part = f"-r{self.revision}" if self.revision > 1 else ""
        return f"transfer-window-{self.name}{part}.zip"

    def rows_of(self, file: str) -> int:
        return int(
            next((each["rows"] for each in self.files if each["name"] == file), 0)
        )
