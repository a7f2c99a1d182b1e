"""What each open scheme would pay for an order, and what is left of its quota."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from accounts.models import Organization
from innovation_voucher.casework import calendar
from vouchers import services as vouchers
from vouchers.models import Programme
from vouchers.policy import Policy, Subsidy, plain, subsidy
from vouchers.resolve import policy_of, programme_for, snapshot

from ..roads import asked_with_order


@dataclass(frozen=True)
class Scheme:
    """A scheme that may pay for the item: its policy, and what is left of the quota in yuan, None = no limit."""

    programme: Programme
    policy: Policy
    available: Decimal | None

    @property
    def key(self) -> str:
        return str(self.programme.pk)

    @property
    def label(self) -> str:
        if self.available is None:
            return _("使用%(name)s") % {"name": self.programme.name}
        return _("使用%(name)s（可用额度 %(left)s 元）") % {"name": self.programme.name, "left": plain(self.available)}

    @property
    def holds_now(self) -> bool:
        """Whether the voucher is asked for with the order."""
        return asked_with_order(self.policy)

    def worth(self, base: Decimal) -> Subsidy:
        """What a voucher on `base` yuan is worth today."""
        return subsidy(self.policy, base, remaining=self.available)

    def words(self, base: Decimal | None) -> str:
        """The estimate in words."""
        if base is None:
            return _("价格面议，机构确认价格后计算。")
        return _("预计：%(words)s") % {"words": self.worth(base).words}


def schemes_of(organization: Organization) -> list[Scheme]:
    """The open schemes in which the organization takes part."""
    found = []
    for programme in programme_for(organization):
        policy = policy_of(snapshot(programme, organization.region))
        left = vouchers.quota_left(organization, programme, policy, day=calendar.today())
        found.append(Scheme(programme, policy, left))
    return found


def chosen_of(schemes: list[Scheme], key: str) -> Scheme | None:
    """The scheme of that key; None for the choice of paying oneself."""
    return next((scheme for scheme in schemes if scheme.key == key), None)
