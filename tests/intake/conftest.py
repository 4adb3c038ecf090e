import pytest

from talent.intake.known_names import rows_of_starter_data
from talent.intake.reader.names import KnownNames


@pytest.fixture(scope="session")
def names() -> KnownNames:
    """The names of the starter data, read from its files."""
    return KnownNames(rows_of_starter_data())
