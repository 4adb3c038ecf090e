"""People, organizations and sources: what is typed for each."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from talent.common.partial_date_columns import columns_of, read
from talent.registry.forms.fields import PartialDateField, SourceAddressField
from talent.registry.forms.versions import VersionedForm
from talent.registry.models import Organization, Person, Source
from talent.registry.tombstones import is_buried


class AddressedForm(VersionedForm):
    """A row with an address of its own, made from its name unless given."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if slug := self.fields.get("slug"):
            slug.required = False
            slug.help_text = _("Empty: made from the name. {help}").format(
                help=slug.help_text
            )

    def clean_slug(self) -> str:
        slug = str(self.cleaned_data["slug"] or self.instance.slug)
        if is_buried(type(self.instance), slug):
            raise ValidationError(
                _(
                    "What was at “%(slug)s” was removed for good: choose another address."
                )
                % {"slug": slug}
            )
        return slug

    def _get_validation_exclusions(self) -> set[str]:
        excluded = super()._get_validation_exclusions()
        if not self.cleaned_data.get("slug"):
            excluded.add("slug")
        return excluded


class PersonForm(AddressedForm):
    class Meta:
        model = Person
        fields = ("name", "name_zh", "other_names", "known_for", "education", "slug")


class DatedForm(VersionedForm):
    """Keeps one typed date in its two columns."""

    date_columns: ClassVar[tuple[str, str, str]]  # field, day, precision

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field, day, precision = self.date_columns
        if known := getattr(self.instance, day):
            self.initial[field] = read(known, getattr(self.instance, precision))

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        field, day, precision = self.date_columns
        if field in self.cleaned_data:
            first, how = columns_of(self.cleaned_data[field])
            setattr(self.instance, day, first)
            setattr(self.instance, precision, how)
        return cleaned


class OrganizationForm(AddressedForm, DatedForm):
    date_columns = ("founded", "founded_on", "founded_precision")
    founded = PartialDateField(label=gettext_lazy("Founded"), required=False)

    class Meta:
        model = Organization
        fields = ("name", "name_zh", "other_names", "seat", "parent", "country", "slug")

    def clean_country(self) -> str:
        return str(self.cleaned_data["country"]).upper()


class SourceForm(DatedForm):
    date_columns = ("published", "published_on", "published_precision")
    published = PartialDateField(label=gettext_lazy("Published"), required=False)

    class Meta:
        model = Source
        fields = ("url", "title", "publisher", "language", "repeats", "archive_url")
        help_texts = {"publisher": gettext_lazy("As it calls itself.")}
        field_classes = {"url": SourceAddressField, "archive_url": SourceAddressField}
