"""The command ``dimcompat weave``.

A module of its own because it reads and writes files of others, which no other command does.
"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from dimcompat.exit_status import WRONG
from dimcompat.messages import say
from dimcompat.messages import text as text_of
from dimcompat.options import LANGUAGE, Command, read_notes, write_to

PATH = click.Path(dir_okay=False, path_type=Path)


@click.command(cls=Command)
@click.argument("notes", nargs=-1, required=True, metavar="NOTES…", type=PATH)
@click.option(
    "-o",
    "--output",
    type=PATH,
    metavar="FILE",
    help="Write here instead of into the notes themselves.",
)
@LANGUAGE
def weave(notes: tuple[Path, ...], output: Path | None, lang: str | None) -> None:
    """Put derivations into notes, below the blocks that ask for them.

    NOTES is a .md or .tex file. Done again, only what was generated is written anew.

    \b
    ```dimcompat --wrt w                  % dimcompat: --wrt w
    X: m, n; w: n; y: m                   % X: m, n; w: n; y: m
    J = sumsq(X*w - y)                    % J = sumsq(X*w - y)
    ```
    """
    from dimcompat.renderers.streams import emit
    from dimcompat.renderers.warning import check_warning
    from dimcompat.weaving import kind_of
    from dimcompat.weaving import weave as weave_notes

    if output is not None and len(notes) > 1:
        raise click.UsageError(say("weave.one file"))
    for path in notes:
        kind_of(str(path))
    texts = [read_notes(path) for path in notes]
    # all of them, before anything is written
    woven = [weave_notes(text, str(path), lang=lang) for path, text in zip(notes, texts, strict=True)]
    failed = False
    for path, text, done in zip(notes, texts, woven, strict=True):
        if output is not None or done.text != text:
            write_to(output or path, done.text)
        count = len(done.derivations)
        key = "weave.done one" if count == 1 else "weave.done"
        emit(text_of(key, lang, path=path, count=count, changed=done.changed) + "\n", sys.stderr)
        for line, derivation in done.derivations:
            if said := check_warning(derivation, lang):
                emit(text_of("weave.in file and line", lang, name=path, number=line, said=said), sys.stderr)
            failed |= derivation.verification is not None and derivation.verification.passed is False
    if failed:
        sys.exit(WRONG)
