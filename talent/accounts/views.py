"""Signing in to the desk: password, then code; the first time, setting up the app.

Nobody is signed in to anything between the two steps (see half_login). The password is
never part of a page, not even of one that shows an error.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth import REDIRECT_FIELD_NAME as NEXT
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import CsrfViewMiddleware
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods
from django_otp import login as verify_session
from django_otp.models import Device
from django_otp.plugins.otp_static.models import StaticDevice

from talent.accounts import half_login, second_factor
from talent.accounts.forms import CodeForm, OwnPasswordForm, PasswordForm, count_failure
from talent.accounts.half_login import HalfLogin
from talent.accounts.models import User

FEW_CODES = 4


# -- The three steps -------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@csrf_exempt  # looked at inside (see is_stale)
@sensitive_post_parameters("password")
def password_step(request: HttpRequest) -> HttpResponse:
    if admin.site.has_permission(request):
        return already_in(request)
    form = PasswordForm(request)
    notice = ""
    if request.method == "POST" and is_stale(request):
        notice = stale_notice()
    elif request.method == "POST":
        form = PasswordForm(request, data=request.POST)
        if form.is_valid():
            return password_was_right(request, form.get_user())
        if is_locked(request):
            return too_many(request)
    return sign_in_page(
        request,
        "admin/login.html",
        {
            "form": form,
            "notice": notice,
            NEXT: wanted_page(request),
            "title": _("Sign in"),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@csrf_exempt
@sensitive_post_parameters("otp_token")
def code_step(request: HttpRequest) -> HttpResponse:
    if admin.site.has_permission(request):
        return already_in(request)
    try:
        half = half_login.resume(request, at=timezone.now())
    except half_login.NotBegun as reason:
        return start_again(request, str(reason))
    if half.must_enrol:
        return redirect("admin:login_enrol")
    form, notice = asked_for_code(request, half)
    if form.is_bound and form.is_valid():
        checked = second_factor.check(half.user, form.cleaned_data["otp_token"])
        if checked.device is not None:
            sign_in(request, half, checked.device)
            return redirect(half.next or "admin:index")
        form.add_error("otp_token", refusal_of(checked))
        if not checked.wait:
            count_failure(request, half.user.username)
        if is_locked(request):
            half_login.end(request)
            return too_many(request)
    context = {
        "form": form,
        "notice": notice,
        "recovery": "recovery" in request.GET,
        "half": half,
        "title": _("Second factor"),
    }
    return sign_in_page(request, "admin/login_code.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@csrf_exempt
@sensitive_post_parameters("otp_token")
def enrol_step(request: HttpRequest) -> HttpResponse:
    if admin.site.has_permission(request):
        return already_in(request)
    try:
        half = half_login.resume(request, at=timezone.now())
    except half_login.NotBegun as reason:
        return start_again(request, str(reason))
    if not half.must_enrol:
        return redirect("admin:login_code")
    form, notice = asked_for_code(request, half)
    if form.is_bound and form.is_valid():
        try:
            enrolment = second_factor.enrol(
                half.user,
                secret=half.secret,
                code=form.cleaned_data["otp_token"],
                replaces=half.replaces,
            )
        except second_factor.AlreadyEnrolled:
            half_login.end(request)
            return start_again(
                request,
                _(
                    "The second factor was set up meanwhile, in another tab or by "
                    "somebody else. Sign in with a code of that app."
                ),
            )
        if enrolment is not None:
            sign_in(request, half, enrolment.device)
            second_factor.note(half.user, "Set up the second factor.")
            return recovery_codes_page(request, enrolment.recovery_codes, half.next)
        form.add_error(
            "otp_token",
            _(
                "An app with this key would show another code now. Type the code it "
                "shows, and check that the clock of your phone is right."
            ),
        )
    context = {
        "form": form,
        "notice": notice,
        "key": second_factor.Key.of(half.secret, user=half.user),
        "half": half,
        "title": _("Set up the second factor"),
    }
    return sign_in_page(request, "admin/login_enrol.html", context)


# -- Signed in -------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("password")
def second_factor_page(request: HttpRequest) -> HttpResponse:
    """What there is; new recovery codes or another phone, for the password."""
    user = request.user
    assert isinstance(user, User)
    form = OwnPasswordForm(request, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        if "replace" in request.POST:
            half_login.begin(
                request,
                user,
                backend=settings.AUTHENTICATION_BACKENDS[-1],
                at=timezone.now(),
                replaces=True,
            )
            return redirect("admin:login_enrol")
        codes = second_factor.renew_recovery_codes(user)
        second_factor.note(user, "Made new recovery codes.")
        return recovery_codes_page(request, codes, reverse("admin:second_factor"))
    if is_locked(request):
        return too_many(request)
    context = {
        "form": form,
        "app": second_factor.app_of(user),
        "codes_left": second_factor.recovery_codes_left(user),
        "title": _("Second factor"),
    }
    return page(request, "accounts/second_factor.html", context)


# -- What they share -------------------------------------------------------------------


def page(
    request: HttpRequest, template: str, context: dict[str, Any], status: int = 200
) -> TemplateResponse:
    context = {**admin.site.each_context(request), **context}
    return TemplateResponse(request, template, context, status=status)


def sign_in_page(
    request: HttpRequest, template: str, context: dict[str, Any]
) -> TemplateResponse:
    response = page(request, template, context)
    # The key is on one of them, and the address of none is anybody's business.
    response.headers["Referrer-Policy"] = "same-origin"
    return response


def recovery_codes_page(
    request: HttpRequest, codes: list[str], onward: str
) -> TemplateResponse:
    """The codes, this once: in the answer itself, so that no session holds them."""
    return page(
        request,
        "accounts/recovery_codes.html",
        {
            "codes": codes,
            "onward": onward or reverse("admin:index"),
            "title": _("Your recovery codes"),
        },
    )


def wanted_page(request: HttpRequest) -> str:
    """The page asked for before the sign-in: a path of this site, or empty."""
    wanted = request.POST.get(NEXT) or request.GET.get(NEXT) or ""
    # No host is allowed, so only a path passes; the slash keeps out relative ones.
    is_own = wanted.startswith("/") and url_has_allowed_host_and_scheme(
        wanted, allowed_hosts=None
    )
    leads_back = wanted.startswith((reverse("admin:login"), reverse("admin:logout")))
    return wanted if is_own and not leads_back else ""


def password_was_right(request: HttpRequest, user: Any) -> HttpResponseRedirect:
    half = half_login.begin(
        request,
        user,
        backend=user.backend,
        at=timezone.now(),
        next=wanted_page(request),
    )
    return redirect("admin:login_enrol" if half.must_enrol else "admin:login_code")


class Asked(NamedTuple):
    form: CodeForm
    notice: str


def asked_for_code(request: HttpRequest, half: HalfLogin) -> Asked:
    """The form, bound only if what was sent is meant for this very half-login."""
    empty = CodeForm(initial={"account": half.user.username})
    if request.method != "POST":
        return Asked(empty, "")
    if is_stale(request):
        return Asked(empty, stale_notice())
    form = CodeForm(request.POST)
    if request.POST.get("account") != half.user.username:
        notice = _(
            "In another tab you began to sign in as %(user)s. Enter a code of that "
            "account, or start again."
        ) % {"user": half.user.username}
        return Asked(empty, notice)
    return Asked(form, "")


def refusal_of(checked: second_factor.Check) -> str:
    if checked.wait:
        return ngettext(
            "After a wrong code the next one is not looked at for a while. Wait "
            "%(seconds)d second, then send a fresh code.",
            "After a wrong code the next one is not looked at for a while. Wait "
            "%(seconds)d seconds, then send a fresh code.",
            checked.wait,
        ) % {"seconds": checked.wait}
    return _(
        "This code is not right. A code of the app changes every 30 seconds and works "
        "once, a recovery code works once."
    )


def sign_in(request: HttpRequest, half: HalfLogin, device: Device) -> None:
    half_login.end(request)
    login(request, half.user, backend=half.backend)
    verify_session(request, device)
    if isinstance(device, StaticDevice):
        left = second_factor.recovery_codes_left(half.user)
        second_factor.note(half.user, "Signed in with a recovery code.")
        text = ngettext(
            "You signed in with a recovery code; %(left)d is left.",
            "You signed in with a recovery code; %(left)d are left.",
            left,
        ) % {"left": left}
        if left < FEW_CODES:
            text += " " + _("Make new ones: Change password, then Second factor.")
        messages.warning(request, text)


def already_in(request: HttpRequest) -> HttpResponseRedirect:
    if request.method == "POST":
        messages.info(
            request,
            _("You are signed in already, as %(user)s.")
            % {"user": request.user.get_username()},
        )
    return redirect(wanted_page(request) or "admin:index")


def start_again(request: HttpRequest, reason: str) -> HttpResponseRedirect:
    messages.warning(request, reason)
    return redirect("admin:login")


class FormCheck(CsrfViewMiddleware):
    """Django's check, answering with its reason instead of the 403 page."""

    def _reject(self, request: HttpRequest, reason: str) -> HttpResponse:
        return HttpResponse(reason, status=403)


def is_stale(request: HttpRequest) -> bool:
    """Whether the form comes from a page older than the last sign-in, or another site.

    Signing in renews the token, so Django's bare 403 would meet everybody who signs in
    in one of two open tabs and then uses the other. Nothing of a stale form is read.
    """

    def nothing(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    check = FormCheck(nothing)
    check.process_request(request)
    return check.process_view(request, nothing, (), {}) is not None


def stale_notice() -> str:
    return _(
        "This page was out of date, so nothing of it was read. Fill it in once more. "
        "If this comes again, allow this site its cookies."
    )


def is_locked(request: HttpRequest) -> bool:
    return bool(getattr(request, "axes_locked_out", False))


def too_many(request: HttpRequest) -> HttpResponse:
    # Or the middleware of axes puts a page that caches may keep in place of this one.
    request.axes_locked_out = False  # type: ignore[attr-defined]  # axes's addition
    minutes = int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)
    response = page(
        request,
        settings.AXES_LOCKOUT_TEMPLATE,
        {
            "failure_limit": settings.AXES_FAILURE_LIMIT,
            "minutes": minutes,
            "title": _("Too many failed sign-ins"),
        },
        status=settings.AXES_HTTP_RESPONSE_CODE,
    )
    response.headers["Retry-After"] = str(minutes * 60)
    add_never_cache_headers(response)
    return response
