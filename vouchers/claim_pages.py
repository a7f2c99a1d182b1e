"""What the pages of one claim show, gathered in one place."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.pages import Pin, case_of, last_reason, pins_of
from innovation_voucher.casework import attachments, audit, rights
from innovation_voucher.casework.models import Office, ReviewCase, ReviewTask
from innovation_voucher.casework.templatetags.portal import yuan

from . import claim_rules
from .answers import answered
from .cases import targets_of
from .claim_specs import evidence_of, fields_of, rules_of
from .models import Claim
from .policy import EvidenceSpec, class_label
from .rule_gaps import STAMPED
from .services import open_keys
from .services.budgets import position_of

State = Claim.State


@dataclass(frozen=True)
class Turn:
    """Who decides about a claim, and until when."""

    office: Office | None
    due: date | None
    days: int


def turn_of(case: ReviewCase | None) -> Turn | None:
    """The open step of a case; None when nobody decides now (two queries)."""
    rows = case.tasks.filter(status=ReviewTask.State.OPEN).select_related("step", "region") if case else None
    task = rows.first() if rows is not None else None
    if task is None:
        return None
    offices = rights.offices_with(task.step.right, task.region).filter(kind=task.step.office_kind)
    return Turn(offices.first(), task.due_on, task.step.working_days)


def facts(claim: Claim) -> list[dict[str, Any]]:
    """The claim itself: amount, answers, where it was accepted, what came of it."""
    rows = [
        (_("方案"), claim.programme.name),
        (_("申领资格"), class_label(rules_of(claim), claim.class_key)),
        (_("受理地区"), claim.region.full_name),
        (_("申领金额"), _words(claim.asked)),
    ]
    if claim.granted is not None:
        label = _("到账金额") if claim.status in (State.APPROVED, State.REVOKED) else _("核定金额")
        rows.append((label, _words(claim.granted)))
    if claim.external_number:
        rows.append((_("外部编号"), claim.external_number))
    if claim.external_on:
        rows.append((_("外部核定日期"), claim.external_on.isoformat()))
    if claim.account is not None:
        rows.append((_("券账户号"), claim.account.number))
        rows.append((_("有效期至"), claim.account.valid_until.isoformat()))
    return [{"label": label, "value": value} for label, value in rows if value] + _answers(claim)


def _words(amount: Any) -> str:
    return _("%s 元") % yuan(amount)


def _answers(claim: Claim) -> list[dict[str, Any]]:
    return answered(fields_of(claim), claim.answers)


def page_of(claim: Claim) -> dict[str, Any]:
    """One claim: what was asked, whose turn it is, what is to mend, what happened."""
    case = case_of(claim) if claim.status != State.DRAFT else None
    events = audit.timeline(claim)
    pins = pins_of(claim) if claim.status == State.RETURNED else {}
    return {
        "claim": claim,
        "rows": facts(claim),
        "events": events,
        "case": case,
        "turn_of": turn_of(case) if claim.status == State.SUBMITTED else None,
        "items": [("mend", pin.text) for pin in pins.values()],
        "reason": _reason(claim, case, events[0].detail if events else ""),
        "position": position_of(claim) if claim.status == State.WAITLISTED else None,
        "may_withdraw": claim_rules.may_withdraw(claim)[0],
        "crumbs": crumbs(claim.number),
    }


def _reason(claim: Claim, case: ReviewCase | None, newest: str) -> str:
    """Why it ended, or what the bureau said when it granted less."""
    return newest if claim.status in (State.LAPSED, State.REVOKED) else last_reason(case)


def crumbs(last: str) -> list[tuple[str, str]]:
    """The way back from a page below the quota."""
    return [(_("额度申领"), reverse("ent-quota")), (last, "")]


# --- Writing and checking -----------------------------------------------------------------------


def mend_notice(claim: Claim, pins: dict[str, Pin], *, fields: set[str]) -> dict[str, Any]:
    """The amber box with everything to mend; each item leads to its field where this page has it."""
    case = case_of(claim)
    items = [(f"id_{pin.target}" if pin.target in fields else "main", pin.text) for pin in pins.values()]
    return {"items": items, "case": case, "reason": last_reason(case)}


def check_rows(claim: Claim) -> list[dict[str, Any]]:
    """The summary with a link to change what is open."""
    open_now = open_keys(claim)
    labels = {label: key for key, label in targets_of(claim)}
    edit = reverse("ent-claim-edit", args=[claim.number])
    return [{**row, "change_url": edit if labels.get(row["label"]) in open_now else ""} for row in facts(claim)]


def evidence_boxes(claim: Claim, form: Any) -> list[dict[str, Any]]:
    """One box per evidence row of the claim: what is there, and the field for more where it is open."""
    files = attachments.files(claim) if form.rows else []
    return [
        {
            "row": row,
            "field": form[row.key] if row.key in form.fields else None,
            "files": [{"card": attachments.card(file), "token": file.token} for file in files if file.key == row.key],
        }
        for row in form.rows
    ]


def evidence_shown(claim: Claim) -> tuple[EvidenceSpec, ...]:
    """The evidence rows of the check page; the stamped form comes later, but is shown when it is to be mended."""
    open_now = open_keys(claim)
    return tuple(row for row in evidence_of(claim) if row.key != STAMPED or row.key in open_now)


def stamps_next(claim: Claim) -> bool:
    """Whether handing in leads to a form that is printed and stamped."""
    return bool(rules_of(claim).stamped_form and (claim.status == State.DRAFT or open_fields(claim)))


def open_fields(claim: Claim) -> set[str]:
    """Amount and fields that may change now; evidence is given on the next page."""
    return open_keys(claim) - {row.key for row in evidence_of(claim)}
