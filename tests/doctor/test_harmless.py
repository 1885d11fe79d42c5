"""The doctor changes nothing, runs nothing, asks nobody, and tells no secret."""

import pytest

MISTAKES = """
DEBUG = "False"
ALLOWED_HOSTS = [""]
SECRET_KEY = "tell-nobody-the-key-that-signs-every-session-of-this-site-please"
DATABASES["default"] |= {"PASSWORD": "tell-nobody-the-password"}
ROOTS = {"SERVED_BY": {"media": "nginx"}, "SIGNING": "tell-nobody-what-this-is"}
STATIC_URL = "/media/"
STATICFILES_DIRS = [BASE_DIR / "staticfiles", BASE_DIR / "nowhere"]
MIDDLEWARE = ["whitenoise.middleware.WhiteNoiseMiddleware"]
"""
NETWORK = """
import socket

def refuse(*arguments):
    raise AssertionError("the doctor asked somebody")

socket.socket.connect = socket.socket.connect_ex = socket.getaddrinfo = refuse
"""
FILES = {
    "Dockerfile": "FROM python\nENV TOKEN=tell-nobody\nWORKDIR /app\nCOPY . .\n",
    "compose.yml": "services:\n  web:\n    build: .\n    environment: [KEY=tell-nobody]\n",
    "nginx.conf": "server { location /media/ { alias /srv/elsewhere/; } }\n",
    "config/wsgi.py": "raise SystemExit('wsgi.py was run')\n",
    "shop/views.py": 'URL = "/media/a.png"\nraise SystemExit("views.py was run")\n',
    "media/a.png": "",
    ".dockerignore": "",
}


@pytest.fixture
def wrong(project):
    """A project with many mistakes, and secrets in it."""
    project.settings(MISTAKES + NETWORK)
    project.write(FILES)
    return project


def state(directory):
    """Every file and directory, and what it holds; but what Python itself keeps."""
    return {
        path: (path.lstat().st_mode, path.read_bytes() if path.is_file() else None)
        for path in directory.rglob("*")
        if "__pycache__" not in path.parts
    }


def test_nothing_changes_nothing_is_run_and_nobody_is_asked(wrong):
    before = state(wrong.directory)
    found = wrong.findings("--deploy")
    assert len({each["slug"] for each in found}) > 5
    assert "rule-failed" not in {each["slug"] for each in found}
    assert state(wrong.directory) == before


def test_no_secret_is_told(wrong):
    result = wrong.manage("doctor", "--deploy")
    assert "tell-nobody" not in result.out + result.err
