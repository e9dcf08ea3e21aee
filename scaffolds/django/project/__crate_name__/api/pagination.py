"""Lists, a page at a time."""

from django.core import paginator
from rest_framework import exceptions, pagination

MAX_PAGE_SIZE = 100
# No database counts further.
MAX_PAGE = 2**63 // MAX_PAGE_SIZE


class Page(paginator.Page):
    def previous_page_number(self):
        return min(self.number - 1, self.paginator.num_pages)


class Paginator(paginator.Paginator):
    """A page behind the last one is empty."""

    def validate_number(self, number):
        return number

    def _get_page(self, *args, **kwargs):
        return Page(*args, **kwargs)


class Pagination(pagination.PageNumberPagination):
    """`?page=2&page_size=50`."""

    django_paginator_class = Paginator
    page_size = 20
    page_size_query_param = "page_size"
    max_page_size = MAX_PAGE_SIZE

    def get_page_number(self, request, paginator):
        return whole_number(request, "page", 1, MAX_PAGE)

    def get_page_size(self, request):
        return whole_number(request, "page_size", self.page_size, self.max_page_size)

    def get_schema_operation_parameters(self, view):
        parameters = super().get_schema_operation_parameters(view)
        for parameter in parameters:
            most = MAX_PAGE if parameter["name"] == "page" else self.max_page_size
            parameter["schema"] |= {"minimum": 1, "maximum": most}
        return parameters


def whole_number(request, name, default, most):
    text = request.query_params.get(name, str(default))
    if not (text.isascii() and text.isdigit() and len(text) < 20 and 1 <= int(text) <= most):
        raise exceptions.ParseError(f"`{name}` goes from 1 to {most}.")
    return int(text)
