"""The innovation-voucher portal (科技创新券)."""

from innovation_voucher.celery import app as celery_app

__all__ = ["celery_app"]
__version__ = "0.1.0"
