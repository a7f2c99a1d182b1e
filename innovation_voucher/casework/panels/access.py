"""What an expert may open: the evidence of the cases in which they sit."""

from typing import Any

from ..models import Attachment, PanelSeat
from ..subjects import subject_of

_READING = (PanelSeat.State.DECLARED, PanelSeat.State.SUBMITTED)


def reads(user: Any, attachment: Attachment) -> bool:
    """Whether the file is evidence of a case that the person scores or has scored."""
    seats = PanelSeat.objects.filter(user=user.pk, status__in=_READING, panel__task__status="open")
    return any(_is_evidence(seat, attachment) for seat in seats.select_related("panel__case"))


def _is_evidence(seat: PanelSeat, attachment: Attachment) -> bool:
    case = seat.case
    subject = subject_of(case)
    if subject.files_of is None:
        return (attachment.subject_type_id, attachment.subject_id) == (case.subject_type_id, case.subject_id)
    return any(file.pk == attachment.pk for file in subject.files_of(case.subject))
