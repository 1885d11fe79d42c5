"""The files of storages with access="view": `path("", include("roots.urls"))` in a project."""

from roots.serve.handover.authorised import patterns

urlpatterns = [*patterns()]
