"""Experts are drawn for a step: by field, at random from a recorded seed, without those who are bound to the case."""

import random
import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import Organization, User
from carriers.models import Category
from innovation_voucher.casework import panels, rights
from innovation_voucher.casework.errors import Refused
from innovation_voucher.casework.models import Office, Panel, PanelSeat, ReviewCase, ReviewTask
from innovation_voucher.casework.panelrules import complete, parsed
from innovation_voucher.casework.panels.telling import Expert as Seated
from innovation_voucher.casework.subjects import subject_of

from ..models import Expert
from .register import declare_conflict


@dataclass(frozen=True)
class Candidates:
    """Who of the field may be drawn, in the order of their numbers, and how many are kept out."""

    free: list[Expert]
    bound: int


def sides_of(case: ReviewCase) -> list[Organization]:
    """The organizations of the case: those of everybody who is a party of its subject."""
    people = [person.pk for person in subject_of(case).parties(case.subject)]
    found = Organization.objects.filter(memberships__user__in=people, memberships__active=True)
    return list(found.distinct().order_by("pk"))


def candidates(case: ReviewCase, field: Category | None = None, *, panel: Panel | None = None) -> Candidates:
    """Active experts of the case's region and the field; out are those bound to a side, seated, or deciding."""
    rows = Expert.objects.filter(active=True, user__is_active=True, region__code__in=case.region.ancestor_codes)
    rows = rows.filter(fields=field) if field else rows.filter(fields__name=panel.field if panel else "")
    known = list(rows.select_related("user").distinct().order_by("number"))
    out = _bound(case, known) | _busy(case, panel)
    return Candidates([row for row in known if row.user_id not in out], sum(row.user_id in out for row in known))


def _bound(case: ReviewCase, experts: Iterable[Expert]) -> set[int]:
    """Users of those who work for a side, are its people, or have declared a tie to it."""
    sides = sides_of(case)
    names, codes = {side.name for side in sides}, {side.credit_code for side in sides if side.credit_code}
    rows = Expert.objects.filter(pk__in=[row.pk for row in experts])
    tied = rows.filter(
        Q(unit__in=names)
        | Q(unit_code__in=codes)
        | Q(conflicts__organization__in=sides)
        | Q(user__memberships__organization__in=sides)
    )
    return set(tied.values_list("user_id", flat=True))


def _busy(case: ReviewCase, panel: Panel | None) -> set[int]:
    """Users who decide on the case, keep away from it, sit or sat in the panel, or scored at another step."""
    decided = set(case.tasks.exclude(decided_by=None).values_list("decided_by_id", flat=True))
    for task in case.tasks.filter(status=ReviewTask.State.OPEN).select_related("step", "region"):
        decided.update(rights.holders(task.step.right, task.region).values_list("pk", flat=True))
    avoiding = set(case.interests.values_list("user_id", flat=True))
    seated = set(panel.seats.values_list("user_id", flat=True)) if panel else set()
    here = case.tasks.filter(status=ReviewTask.State.OPEN).values("step")
    elsewhere = PanelSeat.objects.filter(panel__case=case).exclude(panel__task__step__in=here)
    scored = set(elsewhere.exclude(status=PanelSeat.State.REPLACED).values_list("user_id", flat=True))
    return decided | avoiding | seated | scored


def drawn(free: list[Expert], count: int, seed: str) -> list[Expert]:
    """So many of them; the same seed over the same list draws the same."""
    if len(free) < count:
        words = _("这一领域可抽取的专家有 %(have)s 名，还需 %(n)s 名。换一个领域，或请专家库补充。")
        raise Refused(words % {"have": len(free), "n": count - len(free)}, "too_few")
    return random.Random(seed).sample(free, count)  # noqa: S311  repeated from its record, not guessed


def _record(found: Candidates, chosen: list[Expert], seed: str) -> dict[str, object]:
    return {
        "seed": seed,
        "from": [row.number for row in found.free],
        "kept_out": found.bound,
        "drawn": [row.number for row in chosen],
    }


def _seats(experts: Iterable[Expert]) -> list[Seated]:
    return [(row.user, row.number) for row in experts]


@transaction.atomic
def draw_panel(task: ReviewTask, field: Category, *, by: User, office: Office | None, seed: str = "") -> Panel:
    """Draw as many experts as the step asks for and seat them; Refused says how many are missing."""
    seed = seed or secrets.token_hex(8)
    found = candidates(task.case, field)
    chosen = drawn(found.free, parsed(complete(task.step.panel_rules)).size, seed)
    record = _record(found, chosen, seed)
    return panels.form_panel(task, _seats(chosen), by=by, office=office, field=field.name, seed=seed, drawn=record)


@transaction.atomic
def draw_more(panel: Panel, *, by: User, office: Office | None, count: int = 1) -> Panel:
    """Draw for the places that experts left, of the same field, with a seed of its own."""
    seed = secrets.token_hex(8)
    found = candidates(panel.case, panel=panel)
    chosen = drawn(found.free, count, seed)
    return panels.seat_more(panel, _seats(chosen), by=by, office=office, drawn=_record(found, chosen, seed))


@transaction.atomic
def replace_expert(seat: PanelSeat, *, by: User, office: Office | None, reason: str) -> Panel:
    """Let an expert go and draw another in the same transaction."""
    panels.release_seat(seat, by=by, office=office, reason=reason)
    return draw_more(seat.panel, by=by, office=office)


@transaction.atomic
def recuse_expert(seat: PanelSeat, *, by: User, reason: str) -> PanelSeat:
    """A declared conflict hides the case, and keeps the expert out of further ones of the same sides."""
    gone = panels.recuse(seat, by=by, reason=reason)
    for expert in Expert.objects.filter(user=by):
        for side in sides_of(gone.case):
            declare_conflict(expert, side, by=by, reason=reason)
    return gone
