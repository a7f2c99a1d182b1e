"""扫码验券: the carrier's page with four roads to a voucher, and its received vouchers."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from carriers.models import Carrier
from carriers.views.guard import carrier_required
from innovation_voucher.casework.web import client_address
from innovation_voucher.lib import qr
from innovation_voucher.lib.forms import PortalForm, render_form

from .. import services
from ..forms.scan import CodeForm, PhotoForm
from ..models import Scan
from ..pages.lists import carrier_vouchers
from ..pages.scan import looked_at_today, parts_of
from .getters import person


@require_GET
@carrier_required
def scan(request: HttpRequest, _carrier: Carrier) -> HttpResponse:
    """The four roads. Only this page may use the camera."""
    form = CodeForm(request.GET if "code" in request.GET else None)
    if form.is_bound and form.is_valid():
        return redirect("verify", form.cleaned_data["code"])
    return _show(request, code_form=form, photo_form=PhotoForm(), form=form)


@require_POST
@carrier_required
def photo(request: HttpRequest, _carrier: Carrier) -> HttpResponse:
    """A photo, decoded here; nothing is stored but the scan itself."""
    form = PhotoForm(request.POST, request.FILES)
    if form.is_valid():
        found = parts_of(qr.decode(form.cleaned_data["photo"].read()) or "")
        if found:
            return redirect(f"{reverse('verify', args=found)}?road=photo")
        services.log_scan(
            voucher=None,
            text="",
            road=Scan.Road.PHOTO,
            reason="unreadable",
            user=person(request),
            address=client_address(request),
        )
        form.add_error("photo", _("没有识别出创新券的二维码。拍清楚、拍完整再试，或输入券号"))
    return _show(request, code_form=CodeForm(), photo_form=form, form=form)


def _show(request: HttpRequest, *, code_form: CodeForm, photo_form: PhotoForm, form: PortalForm) -> HttpResponse:
    context = {"code_form": code_form, "photo_form": photo_form, "today": looked_at_today(request.user)}
    response = render_form(request, "orders/scan.html", context, form=form)
    setattr(response, "camera", True)  # noqa: B010  the type of a response knows no camera
    return response


@require_GET
@carrier_required
def vouchers(request: HttpRequest, carrier: Carrier) -> HttpResponse:
    """Vouchers made out to this carrier: waiting, received, ended."""
    return render(request, "orders/carrier_vouchers.html", {"list": carrier_vouchers(request, carrier)})
