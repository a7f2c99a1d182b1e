"""Phones that nobody signs in with, and the codes that they are sent, for the tests of forms."""

from datetime import timedelta

from django.db.models import F

from accounts.codes import RESEND_AFTER
from accounts.models import ConfirmedPhone, Organization, PhoneCode
from accounts.tests.conftest import code_in, last_sms
from innovation_voucher.casework.models import Outgoing
from innovation_voucher.tests import cast

#: Two numbers as forms show them, and how a page masks the first.
STRANGE, OTHER = "19912340000", "19912340001"
MASKED = "199****0000"
#: What hands in says of a number that was never confirmed.
UNCONFIRMED = r"199\*\*\*\*0000 还没有经短信验证"


def code_for(number: str = STRANGE) -> str:
    """The code that the phone was sent last."""
    return code_in(last_sms(f"+86{number}"))


def wrong_for(number: str = STRANGE) -> str:
    """Six digits that the phone was not sent."""
    return f"{(int(code_for(number)) + 1) % 10**6:06d}"


def sent(number: str = STRANGE) -> int:
    """How many codes the phone was sent."""
    return Outgoing.objects.filter(to=f"+86{number}").count()


def confirm(organization: Organization, number: str = STRANGE) -> ConfirmedPhone:
    """Somebody of the organization has proved the phone."""
    by = cast.owner_of(organization)
    return ConfirmedPhone.objects.create(organization=organization, phone=f"+86{number}", confirmed_by=by)


def let_pass(time: timedelta = RESEND_AFTER) -> None:
    """What was sent so far was sent so much earlier."""
    PhoneCode.objects.update(created_at=F("created_at") - time, expires_at=F("expires_at") - time)
    Outgoing.objects.update(created_at=F("created_at") - time)
