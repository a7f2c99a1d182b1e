"""Triggers of our own: what was published stays as it was."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db.backends.base.base import BaseDatabaseWrapper

from innovation_voucher.casework.guards import Guard, Trigger

_WORDS = "published rules never change"


@dataclass(frozen=True)
class RowTrigger(Trigger):
    """A trigger with a condition that also lets a DELETE through when the condition fails."""

    def _postgresql(self) -> list[str]:
        return [statement.replace("RETURN NEW;", "RETURN COALESCE(NEW, OLD);") for statement in super()._postgresql()]


class Published(Guard):
    """A row whose column `published_at` is set can be neither changed nor removed."""

    def __init__(self, table: str) -> None:
        self.table = table

    def triggers(self, connection: BaseDatabaseWrapper) -> Iterator[Trigger]:
        for event in ("UPDATE", "DELETE"):
            name = f"published_{self.table}_{event.lower()}"
            yield RowTrigger(self.table, name, event, _WORDS, 'OLD."published_at" IS NOT NULL')


class RowsOfPublished(Guard):
    """Rows of a published parent can be neither added, changed nor removed."""

    def __init__(self, table: str, parent: str, column: str) -> None:
        self.table, self.parent, self.column = table, parent, column

    def triggers(self, connection: BaseDatabaseWrapper) -> Iterator[Trigger]:
        sides: dict[str, Sequence[str]] = {"INSERT": ("NEW",), "UPDATE": ("OLD", "NEW"), "DELETE": ("OLD",)}
        for event, rows in sides.items():
            condition = " OR ".join(self._published(row) for row in rows)
            yield RowTrigger(self.table, f"published_{self.table}_{event.lower()}", event, _WORDS, condition)

    def _published(self, row: str) -> str:
        return (
            f'EXISTS (SELECT 1 FROM "{self.parent}" WHERE "id" = {row}."{self.column}" AND "published_at" IS NOT NULL)'  # noqa: S608  names of our tables
        )
