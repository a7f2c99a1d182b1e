"""Which evidence of a claim is still missing."""

from collections import Counter

from innovation_voucher.casework import attachments
from innovation_voucher.casework.errors import Refused

from ..claim_specs import STAGE, evidence_of, rules_of
from ..models import Claim
from ..policy import Gap, evidence_gaps
from ..rule_gaps import STAMPED


def claim_gaps(claim: Claim) -> list[Gap]:
    """What is missing before the next step (one query where any is asked for); the scan only once it is awaited."""
    if not evidence_of(claim):
        return []
    counts = Counter(file.key for file in attachments.files(claim))
    found = evidence_gaps(rules_of(claim), STAGE, counts, claim.class_key)
    early = claim.status == Claim.State.DRAFT
    return [gap for gap in found if not (early and gap.key == STAMPED)]


def require_evidence(claim: Claim) -> None:
    """Raise Refused ("gaps") with all that is missing."""
    missing = claim_gaps(claim)
    if missing:
        raise Refused("；".join(gap.words for gap in missing), "gaps")
