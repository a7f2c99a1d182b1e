"""Encrypted columns and blind indexes."""

import pytest
from django.core.exceptions import FieldError
from django.db import connections, models
from hypothesis import given, strategies as st

from innovation_voucher.lib.crypto import (
    EncryptedTextField,
    Undecipherable,
    blind_index,
    decrypt,
    encrypt,
    new_key,
)

OLD = {"k1": b"1" * 32}
BOTH = {"k2": b"2" * 32, **OLD}

# PostgreSQL takes no NUL in text, and no text has half of a surrogate pair.
texts = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=200)


class Secret(models.Model):
    value = EncryptedTextField(blank=True, null=True)
    index = models.CharField(max_length=64, blank=True)

    objects = models.Manager()

    class Meta:
        app_label = "lib_tests"

    def __str__(self):
        return "secret"


@pytest.fixture
def keys(settings):
    settings.FIELD_KEYS = OLD
    return settings


@pytest.fixture
def secrets(table, keys):
    return table(Secret)


def stored(secret):
    with connections[secret._state.db].cursor() as cursor:
        cursor.execute("SELECT value FROM lib_tests_secret WHERE id = %s", [secret.pk])
        return cursor.fetchone()[0]


@given(texts)
def test_any_text_comes_back(text):
    assert decrypt(encrypt(text)) == text


def test_equal_texts_look_different(keys):
    first, second = encrypt("13800000000"), encrypt("13800000000")
    assert first != second
    assert first.startswith("e1:k1:")
    assert "13800000000" not in first


def test_a_column_holds_no_plain_text(secrets):
    secret = secrets.create(value="13800000000")
    assert stored(secret).startswith("e1:k1:")
    assert "13800" not in stored(secret)
    secret.refresh_from_db()
    assert secret.value == "13800000000"
    assert list(secrets.values_list("value", flat=True)) == ["13800000000"]


def test_empty_and_missing_stay_so(secrets):
    empty, missing = secrets.create(value=""), secrets.create(value=None)
    assert (stored(empty), stored(missing)) == ("", None)
    assert secrets.get(value__isnull=True) == missing


def test_updates_and_bulk_writes_encrypt(secrets):
    first, second = secrets.bulk_create([Secret(value="甲"), Secret(value="乙")])
    secrets.filter(pk=first.pk).update(value="丙")
    second.value = "丁"
    secrets.bulk_update([second], ["value"])
    assert [stored(first)[:6], stored(second)[:6]] == ["e1:k1:", "e1:k1:"]
    assert list(secrets.order_by("pk").values_list("value", flat=True)) == ["丙", "丁"]


@pytest.mark.parametrize("lookup", ["value", "value__contains", "value__in", "value__startswith"])
def test_looking_up_the_ciphertext_is_a_loud_mistake(secrets, lookup):
    with pytest.raises(FieldError, match="blind index"):
        secrets.filter(**{lookup: "13800000000"})


def test_a_value_is_found_by_its_blind_index(secrets):
    secret = secrets.create(value="13800000000", index=blind_index("13800000000", "mobile"))
    assert secrets.get(index=blind_index("13800000000", "mobile")) == secret


def test_a_new_key_reads_the_old_values_and_writes_the_next(secrets, keys):
    secret = secrets.create(value="甲")
    keys.FIELD_KEYS = BOTH
    secret.refresh_from_db()
    assert secret.value == "甲"
    secret.save()
    assert stored(secret).startswith("e1:k2:")
    keys.FIELD_KEYS = {"k2": BOTH["k2"]}
    secret.refresh_from_db()
    assert secret.value == "甲"


def test_a_value_of_a_dropped_key_is_not_readable(keys):
    sealed = encrypt("甲")
    keys.FIELD_KEYS = {"k2": BOTH["k2"]}
    with pytest.raises(Undecipherable, match="k1"):
        decrypt(sealed)


def test_a_changed_value_is_refused(keys):
    sealed = encrypt("13800000000")
    keys.FIELD_KEYS = {**OLD, "twin": OLD["k1"]}
    flipped = sealed[:-6] + ("A" if sealed[-6] != "A" else "B") + sealed[-5:]
    for bad in (
        flipped,
        sealed[:-8],
        sealed.replace(":k1:", ":twin:"),
        sealed.replace("e1:", "e2:"),
        "13800000000",
        "e1:k1:",
        "e1:k1:!!!!",
        "e1:k1:汉",
    ):
        with pytest.raises(Undecipherable) as caught:
            decrypt(bad)
        assert caught.value.__cause__ is None
        assert "13800" not in str(caught.value)


def test_a_blind_index_differs_by_text_purpose_and_key(keys):
    index = blind_index("13800000000", "mobile")
    assert len(index) == 64
    assert int(index, 16)
    assert index == blind_index("13800000000", "mobile")
    assert index != blind_index("13800000001", "mobile")
    assert index != blind_index("13800000000", "account")
    keys.FIELD_KEYS = {"k1": b"3" * 32}
    assert index != blind_index("13800000000", "mobile")


def test_a_blind_index_outlives_a_new_key(keys):
    index = blind_index("13800000000", "mobile")
    keys.FIELD_KEYS = BOTH
    assert blind_index("13800000000", "mobile") == index


def test_new_keys_are_fresh_and_have_ids_of_their_own():
    made = {new_key() for _ in range(50)}
    assert len({key.partition(":")[0] for key in made}) == 50
    assert {len(key.partition(":")[2]) for key in made} == {44}
