"""Who may open the carrier's own pages."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from innovation_voucher.casework.errors import NotAllowed
from innovation_voucher.casework.web import viewer_of

View = Callable[..., HttpResponse]


def carrier_required(view: View) -> View:
    """For people who act for a carrier; the view gets it as its second argument.

    An organization that registered as one and has no profile yet is sent to open it.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        viewer = viewer_of(request)
        if viewer.audience != "carrier":
            raise NotAllowed(
                _("这里由服务机构的成员使用。如您也是机构成员，请先切换身份；想成为服务机构的单位可先开通机构。")
            )
        if viewer.carrier is None:
            return redirect("carrier-open")
        return view(request, viewer.carrier, *args, **kwargs)

    return guarded
