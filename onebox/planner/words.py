"""Words with a meaning for numbers, time and people, in English, French and Spanish (folded)."""


def bag(words: str) -> frozenset[str]:
    """A set of words, written as a line of them."""
    return frozenset(words.split())


def counted(words: str, first: int, step: int = 1) -> dict[str, int]:
    """Words in a row, each with its number: first, first + step, ..."""
    return {word: first + place * step for place, word in enumerate(words.split())}


def each(words: str, value: int) -> dict[str, int]:
    """Words of one meaning."""
    return dict.fromkeys(words.split(), value)


LANGUAGE_WORDS: dict[str, frozenset[str]] = {
    "en": bag("the a an to for of in and with my our is by as i we please on from"),
    "fr": bag(
        "le la les un une des du de pour et je nous notre mon ma en au jours est avec sur par "
        "que qui mission tant delai publie finalise"
    ),
    "es": bag(
        "el la los las un una de del para por y con mi nuestro como en dias que trabajo plazo "
        "publica sobre semanas"
    ),
}

SMALL_NUMBERS: dict[str, int] = {
    **counted("zero one two three four five six seven eight nine ten eleven twelve thirteen", 0),
    **counted("fourteen fifteen sixteen seventeen eighteen nineteen", 14),
    **counted("deux trois quatre cinq", 2),
    **counted("sept huit neuf dix onze douze treize quatorze quinze seize", 7),
    **counted("cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece", 0),
    **counted("catorce quince dieciseis diecisiete dieciocho diecinueve", 14),
    **counted("veintiuno veintidos veintitres veinticuatro veinticinco veintiseis", 21),
    **counted("veintisiete veintiocho veintinueve", 27),
}
TENS: dict[str, int] = {
    **counted("twenty thirty forty fifty sixty seventy eighty ninety", 20, 10),
    **counted("vingt trente quarante cinquante soixante", 20, 10),
    "vingts": 20,
    **counted("veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa", 20, 10),
}
WHOLE_HUNDREDS: dict[str, int] = {
    **counted("doscientos trescientos cuatrocientos quinientos", 200, 100),
    **counted("seiscientos setecientos ochocientos novecientos", 600, 100),
}
MULTIPLIERS: dict[str, int] = {
    "dozen": 12,
    **each("hundred cent cents cien ciento", 100),
    **each("thousand k grand mil mille", 1000),
    **each("million m mio", 1_000_000),
}
AND_AFTER_HUNDRED, AND_AFTER_TENS = bag("and"), bag("y et")
ONE = bag("a an one un une una uno")

# Hours in a unit of time; 0 stands for less than one.
UNIT_HOURS: dict[str, int] = {
    **each("h hr hrs hour hours heure heures hora horas", 1),
    **each("d day days jour jours dia dias", 24),
    **each("w wk wks week weeks semaine semaines semana semanas", 24 * 7),
    **each("fortnight fortnights quinzaine quincena quincenas", 24 * 14),
    **each("month months mois mes meses", 24 * 30),
    **each("year years ans annee annees ano anos", 24 * 365),
    **each("min mins minute minutes minuto minutos", 0),
}
MONTHS: dict[str, int] = {
    **counted("january february march april may june july august", 1),
    **counted("september october november december", 9),
    **counted("jan feb mar apr may jun jul aug sep oct nov dec", 1),
    **counted("janvier fevrier mars avril mai juin juillet aout", 1),
    **counted("septembre octobre novembre decembre", 9),
    **counted("enero febrero marzo abril mayo junio julio agosto", 1),
    **counted("septiembre octubre noviembre diciembre", 9),
    "sept": 9,
}
_UNITS_TH = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth"]
ORDINALS: dict[str, int] = {
    **counted("first second third fourth fifth sixth seventh eighth ninth tenth eleventh", 1),
    **counted("twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth", 12),
    **counted("nineteenth twentieth", 19),
    **{f"twenty - {word}": 20 + place for place, word in enumerate(_UNITS_TH, 1)},
    "thirtieth": 30,
    "thirty - first": 31,
    "premier": 1,
    "primero": 1,
}
WEEKDAYS: dict[str, int] = {
    **counted("monday tuesday wednesday thursday friday saturday sunday", 0),
    **counted("lundi mardi mercredi jeudi vendredi samedi dimanche", 0),
    **counted("lunes martes miercoles jueves viernes sabado domingo", 0),
}
FOREIGN_SIGNS = frozenset("$€£¥₿")
FOREIGN = bag(
    "usdc usdt usd dai eur euro euros eth ether btc bitcoin sol matic gbp chf jpy pounds pound "
    "cad aud inr cny rmb rub sek nok dkk pln czk brl krw mxn nzd sgd hkd zar try aed rupees "
    "rupee yen "
    "yuan francs franc krona kronor crowns zloty rand reais link dot ada doge xrp bnb avax ltc "
    "pesetas "
    "dollar dollars bucks cents dolares pesos livres"
)
ROLES: dict[str, str] = {
    **dict.fromkeys(bag("agent agents agente agentes"), "agent"),
    **dict.fromkeys(bag("validator validators validateur validateurs validatrice"), "validator"),
    **dict.fromkeys(bag("validador validadores validadora"), "validator"),
    **dict.fromkeys(bag("validate validating validation"), "validator"),
    **dict.fromkeys(bag("platform platforms plateforme plataforma"), "platform"),
}
CORRECTION = bag(
    "sorry rather actually correction oops pardon scratch plutot perdon perdona mean meant "
    "wait instead ups digo er erm uh"
)
