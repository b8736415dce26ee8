"""Writes the character tables that the tokenizers need, as the reference libraries hold them.

    python make_unicode_tables.py OUT        (needs: tokenizers, regex)

Each library carries tables of some Unicode version of its own: Rust's standard library, Oniguruma, and three crates. A tokenizer is
exact only with the same tables, whatever version the JDK has. They are found by asking the `tokenizers` library about every code
point; only the grapheme break classes come from the `regex` module. Format of the output: one table a line, `name<TAB>payload`:

  runs   `length value` pairs in base 36 over 0..10FFFF, value an index into the names listed first
  set    alternating lengths in base 36, starting with code points outside the set
  map    `code point=replacement`, in base 36, code points of a replacement joined by `.`
"""
import sys, unicodedata
import regex
import tokenizers
from tokenizers import Regex, normalizers as N, pre_tokenizers as P

ALL = [c for c in range(0x110000) if not 0xD800 <= c <= 0xDFFF]
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def b36(n):
    s = ""
    while True:
        n, r = divmod(n, 36)
        s = DIGITS[r] + s
        if n == 0:
            return s


def as_set(points):
    """alternating run lengths: outside, inside, outside, ..."""
    member = bytearray(0x110000)
    for c in points:
        member[c] = 1
    runs, value, start = [], 0, 0
    for c in range(0x110000):
        if member[c] != value:
            runs.append(b36(c - start))
            value, start = member[c], c
    runs.append(b36(0x110000 - start))
    return "set\t" + " ".join(runs)


def as_runs(value_of, names):
    runs, start = [], 0
    for c in range(1, 0x110001):
        if c == 0x110000 or value_of[c] != value_of[start]:
            runs.append(b36(c - start) + " " + b36(value_of[start]))
            start = c
    return "runs\t" + ",".join(names) + "\t" + " ".join(runs)


def as_map(pairs):
    return "map\t" + " ".join(b36(k) + "=" + ".".join(b36(x) for x in v) for k, v in sorted(pairs.items()))


def matches(pattern):
    """the code points that an Oniguruma pattern for one character matches"""
    split = P.Split(Regex(pattern), "isolated")
    out = set()
    for base in range(0, 0x110000, 4096):
        points = [c for c in range(base, base + 4096) if not 0xD800 <= c <= 0xDFFF]
        # A separator that no asked class contains keeps matches of one character apart.
        pieces = P.Split(Regex(pattern), "removed").pre_tokenize_str("".join(map(chr, points)))
        if not points:
            continue
        kept = set()
        for _, (a, b) in pieces:
            kept.update(range(a, b))
        out.update(c for i, c in enumerate(points) if i not in kept)
    return out


def kept_by(pre, removed=True):
    """the code points that a pre-tokenizer with behaviour `removed` leaves out"""
    out = set()
    for base in range(0, 0x110000, 4096):
        points = [c for c in range(base, base + 4096) if not 0xD800 <= c <= 0xDFFF]
        if not points:
            continue
        kept = set()
        for _, (a, b) in pre.pre_tokenize_str("".join(map(chr, points))):
            kept.update(range(a, b))
        out.update(c for i, c in enumerate(points) if i not in kept)
    return out


def isolated_by(pre):
    """the code points that a pre-tokenizer with behaviour `isolated` cuts out between two letters"""
    return {c for c in ALL if len(pre.pre_tokenize_str("a" + chr(c) + "a")) > 1}


def mapping(normalizer):
    return {c: tuple(map(ord, normalizer.normalize_str(chr(c)))) for c in ALL}


def scripts():
    """classes of the UnicodeScripts pre-tokenizer: 0 joins with everything"""
    pre = P.UnicodeScripts()
    together = lambda a, b: len(pre.pre_tokenize_str(chr(a) + chr(b))) == 1
    latin, greek = 0x61, 0x3B1
    reps, out, previous = [], [0] * 0x110000, None
    for c in ALL:
        if previous is not None and c - 1 == previous and out[previous] and together(previous, c) and not (together(latin, c) and together(greek, c)):
            out[c] = out[previous]
        elif together(latin, c) and together(greek, c):
            out[c] = 0
        else:
            for i, rep in enumerate(reps):
                if together(rep, c):
                    out[c] = i + 1
                    break
            else:
                reps.append(c)
                out[c] = len(reps)
        previous = c
    return out, ["any"] + ["s%d" % i for i in range(len(reps))]


def combining_classes(nfd):
    """canonical combining classes as the library orders by them"""
    values = sorted({unicodedata.combining(chr(c)) for c in ALL} - {0})
    marker = {}
    for v in values:
        marker[v] = next(chr(c) for c in ALL if unicodedata.combining(chr(c)) == v and unicodedata.decomposition(chr(c)) == "")
    order = lambda s: N.NFD().normalize_str("a" + s)[1:]
    out = {}
    for c in ALL:
        if nfd[c] != (c,):
            continue
        x = chr(c)
        # A class of 0 neither moves nor lets others pass; the highest marker (240) moves behind any other mark.
        moved = order(x + marker[1]) != x + marker[1] or order(marker[values[-1]] + x) != marker[values[-1]] + x
        if not moved:
            continue
        # ccc(x) = v: x moves behind every marker of a lower class and marker of v+ does not move before it.
        lower = [v for v in values if order(x + marker[v]) != x + marker[v]]
        top = max(lower) if lower else 0
        later = [v for v in values if v > top]
        out[c] = (later[0] if later else values[-1],)
    return out


def compositions(nfd):
    out = {}
    for c in ALL:
        d = unicodedata.decomposition(chr(c))
        if d and "<" not in d and " " in d and N.NFC().normalize_str("".join(map(chr, nfd[c]))) == chr(c) and len(nfd[c]) > 1:
            out[c] = tuple(int(x, 16) for x in d.split())
    return out


def folds():
    """for each character all others that Oniguruma takes for it under (?i)"""
    related = {}
    for c in ALL:
        x = chr(c)
        forms = {x.lower(), x.upper(), x.title(), x.casefold(), x.casefold().upper(), x.upper().lower()}
        forms = {f for f in forms if len(f) == 1}
        for a in forms:
            for b in forms:
                if a != b:
                    related.setdefault(ord(a), set()).add(ord(b))
    for _ in range(2):
        for c in list(related):
            for d in list(related[c]):
                related[c] |= related.get(d, set()) - {c}
    out = {}
    for c, others in related.items():
        pre = P.Split(Regex("(?i:" + regex.escape(chr(c)) + ")"), "removed")
        same = tuple(sorted(d for d in others if pre.pre_tokenize_str(chr(d)) == []))
        if same:
            out[c] = same
    return out


SCRIPTS = "Adlam Ahom Arabic Armenian Avestan Balinese Bamum Batak Bengali Bopomofo Brahmi Braille Buginese Canadian_Aboriginal Cham Cherokee Common Coptic Cuneiform Cyrillic Deseret Devanagari Ethiopic Georgian Glagolitic Gothic Greek Gujarati Gurmukhi Han Hangul Hanunoo Hebrew Hiragana Inherited Javanese Kannada Katakana Kayah_Li Khmer Lao Latin Lepcha Limbu Lisu Malayalam Mandaic Meetei_Mayek Mongolian Myanmar New_Tai_Lue Nko Ogham Ol_Chiki Old_Italic Old_Persian Oriya Osage Osmanya Phags_Pa Phoenician Rejang Runic Samaritan Saurashtra Sinhala Sundanese Syloti_Nagri Syriac Tagalog Tagbanwa Tai_Le Tai_Tham Tai_Viet Tamil Telugu Thaana Thai Tibetan Tifinagh Ugaritic Vai Yi".split()
CATEGORIES = "Cn Cc Cf Co Cs Ll Lm Lo Lt Lu Mc Me Mn Nd Nl No Pc Pd Pe Pf Pi Po Ps Sc Sk Sm So Zl Zp Zs".split()
BREAKS = "Other CR LF Control Extend ZWJ Regional_Indicator Prepend SpacingMark L V T LV LVT".split()


def main(out):
    tables = {}
    category = [0] * 0x110000
    for i, name in enumerate(CATEGORIES):
        if name != "Cs":
            for c in matches(r"\p{%s}" % name):
                category[c] = i
    for c in range(0xD800, 0xE000):
        category[c] = CATEGORIES.index("Cs")
    tables["onig.category"] = as_runs(category, CATEGORIES)
    script = [0] * 0x110000
    for i, name in enumerate(SCRIPTS):
        for c in matches(r"\p{%s}" % name):
            script[c] = i + 1
    tables["onig.script"] = as_runs(script, ["Unknown"] + SCRIPTS)
    for name, pattern in dict(space=r"\s", word=r"\w", digit=r"\d", alpha="[[:alpha:]]", lower="[[:lower:]]", upper="[[:upper:]]", punct="[[:punct:]]", graph="[[:graph:]]", print="[[:print:]]", blank="[[:blank:]]", cntrl="[[:cntrl:]]", emoji=r"\p{Emoji}", extended_pictographic=r"\p{Extended_Pictographic}", dot=".").items():
        tables["onig." + name] = as_set(matches(pattern))
    tables["onig.fold"] = as_map(folds())
    tables["rust.whitespace"] = as_set(kept_by(P.WhitespaceSplit()))
    tables["rust.numeric"] = as_set(isolated_by(P.Digits(True)))
    tables["rust.lowercase"] = as_map({c: v for c, v in mapping(N.Lowercase()).items() if v != (c,)})
    tables["regex.space"] = as_set(kept_by(P.Whitespace()))
    # \w joins with letters: "a" + c is one piece.
    space = set(kept_by(P.Whitespace()))
    tables["regex.word"] = as_set({c for c in ALL if c not in space and len(P.Whitespace().pre_tokenize_str("a" + chr(c))) == 1})
    tables["bert.punctuation"] = as_set(kept_by(P.Punctuation("removed")))
    clean = mapping(N.BertNormalizer(clean_text=True, handle_chinese_chars=False, strip_accents=False, lowercase=False))
    tables["bert.removed"] = as_set({c for c, v in clean.items() if v == ()})
    tables["bert.space"] = as_set({c for c, v in clean.items() if v == (32,)})
    accents = mapping(N.BertNormalizer(clean_text=False, handle_chinese_chars=False, strip_accents=True, lowercase=False))
    nfd, nfkd = mapping(N.NFD()), mapping(N.NFKD())
    tables["bert.mark"] = as_set({c for c, v in accents.items() if v == () and nfd[c] == (c,)})
    tables["norm.mark"] = as_set({c for c, v in mapping(N.StripAccents()).items() if v == ()})
    hangul = range(0xAC00, 0xD7A4)
    tables["norm.canonical"] = as_map({c: v for c, v in nfd.items() if v != (c,) and c not in hangul})
    tables["norm.compatible"] = as_map({c: v for c, v in nfkd.items() if v != nfd[c] and c not in hangul})
    tables["norm.class"] = as_map(combining_classes(nfd))
    tables["norm.composed"] = as_map(compositions(nfd))
    tables["scripts"] = as_runs(*scripts())
    breaks = [0] * 0x110000
    for i, name in enumerate(BREAKS):
        if i:
            pattern = regex.compile(r"\p{Grapheme_Cluster_Break=%s}" % name)
            for c in ALL:
                if pattern.match(chr(c)):
                    breaks[c] = i
    tables["grapheme.break"] = as_runs(breaks, BREAKS)
    with open(out, "w", encoding="utf-8", newline="\n") as f:
        f.write("# Character tables of tokenizers %s; written by interop/make_unicode_tables.py\n" % tokenizers.__version__)
        for name, payload in tables.items():
            f.write(name + "\t" + payload + "\n")
            print(name, len(payload), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
