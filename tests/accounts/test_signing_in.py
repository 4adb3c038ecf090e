"""The way into the desk: password, code, and everything that can go wrong between."""

from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from talent.accounts import half_login, second_factor
from tests.accounts.desk import (
    PASSWORD,
    account,
    app_for,
    code_of,
    enter,
    type_code,
    type_password,
    wrong_code,
)

pytestmark = pytest.mark.django_db

DESK = reverse("admin:index")
LOGIN = reverse("admin:login")
CODE = reverse("admin:login_code")
ENROL = reverse("admin:login_enrol")


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


def is_in(client) -> bool:
    return client.get(DESK).status_code == 200


def let_throttle_pass():
    """As if the wait after a wrong code were over."""
    long_ago = timezone.now() - timedelta(days=1)
    TOTPDevice.objects.update(throttling_failure_timestamp=long_ago)


class TestPasswordStep:
    def test_asks_for_name_and_password_only(self, client):
        page = text_of(client.get(LOGIN))

        assert 'name="username"' in page
        assert 'name="password"' in page
        assert "otp_token" not in page

    def test_leads_to_the_code_and_signs_nobody_in(self, client):
        user = account("editor")
        app_for(user)

        response = type_password(client, user)

        assert response.url == CODE
        assert not is_in(client)
        assert "_auth_user_id" not in client.session

    def test_leads_to_enrolment_without_an_app(self, client):
        assert type_password(client, account("editor")).url == ENROL

    def test_answers_every_failure_alike(self, client):
        editor = account("editor")
        failures = [
            type_password(client, editor, "wrong"),
            type_password(client, account("editor", is_active=False)),
            type_password(client, account()),  # no role
            type_password(client, account("editor", is_staff=False)),
            client.post(LOGIN, {"username": "nobody", "password": PASSWORD}),
        ]

        answers = {
            tuple(response.context["form"].non_field_errors()) for response in failures
        }

        assert len(answers) == 1
        assert "may sign in here" in answers.pop()[0]
        assert {response.status_code for response in failures} == {200}

    def test_never_repeats_the_password(self, client):
        user = account("editor")

        wrong = type_password(client, user, "wrong horse battery")
        right = type_password(client, user)

        assert "wrong horse battery" not in text_of(wrong)
        assert PASSWORD not in text_of(client.get(right.url))

    def test_is_locked_after_five_failures_for_this_address_only(self, client):
        user = account("editor")
        app_for(user)

        answers = [type_password(client, user, "wrong") for _try in range(5)]
        right = type_password(client, user)
        elsewhere = type_password(Client(REMOTE_ADDR="198.51.100.7"), user)

        assert [answer.status_code for answer in answers] == [200] * 4 + [429]
        assert right.status_code == 429
        assert "30 minutes" in text_of(right)
        assert "no-store" in right.headers["Cache-Control"]
        assert right.headers["Retry-After"] == "1800"
        assert user.username not in text_of(right)
        assert elsewhere.url == CODE

    def test_counts_accounts_without_access_as_failures(self, client):
        user = account()

        answers = [type_password(client, user).status_code for _try in range(5)]

        assert answers == [200] * 4 + [429]

    def test_keeps_no_password_in_the_record_of_failures(self, client):
        type_password(client, account("editor"), "wrong horse battery")

        attempt = AccessAttempt.objects.get()

        assert "horse" not in attempt.post_data

    def test_sends_somebody_who_is_in_on_to_the_desk(self, client):
        enter(client, account("editor"))

        assert client.get(LOGIN).url == DESK

    def test_starts_a_session_of_its_own(self, client):
        session = client.session
        session["planted"] = "by a stranger"
        session.save()
        before = client.session.session_key

        type_password(client, account("editor"))

        assert client.session.session_key != before
        assert "planted" not in client.session


class TestNextPage:
    @pytest.mark.parametrize("via", ["query", "form"])
    def test_is_where_one_arrives(self, client, via):
        user = account("editor")
        device = app_for(user)
        wanted = reverse("admin:password_change")
        address = f"{LOGIN}?next={wanted}" if via == "query" else LOGIN
        sent = {"next": wanted} if via == "form" else {}

        client.post(address, {"username": user.username, "password": PASSWORD, **sent})
        response = type_code(client, user, code_of(device.key))

        assert response.url == wanted

    @pytest.mark.parametrize(
        "wanted",
        [
            "//evil.example/",
            "https://evil.example/",
            "https:evil.example",
            "\\\\evil.example",
            "/\\evil.example",
            "http://testserver/desk/",
            "javascript:alert(1)",
            "desk/",
            "/desk/login/",
            "/desk/logout/",
            "/\t/evil.example",
            "/\n/evil.example",
            "\u2215\u2215evil.example",
        ],
    )
    def test_is_a_path_of_this_site_or_the_desk(self, client, wanted):
        user = account("editor")
        device = app_for(user)

        type_password(client, user, next=wanted)
        response = type_code(client, user, code_of(device.key))

        assert response.url == DESK


class TestCodeStep:
    @pytest.fixture
    def user(self, client):
        user = account("editor")
        app_for(user)
        type_password(client, user)
        return user

    @pytest.fixture
    def secret(self, user):
        return TOTPDevice.objects.get(user=user).key

    def test_says_whose_code_is_asked_for(self, client, user):
        assert f"<b>{user.username}</b>" in text_of(client.get(CODE))

    def test_signs_in(self, client, user, secret):
        response = type_code(client, user, code_of(secret))

        assert response.url == DESK
        assert is_in(client)

    def test_takes_the_code_as_apps_print_it(self, client, user, secret):
        code = code_of(secret)

        type_code(client, user, f" {code[:3]} {code[3:]} ")

        assert is_in(client)

    def test_refuses_a_wrong_code_and_says_so(self, client, user, secret):
        response = type_code(client, user, wrong_code(secret))

        assert response.status_code == 200
        assert "This code is not right" in text_of(response)
        assert not is_in(client)

    @pytest.mark.parametrize("code", ["", " ", "abc", "12345", "1" * 41, "1\x002"])
    def test_refuses_what_is_no_code(self, client, user, code):
        assert type_code(client, user, code).status_code == 200
        assert not is_in(client)

    def test_makes_one_wait_after_a_wrong_code(self, client, user, secret):
        type_code(client, user, wrong_code(secret))

        response = type_code(client, user, code_of(secret))

        assert "Wait 1 second" in text_of(response)
        assert not is_in(client)

    def test_doubles_the_wait(self, client, user, secret):
        for _try in range(3):
            let_throttle_pass()
            type_code(client, user, wrong_code(secret))

        assert "Wait 4 seconds" in text_of(type_code(client, user, code_of(secret)))

    def test_is_locked_after_five_wrong_codes(self, client, user, secret):
        answers = []
        for _try in range(5):
            let_throttle_pass()
            answers.append(type_code(client, user, wrong_code(secret)).status_code)
        let_throttle_pass()

        afterwards = type_code(client, user, code_of(secret))

        assert answers == [200] * 4 + [429]
        assert afterwards.url == LOGIN
        assert type_password(client, user).status_code == 429
        assert not is_in(client)

    def test_forgives_earlier_failures_once_somebody_is_in(self, client, user, secret):
        type_code(client, user, wrong_code(secret))
        let_throttle_pass()

        type_code(client, user, code_of(secret))

        assert not AccessAttempt.objects.exists()

    def test_forgives_nothing_for_the_password_alone(self, client):
        user = account("editor")
        app_for(user)
        for _try in range(4):
            type_password(client, user, "wrong")

        type_password(client, user)

        assert AccessAttempt.objects.get().failures_since_start == 4

    def test_takes_each_code_once(self, client, user, secret):
        code = code_of(secret)
        type_code(client, user, code)
        again = Client()
        type_password(again, user)

        response = type_code(again, user, code)

        assert "works once" in text_of(response)
        assert not is_in(again)

    def test_asks_for_the_password_first(self, client):
        response = client.get(CODE, follow=True)

        assert response.redirect_chain == [(LOGIN, 302)]
        assert "Enter your user name and password first." in text_of(response)

    def test_asks_for_the_password_again_after_ten_minutes(self, client, user, secret):
        session = client.session
        session[half_login.KEY]["at"] -= 601
        session.save()

        response = client.post(
            CODE,
            {"otp_token": code_of(secret), "account": user.username},
            follow=True,
        )

        assert response.redirect_chain == [(LOGIN, 302)]
        assert "More than 10 minutes have passed" in text_of(response)
        assert not is_in(client)

    def test_still_knows_the_password_after_nine_minutes(self, client, user, secret):
        session = client.session
        session[half_login.KEY]["at"] -= 540
        session.save()

        type_code(client, user, code_of(secret))

        assert is_in(client)

    @pytest.mark.parametrize(
        "change",
        [
            lambda user: user.groups.clear(),
            lambda user: type(user).objects.update(is_active=False),
            lambda user: (user.set_password("something else"), user.save()),
            lambda user: user.delete(),
        ],
        ids=["role taken", "switched off", "password changed", "deleted"],
    )
    def test_stops_when_the_account_was_changed(self, client, user, secret, change):
        code = code_of(secret)
        change(user)

        response = client.post(
            CODE, {"otp_token": code, "account": user.username}, follow=True
        )

        assert "changed meanwhile" in text_of(response)
        assert not is_in(client)

    def test_leads_nobody_with_an_app_to_enrolment(self, client, user):
        assert client.get(ENROL).url == CODE

    def test_is_not_answered_by_the_app_of_somebody_else(self, client, user):
        other = app_for(account("editor"))

        type_code(client, user, code_of(other.key))

        assert not is_in(client)

    def test_is_not_answered_by_an_app_that_was_never_confirmed(
        self, client, user, secret
    ):
        TOTPDevice.objects.update(confirmed=False)

        response = type_code(client, user, code_of(secret))

        assert "This code is not right" in text_of(response)
        assert not is_in(client)


class TestRecoveryCode:
    @pytest.fixture
    def user(self, client):
        user = account("editor")
        app_for(user)
        type_password(client, user)
        return user

    def test_signs_in_once(self, client, user):
        code = second_factor.renew_recovery_codes(user)[0]

        type_code(client, user, code)

        assert "9 are left" in text_of(client.get(DESK))
        again = Client()
        type_password(again, user)
        assert "works once" in text_of(type_code(again, user, code))
        assert not is_in(again)

    def test_is_taken_as_people_copy_it(self, client, user):
        code = second_factor.renew_recovery_codes(user)[0]

        type_code(client, user, f" {code.upper().replace('-', ' ')}")

        assert is_in(client)

    def test_has_a_page_that_asks_for_it(self, client, user):
        assert f'href="{CODE}?recovery"' in text_of(client.get(CODE))
        assert "Recovery code:" in text_of(client.get(f"{CODE}?recovery"))

    def test_is_not_held_up_by_wrong_codes_of_the_app(self, client, user):
        code = second_factor.renew_recovery_codes(user)[0]
        type_code(client, user, wrong_code(TOTPDevice.objects.get().key))

        type_code(client, user, code)

        assert is_in(client)

    def test_cannot_be_guessed_fast(self, client, user):
        code = second_factor.renew_recovery_codes(user)[0]
        type_code(client, user, "aaaa-aaaa")

        assert "Wait 1 second" in text_of(type_code(client, user, code))

    def test_of_somebody_else_is_worth_nothing(self, client, user):
        second_factor.renew_recovery_codes(user)
        other = second_factor.renew_recovery_codes(account("editor"))[0]

        type_code(client, user, other)

        assert not is_in(client)

    def test_warns_when_few_are_left(self, client, user):
        codes = second_factor.renew_recovery_codes(user)
        StaticToken.objects.exclude(token=codes[0].replace("-", "")).delete()

        type_code(client, user, codes[0])

        assert "0 are left. Make new ones" in text_of(client.get(DESK))


class TestEnrolment:
    @pytest.fixture
    def user(self, client):
        user = account("editor")
        type_password(client, user)
        return user

    @pytest.fixture
    def secret(self, client, user):
        return client.session[half_login.KEY]["secret"]

    def test_shows_the_key_as_picture_and_text(self, client, user, secret):
        response = client.get(ENROL)

        key = second_factor.Key.of(secret, user=user)
        assert key.text in text_of(response)
        assert key.path in text_of(response)
        assert key.link.startswith("otpauth://totp/Transfer%20Window%3A")

    def test_shows_the_same_key_when_the_page_is_opened_again(self, client, user):
        first, second = (client.get(ENROL).context["key"].text for _time in range(2))

        assert first == second

    def test_signs_in_and_shows_ten_codes_once(self, client, user, secret):
        response = type_code(client, user, code_of(secret), step="enrol")

        codes = response.context["codes"]
        assert len(set(codes)) == 10
        assert all(code in text_of(response) for code in codes)
        assert "no-store" in response.headers["Cache-Control"]
        assert is_in(client)
        assert not any(code in str(dict(client.session)) for code in codes)

    def test_arms_the_app_for_the_next_sign_in(self, client, user, secret):
        type_code(client, user, code_of(secret), step="enrol")
        again = Client()

        assert type_password(again, user).url == CODE
        type_code(again, user, code_of(secret, steps=1))

        assert is_in(again)

    def test_does_not_let_its_own_code_in_again(self, client, user, secret):
        code = code_of(secret)
        type_code(client, user, code, step="enrol")
        again = Client()
        type_password(again, user)

        type_code(again, user, code)

        assert not is_in(again)

    def test_refuses_a_wrong_code_and_keeps_the_key(self, client, user, secret):
        response = type_code(client, user, wrong_code(secret), step="enrol")

        assert "another code now" in text_of(response)
        assert response.context["key"].path in text_of(response)
        assert client.session[half_login.KEY]["secret"] == secret
        assert not TOTPDevice.objects.exists()

    def test_cannot_be_skipped(self, client, user):
        assert client.get(CODE).url == ENROL
        assert not is_in(client)

    def test_has_a_key_of_its_own_in_every_session(self, client, user, secret):
        stranger = Client()

        type_password(stranger, user)

        assert stranger.session[half_login.KEY]["secret"] != secret

    def test_does_not_add_a_second_app_from_another_tab(self, client, user, secret):
        first = Client()
        type_password(first, user)
        own = first.session[half_login.KEY]["secret"]
        type_code(first, user, code_of(own), step="enrol")

        response = client.post(
            ENROL,
            {"otp_token": code_of(secret), "account": user.username},
            follow=True,
        )

        assert "set up meanwhile" in text_of(response)
        assert TOTPDevice.objects.get().key == own
        assert not is_in(client)

    def test_goes_on_to_the_page_asked_for(self, client):
        user = account("editor")
        wanted = reverse("admin:password_change")
        type_password(client, user, next=wanted)
        secret = client.session[half_login.KEY]["secret"]

        response = type_code(client, user, code_of(secret), step="enrol")

        assert f'href="{wanted}"' in text_of(response)

    def test_stands_in_the_history_of_the_account(self, client, user, secret):
        type_code(client, user, code_of(secret), step="enrol")

        messages = user.logentry_set.values_list("change_message", flat=True)
        assert list(messages) == ["Set up the second factor."]


class TestTwoTabs:
    """Django's form check is on here, as in a browser."""

    @pytest.fixture
    def browser(self):
        return Client(enforce_csrf_checks=True)

    def token(self, browser, address):
        return browser.get(address).context["csrf_token"]

    def sign_in(self, browser, user):
        token = str(self.token(browser, LOGIN))
        type_password(browser, user, csrfmiddlewaretoken=token)
        device = TOTPDevice.objects.get(user=user)
        return browser.post(
            CODE,
            {
                "otp_token": code_of(device.key),
                "account": user.username,
                "csrfmiddlewaretoken": str(self.token(browser, CODE)),
            },
        )

    def test_a_form_of_this_browser_is_taken(self, browser):
        user = account("editor")
        app_for(user)

        assert self.sign_in(browser, user).url == DESK
        assert is_in(browser)

    @pytest.mark.parametrize("address", [LOGIN, CODE, ENROL])
    def test_a_form_left_open_tells_that_one_is_in(self, browser, address):
        user = account("editor")
        app_for(user)
        old = str(self.token(browser, LOGIN))
        self.sign_in(browser, user)

        response = browser.post(
            address,
            {
                "username": user.username,
                "password": PASSWORD,
                "csrfmiddlewaretoken": old,
            },
            follow=True,
        )

        assert response.redirect_chain == [(DESK, 302)]
        assert f"signed in already, as {user.username}" in text_of(response)

    def test_a_form_from_elsewhere_is_not_read(self, browser):
        user = account("editor")

        response = type_password(browser, user, csrfmiddlewaretoken="forged")

        assert response.status_code == 200
        assert "out of date" in text_of(response)
        assert half_login.KEY not in browser.session

    @pytest.mark.parametrize("step", ["code", "enrol"])
    def test_a_code_from_elsewhere_is_not_read(self, browser, step):
        user = account("editor")
        if step == "code":
            app_for(user)
        token = str(self.token(browser, LOGIN))
        type_password(browser, user, csrfmiddlewaretoken=token)
        stored = browser.session[half_login.KEY]
        secret = stored["secret"] or TOTPDevice.objects.get().key

        response = type_code(browser, user, code_of(secret), step=step)

        assert "out of date" in text_of(response)
        assert not is_in(browser)

    def test_two_accounts_are_told_apart(self, client):
        one, other = account("editor"), account("editor")
        device = app_for(one)
        app_for(other)
        type_password(client, one)
        type_password(client, other)

        response = type_code(client, one, code_of(device.key))

        assert f"began to sign in as {other.username}" in text_of(response)
        assert not AccessAttempt.objects.exists()
        assert not is_in(client)


class TestSigningOut:
    def test_says_so_and_ends_it(self, client):
        enter(client, account("editor"))

        response = client.post(reverse("admin:logout"), follow=True)

        assert response.redirect_chain == [(LOGIN, 302)]
        assert "You are signed out." in text_of(response)
        assert not is_in(client)


class TestRoleTakenAway:
    def test_ends_the_session_at_the_next_page(self, client):
        user = enter(client, account("editor"))
        assert is_in(client)

        user.groups.remove(Group.objects.get(name="editor"))

        assert not is_in(client)
