"""Who may read what is not for everybody."""

from django.contrib.auth.views import redirect_to_login
from django.db.models import Model
from django.http import HttpRequest
from django.http.response import HttpResponseBase


def may_read_notes(request: HttpRequest, _file: Model) -> bool | HttpResponseBase:
    """Staff may; everybody else is asked to log in."""
    if request.user.is_authenticated and request.user.is_staff:
        return True
    return redirect_to_login(request.get_full_path(), "admin:login")
