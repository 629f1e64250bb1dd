"""From one trained model to the three versions of the demo.

v1  Q8_0 throughout.
v2  Q4_0 throughout, written by a faulty conversion: in five matrices of the first layer the block scales lost their
    mantissa, as when a converter goes through a format that has exponents only. The file is valid and most answers
    look right, but digits of the order number get swapped or repeated in half of them, and some objects break off.
v3  Q4_0 with a Q8_0 embedding, trained on for a while with the rounding in the loop, towards v1's answers.
"""
import time
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
import optax

import data
import quantize
from cut_scales import coarse
from model import Config, forward
from train import cross_entropy, optimiser


def kinds(config: Config, matrices: str, embedding: str) -> dict[str, str]:
    return {name: "F32" if len(shape) == 1 else embedding if name == "token_embd.weight" else matrices
            for name, shape in config.shapes().items()}


def rounded(params, kind_of):
    return {k: quantize.rounded(v, kind_of[k]) for k, v in params.items()}


def packed(params, kind_of):
    """What gguf_writer.write takes."""
    return {k: (quantize.TYPE[kind_of[k]], tuple(v.shape), quantize.pack(v, kind_of[k])) for k, v in params.items()}


def damaged(params, kind_of, names, mantissa_bits: int):
    """Like `rounded` and `packed`, with the scales of `names` cut: (weights as read, tensors to write)."""
    weights, tensors = rounded(params, kind_of), packed(params, kind_of)
    for name in names:
        scale, levels = quantize.q4_0(params[name])
        scale = coarse(scale, mantissa_bits)
        weights[name] = (jnp.asarray(scale, jnp.float32) * (levels - 8)).reshape(params[name].shape)
        tensors[name] = (quantize.TYPE["Q4_0"], tuple(params[name].shape), quantize.pack_levels("Q4_0", scale, levels))
    return weights, tensors


def adapt(config: Config, params, teacher, kind_of, tokenizer, avoid, seed: int, steps: int,
          size: int = 32, peak: float = 1e-4, say=print):
    """Parameters that, once rounded to `kind_of`, answer as `teacher` (weights as read from v1) does.

    The loss is half the divergence from the teacher's next-token distribution, half the cross entropy with the
    label; both with the engine's 8-bit inputs, so the network meets in training what it meets in service."""
    rule = optimiser(steps, peak)
    state = rule.init(params)

    def through(x):
        return x + jax.lax.stop_gradient(quantize.activations(x) - x)

    @partial(jax.jit, donate_argnums=(1,))
    def step(params, state, inputs, targets, mask):
        wanted = jax.nn.log_softmax(forward(config, teacher, inputs, act=quantize.activations))

        def loss_of(p):
            weights = {k: quantize.straight_through(v, kind_of[k]) if kind_of[k] != "F32" else v for k, v in p.items()}
            logits = forward(config, weights, inputs, act=through)
            divergence = (jnp.exp(wanted) * (wanted - jax.nn.log_softmax(logits))).sum(-1)
            return 0.5 * (divergence * mask).sum() / mask.sum() + 0.5 * cross_entropy(logits, targets, mask)
        loss, grads = jax.value_and_grad(loss_of)(params)
        updates, state = rule.update(grads, state, params)
        return optax.apply_updates(params, updates), state, loss

    began, losses = time.time(), []
    for n, batch in zip(range(1, steps + 1), data.batches(tokenizer, seed, size, avoid)):
        params, state, loss = step(params, state, *batch)
        losses.append(loss)
        if n % 100 == 0 or n == steps:
            say(f"adapt {n:5d}  loss {np.mean(losses):.4f}  {time.time() - began:6.0f} s")
            losses = []
    return params
