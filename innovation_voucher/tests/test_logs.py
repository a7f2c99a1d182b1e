"""One event, one line."""

import logging
import sys

from innovation_voucher.logs import LineFormatter


def record(message: str, *args: object) -> logging.LogRecord:
    return logging.LogRecord("portal", logging.INFO, __file__, 1, message, args, None)


def test_a_line_names_level_logger_and_message() -> None:
    line = LineFormatter().format(record("voucher %s issued", "7K3M"))
    assert line.endswith("INFO portal voucher 7K3M issued")


def test_a_line_break_cannot_forge_an_entry() -> None:
    line = LineFormatter().format(record("file %s", "a.pdf\r\n2026-01-01 INFO portal paid\x1b[2J"))
    assert line.endswith(r"file a.pdf\r\n2026-01-01 INFO portal paid\x1b[2J")


def test_chinese_stays_readable() -> None:
    assert LineFormatter().format(record("单位 %s", "示例公司")).endswith("单位 示例公司")


def test_a_traceback_is_indented() -> None:
    try:
        raise ValueError("first\n2026-01-01 INFO portal paid")
    except ValueError:
        entry = record("broken")
        entry.exc_info = sys.exc_info()
    lines = LineFormatter().format(entry).splitlines()
    assert lines[0].endswith("INFO portal broken")
    assert all(line.startswith("    ") for line in lines[1:])
    assert lines[-1] == "    2026-01-01 INFO portal paid"
