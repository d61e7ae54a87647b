"""Forms of an amount that are none: whoever reads one of them as money reads it wrongly."""

from typing import Any

_SIGNS = """
    +1 -1 -0 +0 --1 -0.00 1- 1+ +-1 (1) -0.000000000000000001
""".split()  # noqa: SIM905 - a table, not a program
_SIGNS += ["\N{MINUS SIGN}1", "\N{FULLWIDTH PLUS SIGN}1", "\xb11", "\N{EN DASH}5"]
_SIGNS += ["- 1"]
_EXPONENTS = """
    1e3 1E3 1e+3 1e-3 1.5e1 1e400 1E+999999 0e0 e1 1e 1e1.5 1E999999999999 5e-324 1d3
    1p3 1^3 10**2 2**70 1x10^3
""".split()  # noqa: SIM905 - a table, not a program
_WORDS = """
    NaN nan sNaN snan123 -NaN Infinity inf -inf +inf INF null None true True false
    undefined zero five all max * any
""".split()  # noqa: SIM905 - a table, not a program
_BASES = """
    0x10 0X10 0b11 0o17 017 00 007 00.5 0x1p4 1h #10 $10 10%
""".split()  # noqa: SIM905 - a table, not a program
_SEPARATORS = """
    1,000 1_000 1'000 1.000.000 1,5 1;5 1/2 1:5 1..5 1.5. 1_0.0 .5 5. . .. 0. .0 1. 1._5
    1.5_0 1|2 1&2 1%30 1&#48; [1] {1} <1> '1' `1`
""".split()  # noqa: SIM905 - a table, not a program
_SEPARATORS += ["1\xb75", "1\N{ARABIC DECIMAL SEPARATOR}5", "1\N{FULLWIDTH FULL STOP}5"]
_SEPARATORS += ["1\N{FULLWIDTH COMMA}000", "1\\u0030", "1\\x30", '"1"']
_UNITS = """
    1AGIALPHA 1wei 1k 1K 1M 1m 1USD ~1 <1 >1 =1 =1+1 1+1 1*2 1-1 5-10 1? 1!
""".split()  # noqa: SIM905 - a table, not a program
_UNITS += ["1 AGIALPHA", "AGIALPHA 1", "1 ether", "\N{EURO SIGN}1", "\xa31", "1\xa2"]
_UNITS += ["\N{ALMOST EQUAL TO}1", "1 to 2"]
_CODE = """
    ${1} {{1}} $(1) 1//2 1# 1-- __import__('os') ../1 %s %d 1<br> data:1
""".split()  # noqa: SIM905 - a table, not a program
_CODE += ["1; DROP TABLE", "1 OR 1=1", "1\x1b[2J", "\\1", '{"$from": "x"}']
_CODE += ["[object Object]"]
_BLANKS = [
    "",
    " ",
    " 1",
    "1 ",
    "\t1",
    "1\t",
    "1\n",
    "\n1",
    "1\r\n",
    "1\r",
    "1 0",
    "1\v",
    "1\f",
    "1. 5",
    "1 .5",
    "\N{NO-BREAK SPACE}1",
    "1\N{NO-BREAK SPACE}",
    "1\N{THIN SPACE}000",
    "1\N{ZERO WIDTH SPACE}",
    "\N{ZERO WIDTH NO-BREAK SPACE}1",
    "1\N{LINE SEPARATOR}",
    "1\N{IDEOGRAPHIC SPACE}",
    "1\N{RIGHT-TO-LEFT OVERRIDE}0",
    "\N{LEFT-TO-RIGHT MARK}1",
    "1\N{SOFT HYPHEN}0",
    "1\N{WORD JOINER}0",
    "1\x1f",
    "1\x7f",
    "1\x85",
    "1\N{COMBINING ENCLOSING KEYCAP}",
]
_DIGITS = [
    "\N{FULLWIDTH DIGIT ONE}\N{FULLWIDTH DIGIT TWO}",
    "\N{ARABIC-INDIC DIGIT THREE}",
    "\N{EXTENDED ARABIC-INDIC DIGIT THREE}",
    "\N{DEVANAGARI DIGIT FIVE}",
    "\N{BENGALI DIGIT SEVEN}",
    "\N{THAI DIGIT NINE}",
    "\N{MATHEMATICAL BOLD DIGIT ONE}",
    "\N{MATHEMATICAL MONOSPACE DIGIT ONE}",
    "\N{SUPERSCRIPT TWO}",
    "\N{SUBSCRIPT TWO}",
    "\N{CIRCLED DIGIT ONE}",
    "\N{DINGBAT NEGATIVE CIRCLED DIGIT ONE}",
    "\N{VULGAR FRACTION ONE HALF}",
    "1\N{VULGAR FRACTION ONE HALF}",
    "\N{ROMAN NUMERAL FIVE}",
    "\N{CJK UNIFIED IDEOGRAPH-4E00}",
    "1\N{ARABIC-INDIC DIGIT ZERO}",
    "1.\N{FULLWIDTH DIGIT FIVE}",
    "\N{INFINITY}",
    "\N{DIGIT ONE FULL STOP}",
    "\N{PARENTHESIZED DIGIT ONE}",
    "\N{TIBETAN DIGIT HALF ONE}",
    "O",
    "l",
    "1O",
    "I0",
]
_LENGTHS = [
    "9" * 31,
    "1" + "0" * 30,
    "9" * 78,
    "9" * 79,
    "1" * 5000,
    "0" * 5000 + "1",
    "1." + "0" * 5000,
]
_LENGTHS += [
    "1." + "1" * 19,
    "0." + "0" * 18 + "1",
    "1." + "0" * 19,
    "0." + "9" * 19,
    "9" * 31 + ".5",
]
_ZERO = ["0", "0.0", "0.00", "0.000000000000000000"]
TEXTS: list[str] = [
    *_SIGNS,
    *_EXPONENTS,
    *_WORDS,
    *_BASES,
    *_BLANKS,
    *_SEPARATORS,
    *_UNITS,
    *_DIGITS,
    *_LENGTHS,
    *_CODE,
]
VALUES: list[Any] = [0, 1, -1, 50, 50.0, 0.5, 1e21, 1e-7, -0.0, 2**53 - 1, 1e308, True, False, None]
VALUES += [
    [],
    ["50"],
    [50],
    {},
    {"amount": "50"},
    {"$from": "post_job", "path": "escrow"},
    [[["1"]]],
]
# Zero is an amount, and moves nothing: no field that moves money takes it.
BAD: list[Any] = [*TEXTS, *VALUES, *_ZERO]
