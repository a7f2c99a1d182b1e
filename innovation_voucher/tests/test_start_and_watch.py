"""What an installation starts from and is watched by: keys, the check for deployment, probes, log lines."""

import base64
import json
import logging
import stat
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from innovation_voucher import health, keyfiles
from innovation_voucher.checks import demo_mode_is_off
from innovation_voucher.logs import LineFormatter


def encoded(length: int) -> str:
    return base64.b64encode(b"k" * length).decode()


# --- Keys ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("length", [32, 33, 64])
def test_a_key_of_32_bytes_or_more_is_taken_whole(length: int) -> None:
    assert keyfiles.parse(f"k1:{encoded(length)}") == {"k1": b"k" * length}


@pytest.mark.parametrize("length", [0, 1, 16, 31])
def test_a_shorter_key_is_refused_even_beside_a_good_one(length: int) -> None:
    with pytest.raises(ValueError):
        keyfiles.parse(f"k2:{encoded(32)},k1:{encoded(length)}")


@pytest.mark.parametrize("text", [" k1:{0} ", "k1:{0},", ",k1:{0}", "\nk1:{0}\n", ",, k1:{0} ,,"])
def test_blanks_and_spare_commas_around_a_key_do_no_harm(text: str) -> None:
    assert list(keyfiles.parse(text.format(encoded(32)))) == ["k1"]


@pytest.mark.parametrize("kid", ["k1", "2026-01", "a_b", "旧"])
def test_an_id_is_kept_as_it_was_written(kid: str) -> None:
    assert list(keyfiles.parse(f"{kid}:{encoded(32)}")) == [kid]


def test_a_generated_file_holds_a_key_that_can_be_parsed_by_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "down" / "field.key"
    text = keyfiles.generated(path, keyfiles.new_key)
    assert len(keyfiles.parse(text)["k1"]) == 32
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in path.parent.iterdir()] == ["field.key"]


def test_a_maker_that_breaks_leaves_no_secret_behind(tmp_path: Path) -> None:
    def broken() -> str:
        raise RuntimeError

    path = tmp_path / "secret.key"
    with pytest.raises(RuntimeError):
        keyfiles.generated(path, broken)
    assert list(tmp_path.iterdir()) == []
    assert keyfiles.generated(path, lambda: "second try") == "second try"


# --- Before going on line -----------------------------------------------------------------------


@pytest.mark.parametrize(("demo", "found"), [(True, ["innovation_voucher.E001"]), (False, [])])
def test_only_the_demo_is_kept_off_line(settings: Any, demo: bool, found: list[str]) -> None:
    settings.DEMO_MODE = demo
    assert [error.id for error in demo_mode_is_off(None)] == found


# --- Probes -------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_a_probe_changes_nothing(client: Client, path: str, method: str) -> None:
    assert getattr(client, method)(path).status_code == 405


def test_a_probe_may_ask_for_the_head_alone(client: Client) -> None:
    answer = client.head("/healthz")
    assert (answer.status_code, answer.content) == (200, b"")


def test_an_answer_of_not_ready_tells_names_and_no_error(client: Client, settings: Any, tmp_path: Path) -> None:
    (tmp_path / "secret-place").write_text("a file stands where the folder should be")
    settings.MEDIA_ROOT = tmp_path / "secret-place"
    answer = client.get("/readyz")
    assert set(json.loads(answer.content)) == set(health.CHECKS)
    assert "secret-place" not in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize(("result", "passes"), [(True, True), (False, False)])
def test_a_check_passes_by_what_it_says(result: bool, passes: bool) -> None:
    assert health._passes(lambda: result) is passes


@pytest.mark.parametrize("error", [OSError, ValueError, RuntimeError, TimeoutError])
def test_whatever_breaks_in_a_check_is_a_no(error: type[Exception]) -> None:
    def broken() -> bool:
        raise error("down")

    assert health._passes(broken) is False


# --- Log lines ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("a\nb", "a\\nb"),
        ("a\r\nb", "a\\r\\nb"),
        ("a\tb", "a\\tb"),
        ("\x1b[31mred", "\\x1b[31mred"),
        ("a\u2028b", "a\\u2028b"),
        ("a\u202eb", "a\\u202eb"),
        ("创新券 券码", "创新券 券码"),
    ],
)
def test_signs_that_move_the_line_are_written_out(text: str, kept: str) -> None:
    record = logging.LogRecord("portal", logging.INFO, "x.py", 1, "%s", (text,), None)
    line = LineFormatter().format(record)
    assert line.endswith(f"INFO portal {kept}")
    assert len(line.splitlines()) == 1
