"""The verbs of carriers; see the modules for what each one checks and tells."""

from .figures import add_rating, count_finished, replace_default_rating, set_answer_minutes
from .listing import list_carrier
from .mutual import (
    change_of as mutual_change,
    import_mutual,
    tell_carriers as mutual_members_changed,
)
from .offerings import save_instrument, save_service, set_eligible, set_listed
from .profiles import open_profile, save_profile
from .recognitions import (
    Applied,
    apply_for_recognition,
    apply_for_regions,
    end_recognition,
    recognize,
    recognize_directly,
    reject,
    resubmit_recognition,
    resume_recognition,
    return_recognition,
    suspend_recognition,
    withdraw_recognition,
)

__all__ = [
    "Applied",
    "add_rating",
    "apply_for_recognition",
    "apply_for_regions",
    "count_finished",
    "end_recognition",
    "import_mutual",
    "list_carrier",
    "mutual_change",
    "mutual_members_changed",
    "open_profile",
    "recognize",
    "recognize_directly",
    "reject",
    "replace_default_rating",
    "resubmit_recognition",
    "resume_recognition",
    "return_recognition",
    "save_instrument",
    "save_profile",
    "save_service",
    "set_answer_minutes",
    "set_eligible",
    "set_listed",
    "suspend_recognition",
    "withdraw_recognition",
]
