"""The texts of the commands' help in Chinese, by the English ones.

A module of its own because the English texts stand where click wants them, beside the commands and options
that they are about.
"""

HELP: dict[str, str] = {
    # headings
    "Options": "选项",
    "Commands": "命令",
    # commands
    "Matrix derivatives by dimension compatibility: derived step by step, checked numerically.": (
        "用维度相容原理求矩阵导数：逐步推导，数值检验。"
    ),
    "Derive a gradient and show every step.": "求梯度，并显示每一步。",
    "SOURCE is a formula or a program, a file that ends in .dim, .txt or .tex, or - for what is piped in.": (
        "SOURCE 是公式或程序，或以 .dim、.txt、.tex 结尾的文件，或用 - 表示从管道读入。"
    ),
    "Is this gradient right, and if not, why?": "这个梯度对不对？若不对，错在哪里？",
    "The status is 0 for a claim that is right, 1 for one that is wrong, 2 for one that cannot be read.": (
        "退出状态：0 表示所称的导数是对的，1 表示是错的，2 表示无法读取。"
    ),
    "Show every subexpression with its shape, as a tree.": "以树的形式显示每个子表达式及其形状。",
    "Write a Python module that computes the value and the derivative.": (
        "生成计算函数值和导数的 Python 模块。"
    ),
    "List the functions, or show one with its shape, derivative rule and example.": (
        "列出全部函数，或显示一个函数的形状、求导法则和例子。"
    ),
    "Say what an error code means, with an example and its cure; without a code, list them.": (
        "解释错误代码的含义，附例子和改正办法；不给代码时列出全部。"
    ),
    "A prompt: declare, name, compute shapes and derive, line by line; :help says how.": (
        "交互提示符：逐行声明、起名、计算形状和求导；用法见 :help。"
    ),
    "Lines that are piped in are answered one after another, without a prompt; the status is 2 where one of "
    "them is at fault.": "从管道读入的各行依次得到回答，不显示提示符；若有一行出错，退出状态为 2。",
    "Put derivations into notes, below the blocks that ask for them.": "把推导写进笔记，放在提出问题的块下面。",
    "NOTES is a .md or .tex file. Done again, only what was generated is written anew.": (
        "NOTES 是 .md 或 .tex 文件。再次运行时只改写生成的部分。"
    ),
    "Completion of commands, options and names:": "命令、选项和名字的自动补全：",
    # options
    "Show the version and exit.": "显示版本并退出。",
    "Show this message and exit.": "显示这段说明并退出。",
    "Declare a name, as X:m,n or w:n or a:scalar.": "声明名字，如 X:m,n 或 w:n 或 a:scalar。",
    "The name to differentiate, if it is not the last one.": "要求导的名字；不写则为最后一个。",
    "2 for the Hessian.": "2 表示黑塞矩阵。",
    "Infer the shapes of names that are not declared: a…g scalars, h…z columns, capitals matrices.": (
        "推断未声明的名字的形状：a…g 为标量，h…z 为列向量，大写字母为矩阵。"
    ),
    "The source is LaTeX.": "源文本是 LaTeX。",
    "The language of the sentences; else that of DIMCOMPAT_LANG, or of the locale.": (
        "文字的语言；不写则取 DIMCOMPAT_LANG，或系统区域设置。"
    ),
    "Differentiate by this name; repeated, or names parted by commas.": (
        "对这个名字求导；可重复，或用逗号分隔几个名字。"
    ),
    "Leave out the numeric check.": "不作数值检验。",
    "The loss is not given; answer in terms of the derivative by the objective.": (
        "损失未给出；用对目标函数的上游导数表示结果。"
    ),
    "Write here instead of to the terminal.": "写入这个文件，而不是终端。",
    "For the random points of the check.": "用于数值检验的随机点。",
    "How a fault is told: as a message, or as a JSON object on standard error.": (
        "错误的表示方式：一段文字，或标准错误上的 JSON 对象。"
    ),
    "A whole document, not a part of one.": "输出完整的文档，而不是片段。",
    "Draw the factors of products: boxes in text and Markdown, TikZ in LaTeX. HTML always does.": (
        "画出乘积的各因子：text 和 Markdown 中用方框，LaTeX 中用 TikZ；HTML 总是画出。"
    ),
    "The derivative is by this name.": "导数是对这个名字的。",
    "The derivative that is claimed.": "所称的导数。",
    "any accepts the claim in either layout.": "any 表示两种布局都可以。",
    "With --order 2: the matrix, the small C of kron(C, eye(m)), or the product with a direction.": (
        "配合 --order 2：整个矩阵、kron(C, eye(m)) 中的小矩阵 C，或与某一方向的乘积。"
    ),
    "Leave out the checks of the arguments' shapes.": "不检查参数的形状。",
    "Write here instead of into the notes themselves.": "写入这个文件，而不是笔记本身。",
}
