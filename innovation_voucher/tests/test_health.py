"""The two questions of a load balancer."""

import pytest
from django.db import connection
from django.test import Client

from innovation_voucher import health


def test_alive_without_any_database(client: Client) -> None:
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok\n")
    assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db
def test_ready_when_every_check_passes(client: Client) -> None:
    response = client.get("/readyz")
    assert response.json() == {"database": True, "migrations": True, "cache": True, "media": True}
    assert response.status_code == 200


@pytest.mark.django_db
def test_an_unapplied_migration_means_not_ready(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'sessions'")
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json() == {"database": True, "migrations": False, "cache": True, "media": True}


def test_no_database_means_not_ready(client: Client) -> None:
    # pytest-django refuses the connection to a test without the mark: as good as an outage.
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json() == {"database": False, "migrations": False, "cache": True, "media": True}


@pytest.mark.django_db
def test_media_that_cannot_be_written_means_not_ready(client: Client, settings, tmp_path) -> None:
    (tmp_path / "media").write_text("a file stands where the folder should be")
    settings.MEDIA_ROOT = tmp_path / "media"
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["media"] is False


@pytest.mark.django_db
def test_a_cache_that_forgets_means_not_ready(client: Client, settings) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    assert client.get("/readyz").json()["cache"] is False


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_only_reading_is_answered(client: Client, path: str) -> None:
    assert client.post(path).status_code == 405


def test_the_probe_leaves_no_file(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path / "new"
    assert health.CHECKS["media"]()
    assert list(settings.MEDIA_ROOT.iterdir()) == []
