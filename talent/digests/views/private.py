"""Pages behind a link from a mail."""

from __future__ import annotations

from django.http import HttpResponse

from talent.common.open_forms import View as View
from talent.common.open_forms import open_form as open_form
from talent.common.open_forms import private as private
from talent.common.pages import HtmxHttpRequest, render_page
from talent.digests.forms import AddressForm


def outdated(request: HtmxHttpRequest) -> HttpResponse:
    """For a link that is too old, damaged, or of an address that has changed.

    Not the site's own page for what is missing: that one repeats the address asked for.
    """
    context = {"form": AddressForm(), "outdated": True}
    return render_page(request, "digests/link.html", context, status=404)
