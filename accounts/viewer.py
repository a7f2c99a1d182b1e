"""The parts that a person plays through organizations."""

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from innovation_voucher.casework.errors import NotAllowed
from innovation_voucher.casework.web import Role, viewer_of

from .memberships import joined
from .models import Organization, User


def roles_of(user: User) -> Iterator[Role]:
    """One role per enterprise or entrepreneur; the floor above names those of carriers."""
    for organization in (membership.organization for membership in joined(user)):
        if organization.kind != Organization.Kind.CARRIER:
            key = f"organization:{organization.pk}"
            yield Role("enterprise", key, organization.name, organization=organization)


def person(request: HttpRequest) -> User:
    """The signed-in reader, for verbs that want a user."""
    user: User = request.user  # type: ignore[assignment]  # the view asked for a sign-in
    return user


def organization_required(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For people who act for an organization; the view gets it as its second argument."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        organization = viewer_of(request).organization
        if organization is None:
            raise NotAllowed(
                _("这里由企业、创业者或服务机构的成员使用。如您也是成员，请先切换身份；还没有账号的可先注册。")
            )
        return view(request, organization, *args, **kwargs)

    return guarded
