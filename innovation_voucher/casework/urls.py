"""Addresses of the shared floor: desks, files, messages."""

from django.urls import include, path, register_converter
from django.urls.converters import SlugConverter

from .desk import bulk_views, case_views, saved_views, views
from .subjects import Subject, by_key


class SubjectConverter(SlugConverter):
    """The queue's part of an address; other words below /desk/ belong to the upper apps."""

    def to_python(self, value: str) -> Subject:  # type: ignore[override]
        """The subject under the key; ValueError lets the next pattern try."""
        try:
            return by_key(value)
        except LookupError:
            raise ValueError(value) from None


register_converter(SubjectConverter, "subject")

urlpatterns = [
    path("", include("innovation_voucher.casework.urls_common")),
    path("role/", views.choose_role, name="choose-role"),
    path("desk/", views.inbox, name="desk-inbox"),
    path("desk/search/", views.search, name="desk-search"),
    path("desk/<subject:subject>/", views.queue, name="desk-queue"),
    path("desk/<subject:subject>/start/", views.start, name="desk-start"),
    path("desk/<subject:subject>/queue.csv", views.export, name="desk-queue-csv"),
    path("desk/<subject:subject>/bulk/", bulk_views.approve, name="desk-bulk"),
    path("desk/<subject:subject>/assign/", bulk_views.assign, name="desk-assign"),
    path("desk/<subject:subject>/runs/<str:token>/", bulk_views.result, name="desk-bulk-result"),
    path("desk/<subject:subject>/views/<int:pk>/", saved_views.change, name="desk-view"),
    path("desk/<subject:subject>/views/<int:pk>/delete/", saved_views.delete, name="desk-view-delete"),
    path("desk/<subject:subject>/<str:number>/", case_views.case, name="desk-case"),
    path("desk/<subject:subject>/<str:number>/take/", case_views.take, name="desk-take"),
    path("desk/<subject:subject>/<str:number>/recuse/", case_views.recuse, name="desk-recuse"),
    path("desk/<subject:subject>/<str:number>/notice/", case_views.notice, name="desk-notice"),
    path("desk/<subject:subject>/<str:number>/notice.pdf", case_views.notice, {"pdf": True}, name="desk-notice-pdf"),
]
