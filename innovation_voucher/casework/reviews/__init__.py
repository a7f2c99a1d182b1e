"""Review chains: one engine for everything that somebody must look at.

A case walks the steps of its chain; each step is a task for the people who hold the step's right
in its region. Lock order: the case before its tasks, both before any row of the subject.
"""

from .cases import RESUBMIT, expire, last_return, live_case, lock_case_of, open_case, resubmit, returned_items, withdraw
from .decisions import decide
from .locks import release, take
from .sharing import assign, colleagues, recuse

__all__ = [
    "RESUBMIT",
    "assign",
    "colleagues",
    "decide",
    "expire",
    "last_return",
    "live_case",
    "lock_case_of",
    "open_case",
    "recuse",
    "release",
    "resubmit",
    "returned_items",
    "take",
    "withdraw",
]
