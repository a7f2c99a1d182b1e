"""Records and messages of what happens to a voucher."""

from typing import Any

from django.urls import reverse

from accounts.models import Organization, User
from accounts.services.organizations import people_of
from innovation_voucher.casework import audit, messaging
from innovation_voucher.casework.models import Office
from innovation_voucher.lib.references import group_code

from ..models import Voucher


def record(
    verb: str,
    voucher: Voucher,
    *,
    by: User | None,
    before: str,
    reason: str = "",
    office: Office | None = None,
    **after: Any,
) -> None:
    """One audit row for one move of the voucher's state."""
    audit.record(
        verb,
        voucher,
        by=by,
        region=voucher.region,
        office=office,
        before={"status": before},
        after={"status": voucher.status, **after},
        reason=reason,
        policy_digest=voucher.snapshot.digest,
    )


def tell_both(voucher: Voucher, kind: str, title: str, body: str = "", *, mark: str = "") -> None:
    """A message to the people of the holder and of the bound carrier; `mark` tells repeated acts apart."""
    tell_holder(voucher, kind, title, body, mark=mark)
    _tell(voucher, voucher.carrier.organization, kind, title, body, reverse("carrier-vouchers"), mark)


def tell_holder(voucher: Voucher, kind: str, title: str, body: str = "", *, mark: str = "") -> None:
    """A message to the people of the holder."""
    _tell(voucher, voucher.organization, kind, title, body, reverse("ent-voucher", args=[voucher.code]), mark)


def _tell(voucher: Voucher, organization: Organization, kind: str, title: str, body: str, link: str, mark: str) -> None:
    messaging.notify(
        people_of(organization),
        kind=kind,
        title=title % {"code": group_code(voucher.code)},
        body=body,
        link=link,
        dedupe=f"{kind}:{voucher.code}:{mark or voucher.movements}:{organization.pk}",
    )
