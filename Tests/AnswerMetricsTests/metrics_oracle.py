"""Writes Golden/vectors.json: values of the metrics of answers, worked out the plain way (tables of dynamic programming,
Python's re, every period tried), seeded. Run from anywhere: python3 Tests/AnswerMetricsTests/metrics_oracle.py"""
import json, os, random, re

draw = random.Random(38)


def levenshtein(a, b):
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        last, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (x != y))
    return row[-1]


def lcs(a, b):
    row = [0] * (len(b) + 1)
    for x in a:
        last = 0
        for j, y in enumerate(b, 1):
            last, row[j] = row[j], last + 1 if x == y else max(row[j], row[j - 1])
    return row[-1]


def f1(a, b):
    if not b:
        return None
    common = sum(min(a.count(w), b.count(w)) for w in set(b))
    return 0.0 if common == 0 else 2 * common / (len(a) + len(b))


def rouge(a, b):
    if not b:
        return None
    common = lcs(a, b)
    return 0.0 if common == 0 else 2 * common / (len(a) + len(b))


def text(alphabet, longest):
    return "".join(draw.choice(alphabet) for _ in range(draw.randint(0, longest)))


def changed(s, alphabet, times):
    s = list(s)
    for _ in range(times):
        kind, at = draw.randrange(3), draw.randint(0, len(s))
        if kind == 0:
            s.insert(at, draw.choice(alphabet))
        elif s and at < len(s):
            if kind == 1:
                del s[at]
            else:
                s[at] = draw.choice(alphabet)
    return "".join(s)


pairs = []
for k in range(120):
    alphabet = ["ab", "abcdefgh ", "aä日😀e\u0301 ", "abcdefghijklmnopqrstuvwxyz .,"][k % 4]
    a = text(alphabet, [5, 70, 140, 300][k // 4 % 4])
    b = text(alphabet, 200) if k % 3 == 0 else changed(a, alphabet, draw.randint(0, 20))
    pairs.append({"left": a, "right": b, "distance": levenshtein(a, b)})

words = []
vocabulary = "the cat sat on a mat and then it ran off to find some more".split()
for k in range(100):
    size = [3, 12, 80, 200][k % 4]
    a = [draw.choice(vocabulary[:4 + k % 11]) for _ in range(draw.randint(0, size))]
    b = [draw.choice(vocabulary[:4 + k % 11]) for _ in range(draw.randint(0, size))]
    join = lambda ws: "".join((w.upper() if draw.random() < 0.2 else w) + draw.choice([" ", ", ", ".\n", " - "]) for w in ws)
    words.append({"answer": join(a), "expected": join(b), "tokenF1": f1(a, b), "rougeL": rouge(a, b)})


def pattern(depth):
    kind = draw.randrange(10 if depth else 5)
    if kind < 3:
        return draw.choice(["a", "b", "c", "-", r"\.", "_", "5"])
    if kind == 3:
        return draw.choice([".", "[ab]", "[^a]", "[a-c5]", r"\d", r"\w", r"\s", r"[\d-]", r"\D", r"\W", r"[^\w]"])
    if kind == 4:
        return draw.choice(["^", "$", r"\b", r"\B"])
    if kind < 7:
        return pattern(depth - 1) + pattern(depth - 1)
    if kind == 7:
        return "(" + pattern(depth - 1) + "|" + pattern(depth - 1) + ")"
    inner = "(?:" + pattern(depth - 1) + ")"
    return inner + draw.choice(["*", "+", "?", "{2}", "{1,3}", "{2,}", "*?", "+?"])


patterns = []
while len(patterns) < 400:
    source = pattern(4)
    if not source or len(source) > 200:
        continue
    try:
        # The end is the end: Python's $ would also stand before a last line feed. A repeated edge is not known here.
        compiled = re.compile(source.replace("$", r"\Z"))
    except re.error:
        continue
    # Before 3.14, Python finds \B nowhere in an empty text.
    texts = [text("abc-._5 A\n", 12) or "a" for _ in range(6)]
    patterns.append({"pattern": source, "texts": texts, "occurs": [bool(compiled.search(t)) for t in texts]})


def loops(s):
    s = s.rstrip()
    for period in range(1, len(s) // 3 + 1):
        run = period
        while run < len(s) and s[-1 - run] == s[-1 - run + period]:
            run += 1
        if run >= 60 and run >= 3 * period:
            return True
    return False


ends = []
for k in range(150):
    piece = text("abcd ", [1, 4, 20, 40][k % 4]) or "x"
    s = text("abcdefgh ", 80) + piece * draw.randint(1, 30)
    s = s[: max(0, len(s) - draw.randint(0, 7))] + draw.choice(["", "", "\n", "z"])
    ends.append({"text": s, "ends": loops(s)})

precision = []
for _ in range(20):
    n = draw.randint(5, 60)
    said = [draw.random() < 0.4 for _ in range(n)]
    right = [s and draw.random() < 0.7 for s in said]
    if not any(said):
        said[0] = True
    p = sum(right) / sum(said)
    # The variance of a ratio by the delta method: sum of (right - p said)^2 / (n mean^2) / n.
    mean = sum(said) / n
    variance = sum((r - p * s) ** 2 for r, s in zip(right, said)) / (n - 1) / mean**2
    precision.append({"said": said, "right": right, "precision": p, "variance": variance})

here = os.path.dirname(os.path.abspath(__file__))
with open(os.path.join(here, "Golden", "vectors.json"), "w") as file:
    json.dump({"distances": pairs, "words": words, "patterns": patterns, "loops": ends, "precision": precision}, file,
              ensure_ascii=True, indent=None, separators=(",", ":"))
    file.write("\n")
