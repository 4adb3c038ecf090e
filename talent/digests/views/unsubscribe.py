"""Stopping: by one click of a mail program (RFC 8058), or by a button on a page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.http import HttpResponse
from django.utils import timezone

from talent.common.pages import HtmxHttpRequest, render_page
from talent.digests import links, subscribing
from talent.digests.models import Suppression
from talent.digests.periods import Frequency
from talent.digests.views.private import outdated, private

A_WHILE = timedelta(days=30)


@private
def unsubscribe(request: HtmxHttpRequest, token: str) -> HttpResponse:
    """POST stops, whatever its body says; it never redirects and has no rate limit.

    Mail providers post for many readers from one address, without cookies. Only the token in
    the path counts.
    """
    stop = links.to_stop(token)
    if stop is None:
        return outdated(request)
    if request.method == "POST" and stop.subscriber:
        one_click = request.POST.get("List-Unsubscribe") == "One-Click"
        how = "one_click" if one_click else "link"
        subscribing.stop(stop.subscriber, how=how, at=timezone.now())
    return page(request, token, stop)


@private
def act(request: HtmxHttpRequest, token: str, action: str) -> HttpResponse:
    """What one may do instead, or afterwards."""
    stop = links.to_stop(token)
    if stop is None or action not in ACTIONS:
        return outdated(request)
    if request.method != "POST":
        return page(request, token, stop)
    ACTIONS[action](stop)
    # Read anew: the action may have deleted the subscriber.
    return page(request, token, links.to_stop(token) or stop, done=action)


def undo(stop: links.Stop) -> None:
    if stop.subscriber:
        subscribing.undo_stop(stop.subscriber, at=timezone.now())


def pause(stop: links.Stop) -> None:
    if stop.subscriber:
        undo(stop)
        until = timezone.localdate() + A_WHILE
        subscribing.pause(stop.subscriber, until=until)


def fewer(stop: links.Stop) -> None:
    if stop.subscriber:
        undo(stop)
        subscribing.change(
            stop.subscriber, frequency=Frequency.MONTHLY.value, next_due_at=None
        )


def never(stop: links.Stop) -> None:
    subscribing.leave_alone(stop.address_hash, stop.subscriber, at=timezone.now())


def allow(stop: links.Stop) -> None:
    subscribing.allow_again(stop.address_hash)


ACTIONS: dict[str, Callable[[links.Stop], None]] = {
    "undo": undo,
    "pause": pause,
    "fewer": fewer,
    "never": never,
    "allow": allow,
}


def page(
    request: HtmxHttpRequest, token: str, stop: links.Stop, *, done: str = ""
) -> HttpResponse:
    context = {
        "token": token,
        "subscriber": stop.subscriber,
        "left_alone": Suppression.objects.filter(
            address_hash=stop.address_hash
        ).exists(),
        "done": done,
        "can_be_fewer": stop.subscriber
        and stop.subscriber.frequency != Frequency.MONTHLY,
    }
    return render_page(request, "digests/unsubscribe.html", context)
