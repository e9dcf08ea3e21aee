"""What the views of models have in common."""

import sqlalchemy as sa
from flask import Blueprint, url_for
from sqlalchemy.exc import DataError
from werkzeug.routing import BaseConverter, ValidationError

from app.api import bodies, lists
from app.api.problems import Problem, invalid
from app.database import db


class ModelView:
    """Lists, makes, reads, changes and deletes the rows of a model."""

    # The model, and the schemas of what clients send and what they are answered.
    model = None
    input = None
    output = None
    # Fields for `?field=value`, `?search=text` and `?ordering=field`.
    filters = []
    search = []
    ordering = ["id"]

    def list(self):
        return lists.page_of(self)

    def create(self):
        row = self.model()
        self.save(row, bodies.validate(self.input, bodies.read()))
        return self.shown(row), 201, {"Location": self.address(row)}

    def read(self, id):
        return self.shown(self.row(id))

    def replace(self, id):
        row = self.row(id)
        self.save(row, bodies.validate(self.input, bodies.read()))
        return self.shown(row)

    def change(self, id):
        row, changes = self.row(id), bodies.read()
        if not isinstance(changes, dict):
            raise invalid({"body": ["has to be an object"]})
        before = self.input.model_construct(**vars(self.output.model_validate(row)))
        merged = before.model_dump(mode="json", include=set(self.input.model_fields)) | changes
        self.save(row, bodies.validate(self.input, merged))
        return self.shown(row)

    def delete(self, id):
        db.session.delete(self.row(id))
        db.session.commit()
        return "", 204

    def row(self, id):
        try:
            row = db.session.get(self.model, id)
        except DataError:
            # No key of its type is as large.
            db.session.rollback()
            row = None
        if row is None:
            raise Problem(404)
        return row

    def save(self, row, data):
        values = {name: getattr(data, name) for name in self.input.model_fields}
        self.check_references(values)
        for name, value in values.items():
            setattr(row, name, value)
        db.session.add(row)
        db.session.commit()

    def check_references(self, values):
        """`422` at each field that refers to a row that is not there."""
        errors = {}
        for column in sa.inspect(self.model).columns:
            value = values.get(column.key)
            for key in column.foreign_keys if value is not None else ():
                if not db.session.scalar(sa.select(sa.exists().where(key.column == value))):
                    errors[column.key] = ["refers to a row that is not there"]
        if errors:
            raise invalid(errors)

    def shown(self, row):
        return self.output.model_validate(row).model_dump(mode="json")

    def address(self, row):
        return url_for(f".{self.model.__name__}-read", id=row.id)


class ApiBlueprint(Blueprint):
    """The API of an app: addresses of views, under /api."""

    def __init__(self, name, import_name):
        super().__init__(name, import_name, url_prefix="/api")
        self.views = {}

    def add(self, route, view_class):
        view = view_class()
        self.views[route] = view
        rows, row = f"/{route}", f"/{route}/<row:id>"
        for address, method, handler in [
            (rows, "GET", view.list),
            (rows, "POST", view.create),
            (row, "GET", view.read),
            (row, "PUT", view.replace),
            (row, "PATCH", view.change),
            (row, "DELETE", view.delete),
        ]:
            endpoint = f"{view.model.__name__}-{handler.__name__}"
            self.add_url_rule(address, endpoint, handler, methods=[method])


class RowId(BaseConverter):
    """The number of a row: no more than databases count."""

    regex = "[0-9]{1,19}"

    def to_python(self, value):
        if int(value) >= 2**63:
            raise ValidationError
        return int(value)
