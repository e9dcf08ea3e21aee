"""A site on a database of its own for every test."""

import pytest

from app import create_app, settings
from app.database import db


@pytest.fixture
def app(tmp_path):
    variables = {"DEBUG": "true", "DATABASE_URL": f"sqlite:///{tmp_path}/test.sqlite3"}
    app = create_app(settings.load(variables) | {"TESTING": True})
    with app.app_context():
        db.create_all()
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def client(app):
    return app.test_client()
