"""Two questions a supervisor asks: does the process live, and can it answer pages?"""

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """The process is up. Asks nothing of anybody, so a busy database restarts
    nothing.
    """
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """Pages can be answered: 200, or 503 with the reason in one line.

    Redis away is "degraded" and still 200: pages stay up without it.
    """
    if reason := reason_not_ready():
        return JsonResponse({"status": "unavailable", "reason": reason}, status=503)
    redis = "up" if redis_answers() else "away"
    return JsonResponse(
        {"status": "ok" if redis == "up" else "degraded", "redis": redis}
    )


_migrated = False  # once seen, stays true for this process's code


def reason_not_ready() -> str:
    """Why no page could be answered now, or ''. One query once migrations were seen."""
    global _migrated
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        if not _migrated:
            executor = MigrationExecutor(connection)
            if executor.migration_plan(executor.loader.graph.leaf_nodes()):
                return "migrations are pending: run `python manage.py migrate`"
            _migrated = True
    except DatabaseError:
        return "the database does not answer"
    return ""


def redis_answers() -> bool:
    """One PING without retries: the client's defaults would keep the probe for
    seconds.
    """
    client = Redis.from_url(
        settings.CACHES["default"]["LOCATION"],
        socket_connect_timeout=0.5,
        socket_timeout=0.5,
        retry=Retry(NoBackoff(), 0),
    )
    try:
        return bool(client.ping())
    except (RedisError, OSError):
        return False
    finally:
        client.close()
