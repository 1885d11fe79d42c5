from django.contrib import admin
from django.template.defaultfilters import filesizeformat

from shop.models import Document, Invoice, Note, Product, Profile, Upload


class UploadAdmin(admin.ModelAdmin):
    """A list of names, stored names and sizes, newest first."""

    list_display = ("name", "stored_name", "size", "uploaded_at")
    search_fields = ("name",)
    date_hierarchy = "uploaded_at"

    @admin.display(description="stored as")
    def stored_name(self, upload: Upload) -> str:
        return upload.stored.name or ""

    @admin.display(description="size")
    def size(self, upload: Upload) -> str:
        size_bytes = upload.size_bytes
        return "missing from the disk" if size_bytes is None else filesizeformat(size_bytes)


admin.site.register([Profile, Product, Document, Invoice, Note], UploadAdmin)
admin.site.site_header = "Rootstock"
admin.site.site_title = "Rootstock admin"
admin.site.index_title = "What visitors uploaded"
