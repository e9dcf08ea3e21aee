"""Bodies, read strictly."""

import json
import math

from rest_framework import exceptions, parsers, status

MAX_BODY = 2 * 1024 * 1024


class BodyTooLarge(exceptions.APIException):
    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_detail = f"The body is larger than {MAX_BODY} bytes."
    default_code = "too_large"


class StrictJSONParser(parsers.JSONParser):
    """JSON that every database can store: no NaN, no infinity, no half of a surrogate pair."""

    def parse(self, stream, media_type=None, parser_context=None):
        body = stream.read(MAX_BODY + 1)
        if len(body) > MAX_BODY:
            # A client reads the answer once it has sent all.
            while stream.read(MAX_BODY):
                pass
            raise BodyTooLarge
        try:
            text = body.decode("utf-8")
            data = json.loads(text, parse_float=finite, parse_constant=finite)
            if "\\u" in text:
                json.dumps(data, ensure_ascii=False).encode("utf-8")
        except RecursionError:
            raise exceptions.ParseError("JSON parse error - it is nested too deeply") from None
        except ValueError as error:
            raise exceptions.ParseError(f"JSON parse error - {error}") from None
        return data


def finite(text):
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text[:20]} is out of range")
    return number
