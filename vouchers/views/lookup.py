"""The public look-up of quota."""

from allauth.core import ratelimit
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from innovation_voucher.casework.messaging import TooOften
from innovation_voucher.lib.forms import render_form

from ..lookup import LookupForm, look_up


@never_cache
@require_http_methods(["GET", "POST"])
def quota_lookup(request: HttpRequest) -> HttpResponse:
    """Totals for who knows number and phone; posted, so that neither stands in an address or a log."""
    form = LookupForm(request.POST if request.method == "POST" else None)
    found = None
    if form.is_valid():
        number, digits = form.cleaned_data["number"], form.cleaned_data["digits"]
        if not ratelimit.consume(request, action="quota_lookup", key=number):
            raise TooOften(_("查询次数较多，一小时后再试；登录后可随时查看额度。"))
        found = look_up(number, digits)
        if found is None:
            form.add_error(None, _("没有查到：编号与手机号后四位不相符，核对后再查；忘记登记的手机号时可登录查看"))
    return render_form(request, "vouchers/lookup.html", {"found": found}, form=form)
