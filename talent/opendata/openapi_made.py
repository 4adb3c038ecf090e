"""What the API describes beside its lists: the figures, and the frozen data sets."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from talent.opendata.figures import figures
from talent.registry.filter_form import FilterForm

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
MAYBE_TEXT: Schema = {"type": ["string", "null"]}
NUMBER: Schema = {"type": ["number", "null"]}
COUNT: Schema = {"type": ["integer", "null"], "minimum": 0}
URL: Schema = {"type": "string", "format": "uri"}
MAYBE_URL: Schema = {"type": ["string", "null"], "format": "uri"}
TIME: Schema = {"type": "string", "format": "date-time"}
SUM: Schema = {"type": "string", "pattern": "^[0-9a-f]{64}$"}

VALUE = {
    "measure": TEXT | {"description": "What is counted or measured."},
    "of": MAYBE_TEXT | {"description": "Of which company, seat, group or word."},
    "to": MAYBE_TEXT | {"description": "To which: of moves, and of pairs."},
    "period": MAYBE_TEXT | {"description": "When, as dates are written."},
    "value": NUMBER | {"description": "null: not known, or not defined; never 0 then."},
    "n": COUNT
    | {"description": "How many rows it rests on, where not `value` itself."},
    "low": NUMBER | {"description": "Its 95 % band, or the lowest amount stated."},
    "high": NUMBER | {"description": "Its 95 % band, or the highest amount stated."},
    "rows": MAYBE_URL | {"description": "Where exactly the rows it counts are listed."},
}
INTRODUCED = {
    "id": TEXT,
    "title": TEXT,
    "definition": TEXT,
    "unit": TEXT,
    "page": URL,
    "url": URL,
}
FILE = {
    "name": TEXT,
    "rows": COUNT | {"description": "null: it is no table."},
    "bytes": {"type": "integer", "minimum": 0},
    "sha256": SUM,
}
DATA_SET = {
    "id": TEXT,
    "revision": {"type": "integer", "minimum": 1},
    "record_at": TIME | {"description": "The newest change of the record in it."},
    "frozen_at": TIME,
    "made_at": TIME | {"description": "When this revision of it was made."},
    "licence": TEXT,
    "url": URL | {"description": "Its permanent address."},
    "file": URL,
    "bytes": {"type": "integer", "minimum": 0},
    "sha256": SUM,
    "files": {"type": "array", "items": {"$ref": "#/components/schemas/DataSetFile"}},
    "changes": {
        "type": ["object", "null"],
        "description": "Since which one, and rows added, changed and gone, by file.",
    },
}
SUPERSEDED = {
    "revision": {"type": "integer", "minimum": 1},
    "sha256": SUM,
    "superseded_at": TIME,
}


def whole(properties: Schema, **more: Schema) -> Schema:
    """An object with exactly these properties."""
    every = {**properties, **more}
    return {
        "type": "object",
        "required": list(every),
        "properties": every,
        "additionalProperties": False,
    }


def listed(name: str) -> Schema:
    return {"type": "array", "items": {"$ref": f"#/components/schemas/{name}"}}


def schemas() -> Schema:
    return {
        "FigureValue": whole(VALUE),
        "FigureIntroduced": whole(INTRODUCED),
        "Figure": whole(
            INTRODUCED,
            n={"type": "integer", "minimum": 0},
            numbers_as_of={"type": ["string", "null"], "format": "date-time"},
            rows=MAYBE_URL,
            values=listed("FigureValue"),
        ),
        "DataSetFile": whole(FILE),
        "DataSet": whole(DATA_SET),
        "DataSetInFull": whole(
            DATA_SET, superseded={"type": "array", "items": whole(SUPERSEDED)}
        ),
    }


def operations(
    *,
    parameters: Callable[[type[FilterForm]], Iterator[Schema]],
    answer: Callable[[Schema], Schema],
    refusals: Callable[..., Schema],
) -> Schema:
    """Paths and what they answer, in the words of the lists' description."""

    def operation(
        id: str, says: str, schema: Schema, given: list[Schema], *codes: str
    ) -> Schema:
        return {
            "get": {
                "operationId": id,
                "summary": says,
                "parameters": given,
                "responses": {"200": answer(schema), **refusals("400", *codes)},
            }
        }

    def results(name: str) -> Schema:
        return whole({"results": listed(name)})

    paths: Schema = {
        "/figures": operation(
            "list-figures",
            "Figures: what each is, without a number",
            results("FigureIntroduced"),
            [],
        ),
        "/data-sets": operation(
            "list-data-sets", "Frozen data sets, newest first", results("DataSet"), []
        ),
        "/data-sets/{id}": operation(
            "get-data-sets",
            "One frozen data set, with the sums that hold no more",
            {"$ref": "#/components/schemas/DataSetInFull"},
            [
                {
                    "name": "id",
                    "in": "path",
                    "required": True,
                    "schema": {"type": "string", "pattern": "^[-0-9]+$"},
                }
            ],
            "404",
        ),
    }
    for figure in figures().values():
        found = operation(
            f"get-figures-{figure.name}",
            f"{figure.title}: the numbers of its page",
            {"$ref": "#/components/schemas/Figure"},
            list(parameters(figure.filter)),
        )
        found["get"]["description"] = str(figure.definition)
        paths[f"/figures/{figure.name}"] = found
    return paths
