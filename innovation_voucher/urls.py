from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

from innovation_voucher import health

# Otherwise the admin's own sign-in page would go round rate limits and the second factor.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("admin/", admin.site.urls),
    path("accounts/", include("allauth.urls")),
]

handler400 = "innovation_voucher.views.bad_request"
handler403 = "innovation_voucher.views.forbidden"
handler404 = "innovation_voucher.views.not_found"
handler500 = "innovation_voucher.views.server_error"
# allauth looks this one up for its rate limits.
handler429 = "innovation_voucher.views.too_many"
