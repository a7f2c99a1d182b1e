"""What the reviewer wants mended of a use, as the enterprise's pages show it."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.urls import reverse

from innovation_voucher.casework import reviews
from innovation_voucher.casework.models import ReturnItem

from .. import services
from ..forms.rows import PREFIX
from ..forms.use import UseForm
from ..models import Order


@dataclass(frozen=True)
class Mending:
    """The newest return of an order's use; everything is empty when nothing is returned."""

    order: Order

    @cached_property
    def asked(self) -> dict[str, list[ReturnItem]]:
        """The items by key of a fact, an answer or an evidence row; "" is the whole."""
        return services.asked_to_mend(self.order.voucher) if self.order.voucher else {}

    @cached_property
    def open_keys(self) -> frozenset[str] | None:
        """What may change; None = everything."""
        return services.open_keys(self.asked)

    @cached_property
    def due(self) -> date | None:
        """The last day to hand it in again."""
        case = reviews.live_case(self.order.voucher) if self.order.voucher else None
        return case.return_due if case else None

    def is_closed(self, key: str) -> bool:
        """Whether a fact or an evidence row stays as it was."""
        return self.open_keys is not None and key not in self.open_keys

    def pins(self, key: str) -> list[str]:
        """The reviewer's words about one key."""
        return [item.words for item in self.asked.get(key, ())]

    @cached_property
    def items(self) -> list[tuple[str, str]]:
        """The amber box: address of the place to mend, and the reviewer's words."""
        page = reverse("ent-use", args=[self.order.number])
        files = {row.key for row in services.evidence_rows(self.order)}
        return [(f"{page}#{_anchor(key, files)}", item.words) for key, pins in self.asked.items() for item in pins]


def _anchor(key: str, files: set[str]) -> str:
    """The id of the box that an item is about; the top of the form for none in particular."""
    if key in files:
        return "evidence"
    if key in UseForm.base_fields:
        return f"id_{key}"
    return f"id_{PREFIX}{key}" if key else "main"
