"""The nightly look at the whole record, and a second look at single findings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime

from django.db import connection, transaction
from django.utils import timezone, translation

from talent.common.locks import Lock, alone
from talent.registry.health import careers, names, rows
from talent.registry.health.found import Found, Kind
from talent.registry.models import Finding

COLUMNS = (
    "kind", "key", "facts", "sentence", "event_id", "person_id", "organization_id",
    "source_id", "package_id", "other_id",
)  # fmt: skip
LONGEST_SENTENCE = 600


def refresh(*, at: datetime) -> Counter[str] | None:
    """Look at everything and keep what was found. None while another run is at work.

    Findings stay the rows they were as long as they are found again, whatever else changed;
    a dismissed one comes back when its facts are others. Returns how many there are of each
    kind, dismissed ones included.
    """
    with alone(Lock.HEALTH) as free:
        return look_anew(at=at) if free else None


@transaction.atomic
def look_anew(*, at: datetime) -> Counter[str]:
    with connection.cursor() as cursor:
        # The limit on a page's statements is not meant for this.
        cursor.execute("SET LOCAL statement_timeout = 0")
        counts = find_all(today=timezone.localdate(at))
        cursor.execute(GONE)
        cursor.execute(CHANGED)
        cursor.execute(NEW, [at])
        cursor.execute("DROP TABLE new_finding")
        cursor.execute("ANALYZE registry_finding")
    return counts


def find_all(*, today: date) -> Counter[str]:
    """Into a table beside the old one, read as a stream."""
    counts: Counter[str] = Counter()
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE new_finding (n bigserial, LIKE registry_finding) "
            "ON COMMIT DROP"
        )
        for column in ("id", "dismissed", "found_at"):
            cursor.execute(f"ALTER TABLE new_finding ALTER {column} DROP NOT NULL")
    # What is kept is in one language; the page says it anew in the reader's.
    with translation.override("en"):
        for check in every_check(today=today):
            for batch in batches(check):
                counts.update(found.kind.value for found in batch)
                keep(batch)
    with connection.cursor() as cursor:
        cursor.execute("CREATE INDEX ON new_finding (kind, key)")
        cursor.execute("ANALYZE new_finding")
    return counts


def every_check(*, today: date) -> Iterator[Iterator[Found]]:
    for check, _column in rows.CHECKS.values():
        yield check(None)
    yield names.people_alike()
    yield names.organizations_alike()
    yield careers.of_everybody(today=today)


def batches(found: Iterator[Found], size: int = 5_000) -> Iterator[list[Found]]:
    batch: list[Found] = []
    for one in found:
        batch.append(one)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


def keep(batch: list[Found]) -> None:
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY new_finding ({', '.join(COLUMNS)}) FROM STDIN") as copy,
    ):
        for found in batch:
            sentence = found.sentence[:LONGEST_SENTENCE]
            about = (found.about.get(column) for column in COLUMNS[4:])
            copy.write_row(
                (found.kind.value, found.key, found.digest, sentence, *about)
            )


GONE = """
    DELETE FROM registry_finding AS old WHERE NOT EXISTS (
        SELECT FROM new_finding AS new WHERE (new.kind, new.key) = (old.kind, old.key)
    )
"""
SET_ASIDE = """EXISTS (
    SELECT FROM registry_dismissal AS dismissal
    WHERE (dismissal.kind, dismissal.key, dismissal.facts) = (new.kind, new.key, new.facts)
)"""
CHANGED = f"""
    UPDATE registry_finding AS old
    SET facts = new.facts, sentence = new.sentence, event_id = new.event_id,
        person_id = new.person_id, organization_id = new.organization_id,
        source_id = new.source_id, package_id = new.package_id, other_id = new.other_id,
        dismissed = {SET_ASIDE}
    FROM new_finding AS new
    WHERE (new.kind, new.key) = (old.kind, old.key)
        AND (old.facts, old.sentence, old.dismissed)
            IS DISTINCT FROM (new.facts, new.sentence, {SET_ASIDE})
"""
NEW = f"""
    INSERT INTO registry_finding (found_at, dismissed, {", ".join(COLUMNS)})
    SELECT %s, {SET_ASIDE}, {", ".join(f"new.{column}" for column in COLUMNS)}
    FROM new_finding AS new
    WHERE NOT EXISTS (
        SELECT FROM registry_finding AS old
        WHERE (new.kind, new.key) = (old.kind, old.key)
    )
    ORDER BY new.event_id NULLS FIRST, new.n
"""


def found_again(
    findings: Iterable[Finding], *, today: date
) -> dict[tuple[str, str], Found]:
    """What is still so of these findings, said in the language of who asks.

    A dozen queries at most, whatever the number of findings.
    """
    asked = list(findings)
    keys: dict[str, list[int]] = {}
    for finding in asked:
        for column in (
            "event_id",
            "person_id",
            "organization_id",
            "source_id",
            "package_id",
        ):
            if (key := getattr(finding, column)) is not None:
                keys.setdefault(f"{finding.kind}:{column}", []).append(key)
    found: list[Found] = []
    for kind, (check, column) in rows.CHECKS.items():
        if these := keys.get(f"{kind.value}:{column}"):
            found += check(these)
    people = {
        key
        for kind in careers.OF_CAREERS
        for key in keys.get(f"{kind.value}:person_id", [])
    }
    if people:
        found += careers.of_people(people, today=today)
    for kind, look in (
        (Kind.DUPLICATE_PERSON, names.these_people),
        (Kind.DUPLICATE_ORGANIZATION, names.these_organizations),
    ):
        if pairs := [both(finding) for finding in asked if finding.kind == kind]:
            found += look(pairs)
    return {(one.kind.value, one.key): one for one in found}


def both(finding: Finding) -> tuple[int, int]:
    one, other = map(int, finding.key.split("-"))
    return one, other
