"""Secrets of the embedded mode."""

import base64
import stat
from pathlib import Path

import pytest

from innovation_voucher import keyfiles

KEY = base64.b64encode(bytes(range(32))).decode()


def test_a_secret_is_made_once(tmp_path: Path) -> None:
    path = tmp_path / "var" / "secret.key"
    assert keyfiles.generated(path, lambda: "first") == "first"
    assert keyfiles.generated(path, lambda: "second") == "first"


def test_only_the_owner_can_read_it(tmp_path: Path) -> None:
    keyfiles.generated(tmp_path / "secret.key", lambda: "x")
    assert stat.S_IMODE((tmp_path / "secret.key").stat().st_mode) == 0o600


def test_a_file_that_appears_meanwhile_wins(tmp_path: Path) -> None:
    path = tmp_path / "secret.key"

    def slow() -> str:
        path.write_text("theirs")
        return "ours"

    assert keyfiles.generated(path, slow) == "theirs"
    assert [file.name for file in tmp_path.iterdir()] == ["secret.key"]


def test_a_new_key_is_one_that_can_be_read() -> None:
    first, second = keyfiles.parse(keyfiles.new_key()), keyfiles.parse(keyfiles.new_key())
    assert list(first) == ["k1"]
    assert first != second


def test_the_first_key_is_the_current_one() -> None:
    keys = keyfiles.parse(f"new:{KEY}, old:{KEY}")
    assert list(keys) == ["new", "old"]
    assert keys["new"] == bytes(range(32))


@pytest.mark.parametrize(
    "text",
    ["", " , ", KEY, f":{KEY}", "k1:", "k1:c2hvcnQ=", "k1:not base64", f"k1:{KEY},k1:{KEY}"],
    ids=["empty", "blank", "no id", "empty id", "no key", "short", "not base64", "id twice"],
)
def test_a_malformed_key_stops_the_start(text: str) -> None:
    with pytest.raises(ValueError):
        keyfiles.parse(text)
