"""What an act may leave behind: audit rows, messages, money, states. Compared before and after."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pytest

from innovation_voucher.casework.errors import Refused
from innovation_voucher.casework.models import Attachment, AuditRow, Deadline, Message, Outgoing
from orders.models import Order, OrderMessage, ServiceRecord, ServiceReview
from vouchers.models import LedgerEntry, QuotaAccount, Voucher

#: Everything that a verb of orders may write, row by row.
WATCHED: tuple[Any, ...] = (
    Order,
    OrderMessage,
    ServiceRecord,
    ServiceReview,
    Voucher,
    QuotaAccount,
    LedgerEntry,
    Attachment,
    AuditRow,
    Deadline,
    Message,
    Outgoing,
)


def everything() -> dict[str, list[dict[str, Any]]]:
    """All rows of all watched tables, to be compared as a whole."""
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in WATCHED}


@contextmanager
def nothing_changes() -> Iterator[None]:
    """The block leaves every watched row as it was."""
    before = everything()
    yield
    assert everything() == before


def refused(act: Callable[[], object], match: str | None = None, kind: type[Refused] = Refused) -> None:
    """The act is refused and has changed nothing."""
    with nothing_changes(), pytest.raises(kind, match=match):
        act()


@dataclass
class Left:
    """What an act has added: verbs of audit rows; kind and side of messages; movements of quota in yuan."""

    verbs: list[str] = field(default_factory=list)
    told: set[tuple[str, str]] = field(default_factory=set)
    entries: list[tuple[str, Decimal]] = field(default_factory=list)


@contextmanager
def what_is_left() -> Iterator[Left]:
    """Collects what the block adds to the record, the inboxes and the ledger."""
    left = Left()
    rows, mail, entries = (_last(model) for model in (AuditRow, Message, LedgerEntry))
    yield left
    left.verbs += AuditRow.objects.filter(pk__gt=rows).order_by("pk").values_list("verb", flat=True)
    left.told |= set(Message.objects.filter(pk__gt=mail).values_list("kind", "user__memberships__organization__kind"))
    left.entries += LedgerEntry.objects.filter(pk__gt=entries).order_by("pk").values_list("kind", "amount")


def _last(model: Any) -> int:
    newest = model.objects.order_by("-pk").values_list("pk", flat=True).first()
    return int(newest or 0)
