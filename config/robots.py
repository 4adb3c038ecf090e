"""What crawlers are asked: to read pages, not every filter of them; and no secret address.

The sitemap names every page, so that nobody has to walk through the lists. The curators' desk
is not named here: its address is a setting because scanners read this file too; its pages say
"noindex" themselves.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import override
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

# Who fetches one page because somebody sent its link, filter and all.
PREVIEWS = ("facebookexternalhit", "LinkedInBot", "Slackbot", "Twitterbot")
# Addresses that carry a token.
SECRET = (
    "digests:view",
    "digests:confirm",
    "digests:manage",
    "digests:move",
    "digests:unsubscribe",
    "intake:outcome",
    "opendata_pages:webhook",
)
# A shorter rule than one of these loses against it.
ALLOWED = ("/oembed?",)
# Every filter of everything; and the same once more for programs.
FILTERS = ("/*?", "/api/", "/data/*.csv", "/data/*.jsonl")


@require_safe
@cache_control(public=True, max_age=3600)
def robots(_request: HttpRequest) -> HttpResponse:
    secret = secret_prefixes()
    lines = [
        "User-agent: *",
        *(f"Allow: {path}" for path in ALLOWED),
        *(f"Disallow: {path}" for path in (*FILTERS, *secret)),
        "",
        *(f"User-agent: {name}" for name in PREVIEWS),
        *(f"Disallow: {path}" for path in secret),
        "",
        f"Sitemap: {settings.SITE_URL}{reverse('opendata:sitemap')}",
    ]
    text = "\n".join(lines) + "\n"
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


def secret_prefixes() -> list[str]:
    """What comes before the token, in every language."""
    found = []
    for language, _name in settings.LANGUAGES:
        with override(language):
            found += [
                reverse(name, args=["TOKEN"]).split("TOKEN")[0] for name in SECRET
            ]
    return found
