"""Two questions of a load balancer: does the process live, and can it work?"""

import secrets
from collections.abc import Callable

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - a view
    """200 while the process answers; asks nothing else, or an outage would restart it too."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:  # noqa: ARG001 - a view
    """200 if every check passes, otherwise 503; names the checks, never the error's text."""
    results = {name: _passes(check) for name, check in CHECKS.items()}
    return JsonResponse(results, status=200 if all(results.values()) else 503)


def _passes(check: Callable[[], bool]) -> bool:
    try:
        return check()
    except Exception:  # noqa: BLE001 - whatever is broken, the answer is "not ready"
        return False


def _database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone())


def _migrations() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def _cache() -> bool:
    value = secrets.token_hex(8)
    cache.set("readyz:" + value, value, 5)
    return bool(cache.get("readyz:" + value) == value)


def _media() -> bool:
    probe = settings.MEDIA_ROOT / f".readyz-{secrets.token_hex(8)}"
    settings.MEDIA_ROOT.mkdir(parents=True, exist_ok=True)
    probe.write_bytes(b"")
    probe.unlink()
    return True


CHECKS: dict[str, Callable[[], bool]] = {
    "database": _database,
    "migrations": _migrations,
    "cache": _cache,
    "media": _media,
}
