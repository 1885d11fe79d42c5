"""URLs and views. Whoever comes is the editor, so that every door is open."""

from django.contrib import admin
from django.contrib.auth.models import User
from django.core.files.storage import default_storage
from django.forms import modelform_factory
from django.http import JsonResponse
from django.urls import path
from django.views.generic import CreateView
from rest_framework import generics, serializers

from tests.media.gate.models import Guarded, Open, Picture

admin.site.register([Guarded, Open, Picture])


def everybody_is_the_editor(get_response):
    """Middleware that spares tests a login."""

    def middleware(request):
        request.user = User.objects.get()
        return get_response(request)

    return middleware


class Form(CreateView):
    """A class-based view with a ModelForm; answers with the file's URL, or with what is wrong."""

    model = Guarded
    form_class = modelform_factory(Guarded, fields=["file"])

    def form_valid(self, form):
        """Say where the file is."""
        return JsonResponse({"url": form.save().file.url}, status=201)

    def form_invalid(self, form):
        """Say why there is none."""
        return JsonResponse(form.errors, status=422)


class PictureSerializer(serializers.ModelSerializer):
    """What Django REST framework makes of a model, told nothing else."""

    class Meta:
        model = Picture
        fields = ("file",)


class PictureAPI(generics.CreateAPIView):
    """Pictures through the API."""

    authentication_classes = ()
    queryset = Picture.objects.all()
    serializer_class = PictureSerializer


def save(request):
    """A view that knows no forms and stores what comes."""
    file = request.FILES.get("file")
    if file is None:  # Django drops what has no name
        return JsonResponse({"file": ["No file came."]}, status=400)
    name = default_storage.save(file.name, file)
    return JsonResponse({"url": default_storage.url(name)}, status=201)


def newest(request):
    """Where the file is that came in through the admin last."""
    return JsonResponse({"url": Open.objects.latest("pk").file.url})


urlpatterns = [
    path("form/", Form.as_view()),
    path("admin/", admin.site.urls),
    path("api/", PictureAPI.as_view()),
    path("save/", save),
    path("newest/", newest),
]
