"""As a project with private files has them."""

from django.urls import include, path

urlpatterns = [path("", include("roots.urls")), path("", include("tests.project.urls"))]
