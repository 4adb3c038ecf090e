"""Which language a reader is answered in: the one of the address.

English addresses have no prefix, Chinese ones begin with /zh-hans/, and the links of a page stay
in its language. So a page is the same for everybody who asks for its address. The one exception
is the bare address of the site, where somebody arrives without having chosen.
"""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse, translate_url
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

GetResponse = Callable[[HttpRequest], HttpResponseBase]
FRONT_DOOR = "/"


def language_of_the_address(get_response: GetResponse) -> GetResponse:
    """Instead of Django's LocaleMiddleware, which lets every English page vary by
    Accept-Language: a shared cache would keep one copy for each browser's list.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        language = language_of(request.path_info)
        with translation.override(language):
            if request.get_full_path() == FRONT_DOOR:
                response = at_the_front_door(request, get_response)
            else:
                response = get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response

    return middleware


def at_the_front_door(
    request: HttpRequest, get_response: GetResponse
) -> HttpResponseBase:
    """Who prefers another language, or has chosen it, is sent to its home page."""
    wanted = translation.get_language_from_request(request)
    if wanted == settings.LANGUAGE_CODE:
        response = get_response(request)
    else:
        with translation.override(wanted):
            response = HttpResponseRedirect(reverse("dashboard:home"))
    patch_vary_headers(response, ["Accept-Language", "Cookie"])
    return response


def language_of(path: str) -> str:
    return translation.get_language_from_path(path) or settings.LANGUAGE_CODE


@never_cache
@require_safe
def change_language(request: HttpRequest, language: str) -> HttpResponse:
    """To the same page in another language, which is remembered for the front door only.

    The page is where the reader comes from: htmx may have changed its address since the link was
    written. Browsers that do not tell it send the page as `next`.
    """
    if language not in dict(settings.LANGUAGES):
        raise Http404
    named = (request.headers.get("Referer"), request.GET.get("next"))
    page = next((url for url in named if is_ours(request, url)), None) or FRONT_DOOR
    with translation.override(language_of(urlsplit(page).path)):
        response = HttpResponseRedirect(translate_url(page, language))
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
    )
    return response


def is_ours(request: HttpRequest, url: str | None) -> bool:
    return url_has_allowed_host_and_scheme(
        url, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
