"""Lists that staff fill from sheets: who keeps them, and that a sheet comes in as a whole or not at all."""

from typing import Any, Protocol

from django.utils.translation import gettext as _

from . import rights
from .errors import Refused
from .models import Region
from .rules import Answer

#: The right of the staff who keep the lists of a region.
RIGHT = "manage_lists"


class Sheet(Protocol):
    """Rows that are right, and a sentence per row that is not."""

    @property
    def rows(self) -> Any: ...
    @property
    def problems(self) -> Any: ...


def may_keep(user: Any, region: Region, words: str) -> Answer:
    """Whether the person keeps the lists of the region; `words` say with `%(who)s` who does."""
    who = "、".join(office.name for office in rights.offices_with(RIGHT, region)[:3])
    return rights.holds(user, RIGHT, region), words % {"who": who or region.name}


def require_whole(sheet: Sheet, nobody: str) -> None:
    """Raises Refused when any row of the sheet is wrong, and with `nobody` when it holds none."""
    if sheet.problems:
        raise Refused(_("表格有 %d 行需要修改，改好后再导入；这次没有导入任何一行") % len(sheet.problems))
    if not sheet.rows:
        raise Refused(nobody)
