"""One REDIS_URL, written the way each library wants it.

Redis clients say `unix://PATH?db=1` for a socket, kombu (under Celery) says
`redis+socket://PATH?virtual_host=1`, and a TCP address carries the database as its
path. The broker takes the database REDIS_URL names (0 if none), the cache the one after
it, so that clearing the cache never touches the queue.
"""

from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

SOCKET_SCHEMES = {"unix", "redis+socket"}


def broker_url(redis_url: str) -> str:
    """The address for Celery."""
    return _with_database(redis_url, 0, socket_form=("redis+socket", "virtual_host"))


def cache_url(redis_url: str) -> str:
    """The address for Django's cache: one database further than the broker's."""
    return _with_database(redis_url, 1, socket_form=("unix", "db"))


def _with_database(redis_url: str, offset: int, *, socket_form: tuple[str, str]) -> str:
    parts = urlsplit(redis_url)
    query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    if parts.scheme in SOCKET_SCHEMES:
        named = query.pop("db", "") or query.pop("virtual_host", "") or "0"
        scheme, parameter = socket_form
        query[parameter] = str(int(named) + offset)
        return f"{scheme}://{parts.path}?{urlencode(query)}"
    named = query.pop("db", "") or parts.path.strip("/") or "0"
    path = f"/{int(named) + offset}"
    return urlunsplit((parts.scheme, parts.netloc, path, urlencode(query), ""))
