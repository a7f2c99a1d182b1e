"""What every workflow shares, one module a noun."""

from .audit import AuditRow
from .deadlines import CalendarDay, Deadline
from .desk import BulkRun, Interest, ReturnReason, SavedView
from .files import Attachment, AttachmentPage, AttachmentView
from .messages import Message, Outgoing
from .numbers import NumberRow, OneTimeToken
from .panels import Panel, PanelSeat
from .places import Office, Region, RegionGroupPermission, RegionUserPermission
from .reviews import Chain, ChainStep, ReturnItem, ReviewCase, ReviewTask, Walker
from .sheets import SheetImport
from .tokens import ApiToken

__all__ = [
    "ApiToken",
    "Attachment",
    "AttachmentPage",
    "AttachmentView",
    "AuditRow",
    "BulkRun",
    "CalendarDay",
    "Chain",
    "ChainStep",
    "Deadline",
    "Interest",
    "Message",
    "NumberRow",
    "Office",
    "OneTimeToken",
    "Outgoing",
    "Panel",
    "PanelSeat",
    "Region",
    "RegionGroupPermission",
    "RegionUserPermission",
    "ReturnItem",
    "ReturnReason",
    "ReviewCase",
    "ReviewTask",
    "SavedView",
    "SheetImport",
    "Walker",
]
