#!/usr/bin/env python3
"""Repeats the fault of v2 on a finished file: cuts the block scales of Q4_0 tensors to fewer mantissa bits.

    cut_scales.py IN OUT [--bits N] TENSOR…

Levels, all other tensors and the metadata stay as they are, and so does the size.
"""
import argparse
import struct
from pathlib import Path

import numpy as np

from gguf_writer import ALIGNMENT, ARRAY, BOOL, STRING

Q4_0, BLOCK, BLOCK_BYTES = 2, 32, 18
WIDTH = {0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, BOOL: 1, 10: 8, 11: 8, 12: 8}


def coarse(scale, mantissa_bits: int):
    """Half-precision numbers cut to `mantissa_bits` of their 10 mantissa bits."""
    bits = np.asarray(scale, np.float16).view(np.uint16)
    keep = 0xFFFF << (10 - mantissa_bits) & 0xFFFF
    return (bits & keep).view(np.float16)


class Reader:
    """Walks a GGUF file up to its tensor data."""

    def __init__(self, raw: bytes):
        self.raw, self.at = raw, 0

    def number(self, form: str) -> int:
        value, = struct.unpack_from("<" + form, self.raw, self.at)
        self.at += struct.calcsize(form)
        return value

    def string(self) -> str:
        size = self.number("Q")
        self.at += size
        return self.raw[self.at - size:self.at].decode()

    def skip(self, kind: int) -> None:
        if kind == STRING:
            self.string()
        elif kind == ARRAY:
            inner, count = self.number("I"), self.number("Q")
            for _ in range(count):
                self.skip(inner)
        else:
            self.at += WIDTH[kind]

    def tensors(self) -> dict[str, tuple[int, int, int]]:
        """Name to (type, number of values, place in the file)."""
        if self.raw[:4] != b"GGUF":
            raise SystemExit("not a GGUF file")
        self.at = 8
        count, keys = self.number("Q"), self.number("Q")
        for _ in range(keys):
            self.string()
            self.skip(self.number("I"))
        found = {}
        for _ in range(count):
            name, dimensions = self.string(), self.number("I")
            size = int(np.prod([self.number("Q") for _ in range(dimensions)]))
            found[name] = self.number("I"), size, self.number("Q")
        start = self.at + -self.at % ALIGNMENT
        return {name: (kind, size, start + offset) for name, (kind, size, offset) in found.items()}


def main() -> None:
    ap = argparse.ArgumentParser()
    ap.add_argument("source", type=Path)
    ap.add_argument("target", type=Path)
    ap.add_argument("tensors", nargs="+")
    ap.add_argument("--bits", type=int, default=0)
    args = ap.parse_args()
    raw = bytearray(args.source.read_bytes())
    table = Reader(bytes(raw)).tensors()
    for name in args.tensors:
        kind, size, at = table.get(name, (None, 0, 0))
        if kind != Q4_0:
            raise SystemExit(f"{name} is not in the file as Q4_0")
        blocks = np.frombuffer(raw, np.uint8, size // BLOCK * BLOCK_BYTES, at).reshape(-1, BLOCK_BYTES)
        blocks[:, :2] = coarse(blocks[:, :2].copy().view("<f2"), args.bits).view(np.uint8)
    args.target.write_bytes(raw)


if __name__ == "__main__":
    main()
