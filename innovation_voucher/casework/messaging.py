"""Messages to people: the inbox at once, SMS and mail through an outbox.

A verb writes all rows in its own transaction; what rolls back is never sent. A sweep sends, tries
again with growing pauses, and gives up after six times.
"""

import hashlib
import logging
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count, Model, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy

from . import audit, gateways, inserts, locks, memo, sweeps
from .errors import Refused
from .models import Message, Outgoing

logger = logging.getLogger(__name__)

M = TypeVar("M", bound=Model)

SMS_LENGTH = 70
MAX_ATTEMPTS = 6
CODE = "code"
#: Codes per phone number: (how many, in how many seconds, the sentence).
PER_NUMBER = (
    (1, 60, gettext_lazy("验证码已发送，60 秒后可重新获取。")),
    (5, 3600, gettext_lazy("这个手机号一小时内获取验证码已达 5 次，一小时后再试。")),
    (10, 86400, gettext_lazy("这个手机号一天内获取验证码已达 10 次，明天再试。")),
)
PER_ADDRESS = (20, 3600, gettext_lazy("您所在网络获取验证码的次数较多，一小时后再试。"))
#: All codes of the portal in an hour: beyond it somebody plays with the SMS budget.
PER_PORTAL = (2000, 3600, gettext_lazy("短信服务繁忙，稍后再试。"))

_BATCH = 50
# How long a claimed row is left to its sender before another may try; then doubled each time.
_PAUSE = timedelta(seconds=60)
_DEDUPE_LENGTH = 120
_SMS, _MAIL = Outgoing.Channel.SMS, Outgoing.Channel.MAIL

_kinds: dict[str, Any] = {
    "task": gettext_lazy("待办"),
    "verification": gettext_lazy("实名认证"),
    "recognition": gettext_lazy("机构入库"),
    "claim": gettext_lazy("额度申领"),
    "quota": gettext_lazy("额度"),
    "order": gettext_lazy("订单"),
    "voucher": gettext_lazy("创新券"),
    "redemption": gettext_lazy("兑付"),
    "publicity": gettext_lazy("公示"),
    "panel": gettext_lazy("专家评审"),
    "account": gettext_lazy("账号与安全"),
}


class TooOften(Refused):
    """A limit was reached; the message says when to try again."""

    code = "too_often"
    status_code = 429


def register_kinds(words: Mapping[str, Any]) -> None:
    """Name further categories; a kind is `category` or `category.detail`."""
    _kinds.update(words)


def kind_words(kind: str) -> str:
    """What the inbox calls the category of a kind."""
    return str(_kinds.get(kind.partition(".")[0], _("其他")))


# --- Writing --------------------------------------------------------------------------------


def notify(
    users: Iterable[Any],
    *,
    kind: str,
    title: str,
    body: str = "",
    link: str = "",
    sms: str | None = None,
    mail: bool = False,
    dedupe: str,
) -> None:
    """Tell people; everything is written in the caller's transaction, once per `dedupe` and person.

    `link` is a path of the portal. `sms` goes to their phone, cut to 70 characters; `mail` sends
    title and body to their address. Whoever is inactive, or has no phone or address, is left out.
    """
    now = timezone.now()
    people = list({user.pk: user for user in users if user.is_active}.values())
    text = {"kind": kind, "title": str(title)[:200], "body": str(body), "link": link}
    inserts.add(
        [Message(user=person, dedupe=_key(dedupe), created_at=now, **text) for person in people],
        ignore_conflicts=True,
    )
    letter = "\n\n".join(filter(None, [text["body"] or text["title"], link and settings.BASE_URL + link]))
    texts = [person for person in people if sms and person.phone]
    letters = [person for person in people if mail and person.email]
    inserts.add(
        [
            *(_row(_SMS, kind, to.phone, fitted(str(sms)), f"{dedupe}:{to.pk}:sms", now) for to in texts),
            *(_row(_MAIL, kind, to.email, letter, f"{dedupe}:{to.pk}:mail", now, text["title"]) for to in letters),
        ],
        ignore_conflicts=True,
    )


@transaction.atomic
def send_sms_now_row(phone: str, body: str, *, dedupe: str, address: str | None = None) -> Outgoing:
    """Put a code into the outbox, within the limits per number, per network address and in all.

    `address` is the asker's, by default that of the request. The limits are counted over the rows
    under a lock of the number and of the address, so they hold over all processes. Raises TooOften.
    """
    now = timezone.now()
    asker = audit.address.get() if address is None else address
    locks.wait_for(f"sms {phone}")
    locks.wait_for(f"sms from {asker}")
    for most, seconds, words in PER_NUMBER:
        _limit(now, most, seconds, words, to=phone)
    if asker:
        _limit(now, *PER_ADDRESS, address=asker)
    _limit(now, *PER_PORTAL)
    row = _row(_SMS, CODE, phone, fitted(body), dedupe, now)
    row.address = asker
    row.save()
    return row


def fitted(text: str) -> str:
    """A text that fits into one SMS."""
    return text if len(text) <= SMS_LENGTH else f"{text[: SMS_LENGTH - 1]}…"


def _limit(now: datetime, most: int, seconds: int, words: Any, **where: str) -> None:
    since = now - timedelta(seconds=seconds)
    if Outgoing.objects.filter(kind=CODE, created_at__gt=since, **where).count() >= most:
        raise TooOften(words)


def _row(channel: str, kind: str, to: str, body: str, dedupe: str, now: datetime, subject: str = "") -> Outgoing:
    return Outgoing(
        channel=channel,
        kind=kind,
        to=to,
        subject=subject[:200],
        body=body,
        dedupe=_key(dedupe),
        created_at=now,
        next_at=now,
    )


def _key(dedupe: str) -> str:
    """The key itself, or its digest when it is too long for the column."""
    return dedupe if len(dedupe) <= _DEDUPE_LENGTH else hashlib.sha256(dedupe.encode()).hexdigest()


# --- The inbox ------------------------------------------------------------------------------


def unread_count(user: Any) -> int:
    """Messages that the person has not opened (one query, none where `with_unread` brought it along)."""
    known = memo.known(("unread", user.pk), -1)
    return _unread(user).count() if known < 0 else known


def with_unread(rows: QuerySet[M], user: Any) -> list[M]:
    """The rows; on a page the number of unread messages, which its menu shows, comes along with them."""
    if not memo.is_page():
        return list(rows)
    counted = _unread(user).order_by().values("user").annotate(number=Count("pk")).values("number")
    found = list(rows.annotate(unread=Subquery(counted)))
    if found:
        memo.keep(("unread", user.pk), getattr(found[0], "unread", 0) or 0)
    return found


def _unread(user: Any) -> QuerySet[Message]:
    return Message.objects.filter(user=user, read_at=None, deleted_at=None)


def mark_read(user: Any, pks: Iterable[int] | None = None) -> int:
    """Mark some of the person's messages, or all, as read; returns how many were not."""
    unread = _unread(user)
    return (unread if pks is None else unread.filter(pk__in=pks)).update(read_at=timezone.now())


def delete(user: Any, pk: int) -> int:
    """Take a message out of the person's inbox; the row stays."""
    return Message.objects.filter(user=user, pk=pk, deleted_at=None).update(deleted_at=timezone.now())


# --- Sending --------------------------------------------------------------------------------


def send_pending(now: datetime, dry_run: bool = False) -> list[str]:
    """Sweep: send what waits. A row is claimed and committed before it goes out.

    A sender that is killed in between leaves a claimed row, which is tried again after its pause:
    at least once, with the same key for the gateway.
    """
    waiting = Outgoing.objects.filter(status=Outgoing.State.PENDING, next_at__lte=now)
    if dry_run:
        return [f"send {row.channel} {row.pk}" for row in waiting]
    return sweeps.each(_claim(now), _send)


@transaction.atomic
def _claim(now: datetime) -> list[int]:
    waiting = Outgoing.objects.filter(status=Outgoing.State.PENDING, next_at__lte=now).order_by("next_at", "pk")
    if connection.features.has_select_for_update_skip_locked:
        waiting = waiting.select_for_update(skip_locked=True)
    rows = list(waiting[:_BATCH])
    for row in rows:
        row.next_at = now + _PAUSE * 2**row.attempts
        row.attempts += 1
    Outgoing.objects.bulk_update(rows, ["next_at", "attempts"])
    return [row.pk for row in rows]


def _send(pk: int) -> str:
    row = Outgoing.objects.get(pk=pk)
    try:
        if row.channel == Outgoing.Channel.SMS:
            gateways.send_sms(row.to, row.body, key=row.dedupe)
        else:
            gateways.send_mail(row.to, row.subject, row.body, key=row.dedupe)
    except gateways.SendFailed as failure:
        return _failed(row, str(failure))
    Outgoing.objects.filter(pk=pk).update(status=Outgoing.State.SENT, sent_at=timezone.now(), error="")
    return f"sent {row.channel} {pk}"


def _failed(row: Outgoing, why: str) -> str:
    """Leave it for its next time, or give it up where the admin shows it."""
    given_up = row.attempts >= MAX_ATTEMPTS
    status = Outgoing.State.DROPPED if given_up else Outgoing.State.PENDING
    Outgoing.objects.filter(pk=row.pk).update(status=status, error=why[:200])
    logger.warning("outgoing %s, attempt %s: %s", row.pk, row.attempts, why)
    return f"{'dropped' if given_up else 'failed'} {row.channel} {row.pk}: {why}"
