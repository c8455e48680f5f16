"""Pages in a real browser: on a phone and on a desk, light, dark, and on paper.

Nothing is written to the console; no page scrolls sideways; every formula can be seen, read and copied.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from page_cases import EXAMPLES, HOSTILE, WIDE, derived

pytestmark = pytest.mark.browser

PHONE, DESK = 400, 1200
PAPER = 718
"""A4 less the margins, in pixels."""

FIRST = [
    *(("least squares", "en"), ("least squares", "zh"), ("long names", "zh")),
    *((name, "en") for name in ("deep", "Hessian with kron", "many")),
]
OTHERS = [
    *((name, "en") for name in (*EXAMPLES, *HOSTILE, *WIDE) if (name, "en") not in FIRST),
    *(("two orders", "zh"), ("samples", "zh")),
]
PAGES = [*FIRST, *(pytest.param(page, marks=pytest.mark.slow) for page in OTHERS)]
CONTRAST = 4.5
"""What the Web's guidelines ask of text, as a ratio of luminances."""

LOW_CONTRAST = """(() => {
  const parts = colour => colour.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
    .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const solid = colour => { const p = parts(colour); return p.length < 4 || p[3] > 0; };
  const ground = node => {
    for (; node; node = node.parentElement) {
      if (node.closest("svg") && !node.matches("svg")) {
        const area = node.closest("svg").querySelector("rect");
        if (node.matches("text.name") && area) return getComputedStyle(area).fill;
      }
      const colour = getComputedStyle(node).backgroundColor;
      if (solid(colour)) return colour;
    }
    return "rgb(255, 255, 255)";
  };
  const found = [];
  let seen = 0;
  for (const node of document.body.querySelectorAll("*")) {
    const own = [...node.childNodes].some(c => c.nodeType === 3 && c.textContent.trim());
    if (!own || node.matches("style")) continue;
    seen++;
    const style = getComputedStyle(node);
    const [a, b] = [node.closest("svg") ? style.fill : style.color, ground(node)].map(c => light(parts(c)));
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < LEAST) found.push([node.textContent.trim().slice(0, 30), style.color, ground(node), ratio]);
  }
  return [seen, found];
})()""".replace("LEAST", str(CONTRAST))
INVISIBLE = """[...document.querySelectorAll("math, math *")].filter(node => {
  const box = node.getBoundingClientRect();
  return node.textContent.replace(/[\\s\\u2061]/g, "") && !(box.width > 0 && box.height > 0);
}).map(node => node.outerHTML)"""
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
CUT_OFF = """[...document.querySelectorAll(".display, main *")]
  .filter(node => node.scrollWidth > node.clientWidth + 1 && getComputedStyle(node).overflowX !== "visible")
  .map(node => [node.scrollWidth, node.clientWidth, node.textContent.slice(0, 60)])"""
SELECTED = "getSelection().selectAllChildren(document.querySelector('main')), getSelection().toString()"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from browser import Browser

    with Browser() as found:
        yield found


@pytest.fixture(scope="module", params=PAGES, ids=lambda page: f"{page[0]}-{page[1]}")
def page(request: pytest.FixtureRequest, browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The browser, with a page in it."""
    name, lang = request.param
    path = tmp_path_factory.mktemp("page") / "page.html"
    path.write_text(derived(name).render("html", lang=lang), encoding="utf-8")
    browser.open(path)
    return browser


def test_on_screen(page: Any) -> None:
    for width in (PHONE, DESK):
        for dark in (False, True):
            page.show(width, dark=dark)
            assert page.value("innerWidth") == width
            assert page.value(SIDEWAYS) <= 0, width
            assert page.value("document.querySelectorAll('math').length") > 3
            assert page.value(INVISIBLE) == []
            seen, faint = page.value(LOW_CONTRAST)
            assert seen > 20 and faint == []
    assert page.complaints == []


def test_text_can_be_copied(page: Any) -> None:
    page.show(DESK)
    copied = page.value(SELECTED)
    assert all(
        said in copied for said in page.value("[...document.querySelectorAll('p')].map(p => p.innerText)")
    )
    assert page.value("[...document.querySelectorAll('.result mi')].map(m => m.textContent)") != []
    assert page.value(
        "[...document.querySelectorAll('*')].every(n => getComputedStyle(n).userSelect !== 'none')"
    )


def test_on_paper(page: Any) -> None:
    page.show(PAPER, "print")
    assert page.value(CUT_OFF) == []
    assert page.pdf().startswith(b"%PDF")


def test_the_browser_sees_faults(browser: Any, tmp_path: Path) -> None:
    """What these tests ask of a page is refused where it does not hold."""
    path = tmp_path / "page.html"
    path.write_text(
        "<body style='background: #fff'><p style='color: #ccc'>faint</p><p style='width: 3000px'>wide</p>"
        "<math><mi style='display: none'>x</mi></math><script>console.error('oh'); nothing.at.all</script>",
        encoding="utf-8",
    )
    browser.open(path)
    browser.show(PHONE)
    assert browser.value(SIDEWAYS) > 2000
    assert [text for text, *_ in browser.value(LOW_CONTRAST)[1]] == ["faint"]
    assert len(browser.value(INVISIBLE)) == 2
    assert len(browser.complaints) >= 2
