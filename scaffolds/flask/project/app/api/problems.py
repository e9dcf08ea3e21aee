"""Errors, as RFC 9457 has them: `application/problem+json`."""

import contextlib
from http import HTTPStatus

from flask import request
from sqlalchemy.exc import DataError, IntegrityError
from werkzeug.exceptions import ClientDisconnected, HTTPException, RequestEntityTooLarge

from app.database import db

PROBLEM = "application/problem+json"
CONTENT_HEADERS = {"content-type", "content-length"}

# A client reads the answer once it has sent all, or gives up by itself.
MOST_THAT_IS_DISCARDED = 64 * 1024 * 1024


class Problem(Exception):
    """An answer that tells of an error, and of each field that is wrong."""

    def __init__(self, status, detail=None, errors=None):
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.errors = errors

    def response(self, headers=()):
        title = HTTPStatus(self.status).phrase
        body = {
            "type": "about:blank",
            "title": title,
            "status": self.status,
            "detail": self.detail or title,
        }
        if self.errors is not None:
            body["errors"] = self.errors
        kept = {name: text for name, text in headers if name.lower() not in CONTENT_HEADERS}
        return body, self.status, {**kept, "Content-Type": PROBLEM}


def invalid(errors):
    """`422`, with what is wrong with each field."""
    return Problem(422, "Some fields are not valid.", errors)


def init_app(app):
    """Has the site answer errors of the API in this way."""
    app.register_error_handler(Problem, Problem.response)
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(IntegrityError, conflict)
    app.register_error_handler(DataError, out_of_range)
    app.after_request(discard_body)


def http_error(error):
    if error.code is None or not request.path.startswith("/api/"):
        return error
    return Problem(error.code, error.description).response(error.get_headers(request.environ))


def conflict(_error):
    db.session.rollback()
    return Problem(409, "Another row is in the way.").response()


def out_of_range(_error):
    db.session.rollback()
    status = 422 if request.method in ("POST", "PUT", "PATCH") else 400
    return Problem(status, "A value is out of the database's range.").response()


def discard_body(response):
    """Reads what the site has not read of the body."""
    request.max_content_length = MOST_THAT_IS_DISCARDED
    with contextlib.suppress(ClientDisconnected, OSError):
        try:
            discard(request.stream)
        except RequestEntityTooLarge:
            # It has no length of its own, and the server finds its end; or it is larger still.
            discard(request.environ["wsgi.input"])
    return response


def discard(stream):
    left = MOST_THAT_IS_DISCARDED
    while left > 0 and (chunk := stream.read(64 * 1024)):
        left -= len(chunk)
