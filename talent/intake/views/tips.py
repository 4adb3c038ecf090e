"""The forms by which readers reach the curators, and the page that tells what became of it."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from talent.common.open_forms import open_form, private
from talent.common.pages import HtmxHttpRequest, render_page
from talent.intake import tips
from talent.intake.models import Tip
from talent.intake.tip_forms import FORMS, TipForm, name_of
from talent.intake.tip_limits import TooMany
from talent.registry.models import Approval
from talent.registry.wording import called


@open_form
def tip_form(request: HtmxHttpRequest, name: str) -> HttpResponse:
    """Show the form; on POST take it in and lead on to the page of its outcome."""
    at = timezone.now()
    if request.method != "POST":
        about = request.GET.get("about", "")[:300]
        return shown(request, name, FORMS[name](initial={"about": about}))
    form = FORMS[name](request.POST)
    stamp = tips.read_stamp(request.POST.get("stamp", "")[:400], at=at)
    valid = form.is_valid()
    if stamp is None or stamp[1] > tips.LATEST:
        form.add_error(None, _("The form was open for too long: send it once more."))
        # It was read and filled in before: it may be sent again at once.
        renewed = tips.new_stamp(at=at - tips.SOONEST)
        return shown(request, name, form, stamp=renewed)
    if not valid:
        return shown(request, name, form, stamp=request.POST["stamp"])
    number, open_for = stamp
    spam = bool(form.cleaned_data["homepage"])
    # Only what fills in the trap is told that it was received: people are quick at times.
    if open_for < tips.SOONEST and not spam:
        form.add_error(None, _("That was too quick for us: send it once more."))
        return shown(request, name, form, stamp=request.POST["stamp"])
    network = request.META.get("REMOTE_ADDR", "")
    try:
        token = tips.take_in(
            form.tip(), number=number, address=network, is_spam=spam, at=at
        )
    except TooMany:
        text = _(
            "So much has come from your network that we have to stop reading for a while. "
            "Send it again in some hours; what you typed is still here."
        )
        form.add_error(None, text)
        return shown(request, name, form, stamp=request.POST["stamp"])
    return HttpResponseRedirect(reverse("intake:outcome", args=[token]))


def shown(
    request: HtmxHttpRequest, name: str, form: TipForm, *, stamp: str = ""
) -> HttpResponse:
    context = {
        "form": form,
        "subject": form.subject,
        "subject_in_words": called(form.subject),
        "about": name_of(form.subject) if form.subject else "",
        "stamp": stamp or tips.new_stamp(at=timezone.now()),
        "action": reverse(f"intake:{name}"),
    }
    return render_page(request, f"intake/{name}.html", context)


@private
def outcome(request: HtmxHttpRequest, token: str) -> HttpResponse:
    """What became of a tip, for whoever has its link."""
    tip = tips.tip_of(token)
    # Not the site's own page for what is missing: that one repeats the address asked for.
    unknown = tip is None and not tips.is_ours(token)
    context = {"tip": tip, "state": "" if unknown else state(tip)}
    status = 404 if unknown else 200
    return render_page(request, "intake/outcome.html", context, status=status)


def state(tip: Tip | None) -> str:
    """Of a removal that was approved a moment ago too; what was dropped reads as received."""
    if tip is None:
        return str(Tip.State.RECEIVED)
    approved = tip.approval and tip.approval.state == Approval.State.APPROVED
    return str(Tip.State.TAKEN) if approved else tip.state
