import pytest
from django.contrib.auth import authenticate
from django.test import Client, RequestFactory
from django.urls import reverse

from talent.accounts import second_factor
from talent.accounts.models import User
from tests.accounts.desk import account, app_for, enter, type_password

pytestmark = pytest.mark.django_db

LIST = reverse("admin:accounts_user_changelist")
ADD = reverse("admin:accounts_user_add")


def change_of(user):
    return reverse("admin:accounts_user_change", args=[user.pk])


def new_password_of(user):
    return reverse("admin:accounts_user_new_password", args=[user.pk])


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


def opens(username, password):
    request = RequestFactory().post("/")
    return authenticate(request, username=username, password=password) is not None


@pytest.fixture
def owner(client):
    return enter(client, account(is_superuser=True))


class TestAccounts:
    @pytest.mark.parametrize("role", ["editor", "publisher"])
    def test_are_for_superusers_only(self, client, role):
        other = account("editor")
        enter(client, account(role))

        for address in (LIST, ADD, change_of(other), new_password_of(other)):
            assert client.get(address).status_code == 403
            assert client.post(address).status_code == 403
        assert "Users" not in text_of(client.get(reverse("admin:index")))

    def test_are_listed_with_role_and_second_factor(self, client, owner):
        account("publisher", username="polly")

        page = text_of(client.get(LIST))

        assert "polly" in page
        assert "publisher" in page
        assert "icon-no" in page  # polly has no app yet
        assert "none: may not sign in" not in page

    def test_are_found_by_role(self, client, owner):
        account("publisher", username="polly")
        account("editor", username="eddy")

        page = text_of(client.get(LIST, {"role": "publisher"}))

        assert "polly" in page
        assert "eddy" not in page

    def test_are_listed_in_as_many_queries_for_three_as_for_one(
        self, client, owner, queries_of
    ):
        account("editor")
        client.get(LIST)
        with_one = queries_of(lambda: client.get(LIST))

        for _one in range(2):
            account("editor")

        assert queries_of(lambda: client.get(LIST)) == with_one

    def test_cannot_be_deleted(self, client, owner):
        other = account("editor")

        delete = reverse("admin:accounts_user_delete", args=[other.pk])

        assert client.post(delete, {"post": "yes"}).status_code == 403
        assert "delete_selected" not in text_of(client.get(LIST))

    def test_cannot_be_filtered_by_password(self, client, owner):
        response = client.get(LIST, {"password__startswith": "md5"})

        assert response.status_code == 400


class TestNewAccount:
    def make(self, client, **fields):
        return client.post(ADD, {"username": "polly", "role": "publisher", **fields})

    def test_has_a_role_and_a_password_shown_once(self, client, owner):
        response = self.make(client)

        password = response.context["password"]
        polly = User.objects.get(username="polly")
        assert password in text_of(response)
        assert opens("polly", password)
        assert [group.name for group in polly.groups.all()] == ["publisher"]
        assert polly.is_staff
        assert not polly.is_superuser
        assert password not in text_of(client.get(change_of(polly)))
        assert "no-store" in response.headers["Cache-Control"]

    def test_may_begin_to_sign_in(self, client, owner):
        password = self.make(client).context["password"]

        response = type_password(Client(), User.objects.get(username="polly"), password)

        assert response.url == reverse("admin:login_enrol")

    def test_needs_a_name_of_its_own(self, client, owner):
        account(username="polly")

        response = self.make(client)

        assert "already exists" in text_of(response)
        assert User.objects.filter(username="polly").count() == 1

    def test_takes_no_role_there_is_not(self, client, owner):
        response = self.make(client, role="owner")

        assert "not one of the available choices" in text_of(response)
        assert not User.objects.filter(username="polly").exists()


class TestAccount:
    def save(self, client, user, **fields):
        return client.post(
            change_of(user),
            {"username": user.username, "role": "", "is_active": "on", **fields},
        )

    def test_shows_its_role(self, client, owner):
        user = account("publisher")

        form = client.get(change_of(user)).context["adminform"].form

        assert form["role"].initial == "publisher"

    def test_changes_role_and_says_so_in_its_history(self, client, owner):
        user = account("editor")

        self.save(client, user, role="publisher")

        assert [group.name for group in user.groups.all()] == ["publisher"]
        history = reverse("admin:accounts_user_history", args=[user.pk])
        assert "Changed Role." in text_of(client.get(history))

    def test_loses_its_role(self, client, owner):
        user = account("editor")

        self.save(client, user, role="")

        assert not user.groups.exists()

    def test_keeps_its_password_when_edited(self, client, owner):
        user = account("editor")
        before = user.password

        self.save(client, user, role="editor", first_name="Polly")

        user.refresh_from_db()
        assert (user.first_name, user.password) == ("Polly", before)

    def test_of_ones_own_cannot_be_locked_out(self, client, owner):
        client.post(change_of(owner), {"username": owner.username, "role": ""})

        owner.refresh_from_db()
        assert owner.is_active
        assert owner.is_superuser


class TestNewPassword:
    def test_is_asked_about_first(self, client, owner):
        user = account("editor")

        page = text_of(client.get(new_password_of(user)))

        user.refresh_from_db()
        assert "stops working" in page
        assert opens(user.username, "correct horse battery staple")

    def test_is_shown_once_and_ends_the_sessions(self, client, owner):
        user = account("editor")
        session = Client()
        enter(session, user)

        response = client.post(new_password_of(user))

        assert opens(user.username, response.context["password"])
        assert session.get(reverse("admin:index")).status_code == 302
        assert user.logentry_set.count() == 0  # the owner did it
        assert owner.logentry_set.get().change_message == "Gave a new password."

    def test_of_nobody_is_not_found(self, client, owner):
        address = reverse("admin:accounts_user_new_password", args=[0])

        assert client.post(address).status_code == 404


class TestResetSecondFactor:
    def reset(self, client, *users):
        return client.post(
            LIST,
            {
                "action": "reset_second_factor",
                "_selected_action": [user.pk for user in users],
            },
            follow=True,
        )

    def test_cuts_off_sessions_and_leads_to_enrolment(self, client, owner):
        user, session = account("editor"), Client()
        enter(session, user)
        second_factor.renew_recovery_codes(user)

        response = self.reset(client, user)

        assert f"Reset the second factor of {user.username}" in text_of(response)
        assert session.get(reverse("admin:index")).status_code == 302
        assert second_factor.recovery_codes_left(user) == 0
        answer = type_password(Client(), user)
        assert answer.url == reverse("admin:login_enrol")

    def test_stands_in_the_history(self, client, owner):
        user = account("editor")

        self.reset(client, user)

        history = reverse("admin:accounts_user_history", args=[user.pk])
        assert "Reset the second factor." in text_of(client.get(history))

    def test_leaves_other_accounts_alone(self, client, owner):
        other = account("editor")
        app_for(other)

        self.reset(client, account("editor"))

        assert second_factor.app_of(other)
