"""Where browsers find the files of a storage: plain URLs, or links that expire."""

import os
from typing import Any
from urllib.parse import urlsplit

from django.core.files.storage import FileSystemStorage
from django.utils.encoding import filepath_to_uri
from django.utils.functional import cached_property

from roots.conf import configuration
from roots.errors import ConfigError
from roots.media.access import Access, links_below
from roots.media.signed import SignedLinks


class AddressedStorage(FileSystemStorage):
    """Django's `FileSystemStorage`, whose files are come by as `access` says."""

    def __init__(
        self,
        location: str | os.PathLike[str] | None,
        base_url: str | None,
        file_permissions_mode: int | None,
        directory_permissions_mode: int | None,
        *,
        access: Access,
    ) -> None:
        """Raises ConfigError where what is private has no place of its own."""
        super().__init__(location, base_url, file_permissions_mode, directory_permissions_mode)
        access.require_place(location, base_url)
        self.access = access

    @cached_property
    def base_url(self) -> str:
        """What the URLs of its files begin with: the origin of users' files where they have one,
        except for those that a view decides about, which needs the site's cookies."""
        url = str(super().base_url)
        if self.access.kind == "view" or urlsplit(url).netloc:
            return url
        return f"{configuration().media_origin or ''}{url}"

    def url(self, name: str | None) -> str:
        """Where browsers find the file; with access="signed" a link that expires."""
        return self.signed_url(name or "") if self.access.kind == "signed" else super().url(name)

    def signed_url(
        self, name: str, *, max_age_s: int | None = None, download_name: str | None = None
    ) -> str:
        """A link to the file for whoever has it, for `max_age_s` seconds (at least 1; the storage's
        own unless given) or up to half as long again.

        With `download_name` the file is a download, under that name. Raises ConfigError for a
        storage whose access is not "signed".
        """
        if self.access.kind != "signed":
            raise ConfigError(
                f"{name!r} needs no signature: access is {self.access.kind!r}. Take its url, or "
                "keep it in a storage with access='signed'."
            )
        query = self.links.query(name, max_age_s=max_age_s, download_name=download_name)
        return f"{self.base_url}{filepath_to_uri(name).lstrip('/')}?{query}"

    @property
    def links(self) -> SignedLinks:
        """What signs the links of this storage, and knows them again."""
        return links_below(self.base_url, self.access.max_age_s)

    def _clear_cached_properties(self, setting: Any, **kwargs: Any) -> None:
        super()._clear_cached_properties(setting, **kwargs)
        if setting == "ROOTS":
            self.__dict__.pop("base_url", None)
