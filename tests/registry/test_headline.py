"""Which of its readings a package is known by."""

from __future__ import annotations

import pytest

from talent.insights.figures.pay import lines_of
from talent.registry.models import Package, Reading
from tests.factories import PackageFactory, ReadingFactory

pytestmark = pytest.mark.django_db


def read(package: Package) -> Package:
    return Package.objects.with_readings().get(pk=package.pk)


@pytest.fixture
def package():
    return PackageFactory()


class TestHeadline:
    @pytest.mark.parametrize("rank", ["", "also_reported"])
    def test_is_no_denied_figure_while_another_stands(self, package, rank):
        ReadingFactory(package=package, standing="denied")
        stands = ReadingFactory(package=package, rank=rank)

        assert read(package).headline == stands

    def test_is_what_an_editor_prefers_even_if_it_was_denied(self, package):
        ReadingFactory(package=package)
        preferred = ReadingFactory(package=package, rank="preferred", standing="denied")

        assert read(package).headline == preferred

    def test_is_the_denied_one_where_nothing_else_is_stated(self, package):
        denied = ReadingFactory(package=package, standing="denied")
        ReadingFactory(package=package, rank="contradicted")

        assert read(package).headline == denied

    def test_is_the_same_for_the_database_for_lists_and_for_figures(self, package):
        for rank in ("contradicted", "also_reported", "", "preferred"):
            for standing in ("denied", "reported"):
                if (rank, standing) != ("preferred", "denied"):
                    ReadingFactory(package=package, rank=rank, standing=standing)

        while package.readings.exclude(rank="contradicted").exists():
            headline = read(package).headline
            assert list(read(package).readings.all())[0] == headline
            assert Reading.objects.preferred_first()[0] == headline
            assert lines_of(Package.objects.all())[0].reading == headline.pk
            headline.delete()
