"""Everything between "the servers run" and "the site can open", in one process.

`python -m config.prepare` looks at the database, migrates, loads the starter data into
an empty record, works out its figures, makes the first login and collects the static
files. Each step does nothing when it has been done. Run by config/launch.py; a
deployment runs the same commands one by one.
"""

import hashlib
import os
import sys
from pathlib import Path

import django
from django.core.exceptions import ImproperlyConfigured


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        django.setup()
    except ImproperlyConfigured as refusal:
        print(refusal)
        return 1
    from django.core.management import CommandError, call_command

    from config.preflight import database_problems

    if problems := database_problems():
        print("\n".join(problems))
        return 1
    try:
        migrate()
        call_command("load_starter", if_empty=True)
        refresh()
        collect_static_files()
        call_command("first_login")
    except CommandError as error:  # said in a sentence, as at the command line
        print(error)
        return 1
    return 0


def migrate() -> None:
    """Apply what is pending; silent when nothing is."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        print(f"Applying {len(plan)} migrations.", flush=True)
        call_command("migrate", verbosity=0)


def refresh() -> None:
    """Bring the figures up to date, so that the first page shows them.

    The first time by a run over everybody: only that counts what the page of the status says
    of the whole record.
    """
    from django.utils import timezone

    from talent.insights.coverage import freshness
    from talent.insights.refresh import refresh_all, refresh_touched

    run = refresh_touched if freshness().last_of_all else refresh_all
    run(at=timezone.now())


def collect_static_files() -> None:
    """Collect, hash and compress, unless no source changed since: that takes
    seconds.
    """
    from django.conf import settings
    from django.core.management import call_command

    mark = Path(settings.STATIC_ROOT) / ".sources"
    digest = static_sources()
    if mark.is_file() and mark.read_text() == digest:
        return
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    mark.write_text(digest)


def static_sources() -> str:
    """A digest of name, size and time of every static source and of the storage."""
    from django.conf import settings
    from django.contrib.staticfiles.finders import get_finders

    digest = hashlib.sha256(repr(settings.STORAGES["staticfiles"]).encode())
    for finder in get_finders():
        for name, storage in finder.list(None):
            found = Path(storage.path(name)).stat()
            digest.update(f"{name}\0{found.st_size}\0{found.st_mtime_ns}\0".encode())
    return digest.hexdigest()


if __name__ == "__main__":
    sys.exit(main())
