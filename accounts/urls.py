from django.urls import path

from .views import home, registration, signin, verification

CERT = "ent/cert/"

urlpatterns = [
    path("register/", registration.who, name="register"),
    path("register/form/", registration.facts, name="register-form"),
    path("register/code/", registration.code, name="register-code"),
    path("register/code/help/", registration.help_with_code, name="register-help"),
    path("register/done/", registration.done, name="register-done"),
    path("accounts/login/", signin.SignIn.as_view(), name="account_login"),
    path("accounts/login/sms/", signin.by_code, name="login-sms"),
    path("accounts/login/demo/", signin.demo, name="login-demo"),
    path("accounts/password/reset/", signin.forgotten, name="account_reset_password"),
    path("start/", signin.start, name="start"),
    path("account/", home.security, name="security"),
    path("ent/", home.ent_home, name="ent-home"),
    path(CERT, verification.cert, name="ent-cert"),
    path(f"{CERT}start/", verification.start, name="ent-cert-start"),
    path(f"{CERT}section/<slug:key>/", verification.section, name="ent-cert-section"),
    path(f"{CERT}mend/", verification.mend, name="ent-cert-mend"),
    path(f"{CERT}autofill/", verification.autofill, name="ent-cert-autofill"),
    path(f"{CERT}check/", verification.check, name="ent-cert-check"),
    path(f"{CERT}done/", verification.done, name="ent-cert-done"),
    path(f"{CERT}withdraw/", verification.withdraw, name="ent-cert-withdraw"),
    path(f"{CERT}history/", verification.history, name="ent-cert-history"),
    path(f"{CERT}<slug:number>/", verification.one, name="ent-cert-one"),
    path(f"{CERT}<slug:number>/receipt.pdf", verification.receipt, name="ent-cert-receipt"),
]
