"""How large an upload may be, and whether a web server would run it."""

import pytest

MEDIA = "location /media/ {{ alias {directory}/media/; }}"
PASSED_ON = "location / {{ proxy_pass http://127.0.0.1:8000; }}"
PHP = r"location ~ \.php$ {{ include fastcgi_params; fastcgi_pass unix:/run/php.sock; }}"
SMALL = """\
from django.db import models
from roots.media.fields import FileField
from roots.media.presets import Documents


class Invoice(models.Model):
    scan = FileField(policy=Documents(max_bytes=500_000))
"""
STOCK = "from django.db import models\n\n\nclass Invoice(models.Model):\n    scan = models.{}()\n"


def nginx(project, *lines, name="nginx.conf"):
    text = "server {{\n" + "\n".join(lines) + "\n}}\n"
    project.write({name: text.format(directory=project.directory)})


def test_nginx_takes_one_megabyte_where_nobody_says_more(project):
    nginx(project, MEDIA, PASSED_ON)
    finding = project.only("upload-limits-disagree")
    assert "shop.Invoice.scan takes files of 50.0 MiB" in finding["what"]
    assert "where nothing is said, which is 1.0 MiB" in finding["what"]
    assert finding["where"].endswith("nginx.conf:3")
    assert "    client_max_body_size 51m;" in finding["fix"]


def test_a_field_that_says_no_size_and_an_nginx_that_says_none(project):
    project.write({"shop/models.py": STOCK.format("FileField")})
    nginx(project, MEDIA, PASSED_ON)
    assert "say no largest size" in project.only("upload-limits-disagree")["what"]


@pytest.mark.parametrize(
    "lines",
    [
        ("client_max_body_size 60m;", PASSED_ON),
        ("client_max_body_size 0;", PASSED_ON),
        ("location /u/ {{ client_max_body_size 1g; proxy_pass http://x; }}", PASSED_ON),
        (MEDIA,),  # hands nothing on
    ],
)
def test_an_nginx_that_lets_through_what_fields_take(project, lines):
    nginx(project, *lines)
    assert "upload-limits-disagree" not in project.slugs("--only", "upload-limits-disagree")


def test_what_nginx_is_told_for_all_servers_counts(project):
    nginx(project, PASSED_ON, name="conf.d/shop.conf")
    assert "upload-limits-disagree" in project.slugs("--only", "upload-limits-disagree")
    project.write({"nginx.conf": "http {\n client_max_body_size 80m;\n include conf.d/*; }\n"})
    assert "upload-limits-disagree" not in project.slugs("--only", "upload-limits-disagree")


def test_small_uploads_fit_anywhere(project):
    project.write({"shop/models.py": SMALL})
    nginx(project, PASSED_ON)
    assert "upload-limits-disagree" not in project.slugs("--only", "upload-limits-disagree")


def test_a_proxy_that_says_too_little(project):
    project.write({"Caddyfile": "shop.example {\n request_body {\n  max_size 10MB\n }\n}\n"})
    finding = project.only("upload-limits-disagree")
    assert finding["where"].endswith("Caddyfile:3")
    assert "max_size 51MiB" in finding["fix"]


def test_an_apache_that_says_too_little(project):
    project.write(
        {
            "shop.vhost": "<VirtualHost *:80>\n  LimitRequestBody 1048576\n"
            "  ProxyPass / http://127.0.0.1:8000/\n</VirtualHost>\n"
        }
    )
    assert "LimitRequestBody 53477376" in project.only("upload-limits-disagree")["fix"]


def test_our_own_limit_is_smaller_than_a_policy(project):
    project.settings('ROOTS = {"MAX_BODY_BYTES": {"/": 1 << 20, "/upload/": 10 << 20}}')
    finding = project.only("upload-limits-disagree")
    assert 'by ROOTS["MAX_BODY_BYTES"]' in finding["what"]
    project.settings('ROOTS = {"MAX_BODY_BYTES": {"/": 1 << 20, "/upload/": None}}')
    assert "upload-limits-disagree" not in project.slugs("--only", "upload-limits-disagree")


def enough(*lines):
    return ("client_max_body_size 1g;", *lines)


@pytest.mark.parametrize(
    "lines",
    [
        ("root {directory};", "location /media/ {{ }}", PHP, PASSED_ON),
        ("location /media/ {{ root {directory}; }}", "root {directory};", PHP),
    ],
)
def test_an_nginx_that_runs_uploaded_scripts(project, lines):
    nginx(project, *enough(*lines))
    finding = project.only("executable-upload-path")
    assert "files with .php run below /media/" in finding["what"]


@pytest.mark.parametrize(
    "lines",
    [
        ("root {directory};", "location ^~ /media/ {{ }}", PHP),
        ("root {directory};", "location /media/ {{ location ~ \\.php$ {{ deny all; }} }}", PHP),
        ("root /var/www;", MEDIA, PHP),  # looks for the script elsewhere, and finds none
        ("root {directory};", MEDIA, PASSED_ON),
        ("location / {{ fastcgi_pass unix:/run/django.sock; }}", MEDIA),
    ],
)
def test_an_nginx_that_does_not(project, lines):
    nginx(project, *enough(*lines))
    assert "executable-upload-path" not in project.slugs("--only", "executable-upload-path")


APACHE = """\
<VirtualHost *:80>
    Alias /media/ {directory}/media/
    <FilesMatch "\\.php$">
        SetHandler application/x-httpd-php
    </FilesMatch>
    <Directory {directory}/media>
        Require all granted
        {more}
    </Directory>
    <Directory /var/www/blog>
        Options +ExecCGI
        AddHandler cgi-script .cgi
    </Directory>
</VirtualHost>
"""


def test_an_apache_that_runs_uploaded_scripts(project):
    project.write({"shop.vhost": APACHE.format(directory=project.directory, more="")})
    assert project.only("executable-upload-path")["where"].endswith("shop.vhost:4")


@pytest.mark.parametrize("more", ["SetHandler none", "php_admin_flag engine off"])
def test_an_apache_that_does_not(project, more):
    project.write({"shop.vhost": APACHE.format(directory=project.directory, more=more)})
    assert "executable-upload-path" not in project.slugs("--only", "executable-upload-path")


def test_an_uploaded_file_that_gives_orders_to_apache(project):
    project.write({"media/.htaccess": "Options -Indexes\n"})
    assert "executable-upload-path" not in project.slugs("--only", "executable-upload-path")
    project.write({"media/.htaccess": "AddHandler application/x-httpd-php .jpg\n"})
    finding = project.only("executable-upload-path")
    assert finding["severity"] == "warning"
    assert "AllowOverride None" in finding["fix"]


def test_uploads_that_may_be_executed(project):
    project.settings("FILE_UPLOAD_PERMISSIONS = 0o755")
    finding = project.only("executable-upload-path")
    assert "FILE_UPLOAD_PERMISSIONS = 0o644" in finding["fix"]
