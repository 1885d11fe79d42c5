"""What the serving layer learns about a media name: from the name alone, without I/O.

Nothing is listed and nothing is remembered, so a file uploaded a millisecond ago is found and a
deleted one is not.
"""

from roots import fingerprint, mediatypes
from roots.serve.catalog import Entry, Representation


class MediaCatalog:
    """Implements `roots.serve.catalog.Catalog` for MEDIA_ROOT."""

    def find(self, name: str) -> Entry:
        """The entry for `name`; never None, because only opening the file tells if it is there.

        A stored name is immutable and validated by the digest it carries. Files from before, whose
        names say nothing about their content, are neither.

        >>> entry = MediaCatalog().find("docs/Q3 report.3f2a91c0d4e7.pdf")
        >>> entry.filename, entry.representations[0].tag, entry.is_immutable
        ('Q3 report.pdf', '3f2a91c0d4e7', True)
        >>> entry = MediaCatalog().find("docs/old.pdf")
        >>> entry.filename, entry.representations[0].tag, entry.is_immutable
        ('old.pdf', None, False)
        """
        stored = fingerprint.parse(name)
        logical = stored.logical if stored else name
        return Entry(
            representations=(Representation(name, tag=stored.digest if stored else None),),
            content_type=mediatypes.guess_untrusted(logical),
            filename=logical.rpartition("/")[2],
            is_immutable=stored is not None,
            logical=logical,
        )
