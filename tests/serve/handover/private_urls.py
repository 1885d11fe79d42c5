"""Views that hand files over, as a project would write them."""

from django.core.files.storage import storages
from django.db.models import FileField
from django.db.models.fields.files import FieldFile
from django.http import HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.cache import cache_page
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import condition

from roots.serve import send


def in_private_storage(name):
    """What a FileField with a storage of its own, beside MEDIA_ROOT, gives a view."""
    return FieldFile(None, FileField(storage=storages["private"]), name)


def download(request, name):
    return send(request, name, download_name=request.GET.get("as"))


async def download_async(request, name):
    return send(request, name, download_name=request.GET.get("as"))


def closed(request, name):
    return send(request, in_private_storage(name))


def named(request):
    return send(request, in_private_storage(request.GET["name"]))


def forwarded(request):
    """Who Django thinks is asking, and for what."""
    return JsonResponse(
        {
            "host": request.get_host(),
            "forwarded_host": request.META.get("HTTP_X_FORWARDED_HOST"),
            "for": request.META.get("HTTP_X_FORWARDED_FOR"),
            "proto": request.META.get("HTTP_X_FORWARDED_PROTO"),
        }
    )


def decorated(request, name):
    response = send(request, name)
    response["Content-Language"] = "de"
    response["Content-Length"] = "3"
    response["ETag"] = '"of the view"'
    response["Content-Type"] = "text/html"
    response["Vary"] = "Cookie"
    response.set_cookie("seen", "yes")
    return response


def brief(request, name):
    response = send(request, name)
    response["Cache-Control"] = "private, no-store"
    return response


def refused(request, name):
    response = send(request, name)
    response.status_code = 403
    return response


def second_thoughts(request, name):
    send(request, name)
    return HttpResponse("no")


def public(request, name):
    response = send(request, name)
    response["Cache-Control"] = "public, max-age=60"
    return response


def failing(request, name):
    send(request, name)
    raise RuntimeError("after all")


urlpatterns = [
    path("private/<path:name>", download),
    path("async/<path:name>", download_async),
    path("forwarded/", forwarded),
    path("named/", named),
    path("closed/<path:name>", closed),
    path("decorated/<path:name>", decorated),
    path("brief/<path:name>", brief),
    path("refused/<path:name>", refused),
    path("thoughts/<path:name>", second_thoughts),
    path("failing/<path:name>", failing),
    path("gzipped/<path:name>", gzip_page(download)),
    path("cached/<path:name>", cache_page(60)(download)),
    path("published/<path:name>", cache_page(60)(public)),
    path("known/<path:name>", condition(etag_func=lambda *_, **__: '"theirs"')(download)),
]
