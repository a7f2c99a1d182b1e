from django.urls import path

from .views import public

urlpatterns = [
    path("services/", public.services, name="services"),
    path("services/<slug:number>/", public.service, name="service"),
    path("instruments/", public.instruments, name="instruments"),
    path("instruments/<slug:number>/", public.instrument, name="instrument"),
    path("carriers/", public.carriers, name="carriers"),
    path("carriers/<slug:number>/", public.carrier_page, name="carrier-page"),
]
