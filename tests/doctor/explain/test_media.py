"""manage.py explain, for uploads."""

import json

import pytest

UPLOAD = """
from django.core.files.base import ContentFile
from shop.models import Invoice
print(Invoice.objects.create(scan=ContentFile(b"%PDF-1.7 paid", "march.pdf")).scan.name)
"""


@pytest.fixture
def shop(project):
    project.settings('DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"')
    result = project.manage("migrate", "--run-syncdb", "--verbosity", "0")
    assert result.code == 0, result.err
    return project


@pytest.fixture
def upload(shop) -> str:
    result = shop.manage("shell", "--verbosity", "0", "-c", UPLOAD)
    assert result.code == 0, result.err
    return result.out.split()[-1]


def explained(project, file: str) -> dict:
    result = project.manage("explain", "--json", file)
    assert result.out, result.err
    (found,) = [each for each in json.loads(result.out)["files"] if each["half"] == "media"]
    return found


def test_what_is_known_of_an_upload_and_what_browsers_get(shop, upload):
    found = explained(shop, upload)
    assert found["uploaded_as"] == "march.pdf"
    assert found["named_by"] == ["shop.Invoice.scan 1"]
    assert found["content"] == "application/pdf"
    assert found["policies"] == {"shop.Invoice.scan": "accepts it"}
    (answer,) = found["answers"]
    assert answer["status"] == 200
    assert answer["headers"]["X-Content-Type-Options"] == "nosniff"
    assert found["problem"] == ""


def test_an_upload_is_named_by_name_url_or_path(shop, upload):
    for spelling in (f"/media/{upload}", f"media/{upload}", f"http://shop.example/media/{upload}"):
        assert explained(shop, spelling)["name"] == upload


def test_a_file_that_no_row_names_is_told(shop, upload):
    shop.manage("shell", "-c", "from shop.models import Invoice; Invoice.objects.update(scan='')")
    assert "No row names it" in explained(shop, upload)["problem"]


def test_a_file_in_the_trash_is_told_with_how_to_restore_it(shop, upload):
    shop.manage("shell", "-c", "from shop.models import Invoice; Invoice.objects.get().delete()")
    found = explained(shop, upload)
    assert found["in_the_trash"].startswith("since ")
    assert "manage.py media restore" in found["problem"]
    assert found["answers"][0]["status"] == 404


def test_a_row_whose_file_is_gone_is_told(shop, upload):
    (shop.directory / "media" / upload).unlink()
    found = explained(shop, upload)
    assert found["named_by"] == ["shop.Invoice.scan 1"]
    assert "no such file any more" in found["problem"]


def test_a_policy_that_refuses_today_what_it_took_then_is_told(shop, upload):
    models = (shop.directory / "shop/models.py").read_text()
    shop.write({"shop/models.py": models.replace("Documents", "Images")})
    (verdict,) = explained(shop, upload)["policies"].values()
    assert verdict.startswith("refuses it: ")


def test_a_name_nobody_knows_is_told_with_the_nearest_one(shop, upload):
    result = shop.manage("explain", "/media/" + upload.replace("march", "marhc"))
    assert result.code == 1
    assert f"Did you mean {upload!r}?" in result.out
