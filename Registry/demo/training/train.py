"""Trains the model on fresh tickets, with the loss on the answer only."""
import time
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
import optax

import data
from model import Config, forward, initial


def cross_entropy(logits, targets, mask):
    loss = optax.softmax_cross_entropy_with_integer_labels(logits, targets)
    return (loss * mask).sum() / mask.sum()


def optimiser(steps: int, peak: float):
    rate = optax.warmup_cosine_decay_schedule(peak / 20, peak, min(200, steps // 10), steps, peak / 50)
    matrices = lambda params: {k: v.ndim > 1 for k, v in params.items()}
    return optax.chain(optax.clip_by_global_norm(1.0),
                       optax.adamw(rate, b2=0.98, weight_decay=0.05, mask=matrices))


def fit(config: Config, tokenizer, avoid: set[str], seed: int, steps: int, size: int = 32, peak: float = 3e-3,
        say=print, keep=None):
    """Parameters after `steps` batches of `size`. `keep(step, params)` is called now and then."""
    params = initial(config, seed)
    rule = optimiser(steps, peak)
    state = rule.init(params)

    @partial(jax.jit, donate_argnums=(0, 1))
    def step(params, state, inputs, targets, mask):
        def loss_of(p):
            logits = forward(config, p, inputs)
            return cross_entropy(logits, targets, mask), logits
        (loss, logits), grads = jax.value_and_grad(loss_of, has_aux=True)(params)
        updates, state = rule.update(grads, state, params)
        right = ((logits.argmax(-1) == targets) | (mask == 0)).all(-1).mean()
        return optax.apply_updates(params, updates), state, loss, right

    began, losses, rights = time.time(), [], []
    for n, batch in zip(range(1, steps + 1), data.batches(tokenizer, seed + 1, size, avoid)):
        params, state, loss, right = step(params, state, *batch)
        losses.append(loss)
        rights.append(right)
        if n % 100 == 0 or n == steps:
            say(f"step {n:5d}  loss {np.mean(losses):.4f}  exact {np.mean(rights):.3f}  {time.time() - began:6.0f} s")
            losses, rights = [], []
            if keep:
                keep(n, params)
    return params
