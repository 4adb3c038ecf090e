"""System checks: `manage.py check --database default` and every `migrate`."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, Tags, register

from config.preflight import database_problems


@register(Tags.database)
def database_is_able(
    app_configs: Sequence[AppConfig] | None,
    databases: Sequence[str] | None = None,
    **kwargs: Any,
) -> list[CheckMessage]:
    """Refuse a database that would fail later and less clearly."""
    if not databases or "default" not in databases:
        return []
    return [Error(problem, id="operation.E001") for problem in database_problems()]
