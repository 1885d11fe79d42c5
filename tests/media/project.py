"""A Django project with one page that stores what it gets: settings, URLs and view in one place.

Run by real servers: `DJANGO_SETTINGS_MODULE=tests.media.project MEDIA_ROOT=... gunicorn ...`.
"""

import os

from django.urls import path

from tests.project.settings import *  # noqa: F403

ROOT_URLCONF = "tests.media.project"
MEDIA_ROOT = os.environ.get("MEDIA_ROOT", "")
ROOTS = {"DURABLE_UPLOADS": False}


def upload(request):
    """Store every file of the request; say where each was and is, and in which process."""
    from django.core.files.storage import default_storage
    from django.http import JsonResponse

    files = []
    for file in request.FILES.values():
        staged = os.stat(file.temporary_file_path()).st_ino
        name = default_storage.save(file.name, file)
        stored = os.stat(default_storage.path(name)).st_ino
        files.append({"name": name, "size": file.size, "staged": staged, "stored": stored})
    return JsonResponse({"files": files, "pid": os.getpid()})


def look(request):
    """Look at what came in, and store nothing."""
    from django.http import HttpResponse

    return HttpResponse(str(len(request.FILES)))


def picture(request):
    """What a project does with an ImageField: a stock ModelForm."""
    from django.forms import modelform_factory
    from django.http import HttpResponse

    from tests.project.models import Picture

    form = modelform_factory(Picture, fields=["image"])(request.POST, request.FILES)
    return HttpResponse(form.save().image.url if form.is_valid() else "no")


urlpatterns = [path("upload/", upload), path("look/", look), path("picture/", picture)]
