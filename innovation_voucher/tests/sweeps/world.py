"""The demo world for a whole package of tests, and what a sweep asks of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.management import call_command
from django.db import connection, transaction
from django.test import override_settings
from django_fsm import FSMFieldMixin
from django_fsm.signals import post_transition

from accounts.models import Membership, Organization, User
from innovation_voucher.tests.cast import make_user, phone

BUSY, RIVAL = "chengguang", "hegu"
#: Members of the busy enterprise beside its owner, and an operator who was granted nothing.
STAFF = {"handler": "handler", "finance": "finance", "viewer": "viewer"}
#: Rows that reading may add: the session of the reader, who opened which file, a look at a code, a used-up token.
READING = {
    "sessions.Session",
    "casework.AttachmentView",
    "orders.Scan",
    "casework.AttachmentPage",
    "casework.OneTimeToken",
}


@dataclass(frozen=True)
class Move:
    """One transition that building the world made: the row, and the method that moved it."""

    label: str
    pk: int
    verb: str
    target: str


@dataclass(frozen=True)
class World:
    """The world as the command leaves it: what it printed and where its files are."""

    printed: str
    media: Path
    moves: tuple[Move, ...]


@contextmanager
def built(folder: Path) -> Iterator[World]:
    """The demo world in a transaction that is rolled back at the end."""
    printed, media = StringIO(), folder / "media"
    files = {"MEDIA_ROOT": media, "DEMO_ACCOUNTS_FILE": folder / "accounts.json"}
    with override_settings(**files), transaction.atomic():
        with _watched() as moves:
            call_command("demo", json=True, stdout=printed)
        _add_people()
        yield World(printed.getvalue(), media, tuple(moves))
        transaction.set_rollback(True)


@contextmanager
def _watched() -> Iterator[list[Move]]:
    """Every transition inside, in order."""
    moves: list[Move] = []

    def note(sender: Any, instance: Any, name: str, target: str, **_rest: Any) -> None:
        moves.append(Move(sender._meta.label, instance.pk, name, str(target)))

    post_transition.connect(note)
    yield moves
    post_transition.disconnect(note)


def _add_people() -> None:
    firm = Organization.objects.get(memberships__user__username=BUSY)
    for serial, (role, username) in enumerate(STAFF.items()):
        person = make_user(username=username, phone=phone(90_000_000 + serial))
        Membership.objects.create(organization=firm, user=person, role=role)
    make_user("平台", username="root", phone=phone(99_999_999), is_superuser=True, is_staff=True)


def user(username: str) -> User:
    """A person of the world by the name under which the command printed it."""
    return User.objects.get(username=username)


def state_fields() -> list[tuple[Any, Any]]:
    """Every model with a protected state, and the field."""
    return [
        (model, field)
        for model in apps.get_models()
        for field in model._meta.fields
        if isinstance(field, FSMFieldMixin)
    ]


def touched() -> int:
    """Rows that this transaction has written so far, what was taken back included: a cheap sign that nothing was."""
    ours = [model._meta.db_table for model in apps.get_models(include_auto_created=True) if _counts(model)]
    with connection.cursor() as cursor:
        sql = "SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_xact_user_tables WHERE relname = ANY(%s)"
        cursor.execute(sql, [ours])
        return int(cursor.fetchone()[0] or 0)


def _counts(model: Any, but: frozenset[str] = frozenset(READING)) -> bool:
    return model._meta.managed and model._meta.label not in but and not model._meta.proxy


def digest(*, but: frozenset[str] = frozenset(READING)) -> dict[str, tuple[int, str]]:
    """Rows of every model and a sum over the hashes of all their columns (one query): whatever changes, shows."""
    parts = []
    for model in apps.get_models(include_auto_created=True):
        label, table = model._meta.label, model._meta.db_table
        if _counts(model, but):
            hashed = "COALESCE(SUM(hashtextextended(t::text, 0)), 0)::text"
            parts.append(f"SELECT '{label}', count(*), {hashed} FROM \"{table}\" t")
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts))
        return {label: (rows, hashes) for label, rows, hashes in cursor.fetchall()}
