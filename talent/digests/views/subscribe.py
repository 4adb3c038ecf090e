"""Asking for a digest, confirming it, and asking for the link to its settings."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from talent.common.language import reads_chinese
from talent.common.pages import HtmxHttpRequest, render_page
from talent.digests import following, limits, links, subscribing
from talent.digests.forms import AddressForm, SubscribeForm, choose_follows
from talent.digests.letters import Letter
from talent.digests.models import Request, Subscriber
from talent.digests.periods import Frequency
from talent.digests.samples import sample
from talent.digests.subscribing import Purpose
from talent.digests.tasks import send_requested_soon
from talent.digests.timing import when_in_words
from talent.digests.views.private import open_form, outdated, private
from talent.insights.version import data_version
from talent.registry.filter_form import without_place

# Seconds. It is made of many events, and the page is open to everybody.
SAMPLE_LASTS = 600


@open_form
def subscribe(request: HtmxHttpRequest) -> HttpResponse:
    if request.method != "POST":
        return page(request, SubscribeForm(initial=usual()), named(request.GET))
    form = SubscribeForm(request.POST, initial=usual())
    given = request.POST.getlist("follow")
    if "preview" in request.POST:
        return page(request, form, given, bound=False)
    if not form.is_valid():
        return page(request, form, given)
    if not form.is_filled_by_a_machine:
        refusal = asked(
            request,
            form.cleaned_data["email"],
            purpose=Purpose.SUBSCRIBE,
            payload=form.wishes(),
        )
        if refusal:
            form.add_error(None, refusal)
            return held_up(page(request, form, given, status=429))
    return redirect("digests:asked")


def named(given: QueryDict) -> list[str]:
    """What to follow: by that name, or as the address of a list of events says it."""
    return given.getlist("follow") or [without_place(given, ordered=False).urlencode()]


def usual() -> dict[str, Any]:
    languages = Subscriber.Language
    language = languages.CHINESE if reads_chinese() else languages.ENGLISH
    return {"language": language.value, "email": ""}


def asked(request: HttpRequest, address: str, **what: Any) -> str:
    """Note what was asked for and wake who sends the mail; a sentence if it was refused."""
    network = limits.network_of(request.META.get("REMOTE_ADDR", ""))
    try:
        subscribing.ask(address, network=network, at=timezone.now(), **what)
    except limits.TooMany:
        return _(
            "From your network, as much was asked for as may be in an hour. "
            "Nothing is lost: try again in an hour."
        )
    except limits.Closed:
        return _(
            "More people are signing up than we send mails for. "
            "Nothing is lost: try again in an hour."
        )
    send_requested_soon()
    return ""


def held_up(response: HttpResponse) -> HttpResponse:
    response.headers["Retry-After"] = str(int(limits.HOUR.total_seconds()))
    return response


def page(
    request: HtmxHttpRequest,
    form: SubscribeForm,
    given: Sequence[str],
    *,
    status: int = 200,
    bound: bool = True,
) -> HttpResponse:
    """`bound`: whether what is wrong with the address is said yet."""
    at = timezone.now()
    try:
        queries, wrong = following.read_all(given or [""]), []
    except ValidationError as error:
        queries, wrong = [], error.messages
    # Refusing must cost little: there may be much to refuse.
    shown = [] if status == 429 else queries
    context = {
        "form": form,
        "email_errors": form.errors.get("email", []) if form.is_bound and bound else [],
        "given": given if wrong else queries,
        "wrong": wrong,
        "follows": [following.counted(query, at=at) for query in shown],
        "sample": sample_for(form, shown) if shown else None,
    }
    return render_page(
        request,
        "digests/subscribe.html",
        context,
        fragments=("preview",),
        status=400 if wrong and request.method != "POST" else status,
    )


def sample_for(form: SubscribeForm, queries: Sequence[str]) -> Letter | None:
    """What would have come today. Of what cannot be chosen, the usual is shown."""
    language = form.data.get("language")
    if language not in Subscriber.Language.values:
        language = usual()["language"]
    frequency = form.data.get("frequency")
    if frequency not in Frequency.values:
        frequency = Frequency.WEEKLY.value
    what = repr((data_version(), queries, language, frequency))
    key = f"digests.sample:{sha256(what.encode()).hexdigest()}"
    kept = cache.get(key)
    if kept is None:
        at = timezone.now()
        letter = sample(queries, language=language, frequency=frequency, at=at)
        kept = letter.as_json() if letter else {}
        cache.set(key, kept, SAMPLE_LASTS)
    return Letter.from_json(kept) if kept else None


@require_safe
def asked_for(request: HtmxHttpRequest) -> HttpResponse:
    """The same page for every address."""
    return render_page(request, "digests/asked.html", {"kind": "subscribe"})


@open_form
def link(request: HtmxHttpRequest) -> HttpResponse:
    """Have the link to one's settings mailed: the same answer for every address."""
    form = AddressForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        refusal = asked(request, form.cleaned_data["email"], purpose=Purpose.MANAGE)
        if not refusal:
            return redirect("digests:link_asked")
        form.add_error(None, refusal)
        refused = render_page(request, "digests/link.html", {"form": form}, status=429)
        return held_up(refused)
    return render_page(request, "digests/link.html", {"form": form})


@require_safe
def link_asked(request: HtmxHttpRequest) -> HttpResponse:
    return render_page(request, "digests/asked.html", {"kind": "link"})


@private
def confirm(request: HtmxHttpRequest, token: str) -> HttpResponse:
    """GET shows what was asked for: a program that opens every link confirms nothing."""
    at = timezone.now()
    found = requested(token, purpose=Purpose.SUBSCRIBE)
    if found is None or not subscribing.is_open(found, at=at):
        return over(request, found)
    wished = subscribing.wished(found, at=at)
    known = Subscriber.objects.at(found.address).filter(stopped_at=None).first()
    wrong = ""
    if request.method == "POST":
        chosen = choose_follows(request.POST.getlist("follow"), wished)
        wrong = wrong_with(chosen, known)
        if not wrong:
            subscriber = subscribing.confirm(found, follows=chosen, at=at)
            if subscriber is None:
                return over(request, requested(token, purpose=Purpose.SUBSCRIBE))
            return to_settings(subscriber, done="confirmed")
    context = {
        "asked": found,
        "known": known,
        "follows": [following.counted(query, at=at) for query in wished],
        "when": when_in_words(found.payload),
        "wrong": wrong,
    }
    return render_page(request, "digests/confirm.html", context)


def wrong_with(chosen: Sequence[str], known: Subscriber | None) -> str:
    if not chosen:
        return _("Nothing is ticked: tick what you want to follow, or close this page.")
    followed = {each.query for each in known.follows.all()} if known else set()
    if len(followed | set(chosen)) > following.MOST:
        return " ".join(following.too_many().messages)
    return ""


@private
def move(request: HtmxHttpRequest, token: str) -> HttpResponse:
    """The link in the mail to a new address."""
    at = timezone.now()
    found = requested(token, purpose=Purpose.ADDRESS)
    if found is None or not subscribing.is_open(found, at=at):
        return over(request, found)
    taken = False
    if request.method == "POST":
        try:
            subscriber = subscribing.move(found, at=at)
        except subscribing.AddressTaken:
            taken = True
        else:
            send_requested_soon()
            if subscriber is None:
                return over(request, requested(token, purpose=Purpose.ADDRESS))
            return to_settings(subscriber, done="moved")
    return render_page(request, "digests/move.html", {"asked": found, "taken": taken})


def requested(token: str, *, purpose: str) -> Request | None:
    found = subscribing.requested(token)
    return found if found and found.purpose == purpose else None


def over(request: HtmxHttpRequest, found: Request | None) -> HttpResponse:
    """A link that was used, came too late, or is none. It opens nothing any more."""
    if found is None:
        return outdated(request)
    context = {"used": found.used_at is not None}
    return render_page(request, "digests/over.html", context, status=410)


def to_settings(subscriber: Subscriber, *, done: str) -> HttpResponse:
    path = reverse("digests:manage", args=[links.full_token(subscriber)])
    return redirect(f"{path}?done={done}")
