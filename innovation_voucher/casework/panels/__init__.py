"""Experts at a step: seated by the office that owns it, they score, the owner sums up and decides.

Who may be an expert is known above; here sit people. Lock order: case, task, panel, seats.
"""

from .declaring import declare, recuse
from .ending import close_due, remind
from .forming import form_panel
from .rules import late, may_look, may_run, may_score, waits_for
from .scoring import save_sheet, submit_sheet
from .seats import release_seat, seat_more
from .summing import conclude, extend, score_again

__all__ = [
    "close_due",
    "conclude",
    "declare",
    "extend",
    "form_panel",
    "late",
    "may_look",
    "may_run",
    "may_score",
    "recuse",
    "release_seat",
    "remind",
    "save_sheet",
    "score_again",
    "seat_more",
    "submit_sheet",
    "waits_for",
]
