"""`?ordering=-title&search=text&field=value`: what means nothing is answered `400`."""

from django_filters.rest_framework import DjangoFilterBackend
from rest_framework import exceptions, filters


class MalformedMixin:
    def filter_queryset(self, request, queryset, view):
        try:
            return super().filter_queryset(request, queryset, view)
        except exceptions.ValidationError as error:
            raise exceptions.ParseError(sentence(error.detail)) from None


def sentence(detail):
    """The first error of a form, with the name of its field."""
    if isinstance(detail, dict):
        name, found = next(iter(detail.items()))
        return f"`{name}`: {sentence(found)}"
    return str(detail[0])


class FieldFilter(MalformedMixin, DjangoFilterBackend):
    """`?author=Austen`."""


class SearchFilter(MalformedMixin, filters.SearchFilter):
    """`?search=text`."""


class OrderingFilter(filters.OrderingFilter):
    """`?ordering=-title,author`."""

    def remove_invalid_fields(self, queryset, fields, view, request):
        fields = [field for field in fields if field]
        valid = super().remove_invalid_fields(queryset, fields, view, request)
        if valid != fields:
            raise exceptions.ParseError(f"`ordering` knows {', '.join(view.ordering_fields)}.")
        return valid

    def get_schema_operation_parameters(self, view):
        word = f"-?({'|'.join(view.ordering_fields)})"
        schema = {"type": "string", "pattern": f"^({word}(,{word})*)?$"}
        parameters = super().get_schema_operation_parameters(view)
        return [parameter | {"schema": schema} for parameter in parameters]
