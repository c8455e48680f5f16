"""The grammar: how operators group, which trees texts give, and what is said about texts that are wrong."""

from __future__ import annotations

import itertools
import json
import time
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import dimcompat.language.parser as parser_module
import dimcompat.language.syntax as tree
from dimcompat.errors import DimcompatError, ParseError
from dimcompat.language.parser import (
    parse_declaration,
    parse_expression,
    parse_name,
    parse_shape,
    parse_source,
    parse_tokens,
)
from dimcompat.language.plain import tokens
from dimcompat.language.precedence import BINARY, POSTFIX, PREFIX, Level, Operator, needs_brackets

CORPUS = Path(__file__).parents[1] / "corpus"
SOUP = [
    *("x", "W_1", "β", "T", "f", "sum", "axis", "scalar", "labels", "symmetric", "function", "∂L/∂Z"),
    *("(", ")", "[", "]", ",", ":", ";", "=", "‖", "#", "%", " ", "\n", "2", ".5", "1e3"),
    *("+", "-", "*", "/", ".*", "./", "^", ".^", "**", "@", "×", "·", "−", "'", ".T", "ᵀ", "⁻¹", "²", "⁻ᵀ"),
]


def bracketed(node: tree.Node) -> str:
    """`node` with a bracket around every operator, built without recursion."""
    done: dict[int, str] = {}
    for part in tree.postorder(node):
        below = [done[id(child)] for child in tree.children(part)]
        match part:
            case tree.NumberLiteral():
                text = str(part.value) if part.value.denominator == 1 else str(float(part.value))
            case tree.Name():
                text = part.name
            case tree.Unary():
                text = f"({part.operator}{below[0]})"
            case tree.Binary():
                text = f"({below[0]} {part.operator} {below[1]})"
            case tree.Transpose():
                text = f"({below[0]}{'^T' if part.spelled_with_caret_T else chr(39)})"
            case tree.Call():
                names = [""] * len(part.arguments) + [f"{k.name}=" for k in part.keywords]
                text = f"{part.name}({', '.join(map(str.__add__, names, below))})"
            case tree.Index():
                rest = iter(below[1:])
                items = [":" if isinstance(item, tree.All) else next(rest) for item in part.items]
                text = f"{below[0]}[{','.join(items)}]"
        done[id(part)] = text
    return done[id(node)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a - b - c", "((a - b) - c)"),
        ("a*b/c@d.*e./f", "(((((a * b) / c) @ d) .* e) ./ f)"),
        ("a + b*c", "(a + (b * c))"),
        ("-x^2", "(-(x ^ 2))"),
        ("-a*b", "((-a) * b)"),
        ("--x", "(-(-x))"),
        ("+x", "(+x)"),
        ("a - -b", "(a - (-b))"),
        ("B*-inv(C)", "(B * (-inv(C)))"),
        ("a*-b*c", "((a * (-b)) * c)"),
        ("a^b^c", "(a ^ (b ^ c))"),
        ("a.^b^c", "(a .^ (b ^ c))"),
        ("2^-x", "(2 ^ (-x))"),
        ("2^-x^2", "(2 ^ (-(x ^ 2)))"),
        ("2^-x*y", "((2 ^ (-x)) * y)"),
        ("2^-x + y", "((2 ^ (-x)) + y)"),
        ("x**2", "(x ^ 2)"),
        ("2.*x", "(2 .* x)"),
        ("x'", "(x')"),
        ("-x'", "(-(x'))"),
        ("x''", "((x')')"),
        ("x.T*y", "((x') * y)"),
        ("x'.^2", "((x') .^ 2)"),
        ("(A*B)'", "((A * B)')"),
        ("2'", "(2')"),
        ("X^-1'", "((X ^ (-1))')"),
        ("X^2'", "((X ^ 2)')"),
        ("x^y'^z", "(((x ^ y)') ^ z)"),
        ("x^y^z'", "((x ^ (y ^ z))')"),
        ("x^y[i]", "(x ^ y[i])"),
        ("x^f(y)'", "((x ^ f(y))')"),
        ("A⁻¹", "(A ^ (-1))"),
        ("A⁻ᵀ", "((A ^ (-1))')"),
        ("X^⊤", "(X')"),
        ("X^ᵀ", "(X')"),
        ("X^T", "(X^T)"),
        ("X**T*y", "((X^T) * y)"),
        ("X^T^2", "((X^T) ^ 2)"),
        ("X^-T", "((X ^ (-1))^T)"),
        ("X^-⊤", "((X ^ (-1))')"),
        ("X.^T", "(X .^ T)"),
        ("X^T1", "(X ^ T1)"),
        ("x²ᵀ", "((x ^ 2)')"),
        ("-x²", "(-(x ^ 2))"),
        ("x²^3", "((x ^ 2) ^ 3)"),
        ("2^x²", "(2 ^ (x ^ 2))"),
        ("X·w − y", "((X * w) - y)"),
        ("‖r‖² + λ·‖w‖²", "((norm2(r) ^ 2) + (λ * (norm2(w) ^ 2)))"),
        ("‖x‖₁", "norm1(x)"),
        ("‖a*‖b‖‖", "norm2((a * norm2(b)))"),
        ("X[i,:]*w", "(X[i,:] * w)"),
        ("X[:,j]'", "(X[:,j]')"),
        ("S[i,y[i]]", "S[i,y[i]]"),
        ("(A*B)[i,j]", "(A * B)[i,j]"),
        ("X[:]", "X[:]"),
        ("sum(i, (X[i,:]*w - y[i])^2)", "sum(i, (((X[i,:] * w) - y[i]) ^ 2))"),
        ("sum(X, axis=0)", "sum(X, axis=0)"),
        ("f(x, a=1, b=-c)", "f(x, a=1, b=(-c))"),
        ("f ()", "f()"),
        ("f'(x)", "f'(x)"),
        ("f′′(x)'", "(f''(x)')"),
        ("∇φ(Z)", "grad_φ(Z)"),
        ("X'*∂L/∂Z", "((X') * dL_dZ)"),
        ("(((x)))", "x"),
        ("(x\n + y)", "(x + y)"),
        ("1/2", "(1 / 2)"),
    ],
)
def test_grouping(text: str, expected: str) -> None:
    node = parse_expression(text)
    assert bracketed(node) == expected
    assert bracketed(parse_expression(bracketed(node))) == expected


def test_how_powers_group_is_one_word_in_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    left = Operator("^", "binary", Level.POWER, "left")
    monkeypatch.setattr(parser_module, "BINARY", {**BINARY, "^": left})
    assert bracketed(parse_expression("a^b^c")) == "((a ^ b) ^ c)"
    assert bracketed(parse_expression("a^-b^c")) == "((a ^ (-b)) ^ c)"


def simplest(row: Operator) -> str:
    return {"prefix": f"{row.spelling}a", "postfix": "a'", "binary": f"a{row.spelling}b"}[row.kind]


ROWS = [*BINARY.values(), *PREFIX.values(), *POSTFIX.values()]
SIDES = {"binary": ("left", "right"), "prefix": ("right",), "postfix": ("left",)}
PLACES = [(parent, side, child) for parent in ROWS for side in SIDES[parent.kind] for child in ROWS]


@pytest.mark.parametrize(("parent", "side", "child"), PLACES, ids=lambda v: getattr(v, "spelling", v))
def test_brackets_that_printers_leave_out_are_not_needed(
    parent: Operator, side: str, child: Operator
) -> None:
    needed = needs_brackets(child.level, parent, "left" if side == "left" else "right")
    texts = []
    for brackets in (needed, True):
        operand = f"({simplest(child)})" if brackets else simplest(child)
        if parent.kind == "binary":
            pair = (operand, "c") if side == "left" else ("c", operand)
            texts.append(parent.spelling.join(pair))
        else:
            texts.append(f"{parent.spelling}{operand}" if parent.kind == "prefix" else f"{operand}'")
    assert bracketed(parse_expression(texts[0])) == bracketed(parse_expression(texts[1]))


def shape_text(shape: tree.DeclaredType) -> str:
    match shape:
        case tree.ElementwiseType():
            return "elementwise"
        case tree.FunctionType():
            return "function " + ", ".join(map(bracketed, shape.dimensions))
        case tree.ShapeSyntax():
            attributes = [
                a.name + (f" {bracketed(a.argument)}" if a.argument else "") for a in shape.attributes
            ]
            return "; ".join([", ".join(map(bracketed, shape.dimensions)), *attributes])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("m, n", "m, n"),
        ("(m, n)", "m, n"),
        ("m x n", "m, n"),
        ("m×n", "m, n"),
        ("(m×n)", "m, n"),
        ("(m x n) symmetric", "m, n; symmetric"),
        ("ｍ，ｎ", "m, n"),
        ("n", "n"),
        ("x", "x"),
        ("(n)", "n"),
        ("(n,)", "n"),
        ("3", "3"),
        ("1, c", "1, c"),
        ("scalar", ""),
        ("scalar positive", "; positive"),
        ("n, n symmetric", "n, n; symmetric"),
        ("n, n posdef diagonal", "n, n; posdef; diagonal"),
        ("n, n, orthogonal", "n, n; orthogonal"),
        ("n positive", "n; positive"),
        ("m labels(c)", "m; labels c"),
        ("m labels(c+1)", "m; labels (c + 1)"),
        ("labels(c)", "; labels c"),
        ("n+1", "(n + 1)"),
        ("3*p, 12·p", "(3 * p), (12 * p)"),
        ("n^2", "(n ^ 2)"),
        ("n²", "(n ^ 2)"),
        ("(n+1)*p", "((n + 1) * p)"),
        ("(n+1)*p, q", "((n + 1) * p), q"),
        ("((n+1)*p, q)", "((n + 1) * p), q"),
        ("(m*n×2)", "(m * n), 2"),
        ("elementwise", "elementwise"),
        ("function(m, c)", "function m, c"),
        ("function(n)", "function n"),
        ("\n m, n \n", "m, n"),
    ],
)
def test_shapes(text: str, expected: str) -> None:
    assert shape_text(parse_shape(text)) == expected
    if "\n" not in text:
        declaration = parse_declaration(f"X: {text}")
        assert (declaration.name, shape_text(declaration.shape)) == ("X", expected)


def test_statements() -> None:
    text = "X: m, n; w: n  # data\nf(t) = t*s(t)\n\nr = X*w\nr'*r;"
    source = parse_source(text)
    assert source.text == text
    kinds = [type(statement).__name__ for statement in source.statements]
    assert kinds == ["Declaration", "Declaration", "FunctionDefinition", "Definition", "Objective"]
    spans = [text[slice(*statement.span)] for statement in source.statements]
    assert spans == ["X: m, n", "w: n", "f(t) = t*s(t)", "r = X*w", "r'*r"]
    function = source.statements[2]
    assert isinstance(function, tree.FunctionDefinition)
    assert (function.name, function.parameter, bracketed(function.body)) == ("f", "t", "(t * s(t))")
    assert (function.name_span, function.parameter_span) == ((22, 23), (24, 25))


def test_spans_take_in_brackets_around_operands() -> None:
    text = "a + (X*w - y)'*(X*w - y)"
    node = parse_expression(text)
    assert isinstance(node, tree.Binary) and isinstance(node.right, tree.Binary)
    product = node.right
    assert text[slice(*product.span)] == "(X*w - y)'*(X*w - y)"
    assert text[slice(*product.left.span)] == "(X*w - y)'"
    assert text[slice(*product.right.span)] == "X*w - y"


def test_spans_of_calls_and_indices() -> None:
    text = "g(X[i,:], axis=0) + f''(x)"
    node = parse_expression(text)
    assert (
        isinstance(node, tree.Binary)
        and isinstance(node.left, tree.Call)
        and isinstance(node.right, tree.Call)
    )
    call, index = node.left, node.left.arguments[0]
    assert isinstance(index, tree.Index)
    spans = [call.span, call.name_span, call.keywords[0].span, call.keywords[0].name_span, index.span]
    spans += [index.items[1].span, node.right.name_span]
    assert [text[slice(*span)] for span in spans] == [
        *("g(X[i,:], axis=0)", "g", "axis=0", "axis", "X[i,:]", ":", "f''"),
    ]


def test_numbers_names_and_tokens() -> None:
    number = parse_expression("0.1")
    assert isinstance(number, tree.NumberLiteral) and number.value == Fraction(1, 10)
    assert parse_name("W₁").name == "W_1"
    assert parse_name(" β ").name == "β"
    assert len(parse_tokens(tokens("x; y"), "x; y").statements) == 2


def test_faults_of_single_expressions_and_names() -> None:
    with pytest.raises(ParseError, match="starts a second one") as caught:
        parse_expression("x\ny", where="claim")
    assert (caught.value.where, caught.value.span) == ("claim", (2, 3))
    with pytest.raises(ParseError, match="A name is wanted"):
        parse_name("x + y")
    with pytest.raises(ParseError, match="A name is wanted"):
        parse_declaration("3: n")


def test_long_chains_are_read_by_a_loop() -> None:
    start = time.process_time()
    node = parse_expression("x" + "+x" * 100_000)
    assert time.process_time() - start < 10  # 0.8 s on a slow machine: not quadratic
    assert sum(1 for _ in tree.postorder(node)) == 200_001
    assert sum(1 for _ in tree.postorder(parse_expression("x" + "'" * 100_000))) == 100_001


def test_nesting_up_to_the_limit_is_read() -> None:
    assert bracketed(parse_expression("(" * 200 + "x" + ")" * 200)) == "x"
    for opening, closing in (("f(", ")"), ("f(a=", ")"), ("2*(1+2^-", ")"), ("x[", "]"), ("‖", "‖")):
        parse_expression(opening * 200 + "x" + closing * 200)


@pytest.mark.parametrize("name", ["programs", "identities", "samples", "claims", "upstream", "infer"])
def test_the_corpus_is_read(name: str) -> None:
    for line in (CORPUS / f"{name}.jsonl").read_text("utf-8").splitlines():
        case = json.loads(line)
        parse_source(case["text"])
        for formula in filter(None, (case.get("textbook"), case.get("claim"))):
            for text in formula.values() if isinstance(formula, dict) else [formula]:
                parse_expression(text, where="claim")
        for declared, shape in {**case.get("shapes", {}), **case.get("declared", {})}.items():
            assert parse_declaration(f"{declared}: {shape}").name == declared


@given(
    st.text() | st.lists(st.sampled_from(SOUP)).map("".join) | st.lists(st.sampled_from(SOUP)).map(" ".join)
)
def test_nothing_but_our_errors_is_raised(text: str) -> None:
    for parse in (parse_source, parse_expression, parse_shape, parse_declaration, parse_name):
        try:
            parse(text)
        except DimcompatError as error:
            assert error.text == text
            assert error.span is None or 0 <= error.span[0] < error.span[1] <= len(text)


NAMES = st.sampled_from(["x", "W_1", "β", "A"])
LEAVES = NAMES | st.integers(0, 99).map(str) | st.just("0.5")


def larger(part: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    binary = st.sampled_from([*BINARY, "**", "·"])
    return (
        st.tuples(part, binary, part).map(" ".join)
        | st.tuples(st.sampled_from("-+"), part).map("".join)
        | part.map("({})".format)
        | st.tuples(part, st.sampled_from(["'", ".T", "²", "⁻ᵀ", "^T", "^-T", "[i,:]"])).map("".join)
        | st.tuples(st.sampled_from(["f", "sum"]), part, part).map(
            lambda t: f"{t[0]}({t[1]}, {t[2]}, axis=0)"
        )
    )


@given(st.recursive(LEAVES, larger, max_leaves=12))
def test_fully_bracketed_printing_parses_back(text: str) -> None:
    node = parse_expression(text)
    printed = bracketed(node)
    assert bracketed(parse_expression(printed)) == printed
    for part in tree.postorder(node):
        assert node.span[0] <= part.span[0] < part.span[1] <= node.span[1]
        for before, after in itertools.pairwise(tree.children(part)):
            assert before.span[1] <= after.span[0]
