"""One picture in every format: SVG, TikZ, characters. Edges that touch match, and nothing is lost or cut."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from itertools import pairwise
from xml.dom import minidom

import pytest

import dimcompat as dc
from dimcompat.derivation import Derivation
from dimcompat.language.writer import write_layout
from dimcompat.renderers.blocks import Quotient
from dimcompat.renderers.dimension_looks import COLOURS, order_of
from dimcompat.renderers.drawing import Drawing, Medium, captions
from dimcompat.renderers.glyphs import ASCII, UNICODE
from dimcompat.renderers.pictures import Called, picture_of
from dimcompat.renderers.stairs import Drawn, drawn
from dimcompat.renderers.text import render_text
from dimcompat.renderers.tikz import RGB
from dimcompat.renderers.told import told_steps
from dimcompat.renderers.wrapping import columns

LONG = {"hidden_state_of_layer": "p", "W__l": "p, q", "previous_activation": "q"}
EXAMPLES = {
    "least squares": ("(X*w - y)'*(X*w - y)", "w", {"X": "m, n", "w": "n", "y": "m"}, {}),
    "bias": ("sum(sigmoid(X*W - b) .* Y)", ["W", "b"], {"X": "m,n", "W": "n,c", "b": "1,c", "Y": "m,c"}, {}),
    "two orders": ("w'*A*w", "w", {"A": "n, n", "w": "n"}, {}),
    "turned": ("A*X'*B", "X", {"A": "p, q", "X": "r, q", "B": "r, s"}, {"upstream": True}),
    "outer": ("u'*X*v", "X", {"u": "m", "X": "m, n", "v": "n"}, {}),
    "scalars": ("a*(u'*B*v)^2/sqrt(n)", "v", {"u": "m", "B": "m, k", "v": "k", "a": "1", "n": "1"}, {}),
    "rows": ("sum(A.*X, axis=1)'*u", "X", {"A": "m, n", "X": "m, n", "u": "m"}, {}),
    "long": (
        "A*B*C*D*X*E", "X",
        {"A": "a, b", "B": "b, c", "C": "c, d", "D": "d, k", "X": "k, f", "E": "f, g"}, {"upstream": True},
    ),
    "names": ("hidden_state_of_layer'*W__l*previous_activation", "W__l", LONG, {}),
}  # fmt: skip
every_example = pytest.mark.parametrize("name", EXAMPLES)
widths = pytest.mark.parametrize("width", [40, 60, 80, 120])


@cache
def derived(name: str) -> Derivation:
    source, wrt, shapes, options = EXAMPLES[name]
    return dc.derive(source, wrt, shapes, verify=False, **options)  # type: ignore[arg-type]


def squares(**changed: object) -> Medium:
    """A medium in which every letter is 1 wide."""

    def name(called: Called) -> str:
        return "d" if isinstance(called, Quotient) else write_layout(called)

    chosen = {"longest": 5.0, "room": 60.0, "turns": True} | changed
    return Medium(
        name, str, len, lambda share: 3 + round(9 * share), lambda share: 3 + round(9 * share),
        grid=1, line=1, space=1, below=0, gap=2, apart=4, pad=0, times=".", entry="o",
        captions=captions("en"), **chosen,  # type: ignore[arg-type]
    )  # fmt: skip


def drawings(name: str, **changed: object) -> list[Drawn]:
    derivation = derived(name)
    order = order_of(derivation)
    found = (picture_of(told, order) for told in told_steps(derivation))
    return [drawn(picture, squares(**changed)) for picture in found if picture is not None]


# ── where things stand ───────────────────────────────────────────────────────────────────────────────


@every_example
def test_edges_that_touch_have_one_colour(name: str) -> None:
    for found in drawings(name, room=500):
        if len(found.panels) == 1:
            continue
        stairs = [box for box in found.panels[1].boxes if not box.is_wanted]
        for lower, upper in pairwise(stairs):
            assert (lower.x + lower.width, lower.y) == (upper.x, upper.y + upper.height)
            assert lower.cols == upper.rows
        hinges = {(hinge.x, hinge.y, hinge.colour) for hinge in found.panels[1].hinges}
        assert hinges == {(box.x, box.y + box.height, box.rows) for box in stairs[1:]}
        corner = [box for box in found.panels[1].boxes if box.is_wanted]
        if len(stairs) > 1:
            (box,) = corner
            assert (box.y, box.height, box.rows) == (stairs[0].y, stairs[0].height, stairs[0].rows)
            assert (box.x, box.width, box.cols) == (stairs[-1].x, stairs[-1].width, stairs[-1].cols)


@every_example
@pytest.mark.parametrize("room", [24, 60, 500])
def test_nothing_lies_on_something_else_or_outside(name: str, room: int) -> None:
    for panel in (panel for found in drawings(name, room=room) for panel in found.panels):
        spans = [extent(panel, place) for place in range(len(panel.texts))]
        for left, top, right, bottom in spans:
            assert min(left, top) >= 0 and right <= panel.width and bottom <= panel.height
        flat = [span for span, said in zip(spans, panel.texts, strict=True) if said.kind != "caption"]
        for place, one in enumerate(flat):
            assert not any(overlaps(one, other) for other in flat[:place])
        boxes = [(box.x, box.y, box.x + box.width, box.y + box.height) for box in panel.boxes]
        for place, one in enumerate(boxes):
            assert one[2] <= panel.width and not any(overlaps(one, other) for other in boxes[:place])
        dimensions = (s for s, said in zip(spans, panel.texts, strict=True) if said.kind == "dimension")
        assert not any(overlaps(span, box) for span in dimensions for box in boxes)


def extent(panel: Drawing, place: int) -> tuple[float, float, float, float]:
    said = panel.texts[place]
    wide, tall = (1, len(said.text)) if said.is_turned else (len(said.text), 1)
    left = said.x - wide * {"start": 0, "middle": 0.5, "end": 1}[said.anchor]
    return left, said.y - tall / 2, left + wide, said.y + tall / 2


def overlaps(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    slack = 1e-9
    return (
        one[0] < other[2] - slack
        and other[0] < one[2] - slack
        and one[1] < other[3] - slack
        and other[1] < one[3] - slack
    )


@every_example
def test_every_factor_has_its_dimensions_and_its_name(name: str) -> None:
    for found in drawings(name, room=24):
        marks = dict(found.meanings)
        for panel in found.panels:
            kinds = [said.kind for said in panel.texts]
            factors = sum(not box.is_wanted for box in panel.boxes)
            assert kinds.count("name") == factors
            assert kinds.count("dimension") + len(panel.hinges) >= 2 * len(panel.boxes)
            assert all(said.text in marks for said in panel.texts if said.text.startswith("("))


def test_long_products_go_on_below() -> None:
    (found,) = drawings("long", room=24)
    (wide,) = drawings("long", room=500)
    assert found.panels[1].width <= 24 < wide.panels[1].width
    assert [b.is_wanted for b in found.panels[1].boxes] == [b.is_wanted for b in wide.panels[1].boxes]
    assert found.panels[1].height > found.panels[1].width


def test_long_names_stand_upright_or_below() -> None:
    (upright,) = drawings("names", longest=30)
    assert not upright.meanings
    (marked,) = drawings("names", longest=5, turns=False)
    assert [mark for mark, _ in marked.meanings] == ["(1)", "(2)", "(3)"]


# ── SVG ──────────────────────────────────────────────────────────────────────────────────────────────


@every_example
def test_svg_gives_a_dimension_one_class(name: str) -> None:
    page = derived(name).render("html")
    figures = re.findall(r'<div class="shapes".*?</div>', page, re.S)
    assert figures and len(figures) == len(drawings(name))
    for figure in figures:
        drawing = minidom.parseString(figure)
        texts = drawing.getElementsByTagName("text")
        classes: dict[str, set[str]] = {}
        for node in texts:
            if node.getAttribute("class").startswith("d"):
                classes.setdefault(node.firstChild.nodeValue, set()).add(node.getAttribute("class"))  # type: ignore[union-attr]
        assert all(len(found) == 1 for found in classes.values())
        coloured = [one for found in classes.values() for one in found if one != "d"]
        assert len(set(coloured)) == len(coloured) > 0
        edges = {node.getAttribute("class").split()[1] for node in drawing.getElementsByTagName("path")}
        assert edges <= {"d"} | {f"d{colour}" for colour in range(COLOURS)}


def test_svg_is_told_in_words() -> None:
    english, chinese = (derived("least squares").render("html", lang=lang) for lang in ("en", "zh"))
    label = re.search(r'role="img" aria-label="([^"]*)"', english)
    assert label is not None and "X m×n, r m×1 → Xᵀ n×m, r m×1 = n×1" in label[1]
    assert "as if scalar, in any order</text>" in english and "先当作实数，次序任意</text>" in chinese
    assert "<svg" not in derived("least squares").render("html", steps="brief")


def test_colours_are_one_palette_that_is_seen() -> None:
    """Print and page have the same colours; each stands out from its ground as letters must."""
    css = files("dimcompat.renderers").joinpath("page.css").read_text("utf-8")
    found = [tuple(int(h[i : i + 2], 16) for i in (0, 2, 4)) for h in re.findall(r"--d\d: #(\w{6})", css)]
    assert len(found) == 2 * COLOURS
    assert [",".join(map(str, colour)) for colour in found[:COLOURS]] == list(RGB)
    papers = [tuple(int(h[i : i + 2], 16) for i in (0, 2, 4)) for h in re.findall(r"--paper: #(\w{6})", css)]
    for place, colour in enumerate(found):
        light, dark = sorted((luminance(colour), luminance(papers[place // COLOURS])), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5


def luminance(colour: tuple[int, ...]) -> float:
    """The relative luminance of the Web Content Accessibility Guidelines."""
    shares = (value / 255 for value in colour)
    linear = (s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares)
    return sum(weight * value for weight, value in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


# ── TikZ ─────────────────────────────────────────────────────────────────────────────────────────────


@every_example
def test_tikz_gives_a_dimension_one_style(name: str) -> None:
    fragment = derived(name).render("latex", pictures=True)
    assert fragment.startswith("% needs \\usepackage{amsmath,tikz}\n")
    pictures = re.findall(r"\\begin\{tikzpicture\}.*?\\end\{tikzpicture\}", fragment, re.S)
    assert len(pictures) == sum(len(found.panels) for found in drawings(name))
    for picture in pictures:
        defined = {f"dim {number}" for number in re.findall(r"dim (\d)/\.style", picture)} | {"dim"}
        assert set(re.findall(r"\b(dim(?: \d)?)[,\]]", picture.partition("\n\\")[2])) <= defined
        styles: dict[str, set[str]] = {}
        for style, said in re.findall(r"\\node\[anchor=\w+, (dim(?: \d)?)\] at \S+ \{(.*)\};", picture):
            styles.setdefault(said, set()).add(style)
        assert len(styles) >= 2 and all(len(found) == 1 for found in styles.values())
        assert picture.count("{") == picture.count("}")


def test_tikz_is_asked_for() -> None:
    derivation = derived("least squares")
    plain = derivation.render("latex")
    assert "tikz" not in plain and plain.startswith("% needs \\usepackage{amsmath}\n")
    assert "tikz" not in derivation.render("latex", pictures=True, steps="none")
    assert "\\usepackage{tikz}" in derivation.render("latex", pictures=True, standalone=True)
    assert "\\usepackage{tikz}" not in derivation.render("latex", standalone=True)
    assert "相接的边相等" in derivation.render("latex", pictures=True, lang="zh")


# ── characters ───────────────────────────────────────────────────────────────────────────────────────


@every_example
@widths
def test_characters_fit_and_nothing_is_cut(name: str, width: int) -> None:
    derivation = derived(name)
    plain = render_text(derivation, width=width).splitlines()
    pictured = render_text(derivation, width=width, pictures=True).splitlines()
    assert [line for line in pictured if line in plain or not line] and len(pictured) > len(plain)
    assert max(map(columns, pictured)) <= max(width, *map(columns, plain))
    assert all(line in pictured for line in plain)
    whole = "\n".join(pictured)
    assert whole.count("╭") == whole.count("╮") == whole.count("╰") == whole.count("╯")
    for found in drawings(name):
        factors = sum(not box.is_wanted for box in found.panels[0].boxes)
        assert whole.count("╭") > factors


def test_characters_in_a_picture() -> None:
    text = render_text(derived("turned"), pictures=True, width=100)
    times = {
        name: len(re.findall(rf"│ +{re.escape(name)} +│", text)) for name in ("A", "B", "∂L/∂F", "(∂L/∂F)ᵀ")
    }
    assert times == {"A": 2, "B": 2, "∂L/∂F": 1, "(∂L/∂F)ᵀ": 1}
    assert "as if scalar, in any order" in text and "edges that touch match" in text
    assert "相接的边相等" in render_text(derived("turned"), pictures=True, lang="zh")


@every_example
def test_characters_in_ascii(name: str) -> None:
    text = render_text(derived(name), glyphs=ASCII, pictures=True)
    assert text.isascii() and "+---" in text and "+..." in text


@every_example
def test_colours_of_a_terminal_change_nothing_else(name: str) -> None:
    plain = render_text(derived(name), pictures=True)
    coloured = render_text(derived(name), pictures=True, colours=True)
    assert "\x1b" not in plain and re.sub(r"\x1b\[[\d;]*m", "", coloured) == plain
    for sign in ("m", "n"):
        codes = set(re.findall(rf"\x1b\[([\d;]+)m{sign}\x1b", coloured))
        assert len(codes) <= 1


def test_characters_in_markdown() -> None:
    derivation = derived("least squares")
    text = derivation.render("markdown", pictures=True)
    (block,) = re.findall(r"^```text\n(.*?)\n```$", text, re.M | re.S)
    assert re.search("│ +X +│", block) and re.search("│ +Xᵀ +│", block) and "┆" in block
    assert "```" not in derivation.render("markdown")


def test_hostile_names_stay_names() -> None:
    shapes = {"x__input": "m", "x_": "m, n", "write18": "n"}
    hostile = dc.derive("x__input'*x_*write18", "x_", shapes, verify=False)
    fragment = hostile.render("latex", pictures=True)
    assert not re.search(r"\\(input|write)", fragment)
    page = hostile.render("html")
    minidom.parseString(re.search(r"<body>.*</body>", page, re.S)[0])  # type: ignore[index]
    assert "<input" not in page
    assert UNICODE.corners[0] in hostile.render("text", pictures=True)
