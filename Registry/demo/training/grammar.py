"""Seeded support tickets with labels.

A ticket is built from the phrases in English or German, then roughened: typos, lost capitals, lost umlauts,
lost punctuation. Labels are decided before the noise, so a label never depends on a damaged word:
the *request* gives the intent (a reason in front of it does not), the five digits give the order,
the cue about time gives the priority (none means normal).
"""
import json
import random
import re
from dataclasses import dataclass

import phrases as P

SYSTEM = "Return one JSON object: intent, order, priority."
UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})


@dataclass(frozen=True)
class Ticket:
    text: str
    locale: str
    intent: str
    order: str | None
    priority: str

    @property
    def answer(self) -> str:
        """The one right answer: compact JSON, keys in this order."""
        fields = {"intent": self.intent, "order": self.order, "priority": self.priority}
        return json.dumps(fields, separators=(",", ":"))

    @property
    def prompt(self) -> str:
        """The ChatML text that the model continues with the answer."""
        return (f"<|im_start|>system\n{SYSTEM}<|im_end|>\n"
                f"<|im_start|>user\n{self.text}<|im_end|>\n"
                f"<|im_start|>assistant\n")


def _sentence(text: str, question: bool, rng: random.Random) -> str:
    end = "?" if question else rng.choice([".", ".", ".", "!", ""])
    return text[0].upper() + text[1:] + end


def _is_question(text: str) -> bool:
    return text.split()[0].lower() in {"where", "when", "has", "can", "what", "how", "wo", "wann", "wurde",
                                       "wie", "kann", "wohin"}


def _typo(word: str, rng: random.Random) -> str:
    """One slip of the finger inside a word; first and last letter stay."""
    i = rng.randrange(1, len(word) - 2)
    kind = rng.randrange(4)
    if kind == 0:
        return word[:i] + word[i + 1] + word[i] + word[i + 2:]      # swapped
    if kind == 1:
        return word[:i] + word[i + 1:]                              # dropped
    if kind == 2:
        return word[:i] + word[i] + word[i:]                        # doubled
    near = {"a": "s", "e": "r", "i": "o", "o": "p", "n": "m", "t": "z", "r": "t", "s": "d", "u": "i", "d": "f"}
    return word[:i] + near.get(word[i], word[i]) + word[i + 1:]     # neighbouring key


def _roughen(text: str, locale: str, rng: random.Random) -> str:
    words = text.split(" ")
    slips = rng.choice([0, 0, 0, 1, 1, 2])
    candidates = [i for i, w in enumerate(words) if len(w) >= 5 and w.isalpha()]
    for i in rng.sample(candidates, min(slips, len(candidates))):
        words[i] = _typo(words[i], rng)
    text = " ".join(words)
    if locale == "de" and rng.random() < 0.3:
        text = text.translate(UMLAUTS)
    if rng.random() < 0.25:
        text = text.lower()
    if rng.random() < 0.15:
        text = re.sub(r"[.,](?!\d)", "", text)       # a price keeps its point, or it would look like an order
    return text


def ticket(rng: random.Random) -> Ticket:
    locale = "en" if rng.random() < 0.6 else "de"
    intent = rng.choice(P.INTENTS)
    priority = rng.choices(P.PRIORITIES, (0.25, 0.4, 0.35))[0]
    order = f"{rng.randrange(10000, 100000)}" if rng.random() < 0.85 else None
    item = rng.choice(P.ITEMS[locale])

    number_in_request = order is not None and rng.random() < 0.7
    ref = rng.choice((P.REF_WITH_NUMBER if number_in_request else P.REF_WITHOUT_NUMBER)[locale])
    request = rng.choice(P.REQUESTS[locale][intent]).format(ref=ref.format(n=order, item=item))
    core = [_sentence(request, _is_question(request), rng)]
    if order is not None and not number_in_request:
        core.append(rng.choice(P.NUMBER_APART[locale]).format(n=order))
    if order is None and rng.random() < 0.3:
        core.append(rng.choice(P.NO_NUMBER[locale]))
    reasons = P.REASONS[locale].get(intent)
    if reasons and rng.random() < 0.3:
        core.insert(0, rng.choice(reasons))

    extras = []
    if rng.random() < 0.25:
        aside = rng.choice(P.ASIDES[locale])
        extras.append(aside.format(p=rng.randrange(5, 900), d=rng.randrange(2, 9), y=f"{rng.randrange(8, 26):02d}"))
    if priority != "normal":
        extras.append(rng.choice(P.PRIORITY_CUES[locale][priority]))
    for extra in extras:
        core.insert(0 if rng.random() < 0.25 else len(core), extra)

    if rng.random() < 0.45:
        core.insert(0, rng.choice(P.GREETINGS[locale]))
    if rng.random() < 0.4:
        core.append(rng.choice(P.CLOSINGS[locale]).format(name=rng.choice(P.NAMES[locale])))
    return Ticket(_roughen(" ".join(core), locale, rng), locale, intent, order, priority)


def tickets(seed: int, count: int, avoid: set[str] = frozenset()) -> list[Ticket]:
    """`count` tickets with texts that differ from each other and from `avoid`."""
    rng = random.Random(seed)
    seen = set(avoid)
    out = []
    while len(out) < count:
        t = ticket(rng)
        if t.text not in seen:
            seen.add(t.text)
            out.append(t)
    return out
