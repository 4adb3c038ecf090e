"""What Django names by itself, it cannot translate: here it learns to."""

from __future__ import annotations

from django.apps import AppConfig, apps
from django.db.models import Model
from django.utils.translation import gettext_lazy


class CommonConfig(AppConfig):
    name = "talent.common"

    def ready(self) -> None:
        for model in apps.get_models():
            if model.__module__.startswith("talent."):
                for owner, attribute in derived_names(model):
                    english = str(getattr(owner, attribute))
                    setattr(owner, attribute, gettext_lazy(english))


def derived_names(model: type[Model]) -> list[tuple[object, str]]:
    """What of a model Django named after the code: (its options or a field, attribute).

    A name stated in the code would be translated too, but would be in a migration as well.
    """
    options = model._meta
    names = ("verbose_name", "verbose_name_plural")
    return [
        *((options, name) for name in names if name not in options.original_attrs),
        *(
            (field, "verbose_name")
            for field in options.local_fields
            if field._verbose_name is None  # type: ignore[attr-defined]
        ),
    ]
