"""Configurations of proxies: which directory they serve under which URL."""

import pytest

from roots.doctor.evidence.proxies import apache, caddy, nginx
from roots.doctor.evidence.proxies.mount import Mount


def of(reader, text):
    return [(each.prefix, each.directory) for each in reader.mounts(reader.parse(text))]


@pytest.mark.parametrize(
    ("text", "mounts"),
    [
        ("location /static { root /srv/site; }", [("/static/", "/srv/site/static")]),
        ("location /static/ { alias /srv/s/; }", [("/static/", "/srv/s")]),
        ("root /srv; location /static/ { expires 1y; }", [("/static/", "/srv/static")]),
        ('location ^~ "/a b/" { alias "/srv/a b/"; }', [("/a b/", "/srv/a b")]),
        ("location ~ ^/static/(.*)$ { alias /srv/s/$1; }", [("/static/", "/srv/s")]),
        (
            "location ~ ^/(static|media)/ { root /srv; }",
            [("/static/", "/srv/static"), ("/media/", "/srv/media")],
        ),
        ("location / { root /srv/www; try_files $uri @app; }", [("/", "/srv/www")]),
        ("location /static/ { alias ${ROOT}/static/; }", [("/static/", None)]),
        ("location /static/ { alias {{ static_root }}/; }", [("/static/", None)]),
        ("{% if x %}\nlocation /m/ { alias <%= ENV %>/m/; }{% endif %}", [("/m/", "/m")]),
        ("http { server { location /m/ { alias /srv/m/; } } }", [("/m/", "/srv/m")]),
        # not served from a directory
        ("root /srv; location /static/ { proxy_pass http://app; }", []),
        ("location = /favicon.ico { alias /srv/f.ico; }", []),
        ("root /srv; location @app { proxy_pass http://app; }", []),
        (r"location ~* \.(css|js)$ { root /srv; }", []),
        ("# location /static/ { alias /srv/s/; }", []),
        ("location /old/ { return 301 /new/; } root /srv;", []),
    ],
)
def test_nginx(text, mounts):
    assert of(nginx, text) == mounts


@pytest.mark.parametrize(
    ("text", "mounts"),
    [
        ("handle_path /static/* {\nroot * /srv/s\nfile_server\n}", [("/static/", "/srv/s")]),
        ("handle /static/* {\nroot * /srv\nfile_server\n}", [("/static/", "/srv/static")]),
        ("a.example {\nroot * /srv\nfile_server /static/*\n}", [("/static/", "/srv/static")]),
        ("a.example {\nfile_server\nroot * /srv\n}", [("/", "/srv")]),
        (
            "a {\n@files path /static/* /media/*\nhandle @files {\nroot /srv\nfile_server\n}\n}",
            [("/static/", "/srv/static"), ("/media/", "/srv/media")],
        ),
        (
            "route /m/* {\nuri strip_prefix /m\nfile_server {\nroot /srv/x\n}\n}",
            [("/m/", "/srv/x")],
        ),
        ("handle_path /m/* {\nroot * {$MEDIA}\nfile_server\n}", [("/m/", None)]),
        ("handle {\nreverse_proxy app:8000\n}", []),
        ("# file_server", []),
    ],
)
def test_caddy(text, mounts):
    assert of(caddy, text) == mounts


@pytest.mark.parametrize(
    ("text", "mounts"),
    [
        ("Alias /static/ /srv/s/", [("/static/", "/srv/s")]),
        ('alias "/a b" "/srv/a b"', [("/a b/", "/srv/a b")]),
        ("AliasMatch ^/media/(.*)$ /srv/m/$1", [("/media/", "/srv/m")]),
        ("Alias /static ${ROOT}/s", [("/static/", None)]),
        ("DocumentRoot /srv/www", [("/", "/srv/www")]),
        (
            "DocumentRoot /srv/www\nProxyPass /static !\nProxyPass / http://app/",
            [("/static/", "/srv/www/static")],
        ),
        ("Alias /static/ \\\n  /srv/s/", [("/static/", "/srv/s")]),
        ("DocumentRoot /srv/www\nWSGIScriptAlias / /srv/wsgi.py", []),
        ("# Alias /static/ /srv/s/", []),
    ],
)
def test_apache(text, mounts):
    assert of(apache, text) == mounts


def test_lines_are_those_of_the_file():
    text = "# one\nserver {\n    # three\n    location /m/ { alias /srv/m/; }\n}\n"
    assert [*nginx.mounts(nginx.parse(text))] == [Mount("/m/", "/srv/m", 4)]


def test_a_prefix_above_is_asked_for_what_is_below():
    site = Mount("/", "/srv/www", 1)
    assert site.answers("/static/")
    assert site.directory_of("/static/") == "/srv/www/static"


@pytest.mark.parametrize(
    "text", ["{", "}}}", "location", 'location "', "<A", "</A>", "a {\n", "\\"]
)
@pytest.mark.parametrize("reader", [nginx, caddy, apache])
def test_what_makes_no_sense_is_left_out(reader, text):
    assert of(reader, text) == []
