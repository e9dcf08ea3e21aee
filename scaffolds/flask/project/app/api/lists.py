"""Lists, a page at a time: `?page=2&page_size=50&ordering=-title&search=text&field=value`."""

from typing import Annotated
from urllib.parse import urlencode

import sqlalchemy as sa
from flask import request
from pydantic import Field, TypeAdapter

from app.api.problems import Problem
from app.database import db

PAGE_SIZE = 20
MAX_PAGE_SIZE = 100
MAX_PAGE = 2**63 // MAX_PAGE_SIZE


def page_of(view):
    """The page of the view's rows that the request asks for."""
    if any("\0" in text for text in request.args.values()):
        raise Problem(400, "The address holds a null character.")
    number = whole_number("page", 1, MAX_PAGE)
    size = whole_number("page_size", PAGE_SIZE, MAX_PAGE_SIZE)
    rows = searched(view, filtered(view, sa.select(view.model)))
    count = db.session.scalar(sa.select(sa.func.count()).select_from(rows.subquery()))
    rows = ordered(view, rows).limit(size).offset((number - 1) * size)
    last = max(1, -(-count // size))
    return {
        "count": count,
        "next": link(number + 1) if number < last else None,
        "previous": link(min(number - 1, last)) if number > 1 else None,
        "results": [view.shown(row) for row in db.session.scalars(rows)],
    }


def whole_number(name, default, most):
    text = request.args.get(name, str(default))
    if not (text.isascii() and text.isdigit() and len(text) < 20 and 1 <= int(text) <= most):
        raise Problem(400, f"`{name}` goes from 1 to {most}.")
    return int(text)


def filtered(view, rows):
    for name in view.filters:
        schema = filter_type(view, name)
        for text in filter(None, request.args.getlist(name)):
            try:
                rows = rows.where(getattr(view.model, name) == schema.validate_python(text))
            except ValueError:
                raise Problem(400, f"`{name}` cannot be `{text[:50]}`.") from None
    return rows


def filter_type(view, name):
    field = view.input.model_fields[name]
    return TypeAdapter(Annotated[field.annotation, Field(), *field.metadata])


def searched(view, rows):
    text = request.args.get("search", "")
    if not (text and view.search):
        return rows
    columns = (getattr(view.model, name) for name in view.search)
    return rows.where(sa.or_(*(column.icontains(text, autoescape=True) for column in columns)))


def ordered(view, rows):
    for word in filter(None, request.args.get("ordering", "").split(",")):
        name = word.removeprefix("-")
        if name not in view.ordering:
            raise Problem(400, f"`ordering` knows {', '.join(view.ordering)}.")
        column = getattr(view.model, name)
        rows = rows.order_by(column.desc() if word.startswith("-") else column)
    # Then by primary key, so that pages never overlap.
    return rows.order_by(view.model.id)


def link(number):
    args = [pair for pair in request.args.items(multi=True) if pair[0] != "page"]
    return f"{request.base_url}?{urlencode([*args, ('page', number)])}"
