"""额度查询 without signing in: what is known of an organization's quota to who knows its number and phone."""

from collections import defaultdict
from dataclasses import dataclass
from hmac import compare_digest

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy

from accounts.models import Organization, User
from accounts.rules import WRITERS
from innovation_voucher.casework import calendar
from innovation_voucher.lib.forms import PortalForm

from .models import Programme, QuotaAccount
from .services import Balance
from .services.accounts import added_up

#: Compared where nobody is on file, so that this takes as long.
_NOBODY = "----"


class LookupForm(PortalForm):
    """The number of the organization or of its account, and the end of the phone on file."""

    number = forms.CharField(
        label=gettext_lazy("统一社会信用代码或券账户号"),
        max_length=40,
        help_text=gettext_lazy("券账户号见额度明细"),
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false", "class": "govuk-input--width-20"}),
    )
    digits = forms.RegexField(
        "^[0-9]{4}$",
        label=gettext_lazy("登记手机号后四位"),
        max_length=4,
        help_text=gettext_lazy("单位管理员或经办人在平台登记的手机号"),
        widget=forms.TextInput(
            {"autocomplete": "off", "inputmode": "numeric", "class": "govuk-input--width-10"},
        ),
        error_messages={"invalid": gettext_lazy("填写手机号的最后 4 位数字")},
    )

    def clean_number(self) -> str:
        """As it is stored: capitals, no blanks."""
        return "".join(str(self.cleaned_data["number"]).split()).upper()


@dataclass(frozen=True)
class Totals:
    """What an organization has under one programme."""

    programme: Programme
    balance: Balance


def look_up(number: str, digits: str) -> list[Totals] | None:
    """The totals by programme; None for an unknown number and for wrong digits alike.

    Three queries and the same comparisons, whatever is found: the time tells nothing either.
    """
    known = Q(credit_code=number) | Q(quota_accounts__number=number)
    found = Organization.objects.filter(known).values_list("pk", flat=True).first() or 0
    people = User.objects.filter(
        memberships__organization=found,
        memberships__active=True,
        memberships__role__in=WRITERS,
        is_active=True,
    )
    ends = [(phone or _NOBODY)[-4:] for phone in people.values_list("phone", flat=True)] or [_NOBODY]
    accounts = list(QuotaAccount.objects.filter(organization=found).select_related("programme").order_by("pk"))
    right = [compare_digest(end, digits) for end in ends]
    return _totals(accounts) if any(right) else None


def _totals(accounts: list[QuotaAccount]) -> list[Totals]:
    today, grouped = calendar.today(), defaultdict(list)
    for account in accounts:
        grouped[account.programme].append(account)
    rows = [Totals(programme, added_up(own, today)) for programme, own in grouped.items()]
    return sorted(rows, key=lambda row: (-row.programme.year, row.programme.pk))
