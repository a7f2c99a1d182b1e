"""G4: what the portal's claim loses when many want the same row; the portal beside itself."""

from collections.abc import Iterator
from contextlib import closing
from statistics import median

import psycopg2

from innovation_voucher.casework import invariants

from . import databases
from .measure import Side, Slice, load
from .report import BUSY, Finding, ranged

#: Kind of request, its clients, the kind and clients that it is measured against, least share, in words.
PAIRS = (
    ("hot", 8, "claim", 8, 0.65, "claims on one account / on distinct ones"),
    ("claim", 8, "free", 8, 0.55, "claims with ten counties' budgets / without a budget"),
    ("claim", 16, "claim", 2, 0.85, "16 clients / 2 clients"),
)


def measure(side: Side, rounds: int, seconds: float) -> list[Finding]:
    """Alternating slices; a first round warms up. After it every quota invariant is asked."""
    # The vouchers that were copied for receipts hold more than their account: that is ours, not the portal's.
    before = _off_balance()
    found = [list(_round(side, seconds)) for _n in range(rounds + 1)][1:]
    lines = [_finding(n, [one[n] for one in found]) for n in range(len(PAIRS))]
    wrong = sum(part.wrong for one in found for pair in one for part in pair)
    deadlocks, off = _deadlocks(), len(_off_balance() - before)
    said = f"{wrong} wrong answers, {deadlocks} deadlocks, {off} rows off balance"
    return [*lines, Finding("G4", "after it", said, "0, 0, 0", met=not (wrong or deadlocks or off))]


def _off_balance() -> set[str]:
    """What the invariants of quota and claims find."""
    found = invariants.broken().items()
    return {line for name, lines in found if name.startswith(("quota", "claim")) for line in lines}


def _round(side: Side, seconds: float) -> Iterator[tuple[Slice, Slice]]:
    for kind, clients, other, others, _least, _words in PAIRS:
        yield load(side, other, seconds, 302, others), load(side, kind, seconds, 302, clients)


def _finding(number: int, pairs: list[tuple[Slice, Slice]]) -> Finding:
    least, words = PAIRS[number][4:]
    ratios = [ours.rate / theirs.rate for theirs, ours in pairs]
    cpu = median(ours.cpu / theirs.cpu for theirs, ours in pairs)
    noisy = sum(part.foreign > BUSY for pair in pairs for part in pair) * 2 > len(pairs) * 2
    met = None if noisy else median(ratios) >= least
    return Finding("G4", words, f"{ranged(ratios)}, CPU ratio {cpu:.2f}", f">= {least:.2f}", met)


def _deadlocks() -> int:
    """Since the database was made for this run."""
    with closing(psycopg2.connect(databases.url_of("postgres"))) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = 'bench_portal'")
        row = cursor.fetchone()
    return int(row[0]) if row else 0
