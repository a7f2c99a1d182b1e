#!/usr/bin/env python
"""Run administrative commands of the portal."""

import os
import sys

from django.core.management import execute_from_command_line

# These change the schema, which the application's own database role may not do:
# settings.py then takes MIGRATE_DATABASE_URL.
OWNER_COMMANDS = {"migrate", "createcachetable"}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "innovation_voucher.settings")
    if OWNER_COMMANDS & set(sys.argv[1:2]):
        os.environ["DATABASE_AS_OWNER"] = "1"
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
