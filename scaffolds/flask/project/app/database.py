"""The database: `db.session` reads and writes it, models derive from `db.Model`."""

import datetime as dt
import sqlite3

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import DateTime, Engine, MetaData, TypeDecorator, event
from sqlalchemy.orm import DeclarativeBase, registry


class UtcDateTime(TypeDecorator):
    """A moment in UTC, on databases that do not keep zones, too."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_result_value(self, value, dialect):
        if value is None or value.tzinfo is not None:
            return value
        return value.replace(tzinfo=dt.UTC)


# With names, migrations can change constraints on every database.
NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """What all models have in common."""

    registry = registry(
        metadata=MetaData(naming_convention=NAMES),
        type_annotation_map={dt.datetime: UtcDateTime},
    )


db = SQLAlchemy(model_class=Base)


@event.listens_for(Engine, "connect")
def set_up_sqlite(connection, _record):
    """References are checked, and two processes share the file while one takes over."""
    if isinstance(connection, sqlite3.Connection):
        for pragma in ["foreign_keys = ON", "journal_mode = WAL", "busy_timeout = 20000"]:
            connection.execute(f"PRAGMA {pragma}")
