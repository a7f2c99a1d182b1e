"""Pages of the inbox, and in demo mode the outbox, where a newcomer finds the codes."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from . import messaging
from .models import Message, Outgoing

PAGE = 20
DEMO_ROWS = 50


def _own(request: HttpRequest) -> QuerySet[Message]:
    return Message.objects.filter(user_id=request.user.pk or 0, deleted_at=None)


def _chosen(found: QuerySet[Message], view: str, category: str) -> QuerySet[Message]:
    """The messages that the filters of the address leave."""
    if view == "unread":
        found = found.filter(read_at=None)
    if category:
        found = found.filter(Q(kind=category) | Q(kind__startswith=f"{category}."))
    return found


def _tabs(own: QuerySet[Message], view: str, category: str) -> list[dict[str, Any]]:
    """All, unread, and each category of which there is a message."""
    unread = own.filter(read_at=None).count()
    tabs: list[dict[str, Any]] = [
        {"label": _("全部"), "url": "?", "current": not view and not category},
        {"label": _("未读"), "url": "?view=unread", "current": view == "unread", "count": unread},
    ]
    kinds = own.order_by().values_list("kind", flat=True).distinct()
    for name in sorted({kind.partition(".")[0] for kind in kinds}):
        label = messaging.kind_words(name)
        tabs.append({"label": label, "url": f"?kind={name}", "current": category == name})
    return tabs


@require_GET
@login_required
def inbox(request: HttpRequest) -> HttpResponse:
    """The person's messages, newest first."""
    view, category = request.GET.get("view", ""), request.GET.get("kind", "")[:40]
    own = _own(request)
    page = Paginator(_chosen(own, view, category), PAGE).get_page(request.GET.get("page"))
    tabs = _tabs(own, view, category)
    context = {"page_obj": page, "tabs": tabs, "unread_count": tabs[1]["count"], "filtered": view or category}
    return render(request, "casework/inbox.html", context)


@require_GET
@login_required
def message(request: HttpRequest, pk: int) -> HttpResponse:
    """One message in full; looking at it changes nothing."""
    found = get_object_or_404(_own(request), pk=pk)
    return render(request, "casework/message.html", {"message": found})


@require_POST
@login_required
def open_message(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark a message as read and go to what it is about."""
    found = get_object_or_404(_own(request), pk=pk)
    messaging.mark_read(request.user, [pk])
    inside = url_has_allowed_host_and_scheme(found.link, {request.get_host()}, request.is_secure())
    return redirect(found.link) if inside else redirect("inbox-message", pk)


@require_POST
@login_required
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark everything as read."""
    count = messaging.mark_read(request.user)
    messages.success(request, _("已将 %(count)s 条消息标为已读") % {"count": count})
    return redirect("inbox")


@require_POST
@login_required
def delete_message(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a message out of the inbox."""
    get_object_or_404(_own(request), pk=pk)
    messaging.delete(request.user, pk)
    messages.success(request, _("已删除 1 条消息"))
    return redirect("inbox")


@require_GET
def demo_outbox(request: HttpRequest) -> HttpResponse:
    """The newest SMS and mails with their codes, for everybody; in demo mode only."""
    if not settings.DEMO_MODE:
        raise Http404
    rows = Outgoing.objects.order_by("-id")[:DEMO_ROWS]
    return render(request, "casework/demo_outbox.html", {"rows": rows})
