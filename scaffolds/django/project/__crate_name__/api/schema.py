"""What the API's document tells besides what the views do: above all, which errors there are."""

# Text without null characters.
TEXT = "^[^\\x00]*$"
PROBLEM = {
    "type": "object",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {"type": "object", "additionalProperties": {}},
    },
    "required": ["type", "title", "status", "detail"],
}


def without_slashes(endpoints):
    """Addresses are documented without a slash at the end, which makes no difference."""
    return [(path.rstrip("/"), *more) for path, *more in endpoints]


def with_problems(result, generator, request, public):
    """Adds to every operation the errors that it may answer, and what filters do not take."""
    result["components"]["schemas"]["Problem"] = PROBLEM
    for path, operations in result["paths"].items():
        for method, operation in operations.items():
            for parameter in operation.get("parameters", []):
                if parameter["in"] == "query":
                    parameter["schema"] = filter_schema(parameter["schema"])
            for status in problems_of(path, method):
                operation["responses"].setdefault(str(status), problem())
    return result


def filter_schema(schema):
    """A filter that is empty is none, and no text has null characters."""
    if schema.get("type") != "string":
        return schema
    if "format" in schema or "enum" in schema:
        return {"anyOf": [schema, {"type": "string", "maxLength": 0}]}
    return {"pattern": TEXT} | schema


def problems_of(path, method):
    """The statuses of errors. Whoever sends a token that means nothing gets `401` everywhere."""
    yield 401
    if method == "get":
        yield 400
    else:
        yield 403
    if method in ("post", "put", "patch"):
        yield from (400, 409, 413, 415, 422)
    if method == "delete":
        yield from (400, 409)
    if "{" in path:
        yield 404


def problem():
    schema = {"$ref": "#/components/schemas/Problem"}
    content = {"application/problem+json": {"schema": schema}}
    return {"description": "A problem", "content": content}
