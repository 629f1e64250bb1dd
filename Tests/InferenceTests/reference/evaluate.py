#!/usr/bin/env python3
"""The float64 forward pass of `golden.py` over a GGUF file, whose weights are dequantised by ggml's own package.

    python3 evaluate.py MODEL OUT     needs numpy and gguf

Lines of token ids are read from standard input. OUT gets, for each line, its length and the size of the vocabulary as
int32, then the float64 logits after each token of the line.
"""
import math
import sys

import numpy as np
from gguf import GGUFReader
from gguf.quants import dequantize

import golden
from models import Model, Rope

NEIGHBOURS = ("llama", "mistral3", "smollm3", "granite", "granitemoe")


def described(file, names):
    """The model that a file's metadata describe; `names` are its tensors."""
    arch = file["general.architecture"]
    get = lambda key, default=None: file.get(f"{arch}.{key}", default)

    def every(period, key, length):
        """The layers that a list of flags names, or all but the last of each period."""
        flags = get(key, period)
        if isinstance(flags, list):
            return tuple(layer for layer in range(length) if flags[layer])
        return tuple(layer for layer in range(length) if flags == 0 or layer % flags < flags - 1)

    heads, width = get("attention.head_count"), get("embedding_length")
    layers = get("block_count") - get("nextn_predict_layers", 0)
    head = get("attention.key_length", width // heads)
    part = get("rope.dimension_count", head)
    scaling = get("rope.scaling.type", "")
    rope = Rope(
        halves=arch not in NEIGHBOURS, base=get("rope.freq_base", 10000.0), part=0 if part == head else part,
        factor=(get("rope.scaling.factor", 0) if scaling != "none" else 0) or 1.0, yarn=scaling == "yarn",
        log_multiplier=get("rope.scaling.yarn_log_multiplier", 0.0),
        attention_factor=get("rope.scaling.attn_factor", 1.0),
        original=get("rope.scaling.original_context_length", 0))
    if "rope_freqs.weight" in names:
        rope.divisors = "rope_freqs.weight"
    elif "rope_factors_long.weight" in names:
        rope.divisors = "rope_factors_short.weight|rope_factors_long.weight"
    m = Model(
        arch, arch, layers=layers, width=width, heads=heads, kv_heads=get("attention.head_count_kv", heads), head=head,
        context=get("context_length"), epsilon=get("attention.layer_norm_rms_epsilon"), rope=rope,
        own_output="output.weight" in names)
    local = lambda base: Rope(halves=True, base=base, part=rope.part)
    period = dict(gemma2=2, gemma3=6, olmo2=4).get(arch, 2)
    pattern = "attention.sliding_window_pattern"
    if arch in ("gemma2", "gemma3", "olmo2", "gpt-oss"):
        m.window = get("attention.sliding_window", 4096 if arch == "gemma2" else 0)
        m.windowed = every(period, pattern, layers) if m.window else ()
    if arch in ("gemma2", "gemma3"):
        m.post, m.activation, m.embedding_scale = True, "gelu", math.sqrt(width)
    if arch == "gemma2":
        m.attention_cap, m.logit_cap = get("attn_logit_softcapping", 50.0), get("final_logit_softcapping", 30.0)
    if arch == "gemma3":
        m.head_norm, m.local_rope = "head", local(get("rope.freq_base_swa", 10000.0))
    if arch == "olmo2":
        m.pre, m.post, m.head_norm, m.local_rope = False, True, "row", local(rope.base)
    if arch == "gemma4":
        describe_gemma4(m, get, names)
    if arch in ("qwen3", "qwen3moe"):
        m.head_norm = "head"
    if arch == "qwen35":
        m.head_norm, m.gated = "head", True
        m.recurrent = every(get("full_attention_interval", 4), "attention.recurrent_layers", layers)
        m.key_heads, m.value_heads = get("ssm.group_count"), get("ssm.time_step_rank")
        m.state, m.taps = get("ssm.state_size"), get("ssm.conv_kernel")
    if arch == "phi3":
        m.fused, m.window = True, get("attention.sliding_window", 0)
        m.windowed = tuple(range(layers)) if m.window else ()
    if arch == "smollm3":
        m.no_rope = tuple(range(3, layers, 4))
    if arch in ("granite", "granitemoe"):
        m.embedding_scale, m.residual_scale = get("embedding_scale", 0) or 1.0, get("residual_scale", 0) or 1.0
        m.attention_scale, m.logit_divisor = get("attention.scale", 0.0), get("logit_scale")
        m.shared = get("expert_shared_feed_forward_length", 0)
    if arch == "mistral3":
        m.temperature = get("attention.temperature_scale", 0.0)
    if arch == "gpt-oss":
        m.sinks, m.activation = True, "clamped"
    m.experts, m.used = get("expert_count", 0), get("expert_used_count", 0)
    return m


def describe_gemma4(m, get, names):
    m.post, m.activation, m.embedding_scale, m.head_norm = True, "gelu", math.sqrt(m.width), "head"
    m.value_norm, m.attention_scale = True, get("attention.scale", 0.0) or 1.0
    m.logit_cap = get("final_logit_softcapping")
    m.window = get("attention.sliding_window")
    m.windowed = tuple(layer for layer, flag in enumerate(get("attention.sliding_window_pattern")) if flag)
    m.local_head = get("attention.key_length_swa")
    part = get("rope.dimension_count_swa", m.local_head)
    m.local_rope = Rope(base=get("rope.freq_base_swa", 10000.0), part=0 if part == m.local_head else part)
    if isinstance(m.kv_heads, list):
        by_layer = m.kv_heads
        m.local_kv_heads = next(by_layer[layer] for layer in m.windowed)
        m.kv_heads = next(count for layer, count in enumerate(by_layer) if layer not in m.windowed)
    hidden = get("feed_forward_length")
    m.hidden_by_layer = tuple(hidden) if isinstance(hidden, list) else (hidden,) * m.layers
    m.shared_kv, m.per_layer = get("attention.shared_kv_layers", 0), get("embedding_length_per_layer_input", 0)
    m.output_scale = "blk.0.layer_output_scale.weight" in names
    whole = [layer for layer in range(m.layers - m.shared_kv) if layer not in m.windowed]
    m.values_are_keys = not any(f"blk.{layer}.attn_v.weight" in names for layer in whole)
    if get("expert_count", 0):
        m.hidden, m.beside_dense = get("expert_feed_forward_length"), m.hidden_by_layer[0]
        m.fused_experts = "blk.0.ffn_gate_up_exps.weight" in names


def weights(reader):
    """Tensors by name, in double precision, the slowest dimension first."""
    return {
        tensor.name: dequantize(tensor.data, tensor.tensor_type).astype(np.float64).reshape(tensor.shape[::-1])
        for tensor in reader.tensors
    }


def main():
    reader = GGUFReader(sys.argv[1])
    metadata = {name: field.contents() for name, field in reader.fields.items() if not name.startswith("tokenizer.")}
    w = weights(reader)
    m = described(metadata, w)
    with open(sys.argv[2], "wb") as out:
        for line in sys.stdin:
            logits = golden.forward(m, w, [int(word) for word in line.split()])
            np.array(logits.shape, dtype="<i4").tofile(out)
            logits.astype("<f8").tofile(out)


if __name__ == "__main__":
    main()
