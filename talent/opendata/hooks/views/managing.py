"""A webhook behind its secret link: confirming it first, then everything about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from talent.common.keys import key_in
from talent.common.open_forms import private
from talent.common.pages import HtmxHttpRequest, render_page
from talent.opendata.hooks import owning, signing
from talent.opendata.hooks.forms import HookForm, LinksForm, ReplayForm
from talent.opendata.hooks.ledger import Kind, State
from talent.opendata.hooks.links import hook_of, path_of
from talent.opendata.hooks.planning import filter_of
from talent.opendata.models import Hook, HookDelivery
from talent.opendata.tasks import tell_webhooks_soon
from talent.registry.models import Event

ROWS = 50
LARGEST = 2**63 - 1
# What a page says after a redirect, by the word in its address.
DONE = (
    "confirmed", "added", "kept", "verify", "paused", "resumed", "test", "rotated", "replayed",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Visit:
    request: HtmxHttpRequest
    token: str
    hook: Hook

    def back(self, done: str = "") -> HttpResponse:
        response = redirect("opendata_pages:webhook", self.token)
        if done:
            response.headers["Location"] += f"?done={done}"
        return response


@private
def webhook(request: HtmxHttpRequest, token: str) -> HttpResponse:
    hook = hook_of(token)
    if hook is None:
        return unknown(request)
    if hook.state == Hook.State.ASKED:
        return confirm(Visit(request, token, hook))
    return page(Visit(request, token, hook))


@private
def act(request: HtmxHttpRequest, token: str, action: str) -> HttpResponse:
    hook, act = hook_of(token), ACTIONS.get(action)
    if hook is None or act is None or hook.state == Hook.State.ASKED:
        return unknown(request)
    visit = Visit(request, token, hook)
    return act(visit) if request.method == "POST" else visit.back()


@private
def delivery(request: HtmxHttpRequest, token: str, number: str) -> HttpResponse:
    """One message and its attempts."""
    hook = hook_of(token)
    found = hook and hook.deliveries.filter(message_id=number).first()
    if hook is None or not found:
        return unknown(request)
    context = {
        "token": token,
        "hook": hook,
        "delivery": found,
        "tries": found.tries.order_by("-pk"),
        "event": public_events([found]).get(found.event or 0),
        "replayable": found.event is not None and found.state != State.PENDING,
    }
    return render_page(request, "opendata/hooks/delivery.html", context)


def unknown(request: HtmxHttpRequest) -> HttpResponse:
    """Not the site's own page for what is missing: that one repeats the address asked for."""
    context = {"form": LinksForm(), "unknown": True}
    return render_page(request, "opendata/hooks/links.html", context, status=404)


def confirm(visit: Visit) -> HttpResponse:
    at, wrong = timezone.now(), ""
    if not owning.is_open(visit.hook, at=at):
        context = {"hook": visit.hook, "over": True}
        return render_page(
            visit.request, "opendata/hooks/confirm.html", context, status=410
        )
    if visit.request.method == "POST":
        try:
            owning.confirm(visit.hook, at=at)
        except owning.TooMany:
            wrong = _("This address has as many webhooks as one may have.")
        else:
            tell_webhooks_soon()
            return visit.back("confirmed")
    context = {"hook": visit.hook, "list": list_of(visit.hook), "wrong": wrong}
    return render_page(visit.request, "opendata/hooks/confirm.html", context)


# -- Actions -----------------------------------------------------------------------------


def keep(visit: Visit) -> HttpResponse:
    form = HookForm(visit.request.POST, auto_id="keep-%s")
    if not form.is_valid():
        return page(visit, form=form)
    typed = form.cleaned_data
    try:
        owning.change(
            visit.hook, query=typed["filter"], url=typed["url"], at=timezone.now()
        )
    except owning.TooMany:
        return page(visit, form=form, refusal=too_many())
    tell_webhooks_soon()
    return visit.back("kept")


def add(visit: Visit) -> HttpResponse:
    form = HookForm(visit.request.POST, auto_id="add-%s")
    if not form.is_valid():
        return page(visit, add=form)
    typed = form.cleaned_data
    try:
        hook = owning.add(
            visit.hook, query=typed["filter"], url=typed["url"], at=timezone.now()
        )
    except owning.TooMany:
        refusal = _("This address has as many webhooks as one may have.")
        return page(visit, add=form, refusal=refusal)
    tell_webhooks_soon()
    return redirect(f"{path_of(hook)}?done=added")


def verify(visit: Visit) -> HttpResponse:
    try:
        verified = owning.verify(visit.hook, at=timezone.now())
    except owning.TooMany:
        return page(visit, refusal=too_many())
    if not verified:
        return page(visit, refusal=_("An editor disabled it: write to us."))
    tell_webhooks_soon()
    return visit.back("verify")


def pause(visit: Visit) -> HttpResponse:
    owning.pause(visit.hook)
    return visit.back("paused")


def resume(visit: Visit) -> HttpResponse:
    owning.resume(visit.hook)
    tell_webhooks_soon()
    return visit.back("resumed")


def test(visit: Visit) -> HttpResponse:
    try:
        owning.probe(visit.hook, Kind.TEST, at=timezone.now())
    except owning.TooMany:
        return page(visit, refusal=too_many())
    tell_webhooks_soon()
    return visit.back("test")


def rotate(visit: Visit) -> HttpResponse:
    owning.rotate_secret(visit.hook, at=timezone.now())
    return visit.back("rotated")


def replay(visit: Visit) -> HttpResponse:
    """One message, by its number, or all of a span of time."""
    at, number = timezone.now(), visit.request.POST.get("message", "")
    if number:
        found = visit.hook.deliveries.filter(message_id=number).first()
        if found is None or not owning.replay_one(visit.hook, found, at=at):
            return page(visit, refusal=_("There is nothing to send again."))
        tell_webhooks_soon()
        return visit.back("replayed")
    form = ReplayForm(visit.request.POST)
    if not form.is_valid():
        return page(visit, replay=form)
    since, until = form.cleaned_data["since"], form.cleaned_data["until"] or at
    try:
        count = owning.replay(visit.hook, at=at, since=since, until=until)
    except owning.TooMany:
        form.add_error(
            "since",
            _("These are more than %(most)s messages: read the whole list instead.")
            % {"most": owning.MOST_REPLAYED},
        )
        return page(visit, replay=form)
    if not count:
        form.add_error("since", _("Nothing was sent in that time."))
        return page(visit, replay=form)
    tell_webhooks_soon()
    return visit.back("replayed")


def delete(visit: Visit) -> HttpResponse:
    if visit.request.POST.get("sure") != "yes":
        return page(visit, not_sure=True)
    owning.delete(visit.hook)
    return render_page(visit.request, "opendata/hooks/deleted.html")


def too_many() -> str:
    return _("As many pings and tests were sent as may be in an hour: wait a little.")


ACTIONS: dict[str, Callable[[Visit], HttpResponse]] = {
    "keep": keep,
    "add": add,
    "verify": verify,
    "pause": pause,
    "resume": resume,
    "test": test,
    "rotate": rotate,
    "replay": replay,
    "delete": delete,
}


# -- The page ----------------------------------------------------------------------------


def page(
    visit: Visit,
    *,
    form: forms.Form | None = None,
    add: forms.Form | None = None,
    replay: forms.Form | None = None,
    refusal: str = "",
    not_sure: bool = False,
) -> HttpResponse:
    """The forms that something was wrong with are given; the others are as kept."""
    hook, at = Hook.objects.get(pk=visit.hook.pk), timezone.now()
    done = visit.request.GET.get("done", "")
    rows, older = log_of(hook, before=visit.request.GET.get("before", ""))
    kept = {"filter": hook.query, "url": hook.url}
    others = owning.of_mailbox(hook.email).filter(email__iexact=hook.email)
    secrets = [signing.written(secret) for secret in signing.secrets_of(hook, at=at)]
    context = {
        "token": visit.token,
        "hook": hook,
        "list": list_of(hook),
        "done": done if done in DONE and visit.request.method != "POST" else "",
        "refusal": refusal,
        "secret": secrets[0],
        "old_secret": secrets[1] if len(secrets) > 1 else "",
        "rows": rows,
        "older": older,
        "waiting": hook.deliveries.pending().count(),
        "others": [(each, path_of(each)) for each in others.exclude(pk=hook.pk)],
        "form": form or HookForm(initial=kept, auto_id="keep-%s"),
        "add": add or HookForm(auto_id="add-%s"),
        "replay": replay or ReplayForm(),
        "not_sure": not_sure,
    }
    status = 429 if refusal else 200
    return render_page(
        visit.request, "opendata/hooks/manage.html", context, status=status
    )


def list_of(hook: Hook) -> dict[str, Any]:
    """The filter in words, and how many events are in its list now."""
    chosen = filter_of(hook.query)
    if not chosen.is_valid():
        return {"works": False}
    words = chosen.description() if hook.query else _("Everything in the record")
    return {"works": True, "words": words, "count": chosen.events().count()}


@dataclass(frozen=True, slots=True)
class Row:
    delivery: HookDelivery
    event: Event | None
    last: Any


def log_of(hook: Hook, *, before: str) -> tuple[list[Row], int | None]:
    """Newest first, and where the older ones begin. A constant number of queries."""
    chosen = hook.deliveries.newest_first()
    if (number := key_in(before)) is not None:
        chosen = chosen.filter(pk__lt=number)
    found = list(chosen.prefetch_related("tries")[: ROWS + 1])
    shown = found[:ROWS]
    events = public_events(shown)
    rows = [Row(each, events.get(each.event or 0), last_of(each)) for each in shown]
    return rows, shown[-1].pk if len(found) > ROWS else None


def last_of(delivery: HookDelivery) -> Any:
    return max(delivery.tries.all(), key=lambda attempt: attempt.pk, default=None)


def public_events(deliveries: list[HookDelivery]) -> dict[int, Event]:
    """Of what is not public any more, nothing but its number is shown."""
    numbers = {each.event for each in deliveries if each.event is not None}
    return Event.objects.published().select_related("person").in_bulk(numbers)
