r"""A picture in TikZ: for documents that load it, with no style or colour defined outside the picture.

A module of its own because here lengths are millimetres, and names are formulas.
"""

from __future__ import annotations

import re

from dimcompat.renderers.drawing import Box, Drawing, Hinge, Medium, Written, captions
from dimcompat.renderers.latex_formula import latex_dimension
from dimcompat.renderers.latex_speller import LatexSpeller
from dimcompat.renderers.latex_widths import looks
from dimcompat.renderers.pictures import Picture
from dimcompat.renderers.stairs import Drawn, drawn

LETTER, BETWEEN, AROUND = 1.9, 1.6, 0.7
HINGE = 2.2
RGB = ("31,53,240", "222,28,12", "58,128,94", "189,43,202", "100,0,73")
"""Colours that stay apart for the colour-blind, all dark enough for letters on white."""
_OPERATOR = re.compile(r" [+-] |\\odot|\\oslash")
_ANCHORS = {"start": "west", "middle": "center", "end": "east"}


def tikz(picture: Picture, speller: LatexSpeller) -> tuple[str, Drawn]:
    """Two pictures side by side, or below each other where the line is too short."""
    medium = Medium(
        name=lambda called: f"${speller.tex(called)}$",
        dimension=lambda dim: f"${latex_dimension(dim)}$",
        measure=_wide,
        wide=_length,
        tall=_length,
        grid=0.1,
        line=5,
        space=1.2,
        below=0.8,
        gap=2.2,
        apart=6,
        pad=1.2,
        longest=20,
        room=76,
        turns=True,
        times=r"$\cdot$",
        entry=r"$\odot$",
        captions=captions(speller.lang),
    )
    found = drawn(picture, medium)
    arrow = "\n\\quad$\\to$\\nobreak\\quad\n"
    return "\\begin{center}\n" + arrow.join(map(_tikz, found.panels)) + "\n\\end{center}", found


def _wide(said: str) -> float:
    """About how many millimetres a text takes, at the size that it has here."""
    return LETTER * looks(said) + BETWEEN * len(_OPERATOR.findall(said)) + AROUND


def _length(share: float) -> float:
    return 8 + 10 * share if share else 5


def _tikz(drawing: Drawing) -> str:
    colours = {box.rows for box in drawing.boxes} | {box.cols for box in drawing.boxes}
    styles = [
        f"  dim {colour}/.style={{color={{rgb,255:red,{red};green,{green};blue,{blue}}}}},"
        for colour in sorted(colour for colour in colours if colour is not None)
        for red, green, blue in [RGB[colour].split(",")]
    ]
    return "\n".join(
        (
            r"\begin{tikzpicture}[x=1mm, y=-1mm, baseline=(current bounding box.center),",
            r"  every node/.style={inner sep=0pt, outer sep=0pt, font=\small},",
            *styles,
            "  dim/.style={color=black!60}, edge/.style={line width=0.9pt}]",
            *map(_hinge, drawing.hinges),
            *map(_box, drawing.boxes),
            *map(_text, drawing.texts),
            r"\end{tikzpicture}",
        )
    )


def _style(colour: int | None) -> str:
    return "dim" if colour is None else f"dim {colour}"


def _hinge(hinge: Hinge) -> str:
    start = f"({hinge.x:.1f},{hinge.y:.1f}) -- ++(-{HINGE},0)"
    turn = f"arc[start angle=180, end angle=270, radius={HINGE}]"
    return rf"\fill[{_style(hinge.colour)}, opacity=.35] {start} {turn} -- cycle;"


def _box(box: Box) -> str:
    left, top, right, below = (
        f"{place:.1f}" for place in (box.x, box.y, box.x + box.width, box.y + box.height)
    )
    dashed = ", densely dashed" if box.is_wanted else ""
    ground = "" if box.is_wanted else rf"\fill[black!4] ({left},{top}) rectangle ({right},{below});{chr(10)}"
    rows = f"({left},{top}) -- ({left},{below}) ({right},{top}) -- ({right},{below})"
    cols = f"({left},{top}) -- ({right},{top}) ({left},{below}) -- ({right},{below})"
    return (
        rf"{ground}\draw[edge, {_style(box.rows)}{dashed}] {rows};{chr(10)}"
        rf"\draw[edge, {_style(box.cols)}{dashed}] {cols};"
    )


def _text(written: Written) -> str:
    options = [f"anchor={_ANCHORS[written.anchor]}"]
    options += [_style(written.colour)] if written.kind == "dimension" else []
    options += [r"font=\footnotesize, color=black!60"] if written.kind == "caption" else []
    options += ["rotate=90"] if written.is_turned else []
    return rf"\node[{', '.join(options)}] at ({written.x:.1f},{written.y:.1f}) {{{written.text}}};"
