"""Neither root has a URL pattern here: Django never serves a file. It is only asked who may read
staff notes."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("shop.urls")),
    path("", include("roots.urls")),  # the storages whose access is "view"
]
