"""The demo's accounts on the sign-in page; real installations have none.

`manage.py demo` writes them into `settings.DEMO_ACCOUNTS_FILE` (var/demo_accounts.json).
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings


@dataclass(frozen=True)
class DemoAccount:
    """One row: who it is in a word, the account, the name on the page, and what to do with it."""

    role: str
    username: str
    name: str
    what: str = ""


def path() -> Path:
    """Where the rows are kept."""
    return Path(getattr(settings, "DEMO_ACCOUNTS_FILE", settings.VAR_DIR / "demo_accounts.json"))


def register(rows: Iterable[DemoAccount]) -> None:
    """Keep these rows in place of all before."""
    path().parent.mkdir(parents=True, exist_ok=True)
    path().write_text(json.dumps([asdict(row) for row in rows], ensure_ascii=False, indent=1), encoding="utf-8")


def rows() -> list[DemoAccount]:
    """What the sign-in page lists: nothing unless DEMO_MODE is on and the file is there."""
    if not settings.DEMO_MODE or not path().exists():
        return []
    return [DemoAccount(**row) for row in json.loads(path().read_text(encoding="utf-8"))]
