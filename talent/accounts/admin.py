"""Accounts at the desk: for superusers only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django_otp.plugins.otp_totp.models import TOTPDevice

from talent.accounts import passwords, second_factor
from talent.accounts.forms import AccountForm
from talent.accounts.models import User
from talent.accounts.roles import EDITOR, NAMES, PUBLISHER
from talent.accounts.views import page

if TYPE_CHECKING:
    UserModelAdmin = admin.ModelAdmin[User]
else:
    UserModelAdmin = admin.ModelAdmin


class RoleFilter(admin.SimpleListFilter):
    title = gettext_lazy("role")
    parameter_name = "role"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]
    ) -> list[tuple[str, Any]]:
        return list(NAMES.items())

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[User]
    ) -> QuerySet[User]:
        role = self.value()
        return queryset.filter(groups__name=role) if role else queryset


@admin.register(User)
class UserAdmin(UserModelAdmin):
    form = AccountForm
    list_display = (
        "username",
        "full_name",
        "role",
        "has_app",
        "is_active",
        "last_login",
    )
    list_filter = ("is_active", "is_superuser", RoleFilter)
    search_fields = ("username", "first_name", "last_name", "email")
    ordering = ("username", "pk")
    actions = ("reset_second_factor",)

    class Media:
        css = {"all": ["accounts/desk.css"]}

    # -- Who may do what ---------------------------------------------------------------

    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_active and request.user.is_superuser)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_module_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_module_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_module_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never: what somebody did stays theirs. An account is switched off instead."""
        return False

    def lookup_allowed(self, lookup: str, value: Any, request: Any = None) -> bool:
        """No guessing at password hashes by filtering on them."""
        return not lookup.startswith("password") and super().lookup_allowed(
            lookup, value, request
        )

    # -- The list ----------------------------------------------------------------------

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        apps = TOTPDevice.objects.filter(user=OuterRef("pk"), confirmed=True)
        users = super().get_queryset(request)
        return users.annotate(app=Exists(apps)).prefetch_related("groups")

    @admin.display(description=gettext_lazy("name"), ordering="last_name")
    def full_name(self, user: User) -> str:
        return user.get_full_name()

    @admin.display(description=gettext_lazy("role"))
    def role(self, user: User) -> str:
        held = [str(_("administrator"))] if user.is_superuser else []
        held += sorted(str(NAMES.get(g.name, g.name)) for g in user.groups.all())
        return ", ".join(held) or _("none: may not sign in")

    @admin.display(
        description=gettext_lazy("second factor"), boolean=True, ordering="app"
    )
    def has_app(self, user: User) -> bool:
        return bool(user.app)  # type: ignore[attr-defined]  # annotated above

    @admin.action(description=gettext_lazy("Reset the second factor"))
    def reset_second_factor(self, request: HttpRequest, users: QuerySet[User]) -> None:
        names = []
        with transaction.atomic():
            for user in users:
                second_factor.reset(user)
                self.log_change(request, user, "Reset the second factor.")
                names.append(user.username)
        text = ngettext(
            "Reset the second factor of %(names)s: they are signed out, and set up "
            "another app when they next sign in.",
            "Reset the second factor of %(names)s: they are signed out, and set up "
            "other apps when they next sign in.",
            len(names),
        ) % {"names": ", ".join(names)}
        self.message_user(request, text, messages.SUCCESS)

    # -- One account -------------------------------------------------------------------

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        person = ("username", "first_name", "last_name", "email")
        access: tuple[str, ...] = ("role", "is_superuser")
        if obj is None:
            return [(None, {"fields": person}), (_("Access"), {"fields": access})]
        access += ("is_active", "new_password", "second_factor", "last_login")
        return [(None, {"fields": person}), (_("Access"), {"fields": access})]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        shown = ("new_password", "second_factor", "last_login")
        # Nobody locks themselves out, so one superuser is always left.
        own = ("is_superuser", "is_active") if obj == request.user else ()
        return shown + own

    @admin.display(description=gettext_lazy("password"))
    def new_password(self, user: User) -> str:
        address = reverse("admin:accounts_user_new_password", args=[user.pk])
        return format_html('<a href="{}">{}</a>', address, _("Give a new password"))

    @admin.display(description=gettext_lazy("second factor"))
    def second_factor(self, user: User) -> str:
        if second_factor.app_of(user):
            return _('Set up. To reset it, use "Reset the second factor" in the list.')
        return _("Not set up: asked for at the next sign-in.")

    def save_model(
        self, request: HttpRequest, obj: User, form: Any, change: bool
    ) -> None:
        obj.is_staff = True
        if not change:
            obj.set_unusable_password()  # response_add gives one
        super().save_model(request, obj, form, change)

    def save_related(
        self, request: HttpRequest, form: Any, formsets: Any, change: bool
    ) -> None:
        super().save_related(request, form, formsets, change)
        roles = Group.objects.filter(name__in=(EDITOR, PUBLISHER))
        user: User = form.instance
        user.groups.remove(*roles)
        user.groups.add(*roles.filter(name=form.cleaned_data["role"]))

    def response_add(
        self, request: HttpRequest, obj: User, post_url_continue: Any = None
    ) -> HttpResponse:
        return self.show_new_password(request, obj)

    # -- Passwords ---------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        own = path(
            "<int:pk>/new-password/",
            self.admin_site.admin_view(self.new_password_page),
            name="accounts_user_new_password",
        )
        return [own, *super().get_urls()]

    def new_password_page(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not self.has_change_permission(request):
            raise PermissionDenied
        user = User.objects.filter(pk=pk).first()
        if user is None:
            raise Http404
        if request.method == "POST":
            self.log_change(request, user, "Gave a new password.")
            return self.show_new_password(request, user)
        context = {"account": user, "title": _("New password"), "opts": self.opts}
        return page(request, "accounts/new_password.html", context)

    def show_new_password(self, request: HttpRequest, user: User) -> HttpResponse:
        """In the answer itself, once: neither message nor session holds it."""
        context = {
            "account": user,
            "password": passwords.give_new(user),
            "address": settings.SITE_URL + reverse("admin:index"),
            "has_app": second_factor.app_of(user) is not None,
            "title": _("The password of %(user)s") % {"user": user.username},
            "opts": self.opts,
        }
        return page(request, "accounts/new_password.html", context)
