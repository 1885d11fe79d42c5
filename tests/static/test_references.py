import pytest
from hypothesis import given
from hypothesis import strategies as st

from roots.static.references import (
    Edit,
    Reference,
    excerpt,
    in_css,
    in_javascript,
    line_at,
    rewrite,
    write,
)


def urls(css: bytes) -> list[str]:
    return [reference.url for reference in in_css(css)]


@pytest.mark.parametrize(
    ("css", "expected"),
    [
        (b"a { b: url(x.png) }", ["x.png"]),
        (b"a { b: URL( 'x y.png' ) }", ["x y.png"]),
        (b'a { b: uRl("x.png") url(\ty.png\n) }', ["x.png", "y.png"]),
        (b"a { b: url(x.png", ["x.png"]),
        (b"a { b: url('x.png", ["x.png"]),
        (b"a { b: url() url('') }", ["", ""]),
        (b"url(font.eot?#iefix)", ["font.eot?#iefix"]),
        (b"--icon: url(x.svg);", ["x.svg"]),
        (rb"url(a\)b.png) url('it\'s.png') url(\61 b.png)", ["a)b.png", "it's.png", "ab.png"]),
        (b"url('a\\\nb.png')", ["ab.png"]),
        (rb"url(\0.png) url(\d800.png)", ["\ufffd.png", "\ufffd.png"]),
        ("url(größe.png)".encode(), ["größe.png"]),
        ("url(größe.png)".encode("latin-1"), ["größe.png"]),
        (b"\xef\xbb\xbf@charset 'utf-8'; url(x.png)", ["x.png"]),
        (b'@import "a.css"; @IMPORT url(b.css) layer(x) supports(y: z) print;', ["a.css", "b.css"]),
        (b"@import/* c */ 'a.css' screen; @import url('b.css');", ["a.css", "b.css"]),
        (
            b"image-set('a.png' 1x, url(b.png) 2x, 'c.avif' type('image/avif'))",
            ["a.png", "b.png", "c.avif"],
        ),
        (b"-webkit-image-set(url('a.png') 1x, \"b.png\" 2x); content: 'c.png'", ["a.png", "b.png"]),
        (b"src('a.png')", ["a.png"]),
        (b"x{} /*# sourceMappingURL=x.css.map */ /* (c) */\n", ["x.css.map"]),
    ],
)
def test_css_refers_to(css, expected):
    assert urls(css) == expected


@pytest.mark.parametrize(
    "css",
    [
        b"/* url(x.png) */",
        b"/* never closed url(x.png)",
        b"content: 'url(x.png)'",
        b'content: "\\"url(x.png)"',
        b"my-url(x.png) _url(x) -url(x) @url(x) #url(x) \xc3\xa4url(x) curl(x)",
        b"@namespace svg url(http://www.w3.org/2000/svg); @namespace 'x'; @namespace url('y');",
        b"url(bad url.png) url(b'ad) url(b(ad)",
        b"background: url",
        b"content: 'image-set(' 'x.png'",
        b"format('woff2') local('x')",
        b"/*# sourceMappingURL=x.css.map */ a { b: c }",
        b"content: '/*# sourceMappingURL=x.css.map */'",
        b"\\",
        b"",
    ],
)
def test_css_does_not_refer_to_anything_in(css):
    assert urls(css) == []


def test_scanning_recovers_after_broken_strings_and_urls():
    assert urls(b"a: 'broken\n b: url(x.png)") == ["x.png"]
    assert urls(b"a: url(bro ken) url(x.png)") == ["x.png"]
    assert urls(b"a: url('broken\n) url(x.png)") == ["x.png"]


@pytest.mark.parametrize(
    "piece", [b"\\:a", b"(url", b"@import/**/", b"/*", b'"', b"image-set(", b"url(\\"]
)
def test_no_input_makes_scanning_slow(piece):
    in_css(piece * 50_000)  # quadratic would take minutes: the test's own timeout fails it


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        (b"a\n//# sourceMappingURL=a.js.map\n\n", ["a.js.map"]),
        (b"a;//@ sourceMappingURL=a.js.map", ["a.js.map"]),
        (b"a /*# sourceMappingURL=a.js.map */", ["a.js.map"]),
        (b"//# sourceMappingURL=a\n//# sourceMappingURL=b", ["b"]),
        (b"//# sourceMappingURL=a\nb()", []),
        (b"x = `\n//# sourceMappingURL=a\n`", []),
        (b"x = '//# sourceMappingURL=a'", []),
        (b"x = '//# sourceMappingURL=' + a", []),
        (b"sourceMappingURL=a", []),
        (b"import './x.js'", []),
    ],
)
def test_only_the_last_comment_of_a_script_names_its_source_map(script, expected):
    assert [reference.url for reference in in_javascript(script)] == expected


@pytest.mark.parametrize("kind", ["bare", "quoted"])
@given(url=st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1))
def test_what_is_written_is_read_back(kind, url):
    opening, closing = (b"url(", b")") if kind == "bare" else (b"url('", b"')")
    css = opening + write(Reference(0, 0, "", kind), url) + closing
    assert urls(css) == [url]


@given(before=st.binary(), url=st.text(max_size=8), after=st.binary())
def test_rewriting_changes_nothing_outside_the_references(before, url, after):
    data = before + b"\n*/'\n}url(" + url.encode() + b")" + after
    found = in_css(data)
    rewritten = rewrite(data, (Edit(r.start, r.end, b"<>") for r in found))
    kept, position = [], 0
    for reference in sorted(found, key=lambda reference: reference.start):
        kept.append(data[position : reference.start])
        position = reference.end
    assert rewritten == b"<>".join([*kept, data[position:]])


def test_a_place_in_a_file_is_told_by_line_and_text():
    data = b"one\ntwo url(x)\nthree"
    position = data.index(b"x")
    assert (line_at(data, position), excerpt(data, position)) == (2, "two url(x)")


def test_the_text_of_a_long_line_is_cut_around_the_place():
    data = b"a" * 1000 + b"url(x)" + b"b" * 1000
    shown = excerpt(data, 1004)
    assert "url(x)" in shown
    assert len(shown) == 200
