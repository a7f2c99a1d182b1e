"""Sweeps: registered once, run in order, one at a time, and never stopped by one broken row."""

import json
import os
import signal
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from innovation_voucher.casework import invariants, locks, sweeps
from innovation_voucher.casework.models import AuditRow, Region
from innovation_voucher.casework.sweeps import Clock, Sweep

NOW = datetime(2026, 12, 31, 16, 0, tzinfo=UTC)


@pytest.fixture
def runs(monkeypatch) -> list[tuple[str, datetime, bool]]:
    """Two sweeps of the test alone; what ran, for when, and whether only to say so."""
    seen: list[tuple[str, datetime, bool]] = []
    monkeypatch.setattr(sweeps, "_registry", {})

    def sweep(name: str, seconds: int, position: int) -> None:
        def run(now: datetime, dry_run: bool) -> list[str]:
            seen.append((name, now, dry_run))
            return [f"did {name}"]

        sweeps.register(Sweep(name, seconds, run, position))

    sweep("b.late", 60, 90)
    sweep("a.early", 10, 10)
    return seen


def test_a_name_is_taken_once(runs) -> None:
    with pytest.raises(ValueError, match="twice"):
        sweeps.register(Sweep("a.early", 1, lambda now, dry_run: []))


def test_the_portal_runs_what_is_due_before_it_sends_and_seals() -> None:
    names = [sweep.name for sweep in sweeps.all()]
    assert [n for n in names if n in {"deadlines", "messages", "audit.seal"}] == ["deadlines", "messages", "audit.seal"]


@pytest.mark.django_db
def test_the_command_runs_all_in_order_for_a_given_moment(runs, capsys) -> None:
    call_command("sweep", "--at", "2027-01-01T00:00", "--dry-run")
    assert runs == [("a.early", NOW, True), ("b.late", NOW, True)]
    assert capsys.readouterr().out == (
        "a.early: did a.early\nb.late: did b.late\nwould be done, nothing was changed: a.early 1, b.late 1\n"
    )


@pytest.mark.django_db
def test_the_command_runs_one(runs) -> None:
    call_command("sweep", "b.late", "--at", "2027-01-01T00:00:00+08:00")
    assert runs == [("b.late", NOW, False)]


@pytest.mark.parametrize("arguments", [("no.such",), ("--at", "tomorrow")])
def test_the_command_refuses_what_it_does_not_know(runs, arguments) -> None:
    with pytest.raises(CommandError):
        call_command("sweep", *arguments)
    assert runs == []


@pytest.mark.django_db(transaction=True)
def test_a_sweep_that_runs_elsewhere_is_left_alone(runs) -> None:
    inside, done = threading.Event(), threading.Event()

    def hold() -> None:
        with locks.only_one("sweep a.early") as got:
            assert got
            inside.set()
            done.wait(10)
        connection.close()

    other = threading.Thread(target=hold)
    other.start()
    inside.wait(10)
    assert sweeps.run("a.early") == []
    assert sweeps.run("b.late") == ["did b.late"]
    done.set()
    other.join(10)
    assert sweeps.run("a.early") == ["did a.early"]


def test_a_file_does_the_same_without_a_server(settings, tmp_path, monkeypatch) -> None:
    settings.VAR_DIR = tmp_path
    monkeypatch.setattr(connection, "vendor", "sqlite")
    with locks.only_one("x") as first, locks.only_one("x") as second, locks.only_one("y") as other:
        assert (first, second, other) == (True, False, True)
    with locks.only_one("x") as again:
        assert again


def test_one_broken_row_stops_no_other(caplog) -> None:
    def act(pk: int) -> str | None:
        if pk == 2:
            raise ZeroDivisionError
        return f"did {pk}" if pk != 3 else None

    assert sweeps.each([1, 2, 3, 4], act) == ["did 1", "2: error, see the log", "did 4"]
    assert "ZeroDivisionError" in caplog.text


@pytest.mark.django_db
def test_the_clock_runs_each_when_it_is_due(runs) -> None:
    clock = Clock()
    assert clock.tick(NOW) == ["a.early", "b.late"]
    assert clock.tick(NOW + timedelta(seconds=9)) == []
    assert clock.tick(NOW + timedelta(seconds=10)) == ["a.early"]
    assert clock.tick(NOW + timedelta(seconds=3600)) == ["a.early", "b.late"]
    assert [name for name, _now, _dry in runs] == ["a.early", "b.late", "a.early", "a.early", "b.late"]


@pytest.mark.django_db
def test_the_clock_outlives_a_sweep_that_breaks(runs, monkeypatch, caplog) -> None:
    def broken(now: datetime, dry_run: bool) -> list[str]:
        raise ZeroDivisionError

    sweeps.register(Sweep("0.broken", 1, broken, 1))
    assert Clock().tick(NOW) == ["0.broken", "a.early", "b.late"]
    assert [name for name, _now, _dry in runs] == ["a.early", "b.late"]
    assert "0.broken" in caplog.text


@pytest.mark.slow
def test_the_clock_ends_when_it_is_told_to(tmp_path) -> None:
    environment = {**os.environ, "VAR_DIR": str(tmp_path), "DATABASE_URL": f"sqlite:///{tmp_path / 'clock.sqlite3'}"}
    command = [sys.executable, "-c", CLOCK]
    with subprocess.Popen(
        command, cwd=settings.BASE_DIR, env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "tick\n"
            process.send_signal(signal.SIGTERM)
            assert process.wait(10) == 0
        finally:
            process.kill()


CLOCK = """
import django, os
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "innovation_voucher.settings")
django.setup()
from django.core.management import call_command
from innovation_voucher.casework import sweeps
sweeps._registry = {}
sweeps.register(sweeps.Sweep("tick", 3600, lambda now, dry_run: print("tick", flush=True) or []))
call_command("clock")
"""


# --- Invariants -----------------------------------------------------------------------------


@pytest.mark.django_db
def test_all_invariants_hold_for_what_the_migrations_made(capsys) -> None:
    call_command("check_invariants")
    assert "guards: ok\n" in capsys.readouterr().out
    assert invariants.broken() == {}


@pytest.mark.django_db
def test_a_broken_row_is_named_and_the_exit_code_says_so(capsys) -> None:
    Region.objects.filter(code="330108").update(path="330108/")
    with pytest.raises(SystemExit) as exit_:
        call_command("check_invariants")
    assert exit_.value.code == 1
    assert "regions: 1 broken\n  region 330108: path 330108/" in capsys.readouterr().out


@pytest.mark.django_db
def test_the_answer_for_programs(capsys) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER only_casework_auditrow_update ON casework_auditrow")
    with pytest.raises(SystemExit):
        call_command("check_invariants", "--json")
    assert json.loads(capsys.readouterr().out) == {"guards": ["trigger only_casework_auditrow_update is missing"]}


def test_an_invariant_is_registered_once() -> None:
    with pytest.raises(ValueError, match="twice"):
        invariants.register("guards", invariants.lost_guards)


@pytest.mark.django_db
def test_audit_rows_are_sealed_by_hand(capsys) -> None:
    from innovation_voucher.casework import audit

    audit.record("review.opened", Region.objects.get(code="330108"), by=None)
    call_command("seal")
    assert capsys.readouterr().out == "sealed 1\n"
    assert AuditRow.objects.get().sequence == 1
