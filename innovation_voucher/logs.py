"""One log line per event, whatever text a stranger put into it."""

import logging


class LineFormatter(logging.Formatter):
    """Time, level, logger, message; control characters of the message are escaped.

    Otherwise a line break in a file name or a browser's name could forge a second entry.
    A traceback keeps its lines, each indented.
    """

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - name of logging's own
        text = super().formatMessage(record)
        return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)

    def formatException(self, ei: object) -> str:  # noqa: N802 - name of logging's own
        lines = super().formatException(ei)  # type: ignore[arg-type]
        return "\n".join("    " + line for line in lines.splitlines())
