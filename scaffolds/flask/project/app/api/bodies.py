"""Bodies, read strictly."""

import json
import math

from flask import request
from pydantic import ValidationError

from app.api.problems import Problem, invalid


def read():
    """The body of the request: JSON that every database can store."""
    if not request.is_json:
        raise Problem(415, "The body has to be application/json.")
    try:
        text = request.get_data().decode("utf-8")
        # A body without a length may have been cut, which is told here.
        request.stream.read(1)
        data = json.loads(text, parse_float=finite, parse_constant=finite)
        if "\\u" in text:
            # No half of a surrogate pair.
            json.dumps(data, ensure_ascii=False).encode("utf-8")
    except RecursionError:
        raise Problem(400, "The body is nested too deeply.") from None
    except ValueError as error:
        raise Problem(400, f"The body is not JSON: {error}") from None
    return data


def finite(text):
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text[:20]} is out of range")
    return number


def validate(schema, data):
    """`data` as `schema` has it."""
    errors = null_characters(schema, data)
    try:
        valid = schema.model_validate_json(json.dumps(data))
    except ValidationError as error:
        raise invalid(by_field(error) | errors) from None
    if errors:
        raise invalid(errors)
    return valid


def null_characters(schema, data):
    """The fields with characters that not every database can store."""
    fields = data.items() if isinstance(data, dict) else ()
    return {
        name: ["null characters are not allowed"]
        for name, value in fields
        if name in schema.model_fields and holds_null_character(value)
    }


def holds_null_character(value):
    match value:
        case str():
            return "\0" in value
        case list():
            return any(holds_null_character(item) for item in value)
        case dict():
            return any(holds_null_character(item) for pair in value.items() for item in pair)
        case _:
            return False


def by_field(error):
    errors = {}
    for found in error.errors(include_url=False, include_context=False, include_input=False):
        field = str(found["loc"][0]) if found["loc"] else "body"
        errors.setdefault(field, []).append(found["msg"].removeprefix("Value error, "))
    return errors
