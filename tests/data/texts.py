"""The texts of the vectors, by hand: canonical JSON, and what is no amount and no JSON of ours."""

# name, JSON text as it may arrive, its canonical form (RFC 8785)
CANONICAL: list[tuple[str, str, str]] = [
    ("nothing in it", " { } ", "{}"),
    (
        "numbers, text and literals of RFC 8785 section 3.2.2",
        (
            r"""{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],"""
            r""""string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/","literals":[null,true,false]}"""
        ),
        (
            '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],'
            '"string":"\u20ac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
        ),
    ),
    (
        "names by UTF-16 code units (RFC 8785 section 3.2.3)",
        r'{"\u20ac":1,"\r":2,"\ufb33":3,"1":4,"\ud83d\ude00":5,"\u0080":6,"\u00f6":7}',
        '{"\\r":2,"1":4,"\u0080":6,"\u00f6":7,"\u20ac":1,"\U0001f600":5,"\ufb33":3}',
    ),
    ("names like numbers", '{"10":1,"9":2,"1":3,"":4}', '{"":4,"1":3,"10":1,"9":2}'),
    (
        "names that objects have already",
        '{"toString":1,"__proto__":{"b":1,"a":2},"constructor":3}',
        '{"__proto__":{"a":2,"b":1},"constructor":3,"toString":1}',
    ),
    ("upper before lower", '{"b":1,"a":2,"B":3,"A":4}', '{"A":4,"B":3,"a":2,"b":1}'),
    (
        "composed and decomposed letters stay two names",
        r'{"\u00e9":1,"e\u0301":2}',
        '{"e\u0301":2,"\u00e9":1}',
    ),
    (
        "the seven short escapes and the long ones of control characters",
        r'{"v":"\b\t\n\f\r\"\\ \u0001\u001F"}',
        r'{"v":"\b\t\n\f\r\"\\ \u0001\u001f"}',
    ),
    (
        "no escape where none is needed",
        r'{"v":"\/ \u007f \u2028 \u2029 \u00e9 \u003c"}',
        '{"v":"/ \u007f \u2028 \u2029 \u00e9 <"}',
    ),
    ("a pair of surrogates as escapes", r'{"v":"\ud83d\ude80"}', '{"v":"\U0001f680"}'),
    ("the same character as itself", '{"v":"\U0001f680"}', '{"v":"\U0001f680"}'),
    (
        "a backslash before ud800 is no surrogate",
        r'{"v":"\\ud800"}',
        r'{"v":"\\ud800"}',
    ),
    ("zeros", '{"v":[0,-0,0.0,-0.0,0e5]}', '{"v":[0,0,0,0,0]}'),
    ("whole numbers written as fractions", '{"v":[1.0,1e0,10E2,-5.00]}', '{"v":[1,1,1000,-5]}'),
    (
        "the largest integers",
        '{"v":[9007199254740991,-9007199254740991]}',
        '{"v":[9007199254740991,-9007199254740991]}',
    ),
    (
        "where exponents begin",
        '{"v":[1e15,1e21,12e21,0.000001,0.0000001,123456789.125]}',
        '{"v":[1000000000000000,1e+21,1.2e+22,0.000001,1e-7,123456789.125]}',
    ),
    (
        "the shortest digits that come back",
        '{"v":[0.1,0.30000000000000004,4.35,5e-324,1.7976931348623157e308]}',
        '{"v":[0.1,0.30000000000000004,4.35,5e-324,1.7976931348623157e+308]}',
    ),
    (
        "an amount is text, whatever its size",
        '{"v":"999999999999999999999999999999.000000000000000001"}',
        '{"v":"999999999999999999999999999999.000000000000000001"}',
    ),
    ("lists keep their order", '{"v":[3,1,[],{},[2]]}', '{"v":[3,1,[],{},[2]]}'),
    ("64 levels", '{"v":' + "[" * 63 + "]" * 63 + "}", '{"v":' + "[" * 63 + "]" * 63 + "}"),
]

# name, text that neither side takes in
NOT_CANONICAL: list[tuple[str, str]] = [
    ("a lone high surrogate", r'{"v":"\ud800"}'),
    ("a lone low surrogate", r'{"v":"a\udc00b"}'),
    ("surrogates the wrong way round", r'{"v":"\ude80\ud83d"}'),
    ("a lone surrogate in a name", r'{"\udfff":1}'),
    ("a lone surrogate behind backslashes", r'{"v":"\\\\\ud800"}'),
    ("an integer of 2^53", '{"v":9007199254740992}'),
    ("an integer that would be rounded", '{"v":9007199254740993}'),
    ("its negative", '{"v":[-9007199254740993]}'),
    ("thirty nines", '{"v":' + "9" * 30 + "}"),
    ("a float whose canonical form is such an integer", '{"v":1e20}'),
    ("the smallest of those", '{"v":9007199254740992.0}'),
    ("a number beyond all floats", '{"v":1e400}'),
    ("NaN", '{"v":NaN}'),
    ("Infinity", '{"v":-Infinity}'),
    ("a leading zero", '{"v":01}'),
    ("a plus", '{"v":+1}'),
    ("a bare point", '{"v":.5}'),
    ("a trailing point", '{"v":5.}'),
    ("hexadecimal", '{"v":0x10}'),
    ("a trailing comma", '{"v":1,}'),
    ("single quotes", "{'v':1}"),
    ("a comment", '{"v":1/* one */}'),
    ("a tab inside a text", '{"v":"\t"}'),
    ("an open text", '{"v":"a}'),
    ("two values", '{"v":1}{"v":2}'),
    ("undefined", '{"v":undefined}'),
    ("65 levels", '{"v":' + "[" * 64 + "]" * 64 + "}"),
]

# Texts that are no amount (reliability.md M10).
BAD_AMOUNTS: list[str] = [
    *["", " ", "-0", "-1", "+1", "NaN", "sNaN", "inf", "Infinity", "1e3", "1E5", "1e400"],
    *["1_000", "1,000", "\uff11\uff12", "\u0663", " 1 ", "1 ", "\t1", "1\n", "1\u00a0", ".5", "5."],
    *["01", "00", "0x10", "1.0.0", "1,5", "--1", "1.-1", "1/2", "50 AGIA", "$5", "1\u0000"],
    *["1." + "1" * 19, "9" * 31, "9" * 5000, "1" + "0" * 30],
]
# Whoever asks Unicode what a digit is, or int() and Number() what a number is, takes these.
_ZEROS = [0x660, 0x6F0, 0x7C0, 0x966, 0x9E6, 0xA66, 0xAE6, 0xB66, 0xBE6, 0xC66, 0xCE6, 0xD66]
_ZEROS += [0xDE6, 0xE50, 0xED0, 0xF20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80]
_ZEROS += [0x1B50, 0x1BB0, 0x1C40, 0xA620, 0xA8D0, 0xA900, 0xA9D0, 0xAA50, 0xABF0, 0xFF10]
_ZEROS += [0x104A0, 0x11066, 0x1D7CE, 0x1D7D8, 0x1D7E2, 0x1D7EC, 0x1D7F6]
_BLANKS = (
    "\x08\x0b\x0c\x1c\x1d\x1e\x1f\x80\x85\x9f\xa0\xad\u034f\u061c\u1680\u180e\u2000\u2007\u2008"
)
_BLANKS += "\u200b\u200c\u200d\u200e\u200f\u2028\u2029\u202a\u202c\u202e\u202f\u205f\u2060\u2062"
_BLANKS += "\u2063\u2066\u2069\u206a\u2800\u3000\u3164\ufe0f\ufeff\ufff9\ufffc\ufffd\U000e0031"
_MARKS = "\xb7\u02d9\u055d\u060c\u066b\u066c\u2019\u2022\u2024\u2025\u2026\u2027\u2044\u3001\u3002"
_SIGNS = (
    "\xb1\u02d7\u2010\u2011\u2012\u2013\u2014\u207a\u207b\u208a\u2212\ufb29\ufe62\ufe63\uff0b\uff0d"
)
BAD_AMOUNTS += [chr(zero + 1) for zero in _ZEROS] + [f"1.{chr(zero + 5)}" for zero in _ZEROS[::8]]
BAD_AMOUNTS += [f"1{blank}000" for blank in _BLANKS] + [f"{blank}1" for blank in _BLANKS[::5]]
BAD_AMOUNTS += [f"1{mark}5" for mark in _MARKS] + [f"{sign}1" for sign in _SIGNS]
BAD_AMOUNTS += """
    1,000.00 1.000,00 1,00,000 1'000.00 1, ,1 , 1,,000 1_ _1 1__0 1._5 1.5_ 0_1 +1.5 +0 -0.0 -.5
    +.5 1e0 1E+0 1.e1 .1e1 1e1_0 1e18 50e18 0e1 1e 1e- 10^2 1**2 0b1 0o7 0X 0d1 &H1 1h 000 00.0
    0x1.8p1 1.#INF 1.#QNAN qNaN nan(1) -nan NAN infinite -inf nil null None true false undefined
    1n 1L 1f 1.0f 1u 0n 1K 1M AGIALPHA 1AGIALPHA 1wei 1%0A 1%00 %31 \\x31 \\u0031 &#49; 1;1 1|1
    1..0 1.0. 1-0 1+0 2-1 1*1 =1 ~1 (1) [1] {1} "1" 1" `1` ${1} {{1}} 1-- 1# 1//
""".split()  # noqa: SIM905 - a table, not a program
BAD_AMOUNTS += [
    "1." + "0" * 19,
    "0." + "0" * 18 + "1",
    "9" * 78,
    "9" * 79,
    "0" * 31,
    "1\n\n",
    "1\r",
]

# JSON that is no text, where a text is an amount.
BAD_VALUES: list[object] = [0, 1, -1, 1.0, 50.5, 1e21, 5e-324, 2**53 - 1, True, False, None]
BAD_VALUES += [[], ["1"], [["1"]], {}, {"value": "1"}, {"$from": "a", "path": "b", "x": 1}]

# tool, params in which everything else is right, where the amount stands
MONEY_FIELDS: list[tuple[str, dict[str, object], list[str]]] = [
    (
        "job.post",
        {"job": {"deadline": 7, "title": "x", "uri": "ipfs://x", "specHash": "0x" + "1" * 64}},
        ["job", "rewardAGIA"],
    ),
    ("stake.deposit", {"stake": {"role": "agent"}}, ["stake", "amountAGIA"]),
    ("stake.withdraw", {"stake": {"role": "agent"}}, ["stake", "amountAGIA"]),
    ("governance.set", {"key": "minStake"}, ["value"]),
    ("governance.set", {"key": "jobRegistry.setMaxJobReward"}, ["value"]),
    ("governance.set", {"key": "jobStake"}, ["value"]),
    (
        "governance.set",
        {"key": "jobParameters", "value": {"jobStake": "1"}},
        ["value", "maxReward"],
    ),
    (
        "governance.set",
        {"key": "jobParameters", "value": {"maxReward": "1"}},
        ["value", "jobStake"],
    ),
]
