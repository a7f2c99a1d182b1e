"""A queue as a table for a spreadsheet."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from .queues import Queue, rows

CSV_HEADS = (
    _("编号"),
    _("企业"),
    _("事项"),
    _("步骤"),
    _("金额（元）"),
    _("核对通过"),
    _("核对未通过"),
    _("第几次提交"),
    _("提交时间"),
    _("办理期限"),
    _("剩余时限"),
    _("办理人"),
)


def csv_rows(queue: Queue) -> Iterator[list[Any]]:
    """Every task of the filtered queue; amounts in yuan."""
    for row in rows(queue.tasks.iterator(), queue.subject, ""):
        task, case = row.task, row.task.case
        told = [case.number, case.applicant, case.title, task.step.name, case.amount]
        yield [*told, case.checks_good, case.checks_bad, case.round, case.submitted_at, task.due_on, row.due, row.who]
