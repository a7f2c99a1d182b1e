import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "innovation_voucher.settings")

app = Celery("innovation_voucher")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
