"""Records and messages of what happens to a claim."""

from typing import Any

from django.urls import reverse

from accounts.models import User
from accounts.people import people_of
from innovation_voucher.casework import audit, messaging
from innovation_voucher.casework.models import Office

from ..models import Claim
from ..statuses import CLAIM


def record(
    verb: str,
    claim: Claim,
    *,
    by: User | None,
    before: str,
    office: Office | None = None,
    reason: str = "",
    **after: Any,
) -> None:
    """One audit row for one move of the claim's state."""
    audit.record(
        verb,
        claim,
        by=by,
        office=office,
        region=claim.region,
        before={"status": before},
        after={"status": claim.status, **after},
        reason=reason,
        policy_digest=claim.snapshot.digest if claim.snapshot else "",
    )


def tell(claim: Claim, title: str, *, body: str = "", about: str = "", sms: str | None = None) -> None:
    """A message to the people of the applicant, once per state and `about`; the SMS is that of the state."""
    messaging.notify(
        people_of(claim.organization),
        kind=f"claim.{claim.status}",
        title=title,
        body=body,
        link=reverse("ent-claim", args=[claim.number]),
        sms=str(CLAIM[claim.status].sms) if sms is None else sms,
        dedupe=f"claim:{claim.number}:{claim.status}:{about}",
    )
