"""Celery: one task per sweep, real Redis, a real worker."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from redis import Redis

from innovation_voucher import tasks
from innovation_voucher.casework import sweeps
from innovation_voucher.celery import app

# Not the database that a portal on the same Redis would use.
BROKER = settings.CELERY_BROKER_URL + "?virtual_host=7"


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[tuple[datetime, bool]]:
    """What a sweep named "test" was asked to do; it is the only one known."""
    seen: list[tuple[datetime, bool]] = []

    def run(at: datetime, dry_run: bool) -> list[str]:
        seen.append((at, dry_run))
        return ["one line"]

    monkeypatch.setattr(sweeps, "_registry", {})
    sweeps.register(sweeps.Sweep("test", 60, run))
    return seen


def test_every_sweep_has_its_beat() -> None:
    assert set(app.conf.beat_schedule) == {sweep.name for sweep in sweeps.all()}
    assert app.conf.beat_schedule != {}
    for sweep in sweeps.all():
        entry = app.conf.beat_schedule[sweep.name]
        assert (entry["schedule"], entry["args"]) == (sweep.every_seconds, (sweep.name,))


@pytest.mark.django_db
def test_the_task_runs_its_sweep_in_earnest(runs: list[tuple[datetime, bool]]) -> None:
    tasks.run_sweep("test")
    assert [dry_run for _at, dry_run in runs] == [False]


@pytest.mark.django_db
def test_an_unknown_sweep_is_an_error(runs: list[tuple[datetime, bool]]) -> None:
    with pytest.raises(KeyError, match="nobody"):
        tasks.run_sweep("nobody")
    assert runs == []


def test_a_task_outlives_its_worker() -> None:
    """Without these three, kill -9 loses the task for good or for an hour."""
    assert (app.conf.task_acks_late, app.conf.task_reject_on_worker_lost) == (True, True)
    options = app.conf.broker_transport_options
    assert options["visibility_timeout"] >= 2 * app.conf.task_time_limit
    assert options["unacked_restore_throttle"] == 1


@pytest.fixture
def worker(tmp_path: Path) -> Iterator[Path]:
    """A worker process on the test's database; the path of its log."""
    log = tmp_path / "worker.log"
    redis = Redis.from_url(settings.REDIS_URL, db=7)
    redis.flushdb()
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_database()")
        (name,) = cursor.fetchone()
    url = f"postgresql://{connection.settings_dict['USER']}@/{name}?host={connection.settings_dict['OPTIONS']['host']}"
    command = [sys.executable, "-m", "celery", "-b", BROKER, "-A", "innovation_voucher", "worker"]
    command += ["--pool", "solo", "--loglevel", "INFO", "--logfile", str(log), "--without-gossip", "--without-mingle"]
    environment = {**os.environ, "DATABASE_URL": url}
    process = subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment, stderr=subprocess.DEVNULL)
    yield log
    process.terminate()
    process.wait(20)
    redis.flushdb()
    redis.close()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_worker_runs_every_sweep(worker: Path) -> None:
    with app.connection_for_write(BROKER) as broker:
        for sweep in sweeps.all():
            tasks.run_sweep.apply_async((sweep.name,), connection=broker)
    end = time.monotonic() + 60
    text = ""
    while text.count("] succeeded in") < len(sweeps.all()) and time.monotonic() < end:
        time.sleep(0.3)
        text = worker.read_text() if worker.exists() else ""
    assert text.count("] succeeded in") == len(sweeps.all()), text[-3000:]
    assert "ERROR" not in text
