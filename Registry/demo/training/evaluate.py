"""What the engine will answer: the model over weights as read from the file, 8-bit inputs of matrix products,
half-precision keys and values."""
import json

import jax
import numpy as np

import data
import quantize
from model import Config, forward

KEYS = ["intent", "order", "priority"]


def _engine(config: Config):
    return jax.jit(lambda p, t: forward(config, p, t, act=quantize.activations, cache=quantize.half))


def exact(config: Config, params, tokenizer, tickets, size: int = 50) -> np.ndarray:
    """One bool per ticket. A greedy answer is the expected one exactly if, the expected answer given,
    every next token of it has the largest logit: one pass per ticket instead of one per token."""
    run = _engine(config)
    rows = [data.encode(tokenizer, t) for t in tickets]
    order = sorted(range(len(rows)), key=lambda i: len(rows[i][0]))
    out = np.zeros(len(rows), bool)
    for at in range(0, len(order), size):
        ids = order[at:at + size]
        inputs, targets, mask = data.pad([rows[i] for i in ids])
        best = np.asarray(run(params, inputs)).argmax(-1)
        out[ids] = ((best == targets) | (mask == 0)).all(1)
    return out


def answers(config: Config, params, tokenizer, tickets, most: int = 64, size: int = 50) -> list[str]:
    """Greedy answers, each token with a pass over the whole text: slow and plain, for the wrong ones."""
    run = _engine(config)
    prompts = [tokenizer.encode(t.prompt) for t in tickets]
    out: list[str] = [""] * len(tickets)
    order = sorted(range(len(prompts)), key=lambda i: len(prompts[i]))
    for at in range(0, len(order), size):
        ids = order[at:at + size]
        texts = [list(prompts[i]) for i in ids]
        ended = [False] * len(ids)
        for _ in range(most):
            inputs, _, _ = data.pad([(t + [0], 1) for t in texts])
            logits = np.asarray(run(params, inputs))
            for r, text in enumerate(texts):
                if not ended[r]:
                    token = int(logits[r, len(text) - 1].argmax())
                    ended[r] = token == tokenizer.eos
                    if not ended[r]:
                        text.append(token)
            if all(ended):
                break
        for r, i in enumerate(ids):
            out[i] = tokenizer.decode(texts[r][len(prompts[i]):])
    return out


def valid_json(text: str) -> bool:
    try:
        value = json.loads(text)
    except ValueError:
        return False
    return isinstance(value, dict) and sorted(value) == KEYS
