"""The command line in Chinese: its help, what it says of its own use, and which language it speaks."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result
from command_line import LEAST_SQUARES, process

from dimcompat.cli import main
from dimcompat.error_codes import CODES
from dimcompat.functions import REGISTRY
from dimcompat.messages.help_zh import HELP
from dimcompat.renderers.wrapping import columns
from dimcompat.usage import sentence_of

COMMANDS = sorted(main.commands)
CHINESE = re.compile(r"[\u4e00-\u9fff]")
ENGLISH = re.compile(r"(?:[A-Za-z]{2,}[\s,.;:]+){2,}[A-Za-z]{2,}")


def run(*arguments: str, stdin: str | None = None, lang: str = "en") -> Result:
    environment = {"DIMCOMPAT_LANG": lang, "COLUMNS": "80"}
    return CliRunner().invoke(main, arguments, input=stdin, env=environment, prog_name="dimcompat")


def help_texts(command: click.Command) -> Iterator[str]:
    """Every text of a command's help that is said in words."""
    for text in (command.help, command.epilog):
        for paragraph in inspect.cleandoc(text or "").split("\n\n"):
            if paragraph and not paragraph.startswith("\b"):
                yield " ".join(paragraph.split())
    options = [parameter for parameter in command.params if isinstance(parameter, click.Option)]
    yield from (option.help for option in options if option.help)


# ── help ─────────────────────────────────────────────────────────────────────────────────────────────


def test_every_text_of_the_help_is_in_the_table() -> None:
    texts = {text for command in (main, *main.commands.values()) for text in help_texts(command)}
    assert texts <= HELP.keys()
    of_click = {"Options", "Commands", "Show this message and exit."}
    assert HELP.keys() - texts == of_click | {"Completion of commands, options and names:"}


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help(command: str) -> None:
    done = run(*filter(None, [command]), "--lang", "zh", "--help")
    assert done.exit_code == 0 and done.stdout.startswith("用法：dimcompat")
    english = run(*filter(None, [command]), "--help").stdout
    assert english.startswith("Usage: dimcompat") and not CHINESE.search(english)
    code = {line.strip() for line in english.splitlines()}  # an example stands as it is in both
    shown = done.stdout.replace("NAME:SHAPE", "NAME")
    lines = [line for line in shown.splitlines() if line.strip() not in code]
    assert [line for line in lines if ENGLISH.search(line) or columns(line) > 80] == []
    options = re.compile(r"--[a-z-]+")
    assert set(options.findall(english)) == set(options.findall(done.stdout))


def test_the_language_may_stand_anywhere() -> None:
    ways = ("--lang zh derive --help", "derive --help --lang zh", "derive -h --lang=zh")
    (shown,) = {run(*way.split()).stdout for way in ways}
    assert run("derive", "--help", lang="zh").stdout == shown
    assert run("--help", "--lang", "en", lang="zh").stdout == run("--help").stdout
    asked = ("derive", *LEAST_SQUARES, "--no-verify")
    assert "先当作实数" in run("--lang", "zh", *asked).stdout
    assert "as if scalar" in run("--lang", "zh", *asked, "--lang", "en").stdout


def test_no_command_is_the_help() -> None:
    done = run(lang="zh")
    assert (done.stdout + done.stderr) == run("--help", lang="zh").stdout


# ── usage at fault ───────────────────────────────────────────────────────────────────────────────────

# fmt: off
USAGE = {
    "derive x": "缺少选项 '--wrt'。",
    "derive": "缺少选项 '--wrt'。",
    "derive x --wrt x --order 3": "'--order' 的值无效：3 不在范围 1<=x<=2 内。",
    "derive x --wrt x --order two": "'--order' 的值无效：'two' 不是有效的整数。",
    "derive x --wrt x --steps few": "'--steps' 的值无效：'few' 不在可选的 'all', 'brief', 'none' 之中。",
    "derive x --wrt x -o .": "'-o' / '--output' 的值无效：文件 '.' 是目录。",
    "derive x --wrt x --ordr 2": "没有选项 '--ordr'。是否想写 '--order'？",
    "derive -x --wrt x": "没有选项 '-x'。以负号开头的公式前面要加 --。",
    "derive x y --wrt x": "多出了参数（y）",
    "derive x --wrt": "选项 '--wrt' 后面缺少值。",
    "derive x --infer=1 --wrt x": "选项 '--infer' 不带值。",
    "deriv": "没有命令 'deriv'。是否想写 'derive'？",
    "weave a.md b.md -o c.md": "使用 -o 时只能给一个笔记文件",
    "weave a.txt": "a.txt 既不是 Markdown 也不是 LaTeX：文件名必须以 .md、.markdown、.tex 结尾",
    "derive nosuch.dim --wrt x": "无法读取 nosuch.dim：文件或目录不存在",
    "derive x --wrt x -s x": "--shape 的写法是 NAME:SHAPE，如 X:m,n，而不是 'x'",
    "derive x --wrt x -s x:n -s x:m": "--shape 两次声明了 x",
    "functions expp": "没有函数 'expp'；是否想写 exp？",
    "functions expm": "没有函数 'expm'；exp(X) 是每个元素的指数；这里不对矩阵指数求导。",
    "explain E999": "没有错误 'E999'；`dimcompat explain` 列出全部",
}
# fmt: on


@pytest.mark.parametrize("line", USAGE)
def test_usage(line: str) -> None:
    done = run(*line.split(), lang="zh")
    assert done.exit_code == 2
    assert done.stderr.splitlines()[-1] == f"错误：{USAGE[line]}"
    assert not ENGLISH.search(re.sub(r"dimcompat.*", "", done.stderr))
    english = run(*line.split())
    assert english.exit_code == 2 and not CHINESE.search(english.stderr)


def test_usage_as_json() -> None:
    done = run("derive", "--error-format", "json", "x", "--wrt", "x", "--order", "3", lang="zh")
    assert json.loads(done.stderr)["message"] == USAGE["derive x --wrt x --order 3"]


def test_what_is_not_known_of_click_stays_english() -> None:
    assert sentence_of(click.UsageError("Some new sentence of click.")) == "Some new sentence of click."
    for old in ("No such option: --ordr", "No such option: --ordr Did you mean --order?"):
        assert sentence_of(click.UsageError(old)) == old


def test_the_process(tmp_path: Path) -> None:
    line = "derive X*w --wrt w -s X:m,n -s w:k"
    done = process(*line.split(), DIMCOMPAT_LANG="", LANG="zh_CN.UTF-8", LC_ALL="")
    assert done.returncode == 2
    lines = done.stderr.decode().splitlines()
    assert lines[0] == "错误 E201：m×n 不能乘以 k×1"
    assert lines[-2:] == ["    X 是 m×n，w 是 k×1，n ≠ k。", "    是否应声明 w: n？"]
    notes = tmp_path / "notes.md"
    notes.write_text("```dimcompat --wrt w --ordr 2\nw: n; w'*w\n```\n", encoding="utf-8")
    done = process("weave", str(notes), "--lang", "zh")
    assert done.stderr.decode() == f"错误：{notes}，第 1 行：没有选项 '--ordr'。是否想写 '--order'？\n"


# ── answers ──────────────────────────────────────────────────────────────────────────────────────────


def test_functions() -> None:
    listed = run("functions", "--lang", "zh").stdout
    assert all(re.search(rf"\b{name}\b", listed) for name in REGISTRY) and not ENGLISH.search(listed)
    for name in REGISTRY:
        shown = run("functions", name, "--lang", "zh").stdout
        assert not ENGLISH.search(shown) and "例子" in shown, name
        assert not CHINESE.search(run("functions", name).stdout)


def test_explain() -> None:
    listed = run("explain", "--lang", "zh").stdout.splitlines()
    assert [line.split("  ")[0] for line in listed] == sorted(CODES)
    assert all(CHINESE.search(line) and not ENGLISH.search(line) for line in listed)


def test_the_prompt() -> None:
    lines = ":help\n:nosuch\nX: m, n\nX*v\n:check w\n:latex\n:code\n?X\n?nosuch\nf(t) = t^2\n_\n"
    done = run("repl", "--lang", "zh", stdin=lines)
    assert done.exit_code == 2
    said = re.sub(r"numpy|torch|jax|:check NAME CLAIM", "", done.stdout + done.stderr)
    assert [line for line in said.splitlines() if ENGLISH.search(line)] == []
    assert "没有命令 :nosuch；:help 列出全部" in done.stderr and "错误 E301：v 没有声明" in done.stderr
    assert "f   函数" in done.stdout


def test_a_claim_whose_parts_do_not_fit() -> None:
    asked = ["check", *LEAST_SQUARES, "--claim", "w + y", "--lang"]
    chinese, english = run(*asked, "zh").stdout, run(*asked, "en").stdout
    assert chinese.startswith("错误：各部分的形状不相容：n×1 与 m×1 不能相加：w 是 n×1，y 是 m×1，n ≠ m\n")
    assert english.startswith("wrong: the parts of the claim do not fit together: cannot add n×1 and m×1: ")
    assert not ENGLISH.search(chinese) and "m\n" in english.partition("claimed")[0]
