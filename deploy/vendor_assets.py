"""Copy the browser libraries we ship from npm tarballs into ``static/vendor``.

Run by hand on an upgrade: ``python deploy/vendor_assets.py FOLDER`` where FOLDER holds the
tarballs that ``npm pack NAME@VERSION`` wrote. The output and ``vendor.lock`` are committed;
nothing here runs when the portal is installed or started.
"""

import hashlib
import json
import re
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "static" / "vendor"
TEST_TARGET = ROOT / "innovation_voucher" / "tests" / "vendor"

#: package -> (version, licence, {path inside the tarball: file name in the target}).
PACKAGES: dict[str, tuple[str, str, dict[str, str]]] = {
    "govuk-frontend": (
        "6.6.0",
        "MIT",
        {
            "dist/govuk/govuk-frontend.min.css": "govuk-frontend.min.css",
            "dist/govuk/govuk-frontend.min.js": "govuk-frontend.min.js",
        },
    ),
    "htmx.org": ("2.0.11", "0BSD", {"dist/htmx.min.js": "htmx.min.js"}),
    "jsqr": ("1.4.0", "Apache-2.0", {"dist/jsQR.js": "jsQR.js"}),
    "leaflet": (
        "1.9.4",
        "BSD-2-Clause",
        {
            "dist/leaflet.js": "leaflet.js",
            "dist/leaflet.css": "leaflet.css",
            "dist/images/layers.png": "images/layers.png",
            "dist/images/layers-2x.png": "images/layers-2x.png",
            "dist/images/marker-icon.png": "images/marker-icon.png",
        },
    ),
    "leaflet.markercluster": (
        "1.5.3",
        "MIT",
        {"dist/leaflet.markercluster.js": "leaflet.markercluster.js"},
    ),
    "echarts": ("6.1.0", "Apache-2.0", {"dist/echarts.min.js": "echarts.min.js"}),
    "axe-core": ("4.14.1", "MPL-2.0", {"axe.min.js": "axe.min.js"}),
}

#: Sources in which a class of the sheet may be named, and folders that are not ours.
SOURCES = {".html", ".js", ".py"}
NOT_OURS = {"vendor", ".venv", "staticfiles", "tests", "deploy"}
CLASS = re.compile(r"\.(govuk-[\w-]+)")
#: Classes that the script of the package adds to what our pages use, and both kinds of choices, whose
#: classes a template puts together.
ADDED = ("govuk-skip-link-focused", "govuk-file-upload", "govuk-checkboxes", "govuk-radios", "govuk-frontend-supported")
STATES = ("govuk-textarea--error", "govuk-select--error", "govuk-character-count__message--disabled")

SOURCE_MAP = re.compile(r"\n?(?://# sourceMappingURL=[^\n]*|/\*# sourceMappingURL=[^*]*\*/)\s*$")


def edited(name: str, text: str) -> str:
    """Return the file as we ship it; raise ``ValueError`` when an edit no longer fits.

    The font of the British government may not be used elsewhere, the crest is not ours, and a
    source map that is not there stops ``collectstatic``.
    """
    text = SOURCE_MAP.sub("\n", text)
    if name == "govuk-frontend.min.css":
        text = replaced(text, r"@font-face\{[^}]*\}", "", 2)
        text = replaced(
            text,
            r"font-family:GDS Transport,arial,sans-serif",
            "font-family:var(--font-ui,sans-serif)",
            58,
        )
        text = replaced(text, r"(?:\.govuk-footer__copyright-logo[^{},]*,?)+\{[^}]*\}", "", 5)
        text = cut(text, kept(text))
        if "GDS Transport" in text or "url(/assets" in text:
            raise ValueError("a font or an asset of GOV.UK is left in govuk-frontend.min.css")
    return text


def kept(sheet: str) -> set[str]:
    """Classes of the sheet that a page, a script or Python names, and those that the package's script adds."""
    paths = (path for path in ROOT.rglob("*") if path.suffix in SOURCES and not NOT_OURS & set(path.parts))
    named = {name for path in paths for name in re.findall(r"govuk-[\w-]+", path.read_text(encoding="utf-8"))}
    return {name for name in CLASS.findall(sheet) if name in named or name in STATES or name.startswith(ADDED)}


def cut(text: str, keep: set[str]) -> str:
    """The sheet without selectors that ask for a class outside of `keep`, and without what is empty then."""
    parts = []
    for head, body in rules(text):
        if head.startswith(("@media", "@supports")):
            body = cut(body, keep)
        elif not head.startswith("@") and body:
            head = ",".join(one for one in re.split(r",(?![^(]*\))", head) if asked(one) <= keep)
        parts.append(f"{head}{{{body}}}" if head and body else "")
    return "".join(parts)


def asked(selector: str) -> set[str]:
    """The classes that an element must carry to match; those that it may not are no matter."""
    return set(CLASS.findall(re.sub(r":not\([^)]*\)", "", selector)))


def rules(text: str) -> Iterator[tuple[str, str]]:
    """Every rule as its selector and what stands between its braces, which may be rules again."""
    start = 0
    while (brace := text.find("{", start)) >= 0:
        depth, end = 1, brace + 1
        while depth:
            depth += {"{": 1, "}": -1}.get(text[end], 0)
            end += 1
        yield text[start:brace].strip(), text[brace + 1 : end - 1]
        start = end


def replaced(text: str, pattern: str, new: str, expected: int) -> str:
    """Replace every match and insist on their number, so an upgrade cannot pass unseen."""
    result, found = re.subn(pattern, new, text)
    if found != expected:
        raise ValueError(f"{pattern}: expected {expected} matches, found {found}")
    return result


def vendor(package: str, folder: Path) -> list[dict[str, str]]:
    """Write the files of one package and return their lock entries."""
    version, licence, files = PACKAGES[package]
    target = TEST_TARGET if package == "axe-core" else TARGET
    entries = []
    with tarfile.open(folder / f"{package}-{version}.tgz") as archive:
        for inside, name in files.items():
            member = archive.extractfile(f"package/{inside}")
            if member is None:
                raise ValueError(f"{package}: {inside} is not a file")
            content = member.read()
            gone: dict[str, str] = {}
            if name.endswith((".css", ".js")):
                upstream = content.decode()
                content = edited(name, upstream).encode()
                gone = left_out(upstream, content.decode()) if name.endswith(".css") else {}
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            (target / name).write_bytes(content)
            entries.append(
                {
                    "file": (target / name).relative_to(ROOT).as_posix(),
                    "package": package,
                    "version": version,
                    "licence": licence,
                    "sha256": hashlib.sha256(content).hexdigest(),
                    **gone,
                }
            )
    return entries


def left_out(upstream: str, shipped: str) -> dict[str, str]:
    """The classes that upstream has rules for and we do not, for the lock: a page may not use them."""
    gone = set(CLASS.findall(upstream)) - set(CLASS.findall(shipped))
    return {"left_out": " ".join(sorted(gone))} if gone else {}


def main(folder: Path) -> None:
    """Vendor every package and write the lock file."""
    entries = [entry for package in PACKAGES for entry in vendor(package, folder)]
    lock = TARGET / "vendor.lock"
    lock.write_text(json.dumps(entries, indent=1) + "\n", encoding="utf-8")
    print(f"{len(entries)} files, lock in {lock.relative_to(ROOT)}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
