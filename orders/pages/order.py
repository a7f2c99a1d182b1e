"""One order as either side sees it: the turn, the one next act, steps, amounts, files, talk."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from innovation_voucher.casework import audit, deadlines
from innovation_voucher.casework.models import Attachment
from innovation_voucher.casework.statuses import Status
from innovation_voucher.casework.templatetags.portal import iso_day, yuan
from vouchers.answers import answered
from vouchers.forms import evidence_hint
from vouchers.models import Voucher
from vouchers.policy import EvidenceSpec

from .. import review_rules, rules, services
from ..models import Order, OrderMessage, Quote
from ..roads import asks_contract, comes_with_order, policy_for
from ..services.delivery import RESULT
from ..statuses import shown, step_of
from . import files as files_of
from .mend import Mending
from .next_act import NextAct, next_act

#: Rows of the voucher's own record that the order's record says already.
_SAID = frozenset(
    {"voucher.requested", "voucher.issued", "voucher.confirmed", "voucher.returned_by_carrier", "voucher.reprinted"}
)


@dataclass(frozen=True)
class OrderPage:
    """`side` is enterprise or carrier; everything is asked for once, when the template needs it."""

    order: Order
    side: str
    user: Any

    @property
    def is_enterprise(self) -> bool:
        return self.side == "enterprise"

    @cached_property
    def files(self) -> list[Attachment]:
        return files_of.order_files(self.order)

    @cached_property
    def has_contract(self) -> bool:
        return any(file.key == services.CONTRACT for file in self.files)

    @cached_property
    def quote(self) -> Quote | None:
        """The quote that waits for the enterprise."""
        return services.open_quote(self.order) if self.order.status == Order.State.PLACED else None

    @cached_property
    def status(self) -> Status:
        return shown(self.order, has_contract=self.has_contract, quoted=self.quote is not None)

    @cached_property
    def due(self) -> Any:
        """The next due day; None when nothing is awaited."""
        if self.mend:
            return self.mend.due
        deadline = deadlines.due(self.order)
        return deadline.due_on if deadline else None

    @cached_property
    def mend(self) -> Mending | None:
        """What the bureau returned, for the enterprise's eyes."""
        returned = self.status.code == "awaiting_mend"
        return Mending(self.order) if returned and self.is_enterprise else None

    @cached_property
    def review(self) -> Any:
        return review_rules.review_of(self.order)

    @cached_property
    def next(self) -> NextAct:
        rated = self.review is not None and not self.review.by_system
        return next_act(self.order, self.status, side=self.side, rated=rated)

    @property
    def next_up(self) -> dict[str, Any] | None:
        """The dashed head of the timeline."""
        if self.next.tone == "act":
            return {"title": self.next.what, "note": ""}
        return None

    @property
    def steps(self) -> tuple[Any, ...]:
        return step_of(self.order, self.status.code, reviewed=False)[0]

    @property
    def step(self) -> int:
        return step_of(self.order, self.status.code, reviewed=self.review is not None)[1]

    @property
    def sides(self) -> list[dict[str, Any]]:
        order = self.order
        contact = _("经办人 %(name)s · %(phone)s")
        ours = contact % {"name": order.contact_name, "phone": order.contact_phone}
        carrier = order.carrier
        theirs = _("联系人 %(name)s · %(phone)s") % {"name": carrier.contact_name, "phone": carrier.contact_phone}
        return [
            {"role": _("企业"), "name": order.organization.name, "contact": ours, "you": self.is_enterprise},
            {"role": _("服务机构"), "name": carrier.name, "contact": theirs, "you": not self.is_enterprise},
        ]

    @property
    def events(self) -> list[audit.TimelineEntry]:
        """Everything that happened to the order, its quotes, its voucher and what was said, newest first."""
        about = [self.order, *([self.order.voucher] if self.order.voucher else [])]
        acts = [event for event in audit.timeline(*about) if event.verb not in _SAID]
        said = [
            audit.TimelineEntry(at=row.at, who=str(row.author), title=_("留言"), detail=row.text, verb="order.message")
            for row in self._messages
        ]
        return sorted([*acts, *said], key=lambda event: event.at, reverse=True)

    @cached_property
    def _messages(self) -> list[OrderMessage]:
        return list(self.order.messages.select_related("author").order_by("id"))

    @property
    def talk(self) -> list[dict[str, Any]]:
        mine = not self.is_enterprise
        return [
            {"by": row.author, "at": row.at, "text": row.text, "mine": row.from_carrier == mine}
            for row in self._messages
        ]

    @property
    def lines(self) -> list[Any]:
        """The items of an order of several; such an order has no unit of its own."""
        return [] if self.order.unit else list(self.order.lines.all())

    @property
    def relatives(self) -> list[dict[str, str]]:
        """The order on which this one hangs, or the difference orders that hang on it."""
        address = "ent-order" if self.is_enterprise else "carrier-booking"
        found = [(_("原订单"), self.order.parent)] if self.order.parent else []
        if not found and rules.takes_differences(self.order):
            found = [(_("差价订单"), extra) for extra in self.order.differences.order_by("id")]
        return [
            {"label": label, "number": order.number, "url": reverse(address, args=[order.number])}
            for label, order in found
        ]

    # --- The right column -----------------------------------------------------------------------

    @property
    def amounts(self) -> dict[str, Any]:
        """Rows of the amounts card, and the formula in words."""
        order, voucher = self.order, self.order.voucher
        base = voucher.contract_amount if voucher else order.agreed_amount
        part = voucher.amount if voucher else order.planned_amount
        rows = [
            (_("参考价"), order.reference_price, ""),
            (_("议定金额"), order.agreed_amount, ""),
            (_("机构报价"), self.quote.amount if self.quote else None, ""),
            (
                _("下单金额") if comes_with_order(order) else _("合同金额"),
                voucher.contract_amount if voucher else None,
                "",
            ),
            (self._part_label(voucher), part, "sub"),
            (_("企业自付"), base - part if base is not None and part is not None else None, ""),
        ]
        known = [
            {"label": label, "value": yuan(worth), "look": look} for label, worth, look in rows if worth is not None
        ]
        return {"rows": known, "words": self._formula()}

    @staticmethod
    def _part_label(voucher: Voucher | None) -> str:
        if voucher is None:
            return _("预计用券")
        return _("申请券额") if voucher.status in ("requested", "returned") else _("券额")

    def _formula(self) -> str:
        order = self.order
        if order.voucher is not None:
            return str(order.voucher.formula.get("words", ""))
        base = order.agreed_amount or order.reference_price
        policy = services.order_policy(order)
        if policy is None or base is None or order.programme is None or not self.is_enterprise:
            return ""
        return _("%(words)s，以合同金额为准。") % {
            "words": services.expected(order.organization, order.programme, policy, base).words
        }

    @property
    def facts(self) -> list[dict[str, Any]]:
        order = self.order
        rows = [
            (_("类别"), order.category_name),
            (_("数量"), f"{order.quantity} {order.unit}"),
            (_("渠道"), order.get_channel_display()),
            (_("期望完成"), iso_day(order.wanted_on)),
            (_("交付时间"), iso_day(order.promised_on)),
            (_("方案"), order.programme.name if order.programme else _("不使用创新券")),
            (_("创新券状态"), order.voucher.get_status_display() if order.voucher else ""),
            (_("由谁兑付"), order.voucher.get_redeemer_display() if order.voucher else ""),
        ]
        said = answered(policy.fields_of("order"), order.answers) if (policy := policy_for(order)) else []
        return [{"label": label, "value": value} for label, value in rows if value] + said

    @property
    def wants_contract(self) -> bool:
        """Whether a contract is to be shown and none is there."""
        return not self.has_contract and asks_contract(policy_for(self.order))

    @property
    def may_upload(self) -> bool:
        asked = self.is_enterprise and self.contract_row is not None
        return asked and rules.may_upload_contract(self.user, self.order)[0]

    @property
    def has_template(self) -> bool:
        return self.order.accepted_at is not None

    @cached_property
    def contract_row(self) -> EvidenceSpec | None:
        """What the contract must be; None where none is looked at."""
        return next((row for row in services.evidence_rows(self.order) if row.key == services.CONTRACT), None)

    @property
    def contract_hint(self) -> str:
        return evidence_hint(self.contract_row) if self.contract_row else ""

    @property
    def shown_files(self) -> list[dict[str, Any]]:
        """Contract and evidence; what may be taken back has a link for it."""
        may = self.may_upload
        address = "ent-order-file-remove"
        return [
            files_of.shown(
                file,
                remove_url=reverse(address, args=[self.order.number, file.token]) if may and file.key != RESULT else "",
            )
            for file in self.files
        ]

    @property
    def records(self) -> Any:
        return self.order.records.select_related("recorded_by")

    @property
    def voucher(self) -> Voucher | None:
        return self.order.voucher

    @property
    def difference_url(self) -> str:
        """Where the enterprise adds a difference order; empty where none is needed or possible."""
        may = self.is_enterprise and rules.may_add_difference(self.user, self.order)[0]
        return reverse("ent-order-difference", args=[self.order.number]) if may else ""

    @property
    def needs_contract(self) -> bool:
        """Whether the contract is given with the order: not where it is handed in with the redemption."""
        return bool(self.files) or not (self.order.voucher and comes_with_order(self.order))

    @property
    def end_link(self) -> tuple[str, str] | None:
        """The quiet link at the end: take it back, or do not take it on."""
        if self.is_enterprise and rules.may_cancel(self.user, self.order)[0]:
            return reverse("ent-order-cancel", args=[self.order.number]), _("取消订单")
        if not self.is_enterprise and rules.may_decline(self.user, self.order)[0]:
            return reverse("carrier-booking-decline", args=[self.order.number]), _("不再承接此单")
        return None
