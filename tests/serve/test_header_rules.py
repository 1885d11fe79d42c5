"""A project's own headers: what may be set, and what a reply then says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roots.errors import ConfigError
from roots.serve import header_rules
from roots.serve.assembly import assemble
from roots.serve.messages import Request
from roots.serve.responder import Responder


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("X-A", "1\r\nSet-Cookie: a=b", "must be one line of printable ASCII"),
        ("X-A", "1\nX-B: 2", "must be one line of printable ASCII"),
        ("X-A", "größe", "must be one line of printable ASCII"),
        ("X-A", " 1", "must be one line of printable ASCII"),
        ("X-A", "", "must be one line of printable ASCII"),
        ("X A", "1", "that is no name of a header"),
        ("X-A:", "1", "that is no name of a header"),
        ("", "1", "that is no name of a header"),
        ("Connection", "close", "it belongs to the connection"),
        ("transfer-encoding", "chunked", "it belongs to the connection"),
        ("Content-Length", "3", "it describes the bytes that are sent"),
        ("etag", '"mine"', "it describes the bytes that are sent"),
        ("Content-Type", "text/html", "it describes the bytes that are sent"),
        ("Set-Cookie", "a=b", "a cache would hand one visitor's cookie to all"),
        ("X-Content-Type-Options", None, "it cannot be taken away"),
        ("Cache-Control", None, "it cannot be taken away"),
    ],
)
def test_what_is_not_a_rule_s_to_set_is_refused_in_a_sentence(name, value, problem):
    with pytest.raises(ConfigError) as caught:
        header_rules.read("media", {"docs/*": {name: value}})
    assert str(caught.value).startswith(f'ROOTS["HEADERS"]["media"]["docs/*"] sets {name!r}: ')
    assert problem in str(caught.value)


def test_the_last_rule_that_names_a_header_counts():
    rules = header_rules.read(
        "static", {"*": {"X-A": "1", "X-B": "1"}, "js/*": {"x-a": "2"}, "css/*": {"X-B": None}}
    )
    assert rules.applied("js/deep/main.js", ()) == (("x-a", "2"), ("X-B", "1"))
    assert rules.applied("css/app.css", ()) == (("X-A", "1"),)


def test_a_star_stands_for_slashes_and_nothing_but_the_whole_name_matches():
    rules = header_rules.read("static", {"fonts/*.woff2": {"X-A": "1"}})
    assert rules.applied("fonts/a/b.woff2", ())
    assert not rules.applied("my/fonts/a.woff2", ())
    assert not rules.applied("fonts/a.woff2.map", ())


def reply(path: str, **headers: str) -> dict[str, str]:
    request = Request("GET", path, {name.replace("_", "-"): v for name, v in headers.items()})
    answer = Responder(assemble(), 0, lambda reply: reply).respond(request)
    if answer.file:
        answer.file.stream.close()
    assert len({name.lower() for name, _ in answer.reply.headers}) == len(answer.reply.headers)
    return {"status": str(answer.reply.status.value), **dict(answer.reply.headers)}


def test_a_rule_is_about_the_logical_name_and_holds_for_the_hashed_one(site, settings):
    settings.ROOTS = {"HEADERS": {"static": {"css/app.css": {"Timing-Allow-Origin": "*"}}}}
    for path in (site.fill("/static/{css}"), "/static/css/app.css"):
        assert reply(path)["Timing-Allow-Origin"] == "*"
    assert "Timing-Allow-Origin" not in reply("/static/img/dot.png")


def test_a_rule_may_replace_and_take_away_what_the_policy_says(site, settings):
    rules = {"Cache-Control": "public, max-age=600", "Access-Control-Allow-Origin": None}
    settings.ROOTS = {"HEADERS": {"static": {"*": rules}}}
    got = reply(site.fill("/static/{css}"))
    assert got["Cache-Control"] == "public, max-age=600"
    assert "Access-Control-Allow-Origin" not in got


def test_a_304_repeats_them_and_a_404_does_not(site, settings):
    settings.ROOTS = {"HEADERS": {"static": {"*": {"X-A": "1"}}}}
    assert reply("/static/css/app.css", if_none_match="*") | {"status": "304", "X-A": "1"} == reply(
        "/static/css/app.css", if_none_match="*"
    )
    assert "X-A" not in reply("/static/nowhere.css")


def test_a_download_may_be_shown_where_the_project_says_so(site, settings):
    shown = {"Content-Disposition": "inline", "Content-Security-Policy": "sandbox allow-scripts"}
    settings.ROOTS = {"HEADERS": {"media": {"*.html": shown}}}
    assert reply(site.fill("/media/{html}")) | shown == reply(site.fill("/media/{html}"))
    assert reply(site.fill("/media/{svg}"))["Content-Disposition"].startswith("attachment")


def test_a_wrong_rule_stops_the_start_whichever_root_it_is_for(settings, tmp_path):
    settings.STATIC_ROOT, settings.MEDIA_ROOT = tmp_path / "static", ""
    settings.ROOTS = {"HEADERS": {"private": {"*": {"Date": "today"}}}}
    with pytest.raises(ConfigError, match="describes the bytes"):
        assemble()


@pytest.mark.parametrize(
    "wrong", [{"statics": {}}, {"static": []}, {"static": {"*": "x"}}, {"media": {"*": {"A": 1}}}]
)
def test_another_shape_is_refused(settings, wrong):
    settings.ROOTS = {"HEADERS": wrong}
    with pytest.raises(ConfigError, match=r"ROOTS\['HEADERS'\] must be a dict of 'static'"):
        assemble()


@given(st.text(max_size=20), st.text(max_size=20))
def test_whatever_is_accepted_is_one_line(name, value):
    try:
        rules = header_rules.read("static", {"*": {name: value}})
    except ConfigError:
        return
    (header,) = rules.applied("a", ())
    assert not set("".join(header)) & set("\r\n\0")
    assert "".join(header).isascii()
