"""How Alembic finds models and database: `flask db migrate` writes a migration, `flask db upgrade` applies it."""

import sys

from alembic import context
from alembic.operations import ops
from flask import current_app
from sqlalchemy import TypeDecorator

database = current_app.extensions["migrate"].db


def process_revision(_context, _revision, directives):
    """No migration where nothing changed; a warning where something is dropped."""
    script = directives[0]
    if getattr(context.config.cmd_opts, "autogenerate", False) and script.upgrade_ops.is_empty():
        directives.clear()
        print("No changes detected.", file=sys.stderr)
        return
    for dropped in drops(script.upgrade_ops):
        print(
            f"Warning: the migration drops {dropped}, and what is in it. Alembic sees a rename as a"
            " drop and an addition: edit the migration (op.alter_column, op.rename_table).",
            file=sys.stderr,
        )


def drops(operations):
    for operation in operations.ops:
        match operation:
            case ops.DropTableOp():
                yield f"the table {operation.table_name}"
            case ops.DropColumnOp():
                yield f"the column {operation.table_name}.{operation.column_name}"
            case ops.OpContainer():
                yield from drops(operation)


def render_item(kind, item, _autogenerate):
    """Types of the site are written as what they are in the database."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl!r}"
    return False


options = {
    "target_metadata": database.metadata,
    "process_revision_directives": process_revision,
    "render_item": render_item,
    "compare_type": True,
}


def run_offline():
    """Prints the SQL."""
    url = database.engine.url.render_as_string(hide_password=False)
    context.configure(url=url, literal_binds=True, **options)
    with context.begin_transaction():
        context.run_migrations()


def run_online():
    with database.engine.connect() as connection:
        is_sqlite = connection.dialect.name == "sqlite"
        if is_sqlite:
            # Its tables are made again to change them: rows that refer to them have to stay.
            connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
        # Committed by what follows, not by the pragma.
        connection.rollback()
        context.configure(connection=connection, render_as_batch=is_sqlite, **options)
        with context.begin_transaction():
            context.run_migrations()
        if is_sqlite:
            connection.exec_driver_sql("PRAGMA foreign_keys = ON")


if context.is_offline_mode():
    run_offline()
else:
    run_online()
