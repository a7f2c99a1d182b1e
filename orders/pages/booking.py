"""What the booking pages show: the items, who orders, and what a voucher would cover."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from accounts.models import Organization, User
from innovation_voucher.casework.rules import ALLOWED, Answer
from innovation_voucher.casework.templatetags.portal import iso_day
from innovation_voucher.lib.money import format_yuan
from vouchers import prefill
from vouchers.answers import answered
from vouchers.phone_forms import Phones
from vouchers.policy import plain

from .. import rules
from ..forms.booking import OWN, PHONE, BookingForm
from ..forms.rows import PREFIX
from ..services import Booking, Line, cart_of, place_order, term_of
from ..services.booking import Item
from .items import find_item, item_of
from .schemes import Scheme, chosen_of, schemes_of

__all__ = ["BookingPage", "item_of", "lines_of"]


def lines_of(organization: Organization, number: str) -> tuple[Line, ...]:
    """One of the item of the address, or what lies in the cart of the carrier of the address; 404 for neither."""
    item = find_item(number)
    if item is not None:
        return (Line(item=item),)
    rows = [row for row in cart_of(organization) if row.item.carrier.number == number]
    if not rows:
        raise Http404
    return tuple(Line(item=row.item, quantity=row.quantity) for row in rows)


@dataclass
class BookingPage:
    """What is booked, for this organization."""

    request: HttpRequest
    organization: Organization
    number: str

    def __post_init__(self) -> None:
        self.lines = lines_of(self.organization, self.number)
        self.item: Item = self.lines[0].item
        self.from_cart = self.number == self.item.carrier.number
        self.allowed, self.reason = self._may()
        found = [(scheme, self._may(scheme)) for scheme in schemes_of(self.organization)]
        self.schemes: list[Scheme] = [scheme for scheme, (may, _reason) in found if may]
        reasons = [reason for _scheme, (_may, reason) in found if reason]
        self.no_voucher_reason = reasons[0] if reasons and not self.schemes else ""

    def _may(self, scheme: Scheme | None = None) -> Answer:
        """Whether every item can be booked, and paid for by the scheme; the first reason if not."""
        policy = scheme.policy if scheme else None
        answers = (
            rules.may_book(self.organization, line.item, with_voucher=scheme is not None, policy=policy)
            for line in self.lines
        )
        return next((answer for answer in answers if not answer[0]), ALLOWED)

    def form(self, data: Any = None, *, phones: Phones | None = None) -> BookingForm:
        """The form, prefilled with what the registration and the person's account say."""
        user = self.request.user
        phone = user.phone or "" if isinstance(user, User) else ""
        return BookingForm(
            data,
            phones=phones,
            schemes=[(scheme.programme.pk, scheme.label) for scheme in self.schemes],
            rows_of={scheme.key: scheme.policy.fields_of("order") for scheme in self.schemes},
            need_price=frozenset(scheme.key for scheme in self.schemes if scheme.holds_now and self.base(1) is None),
            counted=self.from_cart,
            initial={
                "contact_name": str(user),
                "contact_phone": phone.removeprefix("+86"),
                **self._prefilled(),
                "quantity": 1,
                "pay": self.schemes[0].key if self.schemes else OWN,
            },
        )

    def _prefilled(self) -> dict[str, Any]:
        """What the registration knows of the schemes' own rows."""
        known = prefill.known(self.organization, self.request.user)
        rows = (row for scheme in self.schemes for row in scheme.policy.fields_of("order") if row.prefill in known)
        return {f"{PREFIX}{row.key}": known[row.prefill] for row in rows}

    def chosen(self, form: BookingForm) -> Scheme | None:
        """The scheme that shall pay; None for a booking at the organization's own cost."""
        return chosen_of(self.schemes, form.cleaned_data["pay"])

    def booking(self, form: BookingForm) -> Booking:
        """What was asked, for the verb."""
        data = form.cleaned_data
        names = ("contact_name", "contact_phone", "wanted_on", "need", "amount")
        values = {name: data[name] for name in names}
        first = self.lines[0].quantity if self.from_cart else data["quantity"]
        return Booking(item=self.item, quantity=first, more=self.lines[1:], answers=form.answers, **values)

    def place(self, form: BookingForm, *, by: User) -> Any:
        """Hand it in; answers the order."""
        scheme = self.chosen(form)
        return place_order(
            organization=self.organization,
            programme=scheme.programme if scheme else None,
            booking=self.booking(form),
            by=by,
            by_phone=form.cleaned_data["agreed"] == PHONE,
        )

    @property
    def answer_words(self) -> str:
        """Within how long the carrier answers; schemes that differ are all named."""
        spans = [term_of(scheme.policy, "order_answer").words for scheme in self.schemes]
        return _("或").join(dict.fromkeys(spans or [term_of(None, "order_answer").words]))

    def base(self, quantity: int) -> Decimal | None:
        """Reference price of the whole order, yuan; None while a price is open."""
        if self.from_cart:
            known = [line.item.price * line.quantity for line in self.lines if line.item.price is not None]
            return sum(known, Decimal(0)) if len(known) == len(self.lines) else None
        return self.item.price * quantity if self.item.price is not None else None

    def panel(self, form: BookingForm) -> dict[str, Any]:
        """The live sum beside the form, on what is typed so far."""
        reference = self.base(typed(form, "quantity") or 1)
        price = typed(form, "amount")
        base = price if price is not None else reference
        scheme = chosen_of(self.schemes, str(form["pay"].value() or ""))
        rows = [(_("订单总金额（参考价）"), format_yuan(reference) if reference is not None else _("价格面议"), "")]
        if price is not None:
            rows.append((_("议定服务金额"), format_yuan(price), ""))
        if scheme is None:
            return {"rows": _labelled(rows), "words": ""}
        if scheme.available is not None:
            rows.append((_("创新券余额"), format_yuan(scheme.available), "sub"))
        if base is None:
            return {"rows": _labelled(rows), "words": scheme.words(None)}
        worth = scheme.worth(base)
        label = _("拟用创新券") if scheme.holds_now else _("预计用券")
        return {"rows": _labelled(rows), "sum_label": label, "total": worth.amount, "words": worth.words}

    def facts(self, form: BookingForm) -> Sequence[dict[str, Any]]:
        """What the check page repeats."""
        data, scheme = form.cleaned_data, self.chosen(form)
        reference = self.base(data.get("quantity") or 1)
        base = data["amount"] if data["amount"] is not None else reference
        rows = [
            (_("服务机构"), self.item.carrier.name),
            *((line.item.title, self._count(line, data.get("quantity"))) for line in self.lines),
            (_("单位名称"), self.organization.name),
            (_("经办人"), f"{data['contact_name']} {data['contact_phone']}"),
            (_("约定方式"), _("电话已约定") if data["agreed"] == PHONE else _("在线预约")),
            (_("期望完成时间"), iso_day(data["wanted_on"]) or _("没有要求")),
            (_("需求说明"), data["need"]),
            (_("订单总金额"), _("%s 元，参考价") % plain(reference) if reference is not None else _("价格面议")),
            (_("议定服务金额"), _("%s 元") % plain(data["amount"]) if data["amount"] is not None else ""),
            (_("是否使用创新券"), scheme.programme.name if scheme else _("不使用，自费预约")),
        ]
        if scheme:
            left = _("%s 元") % plain(scheme.available) if scheme.available is not None else ""
            rows.append((_("拟用创新券") if scheme.holds_now else _("预计用券"), scheme.words(base)))
            rows.append((_("创新券余额"), left))
        own = answered(scheme.policy.fields_of("order"), form.answers) if scheme else []
        return [{"label": label, "value": value} for label, value in rows if value] + own

    @staticmethod
    def _count(line: Line, typed: int | None) -> str:
        return f"{line.quantity if typed is None else typed} {line.item.unit}"


def _labelled(rows: Sequence[tuple[Any, Any, str]]) -> list[dict[str, Any]]:
    return [{"label": label, "value": value, "look": look} for label, value, look in rows]


def typed(form: BookingForm, name: str) -> Any:
    """A number as typed so far; None for what is no number, or not asked."""
    if name not in form.fields:
        return None
    try:
        return form.fields[name].clean(form[name].value())
    except ValidationError:
        return None
