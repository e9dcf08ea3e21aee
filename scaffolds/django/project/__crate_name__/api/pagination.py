"""Lists, a page at a time."""

from rest_framework import pagination


class Pagination(pagination.PageNumberPagination):
    """`?page=2&page_size=50`."""

    page_size = 20
    page_size_query_param = "page_size"
    max_page_size = 100
