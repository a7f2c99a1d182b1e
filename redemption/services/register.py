"""The register of experts, and what each declares about organizations."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Organization, User
from accounts.services import mark_expert
from carriers.models import Category
from innovation_voucher.casework import audit
from innovation_voucher.casework.errors import Refused

from ..models import Conflict, Expert


@transaction.atomic
def save_expert(expert: Expert, *, by: User, fields: Iterable[Category] | None = None) -> Expert:
    """Keep an expert with their fields (unchanged when None); who is active may sign in as one.

    An entry that was given to another person is the former one's no more.
    """
    for former in User.objects.filter(expert=expert.pk).exclude(pk=expert.user_id):
        mark_expert(former, is_expert=False)
    # As organizations write theirs: it is compared with them when a panel is drawn.
    expert.unit, expert.unit_code = expert.unit.strip(), expert.unit_code.strip().upper()
    expert.save()
    if fields is not None:
        expert.fields.set(fields)
    mark_expert(expert.user, is_expert=expert.active)
    after = {"number": expert.number, "unit": expert.unit, "active": expert.active}
    audit.record("expert.saved", expert, by=by, region=expert.region, after=after)
    return expert


@transaction.atomic
def declare_conflict(expert: Expert, organization: Organization, *, by: User, reason: str) -> Conflict:
    """The expert is drawn for no case of the organization from now on; twice is once."""
    if not reason.strip():
        raise Refused(_("写明需要回避的原因。"), "no_reason")
    found, made = Conflict.objects.get_or_create(
        expert=expert, organization=organization, defaults={"reason": reason.strip()[:300]}
    )
    if made:
        after = {"organization": organization.name}
        audit.record("expert.conflict", expert, by=by, region=expert.region, after=after, reason=found.reason)
    return found
