"""Which addresses may be given, and which machines are ever asked."""

from __future__ import annotations

import ipaddress

import pytest
from django.core.exceptions import ValidationError

from talent.opendata.hooks import endpoints

GOOD = [
    "https://example.org/hook?key=1",
    "https://hooks.example.org",
    "https://example.org:443/x",
    "https://1.1.1.1/x",
]
BAD = [
    "",
    "example.org/hook",
    "http://example.org/hook",
    "ftp://example.org/",
    "javascript:alert(1)",
    "https://",
    "https://user:pass@example.org/",
    "https://example.org/#part",
    "https://example.org:8443/",
    "https://example.org:99999/",
    "https://exa mple.org/",
    "https://example.org/\r\nX: y",
    "https://[::1/",
    "https://localhost/",
    "https://intranet/",
    "https://printer.local/",
    "https://127.0.0.1/",
    "https://10.0.0.1/",
    "https://169.254.169.254/latest/meta-data/",
    "https://[::1]/",
    "https://[::ffff:10.0.0.1]/",
    "https://[64:ff9b::7f00:1]/",
    "https://testserver/",
    "https://example.org/" + "a" * 1000,
]


class TestRead:
    @pytest.fixture(autouse=True)
    def _in_production(self, settings):
        settings.DEVELOPMENT = False
        settings.SITE_URL = "https://record.example"

    @pytest.mark.parametrize("url", GOOD)
    def test_takes_public_https(self, url):
        assert endpoints.read(f" {url} ") == url

    @pytest.mark.parametrize("url", [*BAD, "https://record.example/data/webhooks/"])
    def test_refuses_everything_else(self, url):
        with pytest.raises(ValidationError):
            endpoints.read(url)

    def test_takes_this_machine_on_a_developers_one_only(self, settings):
        with pytest.raises(ValidationError):
            endpoints.read("http://localhost:9000/")

        settings.DEVELOPMENT = True

        assert endpoints.read("http://localhost:9000/") == "http://localhost:9000/"
        with pytest.raises(ValidationError):
            endpoints.read("http://example.org/")


class TestDoor:
    def test_leads_to_the_public_internet_over_https_only(self, settings):
        settings.DEVELOPMENT = False

        door = endpoints.door()

        assert door.ports == {443}
        assert not door.permits(ipaddress.ip_address("127.0.0.1"))
        assert door.permits(ipaddress.ip_address("1.1.1.1"))

    def test_leads_to_this_machine_on_a_developers_one(self, settings):
        settings.DEVELOPMENT = True

        door = endpoints.door()

        assert door.permits(ipaddress.ip_address("127.0.0.1"))
        assert not door.permits(ipaddress.ip_address("10.0.0.1"))
