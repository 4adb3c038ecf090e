"""What came in about somebody who is removed from the record is forgotten with them, in the same
transaction.
"""

from __future__ import annotations

from typing import Any

from django.db.models import CharField, F, Q, Value
from django.db.models.functions import Cast, Concat

from talent.intake.models import Address, Article, Import, Proposal

FORGOTTEN = "[removed]"


def forget_articles(*, events: list[int], names: list[str], **_signal: Any) -> None:
    """The words of every article that names them go, and what was proposed about them.

    The keys of its addresses stay: what was removed must not come in again.
    """
    named = Q(pk=None)
    for name in filter(None, names):
        named |= Q(title__icontains=name) | Q(text__icontains=name)
        named |= Q(proposals__person__icontains=name)
    articles = list(Article.objects.filter(named).values_list("pk", flat=True))
    about = Q(event__in=events)
    for name in filter(None, names):
        about |= Q(person__icontains=name)
    Proposal.objects.filter(about).delete()
    Proposal.objects.filter(article__in=articles).update(evidence={})
    Article.objects.filter(pk__in=articles).update(
        title=FORGOTTEN, text="", title_key="", sketch=[]
    )
    Address.objects.filter(article__in=articles).update(
        url=Concat(
            Value("https://removed.invalid/"), Cast(F("pk"), output_field=CharField())
        )
    )


def forget_rows(*, names: list[str], **_signal: Any) -> None:
    """The rows of uploaded sheets that name them go, with what was decided about the rows.

    What an import made stays known, so that the rest of it can still be undone.
    """
    folded = [name.casefold() for name in names if name]

    def names_them(text: Any) -> bool:
        return any(name in str(text).casefold() for name in folded)

    # Cut out by Python, so that JSON's own way of writing a name does not hide it.
    uploads = Import.objects.exclude(rows=[]) | Import.objects.exclude(choices={})
    for upload in uploads.order_by("pk").iterator(1) if folded else ():
        rows = [row for row in upload.rows if not names_them(row)]
        choices = {
            key: said
            for key, said in upload.choices.items()
            if not names_them((key, said))
        }
        if names_them(upload.name):
            upload.name = FORGOTTEN
        elif len(rows) == len(upload.rows) and len(choices) == len(upload.choices):
            continue
        upload.rows, upload.choices = rows, choices
        upload.save(update_fields=["rows", "choices", "name"])
