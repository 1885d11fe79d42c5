"""One form per kind of upload; each takes `file` and, if the visitor likes, `name`."""

from pathlib import PurePath
from typing import Any, ClassVar

from django import forms

from roots.media.forms import FileField, ImageField
from shop.models import Document, Invoice, Note, Product, Profile, Upload


class UploadForm(forms.Form):
    """What the three forms share. `slug` is the last part of the URL the form is sent to."""

    slug: ClassVar[str]
    model: ClassVar[type[Upload]]
    column: ClassVar[str]
    icon: ClassVar[str]
    legend: ClassVar[str]
    file_label: ClassVar[str]
    name_label: ClassVar[str]
    nothing_yet: ClassVar[str]

    name = forms.CharField(max_length=80, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id=f"{self.slug}-%s", **kwargs)

    def save(self) -> Upload:
        """Store the file and its row; without a name, the file's own name is shown."""
        file = self.cleaned_data["file"]
        name = self.cleaned_data["name"] or PurePath(file.name).stem[:80]
        return self.model.objects.create(name=name, **{self.column: file})


def picture(model: type[Upload], column: str) -> ImageField:
    """A picture that the model's column accepts; its policy says what is wrong with others."""
    return ImageField(
        policy=model._meta.get_field(column).policy,
        error_messages={
            "required": "Choose a picture first.",
            "empty": "That file is empty. Choose a picture.",
        },
    )


class AvatarForm(UploadForm):
    slug, icon = "avatar", "person"
    model, column = Profile, "avatar"
    legend = "Profile picture"
    file_label = "Your picture"
    name_label = "Your name"
    nothing_yet = "Nobody has shown their face yet."
    file = picture(Profile, "avatar")


class ProductForm(UploadForm):
    slug, icon = "product", "leaf"
    model, column = Product, "image"
    legend = "Product image"
    file_label = "Picture of the plant"
    name_label = "Name of the plant"
    nothing_yet = "The shelves are empty. Add the first plant."
    file = picture(Product, "image")


class DocumentForm(UploadForm):
    slug, icon = "document", "page"
    model, column = Document, "file"
    legend = "Document"
    file_label = "Any file"
    name_label = "Title"
    nothing_yet = "No documents yet. HTML and SVG are welcome: they are only ever downloaded."
    file = FileField(
        policy=Document._meta.get_field("file").policy,
        error_messages={
            "required": "Choose a file first.",
            "empty": "That file is empty. Choose one with something in it.",
        },
    )


class InvoiceForm(DocumentForm):
    slug, model = "invoice", Invoice
    legend = "Invoice"
    file_label = "Any file, for whoever has its link"
    nothing_yet = (
        "No invoices yet. Their links hold for an hour or so; whoever has one may read it."
    )


class NoteForm(DocumentForm):
    slug, model = "note", Note
    legend = "Staff note"
    file_label = "Any file, for the staff"
    nothing_yet = "No notes yet. Only who is logged in as staff may read one: try it."


FORMS: dict[str, type[UploadForm]] = {
    form.slug: form for form in (AvatarForm, ProductForm, DocumentForm, InvoiceForm, NoteForm)
}
