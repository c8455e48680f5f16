"""In notebooks: the formats of a derivation by media type, and the magics."""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from shutil import which
from typing import Any

import pytest

import dimcompat as dc
from dimcompat.asking import parted
from dimcompat.options import Fault

MEDIA = ["text/plain", "text/latex", "text/html", "text/markdown"]


@pytest.fixture(scope="module")
def derivation() -> dc.Derivation:
    return dc.derive("sumsq(X*w - y)", "w", {"X": "m, n", "w": "n", "y": "m"})


def test_the_bundle_is_a_plain_dict(derivation: dc.Derivation) -> None:
    bundle = derivation._repr_mimebundle_(include=None, exclude=None)
    assert type(bundle) is dict and list(bundle) == MEDIA
    assert bundle["text/plain"] == derivation.render("text")
    assert bundle["text/latex"] == derivation.render("latex")
    assert bundle["text/markdown"] == derivation.render("markdown")


def test_include_and_exclude(derivation: dc.Derivation) -> None:
    assert list(derivation._repr_mimebundle_(include={"text/html"})) == ["text/html"]
    assert list(derivation._repr_mimebundle_(exclude={"text/html"})) == [m for m in MEDIA if m != "text/html"]


def test_html_is_a_part_of_a_page(derivation: dc.Derivation) -> None:
    html = derivation._repr_mimebundle_()["text/html"]
    assert "<html" not in html and "<script" not in html and "<body" not in html and "<math" in html
    open_tags: list[str] = []

    class Balance(HTMLParser):
        def handle_starttag(self, tag: str, attrs: Any) -> None:
            open_tags.append(tag)

        def handle_endtag(self, tag: str) -> None:
            assert open_tags.pop() == tag

    Balance().feed(html)
    assert open_tags == []


def test_its_style_reaches_nothing_else(derivation: dc.Derivation) -> None:
    html = derivation._repr_mimebundle_()["text/html"]
    style = html.partition("<style>")[2].partition("</style>")[0]
    selectors = [one.strip() for rule in re.findall(r"([^{}]+)\{", style) for one in rule.split(",")]
    assert len(selectors) > 20
    assert [one for one in selectors if not one.startswith((".dimcompat", "@media"))] == []
    assert style.count("{") == style.count("}")


# ── the magics ───────────────────────────────────────────────────────────────────────────────────────


class Shell:
    """What the extension needs of IPython."""

    def register_magic_function(self, function: Callable[..., Any], magic_kind: str, magic_name: str) -> None:
        assert magic_kind == "line_cell" and magic_name == "dimcompat"
        self.magic = function


@pytest.fixture
def magic() -> Callable[..., Any]:
    shell = Shell()
    dc.load_ipython_extension(shell)
    return shell.magic


def test_line_magic(magic: Callable[..., Any]) -> None:
    found = magic("(X*w - y)'*(X*w - y) --wrt w -s X:m,n -s w:n -s y:m")
    assert isinstance(found, dc.Derivation) and str(found.gradient) == "2*X'*(X*w - y)"


def test_cell_magic(magic: Callable[..., Any]) -> None:
    found = magic("--wrt w --no-verify", "w: n\n\nJ = w'*w\n")
    assert isinstance(found, dc.Derivation) and str(found.gradient) == "2*w" and found.verification is None


def test_language_and_steps(magic: Callable[..., Any]) -> None:
    found = magic("--wrt w --lang zh --steps none", "w: n; w'*w")
    bundle = found._repr_mimebundle_()
    assert list(bundle) == MEDIA and all("分母布局" in bundle[media] for media in MEDIA)
    assert str(found.gradient) == "2*w" and "先当作实数" not in bundle["text/plain"]


def test_pictures(magic: Callable[..., Any]) -> None:
    """HTML has them always; MathJax, which sets the LaTeX, could not draw them."""
    plain, pictured = (
        magic(f"--wrt w --no-verify{more}", "X: m, n; w: n; sumsq(X*w)") for more in ("", " --pictures")
    )
    before, after = plain._repr_mimebundle_(), pictured._repr_mimebundle_()
    assert before["text/html"] == after["text/html"] and before["text/latex"] == after["text/latex"]
    assert "edges that touch match" in after["text/plain"] and "```text" in after["text/markdown"]
    assert "edges that touch match" not in before["text/plain"] + before["text/markdown"]


@pytest.mark.parametrize(
    ("line", "source", "options"),
    [
        ("x'*x --wrt x", "x'*x", "--wrt x"),
        ('"x\'*x" --wrt x', "x'*x", "--wrt x"),
        ("x - -y --wrt=x", "x - -y", "--wrt=x"),
        ("a -s --wrt a", "a -s", "--wrt a"),
        ("a -s -s a:n --wrt a", "a -s", "-s a:n --wrt a"),
        ("--wrt x", "", "--wrt x"),
        ("x'*x", "x'*x", ""),
    ],
)
def test_a_line_in_two_parts(line: str, source: str, options: str) -> None:
    assert parted(line) == (source, options)


@pytest.mark.parametrize("line", ["w'*v --wrt w -s w:n", "w'*w", "w'*w --wrt w --what", "--wrt w"])
def test_faults(magic: Callable[..., Any], line: str) -> None:
    with pytest.raises(Exception, match=r".") as caught:
        magic(line)
    assert isinstance(caught.value, dc.DimcompatError | Fault) or type(caught.value).__name__ == "UsageError"
    assert caught.value.__cause__ is None


def test_in_ipython(capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("IPython")
    from IPython.core.interactiveshell import InteractiveShell

    shell = InteractiveShell.instance()
    shell.run_line_magic("load_ext", "dimcompat")
    shell.run_cell("X = 'no such thing'\nd = %dimcompat sumsq(X*w) --wrt w -s X:m,n -s w:n\nd.gradient")
    assert str(shell.user_ns["d"].gradient) == "2*X'*X*w"
    shell.run_cell("%%dimcompat --wrt w --latex-in\nw \\in \\mathbb{R}^{n}\n\\frac{1}{2}\\|w\\|_2^2")
    assert "∂J/∂w = w" in capsys.readouterr().out
    data, _ = shell.display_formatter.format(shell.user_ns["d"])
    assert set(data) >= set(MEDIA)
    done = shell.run_cell("%dimcompat w'*v --wrt w -s w:n")
    told = capsys.readouterr()
    assert not done.success and "Traceback" not in told.out + told.err and "E301" in told.err


NOTEBOOK = Path(__file__).parents[1] / "examples" / "notebook.ipynb"


@pytest.mark.parametrize("form", ["HTML", "Latex", "Markdown"])
def test_the_example_runs(form: str) -> None:
    nbconvert, nbformat = pytest.importorskip("nbconvert"), pytest.importorskip("nbformat")
    pytest.importorskip("ipykernel")
    from nbconvert.preprocessors import ExecutePreprocessor

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # theirs
        notebook = nbformat.read(NOTEBOOK, as_version=4)
        ExecutePreprocessor(timeout=120, kernel_name="python3").preprocess(notebook, {})
        if form == "Latex" and which("pandoc") is None:  # which the words between need
            notebook.cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
        text, _ = getattr(nbconvert, f"{form}Exporter")().from_notebook_node(notebook)
    assert "Traceback" not in text
    shown = {"HTML": "<math", "Latex": r"\boxed", "Markdown": "<math"}[form]
    assert shown in text and "先当作实数" in text


def test_the_example_is_kept_without_output() -> None:
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    assert [cell for cell in cells if cell.get("outputs") or cell.get("execution_count")] == []
