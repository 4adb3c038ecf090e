"""Where PostgreSQL is away or too slow: 503, and when to come back."""

import logging

from django.db import OperationalError
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from config.middleware import GetResponse
from talent.dashboard.views.errors import too_busy

logger = logging.getLogger(__name__)
SECONDS = 30


def database_errors(get_response: GetResponse) -> GetResponse:
    def middleware(request: HttpRequest) -> HttpResponseBase:
        return get_response(request)

    def process_exception(
        request: HttpRequest, exception: Exception
    ) -> HttpResponseBase | None:
        if not isinstance(exception, OperationalError):
            return None
        logger.error("PostgreSQL did not answer in time.", exc_info=exception)
        response = too_busy(request)
        response.headers["Retry-After"] = str(SECONDS)
        return response

    middleware.process_exception = process_exception  # type: ignore[attr-defined]  # of Django
    return middleware
