"""How to cite a page: in words, for BibTeX and for CSL, with the data set that holds what it says.

A page changes with the record. So each citation names the day of the record it saw, and the
frozen data set (`frozen`) that still says the same when the page does not.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Subquery
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from talent.common.partial_dates import PartialDate
from talent.opendata.models import DataSet
from talent.registry.models import (
    Event,
    Generation,
    Organization,
    Package,
    Person,
    Wave,
)
from talent.registry.wording import in_script, name_of, sentence

AUTHOR = "Transfer Window"
# Pages of figures and lists by the names of their URLs.
PAGES = {
    "dashboard:home": lazy("Who moved in AI"),
    "dashboard:event_list": lazy("Events"),
    "dashboard:moves": lazy("Moves"),
    "dashboard:move_list": lazy("List of moves"),
    "dashboard:seats": lazy("Seats"),
    "dashboard:stays": lazy("Stay or leave"),
    "dashboard:stint_list": lazy("Stints"),
    "dashboard:pay": lazy("Pay"),
    "dashboard:pay_packages": lazy("Packages"),
    "dashboard:pay_reasons": lazy("Moves by stated reason"),
    "dashboard:pay_deals": lazy("Company deals"),
}
Thing = Event | Person | Organization | Wave | DataSet


@dataclass(frozen=True, slots=True)
class Reference:
    """What a citation says. `frozen`: the newest data set; `holds`: with the page as it is."""

    key: str
    title: str
    address: str
    record_at: datetime
    frozen: DataSet | None
    holds: bool
    is_data_set: bool = False

    def in_words(self) -> str:
        """As the APA cites a page of an organization, in the reader's language."""
        said = {
            "title": self.title,
            "day": str(PartialDate(self.record_at.date())),
            "address": self.address,
        }
        if self.is_data_set:
            pattern = _("Transfer Window. (%(day)s). %(title)s [Data set]. %(address)s")
        else:
            pattern = _("Transfer Window. (%(day)s). %(title)s. %(address)s")
        return " ".join(part for part in (pattern % said, self.where_frozen()) if part)

    def where_frozen(self) -> str:
        if self.frozen is None or self.is_data_set:
            return ""
        said = {"name": self.frozen.name, "address": self.frozen.permanent_address}
        if self.holds:
            return _("Frozen in data set %(name)s: %(address)s") % said
        said["day"] = str(PartialDate(self.frozen.record_at.date()))
        return _("Last frozen as of %(day)s, in data set %(name)s: %(address)s") % said

    def bibtex(self) -> str:
        """Classic BibTeX, UTF-8; biblatex reads it too."""
        note = [f"Record as of {self.record_at:%Y-%m-%d}"]
        if self.frozen and not self.is_data_set:
            kept = "Frozen in" if self.holds else "Last frozen in"
            note.append(
                f"{kept} data set {self.frozen.name}: "
                rf"\url{{{in_url(self.frozen.permanent_address)}}}"
            )
        fields = {
            "author": f"{{{AUTHOR}}}",
            "title": f"{{{escaped(self.title)}}}",
            "year": f"{self.record_at:%Y}",
            "month": f"{self.record_at:%b}".lower(),
            "howpublished": rf"\url{{{in_url(self.address)}}}",
            "url": in_url(self.address),
            "note": ". ".join(note),
        }
        if self.is_data_set and self.frozen:
            fields["version"] = str(self.frozen)
        # A month is one of BibTeX's own words, and stands bare.
        lines = [
            f"  {name} = {value if name == 'month' else f'{{{value}}}'},"
            for name, value in fields.items()
        ]
        return "\n".join([f"@misc{{{self.key},", *lines, "}", ""])

    def csl(self) -> list[dict[str, Any]]:
        """CSL-JSON (citationstyles.org, csl-data.json), for Zotero, pandoc and others."""
        day = self.record_at
        item: dict[str, Any] = {
            "id": self.key,
            "type": "dataset" if self.is_data_set else "webpage",
            "title": self.title,
            "author": [{"literal": AUTHOR}],
            "publisher": AUTHOR,
            "issued": {"date-parts": [[day.year, day.month, day.day]]},
            "URL": self.address,
            "language": language_tag(),
        }
        if self.is_data_set and self.frozen:
            return [{**item, "version": str(self.frozen)}]
        item["container-title"] = AUTHOR
        if self.frozen:
            item["archive"] = f"{AUTHOR}, data set {self.frozen.name}"
            item["archive_location"] = self.frozen.permanent_address
        return [{**item, "note": f"Record as of {day:%Y-%m-%d}"}]

    def csl_text(self) -> str:
        return json.dumps(self.csl(), ensure_ascii=False, indent=2)


# -- What is cited -----------------------------------------------------------------------


def reference_to(thing: Thing) -> Reference:
    """Two queries."""
    if isinstance(thing, DataSet):
        return to_data_set(thing)
    match thing:
        case Event():
            kind = "event"
            title = _("%(told)s, %(day)s") % {
                "told": sentence(thing),
                "day": thing.date,
            }
        case Person():
            kind, title = "person", _("%(name)s: career") % {"name": name_of(thing)}
        case Organization():
            kind = "organization"
            title = _("%(name)s: arrivals and departures") % {"name": name_of(thing)}
        case _:
            kind, title = "wave", in_script(thing.title, thing.title_zh)
    address = settings.SITE_URL + thing.get_absolute_url()
    slug = address.rstrip("/").rsplit("/", 1)[-1]
    return frozen_with(f"{kind}-{slug}", title, address, thing=thing)


def reference_to_page(name: str, path: str) -> Reference:
    """A page of figures, or a list, with the filter in its address."""
    key = name.partition(":")[2].replace("_", "-")
    return frozen_with(key, str(PAGES[name]), settings.SITE_URL + path)


def to_data_set(data_set: DataSet) -> Reference:
    title = _("Transfer Window, data set %(name)s") % {"name": data_set.name}
    return Reference(
        key=f"transfer-window-data-{data_set.name}",
        title=title,
        address=data_set.permanent_address,
        record_at=data_set.record_at,
        frozen=data_set,
        holds=True,
        is_data_set=True,
    )


def frozen_with(
    key: str, title: str, address: str, *, thing: Thing | None = None
) -> Reference:
    """With the newest data set. Where nobody knows when a thing changed last, the record did."""
    state = Generation.objects.annotate(**last_changes(thing)).first()
    record_at = state.changed_at if state else datetime.now().astimezone()
    changed_at = last_change(thing, state)
    frozen = DataSet.objects.current().newest_first().first()
    return Reference(
        key=f"transfer-window-{key}",
        title=title,
        address=address,
        record_at=record_at,
        frozen=frozen,
        holds=bool(frozen and frozen.record_at >= (changed_at or record_at)),
    )


def last_changes(thing: Thing | None) -> dict[str, Subquery]:
    """Of the rows that a person's page shows beside the person; others tell it themselves."""
    if not isinstance(thing, Person):
        return {}
    shown = {
        "events_at": Event.objects.published(),
        "packages_at": Package.objects.public(),
    }
    return {
        name: Subquery(
            rows.filter(person=thing).order_by("-updated_at").values("updated_at")[:1]
        )
        for name, rows in shown.items()
    }


def last_change(thing: Thing | None, state: Generation | None) -> datetime | None:
    match thing:
        case Event():
            return thing.updated_at
        case Person():
            times: list[datetime] = [
                at for name in last_changes(thing) if (at := getattr(state, name, None))
            ]
            return max([thing.updated_at, *times])
    return None


def language_tag() -> str:
    """RFC 5646: zh-Hans, as it is usually written."""
    language, *script = (get_language() or settings.LANGUAGE_CODE).split("-")
    return "-".join([language, *(part.title() for part in script)])


# -- BibTeX ------------------------------------------------------------------------------

SPECIAL = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{character: f"\\{character}" for character in "{}&%$#_"},
}


def escaped(text: str) -> str:
    """As TeX prints the text itself, in any script."""
    plain = re.sub(r"[\x00-\x20\x7f]+", " ", text)
    return "".join(SPECIAL.get(character, character) for character in plain)


def in_url(address: str) -> str:
    r"""Inside braces and \url: only what would end them is written otherwise."""
    return re.sub(r"[\\{}\s]", lambda found: f"%{ord(found[0]):02X}", address)
