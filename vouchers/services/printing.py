"""What is printed: the signed address behind the QR code, and new prints that void the old ones."""

from django.conf import settings
from django.db import transaction

from accounts.models import User
from innovation_voucher.casework.errors import NotAllowed
from innovation_voucher.casework.rules import require
from innovation_voucher.lib import references

from .. import rules
from ..models import Voucher
from .locking import lock_voucher
from .telling import record


def signature(voucher: Voucher) -> str:
    """The signature of the present print, 22 characters."""
    return references.sign(voucher.code, voucher.print_version, settings.QR_KEYS)


def scan_url(voucher: Voucher) -> str:
    """What the QR code says: the address that shows whether the print is genuine."""
    return f"{settings.BASE_URL}/q/{voucher.code}/{signature(voucher)}"


@transaction.atomic
def reprint(voucher: Voucher, *, by: User) -> Voucher:
    """Raise the print version: older prints are answered with 已重新打印，请用新券."""
    voucher = lock_voucher(voucher)
    require(rules.may_reprint(by, voucher), NotAllowed)
    voucher.print_version += 1
    voucher.save(update_fields=["print_version"])
    record("voucher.reprinted", voucher, by=by, before=voucher.status, print_version=voucher.print_version)
    return voucher
