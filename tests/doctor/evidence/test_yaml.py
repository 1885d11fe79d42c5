"""As much YAML as compose files are written in."""

import pytest

from roots.doctor.evidence import yaml


@pytest.mark.parametrize(
    ("text", "content"),
    [
        ("", None),
        ("a: 1\nb:\n  c: 'd: e'\n", {"a": "1", "b": {"c": "d: e"}}),
        ("a:\n- b\n- c: 1\n  d: 2\n", {"a": ["b", {"c": "1", "d": "2"}]}),
        ("a:\n  -\n    b: 1\n", {"a": [{"b": "1"}]}),
        ("a: [x, 'y, z', [1]]\nb: {c: d}\n", {"a": ["x", "y, z", ["1"]], "b": {"c": "d"}}),
        ("a: [x,\n  y]\nb: 1\n", {"a": ["x", "y"], "b": "1"}),
        ("a: b # c\n# d\ne: 'f # g'\n", {"a": "b", "e": "f # g"}),
        ("a: >\n  b\n  c\nd: |\n  e\n", {"a": "b c", "d": "e"}),
        ("x: &x\n  a: 1\ny:\n  <<: *x\n  b: 2\n", {"x": {"a": "1"}, "y": {"a": "1", "b": "2"}}),
        ("x: &x {a: 1}\ny:\n  a: 2\n  <<: [*x]\n", {"x": {"a": "1"}, "y": {"a": "2"}}),
        ("- ./:/app\n- ${A:-b}:/c\n", ["./:/app", "${A:-b}:/c"]),
        ("---\na:\nb: ''\n", {"a": None, "b": ""}),
    ],
)
def test_what_is_known(text, content):
    assert yaml.read(text) == content


@pytest.mark.parametrize(
    "text", ["a: [b", "a: *b", "a: 1\n  b\nc\n d: 2\n]", "a:\n    b: 1\n  c: 2", "<<: 1"]
)
def test_what_is_not(text):
    with pytest.raises(yaml.Unreadable):
        yaml.read(text)
