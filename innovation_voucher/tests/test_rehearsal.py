"""A year end is rehearsed by one command, which says what would happen and changes not a single row."""

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection

from innovation_voucher.casework import calendar
from innovation_voucher.tests import cast
from redemption.tests import factories as redemptions
from vouchers.models import QuotaAccount, Voucher
from vouchers.tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.feature("X-10")]

SHANGHAI = ZoneInfo("Asia/Shanghai")
DECEMBER = datetime(2026, 12, 20, 10, tzinfo=SHANGHAI)


@pytest.fixture(scope="module")
def built(kept: Path) -> None:
    """On 20 December 2026 there is one of everything that an end can touch."""
    with calendar.acting_at(DECEMBER):
        programme = redemptions.make_programme(year=2026)
        redemptions.submitted(cast.enterprise(), programme)
        redemptions.returned(cast.rival(), programme)
        for state in ("issued", "confirmed", "redeeming"):
            factories.make_voucher(cast.make_organization(), programme, state=state)


@pytest.fixture(autouse=True)
def december(built: None) -> Iterator[None]:
    with calendar.acting_at(DECEMBER):
        yield


def rows() -> dict[str, list[Any]]:
    """Every row of every table of ours."""
    found = {}
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            table = model._meta.db_table
            cursor.execute(f'SELECT * FROM "{table}"')
            found[table] = sorted(map(repr, cursor.fetchall()))
    return found


def run(capsys: Any, *arguments: str) -> list[str]:
    call_command("sweep", *arguments)
    return list(capsys.readouterr().out.splitlines())


@pytest.mark.parametrize("at", ["2026-12-24T09:00", "2027-01-01", "2027-03-16T10:00", "2027-06-01T10:00"])
def test_a_rehearsal_changes_no_row_of_any_table(capsys: Any, at: str) -> None:
    before = rows()
    first = run(capsys, "--at", at, "--dry-run")
    assert rows() == before
    assert run(capsys, "--at", at, "--dry-run") == first
    assert first[-1].startswith("would be done, nothing was changed: ")


def test_each_line_names_the_kind_the_number_the_act_and_the_day(capsys: Any) -> None:
    issued = Voucher.objects.get(status="issued")
    lines = run(capsys, "--at", "2027-01-01", "--dry-run")
    assert f"vouchers.lapse: lapse voucher {grouped(issued.code)}: issued, last day 2026-12-31" in lines
    for account in QuotaAccount.objects.all():
        assert f"quota.lapse: lapse account {account.number}: {account.available} yuan, last day 2026-12-31" in lines
    assert any(re.fullmatch(r"quota.lapse: lapse 5 accounts, [\d.]+ yuan", line) for line in lines)
    assert {"vouchers.lapse 1", "quota.lapse 6"} <= set(lines[-1].partition(": ")[2].split(", "))


def grouped(code: str) -> str:
    return f"{code[:4]}-{code[4:8]}-{code[8:]}"


def test_the_last_second_of_the_year_has_nothing_to_lapse(capsys: Any) -> None:
    lines = run(capsys, "--at", "2026-12-31T23:59:59+08:00", "--dry-run")
    assert [line for line in lines if ".lapse:" in line] == []
    assert [line for line in run(capsys, "--at", "2027-01-01T00:00:00+08:00", "--dry-run") if ".lapse:" in line]


def test_what_was_rehearsed_is_what_is_done(capsys: Any) -> None:
    said = run(capsys, "vouchers.lapse", "--at", "2027-01-01", "--dry-run")
    done = run(capsys, "vouchers.lapse", "--at", "2027-01-01")
    assert (len(said), len(done)) == (2, 2)
    assert done[-1] == "done: vouchers.lapse 1"
    assert run(capsys, "vouchers.lapse", "--at", "2027-01-01") == []
    assert Voucher.objects.filter(status="lapsed").count() == 1


def test_more_accounts_than_anybody_reads_are_counted_and_not_listed(capsys: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr("vouchers.tasks.LISTED", 2)
    lines = run(capsys, "quota.lapse", "--at", "2027-01-01", "--dry-run")
    assert len([line for line in lines if "lapse account " in line]) == 2
    assert any(line.startswith("quota.lapse: lapse 5 accounts, ") for line in lines)
