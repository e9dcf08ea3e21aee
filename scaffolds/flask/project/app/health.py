"""`/healthz`: the process is alive. `/readyz`: the database answers, no migration is pending."""

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Request, Response

from app.database import db
from app.settings import BASE_DIR


class Health:
    """Answers probes before anything else looks at the request: they ask by address."""

    def __init__(self, app):
        self.app = app
        self.next = app.wsgi_app

    def __call__(self, environ, start_response):
        match Request(environ).path.removesuffix("/"):
            case "/healthz":
                respond = self.answer({"status": "ok"})
            case "/readyz":
                respond = self.readiness()
            case _:
                respond = self.next
        return respond(environ, start_response)

    def readiness(self):
        try:
            with self.app.app_context():
                pending = pending_migrations()
        except SQLAlchemyError:
            return self.answer({"status": "the database does not answer"}, 503)
        if pending:
            return self.answer({"status": "migrations are pending", "migrations": pending}, 503)
        return self.answer({"status": "ok"})

    def answer(self, body, status=200):
        return Response(self.app.json.dumps(body), status, mimetype="application/json")


def pending_migrations():
    """The newest migrations that the database does not have."""
    with db.engine.connect() as connection:
        applied = MigrationContext.configure(connection).get_current_heads()
    newest = ScriptDirectory(str(BASE_DIR / "migrations")).get_heads()
    return sorted(set(newest) - set(applied))
