"""Addresses of files, messages and the demo outbox; `urls.py` includes them."""

from django.urls import path

from . import downloads, inbox

urlpatterns = [
    path("files/<str:token>/", downloads.original, name="file"),
    path("files/<str:token>/pages/<int:number>/", downloads.page, name="file-page"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/read/", inbox.read_all, name="inbox-read"),
    path("inbox/<int:pk>/", inbox.message, name="inbox-message"),
    path("inbox/<int:pk>/open/", inbox.open_message, name="inbox-open"),
    path("inbox/<int:pk>/delete/", inbox.delete_message, name="inbox-delete"),
    path("demo/outbox/", inbox.demo_outbox, name="demo-outbox"),
]
