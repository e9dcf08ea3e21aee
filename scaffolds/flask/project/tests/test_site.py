"""The site as a whole."""

import io

import pytest
from flask_migrate import upgrade

from app import settings
from app.database import db


@pytest.mark.parametrize("path", ["/", "/healthz", "/api/docs", "/api/openapi.json"])
def test_pages_answer(client, path):
    assert client.get(path).status_code == 200
    assert client.get(f"{path.rstrip('/')}/").status_code == 200


@pytest.mark.usefixtures("app")
def test_the_site_is_ready_when_no_migration_is_pending(client):
    db.drop_all()
    upgrade()
    assert client.get("/readyz").status_code == 200


@pytest.mark.parametrize("method", ["get", "post"])
def test_unknown_addresses_of_the_api_are_problems(client, method):
    response = getattr(client, method)("/api/nowhere")
    assert response.status_code == 404
    assert response.content_type == "application/problem+json"


@pytest.mark.parametrize("length", [3_000_000, None])
def test_a_body_is_read_before_the_answer(client, length):
    body = io.BytesIO(b"a" * 3_000_000)
    chunked = {"wsgi.input_terminated": True} if length is None else {}
    sent = {"input_stream": body, "content_length": length, "environ_overrides": chunked}
    assert client.post("/api/nowhere", **sent).status_code == 404
    assert body.read() == b""


def test_settings_that_mean_nothing_are_refused():
    for variables in [{}, {"DEBUG": "perhaps"}, {"DEBUG": "1", "DATABASE_URL": "nonsense"}]:
        with pytest.raises(settings.SettingError):
            settings.load(variables)
