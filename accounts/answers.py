"""Reading a verification: its answers, what is missing, what is open, and old against new."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from innovation_voucher.casework import attachments, reviews
from innovation_voucher.lib import uploads
from innovation_voucher.lib.identifiers import mask_account, mask_resident_id

from .models import EnterpriseRecord, Organization, User, Verification
from .sections import SECTIONS, Question, Section, problems, questions_of

FILE_RULE = uploads.Rule(formats=("jpg", "png", "pdf"), max_bytes=10 * 1024 * 1024)

#: Fields of the registry → the section where their answer stands.
_FROM_REGISTRY = {"name": "unit", "address": "unit", "nature": "unit", "founded_on": "unit", "legal_person": "people"}
_MASKS = {"resident_id": mask_resident_id, "account_number": mask_account}


def sections_of(verification: Verification) -> tuple[Section, ...]:
    """The sections that this kind of organization fills in."""
    return SECTIONS[verification.organization.kind]


def values_of(verification: Verification, section: Section) -> dict[str, str]:
    """Answers of a section as typed, secrets in the clear: for checking, never for a page."""
    values = dict(verification.answers.get(section.key, {}))
    for question in section.questions:
        if question.kind == "secret":
            values[question.key] = getattr(verification, question.key)
    return values


def gaps(verification: Verification) -> dict[str, str]:
    """Question key → what is still missing or wrong, over all sections (one query)."""
    found: dict[str, str] = {}
    files = files_by_key(verification)
    for section in sections_of(verification):
        found |= problems(section, values_of(verification, section), files)
    return found


def files_by_key(verification: Verification) -> dict[str, Any]:
    """The live file under each key, the newest one (one query)."""
    return {attachment.key: attachment for attachment in attachments.files(verification)}


def open_keys(verification: Verification) -> set[str]:
    """Questions that may change now: all in a draft, those that the bureau named in a return."""
    every = questions_of(verification.organization.kind)
    if verification.status == Verification.State.DRAFT:
        return set(every)
    if verification.status != Verification.State.RETURNED:
        return set()
    named = set(reviews.returned_items(verification))
    if "" in named:
        return set(every)
    whole = {q.key for section in sections_of(verification) if section.key in named for q in section.questions}
    return (named & set(every)) | whole


def prefilled(organization: Organization, by: User) -> dict[str, dict[str, str]]:
    """Answers of a first draft: everything known from the registration."""
    phone = (by.phone or "").removeprefix("+86")
    name = by.name if organization.kind == Organization.Kind.ENTREPRENEUR else organization.name
    return {
        "unit": {"name": name},
        "people": {"handler": by.name, "handler_phone": phone},
        "class": {"class": "any"},
        "account": {"holder": name},
    }


@dataclass(frozen=True)
class Shown:
    """One answer as a page may show it: secrets masked, choices in words; a file instead of a text."""

    key: str
    label: Any
    value: Any
    file: Any = None


def shown(verification: Verification, section: Section, files: Mapping[str, Any]) -> list[Shown]:
    """The answers of a section for a summary."""
    values = values_of(verification, section)
    return [
        Shown(
            question.key,
            question.label,
            shown_value(question, values.get(question.key, "")),
            attachments.card(files[question.key]) if question.key in files else None,
        )
        for question in section.questions
    ]


def shown_value(question: Question, text: str) -> Any:
    """The words of a choice, the mask of a secret, anything else as it is."""
    if question.kind == "secret":
        return _MASKS[question.key](text)
    return dict(question.choices).get(text, text)


# --- Old against new --------------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    """What the enterprise registry knows otherwise than the form."""

    field: str
    label: Any
    old: str
    new: str


def record_of(organization: Organization) -> EnterpriseRecord | None:
    """The organization's row in the imported registry."""
    return EnterpriseRecord.objects.filter(credit_code=organization.credit_code).first()


def autofill_diff(verification: Verification) -> list[Row]:
    """Facts of the registry that differ from the answers; empty when it knows nothing else."""
    record = record_of(verification.organization)
    if record is None:
        return []
    questions, open_now = questions_of(verification.organization.kind), open_keys(verification)
    rows = []
    for field, section in _FROM_REGISTRY.items():
        old, new = verification.answers.get(section, {}).get(field, ""), _text(getattr(record, field))
        if new and new != old and field in open_now:
            rows.append(Row(field, questions[field].label, old or str(_("未填写")), new))
    return rows


def section_for(verification: Verification, field: str) -> Section:
    """The section where an answer stands; LookupError for an unknown one."""
    return next(s for s in sections_of(verification) if field in {q.key for q in s.questions})


def _text(value: date | str | None) -> str:
    return value.isoformat() if isinstance(value, date) else value or ""
