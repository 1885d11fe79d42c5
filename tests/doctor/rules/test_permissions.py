"""Who may read and write the roots."""

import getpass

import pytest

UNIT = """\
[Service]
User={user}
WorkingDirectory={directory}
ExecStart={directory}/.venv/bin/python manage.py serve
"""
NGINX = """\
user nobody;
http {{
    server {{
        location /static/ {{ alias {directory}/staticfiles/; }}
        location /media/ {{ alias {directory}/media/; }}
        location / {{ client_max_body_size 1g; proxy_pass http://127.0.0.1:8000; }}
    }}
}}
"""


def unit(project, user, directory=None):
    text = UNIT.format(user=user, directory=directory or project.directory)
    project.write({"deploy/shop.service": text})


def test_a_service_that_may_not_write_uploads(project):
    unit(project, "nobody")
    finding = project.only("media-not-writable", "--skip", "static-not-readable")
    assert finding["severity"] == "error"
    assert "nobody" in finding["what"]
    assert str(project.directory / "media") in finding["what"]
    assert finding["where"].endswith("deploy/shop.service:2")
    assert f"sudo chown -R nobody {project.directory}/media" in finding["fix"]


def test_a_container_that_has_the_uploads_mounted(project):
    project.write(
        {
            "compose.yml": "services:\n  web:\n    build: .\n    user: '65534'\n"
            "    volumes:\n      - ./media:/srv/shop/media\n",
            "Dockerfile": "FROM python\nWORKDIR /srv/shop\nCOPY . .\n",
        }
    )
    finding = project.only("media-not-writable")
    assert finding["where"].endswith("compose.yml:2")


IN_A_CONTAINER = """
from roots.doctor.evidence import accounts
accounts._CONTAINER_MARKS = {}
"""


def test_the_user_of_the_container_this_runs_in(project):
    project.write({"Dockerfile": "FROM python\nCOPY . .\nUSER nobody:nogroup\n"})
    project.settings(IN_A_CONTAINER.format("(__file__,)"))
    finding = project.only("media-not-writable", "--skip", "static-not-readable")
    assert finding["where"].endswith("Dockerfile:3")


def test_the_user_of_a_container_that_runs_elsewhere_is_nobody_here(project):
    project.write({"Dockerfile": "FROM python\nCOPY . .\nUSER nobody:nogroup\n"})
    project.settings(IN_A_CONTAINER.format("()"))
    assert "media-not-writable" not in project.slugs("--only", "media-not-writable")


@pytest.mark.parametrize(
    ("user", "directory"),
    [
        (getpass.getuser(), None),
        ("nobody", "/srv/elsewhere"),  # a unit of another machine
        ("nobody-knows-this-user", None),
    ],
)
def test_a_service_that_may_write_or_is_not_of_this_machine(project, user, directory):
    unit(project, user, directory)
    assert not {"media-not-writable", "static-not-readable"} & project.slugs()


def test_a_directory_of_another_machine_is_a_note_at_most(project):
    project.settings('MEDIA_ROOT = "/proc/shop/media"')  # where nobody can make a directory
    found = project.findings("--only", "media-not-writable")
    assert {each["severity"] for each in found} <= {"info"}


def test_nobody_needs_a_media_root_that_no_field_uses(project):
    unit(project, "nobody")
    project.write({"shop/models.py": ""})
    assert "media-not-writable" not in project.slugs("--only", "media-not-writable")


def test_a_proxy_that_may_not_read_what_it_serves(project):
    project.collect()
    project.write({"nginx.conf": NGINX.format(directory=project.directory)})
    finding = project.only("static-not-readable")
    assert finding["where"].endswith("nginx.conf:1")
    assert f"cannot read {project.directory}/staticfiles" in finding["what"]


def test_a_proxy_of_another_machine_reads_nothing_here(project):
    project.collect()
    project.write({"nginx.conf": NGINX.format(directory="/srv/shop")})
    assert "static-not-readable" not in project.slugs("--only", "static-not-readable")


def test_modes_are_mended_file_by_file(reachable_project):
    project = reachable_project
    project.collect()
    unit(project, "nobody")
    closed = project.directory / "staticfiles/shop/app.css"
    assert "static-not-readable" not in project.slugs("--only", "static-not-readable")
    closed.chmod(0o600)
    finding = project.only("static-not-readable", "--skip", "media-not-writable")
    assert str(closed) in finding["what"]
    project.manage("doctor", "--only", "static-not-readable", "--fix", "--yes")
    assert closed.stat().st_mode & 0o777 == 0o644
    assert "static-not-readable" not in project.slugs("--only", "static-not-readable")


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("FILE_UPLOAD_PERMISSIONS = 644", "FILE_UPLOAD_PERMISSIONS = 0o644"),
        ("FILE_UPLOAD_PERMISSIONS = '0644'", "FILE_UPLOAD_PERMISSIONS = 0o644"),
        (
            "FILE_UPLOAD_DIRECTORY_PERMISSIONS = 755",
            "FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o755",
        ),
        (
            'STORAGES["default"]["OPTIONS"] = {"file_permissions_mode": 640}',
            'STORAGES["default"]["OPTIONS"]["file_permissions_mode"] = 0o640',
        ),
    ],
)
def test_a_decimal_mode(project, line, told):
    project.settings(line)
    finding = project.only("upload-permissions")
    assert finding["severity"] == "error"
    assert told in finding["fix"]
    assert "config/settings.py:" in finding["where"]


@pytest.mark.parametrize("mode", ["0o644", "420", "0o600", "None"])
def test_modes_that_are_modes(project, mode):
    project.settings(f"FILE_UPLOAD_PERMISSIONS = {mode}")
    project.settings("FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o2775")
    assert "upload-permissions" not in project.slugs("--only", "upload-permissions")


def test_a_root_that_everybody_may_write_to_is_closed(project):
    media = project.directory / "media"
    media.mkdir()
    media.chmod(0o777)
    assert "drwxrwxrwx" in project.only("upload-permissions")["what"]
    result = project.manage("doctor", "--only", "upload-permissions", "--fix", answers="y\n")
    assert f"- 0777 {media}\n+ 0775 {media}\nDo this? [y/N] Done.\n" in result.out
    assert media.stat().st_mode & 0o777 == 0o775


def test_a_disk_without_modes_says_nothing(project):
    for directory in (project.directory, project.directory / "media"):
        directory.mkdir(exist_ok=True)
        directory.chmod(0o777)
    assert "upload-permissions" not in project.slugs("--only", "upload-permissions")


def test_uploads_that_only_their_owner_can_read_behind_a_proxy(project):
    project.write({"media/a.txt": "a", "media/b.txt": "b"})
    (project.directory / "media/a.txt").chmod(0o600)
    assert "upload-permissions" not in project.slugs("--only", "upload-permissions")
    project.write({"nginx.conf": NGINX.format(directory=project.directory)})
    finding = project.only("upload-permissions")
    assert "-rw-------" in finding["what"]
    assert "media/a.txt" in finding["what"]
    assert "media/b.txt" not in finding["what"]
    project.manage("doctor", "--only", "upload-permissions", "--fix", "--yes")
    assert (project.directory / "media/a.txt").stat().st_mode & 0o777 == 0o644
