"""How sure the record is of an event, and who may see it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Standing(models.TextChoices):
    RUMOURED = "rumoured", _("rumoured")
    REPORTED = "reported", _("reported")
    CONFIRMED = "confirmed", _("confirmed")
    DENIED = "denied", _("denied")


COUNTED = (Standing.REPORTED, Standing.CONFIRMED)


class Status(models.TextChoices):
    DRAFT = "draft", _("draft")
    PUBLISHED = "published", _("published")
    WITHDRAWN = "withdrawn", _("withdrawn")
