"""Errors, as RFC 9457 has them: `application/problem+json`."""

import json
from http import HTTPStatus

from django.core.exceptions import RequestDataTooBig
from django.core.exceptions import ValidationError as DjangoValidationError
from django.db import DataError, IntegrityError
from django.db.models import ProtectedError, RestrictedError
from django.http import HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.defaults import page_not_found as django_page_not_found
from django.views.defaults import server_error as django_server_error
from rest_framework import exceptions
from rest_framework import status as codes
from rest_framework.response import Response
from rest_framework.views import exception_handler as drf_exception_handler
from rest_framework.views import set_rollback

from .parsers import BodyTooLarge

PROBLEM = "application/problem+json"


class Conflict(exceptions.APIException):
    status_code = codes.HTTP_409_CONFLICT
    default_detail = "Another row is in the way."
    default_code = "conflict"


def exception_handler(error, context):
    """The answer to an error in a view of the API; `None` leaves it to Django."""
    match error:
        case ProtectedError() | RestrictedError():
            error = Conflict("Other rows refer to this one.")
        case IntegrityError():
            error = Conflict()
        case DataError():
            error = exceptions.ValidationError("A value is out of the database's range.")
        case RequestDataTooBig():
            error = BodyTooLarge()
        case DjangoValidationError():
            error = exceptions.ValidationError(error.messages)
    response = drf_exception_handler(error, context)
    if response is None:
        return None
    set_rollback()
    if isinstance(error, exceptions.ValidationError):
        return validation_problem(error)
    detail = response.data.get("detail") if isinstance(response.data, dict) else None
    return problem(response.status_code, detail, headers=response.headers)


def validation_problem(error):
    """`422` with what is wrong with each field, or `409` where only another row is in the way."""
    errors = error.detail if isinstance(error.detail, dict) else {"non_field_errors": error.detail}
    only_unique = set(flatten(error.get_codes())) == {"unique"}
    status = codes.HTTP_409_CONFLICT if only_unique else codes.HTTP_422_UNPROCESSABLE_ENTITY
    return problem(status, "Some fields are not valid.", errors=errors)


def flatten(found):
    match found:
        case dict():
            return [code for value in found.values() for code in flatten(value)]
        case list():
            return [code for value in found for code in flatten(value)]
        case _:
            return [found]


def problem(status, detail=None, headers=None, **members):
    """An answer that tells of an error."""
    body = problem_body(status, detail) | members
    kept = {name: value for name, value in (headers or {}).items() if name != "Content-Type"}
    return Response(body, status=status, headers=kept, content_type=PROBLEM)


def problem_body(status, detail):
    title = HTTPStatus(status).phrase
    return {"type": "about:blank", "title": title, "status": status, "detail": str(detail or title)}


def plain_problem(status):
    """The same outside of the API's views."""
    body = json.dumps(problem_body(status, None))
    return HttpResponse(body, status=status, content_type=PROBLEM)


@csrf_exempt
def not_found(request):
    return plain_problem(404)


def page_not_found(request, exception):
    if request.path.startswith("/api/"):
        return plain_problem(404)
    return django_page_not_found(request, exception)


def server_error(request):
    if request.path.startswith("/api/"):
        return plain_problem(500)
    return django_server_error(request)
