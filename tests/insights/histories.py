"""Histories of an invented person, made in memory: no database."""

from __future__ import annotations

from itertools import count

from hypothesis import strategies as st

from talent.common.partial_dates import PartialDate
from talent.registry.models import Event, Organization, Person

ADA = Person(pk=1, slug="ada", name="Ada Invented")
numbers = count(1)


def company(name: str, *, seat: str = "frontier_lab") -> Organization:
    made = Organization(pk=next(numbers), slug=name.lower(), name=name, seat=seat)
    made.company = made
    return made


def unit(name: str, parent: Organization) -> Organization:
    made = Organization(pk=next(numbers), slug=name.lower(), name=name, parent=parent)
    made.company = parent.company
    return made


ALPHA, BETA, GAMMA = company("Alpha"), company("Beta"), company("Gamma")
LAB = unit("Lab", ALPHA)
INNER = unit("Inner", LAB)
COLLEGE = company("College", seat="academia")


def event(kind: str, organization: Organization, written: str, **fields) -> Event:
    when = PartialDate.parse(written)
    return Event(
        pk=next(numbers),
        kind=kind,
        person=ADA,
        organization=organization,
        happened_on=when.first,
        precision=when.precision,
        date_basis=fields.pop("date_basis", "effective"),
        standing=fields.pop("standing", "confirmed"),
        **fields,
    )


def hire(organization: Organization, written: str, **fields) -> Event:
    return event("hire", organization, written, **fields)


def left(organization: Organization, written: str, **fields) -> Event:
    return event("departure", organization, written, **fields)


places = st.sampled_from([ALPHA, BETA, GAMMA, LAB, COLLEGE])
written = st.sampled_from(
    [
        "2019",
        "2020",
        "2020-03",
        "2020-03-09",
        "2021-Q2",
        "2021-06",
        "2022-06-30",
        "2024",
    ]
)
histories = st.lists(
    st.builds(
        event,
        st.sampled_from(["hire", "departure"]),
        places,
        written,
        counterpart=st.sampled_from([None, ALPHA, BETA]),
        standing=st.sampled_from(["confirmed", "reported", "rumoured"]),
    ),
    max_size=8,
)
