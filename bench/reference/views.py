"""A claim with a region's budget, a redemption, a list of 20 rows: each as short as Django lets it be."""

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path

from .models import Account, Budget, Entry, Redemption, Ticket


@login_required
@transaction.atomic
def claim(request: HttpRequest) -> HttpResponse:
    account = Account.objects.select_for_update().get(user=request.user.pk)
    amount = int(request.POST["amount"])
    Entry.objects.create(account=account, amount=amount)
    rows = Account.objects.filter(pk=account.pk, claimed__lte=F("cap") - amount)
    granted = rows.update(claimed=F("claimed") + amount)
    granted *= Budget.objects.filter(pk=account.budget_id, left__gte=amount).update(left=F("left") - amount)
    if not granted:
        transaction.set_rollback(True)
        return HttpResponse(status=422)
    return redirect("list")


@login_required
@transaction.atomic
def redeem(request: HttpRequest, token: str) -> HttpResponse:  # noqa: ARG001  signature of a view
    if Ticket.objects.filter(token=token, status="issued").update(status="redeemed") != 1:
        return HttpResponse(status=422)
    Redemption.objects.create(ticket=get_object_or_404(Ticket, token=token))
    return redirect("list")


@login_required
def rows(request: HttpRequest) -> HttpResponse:
    return render(request, "reference/list.html", {"tickets": Ticket.objects.filter(user=request.user.pk)[:20]})


urlpatterns = [
    path("claim/", claim),
    path("redeem/<str:token>/", redeem),
    path("list/", rows, name="list"),
]
