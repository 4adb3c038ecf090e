"""The record and its frozen data sets for programs: schema.org's Dataset, as JSON-LD in pages."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from talent.opendata.lists import LISTS
from talent.opendata.models import DataSet

LICENCE = "https://creativecommons.org/licenses/by/4.0/"
FORMS = (("csv", "text/csv"), ("jsonl", "application/jsonl"))


def record_data() -> dict[str, Any]:
    """The lists as they are now."""
    return {
        **dataset("Transfer Window", reverse("opendata_pages:data")),
        "distribution": [
            {
                "@type": "DataDownload",
                "name": f"{name}.{form}",
                "encodingFormat": kind,
                "contentUrl": address(reverse("opendata:export", args=[name, form])),
            }
            for name in LISTS
            for form, kind in FORMS
        ],
    }


def data_set_data(frozen: DataSet, *, file: str) -> dict[str, Any]:
    """`file` is the path of its archive."""
    path = reverse("opendata_pages:data_set", args=[frozen.name])
    return {
        **dataset(f"Transfer Window {frozen.name}", path),
        "identifier": frozen.sha256,
        "version": str(frozen.revision),
        "datePublished": frozen.frozen_at.isoformat(),
        "dateModified": frozen.made_at.isoformat(),
        "isBasedOn": address(reverse("opendata_pages:data")),
        "distribution": [
            {
                "@type": "DataDownload",
                "encodingFormat": "application/zip",
                "contentUrl": address(file),
                "contentSize": f"{frozen.size} B",
                "sha256": frozen.sha256,
            }
        ],
    }


def dataset(name: str, path: str) -> dict[str, Any]:
    return {
        "@type": "Dataset",
        "name": name,
        "description": _(
            "A public record of who joins and who leaves in AI, for how much and for how long: "
            "every line with its sources."
        ),
        "url": address(path),
        "license": LICENCE,
        "isAccessibleForFree": True,
        "creator": {
            "@type": "Organization",
            "name": "Transfer Window",
            "url": address(reverse("dashboard:home")),
        },
    }


def address(path: str) -> str:
    return f"{settings.SITE_URL}{path}"
