"""Which column of the files goes to which column of the record.

The SQL of a value speaks of the staged row as `s` and of what it refers to by the names in
`references`. Order: a table stands after those it refers to.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.apps import apps
from django.db import models

from talent.registry.models import (
    Citation,
    Deal,
    DealReading,
    Event,
    EventReason,
    Organization,
    Package,
    Person,
    Reading,
    Reason,
    Reply,
    Source,
    Wave,
)
from talent.registry.models.deals import DealEvent
from talent.registry.models.waves import WaveEvent
from talent.registry.starter import format


@dataclass(frozen=True)
class Reference:
    """A staged column that names a row of another table by its key; may be empty."""

    column: str
    to: str


@dataclass(frozen=True, kw_only=True, eq=False)
class Table:
    model: type[models.Model]
    label: str
    file: str
    stage: str
    # The staged column by which other files name the row, and the column of the record that
    # holds that key. Without one, nothing refers to the row.
    key: str = ""
    key_column: str = ""
    # The columns of the record that tell which row it is.
    identity: tuple[str, ...]
    # Where no row is the very same: the columns by which one is taken for it.
    likeness: tuple[str, ...] = ()
    references: Mapping[str, Reference] = field(default_factory=dict)
    # What the files state: compared with the record, written, and overwritten.
    values: Mapping[str, str]
    # What some files state, and others leave out: for `at_first` to read.
    stated: Mapping[str, str] = field(default_factory=dict)
    # Written once, with a new row `r`. %(at)s is the time of the load.
    at_first: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return str(self.model._meta.model_name)

    @property
    def db(self) -> str:
        return self.model._meta.db_table

    @property
    def history(self) -> str | None:
        """The table with every version of a row, if its versions are kept."""
        if not hasattr(self.model, "history"):
            return None
        model = apps.get_model(self.model._meta.app_label, f"{self.name}history")
        return str(model._meta.db_table)

    @property
    def known(self) -> str:
        return f"known_{self.name}"

    @property
    def rows(self) -> str:
        return f"row_{self.name}"

    @property
    def changed(self) -> str:
        return f"changed_{self.name}"

    def may_be_null(self, column: str) -> bool:
        return any(f.column == column and f.null for f in self.model._meta.fields)

    @property
    def stamps_updates(self) -> bool:
        return any(f.column == "updated_at" for f in self.model._meta.fields)

    @property
    def merges(self) -> bool:
        """Whether a row may have been merged into another, which a reference then means."""
        return any(f.column == "merged_into_id" for f in self.model._meta.fields)


def entries(column: str) -> str:
    """The entries of a staged field that were separated by |."""
    return f"string_to_array(s.{column}, '|')::varchar[]"


def same(*columns: str) -> dict[str, str]:
    return {column: f"s.{column}" for column in columns}


CREATED = {"created_at": "%(at)s"}
STAMPED = {**CREATED, "updated_at": "%(at)s"}
# As STAMPED, with the time of the file where it gives one.
DATED = {**CREATED, "updated_at": "coalesce(r.updated_at, %(at)s)"}
PUBLISHED = {**DATED, "status": "'published'"}

ORGANIZATIONS = Table(
    model=Organization,
    label="organizations",
    file=format.ORGANIZATIONS.name,
    stage=format.ORGANIZATIONS.stage,
    key=format.ORGANIZATIONS.key,
    key_column="slug",
    identity=("slug",),
    references={"parent": Reference("parent", "organization")},
    values={
        **same("slug", "name", "name_zh", "seat", "country"),
        **same("founded_on", "founded_precision"),
        "other_names": entries("aliases"),
        "parent_id": "parent.means",
    },
    stated=same("updated_at"),
    at_first=DATED,
)
PEOPLE = Table(
    model=Person,
    label="people",
    file=format.PEOPLE.name,
    stage=format.PEOPLE.stage,
    key=format.PEOPLE.key,
    key_column="slug",
    identity=("slug",),
    values={
        **same("slug", "name", "name_zh"),
        "other_names": entries("aliases"),
        "known_for": entries("known_for"),
        "education": entries("education"),
    },
    stated=same("updated_at"),
    at_first=DATED,
)
# A page is its address: two data sets may call different pages s0001.
SOURCES = Table(
    model=Source,
    label="sources",
    file=format.SOURCES.name,
    stage=format.SOURCES.stage,
    key=format.SOURCES.key,
    key_column="key",
    identity=("url",),
    values=same(
        "url", "title", "publisher", "published_on", "published_precision", "language"
    ),
    # The first report is entered when all of them have their ids: see `writing`.
    stated=same("archive_url", "repeats"),
    at_first={**CREATED, "key": "r.staged_key", "archive_url": "r.archive_url"},
)
EVENTS = Table(
    model=Event,
    label="events",
    file=format.EVENTS.name,
    stage=format.EVENTS.stage,
    key=format.EVENTS.key,
    key_column="slug",
    identity=("slug",),
    references={
        "person": Reference("person", "person"),
        "organization": Reference("organization", "organization"),
        "counterpart": Reference("counterpart", "organization"),
    },
    values={
        "slug": "s.id",
        "person_id": "person.means",
        "organization_id": "organization.means",
        "counterpart_id": "counterpart.means",
        "happened_on": "s.date",
        "standing": "s.status",
        **same("kind", "team", "title", "precision", "date_basis", "founder"),
        **same("never_started", "stated_return", "background"),
        **same("summary", "disagreement"),
    },
    stated=same("summary_zh", "published_at", "updated_at"),
    at_first={
        **PUBLISHED,
        "published_at": "coalesce(r.published_at, %(at)s)",
        "summary_zh": "r.summary_zh",
        # As the triggers would count them; counted before, the rows are written once.
        "source_count": "least(coalesce(cited.sources, 0), 32767)",
        "origin_count": "least(coalesce(cited.origins, 0), 32767)",
        "newest_source_on": "cited.newest",
    },
)
CITATIONS = Table(
    model=Citation,
    label="citations",
    file=format.CITATIONS.name,
    stage=format.CITATIONS.stage,
    identity=("event_id", "source_id"),
    references={
        "event": Reference("event", "event"),
        "source": Reference("source", "source"),
    },
    values={
        "event_id": "event.means",
        "source_id": "source.means",
        "states": "s.states",
    },
    stated=same("stance"),
    at_first={"stance": "coalesce(nullif(r.stance, ''), 'supports')"},
)
REASONS = Table(
    model=Reason,
    label="reasons",
    file=format.EVENTS.name,
    stage="stage_stated_reasons",
    key="name",
    key_column="name",
    identity=("name",),
    values=same("name"),
    stated=same("name_zh"),
    at_first={"name_zh": "r.name_zh"},
)
EVENT_REASONS = Table(
    model=EventReason,
    label="stated reasons",
    file=format.EVENTS.name,
    stage="stage_event_reasons",
    identity=("event_id", "reason_id"),
    references={
        "event": Reference("event", "event"),
        "reason": Reference("reason", "reason"),
    },
    values={"event_id": "event.means", "reason_id": "reason.means"},
    stated=same("stated_by", "place"),
    at_first={"stated_by": "r.stated_by"},
)
PACKAGES = Table(
    model=Package,
    label="packages",
    file=format.PACKAGES.name,
    stage=format.PACKAGES.stage,
    key=format.PACKAGES.key,
    key_column="key",
    identity=("key",),
    references={
        "person": Reference("person", "person"),
        "organization": Reference("organization", "organization"),
        "event": Reference("event", "event"),
    },
    values={
        "key": "s.id",
        "person_id": "person.means",
        "organization_id": "organization.means",
        "event_id": "event.means",
        **same("recipients", "outcome"),
    },
    stated=same("updated_at"),
    at_first=PUBLISHED,
)
READINGS = Table(
    model=Reading,
    label="readings",
    file=format.READINGS.name,
    stage=format.READINGS.stage,
    # What the file states is what it is; what we conclude from the note is not part of it.
    identity=(
        "package_id", "form", "currency", "low", "high", "qualifier", "years", "standing",
        "rank", "note", "source_id",
    ),
    likeness=("package_id", "form", "currency", "low", "high", "source_id"),
    references={
        "package": Reference("package", "package"),
        "source": Reference("source", "source"),
    },
    values={
        "package_id": "package.means",
        "source_id": "source.means",
        "currency": "coalesce(nullif(s.currency, ''), 'USD')",
        "standing": "s.status",
        **same("form", "low", "high", "qualifier", "years", "rank", "note"),
        **same("several_years", "terms"),
    },
)  # fmt: skip
DEALS = Table(
    model=Deal,
    label="deals",
    file=format.DEALS.name,
    stage=format.DEALS.stage,
    key=format.DEALS.key,
    key_column="key",
    identity=("key",),
    references={
        "buyer": Reference("buyer", "organization"),
        "target": Reference("target", "organization"),
    },
    values={
        "key": "s.id",
        "buyer_id": "buyer.means",
        "target_id": "target.means",
        "happened_on": "s.date",
        "precision": "s.precision",
    },
    stated=same("form"),
    at_first={"form": "r.form"},
)
DEAL_EVENTS = Table(
    model=DealEvent,
    label="events of deals",
    file=format.DEALS.name,
    stage="stage_deal_events",
    identity=("deal_id", "event_id"),
    references={
        "deal": Reference("deal", "deal"),
        "event": Reference("event", "event"),
    },
    values={"deal_id": "deal.means", "event_id": "event.means"},
    stated=same("place"),
)
DEAL_READINGS = Table(
    model=DealReading,
    label="deal readings",
    file=format.DEAL_READINGS.name,
    stage=format.DEAL_READINGS.stage,
    identity=(
        "deal_id", "currency", "low", "high", "qualifier", "standing", "note", "source_id",
    ),
    likeness=("deal_id", "currency", "low", "high", "source_id"),
    references={
        "deal": Reference("deal", "deal"),
        "source": Reference("source", "source"),
    },
    values={
        "deal_id": "deal.means",
        "source_id": "source.means",
        "currency": "coalesce(nullif(s.currency, ''), 'USD')",
        "standing": "s.status",
        **same("low", "high", "qualifier", "note"),
    },
)  # fmt: skip

REPLIES = Table(
    model=Reply,
    label="replies",
    file=format.REPLIES.name,
    stage=format.REPLIES.stage,
    identity=("event_id", "person_id", "organization_id", "said_on", "text"),
    references={
        "event": Reference("event", "event"),
        "person": Reference("person", "person"),
        "organization": Reference("organization", "organization"),
    },
    values={
        "event_id": "event.means",
        "person_id": "person.means",
        "organization_id": "organization.means",
        **same("text", "said_by", "said_on"),
    },
    # How it was verified is no part of a data set.
    at_first={**STAMPED, "verified_how": "'By who published the data set.'"},
)
WAVES = Table(
    model=Wave,
    label="waves",
    file=format.WAVES.name,
    stage=format.WAVES.stage,
    key=format.WAVES.key,
    key_column="slug",
    identity=("slug",),
    values=same(
        "slug", "title", "title_zh", "summary", "summary_zh", "first_day", "last_day"
    ),
    stated=same("published_at"),
    at_first={
        **STAMPED,
        "status": "'published'",
        "published_at": "coalesce(r.published_at, %(at)s)",
    },
)
WAVE_EVENTS = Table(
    model=WaveEvent,
    label="events of waves",
    file=format.WAVES.name,
    stage="stage_wave_events",
    identity=("wave_id", "event_id"),
    references={
        "wave": Reference("wave", "wave"),
        "event": Reference("event", "event"),
    },
    values={"wave_id": "wave.means", "event_id": "event.means"},
    stated=same("place"),
)

TABLES = (
    ORGANIZATIONS, PEOPLE, SOURCES, EVENTS, CITATIONS, REASONS, EVENT_REASONS, PACKAGES,
    READINGS, DEALS, DEAL_EVENTS, DEAL_READINGS, REPLIES, WAVES, WAVE_EVENTS,
)  # fmt: skip
KEYED = {table.name: table for table in TABLES if table.key}
