"""Public pages: asking for a webhook, asking for the links to one's own, how it all works."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import condition, require_safe

from talent.common.open_forms import open_form
from talent.common.pages import HtmxHttpRequest, render_page
from talent.opendata.hooks import guide as said
from talent.opendata.hooks import limits, owning
from talent.opendata.hooks.forms import AskForm, LinksForm
from talent.opendata.hooks.limits import TooMany
from talent.opendata.tasks import send_webhook_mails_soon
from talent.opendata.views.pages import of_release
from talent.registry.filter_form import without_place


@open_form
def webhooks(request: HtmxHttpRequest) -> HttpResponse:
    """The form; on POST have the link mailed that confirms it."""
    if request.method != "POST":
        query = without_place(request.GET, ordered=False)
        return page(request, AskForm(initial={"filter": query.urlencode()}))
    form = AskForm(request.POST)
    if not form.is_valid():
        return page(request, form)
    if not form.is_filled_by_a_machine:
        typed = form.cleaned_data
        try:
            owning.ask(
                query=typed["filter"],
                url=typed["url"],
                email=typed["email"],
                language=get_language() or "en",
                network=network_of(request),
                at=timezone.now(),
            )
        except TooMany:
            form.add_error(None, too_many())
            return held_up(page(request, form, status=429))
        send_webhook_mails_soon()
    return redirect("opendata_pages:webhook_asked")


@open_form
def ask_for_links(request: HtmxHttpRequest) -> HttpResponse:
    form = LinksForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return links_page(request, form)
    try:
        owning.ask_for_links(
            email=form.cleaned_data["email"],
            language=get_language() or "en",
            network=network_of(request),
            at=timezone.now(),
        )
    except TooMany:
        form.add_error(None, too_many())
        return held_up(links_page(request, form, status=429))
    send_webhook_mails_soon()
    return redirect("opendata_pages:webhook_asked")


@require_safe
def asked(request: HtmxHttpRequest) -> HttpResponse:
    return render_page(request, "opendata/hooks/asked.html")


@require_safe
@condition(etag_func=of_release)
def guide(request: HtmxHttpRequest) -> HttpResponse:
    return render_page(request, "opendata/hooks/guide.html", said.context())


def page(request: HtmxHttpRequest, form: AskForm, *, status: int = 200) -> HttpResponse:
    context = {"form": form}
    return render_page(request, "opendata/hooks/webhooks.html", context, status=status)


def links_page(
    request: HtmxHttpRequest, form: LinksForm, *, status: int = 200
) -> HttpResponse:
    context = {"form": form}
    return render_page(request, "opendata/hooks/links.html", context, status=status)


def network_of(request: HttpRequest) -> str:
    return limits.network_of(request.META.get("REMOTE_ADDR", ""))


def too_many() -> str:
    return _(
        "As much was asked for as may be in an hour. Nothing is lost: try again in an hour."
    )


def held_up(response: HttpResponse) -> HttpResponse:
    response.headers["Retry-After"] = str(int(limits.HOUR.total_seconds()))
    return response
