"""What an error code means: in words, by an example that raises it, and by that example put right.

A module of its own because it is asked for by a code, when there is no error at hand.
"""

from __future__ import annotations

from dimcompat.errors import CODES, DimcompatError
from dimcompat.messages import language, text
from dimcompat.messages.error_examples import EXAMPLES, Example
from dimcompat.renderers.errors import error_text
from dimcompat.renderers.wrapping import wrapped

INDENT = "    "


def meanings(lang: str | None = None) -> dict[str, str]:
    """What each code means."""
    if language(lang) == "zh":
        from dimcompat.messages.error_meanings_zh import MEANINGS
    else:
        from dimcompat.messages.error_meanings_en import MEANINGS
    return MEANINGS


def code_list() -> list[str]:
    """Every code with its title."""
    return [f"{code}  {CODES[code]}" for code in sorted(CODES)]


def code_help(code: str, *, lang: str | None = None, width: int = 80, ascii: bool = False) -> list[str]:
    """The lines for one code, which must be one of `CODES`."""
    head = f"{code}  {CODES[code]}" if language(lang) == "en" else code
    lines = [head, "", *(f"  {line}" for line in wrapped(meanings(lang)[code], width - 2))]
    example = EXAMPLES[code]
    said = _message(example, width=width, ascii=ascii)
    blocks = (("explain.wrong", _shown(example.wrong)), ("explain.says", said))
    for label, shown in (*blocks, ("explain.right", _shown(example.right))):
        if shown:
            lines += ["", f"  {text(label, lang)}", *(INDENT + line for line in shown)]
    return lines


def _shown(source: str) -> list[str]:
    return source.split("\n")


def _message(example: Example, *, width: int, ascii: bool) -> list[str]:
    """The message that the example gets; none for Python, which is not run here."""
    if example.kind == "python":
        return []
    from dimcompat.language.latex import read_latex
    from dimcompat.language.program import read

    try:
        read_latex(example.wrong) if example.kind == "latex" else read(example.wrong)
    except DimcompatError as error:
        return error_text(error, width=width - len(INDENT), ascii=ascii).rstrip("\n").split("\n")
    return []
