"""What is missing or means nothing in LaTeX: the sentences in Chinese.

A module of its own because a language is a table, and one topic of it is read together.
"""

SENTENCES: dict[str, str] = {
    "latex.an argument": "参数",
    "latex.its argument": "写在括号里的参数",
    "latex.one name": "下方的一个名字",
    "latex.delimiter": "后面的括号或竖线",
    "latex.two arguments": "两个参数，如 \\frac{{1}}{{2}}",
    "latex.norms": "可用的范数是 \\|x\\|、\\|x\\|_2、\\|x\\|_1 和 \\|X\\|_F。",
    "latex.argument first": "请先写函数和它的参数；幂写在括号后面。",
    "latex.sums start": "求和从 1 开始。",
    "latex.below a sum": "求和号下面是下标，如 \\sum_{{i=1}}^{{m}} 或 \\sum_i。",
    "latex.unequal": "请减去不计的项：\\sum_i \\sum_j a_{{ij}} - \\sum_i a_{{ii}}。",
    "latex.ordered": "请对所有数对求和；若 a_{{ij}} = a_{{ji}}，则对 i < j 的和是 \\frac{{1}}{{2}}(\\sum_i \\sum_j a_{{ij}} - \\sum_i a_{{ii}})。",
    "latex.indicator": "示性函数比较类别标签与下标：写 1\\{{y_i = k\\}}，声明 y: m labels(c)，外面对 i 和 k 求和。",
    "latex.derivative of": "请只写目标函数；变量另外给出（--wrt）。",
    "latex.raised label": "括号里是单词或数，如 a^{{(l)}}；幂不加括号。",
    "latex.indices": "下标是由求和约束的字母或冒号；名字中的标记是单词或数。",
    "latex.declarations": "声明写作 X \\in \\mathbb{{R}}^{{m \\times n}}。",
    "latex.transpose": "转置写作 X^\\top，逆写作 X^{{-1}}。",
    "latex.index within": "{name} 中有对它的求和",
    "latex.two sums": "{name} 中有两个对它的求和，终点不同",
    "latex.primed": "{definition} 是一个值的名字；函数的形参须是没有声明过的名字。",
    "latex.norm": "范数 {quote}{text}{quote}",
    "latex.prod": "请把乘积的对数写成和。",
    "latex.int": "不对积分求导；请把积分的值声明为函数。",
    "latex.lim": "不对极限求导。",
    "latex.dagger": "列满秩时请写 (X^T X)^{{-1}} X^T。",
    "latex.pm": "请写成两个公式，各取一个符号。",
    "latex.mathbb": "请把期望写成对样本的平均。",
}
