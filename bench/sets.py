"""G5 and G7: what the portal does to many rows at once, beside plain SQL on a copy of the same rows."""

import subprocess
import sys
import time
from decimal import Decimal
from pathlib import Path
from statistics import median
from typing import Any

from django.db import connection, transaction
from django.db.models import Sum

from accounts.models import BankAccount, Organization
from redemption import services
from redemption.models import Redemption, RedemptionLine
from redemption.tests import factories as redeeming
from storm import often
from storm.processes import Place, wait_until
from vouchers.models import LedgerEntry, QuotaAccount, Voucher

from . import databases
from .report import Finding, ranged
from .rows import copies, run, timed

#: Accounts of the smaller and of the larger run; organizations among which they are spread; redemptions of a batch.
SIZES, HOLDERS, BATCH = often((5_000, 50_000), (100_000, 1_000_000)), 1_000, often(200, 2_000)
HUNDRED = 10_000
COMMAND = ("-m", "bench.lapse")


# --- G5: the end of the year ------------------------------------------------------------------------

RAW_LAPSE = """
    WITH over AS (SELECT id, available FROM raw_account WHERE status = 'active' AND valid_until < CURRENT_DATE
                  FOR UPDATE),
         moved AS (UPDATE raw_account a SET available = 0, lapsed = a.lapsed + over.available, status = 'lapsed'
                   FROM over WHERE a.id = over.id RETURNING a.id, over.available AS amount)
    INSERT INTO raw_entry (account_id, kind, source, target, amount, reference, at)
    SELECT id, 'lapse', 'available', 'lapsed', amount, 'raw/' || id, now() FROM moved
"""


def expiry(folder: Path) -> list[Finding]:
    """Both sizes; the larger is killed at half once and run again."""
    place = Place(folder, databases.url_of("bench_portal", "APP_DATABASE_URL"))
    small, large = (_expire(place, size, killed=size == SIZES[1]) for size in SIZES)
    growth = large[1] / small[1]
    times = SIZES[1] / SIZES[0]
    bar = 1.3 * times
    words = f"{growth:.1f} x the time for {times:.0f} x the accounts"
    return [small[0], large[0], Finding("G6", "growth of expiry", words, f"<= {bar:.0f} x", growth <= bar)]


def _expire(place: Place, size: int, *, killed: bool) -> tuple[Finding, float]:
    _prepare(size)
    raw: list[float] = []
    with timed(raw):
        run(RAW_LAPSE)
    killed_after = _killed_at_half(place, size) if killed else 0
    started = time.monotonic()
    process = place.start(sys.executable, *COMMAND, log="lapse.log")
    peak = _peak_until_done(process)
    took = (time.monotonic() - started) * (size / (size - killed_after))
    whole = _lapsed() == (size, Decimal(size * HUNDRED) / 100)
    ratio = took / raw[0]
    words = (
        f"{ratio:.1f} x raw ({took:.1f} s, raw {raw[0]:.1f} s), peak {peak:.0f} MB, {size} accounts"
        + (f", killed after {killed_after} and run again" if killed else "")
        + (", totals equal" if whole else ", TOTALS DIFFER")
    )
    return Finding(
        "G5", "expiry / one SQL statement", words, "<= 1.5 x, < 150 MB", ratio <= 1.5 and whole and peak < 150
    ), took


def _peak_until_done(process: "subprocess.Popen[bytes]") -> float:
    """Wait for a process that must succeed; the most memory that it had, MB."""
    peak, status = 0, Path(f"/proc/{process.pid}/status")
    while process.poll() is None:
        found = [line.split()[1] for line in status.read_text().splitlines() if line.startswith("VmHWM")]
        peak = max(peak, *map(int, found), 0)
        time.sleep(0.05)
    assert process.returncode == 0
    return peak / 1024


def _prepare(size: int) -> None:
    """Accounts that are over, each with its grant, and a copy of the tables for the plain statement."""
    account = QuotaAccount.objects.order_by("pk").first()
    assert account is not None
    run(
        "SET LOCAL session_replication_role = replica",
        "DELETE FROM vouchers_ledgerentry e USING vouchers_quotaaccount a "
        "WHERE e.account_id = a.id AND a.number LIKE 'X%'",
        "DELETE FROM vouchers_quotaaccount WHERE number LIKE 'X%'",
    )
    if not Organization.objects.filter(name__startswith="X").exists():
        copies(account.organization, HOLDERS, name="'X' || n", kind="'entrepreneur'", credit_code="NULL")
    holders = "(SELECT min(id) FROM accounts_organization WHERE name LIKE 'X%%') + n %% " + str(HOLDERS)
    empty = dict.fromkeys(("held", "in_batch", "spent", "lapsed", "recovered"), "0")
    money = dict.fromkeys(("granted", "available"), str(HUNDRED))
    day = f"CURRENT_DATE - 1 - n / {HOLDERS}"
    copies(
        account, size, number="'X' || n", organization_id=holders, valid_until=day, status="'active'", **empty, **money
    )
    run(
        "INSERT INTO vouchers_ledgerentry (account_id, kind, source, target, amount, reference, at) "
        f"SELECT id, 'grant', 'budget', 'available', {HUNDRED}, number || '/1', now() "
        "FROM vouchers_quotaaccount WHERE number LIKE 'X%'"
    )
    for table, copied in (("vouchers_quotaaccount", "raw_account"), ("vouchers_ledgerentry", "raw_entry")):
        run(f"DROP TABLE IF EXISTS {copied}", f"CREATE TABLE {copied} (LIKE {table} INCLUDING ALL)")
    run("INSERT INTO raw_account SELECT * FROM vouchers_quotaaccount WHERE number LIKE 'X%'")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _killed_at_half(place: Place, size: int) -> int:
    """kill -9 when about half is done; how many had lapsed then."""
    process: subprocess.Popen[bytes] = place.start(sys.executable, *COMMAND, log="lapse.log")
    try:
        wait_until(lambda: _lapsed()[0] >= size // 2 or process.poll() is not None, 900, "half of the accounts")
    finally:
        process.kill()
        process.wait()
    return _lapsed()[0]


def _lapsed() -> tuple[int, Decimal]:
    """How many of the accounts have lapsed, and the sum of their entries, yuan."""
    rows = QuotaAccount.objects.filter(number__startswith="X", status="lapsed", available=0)
    entries = LedgerEntry.objects.filter(kind="lapse", account__number__startswith="X").aggregate(all=Sum("amount"))
    return rows.count(), entries["all"] or Decimal(0)


# --- G7: a settlement batch -------------------------------------------------------------------------

RAW_SETTLE = """
    WITH moved AS (UPDATE raw_voucher SET in_batch = held, held = 0 RETURNING id, carrier_id, in_batch)
    INSERT INTO raw_line (voucher_id, payee_id, amount) SELECT id, carrier_id, in_batch FROM moved
"""


def settlement(rounds: int) -> list[Finding]:
    """Freezing a batch of redemptions, rolled back after each round, beside marking and summing copies by SQL."""
    programme = redeeming.make_programme(kind="b")
    settler = redeeming.settler()
    _payable(programme)
    batch = redeeming.draft(settler, programme)
    total = services.preview_of(batch).total
    ratios, ours, sums = [], [], []
    for n in range(rounds + 1):
        taken: list[float] = []
        with transaction.atomic():
            _copy_vouchers(programme.pk)
            with timed(taken), connection.cursor() as cursor:
                cursor.execute(RAW_SETTLE)
            raw_total = _asked("SELECT sum(amount) FROM raw_line")
            with timed(taken):
                frozen = services.freeze_batch(batch, by=settler, typed_total=total)
            sums.append(Decimal(raw_total) / 100 == frozen.total == total)
            transaction.set_rollback(True)
        if n:
            ratios.append(taken[1] / taken[0])
            ours.append(taken[1])
    each = 1000 * median(ours) / BATCH
    words = f"{ranged(ratios, '.0f')} x raw, {BATCH} redemptions, {each:.1f} ms each, " + (
        "sums equal" if all(sums) else "SUMS DIFFER"
    )
    return [Finding("G7", "freezing a batch / one SQL statement", words, "<= 2 x at 100,000", median(ratios) <= 2)]


def _payable(programme: Any) -> None:
    """One payable redemption by the verbs, and copies of all its rows."""
    first = redeeming.payable(programme=programme)
    line = RedemptionLine.objects.select_related("voucher__account").get(redemption=first)
    voucher, number = line.voucher, BATCH - 1
    assert voucher.account is not None
    each = int(voucher.held * 100)
    copies(voucher, number, code="lpad('B' || n, 12, '0')")
    copies(first, number, number="'B' || n")
    codes, numbers = "v.code = lpad('B' || n, 12, '0')", "r.number = 'B' || n"
    vouchers = f"(SELECT v.id FROM vouchers_voucher v WHERE {codes})"
    copies(
        line, number, voucher_id=vouchers, redemption_id=f"(SELECT r.id FROM redemption_redemption r WHERE {numbers})"
    )
    more = each * number
    run(
        "UPDATE vouchers_quotaaccount SET held = held + %s, granted = granted + %s WHERE id = %s",
        values=[more, more, voucher.account.pk],
    )
    assert Redemption.objects.filter(programme=programme, status="payable").count() == BATCH
    assert BankAccount.objects.filter(organization=first.payee, active=True).exists()
    assert Voucher.objects.filter(programme=programme, held__gt=0).count() == BATCH


def _copy_vouchers(programme: int) -> None:
    run(
        "CREATE TEMPORARY TABLE raw_voucher ON COMMIT DROP AS SELECT * FROM vouchers_voucher WHERE programme_id = %s",
        values=[programme],
    )
    run("CREATE TEMPORARY TABLE raw_line (voucher_id bigint, payee_id bigint, amount bigint) ON COMMIT DROP")


def _asked(sql: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return int(cursor.fetchone()[0])
