"""The desk: Django's admin, open only after password and second factor."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from django.contrib import messages
from django.contrib.admin import AdminSite, ModelAdmin
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from talent.accounts import views
from talent.accounts.roles import may_use_desk

ViewT = TypeVar("ViewT", bound=Callable[..., HttpResponseBase])


class CuratorSite(AdminSite):
    site_header = "Transfer Window"
    site_title = gettext_lazy("Desk of Transfer Window")
    index_title = gettext_lazy("Desk")
    password_change_template = "accounts/password_change.html"

    def register(
        self,
        model_or_iterable: type[Model] | Iterable[type[Model]],
        admin_class: type[ModelAdmin[Any]] | None = None,
        **options: Any,
    ) -> None:
        """Our own models only. Installed packages register screens too, and those of
        django-otp would show every editor's secret and recovery codes.
        """
        models = (
            [model_or_iterable]
            if isinstance(model_or_iterable, type)
            else model_or_iterable
        )
        ours = [model for model in models if model.__module__.startswith("talent.")]
        super().register(ours, admin_class, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        """Signed in with both factors, and still somebody with a role."""
        user = request.user
        if user.is_anonymous or getattr(user, "otp_device", None) is None:
            return False
        # Asked several times for each page, answered by one query.
        if not hasattr(request, "may_use_desk"):
            request.may_use_desk = may_use_desk(user)  # type: ignore[attr-defined]  # ours
        return bool(request.may_use_desk)  # type: ignore[attr-defined]

    def admin_view(self, view: ViewT, cacheable: bool = False) -> ViewT:
        """Never cacheable, whatever the view says."""
        return super().admin_view(view, cacheable=False)

    def get_urls(self) -> list[URLPattern | URLResolver]:
        return [
            path("login/", views.password_step, name="login"),
            path("login/code/", views.code_step, name="login_code"),
            path("login/enrol/", views.enrol_step, name="login_enrol"),
            path(
                "second-factor/",
                self.admin_view(views.second_factor_page),
                name="second_factor",
            ),
            *super().get_urls(),
        ]

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return views.password_step(request)

    def logout(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        response = super().logout(request, extra_context)
        if request.method == "POST":
            messages.success(request, _("You are signed out."))
        return response

    def get_app_list(
        self, request: HttpRequest, app_label: str | None = None
    ) -> list[Any]:
        """Nothing for somebody between the two steps of signing in."""
        if not self.has_permission(request):
            return []
        return super().get_app_list(request, app_label)
