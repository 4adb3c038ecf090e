"""Pages for what went wrong: what it was, and where to go from here.

None of them asks the database anything: it may be what is missing.
"""

from __future__ import annotations

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from talent.registry.models.names import words_of


def bad_request(
    request: HttpRequest, exception: Exception | None = None
) -> HttpResponse:
    """Only our own refusals have a reason written for the reader."""
    reason = str(exception) if isinstance(exception, BadRequest) else ""
    context = {"reason": reason, "target": request.headers.get("HX-Target", "")}
    template = "400.html"
    if request.headers.get("HX-Request") and context["target"]:
        # What htmx puts in place of the part it asked for; a second whole page would nest.
        template = "400.html#refusal"
    return render(request, template, context, status=400)


def permission_denied(
    request: HttpRequest, exception: Exception | None = None
) -> HttpResponse:
    return render(request, "403.html", status=403)


def page_not_found(
    request: HttpRequest, exception: Exception | None = None
) -> HttpResponse:
    """Addresses are made of names: their words are worth a search."""
    last = request.path.rstrip("/").rpartition("/")[2]
    context = {"path": request.path[:200], "words": " ".join(words_of(last))}
    return render(request, "404.html", context, status=404)


def too_busy(request: HttpRequest) -> HttpResponse:
    reference = getattr(request, "reference", "")
    return render(request, "503.html", {"reference": reference}, status=503)


def server_error(request: HttpRequest) -> HttpResponse:
    """The reference is in the log too."""
    reference = getattr(request, "reference", "")
    return render(request, "500.html", {"reference": reference}, status=500)
