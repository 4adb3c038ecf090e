"""Two curators on one row: whoever saves second is told what the first one did."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from talent.registry.revisions import Revision, revisions_since, version_of

if TYPE_CHECKING:
    AnyModelForm = forms.ModelForm[Any]
else:
    AnyModelForm = forms.ModelForm

MOST_TOLD = 5


class DeskForm(AnyModelForm):
    def _get_validation_exclusions(self) -> set[str]:
        # Django's own; named here because its types leave it out.
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        return excluded


class VersionedForm(DeskForm):
    """Carries the version of the row it shows; a row changed meanwhile is not overwritten.

    The second save, after the changes were shown, goes through: nothing typed is lost.
    """

    version = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and not self.is_bound:
            self.initial["version"] = version_of(self.instance)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        seen = self.cleaned_data.get("version")
        if self.instance.pk and seen:
            current = version_of(self.instance)
            if seen != current:
                self.add_error(None, what_happened(self.instance, seen))
                data: Any = self.data
                self.data = data.copy()
                self.data[self.add_prefix("version")] = current  # type: ignore[index]  # a QueryDict
        return cleaned


def what_happened(row: Any, version: str) -> list[str]:
    told = [sentence(revision) for revision in revisions_since(row, version)]
    return [
        *told[:MOST_TOLD],
        _(
            "This changed while you were editing; what you typed is still here. Compare, "
            "then save again to keep yours."
        ),
    ]


def sentence(revision: Revision) -> str:
    steps = "; ".join(
        " ".join(
            [
                step.thing,
                step.label,
                ", ".join(
                    f"{change.field}: “{change.before}” → “{change.after}”"
                    for change in step.changes
                    if change.before or step.label == _("changed")
                ),
            ]
        ).strip()
        for step in revision.steps
    )
    at = date_format(timezone.localtime(revision.at), "DATETIME_FORMAT")
    return _("%(who)s, %(at)s: %(steps)s.") % {
        "who": revision.who,
        "at": at,
        "steps": steps,
    }
