"""A development run: configuration made up where there is none, private servers.

Production never comes here: it has DATABASE_URL, REDIS_URL and SECRET_KEY in its
environment, and its doors (config/wsgi.py, config/celery.py) go straight to the
settings, which refuse to start without them.
"""

import os
import secrets
from pathlib import Path

import environ

from config.embedded import postgres, valkey
from config.embedded.shared import Shared

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(os.environ.get("VAR_DIR") or BASE_DIR / "var")
CONFIGURED_BY = ("ENVIRONMENT", "SECRET_KEY", "DATABASE_URL")
# They read files and templates only, or answer before they look at anything.
WITHOUT_SERVERS = {
    *("", "help", "version", "--help", "--version", "-h"),
    *("collectstatic", "compilemessages", "makemessages", "diffsettings"),
    *("findstatic", "startapp"),
}


def is_given(name: str) -> bool:
    """Whether the environment holds the variable or the file it may be read from."""
    return bool(os.environ.get(name) or os.environ.get(f"{name}_FILE"))


def declare(*, configured_by: tuple[str, ...] = CONFIGURED_BY) -> bool:
    """Say whether this is a development run, and complete its environment if so.

    It is one when ENVIRONMENT says so, or when neither the environment nor .env names
    any of the variables in `configured_by`: a clone nobody has configured.
    """
    if (BASE_DIR / ".env").is_file():
        environ.Env.read_env(BASE_DIR / ".env")
    if not any(is_given(name) for name in configured_by):
        os.environ["ENVIRONMENT"] = "development"
    if os.environ.get("ENVIRONMENT") != "development":
        return False
    VAR_DIR.mkdir(parents=True, exist_ok=True)
    if not is_given("SECRET_KEY"):
        os.environ["SECRET_KEY"] = secret_key(VAR_DIR / "secret_key")
    return True


def secret_key(path: Path) -> str:
    """The key kept in the file, made on first use and readable by its owner only."""
    try:
        with open(
            os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w"
        ) as file:
            file.write(secrets.token_urlsafe(60))
    except FileExistsError:
        pass
    return path.read_text().strip()


def embedded() -> dict[str, Shared]:
    """The private server for each address the environment does not give."""
    servers: dict[str, Shared] = {
        "DATABASE_URL": postgres.Postgres(VAR_DIR / "postgres"),
        "REDIS_URL": valkey.Valkey(VAR_DIR / "valkey"),
    }
    return {name: server for name, server in servers.items() if not is_given(name)}


def attach(*, serve: bool = True) -> None:
    """Point this process at the embedded servers for each address not given.

    With `serve` they are started, or joined if they run, and kept for as long as this
    process lives.
    """
    for name, server in embedded().items():
        if serve:
            server.hold()
        os.environ[name] = server.url


def needs_servers(arguments: list[str]) -> bool:
    """Whether the command may ask the database or the cache something."""
    first = arguments[0] if arguments else ""
    return first not in WITHOUT_SERVERS and not {"--help", "-h"} & set(arguments)
