"""Registering an organization and its first person."""

import secrets
from collections.abc import Mapping

from django.contrib.auth.hashers import identify_hasher
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from innovation_voucher.casework import audit, memo
from innovation_voucher.casework.errors import Refused
from innovation_voucher.casework.models import Region

from ..models import Consent, Membership, Organization, User


class Taken(Refused):
    """The credit code, phone or user name belongs to an account already; says how to get in."""

    code = "taken"
    status_code = 422


def credit_code_taken() -> str:
    """The sentence for a code that is registered; names neither person nor phone."""
    return _("该统一社会信用代码已注册。本单位的人可直接登录或由管理员邀请；经办人已变动的，拨打服务热线找回资料")


def register(
    *,
    kind: str,
    region: Region,
    name: str,
    credit_code: str | None,
    person_name: str,
    phone: str,
    email: str,
    password: str,
    consents: Mapping[str, str],
    username: str = "",
) -> User:
    """Make the organization, its owner and their consents (document → version) in one piece.

    The caller has proved `phone` (E.164). `password` may be plain or hashed already, as a page
    between two steps keeps it. The region is fixed from now on. Raises Taken when the code, the
    phone or the name was registered first, also by a form that ran at the same moment.
    """
    try:
        with transaction.atomic():
            owner = _new_owner(person_name, phone, email, password, username)
            organization = Organization.objects.create(
                kind=kind, name=name, credit_code=credit_code, region=region, bureau=region, email=email
            )
            Membership.objects.create(organization=organization, user=owner, role=Membership.Role.OWNER)
            memo.forget()
            now = timezone.now()
            Consent.objects.bulk_create(
                Consent(user=owner, document=document, version=version, at=now)
                for document, version in consents.items()
            )
            audit.record("organization.registered", organization, by=owner, region=region, after={"kind": kind})
    except IntegrityError as error:
        raise Taken(_taken(credit_code, phone)) from error
    return owner


def _new_owner(name: str, phone: str, email: str, password: str, username: str) -> User:
    owner = User(
        username=username or f"u-{secrets.token_hex(6)}", name=name, phone=phone, phone_verified=True, email=email
    )
    if _is_hash(password):
        owner.password = password
    else:
        owner.set_password(password)
    owner.save()
    return owner


def _is_hash(password: str) -> bool:
    try:
        identify_hasher(password)
    except ValueError:
        return False
    return True


def _taken(credit_code: str | None, phone: str) -> str:
    """Which of the three it was, asked after the fact; the phone stays unnamed."""
    if credit_code and Organization.objects.filter(credit_code=credit_code).exists():
        return credit_code_taken()
    if User.objects.filter(phone=phone).exists():
        return _("该手机号已注册，可直接登录")
    return _("该用户名已被使用，换一个")
