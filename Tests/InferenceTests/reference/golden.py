#!/usr/bin/env python3
"""Writes ../Golden: for each tiny model of `models.py` what a GGUF file of it says, and the logits of a float64 forward
pass over it. Written from the papers and from what files of each family mean, with whole matrices of positions: nothing
here is shared with the engine.

    python3 golden.py            needs numpy
"""
import json
import math
import pathlib

import numpy as np

import models

POSITIONS = [0, 7, 16, 31, 55]


def silu(x):
    return x / (1 + np.exp(-x))


def gelu(x):
    return 0.5 * x * (1 + np.tanh(math.sqrt(2 / math.pi) * x * (1 + 0.044715 * x * x)))


def clamped(gate, up):
    gate, up = np.minimum(gate, 7), np.clip(up, -7, 7)
    return gate / (1 + np.exp(-1.702 * gate)) * (up + 1)


def activate(m, gate, up):
    if m.activation == "clamped":
        return clamped(gate, up)
    return (silu if m.activation == "silu" else gelu)(gate) * up


def single(x):
    """A number as a file holds it."""
    return float(np.float32(x))


def angles(m, rope, divisors, positions, head):
    """Angle of each pair at each position, and the factor of cosine and sine."""
    d = rope.part or head
    frequency = single(rope.base) ** (-np.arange(0, d, 2) / d)
    if divisors is not None:
        frequency = frequency / divisors
    magnitude = single(rope.attention_factor)
    factor = single(rope.factor)
    if rope.yarn:
        original = rope.original or m.context

        def pair_turning(turns):
            return d * math.log(original / (turns * 2 * math.pi)) / (2 * math.log(single(rope.base)))

        low = max(0, math.floor(pair_turning(32)))
        high = min(d - 1, math.ceil(pair_turning(1)))
        kept = 1 - np.clip((np.arange(d // 2) - low) / max(0.001, high - low), 0, 1)
        frequency = frequency * kept + frequency / factor * (1 - kept)
        sharpness = lambda k: 0.1 * k * math.log(factor) + 1
        magnitude *= sharpness(1) / (sharpness(rope.log_multiplier) if rope.log_multiplier else 1)
    else:
        frequency = frequency / factor
    return np.outer(positions, frequency), magnitude


def rotate(x, rope, angle, magnitude):
    """x: positions × heads × head."""
    out = x.copy()
    d = 2 * angle.shape[1]
    cosine, sine = np.cos(angle)[:, None] * magnitude, np.sin(angle)[:, None] * magnitude
    first, second = (slice(0, d // 2), slice(d // 2, d)) if rope.halves else (slice(0, d, 2), slice(1, d, 2))
    out[..., first] = x[..., first] * cosine - x[..., second] * sine
    out[..., second] = x[..., first] * sine + x[..., second] * cosine
    return out


def normed(m, x, weight):
    return x / np.sqrt((x * x).mean(-1, keepdims=True) + single(m.epsilon)) * weight


def forward(m, w, tokens):
    n = len(tokens)
    norm = lambda x, weight: normed(m, x, weight)
    positions = np.arange(n)
    get = lambda name: w[name + ".weight"]

    def linear(x, name, expert=None):
        weight, bias = get(name), w.get(name + ".bias")
        if expert is not None:
            weight, bias = weight[expert], None if bias is None else bias[expert]
        y = x @ weight.T
        return y if bias is None else y + bias

    def divisors(rope):
        if not rope.divisors:
            return None
        names = rope.divisors.split("|")
        if len(names) == 1:
            return w[names[0]]
        return w["rope_factors_long.weight" if m.context > rope.original else "rope_factors_short.weight"]

    x = get("token_embd")[tokens] * single(m.embedding_scale)
    if m.per_layer:
        inputs = norm((linear(x, "per_layer_model_proj") / math.sqrt(m.width)).reshape(n, m.layers, m.per_layer),
                      get("per_layer_proj_norm"))
        own = get("per_layer_token_embd")[tokens].reshape(n, m.layers, m.per_layer)
        inputs = (inputs + own * math.sqrt(m.per_layer)) / math.sqrt(2)
    cache = {}
    for layer in range(m.layers):
        b = f"blk.{layer}."
        h = norm(x, get(b + "attn_norm")) if m.pre else x
        if layer in m.recurrent:
            x = x + delta_rule(m, w, linear, b, h)
            h = norm(x, get(b + "post_attention_norm"))
            x = x + linear(activate(m, linear(h, b + "ffn_gate"), linear(h, b + "ffn_up")), b + "ffn_down")
            continue
        head_size, kv_heads, _ = models.of_layer(m, layer)
        q_width, kv_width = m.heads * head_size, kv_heads * head_size
        source = models.source_of(m, layer)
        if b + "attn_qkv.weight" in w:
            q, k, v = np.split(linear(h, b + "attn_qkv"), [q_width, q_width + kv_width], axis=1)
        elif source != layer:
            q, k, v = linear(h, b + "attn_q"), None, None
        else:
            q, k = linear(h, b + "attn_q"), linear(h, b + "attn_k")
            v = k if m.values_are_keys and layer not in m.windowed else linear(h, b + "attn_v")
        if m.gated:
            q, gate = np.split(q.reshape(n, m.heads, 2 * m.head), 2, axis=2)
        if m.head_norm == "row":
            q, k = norm(q, get(b + "attn_q_norm")), norm(k, get(b + "attn_k_norm"))
        if source != layer:
            k, v = cache[source]
        q, k, v = (y.reshape(n, -1, head_size) for y in (q, k, v))
        if m.head_norm == "head":
            q = norm(q, get(b + "attn_q_norm"))
            k = norm(k, get(b + "attn_k_norm")) if source == layer else k
        if m.value_norm and source == layer:
            v = norm(v, 1)
        windowed = layer in m.windowed
        rope = m.local_rope if windowed and m.local_rope else m.rope
        if layer not in m.no_rope:
            angle, magnitude = angles(m, rope, divisors(rope), positions, head_size)
            q = rotate(q, rope, angle, magnitude)
            k = rotate(k, rope, angle, magnitude) if source == layer else k
        cache[layer] = k, v
        scale = single(m.attention_scale) or 1 / math.sqrt(head_size)
        if m.temperature:
            length = m.rope.original
            q = q * (1 + single(m.temperature) * np.log(positions // length + 1))[:, None, None]
        distance = positions[:, None] - positions[None, :]
        hidden = (distance < 0) | ((distance >= m.window) if windowed else False)
        attended = np.empty((n, m.heads, head_size))
        for head in range(m.heads):
            kv = head * kv_heads // m.heads
            score = q[:, head] @ k[:, kv].T * scale
            if m.attention_cap:
                score = m.attention_cap * np.tanh(score / m.attention_cap)
            score = np.where(hidden, -np.inf, score)
            if m.sinks:
                sink = np.full((n, 1), get(b + "attn_sinks")[head])
                score = np.concatenate([score, sink], axis=1)
            p = np.exp(score - score.max(1, keepdims=True))
            p = p / p.sum(1, keepdims=True)
            attended[:, head] = p[:, :n] @ v[:, kv]
        if m.gated:
            attended = attended / (1 + np.exp(-gate))
        y = linear(attended.reshape(n, -1), b + "attn_output")
        if m.post:
            y = norm(y, get(b + "post_attention_norm"))
        x = x + y * single(m.residual_scale)
        second = "post_attention_norm" if m.arch in ("gpt-oss", "qwen35") else "ffn_norm"
        h = norm(x, get(b + second)) if m.pre else x
        if m.beside_dense:
            dense = linear(activate(m, linear(h, b + "ffn_gate"), linear(h, b + "ffn_up")), b + "ffn_down")
            routed = norm(x, w[b + "ffn_gate_inp.scale"]) / math.sqrt(m.width)
            mixed = experts(m, linear, b, norm(x, get(b + "pre_ffw_norm_2")), routed, w[b + "ffn_down_exps.scale"])
            y = norm(dense, get(b + "post_ffw_norm_1")) + norm(mixed, get(b + "post_ffw_norm_2"))
        elif m.experts:
            y = experts(m, linear, b, h, h)
        elif m.fused:
            gate, up = np.split(linear(h, b + "ffn_up"), 2, axis=1)
            y = linear(activate(m, gate, up), b + "ffn_down")
        else:
            y = linear(activate(m, linear(h, b + "ffn_gate"), linear(h, b + "ffn_up")), b + "ffn_down")
        if m.post:
            y = norm(y, get(b + "post_ffw_norm"))
        x = x + y * single(m.residual_scale)
        if m.per_layer:
            y = gelu(linear(x, b + "inp_gate")) * inputs[:, layer]
            x = x + norm(linear(y, b + "proj"), get(b + "post_norm"))
        if m.output_scale:
            x = x * get(b + "layer_output_scale")
    logits = linear(norm(x, get("output_norm")), "output" if m.own_output else "token_embd")
    logits = logits / single(m.logit_divisor)
    if m.logit_cap:
        logits = m.logit_cap * np.tanh(logits / m.logit_cap)
    return logits


def delta_rule(m, w, linear, b, h):
    """Yang, Kautz and Hatamizadeh (2024), equation 10, token by token."""
    n, d = len(h), m.state
    keys, values = m.key_heads * d, m.value_heads * d
    x = linear(h, b + "attn_qkv")
    taps = w[b + "ssm_conv1d.weight"]  # channels x taps, the last one for the token itself
    before = np.concatenate([np.zeros((m.taps - 1, x.shape[1])), x])
    x = silu(sum(before[t:t + n] * taps[:, t] for t in range(m.taps)))
    q, k, v = np.split(x, [keys, 2 * keys], axis=1)
    q, k, v = q.reshape(n, -1, d), k.reshape(n, -1, d), v.reshape(n, -1, d)
    length = lambda y: y / np.sqrt((y * y).sum(-1, keepdims=True) + single(m.epsilon))
    q, k = length(q) / math.sqrt(d), length(k)
    step = np.log1p(np.exp(linear(h, b + "ssm_alpha") + w[b + "ssm_dt.bias"]))
    decay = np.exp(w[b + "ssm_a"] * step)
    beta = 1 / (1 + np.exp(-linear(h, b + "ssm_beta")))
    out = np.empty((n, m.value_heads, d))
    for head in range(m.value_heads):
        shared = head % m.key_heads
        state = np.zeros((d, d))
        for t in range(n):
            state = state * decay[t, head]
            change = (v[t, head] - state.T @ k[t, shared]) * beta[t, head]
            state = state + np.outer(k[t, shared], change)
            out[t, head] = state.T @ q[t, shared]
    out = normed(m, out, w[b + "ssm_norm.weight"]) * silu(linear(h, b + "attn_gate").reshape(out.shape))
    return linear(out.reshape(n, values), b + "ssm_out")


def experts(m, linear, b, h, routed, factors=None):
    """`routed` is what the router sees."""
    y = np.zeros_like(h)
    router = linear(routed, b + "ffn_gate_inp")
    for t in range(len(h)):
        chosen = np.argsort(-router[t], kind="stable")[: m.used]
        if m.arch == "gpt-oss":  # a softmax of the chosen logits
            share = np.exp(router[t][chosen] - router[t][chosen].max())
        else:                    # probabilities of all, the chosen ones made to add up to one
            share = np.exp(router[t] - router[t].max())
            share = (share / share.sum())[chosen]
        share = share / share.sum()
        for expert, weight in zip(chosen, share):
            if m.fused_experts:
                gate, up = np.split(linear(h[t], b + "ffn_gate_up_exps", expert), 2)
            else:
                gate = linear(h[t], b + "ffn_gate_exps", expert)
                up = linear(h[t], b + "ffn_up_exps", expert)
            weight = weight if factors is None else weight * factors[expert]
            y[t] += weight * linear(activate(m, gate, up), b + "ffn_down_exps", expert)
    if m.shared:
        gate, up = linear(h, b + "ffn_gate_shexp"), linear(h, b + "ffn_up_shexp")
        y = y + linear(activate(m, gate, up), b + "ffn_down_shexp")
    return y


def drawn(listed):
    return {name: models.weights(dims, name, kind, exponent) for name, dims, kind, exponent in listed}


def written_tokens(m):
    return [int(x) % models.VOCABULARY for x in models.draws(models.hashed(m.name), models.TOKENS)]


def listed_rows(listed):
    return [' "tensors": [', ",\n".join("  " + json.dumps(list(t)) for t in listed), " ],"]


def logit_rows(logits):
    rows = [f'  "{p}": [' + ", ".join(f"{v:.8g}" for v in logits[p]) + "]" for p in POSITIONS]
    return [' "logits": {', ",\n".join(rows), " }", "}"]


def merged(w, small, rank):
    """The weights with an adapter added to them: W + alpha / rank B A (Hu et al., 2021)."""
    out = dict(w)
    for name in small:
        base, _, part = name.rpartition(".")
        if part == "lora_a":
            out[base] = w[base] + models.ALPHA / rank * (small[base + ".lora_b"] @ small[name])
    return out


def main():
    folder = pathlib.Path(__file__).resolve().parent.parent / "Golden"
    folder.mkdir(exist_ok=True)
    for m in models.MODELS:
        listed = models.tensors(m)
        tokens = written_tokens(m)
        logits = forward(m, drawn(listed), tokens)
        lines = ["{", f' "metadata": {{']
        rows = [f'  {json.dumps(k)}: {json.dumps(list(v))}' for k, v in models.metadata(m).items()]
        lines += [",\n".join(rows), " },"] + listed_rows(listed)
        lines += [f' "tokens": {json.dumps(tokens)},'] + logit_rows(logits)
        (folder / f"{m.name}.json").write_text("\n".join(lines) + "\n")
        print(f"{m.name}: std of logits {logits.std():.3f}")
    for name, rank in models.ADAPTERS:
        m = next(m for m in models.MODELS if m.name == name)
        listed = models.adapter(m, rank)
        w = drawn(models.tensors(m))
        tokens = written_tokens(m)
        logits = forward(m, merged(w, drawn(listed), rank), tokens)
        moved = np.abs(logits - forward(m, w, tokens)).mean()
        lines = ["{", f' "base": {json.dumps(name)},', f' "alpha": {models.ALPHA},'] + listed_rows(listed)
        lines += logit_rows(logits)
        (folder / f"adapter-{name}-{rank}.json").write_text("\n".join(lines) + "\n")
        print(f"adapter of rank {rank} over {name}: std of logits {logits.std():.3f}, moved by {moved:.3f}")


if __name__ == "__main__":
    main()
