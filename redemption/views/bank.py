"""收款账户: where an organization is paid from now on."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.models import BankAccount, Organization
from accounts.rules import may_act
from accounts.services import active_bank_account, change_bank_account
from accounts.viewer import organization_required, person
from innovation_voucher.casework.errors import NotAllowed
from innovation_voucher.casework.idempotency import once
from innovation_voucher.casework.rules import require
from innovation_voucher.casework.web import refusal
from innovation_voucher.lib.forms import render_form
from vouchers.prefill import WrittenAccount, account_in_claims

from .. import queries
from ..forms import BankForm


def unlike(account: BankAccount | None, written: WrittenAccount | None) -> WrittenAccount | None:
    """The account of a claim where it is another than the one that is paid to now."""
    same = account and written and (account.bank, account.number) == (written.bank, written.number)
    return None if same else written


@sensitive_post_parameters("password", "number")
@require_http_methods(["GET", "POST"])
@organization_required
@once
def bank_account(request: HttpRequest, payee: Organization) -> HttpResponse:
    """Change the payee account; the password proves that it is the person at the keyboard."""
    by = person(request)
    require(may_act(by, payee, roles=("owner", "finance")), NotAllowed)
    account = active_bank_account(payee)
    written = unlike(account, account_in_claims(payee))
    form = BankForm(request.POST if request.method == "POST" else None, user=by, written=written)
    if form.is_valid():
        data = form.cleaned_data
        with refusal(form):
            change_bank_account(payee, holder=payee.name, bank=data["bank"], number=data["number"], by=by)
            messages.success(request, _("收款账户已更换，此后的拨付使用新账户"))
            return redirect(queries.list_url(payee))
    context = {
        "account": account,
        "written": written,
        "payee": payee,
        "waiting": queries.sent_back(payee),
        "crumbs": [(_("兑付申请"), queries.list_url(payee)), (_("收款账户"), "")],
    }
    return render_form(request, "redemption/bank.html", context, form=form)
