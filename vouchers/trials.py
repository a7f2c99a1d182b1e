"""试算: what rules that are still a draft would pay, and which limit decided."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from innovation_voucher.casework.models import Region

from .models import ProgrammeVersion
from .policy import Claimable, Policy, Subsidy, claimable, class_problem, subsidy
from .policy.amounts import ZERO
from .resolve import drafted

#: What decided an amount, as the page names it.
DECIDED: Mapping[str, Any] = {
    "tiers": _("补贴比例，没有碰到上限"),
    "reviewer": _("由审核人核定，这里是最多的数"),
    "min_contract": _("合同最低金额"),
    "cap_voucher": _("单券上限"),
    "cap_year": _("年度上限"),
    "remaining": _("可用额度"),
}


@dataclass(frozen=True)
class Trial:
    """The subsidy on an amount for one region and class, what could be claimed, and why not at all."""

    policy: Policy
    subsidy: Subsidy
    claim: Claimable
    problem: str

    @property
    def decided_by(self) -> str:
        return str(DECIDED[self.subsidy.decided_by])


def tried(
    version: ProgrammeVersion, *, amount: Decimal, region: Region, class_key: str = "", remaining: Decimal | None = None
) -> Trial:
    """Compute as a voucher of `amount` yuan would be, by this version and the newest local rules, drafts too.

    `remaining` is the quota that is left; without it only the limits of the rules count. `claim` is for
    somebody who has claimed nothing yet.
    """
    policy = drafted(version, region, class_key=class_key)
    return Trial(
        policy=policy,
        subsidy=subsidy(policy, amount, remaining=remaining),
        claim=claimable(policy, claimed=ZERO, available=ZERO),
        problem=class_problem(policy, {class_key}) if class_key else "",
    )
