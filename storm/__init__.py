"""The long proofs: contention, kills, hostile files. Run by `make storm`; SHORT=1 makes a small round of it."""

import os
from typing import TypeVar

SHORT = os.environ.get("SHORT") == "1"

T = TypeVar("T")


def often(short: T, full: T) -> T:
    """How often, or how much, in this round."""
    return short if SHORT else full
