"""The form on paper: filled in, printed, stamped, and its scan handed in; only then does anybody look."""

from typing import BinaryIO, Literal, cast

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rules import may_act
from innovation_voucher.casework import attachments, calendar, deadlines, reviews
from innovation_voucher.casework.errors import NotAllowed
from innovation_voucher.casework.models import Attachment, Deadline
from innovation_voucher.casework.rules import require

from .. import claim_rules, rules
from ..claim_specs import STAGE, rules_of
from ..models import Claim
from ..policy import TermSpec
from ..rule_gaps import STAMPED
from .claim_telling import record, tell
from .claimant import standing_of
from .gaps import require_evidence
from .granting import locked_claim
from .sending import require_fit, send, send_again

State = Claim.State
#: Where the scheme says nothing: a month, with a reminder a week before.
DEFAULT = TermSpec(act=STAMPED, days=30, unit="d", remind_before=7, on_expiry=Deadline.OnExpiry.LAPSE)


def await_stamp(claim: Claim, *, by: User) -> None:
    """Everything is filled in: from now on the stamped scan is awaited. A returned claim keeps its own term."""
    before = claim.status
    for file in attachments.files(claim, STAMPED):
        attachments.remove(file, by=by)
    claim.await_stamp()
    claim.save()
    if before == State.DRAFT:
        term = rules_of(claim).term(STAMPED) or DEFAULT
        deadlines.start(
            claim,
            STAMPED,
            days=term.days,
            unit=cast("Literal['wd', 'd']", term.unit),
            remind_before=term.remind_before,
            on_expiry=term.on_expiry,
        )
    record("claim.awaits_stamp", claim, by=by, before=before, asked=claim.asked)
    tell(claim, _("申领表已填好，打印盖章后上传"), about=f"{timezone.now():%Y%m%d%H%M%S%f}")


@transaction.atomic
def keep_scan(claim: Claim, *, by: User, name: str, data: BinaryIO) -> Attachment:
    """Keep the stamped scan, in place of an older one. Raises FileRefused when the file is not fit."""
    claim = _locked(claim, by)
    row, older = rules_of(claim).evidence_row(STAGE, STAMPED), attachments.files(claim, STAMPED)
    kept = attachments.attach(claim, STAMPED, name=name, data=data, rule=attachments.rule_of(row), by=by)
    surplus = len(older) + 1 - row.maximum if row.maximum else 0
    for file in older[: max(0, surplus)]:
        attachments.remove(file, by=by)
    record("claim.file_added", claim, by=by, before=claim.status, file=kept.name)
    return kept


@transaction.atomic
def submit_stamped(claim: Claim, *, by: User) -> Claim:
    """Hand in a claim whose scan is there: to the bureau, or at once into the account. Raises Refused."""
    case = reviews.lock_case_of(claim)
    claim = _locked(claim, by)
    require_evidence(claim)
    found = standing_of(claim, day=calendar.today(), locked=True)
    if case is not None:
        require(rules.is_unfrozen(found.accounts, found.programme, found.day))
        found.require_within(claim.asked)
        send_again(claim, by=by)
        return claim
    require_fit(found, claim, day=found.day)
    send(claim, found, by=by)
    deadlines.close(claim, STAMPED)
    return claim


def _locked(claim: Claim, by: User) -> Claim:
    claim = locked_claim(claim)
    require(may_act(by, claim.organization), NotAllowed)
    require(claim_rules.may_stamp(claim))
    return claim
