"""A voucher that is born in the moment of its redemption."""

from typing import Any

from django.db import transaction

from accounts.models import User

from ..models import Voucher
from . import moves
from .locking import lock_voucher
from .use import request_voucher


@transaction.atomic
def secure_voucher(*, by: User | None, **facts: Any) -> Voucher:
    """`request_voucher` where the policy takes quota at the redemption: it holds its amount at once.

    The caller redeems it in the same transaction. Raises Refused, InsufficientQuota; nothing is left then.
    """
    voucher = lock_voucher(request_voucher(by=by, **facts))
    if not voucher.held:
        moves.hold(voucher, moves.account_of(voucher), by=by)
        voucher.save(update_fields=["held", "movements", "account"])
    return voucher
