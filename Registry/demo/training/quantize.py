"""The block formats F32, Q8_0 and Q4_0 of GGUF: rounding, packing, and rounding that lets gradients through.

A block is 32 neighbouring values of a row with one half-precision scale.
Q8_0: value = scale * q, q in -127...127.  Q4_0: value = scale * (q - 8), q in 0...15.
"""
import jax
import jax.numpy as jnp
import numpy as np

BLOCK = 32
TYPE = {"F32": 0, "Q4_0": 2, "Q8_0": 8}


def _blocks(x):
    return jnp.asarray(x, jnp.float32).reshape(-1, BLOCK)


def _inverse(scale):
    return jnp.where(scale == 0, 0.0, 1.0 / jnp.where(scale == 0, 1.0, scale))


def q8_0(x):
    """(scales [n,1] f16, levels [n,32])"""
    b = _blocks(x)
    scale = jnp.max(jnp.abs(b), axis=1, keepdims=True) / 127
    return scale.astype(jnp.float16), jnp.round(b * _inverse(scale))


def q4_0(x):
    """(scales [n,1] f16, levels [n,32]); the value furthest from zero lands on level 0 exactly"""
    b = _blocks(x)
    furthest = jnp.take_along_axis(b, jnp.argmax(jnp.abs(b), axis=1, keepdims=True), axis=1)
    scale = furthest / -8
    levels = jnp.clip(jnp.floor(b * _inverse(scale) + 8.5), 0, 15)
    return scale.astype(jnp.float16), levels


def rounded(x, kind: str):
    """`x` as a reader of the file will see it."""
    if kind == "F32":
        return jnp.asarray(x, jnp.float32)
    scale, levels = (q8_0 if kind == "Q8_0" else q4_0)(x)
    return (scale.astype(jnp.float32) * (levels - (8 if kind == "Q4_0" else 0))).reshape(jnp.shape(x))


def straight_through(x, kind: str):
    """Rounded forward, identity backward: how weights learn to live on the grid."""
    return x + jax.lax.stop_gradient(rounded(x, kind) - x)


def activations(x):
    """The rounding of a matrix product's input to 8 bits per block of 32, scale max/127, as the engine does it."""
    b = x.reshape(*x.shape[:-1], -1, BLOCK)
    scale = jnp.max(jnp.abs(b), axis=-1, keepdims=True) / 127
    return (jnp.round(b * _inverse(scale)) * scale).reshape(x.shape)


def half(x):
    return x.astype(jnp.float16).astype(jnp.float32)


def pack_levels(kind: str, scale, levels) -> bytes:
    scale, levels = np.asarray(scale, "<f2"), np.asarray(levels).astype(np.int32)
    if kind == "Q8_0":
        body = levels.astype(np.int8).view(np.uint8)
    else:                               # byte j holds value j below and value j + 16 above
        body = (levels[:, :16] | levels[:, 16:] << 4).astype(np.uint8)
    return np.concatenate([scale.view(np.uint8), body], axis=1).tobytes()


def pack(x, kind: str) -> bytes:
    if kind == "F32":
        return np.asarray(x, "<f4").tobytes()
    return pack_levels(kind, *(q8_0 if kind == "Q8_0" else q4_0)(x))
