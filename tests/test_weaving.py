"""Weaving: what is generated is between its marks, and every other byte of the notes stays as it is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from dimcompat.cli import main
from dimcompat.errors import DimcompatError
from dimcompat.options import Fault
from dimcompat.weaving import weave

BLOCK = "```dimcompat --wrt w\nX: m, n; w: n; y: m\nJ = sumsq(X*w - y)\n```"
COMMENT = "% dimcompat: --wrt w\n% X: m, n; w: n; y: m\n% J = sumsq(X*w - y)"
ENVIRONMENT = "\\begin{dimcompat}[--wrt w]\nX: m, n; w: n; y: m\nJ = sumsq(X*w - y)\n\\end{dimcompat}"
NOTES = {
    "plain.md": f"# Notes\n\n{BLOCK}\n\nMore  \n",
    "end.md": f"# Notes\n\n{BLOCK}",
    "text.md": f"\ufeffNo\u2028tes\x0c\n{BLOCK}\nText at once.\n\n\n{BLOCK}\n{BLOCK}\n",
    "tilde.md": f"{BLOCK.replace('```', '~~~~')}\n",
    "list.md": "- item\n\n" + re.sub("^", "      ", BLOCK, flags=re.MULTILINE) + "\n  more\n",
    "other.md": f"````\n{BLOCK}\n````\n\n```python\n1\n```\n\n{BLOCK}\n",
    "matter.md": f"---\ntitle: x\n---\n{BLOCK}\n",
    "comment.tex": f"Text\n{COMMENT}\nText\n\n{COMMENT}\n\n% a remark\n",
    "environment.tex": f"\\begin{{verbatim}}\n{COMMENT}\n\\end{{verbatim}}\n{ENVIRONMENT}\nText",
    "indented.tex": re.sub("^", "  ", COMMENT, flags=re.MULTILINE) + "\n  \\end{frame}\n",
}


def generated(name: str) -> re.Pattern[str]:
    """A generated part with the newlines that were put before it."""
    begin, end = (r"% ", "") if name.endswith(".tex") else ("<!-- ", " -->")
    return re.compile(rf"\s*{begin}dimcompat:begin{end}.*?dimcompat:end{end}", re.DOTALL)


@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize("name", NOTES)
def test_nothing_else_is_touched(name: str, newline: str) -> None:
    text = NOTES[name].replace("\n", newline)
    woven = weave(text, name)
    assert woven.changed == len(woven.derivations) == len(generated(name).findall(woven.text))
    assert generated(name).sub("", woven.text) == text
    assert woven.text.count("\n") == woven.text.count(newline)
    again = weave(woven.text, name)
    assert (again.text, again.changed) == (woven.text, 0)


@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize("name", NOTES)
def test_after_a_change(name: str, newline: str) -> None:
    text = NOTES[name].replace("\n", newline)
    before = weave(text, name)
    edited = before.text.replace("J = sumsq(X*w - y)", "J = 3*sumsq(X*w - y)")
    after = weave(edited, name)
    assert after.changed == before.changed
    assert after.text == weave(text.replace("J = sumsq(", "J = 3*sumsq("), name).text
    assert "6" in after.text and weave(after.text, name).changed == 0


def test_what_is_between_the_marks_is_written_anew_and_no_more() -> None:
    woven = weave(NOTES["text.md"], "n.md").text
    first = woven.index("denominator layout".capitalize())
    spoilt = f"{woven[:first]}My own words.\n{woven[first:]}"
    assert weave(spoilt, "n.md").text == woven
    assert weave(spoilt, "n.md").changed == 1


def test_the_digits_of_the_error_do_not_change_a_file() -> None:
    woven = weave(NOTES["plain.md"], "n.md").text
    other = re.sub(r"error \S+e-\d+", "error 3e-9", woven)
    assert other != woven and weave(other, "n.md").text == other
    assert weave(other.replace("3 random points", "4 random points"), "n.md").text == woven


def test_blocks_that_are_none() -> None:
    text = f"````text\n{BLOCK}\n````\n\n<!--\n{BLOCK}\n-->\n\n    {BLOCK}\n\n```dimcompatible\n```\n"
    assert weave(text, "n.md").text == text
    text = f"\\begin{{lstlisting}}\n{ENVIRONMENT}\n\\end{{lstlisting}}\n% dimcompat: see below\n"
    assert weave(text, "n.tex").text == text


def test_options_of_a_block() -> None:
    text = '```dimcompat --wrt "x, y" --steps none --lang zh -s "x: n" -s y:n --no-verify\nx\'*y\n```\n'
    woven = weave(text, "n.md").text
    assert "分母布局" in woven and "**1.**" not in woven and woven.count(r"\boxed") == 2
    text = "% dimcompat: --wrt w --latex-in\n% w \\in \\mathbb{R}^{n}\n% \\|w\\|_2^2\n"
    assert "2 w" in weave(text, "n.tex").text


@pytest.mark.parametrize("name", NOTES)
def test_pictures(name: str) -> None:
    asked = NOTES[name].replace("--wrt w", "--wrt w --pictures")
    woven = weave(asked, name)
    sign = "\\begin{tikzpicture}" if name.endswith(".tex") else "```text"
    assert woven.text.count(sign) == len(woven.derivations) * (2 if name.endswith(".tex") else 1)
    assert weave(woven.text, name).changed == 0
    assert generated(name).sub("", woven.text) == generated(name).sub("", asked)
    plain = woven.text.replace("--wrt w --pictures", "--wrt w")
    assert weave(plain, name).text == weave(NOTES[name], name).text


def test_language(monkeypatch: pytest.MonkeyPatch) -> None:
    block = f"{BLOCK}\n"
    assert "分母布局" in weave(block, "n.md", lang="zh").text
    stated = f"---\nlang: zh-CN\n---\n{block}"
    assert "分母布局" in weave(stated, "n.md").text
    assert "分母布局" not in weave(stated, "n.md", lang="en").text
    monkeypatch.setenv("DIMCOMPAT_LANG", "zh")
    assert "分母布局" in weave(block, "n.md").text
    assert "分母布局" not in weave(stated.replace("zh-CN", "en"), "n.md").text


# ── faults ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "n.md",
            "Text\n\n  - a\n\n    ```dimcompat --wrt w\n    X: m, n; w: n; y: m\n    J = X*w + y'\n    ```\n",
        ),
        ("n.tex", "Text\n\n% dimcompat: --wrt w\n% X: m, n; w: n; y: m\n%  J = X*w + y'\n"),
        ("n.tex", "\\begin{dimcompat}[--wrt w]\nX: m, n; w: n; y: m\nJ = X*w + y'\n\\end{dimcompat}\n"),
    ],
)
def test_an_error_points_into_the_file(name: str, text: str, newline: str) -> None:
    text = text.replace("\n", newline)
    with pytest.raises(DimcompatError) as caught:
        weave(text, name)
    error = caught.value
    assert error.where == name and error.text == text and error.span is not None
    assert [text[start:end] for start, end in (label.span for label in error.labels)] == ["X*w", "y'"]
    assert text[error.span[0] : error.span[1]] in "J = X*w + y'"


@pytest.mark.parametrize(
    ("options", "part"),
    [("--wrt w,q -s w:n", "q"), ("--wrt w -s w:n,", ","), ("--wrt w --infer -s w:n,n,n", "n")],
)
def test_an_error_in_the_options(options: str, part: str) -> None:
    text = f"# q\n\n```dimcompat {options}\nw'*w\n```\n"
    with pytest.raises(DimcompatError) as caught:
        weave(text, "n.md")
    start, end = caught.value.span or (0, 0)
    assert part in text[start:end] and text[:start].count("\n") == 2 == text[:end].count("\n")


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("n.md", "a\n\n```dimcompat --wrt w\nw\n", "n.md, line 3: the block that begins here has no end"),
        ("n.md", f"{BLOCK}\n<!-- dimcompat:begin -->\n", "n.md, line 5: what was generated here has no end"),
        ("n.md", f"{BLOCK}\n<!-- dimcompat:begin -->\n{BLOCK}\n<!-- dimcompat:end -->\n", "n.md, line 5: "),
        ("n.md", "<!-- dimcompat:begin -->\n<!-- dimcompat:end -->\n", "n.md, line 1: what begins here was"),
        ("n.md", "```dimcompat\nw\n```\n", "n.md, line 1: Missing option '--wrt'"),
        ("n.md", "a\n```dimcompat --wrt w --what\nw\n```\n", "n.md, line 2: No such option"),
        ("n.md", '```dimcompat --wrt "w\nw\n```\n', "n.md, line 1: a quotation mark is never closed"),
        ("n.md", "```dimcompat --wrt w -s w\nw\n```\n", "n.md, line 1: --shape takes NAME:SHAPE"),
        ("n.tex", "\\begin{dimcompat}[--wrt w]\nw\n", "n.tex, line 1: the block that begins here has no end"),
        ("n.tex", f"{COMMENT}\n% dimcompat:begin\n", "n.tex, line 4: what was generated here has no end"),
        ("n.txt", "", "n.txt is neither Markdown nor LaTeX"),
    ],
)
def test_faults_say_their_line(name: str, text: str, said: str) -> None:
    with pytest.raises(Fault) as caught:
        weave(text, name)
    assert str(caught.value).startswith(said)


# ── the command ──────────────────────────────────────────────────────────────────────────────────────


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["weave", *map(str, arguments)])


def test_command_writes_into_the_notes(tmp_path: Path) -> None:
    notes = tmp_path / "n.md"
    notes.write_bytes(NOTES["end.md"].replace("\n", "\r\n").encode())
    done = run(notes)
    assert done.exit_code == 0 and "1 derivation, 1 changed" in done.stderr and done.stdout == ""
    assert notes.read_bytes() == weave(NOTES["end.md"].replace("\n", "\r\n"), "n.md").text.encode()
    before = notes.stat().st_mtime_ns
    assert "0 changed" in run(notes).stderr and notes.stat().st_mtime_ns == before


def test_command_writes_elsewhere(tmp_path: Path) -> None:
    notes, other = tmp_path / "n.md", tmp_path / "o.md"
    notes.write_text(NOTES["plain.md"], encoding="utf-8")
    assert run(notes, "-o", other).exit_code == 0
    assert notes.read_text(encoding="utf-8") == NOTES["plain.md"]
    assert other.read_text(encoding="utf-8") == weave(NOTES["plain.md"], "n.md").text
    assert run(notes, other, "-o", other).exit_code == 2


def test_a_fault_writes_nothing(tmp_path: Path) -> None:
    good, bad, other = tmp_path / "good.md", tmp_path / "bad.md", tmp_path / "o.md"
    good.write_text(f"{BLOCK}\n", encoding="utf-8")
    bad.write_text(f"{BLOCK}\n\n```dimcompat --wrt w\nw: n\nJ = w*w\n```\n", encoding="utf-8")
    for arguments in ([bad], [bad, "-o", other], [good, bad]):
        before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
        done = run(*arguments)
        assert done.exit_code == 2 and done.exception.__class__ is SystemExit
        assert f"in line 8 of {bad}: " in done.stderr and "J = w*w" in done.stderr
        assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


@pytest.mark.parametrize("name", ["absent.md", "n.txt", "binary.md"])
def test_files_that_cannot_be_woven(tmp_path: Path, name: str) -> None:
    (tmp_path / "n.txt").write_text("x", encoding="utf-8")
    (tmp_path / "binary.md").write_bytes(b"\xff\xfe\x00")
    done = run(tmp_path / name)
    assert done.exit_code == 2 and done.stderr.startswith("error: ") and done.stderr.count("\n") == 1
