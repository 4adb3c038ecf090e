"""What the database must be able to do, asked before anything relies on it."""

import logging

from django.db import DatabaseError, connection, connections
from django.db.backends.postgresql.base import DatabaseWrapper

logger = logging.getLogger(__name__)

OLDEST_VERSION = 14
EXTENSIONS = ("pg_trgm", "unaccent")
INSTALL_THEM = (
    "install PostgreSQL's contrib modules (Debian: apt-get install postgresql-contrib)"
)
MAKE_ANEW = (
    "create it with CREATE DATABASE … TEMPLATE template0 ENCODING 'UTF8' "
    "LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LC_COLLATE 'C' "
    "LC_CTYPE 'C.UTF-8' (PostgreSQL 17 and later) "
    "or LOCALE 'C.UTF-8'"
)


def database_problems() -> list[str]:
    """One sentence for each thing the database lacks, with the fix. Three queries.

    Looks at what the search and the names need: the version, the extensions, and a
    locale that knows letters beyond ASCII. (With C or POSIX, lower('É') stays 'É' and
    pg_trgm finds no trigrams in Chinese.)
    """
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT current_setting('server_version_num')::int / 10000,"
                " current_setting('server_encoding'), lower('É'), datctype"
                " FROM pg_database WHERE datname = current_database()"
            )
            version, encoding, lowered, ctype = cursor.fetchone()
            cursor.execute(
                "SELECT name, installed_version IS NOT NULL"
                " FROM pg_available_extensions WHERE name = ANY(%s)",
                [list(EXTENSIONS)],
            )
            available = dict(cursor.fetchall())
            # Until the extension is installed, from what is known of it: it asks
            # LC_CTYPE whatever the locale's provider is.
            trigrams = ctype not in {"C", "POSIX"}
            if available.get("pg_trgm"):
                cursor.execute("SELECT cardinality(show_trgm('庞若鸣')) > 0")
                (trigrams,) = cursor.fetchone()
    except DatabaseError as error:
        reason = (str(error).strip() or type(error).__name__).splitlines()[0]
        return [f"The database does not answer ({reason}): check DATABASE_URL."]
    problems = []
    if version < OLDEST_VERSION:
        problems.append(
            f"PostgreSQL {version} is too old: upgrade to {OLDEST_VERSION} or later."
        )
    if missing := [name for name in EXTENSIONS if name not in available]:
        problems.append(
            f"The database server does not offer {' and '.join(missing)}: "
            f"{INSTALL_THEM}."
        )
    if encoding != "UTF8" or lowered != "é" or not trigrams:
        problems.append(
            "The database's locale does not know letters beyond ASCII, so names like "
            f"É and 庞若鸣 could not be searched: {MAKE_ANEW}."
        )
    return problems


def log_problems() -> None:
    """Put each problem into the log as one line, and let the process go on."""
    for problem in database_problems():
        logger.error(problem)
    # Nothing stays open: the caller may fork its workers next.
    database = connections["default"]
    database.close()
    if isinstance(database, DatabaseWrapper) and database.settings_dict["OPTIONS"].get(
        "pool"
    ):
        database.close_pool()
