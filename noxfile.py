"""Tasks of development, each in an environment of its own: `nox -l` lists them."""

from pathlib import Path

import nox

nox.options.sessions = ["tests", "lint", "types"]
nox.options.error_on_missing_interpreters = False


@nox.session(python=["3.11", "3.12", "3.13"])
def tests(session: nox.Session) -> None:
    """The default test run, with coverage."""
    session.install(".[test]")
    session.run("pytest", "--cov", *session.posargs)


@nox.session
def lint(session: nox.Session) -> None:
    """Ruff: rules and format."""
    session.install(".[lint]")
    session.run("ruff", "check")
    session.run("ruff", "format", "--check")


@nox.session
def types(session: nox.Session) -> None:
    """The package under mypy's strict rules."""
    session.install(".[lint]")
    session.run("mypy")


@nox.session
def docs(session: nox.Session) -> None:
    """The documentation as HTML; a warning is an error."""
    session.install(".[docs]")
    session.run("sphinx-build", "-W", "--keep-going", "-b", "html", "docs", "docs/_build/html")


@nox.session
def notes(session: nox.Session) -> None:
    """The lecture notes of the examples, woven anew, as pages and documents."""
    session.install(".")
    session.run("python", "examples/notes/build.py", *session.posargs)


@nox.session
def compiled(session: nox.Session) -> None:
    """Whatever is written in LaTeX through TeX, and every page through Chromium; both must be there."""
    session.install(".[test]")
    session.run("python", "tests/machine.py")
    session.run("pytest", "-m", "tex or browser", *session.posargs)


@nox.session
def pictures(session: nox.Session) -> None:
    """The pictures of README, made anew."""
    session.install(".[test]")
    session.run("python", "docs/pictures.py")


@nox.session
def notebooks(session: nox.Session) -> None:
    """The magics in IPython, and the example notebook through nbconvert."""
    session.install(".[test,notebook]")
    session.run("pytest", "tests/test_notebook.py", *session.posargs)


@nox.session
def random_expressions(session: nox.Session) -> None:
    """Derive 20,000 random expressions and compare each with differences; the figures are printed."""
    session.install(".[test]")
    session.run(
        *("pytest", "-s", "-m", "slow", "tests/test_random_expressions.py", *session.posargs),
        env={"DIMCOMPAT_RANDOM": "20000"},
    )


@nox.session
def jax(session: nox.Session) -> None:
    """The tests that compare with JAX."""
    session.install(".[test,jax]")
    session.run("pytest", "-m", "jax", *session.posargs)


@nox.session
def torch(session: nox.Session) -> None:
    """The tests that compare with PyTorch."""
    session.install(".[test,torch]")
    session.run("pytest", "-m", "torch", *session.posargs)


@nox.session
def benchmarks(session: nox.Session) -> None:
    """Every script in benchmarks/, or the ones named after `--`; `-- page` writes the page of the docs."""
    session.install(".[bench]")
    names = session.posargs or sorted({path.stem for path in Path("benchmarks").glob("*.py")} - {"page"})
    for name in names:
        session.run("python", f"benchmarks/{name}.py")
