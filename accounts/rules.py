"""Who may act for an organization, and what a user name and a password must look like."""

import re
from collections.abc import Sequence

from django.utils.translation import gettext as _

from innovation_voucher.casework.models import Region
from innovation_voucher.casework.rules import ALLOWED, Answer

from .memberships import roles_in
from .models import Membership, Organization, RegistrationRules, User, Verification

#: Who may write for an organization; finance and viewers read.
WRITERS = ("owner", "handler")
_USERNAME = re.compile(r"[\u4e00-\u9fffA-Za-z0-9-]+")
_OPEN = (Verification.State.DRAFT, Verification.State.RETURNED)


def may_act(user: User, organization: Organization, *, roles: Sequence[str] = WRITERS) -> Answer:
    """Whether the person acts for the organization in one of these roles (one query; none twice a request)."""
    held = roles_in(user, organization)
    if not held:
        return False, _("您不是%(name)s的成员，由该单位的管理员邀请后再办理") % {"name": organization.name}
    if not held.isdisjoint(roles):
        return ALLOWED
    who = "、".join(str(Membership.Role(role).label) for role in roles)
    return False, _("此事由%(who)s办理，请联系本单位的%(who)s") % {"who": who}


def may_see_organization(user: User, organization: Organization) -> bool:
    """Whether the person is an active member, in whatever role (one query; none twice a request)."""
    return bool(roles_in(user, organization))


def may_start(organization: Organization) -> Answer:
    """Whether a new verification may begin: none is under way."""
    running = organization.verifications.filter(status__in=("draft", "submitted", "returned"))
    if running.exists():
        return False, _("已有一份实名认证在办，办结后才能重新发起")
    return ALLOWED


def may_edit(verification: Verification) -> Answer:
    """Whether the answers are open: in a draft, and where the bureau returned them."""
    if verification.status in _OPEN:
        return ALLOWED
    return False, _("实名认证已提交，现在不能修改；需要修改时联系受理部门")


def registration_rules(region: Region) -> RegistrationRules:
    """The rules of the nearest ancestor that has some; the defaults where none has (one query)."""
    rows = RegistrationRules.objects.filter(region__code__in=region.ancestor_codes).order_by("-region__path")
    return rows.first() or RegistrationRules()


def password_problems(rules: RegistrationRules, password: str) -> list[str]:
    """Every sentence that says what is missing; empty when the password will do."""
    problems = []
    if not rules.password_min <= len(password) <= rules.password_max:
        span = {"low": rules.password_min, "high": rules.password_max, "n": len(password)}
        problems.append(_("密码需 %(low)d 至 %(high)d 位，这里有 %(n)d 位") % span)
    if rules.password_starts_with_letter and not re.match("[A-Za-z]", password):
        problems.append(_("密码要以字母开头"))
    if rules.password_specials and not _has_all_kinds(rules.password_specials, password):
        problems.append(_("密码要同时有字母、数字和特殊字符（%s 中至少一个）") % rules.password_specials)
    return problems


def password_hint(rules: RegistrationRules) -> str:
    """The rules in one line under the box."""
    words = [_("%(low)d 至 %(high)d 位，可以粘贴") % {"low": rules.password_min, "high": rules.password_max}]
    if rules.password_starts_with_letter:
        words.append(_("以字母开头"))
    if rules.password_specials:
        words.append(_("要有字母、数字和特殊字符（%s）") % rules.password_specials)
    return "；".join(words)


def username_problem(rules: RegistrationRules, username: str) -> str:
    """What is wrong with a user name that a person chose; empty when it will do."""
    if not rules.username_min <= len(username) <= rules.username_max:
        return _("用户名需 %(low)d 至 %(high)d 个字") % {"low": rules.username_min, "high": rules.username_max}
    if not _USERNAME.fullmatch(username):
        return _("用户名只能有汉字、字母、数字和“-”")
    return _("用户名不能全是数字") if username.isdigit() else ""


def _has_all_kinds(specials: str, password: str) -> bool:
    kinds = (str.isalpha, str.isdigit, lambda character: character in specials)
    return all(any(kind(character) for character in password) for kind in kinds)
