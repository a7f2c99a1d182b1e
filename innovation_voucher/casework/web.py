"""Who reads this page, in which role; and how a refusal becomes a page or a form error."""

import ipaddress
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, wraps
from typing import Any, TypeVar

from django import forms
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from . import audit, memo, messaging, rights
from .errors import NotAllowed, Refused, Stale
from .models import Office
from .rules import Answer, require

ROLE_KEY = "role"

M = TypeVar("M", bound=Model)
View = Callable[..., HttpResponse]


@dataclass(frozen=True)
class Role:
    """One part in which a person acts: for an organization, a carrier, an office, or as operator.

    `audience` is enterprise, carrier, office or admin; `key` is kept in the session.
    """

    audience: str
    key: str
    label: str
    organization: Any = None
    carrier: Any = None
    office: Office | None = None


Resolver = Callable[[Any], Iterable[Role]]
_resolvers: list[Resolver] = []
#: Asked for people outside of offices: True when a reading that had to be done anyway told that they sit in none.
_absences: list[Callable[[Any], bool]] = []


def register_viewer(resolver: Resolver) -> None:
    """Let an upper app name the roles that a person has in it; called in `AppConfig.ready()`."""
    _resolvers.append(resolver)


def register_absence(told: Callable[[Any], bool]) -> None:
    """Let an upper app spare the question for offices, where what it reads of a person answers it."""
    _absences.append(told)


class Viewer:
    """The reader of the page; asks the database only for what a page uses, and once."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        #: Set by pages for offices: their readers are asked for desks at once.
        self.expects_desk = False

    @property
    def user(self) -> Any:
        return self._request.user

    @cached_property
    def roles(self) -> list[Role]:
        """All parts of the person, offices first."""
        if not self.user.is_authenticated:
            return []
        found = list(self._desks)
        for resolver in _resolvers:
            found.extend(resolver(self.user))
        if self.user.is_staff:
            found.append(Role("admin", "admin", _("平台管理")))
        return found

    @cached_property
    def offices(self) -> list[Office]:
        """Offices in which the person sits."""
        if not self.user.is_authenticated or self._sits_in_none:
            return []
        return messaging.with_unread(rights.offices_of(self.user), self.user)

    @property
    def _sits_in_none(self) -> bool:
        """Of people who come to no desk, the memberships, which their pages read anyway, tell it."""
        at_desk = self.expects_desk or self.user.is_staff or self._chosen.startswith("office:")
        return not at_desk and any(told(self.user) for told in _absences)

    @cached_property
    def _desks(self) -> list[Role]:
        return [Role("office", f"office:{office.pk}", office.name, office=office) for office in self.offices]

    @cached_property
    def _chosen(self) -> str:
        return str(self._request.session.get(ROLE_KEY, "")) if self.user.is_authenticated else ""

    @cached_property
    def role(self) -> Role:
        """The chosen part, else the first one; everybody may be the public.

        A desk counts its queries, so the upper apps are not asked for people who act for an office.
        """
        at_desk = not self._chosen or self._chosen.startswith("office:")
        offered = self._desks if at_desk and self._desks else self.roles
        first = offered[0] if offered else Role("public", "public", "")
        return next((role for role in offered if role.key == self._chosen), first)

    @cached_property
    def reach(self) -> rights.Reach:
        """Rights of the person with the region paths on which they hold them."""
        return rights.reach(self.user)

    @property
    def has_choice(self) -> bool:
        """Whether to offer another part; at a desk only what is known without asking (the inbox asks)."""
        if self.audience == "office":
            return len(self.offices) > 1 or bool(self._chosen)
        return len(self.roles) > 1

    @property
    def audience(self) -> str:
        return self.role.audience

    @property
    def organization(self) -> Any:
        return self.role.organization

    @property
    def carrier(self) -> Any:
        return self.role.carrier

    @property
    def office(self) -> Office | None:
        return self.role.office


def viewer_of(request: HttpRequest) -> Viewer:
    """The reader that the middleware put on the request."""
    viewer: Viewer = getattr(request, "viewer")  # noqa: B009  the type of a request knows no viewer
    return viewer


def client_address(request: HttpRequest) -> str:
    """Address of the client, behind as many proxies as the settings trust; empty when unknown."""
    found = request.META.get("REMOTE_ADDR", "")
    forwarded = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    if 0 < settings.TRUSTED_PROXIES <= len(forwarded):
        found = forwarded[-settings.TRUSTED_PROXIES]
    try:
        return str(ipaddress.ip_address(found))
    except ValueError:
        return ""


class ViewerMiddleware:
    """Gives every request its `viewer`, and the audit the address of whoever acts."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        setattr(request, "viewer", Viewer(request))  # noqa: B010  the type of a request knows no viewer
        token = audit.address.set(client_address(request))
        try:
            with memo.remembering(page=request.method == "GET"):
                return self.get_response(request)
        finally:
            audit.address.reset(token)


def office_required(view: View) -> View:
    """For people of an office acting as such; strangers sign in, others read who may come here."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        viewer = viewer_of(request)
        viewer.expects_desk = True
        if viewer.audience != "office":
            raise NotAllowed(_("这里由科技主管部门和受托机构的办理人员使用。如您也是办理人员，请先切换身份。"))
        return view(request, *args, **kwargs)

    return guarded


@contextmanager
def refusal(form: forms.BaseForm, field: str | None = None) -> Iterator[None]:
    """Turn what a verb refuses into an error of the form; who may not at all gets the page.

    with refusal(form):
        place_order(...)
        return redirect(...)
    return render_form(...)
    """
    try:
        yield
    except (NotAllowed, Stale):
        raise
    except Refused as refused:
        form.add_error(field, refused.message)


def get_or_404_403(
    queryset: QuerySet[M],
    *,
    seen: Callable[[M], bool],
    allowed: Callable[[M], Answer] | None = None,
    **lookup: Any,
) -> M:
    """One getter for both refusals: 404 for what the reader may not know of, 403 for what they may not do."""
    found = get_object_or_404(queryset, **lookup)
    if not seen(found):
        raise Http404
    if allowed is not None:
        require(allowed(found), NotAllowed)
    return found
