"""What a claim is made of by its rules and its class: fields, evidence, an amount, a stamped form."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from innovation_voucher.lib.money import yuan

from .models import Claim
from .models.parameters import Grant
from .policy import EvidenceSpec, FieldSpec, Policy, month_problem, revenue_problem
from .policy.classes import CERTIFICATE_MONTH
from .resolve import policy_of
from .rule_gaps import REVENUE

STAGE = "claim"
#: What a return names when it means the asked amount.
AMOUNT = "amount"


def rules_of(claim: Claim) -> Policy:
    """The rules of the claim; those of nobody for one that was taken over without any."""
    return policy_of(claim.snapshot) if claim.snapshot else Policy()


def fields_of(claim: Claim) -> tuple[FieldSpec, ...]:
    """The fields of its form."""
    return rules_of(claim).fields_of(STAGE, claim.class_key)


def evidence_of(claim: Claim) -> tuple[EvidenceSpec, ...]:
    """Its evidence rows, the stamped form among them where one is asked for."""
    return rules_of(claim).evidence_of(STAGE, claim.class_key)


def asks_amount(policy: Policy) -> bool:
    """Whether the applicant says how much; else it is all that the cap leaves."""
    return policy.grant != Grant.FULL_CAP


def problems_of(policy: Policy, class_key: str, answers: Mapping[str, Any], day: date) -> dict[str, str]:
    """What rules say against answers that were given, by the key of the field; empty = fine."""
    revenue = answers.get(REVENUE)
    said = {
        REVENUE: revenue_problem(policy, yuan(str(revenue))) if revenue not in (None, "") else "",
        CERTIFICATE_MONTH: month_problem(policy, class_key, answers, day),
    }
    return {key: words for key, words in said.items() if words}


def unanswered(policy: Policy, class_key: str, answers: Mapping[str, Any]) -> tuple[FieldSpec, ...]:
    """Required fields that have no answer yet."""
    rows = policy.fields_of(STAGE, class_key)
    return tuple(row for row in rows if row.required and answers.get(row.key) in (None, ""))


def missing_words(rows: tuple[FieldSpec, ...]) -> str:
    """The sentence that names what is still to be filled in."""
    names = "、".join(row.label for row in rows[:3]) + ("…" if len(rows) > 3 else "")
    return _("还有 %(n)d 项没有填写：%(names)s") % {"n": len(rows), "names": names}
