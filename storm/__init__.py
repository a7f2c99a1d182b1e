"""The long proofs: contention, kills, hostile files. Run by `make storm`; SHORT=1 makes a small round of it."""

import os

SHORT = os.environ.get("SHORT") == "1"


def often(short: int, full: int) -> int:
    """How often to do something in this round."""
    return short if SHORT else full
