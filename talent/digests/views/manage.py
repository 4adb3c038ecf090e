"""A subscriber's settings, behind the link of a mail. No password, no cookie."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from talent.common.keys import key_in
from talent.common.pages import HtmxHttpRequest, render_page
from talent.digests import following, links, subscribing
from talent.digests.exporting import exported
from talent.digests.forms import AddressForm, FollowForm, PauseForm, WhenForm
from talent.digests.models import Subscriber, Suppression
from talent.digests.subscribing import Purpose
from talent.digests.timing import next_mail
from talent.digests.views.private import outdated, private
from talent.digests.views.subscribe import asked

PAST_SHOWN = 30
# What a page says after a redirect, by the word in its address.
DONE = (
    "confirmed", "moved", "when", "follow", "unfollow", "pause", "resume", "address", "link"
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Visit:
    """Who came by which link; `full`: by one that was sent for this, within a day."""

    request: HtmxHttpRequest
    token: str
    subscriber: Subscriber
    full: bool

    def back(self, done: str = "") -> HttpResponse:
        response = redirect("digests:manage", self.token)
        if done:
            response.headers["Location"] += f"?done={done}"
        return response


@private
def manage(request: HtmxHttpRequest, token: str) -> HttpResponse:
    visit = visit_by(request, token)
    return page(visit) if visit else outdated(request)


@private
def act(request: HtmxHttpRequest, token: str, action: str) -> HttpResponse:
    visit = visit_by(request, token)
    if visit is None:
        return outdated(request)
    if action == "export" and visit.full:
        return export(visit)
    act = ACTIONS.get(action) or (FULL_ACTIONS.get(action) if visit.full else None)
    if act is None:
        return outdated(request)
    return act(visit) if request.method == "POST" else visit.back()


def visit_by(request: HtmxHttpRequest, token: str) -> Visit | None:
    found = links.to_manage(token)
    return Visit(request, token, *found) if found else None


# -- Actions -------------------------------------------------------------------------------


def set_when(visit: Visit) -> HttpResponse:
    form = WhenForm(visit.request.POST, initial=when_of(visit.subscriber))
    if not form.is_valid():
        return page(visit, when=form)
    subscribing.reschedule(visit.subscriber, **form.chosen())
    return visit.back("when")


def follow(visit: Visit) -> HttpResponse:
    form = FollowForm(visit.request.POST)
    if not form.is_valid():
        return page(visit, follow=form)
    if visit.subscriber.follows.count() >= following.MOST:
        form.add_error("query", following.too_many())
        return page(visit, follow=form)
    subscribing.follow(visit.subscriber, form.cleaned_data["query"])
    return visit.back("follow")


def unfollow(visit: Visit) -> HttpResponse:
    number = key_in(visit.request.POST.get("follow", ""))
    if number is not None:
        subscribing.unfollow(visit.subscriber, number)
    return visit.back("unfollow")


def pause(visit: Visit) -> HttpResponse:
    today = visit.subscriber.day(at=timezone.now())
    form = PauseForm(visit.request.POST, today=today)
    if not form.is_valid():
        return page(visit, pause=form)
    subscribing.pause(visit.subscriber, until=form.cleaned_data["until"])
    return visit.back("pause")


def resume(visit: Visit) -> HttpResponse:
    """End a pause, or take back that the digests were stopped."""
    subscribing.undo_stop(visit.subscriber, at=timezone.now())
    subscribing.pause(visit.subscriber, until=None)
    return visit.back("resume")


def send_link(visit: Visit) -> HttpResponse:
    """Have a link mailed that opens everything."""
    refusal = asked(visit.request, visit.subscriber.address, purpose=Purpose.MANAGE)
    return page(visit, refusal=refusal) if refusal else visit.back("link")


def change_address(visit: Visit) -> HttpResponse:
    form = AddressForm(visit.request.POST)
    if form.is_valid():
        refusal = asked(
            visit.request,
            form.cleaned_data["email"],
            purpose=Purpose.ADDRESS,
            subscriber=visit.subscriber,
            payload={"language": visit.subscriber.language},
        )
        if not refusal:
            return visit.back("address")
        form.add_error(None, refusal)
    return page(visit, address=form)


def delete(visit: Visit) -> HttpResponse:
    if visit.request.POST.get("sure") != "yes":
        return page(visit, not_sure=True)
    subscribing.delete(visit.subscriber)
    return render_page(visit.request, "digests/deleted.html")


def export(visit: Visit) -> HttpResponse:
    text = json.dumps(exported(visit.subscriber), ensure_ascii=False, indent=2)
    response = HttpResponse(text, content_type="application/json")
    response.headers["Content-Disposition"] = (
        'attachment; filename="transfer-window-subscription.json"'
    )
    return response


Act = Callable[[Visit], HttpResponse]
ACTIONS: dict[str, Act] = {
    "when": set_when,
    "follow": follow,
    "unfollow": unfollow,
    "pause": pause,
    "resume": resume,
    "link": send_link,
}
# Digests get forwarded: these want a link that was sent for them.
FULL_ACTIONS: dict[str, Act] = {"address": change_address, "delete": delete}


# -- The page ------------------------------------------------------------------------------


def when_of(subscriber: Subscriber) -> dict[str, Any]:
    return {name: getattr(subscriber, name) for name in WhenForm.names}


def page(
    visit: Visit,
    *,
    when: forms.Form | None = None,
    follow: forms.Form | None = None,
    pause: forms.Form | None = None,
    address: forms.Form | None = None,
    refusal: str = "",
    not_sure: bool = False,
) -> HttpResponse:
    """The forms that something was wrong with are given; the others are as kept."""
    subscriber, at = visit.subscriber, timezone.now()
    follows = subscriber.follows.order_by("created_at", "pk")
    suppressed = Suppression.objects.of(subscriber.address).exists()
    done = visit.request.GET.get("done", "")
    sent = subscriber.deliveries.sent().select_related("content").newest_first()
    context = {
        "token": visit.token,
        "full": visit.full,
        "subscriber": subscriber,
        "done": done if done in DONE and visit.request.method != "POST" else "",
        "follows": [(each, following.counted(each.query, at=at)) for each in follows],
        "past": [(each, links.view_url(each.token)) for each in sent[:PAST_SHOWN]],
        "suppressed": suppressed,
        "next_at": None if suppressed else next_mail(subscriber, at=at),
        "when": when or WhenForm(initial=when_of(subscriber)),
        "follow": follow or FollowForm(),
        "pause": pause or PauseForm(today=subscriber.day(at=at)),
        "address": address or AddressForm(),
        "refusal": refusal,
        "not_sure": not_sure,
        "stop_token": links.stop_token(subscriber),
    }
    status = 429 if refusal else 200
    return render_page(visit.request, "digests/manage.html", context, status=status)
