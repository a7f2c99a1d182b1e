"""互认名单: the laboratories that several regions recognize, by place, institution and service."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from innovation_voucher.lib.forms import render_form

from .. import mutual
from ..forms import MutualForm

PAGE = 20


@require_GET
def mutual_list(request: HttpRequest) -> HttpResponse:
    """Every entry, or those that were asked for; the count is that of the data."""
    places = mutual.places()
    labels = [(code, _("%(name)s（%(n)d）") % {"name": name, "n": n}) for code, name, n in places]
    form = MutualForm(request.GET, places=labels)
    asked = form.cleaned_data if form.is_valid() else {}
    page = Paginator(mutual.entries(**asked), PAGE).get_page(request.GET.get("page"))
    behind = mutual.carriers_behind(page)
    context = {
        "page": page,
        "rows": [(entry, behind.get(entry.pk)) for entry in page],
        "filtered": any(asked.values()),
        "total": sum(n for _code, _name, n in places),
    }
    return render_form(request, "carriers/mutual_list.html", context, form=form)
