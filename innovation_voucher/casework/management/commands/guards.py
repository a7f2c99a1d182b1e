"""Prints the guards of an app's state machines, to be pasted into its guards migration."""

import argparse
from typing import Any

from django.apps import apps
from django.core.management import BaseCommand
from django_fsm import FSMField

from innovation_voucher.casework import guards
from innovation_voucher.casework.fsm import Stateful


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("app")

    def handle(self, *args: Any, **options: Any) -> None:
        models = apps.get_app_config(options["app"]).get_models()
        for model in (model for model in models if issubclass(model, Stateful)):
            for field in (field for field in model._meta.fields if isinstance(field, FSMField)):
                edges = tuple(sorted(guards.edges_of(model, field.name)))
                first = (str(field.default),)
                self.stdout.write(
                    f'FsmGuard("{model._meta.db_table}", "{field.column}", first={first!r}, edges={edges!r}),'
                )
