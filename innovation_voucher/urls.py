from importlib.util import find_spec

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path
from django.views.i18n import set_language

from innovation_voucher import health, views

# Otherwise the admin's own sign-in page would go round rate limits and the second factor.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

APPS = ("accounts", "innovation_voucher.casework", "carriers", "vouchers", "orders", "redemption")

PAGES = ("help", "accessibility", "privacy", "terms", "sitemap")

urlpatterns = [
    path("", views.front_page, name="home"),
    *(path(f"{name}/", views.page, {"name": name}, name=name) for name in PAGES),
    path("elder-mode/", views.elder_mode, name="elder-mode"),
    path("language/", set_language, name="set_language"),
    path("styleguide/", views.style_guide, name="styleguide"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("admin/", admin.site.urls),
    # Before allauth, so that an app may put its own page at one of allauth's addresses.
    *(path("", include(f"{app}.urls")) for app in APPS if find_spec(f"{app}.urls")),
    path("accounts/", include("allauth.urls")),
]

handler400 = "innovation_voucher.views.bad_request"
handler403 = "innovation_voucher.views.forbidden"
handler404 = "innovation_voucher.views.not_found"
handler500 = "innovation_voucher.views.server_error"
# allauth looks this one up for its rate limits.
handler429 = "innovation_voucher.views.too_many"
