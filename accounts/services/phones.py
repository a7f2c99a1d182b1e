"""Phones that an organization names in its forms: proved by a code, unless they are a member's own."""

from django.db import transaction
from django.utils import timezone

from innovation_voucher.casework import audit
from innovation_voucher.casework.errors import NotAllowed
from innovation_voucher.casework.rules import require
from innovation_voucher.lib.identifiers import mask_mobile

from .. import codes, rules
from ..models import ConfirmedPhone, Organization, PhoneCode, User

ANSWER = PhoneCode.Purpose.ANSWER


def is_confirmed(organization: Organization, phone: str) -> bool:
    """Whether the phone (E.164) is an active member's own and proved, or was confirmed here (two queries at most)."""
    own = organization.memberships.filter(active=True, user__is_active=True)
    if own.filter(user__phone=phone, user__phone_verified=True).exists():
        return True
    return organization.confirmed_phones.filter(phone=phone).exists()


def ask_to_confirm(organization: Organization, phone: str, *, by: User, binding: str) -> None:
    """Send a code to the phone (E.164), unless the session was sent one less than a minute ago that still can be typed.

    Raises NotAllowed for people who may not act for the organization, Refused when the number was sent too many.
    """
    require(rules.may_act(by, organization), NotAllowed)
    since = timezone.now() - codes.RESEND_AFTER
    sent = codes.waiting(phone, ANSWER, binding).filter(created_at__gt=since, tries__lt=codes.MAX_TRIES)
    if not sent.exists():
        codes.send_code(phone=phone, purpose=ANSWER, binding=binding)


def confirm_phone(organization: Organization, phone: str, *, by: User, binding: str, code: str) -> None:
    """Keep that the phone (E.164) was proved by the code that its session was sent.

    Raises NotAllowed for people who may not act for the organization, CodeRefused when it is not the right one.
    """
    require(rules.may_act(by, organization), NotAllowed)
    # Outside of the transaction below: a wrong code stays counted.
    codes.check_code(phone=phone, purpose=ANSWER, binding=binding, code=code)
    with transaction.atomic():
        ConfirmedPhone.objects.get_or_create(organization=organization, phone=phone, defaults={"confirmed_by": by})
        after = {"phone": mask_mobile(phone.removeprefix("+86"))}
        audit.record("organization.phone_confirmed", organization, by=by, region=organization.region, after=after)
