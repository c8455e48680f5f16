"""What is missing or means nothing in LaTeX: the sentences in English.

A module of its own because a language is a table, and one topic of it is read together.
"""

SENTENCES: dict[str, str] = {
    "latex.an argument": "an argument",
    "latex.its argument": "its argument in brackets",
    "latex.one name": "one name below it",
    "latex.delimiter": "a bracket or a bar after it",
    "latex.two arguments": "two arguments, as in \\frac{{1}}{{2}}",
    "latex.norms": "The norms are \\|x\\|, \\|x\\|_2, \\|x\\|_1 and \\|X\\|_F.",
    "latex.argument first": "Write the function with its argument first; a power stands after the brackets.",
    "latex.sums start": "Sums start at 1.",
    "latex.below a sum": "Below a sum stands an index, as in \\sum_{{i=1}}^{{m}} or \\sum_i.",
    "latex.unequal": "Subtract what is left out: \\sum_i \\sum_j a_{{ij}} - \\sum_i a_{{ii}}.",
    "latex.ordered": "Write the sum over all pairs; where a_{{ij}} = a_{{ji}}, the sum over i < j is \\frac{{1}}{{2}}(\\sum_i \\sum_j a_{{ij}} - \\sum_i a_{{ii}}).",
    "latex.indicator": "An indicator compares a class label with an index: 1\\{{y_i = k\\}} with y: m labels(c) declared and sums over i and k around it.",
    "latex.derivative of": "Write the objective alone; the variable is given beside it (--wrt).",
    "latex.raised label": "In brackets stands a word or a number, as in a^{{(l)}}; powers have no brackets.",
    "latex.indices": "Indices are letters that a sum binds, and colons; a label is a word or a number.",
    "latex.declarations": "Declarations are written X \\in \\mathbb{{R}}^{{m \\times n}}.",
    "latex.transpose": "The transpose is written X^\\top, the inverse X^{{-1}}.",
    "latex.index within": "{name} has a sum over it",
    "latex.two sums": "{name} has two sums over it that end differently",
    "latex.primed": "{definition} names one value; a function has a parameter that is declared nowhere.",
    "latex.norm": "{quote}norm {text}{quote}",
    "latex.prod": "Write the logarithm of the product as a sum.",
    "latex.int": "Integrals are not differentiated; declare the integral's value as a function.",
    "latex.lim": "Limits are not differentiated.",
    "latex.dagger": "For full column rank write (X^T X)^{{-1}} X^T.",
    "latex.pm": "Write two formulas, one with each sign.",
    "latex.mathbb": "Write the expectation as a mean over samples.",
}
