"""A byte-level BPE of our own with 512 tokens: 256 bytes, 253 merges, 3 specials.

Text is split as GPT-2 does, then each piece is merged by rank. No merge touches a digit, so every digit is
one token and an order number can be copied digit by digit. Ids: bytes, merges in order of rank, specials.
"""
import json
from collections import Counter
from functools import lru_cache

import regex

SPECIALS = ("<|endoftext|>", "<|im_start|>", "<|im_end|>")
SIZE = 512
# The pattern published with GPT-2, known to GGUF readers as the pre-tokenizer "gpt-2".
PIECES = regex.compile(r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+")
_SPECIAL_SPLIT = regex.compile("(" + "|".join(map(regex.escape, SPECIALS)) + ")")


def byte_alphabet() -> list[str]:
    """The printable stand-in of each byte: itself where printable, else the next free letter from U+0100."""
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    table, spare = {}, 0x100
    for byte in range(256):
        if byte in printable:
            table[byte] = chr(byte)
        else:
            table[byte] = chr(spare)
            spare += 1
    return [table[b] for b in range(256)]


ALPHABET = byte_alphabet()
BYTE_OF = {c: b for b, c in enumerate(ALPHABET)}


def _stand_in(piece: str) -> str:
    return "".join(ALPHABET[b] for b in piece.encode())


class Tokenizer:
    def __init__(self, merges: list[tuple[str, str]]):
        self.merges = [tuple(m) for m in merges]
        self.rank = {m: i for i, m in enumerate(self.merges)}
        self.tokens = ALPHABET + [a + b for a, b in self.merges] + list(SPECIALS)
        self.id = {t: i for i, t in enumerate(self.tokens)}
        self.eos = self.id["<|im_end|>"]
        self._piece = lru_cache(maxsize=100_000)(self._merge)

    def _merge(self, piece: str) -> tuple[int, ...]:
        parts = list(_stand_in(piece))
        while len(parts) > 1:
            best = min(range(len(parts) - 1), key=lambda i: self.rank.get((parts[i], parts[i + 1]), 1 << 30))
            if (parts[best], parts[best + 1]) not in self.rank:
                break
            parts[best:best + 2] = [parts[best] + parts[best + 1]]
        return tuple(self.id[p] for p in parts)

    def encode(self, text: str, specials: bool = True) -> list[int]:
        out: list[int] = []
        for part in _SPECIAL_SPLIT.split(text) if specials else [text]:
            if specials and part in SPECIALS:
                out.append(self.id[part])
            else:
                for piece in PIECES.findall(part):
                    out.extend(self._piece(piece))
        return out

    def decode(self, ids) -> str:
        letters = "".join(self.tokens[i] for i in ids if self.tokens[i] not in SPECIALS)
        return bytes(BYTE_OF[c] for c in letters).decode(errors="replace")

    def save(self, path) -> None:
        path.write_text(json.dumps({"merges": [" ".join(m) for m in self.merges]}, ensure_ascii=False, indent=0) + "\n")

    @staticmethod
    def load(path) -> "Tokenizer":
        return Tokenizer([tuple(m.split(" ")) for m in json.loads(path.read_text())["merges"]])


def train(texts) -> Tokenizer:
    """Merges the most frequent pair until the vocabulary is full; ties go to the pair that sorts first."""
    pieces = Counter()
    for text in texts:
        for part in _SPECIAL_SPLIT.split(text):
            if part not in SPECIALS:
                pieces.update(PIECES.findall(part))
    words = [(list(_stand_in(p)), n) for p, n in pieces.items() if not any(c.isnumeric() for c in p)]
    merges = []
    while len(merges) < SIZE - len(ALPHABET) - len(SPECIALS):
        pairs = Counter()
        for parts, n in words:
            for pair in zip(parts, parts[1:]):
                pairs[pair] += n
        best = min(pairs, key=lambda p: (-pairs[p], p))
        merges.append(best)
        for parts, _ in words:
            i = 0
            while i < len(parts) - 1:
                if (parts[i], parts[i + 1]) == best:
                    parts[i:i + 2] = [parts[i] + parts[i + 1]]
                i += 1
    return Tokenizer(merges)
