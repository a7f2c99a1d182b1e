"""Keys, log lines and bars for any input that may come."""

import base64
import logging
import os
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core import checks as django_checks
from hypothesis import given, strategies as st

from innovation_voucher import checks, keyfiles
from innovation_voucher.casework.templatetags import portal
from innovation_voucher.logs import LineFormatter
from innovation_voucher.management.commands import serve

IDS = st.text("abcdefghijklmnopqrstuvwxyz0123456789-_.", min_size=1, max_size=8)
KEYS = st.dictionaries(IDS, st.binary(min_size=32, max_size=48), min_size=1, max_size=4)


def line(message: str, *args: object) -> str:
    return LineFormatter().format(logging.LogRecord("portal", logging.WARNING, __file__, 1, message, args, None))


# --- Keys -----------------------------------------------------------------------------------


@given(keys=KEYS, spaces=st.sampled_from(["", " ", "\n"]))
def test_keys_are_read_as_they_were_written_in_their_order(keys: dict[str, bytes], spaces: str) -> None:
    written = f"{spaces},{spaces}".join(f"{kid}:{base64.b64encode(key).decode()}" for kid, key in keys.items())
    assert list(keyfiles.parse(written).items()) == list(keys.items())


@given(size=st.integers(0, 31))
def test_a_key_under_thirty_two_bytes_is_refused(size: int) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        keyfiles.parse(f"k1:{base64.b64encode(bytes(size)).decode()}")


@given(text=st.text(max_size=30))
def test_nonsense_is_a_value_error_and_never_another(text: str) -> None:
    with pytest.raises(ValueError):
        keyfiles.parse(text)


def test_a_secret_written_by_hand_may_end_with_a_line_break(tmp_path: Path) -> None:
    path = tmp_path / "secret.key"
    path.write_text("by hand\n")
    assert keyfiles.generated(path, lambda: "made") == "by hand"


def test_a_folder_that_cannot_be_written_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("a file, not a folder")
    with pytest.raises(OSError, match="var"):
        keyfiles.generated(tmp_path / "var" / "secret.key", lambda: "x")


# --- Lines of the log -----------------------------------------------------------------------


@given(text=st.text(max_size=60))
def test_whatever_a_stranger_writes_is_one_printable_line(text: str) -> None:
    written = line("%s", text)
    assert written.isprintable()
    assert len(written.splitlines()) == 1


@pytest.mark.parametrize(
    "separator", ["\n", "\r", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029", "\x00", "\x1b[31m"]
)
def test_no_separator_begins_a_second_entry(separator: str) -> None:
    written = line("name %s", f"a{separator}2026-01-01 00:00:00,000 INFO portal paid")
    assert separator not in written
    assert "\\" in written


def test_a_traceback_keeps_its_lines_below_the_entry() -> None:
    try:
        raise ValueError("第一行\n第二行")
    except ValueError:
        record = logging.LogRecord("portal", logging.ERROR, __file__, 1, "broken", (), sys.exc_info())
    head, *rest = LineFormatter().format(record).splitlines()
    assert head.endswith("ERROR portal broken")
    assert rest
    assert all(row.startswith("    ") for row in rest)


# --- What must not go on line ------------------------------------------------------------------


@pytest.mark.parametrize("on", [True, False])
def test_the_demo_is_named_by_the_check_for_deployment(settings: Any, on: bool) -> None:
    settings.DEMO_MODE = on
    found = checks.demo_mode_is_off(None)
    assert [(row.id, row.level) for row in found] == [("innovation_voucher.E001", django_checks.ERROR)] * on


# --- Bars, numbers and masks ------------------------------------------------------------------


@given(part=st.decimals(-(10**9), 10**9, places=2), whole=st.decimals(0, 10**9, places=2))
def test_a_bar_never_leaves_its_track(part: Decimal, whole: Decimal) -> None:
    width = portal.share(part, whole)
    assert 0 <= width <= 1000
    assert isinstance(width, int)
    if whole == 0 or part <= 0:
        assert width == 0
    elif part >= whole:
        assert width == 1000


@given(amount=st.decimals(0, 10**12, places=2))
def test_an_amount_is_read_back_from_its_page(amount: Decimal) -> None:
    written = portal.yuan(amount)
    assert Decimal(written.replace(",", "")) == amount
    assert portal.yuan_sign(amount) == f"¥{written}"
    assert written[-3] == "."


@given(code=st.text("23456789ABCDEFGHJKLMNPQRSTUVWXYZ", max_size=16))
def test_a_code_in_groups_is_the_same_code(code: str) -> None:
    shown = portal.voucher_code(code)
    assert shown.replace("-", "") == code
    assert portal.voucher_code(shown) == shown
    assert all(1 <= len(group) <= 4 for group in shown.split("-") if code)


@pytest.mark.parametrize(
    ("steps", "current", "word"),
    [
        (["甲", "乙"], 1, "甲"),
        (["甲", "乙"], 2, "乙"),
        (["甲", "乙"], 3, ""),
        (["甲", "乙"], 0, ""),
        ([], 1, ""),
        (["甲"], -1, ""),
    ],
)
def test_the_step_now_is_empty_outside_the_list(steps: list[str], current: int, word: str) -> None:
    assert portal.step_now(steps, current) == word


def test_an_item_that_is_not_there_is_nothing() -> None:
    assert portal.item({"a": 0}, "a") == 0
    assert portal.item({}, "a") is None


# --- Both processes of one machine --------------------------------------------------------------


def test_the_web_server_and_the_clock_are_started_side_by_side(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PORT", raising=False)
    web, clock = serve._commands(8123)
    assert web[:3] == [sys.executable, "-m", "gunicorn"]
    assert web[-1] == "innovation_voucher.wsgi"
    assert clock[-1] == "clock"
    assert os.environ.pop("PORT") == "8123"


def test_a_signal_ends_the_wait_like_a_key_press() -> None:
    with pytest.raises(KeyboardInterrupt):
        serve._interrupt(15, None)
