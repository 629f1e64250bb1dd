"""The network: a tiny Llama in JAX, its parameters under the tensor names that GGUF readers expect.

Shapes: weights are [out, in]; tokens [batch, time]; activations [batch, time, width].
"""
from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np


@dataclass(frozen=True)
class Config:
    vocabulary: int = 512
    layers: int = 4
    width: int = 192
    heads: int = 6
    kv_heads: int = 2
    head: int = 32          # width of one head
    ffn: int = 384
    context: int = 512
    theta: float = 10000.0
    epsilon: float = 1e-5

    def shapes(self) -> dict[str, tuple[int, ...]]:
        d, q, kv = self.width, self.heads * self.head, self.kv_heads * self.head
        out = {"token_embd.weight": (self.vocabulary, d), "output_norm.weight": (d,)}
        for i in range(self.layers):
            b = f"blk.{i}."
            out |= {b + "attn_norm.weight": (d,), b + "ffn_norm.weight": (d,),
                    b + "attn_q.weight": (q, d), b + "attn_k.weight": (kv, d), b + "attn_v.weight": (kv, d),
                    b + "attn_output.weight": (d, q), b + "ffn_gate.weight": (self.ffn, d),
                    b + "ffn_up.weight": (self.ffn, d), b + "ffn_down.weight": (d, self.ffn)}
        return out

    def parameters(self) -> int:
        return sum(int(np.prod(s)) for s in self.shapes().values())


def initial(config: Config, seed: int) -> dict[str, jnp.ndarray]:
    rng = np.random.default_rng(seed)
    out = {}
    for name, shape in config.shapes().items():
        if len(shape) == 1:
            out[name] = np.ones(shape, np.float32)
            continue
        std = 0.05 if name.startswith("token_embd") else shape[1] ** -0.5
        if name.endswith(("attn_output.weight", "ffn_down.weight")):
            std /= (2 * config.layers) ** 0.5       # residual branches start small
        out[name] = rng.normal(0, std, shape).astype(np.float32)
    return {k: jnp.asarray(v) for k, v in out.items()}


def rope_table(config: Config, length: int) -> tuple[jnp.ndarray, jnp.ndarray]:
    frequency = config.theta ** (-np.arange(0, config.head, 2, dtype=np.float64) / config.head)
    angle = np.arange(length, dtype=np.float64)[:, None] * frequency
    return jnp.asarray(np.cos(angle), jnp.float32), jnp.asarray(np.sin(angle), jnp.float32)


def rotate(x, cos, sin):
    """Rotary position on neighbouring pairs (2i, 2i+1), as the `llama` architecture of GGUF has it. x [B,T,H,head]"""
    even, odd = x[..., 0::2], x[..., 1::2]
    c, s = cos[:, None, :], sin[:, None, :]
    return jnp.stack([even * c - odd * s, even * s + odd * c], axis=-1).reshape(x.shape)


def rms_norm(x, weight, epsilon):
    return x * jax.lax.rsqrt(jnp.mean(x * x, axis=-1, keepdims=True) + epsilon) * weight


def forward(config: Config, params, tokens, act=lambda x: x, cache=lambda x: x):
    """Logits [B,T,vocabulary]. `act` is the rounding of a matrix product's input, `cache` that of keys and values."""
    p = params
    batch, time = tokens.shape
    cos, sin = rope_table(config, time)
    mask = jnp.where(np.tril(np.ones((time, time), bool)), 0.0, -jnp.inf)
    group = config.heads // config.kv_heads
    x = p["token_embd.weight"][tokens]
    for i in range(config.layers):
        b = f"blk.{i}."
        h = act(rms_norm(x, p[b + "attn_norm.weight"], config.epsilon))
        q = (h @ p[b + "attn_q.weight"].T).reshape(batch, time, config.heads, config.head)
        k = (h @ p[b + "attn_k.weight"].T).reshape(batch, time, config.kv_heads, config.head)
        v = (h @ p[b + "attn_v.weight"].T).reshape(batch, time, config.kv_heads, config.head)
        q, k, v = rotate(q, cos, sin), cache(rotate(k, cos, sin)), cache(v)
        q = q.reshape(batch, time, config.kv_heads, group, config.head)
        score = jnp.einsum("btkgh,bskh->bkgts", q, k) * config.head ** -0.5 + mask
        mixed = jnp.einsum("bkgts,bskh->btkgh", jax.nn.softmax(score, axis=-1), v)
        x = x + act(mixed.reshape(batch, time, -1)) @ p[b + "attn_output.weight"].T
        h = act(rms_norm(x, p[b + "ffn_norm.weight"], config.epsilon))
        gated = jax.nn.silu(h @ p[b + "ffn_gate.weight"].T) * (h @ p[b + "ffn_up.weight"].T)
        x = x + act(gated) @ p[b + "ffn_down.weight"].T
    return act(rms_norm(x, p["output_norm.weight"], config.epsilon)) @ p["token_embd.weight"].T
