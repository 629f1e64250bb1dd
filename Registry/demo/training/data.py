"""Tickets as token arrays: batches of similar length, and the targets where the answer stands."""
import random

import numpy as np

import grammar
from tokenizer import Tokenizer

LONGEST = 144       # tokens of prompt and answer; a longer ticket is not used
ROUND = 16          # lengths are padded to a multiple, so few shapes are compiled


def encode(tokenizer: Tokenizer, ticket: grammar.Ticket) -> tuple[list[int], int]:
    """Token ids of prompt, answer and end, and how many of them are the prompt."""
    prompt = tokenizer.encode(ticket.prompt)
    return prompt + tokenizer.encode(ticket.answer) + [tokenizer.eos], len(prompt)


def pad(rows: list[tuple[list[int], int]]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """inputs [B,T], targets [B,T], and a mask that is 1 where the target belongs to the answer."""
    longest = max(len(ids) for ids, _ in rows) - 1
    width = -(-longest // ROUND) * ROUND
    inputs, targets, mask = (np.zeros((len(rows), width), t) for t in (np.int32, np.int32, np.float32))
    for r, (ids, prompt) in enumerate(rows):
        n = len(ids) - 1
        inputs[r, :n], targets[r, :n] = ids[:-1], ids[1:]
        mask[r, prompt - 1:n] = 1
    return inputs, targets, mask


def batches(tokenizer: Tokenizer, seed: int, size: int, avoid: set[str], pool: int = 64):
    """An endless stream of fresh tickets, none in `avoid`; `pool` batches are sorted by length, then shuffled."""
    rng = random.Random(seed)
    while True:
        rows = []
        while len(rows) < size * pool:
            ticket = grammar.ticket(rng)
            if ticket.text in avoid:
                continue
            row = encode(tokenizer, ticket)
            if len(row[0]) <= LONGEST:
                rows.append(row)
        rows.sort(key=lambda row: len(row[0]))
        order = list(range(pool))
        rng.shuffle(order)
        for i in order:
            yield pad(rows[i * size:(i + 1) * size])
