"""The real settings file, loaded with the environment each test gives."""

import os
import runpy
from pathlib import Path
from typing import Any

import environ
import pytest
from django.core.exceptions import ImproperlyConfigured

SETTINGS = Path(__file__).parents[2] / "config" / "settings.py"
PRODUCTION = {
    "SECRET_KEY": "k" * 60,
    "ALLOWED_HOSTS": "transfers.example",
    "DATABASE_URL": "postgres://u:p@db.example/tw?sslmode=require",
    "REDIS_URL": "redis://redis.example:6379/2",
}


@pytest.fixture
def load(monkeypatch):
    """Loads the settings with exactly these variables set."""
    monkeypatch.setattr(environ.Env, "read_env", lambda *args, **kwargs: None)
    for name in list(os.environ):
        if name not in {"PATH", "HOME"}:
            monkeypatch.delenv(name)

    def load_with(**variables: str) -> dict[str, Any]:
        monkeypatch.setattr(environ.FileAwareEnv.ENVIRON, "files_cache", {})
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        return runpy.run_path(str(SETTINGS))

    return load_with


class TestProduction:
    def test_starts_with_the_four_variables(self, load):
        settings = load(**PRODUCTION)

        assert settings["DEBUG"] is False
        assert settings["ALLOWED_HOSTS"] == ["transfers.example"]
        assert settings["SITE_URL"] == "https://transfers.example"
        assert settings["CELERY_BROKER_URL"] == "redis://redis.example:6379/2"
        assert settings["CACHES"]["default"]["LOCATION"].endswith(":6379/3")

    @pytest.mark.parametrize("name", PRODUCTION)
    def test_refuses_to_start_without(self, load, name):
        variables = {key: value for key, value in PRODUCTION.items() if key != name}

        with pytest.raises(ImproperlyConfigured, match=f"^{name} is not set: "):
            load(**variables)

    def test_refuses_debug(self, load):
        with pytest.raises(ImproperlyConfigured, match="^DEBUG is on in production"):
            load(**PRODUCTION, DEBUG="true")

    def test_refuses_another_kind_of_database(self, load):
        variables = {**PRODUCTION, "DATABASE_URL": "sqlite:///db.sqlite3"}

        with pytest.raises(ImproperlyConfigured, match="not a PostgreSQL address"):
            load(**variables)

    def test_refuses_an_unknown_environment(self, load):
        with pytest.raises(ImproperlyConfigured, match="ENVIRONMENT is 'staging'"):
            load(**PRODUCTION, ENVIRONMENT="staging")

    def test_reads_a_secret_from_a_file_without_its_newline(self, load, tmp_path):
        (tmp_path / "key").write_text("f" * 60 + "\n")
        variables = {**PRODUCTION, "SECRET_KEY_FILE": str(tmp_path / "key")}
        del variables["SECRET_KEY"]

        assert load(**variables)["SECRET_KEY"] == "f" * 60

    def test_has_reports_of_a_mail_provider_checked_by_its_key(self, load):
        settings = load(
            **PRODUCTION,
            MAIL_PROVIDER="mailersend",
            MAIL_WEBHOOK_SECRET="user:password",
            MAIL_WEBHOOK_SIGNING_KEY="key\n",
        )

        assert settings["ANYMAIL"] == {
            "WEBHOOK_SECRET": "user:password",
            "MAILERSEND_SIGNING_SECRET": "key",
        }

    def test_sends_cookies_over_https_to_this_host_only(self, load):
        settings = load(**PRODUCTION)

        for name in ("SESSION", "CSRF", "LANGUAGE"):
            assert settings[f"{name}_COOKIE_NAME"].startswith("__Host-")
            assert settings[f"{name}_COOKIE_SECURE"] is True
        assert settings["SECURE_SSL_REDIRECT"] is True
        assert settings["SECURE_HSTS_SECONDS"] >= 31_536_000
        assert "SECURE_PROXY_SSL_HEADER" not in settings

    def test_limits_the_statements_of_pages_and_keeps_other_options(self, load):
        settings = load(**PRODUCTION, WEB_PROCESS="on")

        options = settings["DATABASES"]["default"]["OPTIONS"]
        assert "-c statement_timeout=10s" in options["options"]
        assert options["pool"]["max_size"] == 8
        assert options["sslmode"] == "require"

    def test_limits_no_command(self, load):
        settings = load(**PRODUCTION, DATABASE_STATEMENT_TIMEOUT="10s")

        options = settings["DATABASES"]["default"]["OPTIONS"]
        assert "statement_timeout" not in options["options"]
        assert options["sslmode"] == "require"
        assert "pool" not in options


class TestDevelopment:
    def test_speaks_plain_http_on_localhost(self, load):
        variables = {**PRODUCTION, "ENVIRONMENT": "development", "DEBUG": "on"}
        del variables["ALLOWED_HOSTS"]

        settings = load(**variables)

        assert settings["DEBUG"] is True
        assert settings["SECURE_SSL_REDIRECT"] is False
        assert settings["SECURE_HSTS_SECONDS"] == 0
        assert settings["SESSION_COOKIE_NAME"] == "session"
        assert "localhost" in settings["ALLOWED_HOSTS"]


def test_policy_allows_nothing_unsafe(load):
    directives = load(**PRODUCTION)["CONTENT_SECURITY_POLICY"]["DIRECTIVES"]

    assert directives["default-src"] == ["'none'"]
    assert directives["script-src"] == ["'self'"]
    assert "unsafe" not in str(directives)
