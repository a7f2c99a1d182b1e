"""What the booking pages show: the item, and what each scheme would pay."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from accounts.models import Organization, User
from carriers.models import Instrument, Service
from innovation_voucher.casework import calendar
from innovation_voucher.casework.rules import Answer
from innovation_voucher.casework.templatetags.portal import iso_day
from vouchers import services as vouchers
from vouchers.answers import answered
from vouchers.models import Programme
from vouchers.policy import Policy, plain, subsidy
from vouchers.resolve import policy_of, programme_for, snapshot

from .. import rules
from ..forms.booking import OWN, BookingForm
from ..services import Booking, term_of

Item = Service | Instrument


def item_of(number: str) -> Item:
    """The service or instrument of the address; 404 when there is none."""
    if not number.isprintable():
        # A null character would be an error of the database.
        raise Http404
    models: tuple[type[Item], ...] = (Service, Instrument)
    for model in models:
        found: Item | None = (
            model.objects.select_related("carrier__organization", "category").filter(number=number).first()
        )
        if found is not None:
            return found
    raise Http404


@dataclass(frozen=True)
class Scheme:
    """A scheme that may pay for the item: its policy, what is left (None = no limit), and the estimate in words."""

    programme: Programme
    policy: Policy
    available: Decimal | None
    words: str

    @property
    def label(self) -> str:
        if self.available is None:
            return _("使用%(name)s") % {"name": self.programme.name}
        return _("使用%(name)s（可用额度 %(left)s 元）") % {"name": self.programme.name, "left": plain(self.available)}


def schemes_of(organization: Organization, base: Decimal | None) -> list[Scheme]:
    """The open schemes in which the organization takes part; `base` yuan is what is estimated on."""
    found = []
    for programme in programme_for(organization):
        policy = policy_of(snapshot(programme, organization.region))
        left = vouchers.quota_left(organization, programme, policy, day=calendar.today())
        found.append(Scheme(programme, policy, left, _estimate(policy, base, left)))
    return found


def _estimate(policy: Policy, base: Decimal | None, left: Decimal | None) -> str:
    if base is None:
        return _("价格面议，机构确认价格后计算。")
    return _("按参考价预计：%(words)s") % {"words": subsidy(policy, base, remaining=left).words}


@dataclass
class BookingPage:
    """The item for this organization."""

    request: HttpRequest
    organization: Organization
    item: Item

    def __post_init__(self) -> None:
        answer = rules.may_book(self.organization, self.item, with_voucher=False)
        self.allowed, self.reason = answer
        found = [(scheme, self._answer(scheme)) for scheme in schemes_of(self.organization, self.item.price)]
        self.schemes = [scheme for scheme, (may, _reason) in found if may]
        reasons = [reason for _scheme, (_may, reason) in found if reason]
        self.no_voucher_reason = reasons[0] if reasons and not self.schemes else ""

    def _answer(self, scheme: Scheme) -> Answer:
        """Whether the scheme pays for the item, and if not, why."""
        return rules.may_book(self.organization, self.item, with_voucher=True, policy=scheme.policy)

    def form(self, data: Any = None) -> BookingForm:
        """The form, prefilled with the person's name and phone."""
        user = self.request.user
        phone = user.phone or "" if isinstance(user, User) else ""
        return BookingForm(
            data,
            schemes=[(scheme.programme.pk, scheme.label) for scheme in self.schemes],
            rows_of={str(scheme.programme.pk): scheme.policy.fields_of("order") for scheme in self.schemes},
            initial={
                "contact_name": str(user),
                "contact_phone": phone.removeprefix("+86"),
                "quantity": 1,
                "pay": str(self.schemes[0].programme.pk) if self.schemes else OWN,
            },
        )

    def chosen(self, form: BookingForm) -> Scheme | None:
        """The scheme that shall pay; None for a booking at the organization's own cost."""
        return next((s for s in self.schemes if str(s.programme.pk) == form.cleaned_data["pay"]), None)

    def booking(self, form: BookingForm) -> Booking:
        """What was asked, for the verb."""
        data = form.cleaned_data
        names = ("contact_name", "contact_phone", "quantity", "wanted_on", "need")
        return Booking(item=self.item, answers=form.answers, **{name: data[name] for name in names})

    @property
    def answer_words(self) -> str:
        """Within how long the carrier answers; schemes that differ are all named."""
        spans = [term_of(scheme.policy, "order_answer").words for scheme in self.schemes]
        return _("或").join(dict.fromkeys(spans or [term_of(None, "order_answer").words]))

    def base(self, quantity: int) -> Decimal | None:
        """Reference price of the whole quantity, yuan."""
        return self.item.price * quantity if self.item.price is not None else None

    def facts(self, form: BookingForm) -> Sequence[dict[str, Any]]:
        """What the check page repeats."""
        data, scheme = form.cleaned_data, self.chosen(form)
        base = self.base(data["quantity"])
        rows = [
            (_("服务"), self.item.title),
            (_("服务机构"), self.item.carrier.name),
            (_("经办人"), f"{data['contact_name']} {data['contact_phone']}"),
            (_("数量"), f"{data['quantity']} {self.item.unit}"),
            (_("期望完成时间"), iso_day(data["wanted_on"]) or _("没有要求")),
            (_("需求说明"), data["need"]),
            (_("参考价"), _("%s 元，以机构确认为准") % plain(base) if base is not None else _("价格面议")),
            (_("是否使用创新券"), scheme.programme.name if scheme else _("不使用，自费预约")),
        ]
        if scheme:
            rows.append((_("预计用券"), _estimate(scheme.policy, base, scheme.available)))
        own = answered(scheme.policy.fields_of("order"), form.answers) if scheme else []
        return [{"label": label, "value": value} for label, value in rows] + own
