"""What the tests of pages share: a client of a person, posting with a token, a page as plain text."""

import re
from html import unescape
from typing import Any

from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.models import User
from innovation_voucher.casework.idempotency import new_token
from vouchers.models import Voucher


def client_of(person: User | None) -> Client:
    """A browser in which the person is signed in; nobody is for None."""
    client = Client()
    if person is not None:
        client.force_login(person)
    return client


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", response.content.decode())))


def post(client: Client, name: str, *args: Any, query: str = "", **data: Any) -> Any:
    return client.post(reverse(name, args=args) + query, {"_token": new_token(), **data})


def put_into(voucher: Voucher, state: str) -> None:
    """Write a state past its machine, as only a test with the server's superuser can."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE vouchers_voucher SET status = %s WHERE id = %s", [state, voucher.pk])
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
    voucher.refresh_from_db()
