"""Codes sent by SMS: six digits, five minutes, five tries, one use, bound to one session.

Tries are counted under a lock, so parallel guesses gain nothing. How often a number may be sent
codes is limited by `casework.messaging`.
"""

import hmac
import secrets
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from innovation_voucher.casework.errors import Refused
from innovation_voucher.casework.messaging import send_sms_now_row
from innovation_voucher.lib.crypto import blind_index

from .models import PhoneCode

LIFETIME = timedelta(minutes=5)
RESEND_AFTER = timedelta(seconds=60)
MAX_TRIES = 5
DIGITS = 6


class CodeRefused(Refused):
    """The code is wrong, too old or used up; the message says what to do."""

    code = "code"
    status_code = 422


class CodeSpent(CodeRefused):
    """No try is left: whatever is typed now, another code has to be sent."""


def new_binding() -> str:
    """What a session keeps to show that it was the one that asked."""
    return secrets.token_urlsafe(24)


def new_code() -> str:
    """Six random digits."""
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"


def text_of(code: str) -> str:
    """The SMS, with the last line by which a phone offers the code for this site only."""
    host = urlsplit(settings.BASE_URL).hostname
    words = _("【创新券】验证码 %(code)s，%(minutes)d 分钟内有效。")
    return words % {"code": code, "minutes": LIFETIME.seconds // 60} + f"\n@{host} #{code}"


@transaction.atomic
def send_code(*, phone: str, purpose: str, binding: str, code: str = "") -> PhoneCode:
    """Send a fresh code to the phone (E.164); an older one to it of the same session is void.

    Raises Refused when the number was sent too many.
    """
    code = code or new_code()
    now = timezone.now()
    waiting(phone, purpose, binding).update(expires_at=now)
    row = PhoneCode.objects.create(
        phone=phone,
        purpose=purpose,
        binding=binding,
        digest=_digest(binding, code),
        created_at=now,
        expires_at=now + LIFETIME,
    )
    send_sms_now_row(phone, text_of(code), dedupe=f"code/{row.pk}")
    return row


def send_notice(*, phone: str, words: str) -> None:
    """Tell a phone instead of sending a code, so that a page cannot show whether it has an account."""
    send_sms_now_row(phone, words, dedupe=f"notice/{secrets.token_hex(8)}")


def resend_at(sent_at: datetime) -> datetime:
    """From when on the same number may be sent another code."""
    return sent_at + RESEND_AFTER


def check_code(*, phone: str, purpose: str, binding: str, code: str) -> None:
    """Use the code up; raises CodeRefused and counts the try when it is not the right one.

    The count is kept although the caller's page answers with a refusal: it has its own transaction.
    """
    refused = _try(phone=phone, purpose=purpose, binding=binding, code="".join(code.split()))
    if refused:
        raise refused


@transaction.atomic
def _try(*, phone: str, purpose: str, binding: str, code: str) -> CodeRefused | None:
    row = waiting(phone, purpose, binding).select_for_update().order_by("-id").first()
    if row is None:
        return CodeSpent(_("验证码已过期，点“重新获取”"))
    spent = CodeSpent(_("验证码已输错 %d 次，点“重新获取”换一个") % MAX_TRIES)
    if row.tries >= MAX_TRIES:
        return spent
    row.tries += 1
    right = hmac.compare_digest(row.digest, _digest(binding, code))
    row.used_at = timezone.now() if right else None
    row.save(update_fields=("tries", "used_at"))
    if right:
        return None
    left = MAX_TRIES - row.tries
    return CodeRefused(_("验证码不对，还可以试 %d 次") % left) if left else spent


def waiting(phone: str, purpose: str, binding: str) -> QuerySet[PhoneCode]:
    """Codes that were sent to the phone for the session and are neither used nor too old."""
    return PhoneCode.objects.filter(
        phone=phone, binding=binding, purpose=purpose, used_at__isnull=True, expires_at__gt=timezone.now()
    )


def _digest(binding: str, code: str) -> str:
    return blind_index(f"{binding}/{code}", "phone-code")
