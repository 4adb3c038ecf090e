"""Nothing of the desk opens without the second factor, and nothing of it is cached."""

import pytest
from django.contrib import admin
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from talent.accounts import roles
from talent.registry import roles as registry_roles
from tests.accounts.desk import account, app_for, enter, type_password

pytestmark = pytest.mark.django_db

OPEN = {"login", "login_code", "login_enrol"}
# What a pattern wants to be given, by the name of its part.
PARTS = {"app_label": "accounts", "object_id": "1", "url": "nothing/here"}


def patterns(resolver=None, prefix=""):
    """Every pattern of the desk: its name and a path it matches."""
    for entry in (resolver or desk()).url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from patterns(entry, route)
        elif isinstance(entry, URLPattern):
            yield entry.name, path_of(entry, prefix)


def desk(resolver=None):
    for entry in (resolver or get_resolver()).url_patterns:
        if getattr(entry, "namespace", "") == "admin":
            return entry
        if isinstance(entry, URLResolver) and (found := desk(entry)):
            return found
    return None


def path_of(entry, prefix):
    converters = entry.pattern.converters
    if converters:
        route = prefix + str(entry.pattern)
        for part in converters:
            for kind in ("int:", "path:", "str:", "slug:", ""):
                route = route.replace(f"<{kind}{part}>", PARTS.get(part, "1"))
        return reverse("admin:index") + route
    if entry.pattern.regex.groupindex:  # the two of Django written as expressions
        (part,) = entry.pattern.regex.groupindex
        tail = "/" if part == "app_label" else ""
        return reverse("admin:index") + PARTS[part] + tail
    return reverse("admin:index") + prefix + str(entry.pattern)


ADDRESSES = sorted({(name or "", path) for name, path in patterns()})


def test_the_list_of_addresses_is_not_empty():
    names = {name for name, _path in ADDRESSES}
    assert {"index", "password_change", "second_factor", "autocomplete"} <= names
    assert {"accounts_user_changelist", "accounts_user_new_password"} <= names
    assert {"registry_merge_undo", "jsi18n", "view_on_site"} <= names


class TestEveryAddress:
    @pytest.mark.parametrize("method", ["get", "post"])
    def test_sends_strangers_to_the_login(self, client, method):
        for name, path in ADDRESSES:
            if name not in OPEN:
                assert leads_to_login(getattr(client, method)(path)), path

    @pytest.mark.parametrize("method", ["get", "post"])
    def test_sends_half_signed_in_people_to_the_login(self, client, method):
        user = account(is_superuser=True)
        app_for(user)
        type_password(client, user)

        for name, path in ADDRESSES:
            if name not in OPEN:
                assert leads_to_login(getattr(client, method)(path)), path

    @pytest.mark.parametrize("method", ["get", "post"])
    def test_sends_people_with_a_session_but_no_code_to_the_login(self, client, method):
        user = account(is_superuser=True)
        app_for(user)
        client.force_login(user)

        for name, path in ADDRESSES:
            if name not in OPEN:
                assert leads_to_login(getattr(client, method)(path)), path

    def test_is_kept_out_of_every_cache(self, client, monkeypatch):
        # What is said of caches is said before the page is drawn.
        monkeypatch.setattr(TemplateResponse, "rendered_content", "")
        enter(client, account(is_superuser=True))

        opened = 0
        for _name, path in ADDRESSES:
            response = client.get(path)
            if response.status_code == 200:
                opened += 1
                assert "no-store" in response.headers["Cache-Control"], path
                assert "private" in response.headers["Cache-Control"], path
        assert opened > 8  # the others want a row that is not there


def leads_to_login(response):
    # Signing out sends to the desk, which sends to the login.
    ways = (reverse("admin:login"), reverse("admin:index"))
    return response.status_code == 302 and response.url.startswith(ways)


class TestSignInPages:
    @pytest.mark.parametrize("name", sorted(OPEN))
    def test_are_kept_out_of_every_cache(self, client, name):
        user = account("editor")
        if name == "login_code":
            app_for(user)
        if name != "login":
            type_password(client, user)

        response = client.get(reverse(f"admin:{name}"))

        assert response.status_code == 200
        assert "no-store" in response.headers["Cache-Control"]
        assert response.headers["Referrer-Policy"] == "same-origin"

    def test_list_no_model_of_the_desk(self, client):
        user = account(is_superuser=True)
        client.force_login(user)  # a session without the second factor

        response = client.get(reverse("admin:login"))

        assert response.context["available_apps"] == []


class TestPermission:
    @pytest.mark.parametrize("role", ["editor", "publisher"])
    def test_is_for_the_two_roles(self, client, role):
        enter(client, account(role))

        assert client.get(reverse("admin:index")).status_code == 200

    def test_is_for_superusers(self, client):
        enter(client, account(is_superuser=True))

        assert client.get(reverse("admin:index")).status_code == 200

    @pytest.mark.parametrize(
        ("role", "columns"),
        [
            ("", {}),
            ("editor", {"is_active": False}),
            ("editor", {"is_staff": False}),
            ("", {"is_superuser": True, "is_staff": False}),
        ],
    )
    def test_is_for_nobody_else(self, client, role, columns):
        enter(client, account(role, **columns))

        assert client.get(reverse("admin:index")).status_code == 302

    def test_ends_when_the_device_is_gone(self, client):
        user = enter(client, account("editor"))
        user.totpdevice_set.all().delete()

        assert client.get(reverse("admin:index")).status_code == 302

    def test_ends_when_the_device_is_somebody_elses(self, client):
        user = enter(client, account("editor"))
        user.totpdevice_set.update(user=account("editor"))

        assert client.get(reverse("admin:index")).status_code == 302


class TestRegistry:
    def test_shows_no_screen_of_another_package(self):
        modules = {model.__module__.split(".")[0] for model in admin.site._registry}

        assert modules == {"talent"}

    def test_names_the_roles_as_the_record_does(self):
        ours = (roles.EDITOR, roles.PUBLISHER)

        assert ours == (registry_roles.EDITOR, registry_roles.PUBLISHER)
