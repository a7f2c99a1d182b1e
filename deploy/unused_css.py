"""List the class names of our sheets that no page, script or Python file mentions.

Run by hand before a release: ``python deploy/unused_css.py``. Names that templates put together
(``t-{{ tone }}``) are counted as used when their beginning is.
"""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCES = {".html", ".js", ".py"}
SHEETS = ("portal.css", "home.css", "map.css", "notices.css")
LEFT_OUT = {"vendor", ".venv", "staticfiles", "tests"}


def class_names(sheet: str) -> set[str]:
    """Every class that a selector of the sheet names."""
    selectors = re.sub(r"\{[^{}]*\}", "{}", re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL))
    return set(re.findall(r"\.(-?[a-zA-Z_][\w-]*)", selectors))


def mentioned() -> str:
    """All text in which a class may be named."""
    paths = (path for path in ROOT.rglob("*") if path.suffix in SOURCES and not LEFT_OUT & set(path.parts))
    return "\n".join(path.read_text(errors="replace") for path in paths)


def unused() -> list[str]:
    """Class names of our own that stand nowhere, whole or as a beginning with a variable end."""
    text = mentioned()
    words = set(re.findall(r"[\w-]+", text))
    beginnings = tuple(set(re.findall(r"([\w-]+[-_])(?=\{[{%])", text)))
    names = set[str]().union(*(class_names((ROOT / "static" / sheet).read_text()) for sheet in SHEETS))
    return sorted(
        name for name in names if name not in words and not name.startswith(("govuk", "leaflet", *beginnings))
    )


if __name__ == "__main__":
    print("\n".join(unused()))
