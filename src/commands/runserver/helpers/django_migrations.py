"""Says which migrations the database does not have, and which apps have models that no migration makes."""


# Everything in one function: Django's shell runs this in a scope of its own.
def look_at_migrations():
    import json
    import os

    from django.apps import apps
    from django.db import connection
    from django.db.migrations.autodetector import MigrationAutodetector
    from django.db.migrations.executor import MigrationExecutor
    from django.db.migrations.questioner import MigrationQuestioner
    from django.db.migrations.state import ProjectState

    # What the project prints is no answer.
    answer = os.dup(1)
    os.dup2(2, 1)
    root = os.path.realpath(os.getcwd()) + os.sep

    def is_own(label):
        path = os.path.realpath(apps.get_app_config(label).path)
        return path.startswith(root) and "site-packages" not in path

    executor = MigrationExecutor(connection)
    loader = executor.loader
    plan = executor.migration_plan(loader.graph.leaf_nodes())
    changes = MigrationAutodetector(
        loader.project_state(), ProjectState.from_apps(apps), MigrationQuestioner(dry_run=True)
    ).changes(graph=loader.graph)
    found = {
        "pending": [f"{migration.app_label}.{migration.name}" for migration, _ in plan],
        "unmade": sorted(filter(is_own, changes)),
    }
    os.write(answer, json.dumps(found).encode() + b"\n")


look_at_migrations()
