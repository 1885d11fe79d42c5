"""The front page, and the five addresses its forms are sent to."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import SuspiciousFileOperation
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from shop.forms import FORMS, UploadForm
from shop.inventory import both_roots
from shop.models import Upload

SHOWN = 12


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """Five forms, what was uploaded last, and the state of both roots."""
    return render(request, "shop/front.html", page())


def upload(request: HttpRequest, kind: str) -> HttpResponse:
    """Take one file. Bad input gives the page again, with a reason and what was typed."""
    if kind not in FORMS:
        raise Http404(f"Nothing is uploaded as {kind!r}.")
    if request.method != "POST":
        return redirect("front")
    form = FORMS[kind](request.POST, request.FILES)
    if not form.is_valid():
        return render(request, "shop/front.html", page(form), status=422)
    try:
        with transaction.atomic():
            stored = form.save()
    except SuspiciousFileOperation as rejected:
        form.add_error("file", str(rejected))
        return render(request, "shop/front.html", page(form), status=422)
    messages.success(request, served(form.legend, stored))
    return redirect("front")


def served(legend: str, upload: Upload) -> SafeString:
    """What the visitor is told, with a link to the file under its stored name."""
    file = upload.stored
    return format_html(
        '{} “{}” is stored and already served: <a href="{}">{}</a>', legend, upload, file.url, file
    )


def page(sent: UploadForm | None = None) -> dict[str, Any]:
    """The front page's context; `sent` is a form that could not be accepted."""
    forms = [sent if sent and sent.slug == slug else form() for slug, form in FORMS.items()]
    return {"sent": sent, "shelves": [shelf(form) for form in forms], "roots": both_roots()}


def shelf(form: UploadForm) -> dict[str, Any]:
    """One kind of upload: its form, its latest rows and how many there are."""
    rows = form.model.objects.all()
    return {"form": form, "uploads": rows[:SHOWN], "total": rows.count()}
