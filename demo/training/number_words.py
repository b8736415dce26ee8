"""Numbers 0 to 999,999, dates and short sentences in English, German and French words: the grammar the translator is trained on.

Spelling: English with "and" (one hundred and five); German with "ein" throughout (einhundertfünf, eintausend); French in the traditional
orthography (vingt et un, deux cents, deux cent un, quatre-vingts, quatre-vingt mille).
"""

import datetime

LANGUAGES = ("English", "German", "French")

EN_ONES = ("zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen "
           "nineteen").split()
EN_TENS = "- - twenty thirty forty fifty sixty seventy eighty ninety".split()
DE_ONES = ("null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn "
           "neunzehn").split()
DE_TENS = "- - zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig".split()
FR_ONES = ("zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept dix-huit "
           "dix-neuf").split()
FR_TENS = "- - vingt trente quarante cinquante soixante".split()


def english(n):
    if n < 20:
        return EN_ONES[n]
    if n < 100:
        return EN_TENS[n // 10] + ("-" + EN_ONES[n % 10] if n % 10 else "")
    if n < 1000:
        return EN_ONES[n // 100] + " hundred" + (" and " + english(n % 100) if n % 100 else "")
    rest = n % 1000
    tail = "" if rest == 0 else (" and " if rest < 100 else " ") + english(rest)
    return english(n // 1000) + " thousand" + tail


def german(n, alone=True):
    """`alone` is false before hundert, tausend: ein, not eins."""
    if n < 20:
        return "ein" if n == 1 and not alone else DE_ONES[n]
    if n < 100:
        return (german(n % 10, False) + "und" if n % 10 else "") + DE_TENS[n // 10]
    if n < 1000:
        return german(n // 100, False) + "hundert" + (german(n % 100, alone) if n % 100 else "")
    return german(n // 1000, False) + "tausend" + (german(n % 1000, alone) if n % 1000 else "")


def french(n, final=True):
    """`final` is false before mille, where quatre-vingts and cents lose their s."""
    if n < 20:
        return FR_ONES[n]
    if n < 70:
        unit = n % 10
        return FR_TENS[n // 10] + ("" if unit == 0 else " et un" if unit == 1 else "-" + FR_ONES[unit])
    if n < 80:
        return "soixante et onze" if n == 71 else "soixante-" + FR_ONES[n - 60]
    if n < 100:
        return ("quatre-vingts" if final else "quatre-vingt") if n == 80 else "quatre-vingt-" + FR_ONES[n - 80]
    if n < 1000:
        count, rest = divmod(n, 100)
        head = "cent" if count == 1 else FR_ONES[count] + (" cents" if rest == 0 and final else " cent")
        return head + (" " + french(rest, final) if rest else "")
    count, rest = divmod(n, 1000)
    head = "mille" if count == 1 else french(count, False) + " mille"
    return head + (" " + french(rest) if rest else "")


NUMBER = {"English": english, "German": german, "French": french}

EN_MONTHS = "January February March April May June July August September October November December".split()
DE_MONTHS = "Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split()
FR_MONTHS = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()
EN_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
DE_DAYS = "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag".split()
FR_DAYS = "lundi mardi mercredi jeudi vendredi samedi dimanche".split()

EN_ORDINALS = {1: "first", 2: "second", 3: "third", 5: "fifth", 8: "eighth", 9: "ninth", 12: "twelfth", 20: "twentieth", 30: "thirtieth"}


def english_ordinal(n):
    if n in EN_ORDINALS:
        return EN_ORDINALS[n]
    if n < 20:
        return EN_ONES[n] + "th"
    return EN_TENS[n // 10] + "-" + english_ordinal(n % 10)


def german_ordinal(n):
    special = {1: "erste", 3: "dritte", 7: "siebte", 8: "achte"}
    if n in special:
        return special[n]
    return german(n) + ("te" if n < 20 else "ste")


def english_year(y):
    if y // 10 == 200:
        return english(y)
    head, rest = english(y // 100), y % 100
    if rest == 0:
        return head + " hundred"
    return head + " " + ("oh " if rest < 10 else "") + english(rest)


def german_year(y):
    if y >= 2000:
        return german(y)
    return german(y // 100) + "hundert" + (german(y % 100) if y % 100 else "")


def date(day, language, weekday):
    """A date (datetime.date, 1700 to 2099) in words, with its weekday if asked for."""
    d, m, y, w = day.day, day.month - 1, day.year, day.weekday()
    if language == "English":
        text = f"the {english_ordinal(d)} of {EN_MONTHS[m]} {english_year(y)}"
        return f"{EN_DAYS[w]}, {text}" if weekday else text
    if language == "German":
        text = f"der {german_ordinal(d)} {DE_MONTHS[m]} {german_year(y)}"
        return f"{DE_DAYS[w]}, {text}" if weekday else text
    text = f"{'premier' if d == 1 else french(d)} {FR_MONTHS[m]} {french(y)}"
    return f"le {FR_DAYS[w]} {text}" if weekday else f"le {text}"


DATE_FRAMES = (
    {"English": "Today is {}.", "German": "Heute ist {}.", "French": "Aujourd'hui, nous sommes {}."},
    {"English": "Tomorrow is {}.", "German": "Morgen ist {}.", "French": "Demain, nous serons {}."},
)

# Masculine nouns in French and plurals everywhere, so that the number keeps the form it has alone (see `countable`).
COUNT_FRAMES = (
    {"English": "The book has {} pages.", "German": "Das Buch hat {} Seiten.", "French": "Le livre compte {} feuillets."},
    {"English": "The bicycle costs {} euros.", "German": "Das Fahrrad kostet {} Euro.", "French": "Le vélo coûte {} euros."},
    {"English": "There are {} trees in the park.", "German": "Im Park stehen {} Bäume.", "French": "Il y a {} arbres dans le parc."},
    {"English": "We counted {} birds.", "German": "Wir haben {} Vögel gezählt.", "French": "Nous avons compté {} oiseaux."},
    {"English": "The village has {} inhabitants.", "German": "Das Dorf hat {} Einwohner.", "French": "Le village compte {} habitants."},
)


def countable(n):
    """Whether the number reads the same before a plural noun: German "einhunderteins" would want an inflected "ein"."""
    return n >= 2 and n % 100 != 1


FIRST_DAY = datetime.date(1700, 1, 1).toordinal()
LAST_DAY = datetime.date(2099, 12, 31).toordinal()


def held_back(n):
    """One number (from 100 on) or day in ten, scattered by a multiplicative hash, is kept out of the training."""
    return n >= 100 and (n * 2654435761 % 2**32) >> 8 & 1023 < 102


def number(rng):
    """Any number of digits equally likely, zeros more often than by chance, because they change the form of what follows."""
    digits = rng.choice((1, 2, 2, 3, 3, 4, 5, 6, 6))
    return int("".join("0" if rng.random() < 0.12 else str(rng.randrange(10)) for _ in range(digits)))


def pick(rng, make, held):
    while True:
        n = make(rng)
        if (not held and not held_back(n)) or (held and held_back(n)):
            return n


def example(rng, held=False):
    """A meaning in all three languages, with its kind. Those with `held` are never trained on."""
    kind = rng.choices(("number", "date", "count", "today"), (5, 3, 2, 1))[0]
    if kind in ("number", "count"):
        while True:
            n = pick(rng, number, held)
            if kind == "number" or countable(n):
                break
        words = {l: NUMBER[l](n) for l in LANGUAGES}
        frame = rng.choice(COUNT_FRAMES) if kind == "count" else None
    else:
        day = datetime.date.fromordinal(pick(rng, lambda r: r.randint(FIRST_DAY, LAST_DAY), held))
        weekday = kind == "today" or rng.random() < 0.5
        words = {l: date(day, l, weekday) for l in LANGUAGES}
        frame = rng.choice(DATE_FRAMES) if kind == "today" else None
    if frame:
        words = {l: frame[l].format(words[l]) for l in LANGUAGES}
    return kind, words


def pair(rng, held=False):
    """(kind, input with its task prefix, expected output) for one of the six directions."""
    kind, words = example(rng, held)
    source, target = rng.sample(LANGUAGES, 2)
    return kind, f"translate {source} to {target}: {words[source]}", words[target]
