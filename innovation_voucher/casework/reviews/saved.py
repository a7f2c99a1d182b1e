"""Views of a queue that a person keeps under a name, for one office and one kind of case."""

from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from ..errors import Refused
from ..models import Office, SavedView

#: Most views that a person keeps of one queue.
MOST = 20


def views_of(user: Any, office: Office, key: str) -> QuerySet[SavedView]:
    """What the person keeps of the queue of one kind, by name."""
    return SavedView.objects.filter(user=user, office=office, key=key)


@transaction.atomic
def save_view(*, by: Any, office: Office, key: str, name: str, query: str, is_default: bool = False) -> SavedView:
    """Keep filters (`query`, as they stand in the address) under a name.

    Raises Refused without filters, with too long ones, with a taken name, and when there are MOST already.
    """
    if not query:
        raise Refused(_("现在没有筛选条件。先筛选，再保存。"), "no_filters")
    if len(query) > SavedView.LONGEST:
        raise Refused(_("筛选条件太长，缩短“编号或企业名”再保存。"), "too_long")
    _lock(by)
    if views_of(by, office, key).count() >= MOST:
        raise Refused(_("最多保存 %(n)s 个视图。先删除不用的。") % {"n": MOST}, "too_many")
    view = SavedView(user=by, office=office, key=key, query=query)
    return _write(view, name, is_default)


@transaction.atomic
def change_view(view: SavedView, *, by: Any, name: str, is_default: bool) -> SavedView:
    """Another name, or the first view that the queue opens with; raises Refused when the name is taken."""
    _lock(by)
    return _write(SavedView.objects.get(pk=view.pk, user=by), name, is_default)


@transaction.atomic
def delete_view(view: SavedView, *, by: Any) -> None:
    """Forget the view; the cases in it stay as they are."""
    SavedView.objects.filter(pk=view.pk, user=by).delete()


def _lock(user: Any) -> None:
    """Two tabs of one person wait for each other, so the count and the default stay true."""
    get_user_model()._default_manager.select_for_update().get(pk=user.pk)


def _write(view: SavedView, name: str, is_default: bool) -> SavedView:
    others = views_of(view.user, view.office, view.key).exclude(pk=view.pk)
    if others.filter(name=name).exists():
        raise Refused(_("已有名为“%(name)s”的视图，换一个名称。") % {"name": name}, "taken")
    if is_default:
        others.update(is_default=False)
    view.name, view.is_default = name, is_default
    view.save()
    return view
