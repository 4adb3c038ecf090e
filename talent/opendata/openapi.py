"""The description of the API (OpenAPI 3.1), made from the lists and their filters.

What is declared once is written, filtered and described by the same words; a schema library beside
them would say everything a second time.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.conf import settings
from django.urls import reverse

from talent.common.release import release
from talent.opendata import openapi_made
from talent.opendata.columns import Column, Kind
from talent.opendata.data_list import DataList
from talent.opendata.lists import LISTS
from talent.opendata.outlet import ORDER
from talent.registry.filter_fields import Parsed
from talent.registry.filter_form import FilterForm

Schema = dict[str, Any]

MOST_ROWS, ROWS = 200, 50
TYPES: dict[Kind, Schema] = {
    Kind.TEXT: {"type": ["string", "null"]},
    Kind.TEXTS: {"type": "array", "items": {"type": "string"}},
    Kind.INTEGER: {"type": ["integer", "null"]},
    Kind.NUMBER: {"type": ["number", "null"]},
    Kind.BOOLEAN: {"type": "boolean"},
    Kind.DATE: {
        "type": ["string", "null"],
        "pattern": r"^\d{4}(-Q[1-4]|-\d{2}(-\d{2})?)?$",
    },
    Kind.TIME: {"type": ["string", "null"], "format": "date-time"},
    Kind.URL: {"type": ["string", "null"], "format": "uri"},
}


def description() -> Schema:
    paths: Schema = {}
    schemas: Schema = {"Problem": problem()}
    for of in LISTS.values():
        schemas[schema_name(of)] = row(of)
        paths[f"/{of.name}"] = {"get": list_operation(of)}
        if of.key:
            paths[f"/{of.name}/{{id}}"] = {"get": row_operation(of)}
    schemas |= openapi_made.schemas()
    paths |= openapi_made.operations(
        parameters=filter_parameters, answer=answer, refusals=refusals
    )
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Transfer Window",
            "version": release(),
            "description": "Recorded public moves of people in AI: not a census. Data: CC BY 4.0.",
            "license": {
                "name": "CC BY 4.0",
                "url": "https://creativecommons.org/licenses/by/4.0/",
            },
        },
        "servers": [{"url": settings.SITE_URL + reverse("opendata:api").rstrip("/")}],
        "paths": paths,
        "components": {"schemas": schemas},
    }


def schema_name(of: DataList) -> str:
    return "".join(part.capitalize() for part in of.name.split("-")) + "Row"


def row(of: DataList) -> Schema:
    """Every value may be left out, because a reader may ask for some fields only."""
    return {
        "type": "object",
        "description": str(of.says),
        "properties": {column.name: value(column) for column in of.columns},
        "additionalProperties": False,
    }


def value(column: Column) -> Schema:
    return {**TYPES[column.kind], "description": str(column.says)}


def list_operation(of: DataList) -> Schema:
    return {
        "operationId": f"list-{of.name}",
        "summary": str(of.title),
        "description": str(of.says),
        "parameters": [*filter_parameters(of.filter), *page_parameters(of)],
        "responses": {
            "200": answer(
                {
                    "type": "object",
                    "required": ["results", "next"],
                    "properties": {
                        "count": {
                            "type": "integer",
                            "minimum": 0,
                            "description": "Of all rows; only where count=on.",
                        },
                        "next": {
                            "type": ["string", "null"],
                            "format": "uri",
                            "description": "The next page; null at the end.",
                        },
                        "results": {
                            "type": "array",
                            "items": {"$ref": ref(schema_name(of))},
                        },
                    },
                    "additionalProperties": False,
                }
            ),
            **refusals("400"),
        },
    }


def row_operation(of: DataList) -> Schema:
    return {
        "operationId": f"get-{of.name}",
        "summary": f"One of {str(of.title).lower()}",
        "parameters": [
            {
                "name": "id",
                "in": "path",
                "required": True,
                "schema": {"type": "string", "pattern": "^[-a-zA-Z0-9_]+$"},
            },
            fields_parameter(of),
        ],
        "responses": {
            "200": answer({"$ref": ref(schema_name(of))}),
            **(moved() if of.moved else {}),
            **refusals("400", "404", "410"),
        },
    }


def answer(schema: Schema) -> Schema:
    return {
        "description": "Found.",
        "content": {"application/json": {"schema": schema}},
    }


def moved() -> Schema:
    """A row merged into another one, or renamed."""
    location = {
        "description": "The address of the row it means now.",
        "required": True,
        "schema": {"type": "string", "format": "uri-reference"},
    }
    says = "It is found under another id: merged into that row, or renamed."
    return {"301": {"description": says, "headers": {"Location": location}}}


def refusals(*codes: str) -> Schema:
    says = {
        "304": "Nothing has changed since the copy you name by If-None-Match.",
        "400": "A wrong value; the problem names it.",
        "404": "There is no such row.",
        "410": "It was removed from the record for good.",
        "405": "Data can be read, not written: GET or HEAD.",
        "414": "The address is too long.",
        "429": "Too many requests: Retry-After says when to come back.",
        "503": "Too busy to answer just now: Retry-After says when to come back.",
    }
    content = {"application/problem+json": {"schema": {"$ref": ref("Problem")}}}
    refused: Schema = {
        code: {"description": says[code], "content": content}
        for code in (*codes, "405", "429", "503")
    }
    return {**refused, **{code: {"description": says[code]} for code in ("304", "414")}}


def ref(name: str) -> str:
    return f"#/components/schemas/{name}"


def problem() -> Schema:
    """RFC 9457, with the wrong values one by one."""
    return {
        "type": "object",
        "required": ["title", "status"],
        "properties": {
            "type": {"type": "string"},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "detail": {"type": "string"},
            "errors": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["name", "message"],
                    "properties": {
                        "name": {"type": "string"},
                        "message": {"type": "string"},
                    },
                },
            },
        },
    }


# -- Parameters --------------------------------------------------------------------------


def filter_parameters(form: type[FilterForm]) -> Iterator[Schema]:
    for field_name, field in form.base_fields.items():
        if field_name == ORDER:
            continue
        yield {
            "name": form.parameters.get(field_name, field_name),
            "in": "query",
            "description": str(field.label or ""),
            "schema": parameter_schema(field),
        }


def parameter_schema(field: forms.Field) -> Schema:
    if isinstance(field, forms.ChoiceField):
        words = [word for word, _label in field.choices]  # type: ignore[union-attr, misc] # ours are lists
        return {"type": "string", "enum": words}
    if isinstance(field, Parsed):
        return {"type": "string", "maxLength": 40}
    return {"type": "string", "maxLength": 200}


def page_parameters(of: DataList) -> list[Schema]:
    return [
        {
            "name": "limit",
            "in": "query",
            "description": "Rows a page.",
            "schema": {
                "type": "integer",
                "minimum": 1,
                "maximum": MOST_ROWS,
                "default": ROWS,
            },
        },
        {
            "name": "after",
            "in": "query",
            "description": "Where to go on: part of the address of the next page.",
            "schema": {"type": "string", "maxLength": 300},
        },
        {
            "name": "count",
            "in": "query",
            "description": "Count all rows, too.",
            "schema": {"type": "string", "enum": ["", "on"]},
        },
        fields_parameter(of),
    ]


def fields_parameter(of: DataList) -> Schema:
    names = [column.name for column in of.columns]
    return {
        "name": "fields",
        "in": "query",
        "description": "Which fields, with commas between; all of them where nothing is said.",
        "style": "form",
        "explode": False,
        "schema": {"type": "array", "items": {"type": "string", "enum": ["", *names]}},
    }
