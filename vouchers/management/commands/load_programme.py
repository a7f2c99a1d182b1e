"""Load schemes from their files: `manage.py load_programme zj` or a path to a JSON file."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from vouchers.presets import PresetBroken
from vouchers.services.loading import load_programme

PRESETS = Path(__file__).resolve().parents[2] / "data"


class Command(BaseCommand):
    help = "Load a scheme: a path to a JSON file, or the name of a preset in vouchers/data."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        for name in options["files"]:
            done = self._load(name)
            self.stdout.write(f"{name}: {', '.join(done) or 'nothing new'}")

    def _load(self, name: str) -> list[str]:
        path = Path(name)
        if not path.suffix:
            path = PRESETS / f"{name}.json"
        try:
            return load_programme(json.loads(path.read_text()))
        except FileNotFoundError:
            known = ", ".join(sorted(p.stem for p in PRESETS.glob("*.json")))
            raise CommandError(f"there is no file {path}; presets are {known}") from None
        except json.JSONDecodeError as error:
            raise CommandError(f"{path} is no JSON: {error}") from None
        except PresetBroken as broken:
            raise CommandError("\n".join([f"{path} cannot be loaded:", *broken.problems])) from None
