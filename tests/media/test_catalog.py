from roots.media.catalog import MediaCatalog


def test_a_stored_name_is_immutable_and_validated_by_its_content():
    entry = MediaCatalog().find("pictures/holiday photo.3f2a91c0d4e7.JPG")
    assert entry.is_immutable
    assert entry.content_type == "image/jpeg"
    assert entry.filename == "holiday photo.JPG"
    [only] = entry.representations
    assert (only.path, only.encoding) == ("pictures/holiday photo.3f2a91c0d4e7.JPG", "identity")
    assert only.tag == "3f2a91c0d4e7"


def test_a_file_from_before_is_neither():
    entry = MediaCatalog().find("pictures/old.png")
    assert (entry.is_immutable, entry.filename, entry.content_type) == (
        False,
        "old.png",
        "image/png",
    )
    assert entry.representations[0].tag is None


def test_a_name_that_ends_with_its_digest_has_no_extension():
    entry = MediaCatalog().find("LICENSE.3f2a91c0d4e7")
    assert (entry.filename, entry.content_type) == ("LICENSE", "application/octet-stream")
