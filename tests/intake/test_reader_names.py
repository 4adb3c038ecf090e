import pytest

from talent.intake.reader.names import Known, KnownNames
from talent.intake.reader.text import fold


@pytest.fixture
def found():
    names = KnownNames(
        [
            Known("organization", "meta", ("Meta", "Facebook")),
            Known("organization", "meta-labs", ("Meta Superintelligence Labs",)),
            Known("organization", "cursor", ("Cursor",)),
            Known("organization", "google-deepmind", ("Google DeepMind", "DeepMind")),
            Known("organization", "alibaba", ("Alibaba", "阿里", "阿里巴巴")),
            Known("person", "ines-ekström", ("Inès Ekström",)),
        ]
    )

    def find(text):
        return [
            (text[hit.start : hit.end], hit.name.slugs)
            for hit in names.find(text, fold(text))
        ]

    return find


class TestKnownNames:
    @pytest.mark.parametrize(
        ("text", "hits"),
        [
            ("Meta hires", [("Meta", ("meta",))]),
            ("META HIRES", [("META", ("meta",))]),
            ("metadata and Metaverse", []),
            ("a meta question", []),
            ("move the cursor", []),
            ("joins Meta's Superintelligence Labs", [("Meta", ("meta",))]),
            (
                "at Meta Superintelligence Labs",
                [("Meta Superintelligence Labs", ("meta-labs",))],
            ),
            ("加入Meta后", [("Meta", ("meta",))]),
            ("阿里巴巴", [("阿里巴巴", ("alibaba",))]),
            ("Ines Ekstrom quits", [("Ines Ekstrom", ("ines-ekström",))]),
        ],
    )
    def test_are_found_as_whole_words(self, text, hits, found):
        assert found(text) == hits

    def test_lead_from_a_well_known_spelling_to_the_row(self, found):
        assert found("谷歌DeepMind") == [("谷歌DeepMind", ("google-deepmind",))]

    def test_hold_companies_that_no_row_names(self, found):
        assert found("joins Palantir") == [("Palantir", ())]
