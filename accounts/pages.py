"""What the pages of a verification show, gathered in one place."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from innovation_voucher.casework import audit, reviews, rights
from innovation_voucher.casework.models import Office, ReviewCase, ReviewTask

from . import answers
from .forms.verification import SectionForm
from .models import Organization, Verification
from .sections import Section, problems

RIGHT = "review_verification"


def office_of(organization: Organization) -> Office | None:
    """The office that accepts the organization's verification, the nearest one."""
    return rights.offices_with(RIGHT, organization.bureau).first()


def office_facts(organization: Organization) -> dict[str, Any]:
    """For pages before anything is handed in."""
    return {"organization": organization, "office": office_of(organization)}


# --- The list of tasks --------------------------------------------------------------------------


def task_list(verification: Verification) -> dict[str, Any]:
    """Sections with what is done and what is missing; the last row opens when all are done."""
    files = answers.files_by_key(verification)
    tasks = []
    for number, section in enumerate(answers.sections_of(verification), start=1):
        missing = problems(section, answers.values_of(verification, section), files)
        tasks.append(
            {
                "title": f"{number}. {section.title}",
                "url": reverse("ent-cert-section", args=[section.key]),
                "hint": section.hint,
                "done": not missing,
            }
        )
    done = sum(task["done"] for task in tasks)
    ready = done == len(tasks)
    tasks.append(_last_task(len(tasks), ready=ready))
    following = next((task for task in tasks if not task["done"]), tasks[-1])
    return {
        **office_facts(verification.organization),
        "verification": verification,
        "tasks": tasks,
        "done": done,
        "total": len(tasks) - 1,
        "following": following,
        "record": answers.record_of(verification.organization),
    }


def _last_task(before: int, *, ready: bool) -> dict[str, Any]:
    return {
        "title": _("%d. 检查并提交") % (before + 1),
        "url": reverse("ent-cert-check") if ready else "",
        "hint": "" if ready else _("前 %d 项完成后可提交") % before,
        "tag": "" if ready else _("暂不能开始"),
        "done": False,
    }


# --- One section --------------------------------------------------------------------------------


def section_by_key(verification: Verification, key: str) -> Section:
    """The section of the address; 404 for one that this kind of organization has not."""
    for section in answers.sections_of(verification):
        if section.key == key:
            return section
    raise Http404


def section_form(verification: Verification, section: Section, request: HttpRequest) -> SectionForm:
    """The section's form, bound to what was posted."""
    posted = request.method == "POST"
    return SectionForm(
        section,
        values=answers.values_of(verification, section),
        files=answers.files_by_key(verification),
        data=request.POST if posted else None,
        uploads=request.FILES if posted else None,
    )


def section_page(verification: Verification, section: Section) -> dict[str, Any]:
    """Which section of how many this is."""
    keys = [each.key for each in answers.sections_of(verification)]
    return {
        "verification": verification,
        "section": section,
        "number": keys.index(section.key) + 1,
        "total": len(keys),
    }


def following(verification: Verification, section: Section) -> Section | None:
    """The section after this one."""
    every = answers.sections_of(verification)
    return next(iter(every[every.index(section) + 1 :]), None)


# --- What was returned --------------------------------------------------------------------------


@dataclass(frozen=True)
class Pin:
    """A reviewer's words beside their field."""

    number: int
    target: str
    text: str
    by: str


def pins_of(subject: Model) -> dict[str, Pin]:
    """The newest return's items by target, numbered as in the letter (two queries)."""
    found: dict[str, Pin] = {}
    for target, items in reviews.returned_items(subject).items():
        words = "\n".join(item.words for item in items)
        found[target] = Pin(len(found) + 1, target, words, "")
    return found


def mend_forms(verification: Verification, request: HttpRequest | None = None) -> list[SectionForm]:
    """One form per section that has something to mend, holding only what was reopened."""
    open_keys, files, pins = answers.open_keys(verification), answers.files_by_key(verification), pins_of(verification)
    forms = []
    for section in answers.sections_of(verification):
        only = [question.key for question in section.questions if question.key in open_keys]
        if only:
            forms.append(
                SectionForm(
                    section,
                    values=answers.values_of(verification, section),
                    files=files,
                    only=only,
                    pins=pins,
                    data=request.POST if request else None,
                    uploads=request.FILES if request else None,
                )
            )
    return forms


def mending(verification: Verification, forms: list[SectionForm]) -> dict[str, Any]:
    """The notice with all items, the forms, and what need not be touched."""
    touched = {form.section.key for form in forms}
    names = {name: field.label for form in forms for name, field in form.fields.items()}
    pins = list(pins_of(verification).values())
    return {
        **state(verification),
        "forms": forms,
        "pins": pins,
        "items": [(f"id_{pin.target}" if pin.target in names else "main", pin.text) for pin in pins],
        "untouched": [s for s in answers.sections_of(verification) if s.key not in touched],
    }


# --- Check and state ----------------------------------------------------------------------------


def summaries(verification: Verification) -> list[dict[str, Any]]:
    """Every section with its answers, masked, for reading."""
    files: Mapping[str, Any] = answers.files_by_key(verification)
    return [
        {"section": section, "rows": answers.shown(verification, section, files)}
        for section in answers.sections_of(verification)
    ]


def check_page(verification: Verification) -> dict[str, Any]:
    """Summaries with links to change them, and who will decide."""
    return {
        **office_facts(verification.organization),
        "verification": verification,
        "summaries": summaries(verification),
        "gaps": answers.gaps(verification),
    }


def case_of(subject: Any) -> ReviewCase | None:
    """The newest case of something with a number, live or closed."""
    live = reviews.live_case(subject)
    if live:
        return live
    newest: ReviewCase | None = ReviewCase.objects.filter(number=subject.number).order_by("-id").first()
    return newest


def state(verification: Verification) -> dict[str, Any]:
    """A verification that is with the bureau or over: answers, history, promised day."""
    case = case_of(verification)
    waiting = case.tasks.filter(status=ReviewTask.State.OPEN).first() if case else None
    return {
        **office_facts(verification.organization),
        "verification": verification,
        "summaries": summaries(verification),
        "events": audit.timeline(verification),
        "case": case,
        "promised": waiting.due_on if waiting else None,
        "reason": last_reason(case),
    }


def last_reason(case: ReviewCase | None) -> str:
    """What the last reviewer wrote."""
    last = case.tasks.filter(status=ReviewTask.State.DONE).order_by("-decided_at").first() if case else None
    return last.reason if last else ""
