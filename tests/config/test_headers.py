"""What every answer tells the browser, pages, errors and refusals alike."""

import pytest
from django.test import Client

ANSWERS = ["/healthz", "/nothing-is-here", "/static/nothing.css", "/" + "x" * 5000]


@pytest.mark.django_db
@pytest.mark.parametrize("path", ANSWERS)
class TestEveryAnswer:
    def test_carries_the_protective_headers(self, client, path):
        headers = client.get(path).headers

        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert "camera=()" in headers["Permissions-Policy"]

    def test_sets_no_cookie_and_depends_on_none(self, client, path):
        response = client.get(path)

        assert not response.cookies
        assert "Cookie" not in response.headers.get("Vary", "")


class TestOverHttp:
    def test_only_probes_are_answered_in_production(self, settings):
        settings.SECURE_SSL_REDIRECT = True

        assert Client().get("/healthz").status_code == 200
        assert Client().get("/people/").status_code == 301
