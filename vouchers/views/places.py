"""Where each programme is open: read before anybody registers or claims."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from ..places import open_places


@require_GET
def programme_regions(request: HttpRequest) -> HttpResponse:
    """The regions that take part in each open programme."""
    return render(request, "vouchers/regions.html", {"places": open_places()})
