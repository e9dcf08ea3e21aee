"""`/healthz`: the process is alive. `/readyz`: the database answers, no migration is pending."""

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import JsonResponse


class HealthMiddleware:
    """Answers probes before anything else looks at the request."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        match request.path.removesuffix("/"):
            case "/healthz":
                return JsonResponse({"status": "ok"})
            case "/readyz":
                return readiness()
            case _:
                return self.get_response(request)


def readiness():
    try:
        executor = MigrationExecutor(connection)
        pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return JsonResponse({"status": "the database does not answer"}, status=503)
    if pending:
        names = [f"{migration.app_label}.{migration.name}" for migration, _ in pending]
        return JsonResponse({"status": "migrations are pending", "migrations": names}, status=503)
    return JsonResponse({"status": "ok"})
