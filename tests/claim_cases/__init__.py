"""Claims about gradients with the causes a verdict may name: what courses and books get right and wrong."""

from __future__ import annotations

from claim_cases import forums, matrices, networks, regression, textbooks, vectors

CASES = [*regression.CASES, *networks.CASES, *matrices.CASES, *vectors.CASES, *textbooks.CASES, *forums.CASES]
