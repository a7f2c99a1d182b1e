"""Whether holder and carrier are the same people."""

from django.utils.translation import gettext as _

from accounts.models import BankAccount, Organization
from carriers.models import Carrier
from innovation_voucher.casework.rules import ALLOWED, Answer

from ..models.parameters import Reaction
from ..policy import Party, Policy, related


def party_of(organization: Organization) -> Party:
    """What of an organization is compared with others (two queries)."""
    phones = organization.memberships.filter(active=True, user__phone__isnull=False).values_list(
        "user__phone", flat=True
    )
    accounts = BankAccount.objects.filter(organization=organization, active=True)
    return Party(
        credit_code=organization.credit_code,
        legal_person=organization.legal_person.strip(),
        address=organization.address.strip(),
        phones=frozenset(str(phone) for phone in phones),
        accounts=frozenset(account.number for account in accounts),
    )


def related_party_answer(policy: Policy, organization: Organization, carrier: Carrier) -> Answer:
    """Refuses a voucher between related parties where the policy says so; a flag is no refusal."""
    if policy.related_party != Reaction.REFUSE:
        return ALLOWED
    same = related(party_of(organization), party_of(carrier.organization))
    if not same:
        return ALLOWED
    return False, _("企业与服务机构的%(what)s相同，属于关联方，不能使用创新券") % {"what": "、".join(same)}
