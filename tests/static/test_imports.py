import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roots.static import imports
from roots.static.references import Edit, rewrite, write

oracle = pytest.importorskip("tests.static.oracle", reason="tree-sitter is not installed")


def found(script: bytes) -> list[tuple[str, str]]:
    return [(each.role, each.reference.url) for each in imports.of(script).found]


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        (b"import './a.js'", ["./a.js"]),
        (b'import"./a.js";import"./b.js"', ["./a.js", "./b.js"]),
        (b"import a from './a.js'", ["./a.js"]),
        (b"import from from './a.js'", ["./a.js"]),
        (b"import*as a from'lit'", ["lit"]),
        (b"import a, {b as c, 'd-e' as f} from '../a.js'", ["../a.js"]),
        (b"import a, * as b\nfrom\n'./a.js'", ["./a.js"]),
        (b"import { // } from './no.js'\n a } /* from './no.js' */ from './a.js'", ["./a.js"]),
        (b"import sheet from './a.css' with { type: 'css' }", ["./a.css"]),
        (b"export * from './a.js'; export * as b from './b.js'", ["./a.js", "./b.js"]),
        (b"export{a as default}from'./a.js'", ["./a.js"]),
        (b"\xef\xbb\xbfimport './a.js'", ["./a.js"]),
        (b"#!/usr/bin/env node it's\nimport './a.js'", ["./a.js"]),
        (rb"import './\x61\u0062\u{63}\d\
.js'", ["./abcd.js"]),
        ("import './größe.js'".encode(), ["./größe.js"]),
    ],
)  # fmt: skip
def test_static_imports(script, expected):
    assert found(script) == [("static", url) for url in expected]
    assert imports.of(script).is_module


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        (b"import('./a.js')", ["./a.js"]),
        (b"import(`./a.js`).then(f)", ["./a.js"]),
        (b"x = [...import('./a.js')]", ["./a.js"]),
        (b"import(/* webpackIgnore */ './a.js', {with: {type: 'json'}})", ["./a.js"]),
        (b"`${import('./a.js')} import('./no.js')`", ["./a.js"]),
        (b"`${`${{a: import('./a.js')}}`}` + import('./b.js')", ["./a.js", "./b.js"]),
        (b"import.meta.resolve('./a.js')", ["./a.js"]),
    ],
)
def test_dynamic_imports(script, expected):
    assert found(script) == [("dynamic", url) for url in expected]


@pytest.mark.parametrize(
    "script",
    [
        b"new Worker(new URL('w.js', import.meta.url), {type: 'module'})",
        b"new URL(/* @vite-ignore */ 'w.js', /* here */ import.meta.url,)",
        b"new globalThis.URL(`w.js`,import.meta.url).href",
    ],
)
def test_urls_relative_to_the_module(script):
    assert found(script) == [("url", "w.js")]


@pytest.mark.parametrize(
    "script",
    [
        b"// import './a.js'\n/* import './a.js' */",
        b"s = 'import(\"./a.js\")' + \"import './a.js'\" + `import './a.js'`",
        b"/import('a')/.test(s); x = [/[/]import('a')/g]; return /import('a')/",
        b"if (a) /import('a')/.exec(b); for await (a of b) /import('a')/",
        b"{}/import('a')/; case 1:{}/import('a')/; x => {}\n/import('a')/",
        b"a.import('a'); a?.import('a'); a . /* */ import('a'); this.#import('a')",
        b"import(`./${name}.js`); import(name); import('./' + name); import.meta.url",
        b"({import: 1, export: './a.js'}); reimport('a'); imports('a'); importScripts('a')",
        b"new URL(base, import.meta.url); my.URL('a', import.meta.url); URL('a', import.meta.url)",
        b"new URL('a', import.meta.url + b); new URL('a', b, import.meta.url)",
        b"import(",
        b"",
    ],
)
def test_no_imports(script):
    assert found(script) == []


@pytest.mark.parametrize(
    "before",
    [b"a", b"a.return", b"this.#do", b"f(1)", b"a.if(1)", b"[1]", b"1.", b"a++", b"`t`", b"'s'",
     b"/r/", b"/r/g", b"(a/b)", b"x={a:1}", b"x/* c */", b"a// c\n"],
)  # fmt: skip
def test_after_an_operand_a_slash_divides(before):
    assert found(before + b" / import('./a.js') / 2") == [("dynamic", "./a.js")]


@pytest.mark.parametrize(
    ("script", "is_module"),
    [
        (b"export const a = 1", True),
        (b"export default class {}", True),
        (b"export { a }", True),
        (b"import.meta.url", True),
        (b"import('./a.js')", False),
        (b"exports.a = 1; a.export = 2; // export const b", False),
    ],
)
def test_syntax_tells_what_is_a_module(script, is_module):
    assert imports.of(script).is_module is is_module


@pytest.mark.parametrize(
    "piece",
    [b"import{", b"import", b"import/*", b"export{a,", b"/", b"(", b")/", b"{}/ ", b"`${", b"`",
     b"import(/**/", b"import.meta.url,", b"new URL('a',", b"x /**/ /**/ / "],
)  # fmt: skip
def test_no_input_makes_scanning_slow(piece):
    imports.of(piece * 50_000 + b" import")  # quadratic would take minutes


@given(st.binary())
def test_nothing_is_raised_and_spans_are_in_order(data):
    spans = [(r.start, r.end) for r, _ in imports.of(b"import " + data + b" import('a')").found]
    assert spans == sorted(spans)


@given(st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1))
def test_what_is_written_is_read_back(url):
    for quote in (b"'", b'"', b"`"):
        script = b"import(" + quote + b"x" + quote + b")"
        (each,) = imports.of(script).found
        reference = each.reference
        edit = Edit(reference.start, reference.end, write(reference, url))
        assert found(rewrite(script, [edit])) == [("dynamic", url)]


OPERANDS = [
    b"a", b"1", b"'s/\"'", b'"`"', b"`t'`", b"`${a / b}//`", b"/r'/g", b"/[/\"]/", b"(a)", b"f(a)",
    b"[a]", b"{}.x", b"import('./d.js')", b"import.meta.resolve('r')", b"a.return", b"a++",
    b"new URL('u', import.meta.url)", b"(function () { return /x'/ })", b"`${`${import('n')}`}`",
]  # fmt: skip
OPERATORS = [b" / ", b"/ ", b" + ", b" - ", b" /* ' */ / ", b' * // "\n', b" in ", b" instanceof "]
STATEMENTS = [
    b"import './s.js';", b"import x from 's';", b"export {} from 'e';", b"export * from './e.js';",
    b"if (a) /r\"/.test(b);", b"while (a) { /`/.exec(a) }", b"for (;;) /'/;", b"{ a }",
    b"// it's\n",
    b"/* ` */", b"do /'/.test(a); while (a)\n", b"function f() { return /'/ }\n/\"/.test(a);",
]  # fmt: skip


@settings(derandomize=True)  # the same programs each time: a new difference is found at leisure
@given(st.integers(0, 2**32))
def test_random_programs_are_read_as_a_whole_parser_reads_them(seed):
    dice = random.Random(seed)
    parts = []
    for _ in range(dice.randint(1, 8)):
        if dice.random() < 0.5:
            parts.append(dice.choice(STATEMENTS))
        else:
            parts += b"x = (", dice.choice(OPERANDS)
            for _ in range(dice.randint(0, 3)):
                parts += dice.choice(OPERATORS), dice.choice(OPERANDS)
            parts.append(b");\n")
    program = b"".join(parts)
    tree = oracle.parse(program)
    if not tree.root_node.has_error:
        ours = [(each.role, *_span(each)) for each in imports.of(program).found]
        assert ours == oracle.imports(program, tree), program


def _span(each: imports.Import) -> tuple[int, int]:
    return each.reference.start, each.reference.end
