"""What clients get for an upload that was refused, where no form told them.

In the project's urls.py: `handler400 = "roots.media.answers.refused"`.
"""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.defaults import bad_request

from roots.errors import UploadRejected


def refused(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """A sentence as plain text and the status of the refusal (413, 415, 422, 503, 507), where
    Django would say 400 and nothing else. Anything but a refused upload is Django's to answer."""
    if not isinstance(exception, UploadRejected):
        return bad_request(request, exception)
    headers = {"X-Content-Type-Options": "nosniff"}
    return HttpResponse(
        f"{exception}\n",
        status=exception.status,
        content_type="text/plain; charset=utf-8",
        headers=headers,
    )
