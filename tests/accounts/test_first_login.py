import re
from io import StringIO

import pytest
from axes.models import AccessAttempt
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.test import Client, RequestFactory
from django.urls import reverse

from talent.accounts import second_factor
from talent.accounts.models import User
from tests.accounts.desk import account, app_for, enter, type_password

pytestmark = pytest.mark.django_db


def run(**options) -> str:
    out = StringIO()
    call_command("first_login", stdout=out, **options)
    return out.getvalue()


def password_in(text) -> str:
    return re.search(r"password +(\S+)", text)[1]


def opens(username, password):
    request = RequestFactory().post("/")
    return authenticate(request, username=username, password=password) is not None


class TestFirstLogin:
    def test_makes_an_administrator_and_prints_the_password(self):
        text = run()

        curator = User.objects.get()
        assert curator.username == "curator"
        assert curator.is_superuser
        assert curator.is_staff
        assert opens("curator", password_in(text))
        assert "http://localhost:8000/desk/" in text
        assert "set up when you sign in" in text

    def test_makes_a_long_readable_password(self):
        password = password_in(run())

        assert re.fullmatch(r"([a-hj-km-np-z2-9]{5}-){3}[a-hj-km-np-z2-9]{5}", password)

    def test_stores_the_password_as_a_hash_only(self):
        password = password_in(run())

        assert not any(
            password in str(value) for value in User.objects.values().get().values()
        )

    def test_takes_another_name(self):
        run(username="owner")

        assert User.objects.get().username == "owner"

    def test_says_nothing_when_there_is_one(self):
        account(is_superuser=True, username="owner")

        assert run() == ""
        assert User.objects.count() == 1

    def test_makes_one_when_the_only_one_is_switched_off(self):
        account(is_superuser=True, is_active=False, username="curator")

        assert "curator2" in run()

    def test_leaves_an_ordinary_account_of_that_name_alone(self):
        account("editor", username="curator")

        assert "curator2" in run()

    def test_takes_no_name_that_is_taken(self):
        account("editor", username="curator")

        with pytest.raises(CommandError, match="choose another name"):
            run(username="curator")


class TestReset:
    def test_gives_a_new_password_and_forgets_the_devices(self, client):
        user = account("editor", username="polly")
        enter(client, user)
        second_factor.renew_recovery_codes(user)

        text = run(reset="polly")

        assert opens("polly", password_in(text))
        assert "user name  polly" in text
        assert second_factor.app_of(user) is None
        assert second_factor.recovery_codes_left(user) == 0
        assert client.get(reverse("admin:index")).status_code == 302

    def test_lets_somebody_in_who_was_locked_out(self, client):
        user = account("editor", username="polly")
        for _try in range(5):
            type_password(client, user, "wrong")
        assert AccessAttempt.objects.exists()

        password = password_in(run(reset="polly"))

        response = type_password(Client(), user, password)
        assert response.url == reverse("admin:login_enrol")

    def test_stands_in_the_history_of_the_account(self):
        user = account("editor", username="polly")

        run(reset="polly")

        assert "on the server" in user.logentry_set.get().change_message

    def test_says_when_the_account_still_may_not_sign_in(self):
        account(username="polly")

        assert "cannot sign in yet" in run(reset="polly")

    def test_leaves_other_accounts_alone(self):
        account(username="polly")
        other = account("editor")
        app_for(other)

        run(reset="polly")

        assert second_factor.app_of(other)

    def test_knows_when_there_is_no_such_account(self):
        with pytest.raises(CommandError, match="no account named 'nobody'"):
            run(reset="nobody")
