"""Human numbers: counted under a locked row, written by a pattern."""

import re
from datetime import date, datetime

from django.db import connection
from django.utils import timezone

from . import calendar
from .models import NumberRow

_TABLE = NumberRow._meta.db_table
_FIELD = re.compile(r"{(\w+)}")
_SEQUENCE = re.compile(r"seq(\d?)")
_TIMES = {
    "date": "%Y%m%d",
    "yyyy": "%Y",
    "yyyymm": "%Y%m",
    "yyyymmdd": "%Y%m%d",
    "yyyymmddHHMM": "%Y%m%d%H%M",
}


def next_number(key: str) -> int:
    """The next number under a key, from 1, without gaps: a transaction that rolls back takes none.

    Others who ask for the same key wait until this transaction ends, so ask late.
    """
    sql = (
        f'INSERT INTO "{_TABLE}" ("key", "value") VALUES (%s, 1) '  # noqa: S608  the name of our own table
        f'ON CONFLICT ("key") DO UPDATE SET "value" = "{_TABLE}"."value" + 1 RETURNING "value"'
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [key])
        return int(cursor.fetchone()[0])


def formatted(pattern: str, *, day: date, key: str = "", **parts: object) -> str:
    """The pattern with its fields filled in, such as "CSJ-{yyyymmddHHMM}-{seq6}".

    Fields: date, yyyy, yyyymm, yyyymmdd, yyyymmddHHMM of `day` (an aware moment, or a date with the
    time of now), seq and seq1 to seq9 (at least that many digits, growing), and every other name
    given in `parts`. The number is `parts["seq"]`, else the next one under `key`. Raises ValueError
    for a field without a value.
    """
    moment = timezone.localtime(day if isinstance(day, datetime) else None)
    if not isinstance(day, datetime):
        moment = datetime.combine(day, moment.timetz())
    if key and "{seq" in pattern:
        parts = {"seq": next_number(key), **parts}

    def fill(match: re.Match[str]) -> str:
        name = match.group(1)
        if sequence := _SEQUENCE.fullmatch(name):
            name, width = "seq", int(sequence.group(1) or 1)
        if name in _TIMES:
            return moment.strftime(_TIMES[name])
        if name not in parts:
            raise ValueError(f"the number pattern {pattern!r} asks for {name!r}, which has no value")
        return f"{parts[name]:0{width}d}" if sequence else str(parts[name])

    return _FIELD.sub(fill, pattern)


def case_number(prefix: str) -> str:
    """The next number of a kind of case in this year, such as RZ-2026-004417."""
    day = calendar.today()
    return formatted("{prefix}-{yyyy}-{seq6}", day=day, prefix=prefix, seq=next_number(f"{prefix}-{day.year}"))
