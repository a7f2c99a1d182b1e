"""`python -m bench.lapse`: what the sweep of the year's end does to accounts, in a process that can be killed."""

import os

import django


def main() -> None:
    """Chunk after chunk, each in a transaction of its own, until nothing is over."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "innovation_voucher.settings"
    django.setup()
    # Models can be imported only now.
    from innovation_voucher.casework import calendar  # noqa: PLC0415
    from vouchers.services import lapsing  # noqa: PLC0415

    while (done := lapsing.lapse_accounts(calendar.today())).count:
        print(done.count, done.amount, flush=True)


if __name__ == "__main__":
    main()
