"""A file of another platform's results: checked as a whole without a trace, then imported row by row."""

from collections.abc import Iterable, Mapping
from typing import Any, BinaryIO

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from innovation_voucher.casework import audit, calendar
from innovation_voucher.casework.errors import NotAllowed, Refused
from innovation_voucher.casework.models import Region
from innovation_voucher.casework.rules import require
from innovation_voucher.lib.spreadsheets import read_rows

from .. import external_rows, external_rules
from ..external_rows import FactsWrong
from ..models import ExternalImport, Programme
from ..resolve import policy_of, snapshot
from .external import import_external_claim

#: Rows of one file: they are granted in one transaction, which others wait for.
MOST = 500
Outcome = dict[str, Any]


@transaction.atomic
def check_file(programme: Programme, region: Region, *, data: BinaryIO, name: str, by: User) -> ExternalImport:
    """Try every row and take all back: what is kept is the file with what would become of each row.

    Raises NotAllowed without the right, Refused for a region that claims here or a file that cannot be read.
    """
    require(external_rules.may_import(by, region), NotAllowed)
    require(external_rules.is_external(policy_of(snapshot(programme, region, day=calendar.today())), programme))
    rows = _read(data, name)
    with transaction.atomic():
        outcome = _tried(programme, region, rows, by=by, source=name)
        transaction.set_rollback(True)
    run = ExternalImport.objects.create(
        programme=programme,
        region=region,
        name=name[:200],
        rows=rows,
        outcome=outcome,
        checked_by=by,
        checked_at=timezone.now(),
    )
    audit.record("external.checked", run, by=by, region=region, after=_counts(run))
    return run


@transaction.atomic
def import_file(run: ExternalImport, *, by: User) -> ExternalImport:
    """Import the rows of a checked file; a row that is wrong is left out and stops no other."""
    rows = ExternalImport.objects.select_for_update(of=("self",)).select_related("programme", "region")
    run = rows.get(pk=run.pk)
    require(external_rules.may_import(by, run.region), NotAllowed)
    if run.imported_at is not None:
        raise Refused(_("这个文件已经导入过，结果见下表"))
    run.outcome = _tried(run.programme, run.region, run.rows, by=by, source=run.name)
    run.imported_by, run.imported_at = by, timezone.now()
    run.save(update_fields=["outcome", "imported_by", "imported_at"])
    audit.record("external.imported", run, by=by, region=run.region, after=_counts(run))
    return run


def _read(data: BinaryIO, name: str) -> list[dict[str, Any]]:
    try:
        rows = read_rows(data, name, limit=MOST)
    except ValueError as error:
        raise Refused(str(error)) from None
    missing = external_rows.missing_columns(rows[0]) if rows else list(external_rows.COLUMNS)
    if missing:
        raise Refused(_("表格里要有这些列：%s，第一行写列名") % "、".join(missing))
    heads = external_rows.COLUMNS
    return [{external_rows.NUMBER: row.number} | {head: row.get(head, "") for head in heads} for row in rows]


def _tried(
    programme: Programme, region: Region, rows: Iterable[Mapping[str, str]], *, by: User, source: str
) -> list[Outcome]:
    return [_one(programme, region, row, by=by, source=source) for row in rows]


def _one(programme: Programme, region: Region, row: Mapping[str, str], *, by: User, source: str) -> Outcome:
    try:
        facts = external_rows.from_sheet(row)
        # A refused row takes back what it did, and nothing of the rows before it.
        with transaction.atomic():
            claim, new = import_external_claim(programme, facts, region=region, by=by, source=source)
    except (FactsWrong, Refused) as wrong:
        return {"state": "wrong", "words": str(wrong), "claim": ""}
    return {"state": "new" if new else "known", "words": "", "claim": claim.number}


def _counts(run: ExternalImport) -> dict[str, int]:
    return {state: run.count(state) for state in ("new", "known", "wrong")}
