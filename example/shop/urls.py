from django.urls import path

from shop import views

urlpatterns = [
    path("", views.front, name="front"),
    path("upload/<slug:kind>/", views.upload, name="upload"),
]
