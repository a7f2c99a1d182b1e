"""What the desks know about a verification: the system's checks, who may see it, where it stands."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from innovation_voucher.casework import rights
from innovation_voucher.casework.models import Region
from innovation_voucher.casework.subjects import Check, Subject
from innovation_voucher.lib.identifiers import clean_resident_id, clean_uscc

from . import answers, services
from .models import Membership, Organization, User, Verification
from .people import people_of
from .rules import may_see_organization
from .sections import questions_of
from .services.verifications import remind_verification


def checks(verification: Verification) -> list[Check]:
    """What the system compares by itself before a person looks."""
    organization = verification.organization
    found = [_completeness(verification), _holder(verification)]
    if organization.kind == Organization.Kind.ENTREPRENEUR:
        return [_valid(_("身份证号校验位"), verification.resident_id, clean_resident_id, shown=""), *found]
    code = organization.credit_code or ""
    return [_valid(_("统一社会信用代码校验位"), code, clean_uscc, shown=code), _registry(verification), *found]


def _valid(rule: Any, text: str, clean: Any, *, shown: str) -> Check:
    try:
        clean(text)
    except ValueError as error:
        return Check(rule, _("正确"), str(error), ok=False)
    return Check(rule, _("正确"), shown or _("正确"), ok=True)


def _registry(verification: Verification) -> Check:
    record = answers.record_of(verification.organization)
    rule, name = _("单位名称与工商登记一致"), verification.answers.get("unit", {}).get("name", "")
    if record is None:
        return Check(rule, name, _("没有取到登记信息"), ok=None)
    return Check(rule, record.name, name, ok=record.name == name)


def _completeness(verification: Verification) -> Check:
    missing = answers.gaps(verification)
    labels = questions_of(verification.organization.kind)
    words = "、".join(str(labels[key].label) for key in missing)
    return Check(_("必填项和附件齐全"), _("齐全"), words or _("齐全"), ok=not missing)


def _holder(verification: Verification) -> Check:
    name = verification.answers.get("unit", {}).get("name", "")
    holder = verification.answers.get("account", {}).get("holder", "")
    return Check(_("户名与单位名称或姓名一致"), name, holder, ok=name == holder)


def may_see(user: User, verification: Verification) -> bool:
    """Members of the organization, and people with the right to review in its bureau's region."""
    organization = verification.organization
    if may_see_organization(user, organization):
        return True
    seers = ("review_verification", "view_cases")
    return verification.status != Verification.State.DRAFT and any(
        rights.holds(user, right, organization.bureau) for right in seers
    )


def region_of(verification: Verification) -> Region:
    """Where the case is accepted."""
    region: Region = verification.organization.bureau
    return region


def url_of(verification: Verification) -> str:
    """The applicant's own page of it."""
    return reverse("ent-cert-one", args=[verification.number])


def parties(verification: Verification) -> list[User]:
    """Everybody of the organization, readers too: none of them decides about it."""
    return people_of(verification.organization, roles=tuple(Membership.Role.values))


def targets_of(verification: Verification) -> list[tuple[str, Any]]:
    """Every field and file to which a return may be pinned."""
    return [(key, question.label) for key, question in questions_of(verification.organization.kind).items()]


def answers_of(verification: Verification) -> list[tuple[Any, Any]]:
    """Every answer as the facts show it, secrets masked; files stand for themselves."""
    parts = (answers.shown(verification, section, {}) for section in answers.sections_of(verification))
    files = {question.key for section in answers.sections_of(verification) for question in section.files}
    return [(row.label, row.value) for rows in parts for row in rows if row.key not in files]


SUBJECT = Subject(
    model=Verification,
    key="verification",
    label=_("实名认证"),
    approve=services.approve_verification,
    return_=services.return_verification,
    reject=services.reject_verification,
    may_see=may_see,
    facts_template="accounts/_verification_facts.html",
    checks=checks,
    parties=parties,
    targets=targets_of,
    answers=answers_of,
    region=region_of,
    url=url_of,
    expire=services.expire_verification,
    remind=remind_verification,
    withdraw=services.withdraw_verification,
    read_with=("organization__bureau", "organization__region"),
)
