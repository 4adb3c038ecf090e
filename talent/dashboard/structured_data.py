"""What pages say of people, organizations and events for programs: schema.org, as JSON-LD.

Only what counts is said: reported or confirmed, published, and no rumour. A post is an
OrganizationRole with its dates as exact as they are known; what no role can say of them, that an
end is inferred or a post only the last one known, stands in its description.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from talent.common.language import reads_chinese
from talent.common.partial_dates import PartialDate, Precision
from talent.dashboard.social import absolute, in_language, tag_of
from talent.insights.careers import Career
from talent.insights.careers import Stint as Read
from talent.insights.models import Stint
from talent.registry.models import Citation, Event, Organization, Person
from talent.registry.models.states import COUNTED
from talent.registry.wording import name_of, sentence

Data = dict[str, Any]
# A page cites as many sources as it has; programs need not read them all.
SOURCES = 20
LICENCE = "https://creativecommons.org/licenses/by/4.0/"


# -- Pages -------------------------------------------------------------------------------


def site_data() -> list[Data]:
    """Of the front page: the site, and how to search it."""
    search = absolute(reverse("dashboard:search"))
    return [
        {
            "@type": "WebSite",
            "name": "Transfer Window",
            "url": absolute(reverse("dashboard:home")),
            "inLanguage": tag_of(get_language() or settings.LANGUAGE_CODE),
            "license": LICENCE,
            "potentialAction": {
                "@type": "SearchAction",
                "target": {
                    "@type": "EntryPoint",
                    "urlTemplate": f"{search}?q={{search_term_string}}",
                },
                "query-input": "required name=search_term_string",
            },
        }
    ]


def person_data(
    person: Person, career: Career, citations: Mapping[int, Sequence[Citation]]
) -> list[Data]:
    """`citations` by event; only those of events that count are named. No query."""
    counted = [event.pk for stint in career.stints for event in stint.events]
    sources = [each for pk in counted for each in citations.get(pk, ())]
    ended = [role_of(stint, "alumniOf") for stint in career.stints if stint.end]
    going_on = [role_of(stint, "worksFor") for stint in career.stints if not stint.end]
    return [
        filled(
            {
                **described(person),
                "worksFor": going_on,
                "alumniOf": ended,
                "subjectOf": works(sources),
            }
        ),
        breadcrumbs([(name_of(person), person.get_absolute_url())]),
    ]


def organization_data(
    organization: Organization,
    units: Iterable[Organization],
    present: Iterable[Stint],
    alumni: Iterable[Stint],
) -> list[Data]:
    """Of the people the page names. No query."""
    above = organization.parent
    founded = organization.founded
    way = [(name_of(above), above.get_absolute_url())] if above else []
    return [
        filled(
            {
                **described(organization),
                "foundingDate": iso(founded) if founded else "",
                "parentOrganization": named(above) if above else {},
                "subOrganization": [named(unit) for unit in units],
                "employee": [membership(stint, "employee") for stint in present],
                "alumni": [membership(stint, "alumni") for stint in alumni],
            }
        ),
        breadcrumbs([*way, (name_of(organization), organization.get_absolute_url())]),
    ]


def event_data(event: Event, citations: Iterable[Citation]) -> list[Data]:
    """Of an event that does not count, only where it stands on the site. No query."""
    title = sentence(event)
    way = [
        (_("Events"), reverse("dashboard:event_list")),
        (title, event.get_absolute_url()),
    ]
    if event.standing not in COUNTED:
        return [breadcrumbs(way)]
    page = {
        "@type": "WebPage",
        "url": absolute(event.get_absolute_url()),
        "name": title,
        "description": (event.summary_zh if reads_chinese() else "") or event.summary,
        "dateModified": event.updated_at.isoformat(),
        "inLanguage": tag_of(get_language() or settings.LANGUAGE_CODE),
        "license": LICENCE,
        "about": {**named(event.person), **moved(event)},
        "citation": works(citations),
    }
    return [filled(page), breadcrumbs(way)]


# -- Parts -------------------------------------------------------------------------------


def described(thing: Person | Organization) -> Data:
    """What the page is about, with all its names."""
    also = [name for name in (thing.name_zh, *thing.other_names) if name]
    return filled({**named(thing), "alternateName": also})


def named(thing: Person | Organization) -> Data:
    """A mention: the same `@id` everywhere."""
    kind = "Person" if isinstance(thing, Person) else "Organization"
    path = thing.get_absolute_url()
    # In every language the same.
    identity = absolute(in_language(path, settings.LANGUAGE_CODE))
    return {
        "@type": kind,
        "@id": f"{identity}#{kind.lower()}",
        "name": thing.name,
        "url": absolute(path),
    }


def role_of(stint: Read, relation: str) -> Data:
    """schema.org/Role: the relation once more inside it leads on to the organization."""
    event = stint.hire.event if stint.hire else None
    return filled(
        {
            "@type": "OrganizationRole",
            relation: named(stint.unit or stint.company),
            "roleName": event.title if event else "",
            "startDate": iso(stint.start.date) if stint.start else "",
            "endDate": iso(stint.end.date) if stint.end else "",
            "description": remark(
                inferred=bool(stint.end and stint.end.inferred),
                known=stint.known,
            ),
        }
    )


def membership(stint: Stint, relation: str) -> Data:
    return filled(
        {
            "@type": "OrganizationRole",
            relation: named(stint.person),
            "startDate": iso(stint.start) if stint.start else "",
            "endDate": iso(stint.end) if stint.end else "",
            "description": remark(
                inferred=stint.end_inferred,
                known=stint.known,
            ),
        }
    )


def moved(event: Event) -> Data:
    """The post that the event begins or ends. Never taken up, there is none."""
    if event.never_started:
        return {}
    # Not worksFor: whether it goes on is not this event's to say.
    relation = "affiliation" if event.is_hire else "alumniOf"
    edge = "startDate" if event.is_hire else "endDate"
    role = {
        "@type": "OrganizationRole",
        relation: named(event.organization),
        "roleName": event.title,
        edge: iso(event.date),
    }
    return {relation: filled(role)}


def remark(*, inferred: bool, known: PartialDate | None) -> str:
    if inferred:
        return _("end inferred from the next hire")
    return _("last known %(date)s") % {"date": known} if known else ""


def works(citations: Iterable[Citation]) -> list[Data]:
    """The pages cited, each once."""
    found: dict[str, Data] = {}
    for citation in citations:
        source = citation.source
        found.setdefault(
            source.url,
            filled(
                {
                    "@type": "CreativeWork",
                    "url": source.url,
                    "name": source.title,
                    "inLanguage": source.language,
                    "datePublished": iso(source.published) if source.published else "",
                    "publisher": filled(
                        {"@type": "Organization", "name": source.publisher}
                    )
                    if source.publisher
                    else {},
                }
            ),
        )
    return list(found.values())[:SOURCES]


def breadcrumbs(way: Iterable[tuple[str, str]]) -> Data:
    """From the front page down. Names and paths."""
    steps = [(_("Home"), reverse("dashboard:home")), *way]
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": n, "name": name, "item": absolute(path)}
            for n, (name, path) in enumerate(steps, start=1)
        ],
    }


def iso(when: PartialDate) -> str:
    """ISO 8601, as exact as it is known. It has no quarters: of those the year is said."""
    return (
        str(when.first.year)
        if when.precision is Precision.QUARTER
        else when.isoformat()
    )


def filled(data: Data) -> Data:
    """Without what is not known."""
    return {name: value for name, value in data.items() if value}
