"""Keeping data sets: each under its name, written whole or not at all, and never written over.

A file is written beside and renamed within the transaction that makes its row. Killed before, it
leaves a part, which the next run removes; killed between, a file that no row names, which the next
run replaces. A file that a row names stays as it is.
"""

from __future__ import annotations

import hashlib
import logging
import os
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction

from talent.common.locks import Lock, alone
from talent.opendata.frozen.archive import Written, write_record
from talent.opendata.frozen.comparing import changes
from talent.opendata.frozen.forgetting import what_is_gone, write_without
from talent.opendata.models import DataSet
from talent.registry.models import Event, Generation, Tombstone

logger = logging.getLogger(__name__)

PART = ".part"


def place() -> Path:
    return Path(settings.DATA_SETS_DIR)


def path_of(data_set: DataSet) -> Path:
    return place() / data_set.file_name


# -- The verbs ---------------------------------------------------------------------------


def freeze_month(*, at: datetime) -> DataSet | None:
    """Make the data set of this month (UTC), if it is missing and there is anything to freeze.

    A late one says by `frozen_at` that it is late.
    """
    if not Event.objects.published().exists():
        return None
    return freeze(f"{at:%Y-%m}", at=at)


def freeze_today(*, at: datetime) -> DataSet | None:
    """Freeze the record now, on demand. Returns the newest data set where nothing changed since."""
    newest = DataSet.objects.current().newest_first().first()
    if newest and newest.record_at == Generation.objects.get().changed_at:
        return newest
    day = f"{at:%Y-%m-%d}"
    taken = DataSet.objects.filter(name__startswith=day).values_list("name", flat=True)
    number, name = 1, day
    while name in set(taken):
        number += 1
        name = f"{day}-{number}"
    return freeze(name, at=at)


def freeze(name: str, *, at: datetime) -> DataSet | None:
    """Keep the public record under the name. None: the name is taken, or somebody else writes."""
    with alone(Lock.DATA_SETS) as allowed:
        if not allowed or DataSet.objects.filter(name=name).exists():
            return None
        tidy()
        data_set = DataSet(name=name, frozen_at=at, made_at=at)
        before = DataSet.objects.current().newest_first().first()
        part = part_of(data_set)
        with part.open("wb") as stream:
            files, data_set.record_at, data_set.removals = write_record(stream, name)
        if before and path_of(before).is_file():
            since = {"since": before.name, "files": changes(path_of(before), part)}
            data_set.changes = since
        keep(data_set, part, files)
    return data_set


def forget_removed(*, at: datetime) -> list[DataSet]:
    """Take out of every data set whoever was removed since it was last looked through.

    Returns the new revisions. Their old files are deleted, and their sums stay on the page as
    superseded.
    """
    made: list[DataSet] = []
    with alone(Lock.DATA_SETS) as allowed:
        if not allowed:
            return made
        tidy()
        removals = Tombstone.objects.count()
        for data_set in DataSet.objects.current().filter(removals__lt=removals):
            if not path_of(data_set).is_file():
                logger.error("The file of data set %s is missing.", data_set)
                continue
            gone, known = what_is_gone(path_of(data_set))
            if not gone:
                DataSet.objects.filter(pk=data_set.pk).update(removals=known)
                continue
            revision = DataSet(
                name=data_set.name,
                revision=data_set.revision + 1,
                record_at=data_set.record_at,
                frozen_at=data_set.frozen_at,
                made_at=at,
                changes=data_set.changes,
                removals=known,
            )
            part = part_of(revision)
            with part.open("wb") as stream:
                files = write_without(
                    stream,
                    path_of(data_set),
                    gone,
                    name=data_set.name,
                    record_at=data_set.record_at,
                )
            keep(revision, part, files, instead_of=data_set)
            made.append(revision)
        tidy()
    return made


def waits_for_removal(data_set: DataSet) -> bool:
    """Whether somebody was removed since it was looked through: until then nobody gets it."""
    return data_set.removals < Tombstone.objects.count()


# -- Files -------------------------------------------------------------------------------


def keep(
    data_set: DataSet,
    part: Path,
    files: list[Written],
    *,
    instead_of: DataSet | None = None,
) -> None:
    with part.open("rb") as stream:
        os.fsync(stream.fileno())
        data_set.sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
    data_set.size = part.stat().st_size
    data_set.files = [each.as_json() for each in files]
    with transaction.atomic():
        if instead_of:
            current = DataSet.objects.current().filter(pk=instead_of.pk)
            current.update(superseded_at=data_set.made_at)
        data_set.save(force_insert=True)
        part.rename(path_of(data_set))


def part_of(data_set: DataSet) -> Path:
    place().mkdir(parents=True, exist_ok=True)
    return place() / f"{data_set.file_name}{PART}"


def tidy() -> None:
    """Remove what a killed run left: parts, and files of revisions that hold no more."""
    for part in place().glob(f"transfer-window-*{PART}"):
        part.unlink(missing_ok=True)
    for data_set in DataSet.objects.exclude(superseded_at=None):
        path_of(data_set).unlink(missing_ok=True)
