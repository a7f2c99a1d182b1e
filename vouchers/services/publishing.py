"""Publishing rules: from then on they never change, and what processes remember is asked anew."""

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from innovation_voucher.casework import audit
from innovation_voucher.casework.errors import Refused
from innovation_voucher.casework.rules import require

from ..models import Override, Programme, ProgrammeVersion
from ..programme_rules import is_another
from ..rule_gaps import gaps_of


@transaction.atomic
def publish(rules: ProgrammeVersion | Override, *, by: User | None) -> None:
    """Put a version or an override into force from its day on; it cannot be changed after this.

    Refused when a rule reads a field that no form asks for, and to who prepared the override.
    """
    # The stamp first: its row is the lock, and two publications of one programme wait for each other.
    Programme.objects.filter(pk=rules.programme_id).update(rules_stamp=F("rules_stamp") + 1)
    rules.refresh_from_db(fields=["published_at"])
    if rules.published_at:
        raise Refused(_("这一版规则已经公布，需要调整时新建一版"))
    if isinstance(rules, Override):
        require(is_another(by, rules))
    if missing := gaps_of(rules):
        raise Refused("；".join(missing), "rule_gaps")
    rules.published_at, rules.published_by = timezone.now(), by
    rules.save(update_fields=["published_at", "published_by"])
    programme = rules.programme
    audit.record(
        "programme.rules_published",
        programme,
        by=by,
        region=programme.region,
        after={"rules": str(rules), "effective_from": rules.effective_from},
    )


@transaction.atomic
def open_programme(programme: Programme, *, by: User | None) -> Programme:
    """Accept claims from the programme's first day on; it needs published rules."""
    row = Programme.objects.select_for_update(of=("self",)).select_related("region").get(pk=programme.pk)
    if not row.versions.filter(published_at__isnull=False).exists():
        raise Refused(_("先公布一版规则，再开放受理"))
    if row.status != Programme.State.DRAFT:
        raise Refused(_("这个方案不是草稿，不能再次开放"))
    row.open()
    row.save(update_fields=["status"])
    audit.record("programme.opened", row, by=by, region=row.region)
    return row


@transaction.atomic
def close_programme(programme: Programme, *, by: User | None) -> Programme:
    """Accept no new claims; what was granted can still be used."""
    row = Programme.objects.select_for_update(of=("self",)).select_related("region").get(pk=programme.pk)
    if row.status != Programme.State.OPEN:
        raise Refused(_("这个方案没有在受理，不用结束"))
    row.close()
    row.save(update_fields=["status"])
    audit.record("programme.closed", row, by=by, region=row.region)
    return row
