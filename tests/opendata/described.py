"""Whether an answer is what the description of the API says: JSON Schema, as far as we use it."""

import re

TYPES = {
    "string": str,
    "array": list,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "object": dict,
    "null": type(None),
}


def problems_of(answer, description, path):
    content = description["paths"][path]["get"]["responses"]["200"]["content"]
    return list(wrong(answer, content["application/json"]["schema"], description, "$"))


def wrong(value, schema, description, where):
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[-1]
        schema = description["components"]["schemas"][name]
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    if not any(is_kind(value, kind) for kind in kinds):
        yield f"{where}: {value!r} is not {kinds}"
        return
    if isinstance(value, str) and not re.search(schema.get("pattern", ""), value):
        yield f"{where}: {value!r} does not match {schema['pattern']}"
    if isinstance(value, dict) and "properties" in schema:
        known = schema["properties"]
        for name in {*schema.get("required", ()), *value}:
            if name not in value or name not in known:
                yield f"{where}.{name} is missing or unknown"
            else:
                yield from wrong(
                    value[name], known[name], description, f"{where}.{name}"
                )
    if isinstance(value, list):
        for each in value:
            yield from wrong(each, schema["items"], description, f"{where}[]")


def is_kind(value, kind):
    if isinstance(value, bool):
        return kind == "boolean"
    return isinstance(value, TYPES[kind])
