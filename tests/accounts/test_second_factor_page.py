import pytest
from django.test import Client
from django.urls import reverse
from django_otp.plugins.otp_totp.models import TOTPDevice

from talent.accounts import half_login, second_factor
from tests.accounts.desk import (
    PASSWORD,
    account,
    code_of,
    enter,
    type_code,
    type_password,
)

pytestmark = pytest.mark.django_db

PAGE = reverse("admin:second_factor")
ENROL = reverse("admin:login_enrol")


@pytest.fixture
def user(client):
    return enter(client, account("editor"))


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


class TestSecondFactorPage:
    def test_says_what_there_is(self, client, user):
        second_factor.renew_recovery_codes(user)

        page = text_of(client.get(PAGE))

        assert "10 recovery codes are left" in page
        assert "An app set up on" in page

    def test_is_reached_from_the_password_page(self, client, user):
        assert f'href="{PAGE}"' in text_of(client.get(reverse("admin:password_change")))

    def test_makes_ten_new_codes_and_ends_the_old(self, client, user):
        old = second_factor.renew_recovery_codes(user)

        response = client.post(PAGE, {"password": PASSWORD, "renew": ""})

        codes = response.context["codes"]
        assert len(codes) == 10
        assert not set(codes) & set(old)
        assert second_factor.recovery_codes_left(user) == 10
        assert second_factor.check(user, old[0]).device is None
        assert user.logentry_set.get().change_message == "Made new recovery codes."

    @pytest.mark.parametrize("wish", ["renew", "replace"])
    def test_changes_nothing_without_the_password(self, client, user, wish):
        response = client.post(PAGE, {"password": "wrong", wish: ""})

        assert "This is not your password." in text_of(response)
        assert second_factor.recovery_codes_left(user) == 0
        assert half_login.KEY not in client.session

    def test_does_not_let_the_password_be_guessed(self, client, user):
        answers = [
            client.post(PAGE, {"password": "wrong", "renew": ""}).status_code
            for _try in range(5)
        ]

        assert answers == [200] * 4 + [429]

    def test_keeps_the_session_of_a_recovery_code_after_renewal(self, client):
        user = account("editor")
        TOTPDevice.objects.create(user=user, name="app")
        code = second_factor.renew_recovery_codes(user)[0]
        type_password(client, user)
        type_code(client, user, code)

        client.post(PAGE, {"password": PASSWORD, "renew": ""})

        assert client.get(PAGE).status_code == 200


class TestAnotherPhone:
    def test_replaces_the_first_once_confirmed(self, client, user):
        first = TOTPDevice.objects.get(user=user)
        second_factor.renew_recovery_codes(user)

        response = client.post(PAGE, {"password": PASSWORD, "replace": ""})
        secret = client.session[half_login.KEY]["secret"]
        shown = type_code(client, user, code_of(secret), step="enrol")

        assert response.url == ENROL
        assert TOTPDevice.objects.get(user=user).key == secret != first.key
        assert len(shown.context["codes"]) == 10
        assert second_factor.recovery_codes_left(user) == 10
        assert client.get(PAGE).status_code == 200

    def test_leaves_the_first_until_then(self, client, user):
        first = TOTPDevice.objects.get(user=user)

        client.post(PAGE, {"password": PASSWORD, "replace": ""})

        assert client.get(PAGE).status_code == 302  # signed out meanwhile
        assert "the phone you had stays valid" in text_of(client.get(ENROL))
        elsewhere = Client()
        type_password(elsewhere, user)
        type_code(elsewhere, user, code_of(first.key))
        assert elsewhere.get(PAGE).status_code == 200


class TestPasswordChange:
    def change(self, client):
        return client.post(
            reverse("admin:password_change"),
            {
                "old_password": PASSWORD,
                "new_password1": "another horse battery",
                "new_password2": "another horse battery",
            },
        )

    def test_ends_other_sessions_and_keeps_the_device(self, client, user):
        other = Client()
        other.force_login(user)
        session = other.session
        session["otp_device_id"] = client.session["otp_device_id"]
        session.save()
        assert other.get(PAGE).status_code == 200

        self.change(client)

        assert client.get(PAGE).status_code == 200
        assert other.get(PAGE).status_code == 302
        assert TOTPDevice.objects.filter(user=user).count() == 1

    def test_refuses_a_short_password(self, client, user):
        response = client.post(
            reverse("admin:password_change"),
            {
                "old_password": PASSWORD,
                "new_password1": "short",
                "new_password2": "short",
            },
        )

        assert "at least 12 characters" in text_of(response)
