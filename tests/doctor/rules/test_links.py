"""Mistakes about how pages name static files and uploads."""

import pytest


def test_urls_that_are_written_out(project):
    project.write(
        {
            "shop/templates/shop/page.html": '<p>\n<link href="/static/shop/app.css">\n',
            "shop/static/shop/app.css": "p { background: url(/media/a.png) }\n",
            "shop/views.py": 'DEFAULT = "/media/nobody.png"\n',
        }
    )
    finding = project.only("hardcoded-static-url")
    assert finding["severity"] == "warning"
    assert finding["what"].startswith("3 URLs written out: ")
    assert "shop/templates/shop/page.html:2 /static/shop/app.css" in finding["what"]
    assert "shop/static/shop/app.css:1 /media/a.png" in finding["what"]
    assert "shop/views.py:1 /media/nobody.png" in finding["what"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("templates/a.html", '<img src="/media-kit/logo.png"> <a href="/press/media/x.html">'),
        ("templates/a.html", '{# <img src="/static/a.png"> #}<!-- "/static/a.png" -->'),
        ("templates/a.html", '{% comment "x" %}\n"/static/a.png"\n{% endcomment %}'),
        ("templates/a.html", "Files below /static/shop.css and <code>/media/a.png</code>"),
        ("shop/static/shop/app.css", "/* url(/static/a.png) */ p { background: url(../a.png) }"),
        ("shop/views.py", '"""See "/static/a.png"."""\n# "/static/b.png"\n'),
        ("shop/middleware.py", 'IGNORED = request_path.startswith("/static/")\n'),
        ("shop/tests/test_pages.py", 'URL = "/static/a.png"\n'),
        ("config/settings_production.py", 'LOGO = "/static/logo.png"\n'),
        ("deploy/nginx.html", '"/static/a.png"'),
        ("frontend/dist/index.html", '"/static/assets/app.js"'),
        ("node_modules/x/a.html", '"/static/a.png"'),
        (".venv/lib/a.html", '"/static/a.png"'),
        ("media/uploaded.html", '<img src="/static/a.png">'),
        ("templates/broken.py", 'x = "/static/a.png'),
    ],
)
def test_what_is_none(project, name, text):
    project.write({name: text})
    assert "hardcoded-static-url" not in project.slugs()


def test_the_prefixes_are_those_of_the_project(project):
    project.settings('STATIC_URL = "https://cdn.example/assets/"\nMEDIA_URL = "/m/"')
    project.write(
        {
            "templates/a.html": '"/static/a.css" "https://cdn.example/assets/a.css"',
            "templates/b.html": '"/assets/b.css" "/media/b.png"',
        }
    )
    what = project.only("hardcoded-static-url")["what"]
    assert what.startswith("2 URLs written out")
    assert "a.html:1 https://cdn.example/assets/a.css" in what
    assert "b.html:1 /assets/b.css" in what
