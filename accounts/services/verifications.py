"""Real-name verification: a draft kept with its mistakes, handed in, decided by the bureau."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, BinaryIO

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from innovation_voucher.casework import attachments, audit, numbers, reviews
from innovation_voucher.casework.errors import NotAllowed, Refused
from innovation_voucher.casework.messaging import notify
from innovation_voucher.casework.models import Attachment, Office
from innovation_voucher.casework.rules import require
from innovation_voucher.casework.subjects import Target, subject_for
from innovation_voucher.lib.crypto import blind_index

from .. import answers, rules
from ..models import Organization, User, Verification
from ..people import people_of
from ..sections import Section
from ..statuses import VERIFICATION
from .organizations import put_bank_account

CHAIN = "verification"
State = Verification.State


# --- The applicant --------------------------------------------------------------------------


@transaction.atomic
def start_verification(organization: Organization, *, by: User) -> Verification:
    """Open a draft, filled with the answers of the last verification if there was one."""
    organization = Organization.objects.select_for_update().get(pk=organization.pk)
    require(rules.may_act(by, organization), NotAllowed)
    require(rules.may_start(organization))
    last = organization.verifications.first()
    verification: Verification = Verification.objects.create(
        number=numbers.case_number("RZ"),
        organization=organization,
        answers=last.answers if last else answers.prefilled(organization, by),
        resident_id=last.resident_id if last else "",
        account_number=last.account_number if last else "",
    )
    _record("verification.started", verification, by=by)
    return verification


@transaction.atomic
def save_section(verification: Verification, section: Section, data: Mapping[str, str], *, by: User) -> Verification:
    """Keep what was typed for a section, right or wrong; only open questions change."""
    verification = _locked_for(verification, by)
    open_keys = answers.open_keys(verification)
    kept = dict(verification.answers.get(section.key, {}))
    for question in section.questions:
        if question.kind == "file" or question.key not in data or question.key not in open_keys:
            continue
        text = question.canonical(data[question.key])
        if question.kind != "secret":
            kept[question.key] = text
        elif text:
            # An empty box of a secret means "as it is": the page never shows it again.
            setattr(verification, question.key, text)
    verification.answers = {**verification.answers, section.key: kept}
    verification.save()
    return verification


@transaction.atomic
def save_file(verification: Verification, key: str, *, name: str, data: BinaryIO, by: User) -> Attachment:
    """Keep one file at once in place of the one before; raises Refused for a file that will not do."""
    verification = _locked_for(verification, by)
    if key not in answers.open_keys(verification):
        raise Refused(_("这一项不在补正范围内，不能更换"))
    old = attachments.files(verification, key)
    new = attachments.attach(verification, key, name=name, data=data, rule=answers.FILE_RULE, by=by)
    for attachment in old:
        attachments.remove(attachment, by=by)
    return new


@transaction.atomic
def submit_verification(verification: Verification, *, by: User) -> Verification:
    """Hand it to the bureau of the organization; the first time opens the case, later ones resume it."""
    reviews.lock_case_of(verification)
    verification = _locked_for(verification, by)
    gaps = answers.gaps(verification)
    if gaps:
        raise Refused(_("还有 %d 项没有填好，填好后再提交") % len(gaps), "gaps")
    _refuse_used_id(verification)
    again = verification.status == State.RETURNED
    verification.submit()
    verification.submitted_at = timezone.now()
    verification.save()
    checks = subject_for(verification).checks(verification)
    if again:
        reviews.resubmit(verification, by=by, checks=checks)
    else:
        _open_case(verification, by, checks)
    _record("verification.submitted", verification, by=by)
    return verification


@transaction.atomic
def withdraw_verification(verification: Verification, *, by: User) -> Verification:
    """Take it back before the bureau decides."""
    reviews.lock_case_of(verification)
    verification = _locked(verification)
    require(rules.may_act(by, verification.organization), NotAllowed)
    if verification.status not in (State.DRAFT, State.SUBMITTED, State.RETURNED):
        raise Refused(_("此件已办结，不能撤回"))
    if verification.status != State.DRAFT:
        reviews.withdraw(verification, by=by)
    verification.withdraw()
    verification.save(update_fields=("status",))
    _record("verification.withdrawn", verification, by=by)
    return verification


# --- The bureau, called by the chain ----------------------------------------------------------


def approve_verification(
    verification: Verification,
    /,
    *,
    by: User,
    office: Office,
    amount: Decimal | None = None,  # noqa: ARG001  the chain passes it to every subject
    reason: str = "",
) -> None:
    """The organization is who it says: its facts, its payee account and its ID index are taken over.

    Raises Refused when the ID number was approved for another account in the meantime.
    """
    verification = _locked(verification)
    organization = Organization.objects.select_for_update().get(pk=verification.organization_id)
    for old in organization.verifications.filter(status=State.APPROVED).select_for_update():
        old.supersede()
        old.save(update_fields=("status",))
        audit.record("verification.superseded", old, by=by, office=office, region=organization.bureau)
    verification.approve()
    _decide(verification, "verification.approved", by=by, office=office, reason=reason)
    _take_over(organization, verification)
    account = verification.answers.get("account", {})
    put_bank_account(
        organization,
        holder=account.get("holder", ""),
        bank=account.get("bank", ""),
        number=verification.account_number,
        by=by,
    )
    _tell(verification, _("实名认证已通过，可申领额度"))


def return_verification(
    verification: Verification, /, *, by: User, office: Office, items: Sequence[Target], due: date, reason: str = ""
) -> None:
    """Back to the applicant with everything to mend, until the day `due`."""
    verification = _locked(verification)
    verification.return_()
    _decide(verification, "verification.returned", by=by, office=office, reason=reason)
    day = {"n": len(items), "month": due.month, "day": due.day}
    _tell(verification, _("实名认证被退回：%(n)d 项需补正，%(month)d月%(day)d日前") % day, body=reason)


def reject_verification(verification: Verification, /, *, by: User, office: Office, reason: str) -> None:
    """The bureau refuses; the reason goes to the applicant."""
    verification = _locked(verification)
    verification.reject()
    _decide(verification, "verification.rejected", by=by, office=office, reason=reason)
    _tell(verification, _("实名认证未通过"), body=reason)


@transaction.atomic
def expire_verification(verification: Verification, /, *, act: str = "") -> None:  # noqa: ARG001  one deadline only
    """The clock: not mended in time. A new one starts with all answers copied."""
    reviews.lock_case_of(verification)
    verification = _locked(verification)
    if verification.status != State.RETURNED:
        return
    reviews.expire(verification)
    verification.expire()
    _decide(verification, "verification.expired", by=None, office=None, reason="")
    _tell(verification, _("实名认证补正期限已过，可重新发起"))


def remind_verification(verification: Verification, /, *, act: str = "") -> None:  # noqa: ARG001  one deadline only
    """The clock: the day until which to mend comes near."""
    case = reviews.live_case(verification)
    if case is None or case.return_due is None:
        return
    day = {"month": case.return_due.month, "day": case.return_due.day}
    notify(
        people_of(verification.organization),
        kind="verification",
        title=_("实名认证补正期限将到：%(month)d月%(day)d日前重新提交") % day,
        link=subject_for(verification).url(verification),
        sms=_("实名认证补正期限为%(month)d月%(day)d日，请按时重新提交") % day,
        dedupe=f"verification/{verification.pk}/remind/{case.round}",
    )


# --- Parts ------------------------------------------------------------------------------------


def _locked(verification: Verification) -> Verification:
    rows = Verification.objects.select_for_update(of=("self",)).select_related("organization__bureau")
    fresh: Verification = rows.get(pk=verification.pk)
    return fresh


def _locked_for(verification: Verification, by: User) -> Verification:
    """Locked, for a person who may act, while the answers are open."""
    verification = _locked(verification)
    require(rules.may_act(by, verification.organization), NotAllowed)
    require(rules.may_edit(verification))
    return verification


def _open_case(verification: Verification, by: User, checks: Sequence[Any]) -> None:
    organization = verification.organization
    reviews.open_case(
        verification,
        chain=CHAIN,
        number=verification.number,
        title=_("实名认证"),
        applicant=organization.name,
        region=organization.bureau,
        home=organization.bureau,
        by=by,
        checks=checks,
    )


def _refuse_used_id(verification: Verification) -> None:
    if not verification.resident_id:
        return
    used = Organization.objects.filter(resident_index=_index(verification)).exclude(pk=verification.organization_id)
    if used.exists():
        raise Refused(_("该身份证号已用于另一个账号的认证，如非本人办理，拨打服务热线"), "resident_id")


def _index(verification: Verification) -> str:
    return blind_index(verification.resident_id, "resident-id")


def _decide(verification: Verification, verb: str, *, by: User | None, office: Office | None, reason: str) -> None:
    verification.decided_at = timezone.now()
    # Only these: what was handed in is frozen, and a secret saved again is encrypted anew.
    verification.save(update_fields=("status", "decided_at"))
    audit.record(verb, verification, by=by, office=office, region=verification.organization.bureau, reason=reason)


def _record(verb: str, verification: Verification, *, by: User) -> None:
    audit.record(verb, verification, by=by, region=verification.organization.bureau)


def _take_over(organization: Organization, verification: Verification) -> None:
    """The checked facts become the organization's own."""
    unit = verification.answers.get("unit", {})
    organization.name = unit.get("name") or organization.name
    organization.address = unit.get("address", "")
    organization.nature = unit.get("nature", "")
    organization.founded_on = parse_date(unit.get("founded_on", ""))
    organization.legal_person = verification.answers.get("people", {}).get("legal_person", "")
    organization.resident_index = _index(verification) if verification.resident_id else None
    organization.verified_at = verification.decided_at
    try:
        with transaction.atomic():
            organization.save()
    except IntegrityError as error:
        raise Refused(_("该身份证号刚被另一个账号认证通过，请核对后不予通过或退回")) from error


def _tell(verification: Verification, title: str, *, body: str = "") -> None:
    notify(
        people_of(verification.organization),
        kind="verification",
        title=title,
        body=body,
        link=subject_for(verification).url(verification),
        sms=str(VERIFICATION[verification.status].sms),
        dedupe=f"verification/{verification.pk}/{verification.status}/{verification.decided_at:%Y%m%d%H%M%S%f}",
    )
