"""Tiny models of every architecture: what they compute (`Model`), how a GGUF file says it (`metadata`), and their weights.

Weights are never stored. An element is a whole number of SplitMix64 times a power of two, so that the tests write the
same model again, bit for bit, from the names, shapes and exponents in the golden file.
"""
import math
from dataclasses import dataclass, field

import numpy as np

VOCABULARY = 64
TOKENS = 56


@dataclass
class Rope:
    halves: bool = True           # pairs (i, i + d/2), else (2i, 2i + 1)
    base: float = 10000.0
    part: int = 0                 # elements that are turned; 0: the whole head
    factor: float = 1.0
    yarn: bool = False
    log_multiplier: float = 0.0
    attention_factor: float = 1.0
    original: int = 0             # 0: the context length
    divisors: str = ""            # tensor


@dataclass
class Model:
    name: str
    arch: str
    layers: int = 2
    width: int = 64
    heads: int = 4
    kv_heads: int = 2
    head: int = 16
    hidden: int = 96
    context: int = 128
    epsilon: float = 1e-5                    # of norms
    rope: Rope = field(default_factory=Rope)
    local_rope: Rope | None = None           # of windowed layers
    no_rope: tuple = ()                      # layers that are told no positions
    window: int = 0
    windowed: tuple = ()                     # layers
    biases: tuple = ()                       # tensors that have one
    fused: bool = False                      # attn_qkv, and gate + up
    pre: bool = True                         # norms before attention and feed-forward
    post: bool = False                       # norms after them
    head_norm: str = ""                      # "head" or "row"
    activation: str = "silu"
    embedding_scale: float = 1.0
    residual_scale: float = 1.0
    attention_scale: float = 0.0             # 0: 1 / sqrt(head)
    logit_divisor: float = 1.0
    attention_cap: float = 0.0
    logit_cap: float = 0.0
    temperature: float = 0.0
    sinks: bool = False
    experts: int = 0
    used: int = 0
    shared: int = 0
    expert_biases: bool = False
    own_output: bool = True
    recurrent: tuple = ()                    # layers with a gated delta rule in place of attention
    key_heads: int = 0                       # of those layers
    value_heads: int = 0
    state: int = 0                           # elements of a head
    taps: int = 4
    gated: bool = False                      # a gate beside each query
    local_head: int = 0                      # of windowed layers; 0: as the others
    local_kv_heads: int = 0
    hidden_by_layer: tuple = ()              # where layers differ
    value_norm: bool = False                 # without weights
    values_are_keys: bool = False            # of layers that see everything
    shared_kv: int = 0                       # last layers that read keys and values of the last one of their kind before
    kept_kv: bool = False                    # their tensors are in the file although nothing reads them
    per_layer: int = 0                       # elements that each layer gets of each token besides
    output_scale: bool = False               # a factor of the stream after each layer
    beside_dense: int = 0                    # hidden layer of a dense part beside the experts
    fused_experts: bool = False              # gate and up of an expert in one
    extra: dict = field(default_factory=dict)  # metadata besides
    unwritten: tuple = ()                      # keys of the usual ones that this architecture does not have


def of_layer(m, layer):
    """Elements of a head, key-value heads and hidden elements of a layer."""
    local = layer in m.windowed
    return (m.local_head if local and m.local_head else m.head,
            m.local_kv_heads if local and m.local_kv_heads else m.kv_heads,
            m.hidden_by_layer[layer] if m.hidden_by_layer else m.beside_dense or m.hidden)


def source_of(m, layer):
    """The layer whose keys and values a layer reads."""
    own = m.layers - m.shared_kv
    if layer < own:
        return layer
    return max(other for other in range(own) if (other in m.windowed) == (layer in m.windowed))


def metadata(m):
    """Keys with type and value, as such files have them."""
    p = m.arch
    keys = {
        "general.architecture": ("string", p),
        f"{p}.context_length": ("uint32", m.context),
        f"{p}.block_count": ("uint32", m.layers),
        f"{p}.embedding_length": ("uint32", m.width),
        f"{p}.feed_forward_length": ("uint32", m.hidden),
        f"{p}.attention.head_count": ("uint32", m.heads),
        f"{p}.attention.head_count_kv": ("uint32", m.kv_heads),
        f"{p}.attention.key_length": ("uint32", m.head),
        f"{p}.attention.value_length": ("uint32", m.head),
        f"{p}.attention.layer_norm_rms_epsilon": ("float32", m.epsilon),
        f"{p}.rope.dimension_count": ("uint32", m.rope.part or m.head),
        f"{p}.rope.freq_base": ("float32", m.rope.base),
    }
    if m.rope.factor != 1:
        keys[f"{p}.rope.scaling.type"] = ("string", "yarn" if m.rope.yarn else "linear")
        keys[f"{p}.rope.scaling.factor"] = ("float32", m.rope.factor)
    if m.rope.original:
        keys[f"{p}.rope.scaling.original_context_length"] = ("uint32", m.rope.original)
    if m.rope.attention_factor != 1:
        keys[f"{p}.rope.scaling.attn_factor"] = ("float32", m.rope.attention_factor)
    if m.rope.log_multiplier:
        keys[f"{p}.rope.scaling.yarn_log_multiplier"] = ("float32", m.rope.log_multiplier)
    if m.window:
        keys[f"{p}.attention.sliding_window"] = ("uint32", m.window)
    if m.local_head:
        keys[f"{p}.attention.key_length_swa"] = ("uint32", m.local_head)
        keys[f"{p}.attention.value_length_swa"] = ("uint32", m.local_head)
        keys[f"{p}.rope.dimension_count_swa"] = ("uint32", m.local_rope.part or m.local_head)
        keys[f"{p}.attention.sliding_window_pattern"] = ("bools", [layer in m.windowed for layer in range(m.layers)])
    if m.local_kv_heads:
        keys[f"{p}.attention.head_count_kv"] = ("uint32s", [of_layer(m, layer)[1] for layer in range(m.layers)])
    if m.hidden_by_layer:
        keys[f"{p}.feed_forward_length"] = ("uint32s", list(m.hidden_by_layer))
    if m.beside_dense:
        keys[f"{p}.feed_forward_length"] = ("uint32", m.beside_dense)
        keys[f"{p}.expert_feed_forward_length"] = ("uint32", m.hidden)
    if m.experts:
        keys[f"{p}.expert_count"] = ("uint32", m.experts)
        keys[f"{p}.expert_used_count"] = ("uint32", m.used)
    if m.recurrent:
        keys[f"{p}.ssm.group_count"] = ("uint32", m.key_heads)
        keys[f"{p}.ssm.time_step_rank"] = ("uint32", m.value_heads)
        keys[f"{p}.ssm.state_size"] = ("uint32", m.state)
        keys[f"{p}.ssm.inner_size"] = ("uint32", m.value_heads * m.state)
        keys[f"{p}.ssm.conv_kernel"] = ("uint32", m.taps)
    for key, value in m.extra.items():
        keys[f"{p}.{key}"] = value
    for key in m.unwritten:
        del keys[f"{p}.{key}"]
    return keys


def tensors(m):
    """Name, dimensions (fastest first), kind and exponent of every tensor."""
    out = []

    def matrix(name, columns, rows, *stack, gain=0):
        exponent = round(math.log2(1.7 / math.sqrt(columns))) + gain
        out.append((name + ".weight", [columns, rows, *stack], "u", exponent))
        if name.rsplit(".", 1)[-1] in m.biases:
            out.append((name + ".bias", [rows, *stack], "u", -1))

    def norm(name, count):
        out.append((name + ".weight", [count], "n", 0))

    # Where the embedding is the output too, a large one would see nothing but its own token.
    matrix("token_embd", m.width, VOCABULARY, gain=2 if m.own_output else 0)
    norm("output_norm", m.width)
    if m.own_output:
        matrix("output", m.width, VOCABULARY)
    for name in (m.rope.divisors.split("|") if m.rope.divisors else []):
        out.append((name, [(m.rope.part or m.head) // 2], "p" if m.arch == "gemma4" else "d", 0))
    for layer in range(m.layers):
        b = f"blk.{layer}."
        head, kv_heads, hidden = of_layer(m, layer)
        q, kv = m.heads * head, kv_heads * head
        has_kv = source_of(m, layer) == layer or m.kept_kv
        has_values = has_kv and not (m.values_are_keys and layer not in m.windowed)
        if m.pre:
            norm(b + "attn_norm", m.width)
            norm(b + ("post_attention_norm" if m.arch in ("gpt-oss", "qwen35") else "ffn_norm"), m.width)
        if m.post:
            norm(b + "post_attention_norm", m.width)
            norm(b + "post_ffw_norm", m.width)
        if layer in m.recurrent:
            inner = m.value_heads * m.state
            channels = 2 * m.key_heads * m.state + inner
            matrix(b + "attn_qkv", m.width, channels)
            matrix(b + "attn_gate", m.width, inner)
            matrix(b + "ssm_alpha", m.width, m.value_heads)
            matrix(b + "ssm_beta", m.width, m.value_heads, gain=1)
            out.append((b + "ssm_conv1d.weight", [m.taps, channels], "v", 0))
            out.append((b + "ssm_dt.bias", [m.value_heads], "u", 0))
            out.append((b + "ssm_a", [m.value_heads], "a", 0))
            norm(b + "ssm_norm", m.state)
            matrix(b + "ssm_out", inner, m.width)
        elif m.fused:
            matrix(b + "attn_qkv", m.width, q + 2 * kv, gain=1)
            matrix(b + "attn_output", q, m.width)
        else:
            matrix(b + "attn_q", m.width, 2 * q if m.gated else q, gain=1)
            if has_kv:
                matrix(b + "attn_k", m.width, kv, gain=1)
            if has_values:
                matrix(b + "attn_v", m.width, kv)
            matrix(b + "attn_output", q, m.width)
        if m.head_norm and layer not in m.recurrent:
            norm(b + "attn_q_norm", head if m.head_norm == "head" else q)
            if has_kv:
                norm(b + "attn_k_norm", head if m.head_norm == "head" else kv)
        if m.sinks:
            out.append((b + "attn_sinks.weight", [m.heads], "u", 2))
        if m.experts:
            matrix(b + "ffn_gate_inp", m.width, m.experts, gain=1)
            if m.fused_experts:
                matrix(b + "ffn_gate_up_exps", m.width, 2 * m.hidden, m.experts)
            else:
                matrix(b + "ffn_gate_exps", m.width, m.hidden, m.experts)
                matrix(b + "ffn_up_exps", m.width, m.hidden, m.experts)
            matrix(b + "ffn_down_exps", m.hidden, m.width, m.experts)
            if m.beside_dense:
                # The router's input is divided by the root of the width.
                out.append((b + "ffn_gate_inp.scale", [m.width], "u", 5))
                out.append((b + "ffn_down_exps.scale", [m.experts], "n", 0))
                for name in ("post_ffw_norm_1", "pre_ffw_norm_2", "post_ffw_norm_2"):
                    norm(b + name, m.width)
            if m.shared:
                matrix(b + "ffn_gate_shexp", m.width, m.shared)
                matrix(b + "ffn_up_shexp", m.width, m.shared)
                matrix(b + "ffn_down_shexp", m.shared, m.width)
        if not m.experts or m.beside_dense:
            if not m.fused:
                matrix(b + "ffn_gate", m.width, hidden)
            matrix(b + "ffn_up", m.width, 2 * hidden if m.fused else hidden)
            matrix(b + "ffn_down", hidden, m.width)
        if m.per_layer:
            matrix(b + "inp_gate", m.width, m.per_layer)
            matrix(b + "proj", m.per_layer, m.width)
            norm(b + "post_norm", m.width)
        if m.output_scale:
            norm(b + "layer_output_scale", 1)
    if m.per_layer:
        matrix("per_layer_token_embd", m.per_layer * m.layers, VOCABULARY)
        matrix("per_layer_model_proj", m.width, m.per_layer * m.layers)
        norm("per_layer_proj_norm", m.per_layer)
    return out


def draws(seed, count):
    """The first numbers of SplitMix64."""
    with np.errstate(over="ignore"):
        z = np.uint64(seed) + np.arange(1, count + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return z ^ (z >> np.uint64(31))


def hashed(name):
    """FNV-1a of 64 bits."""
    h = 0xCBF29CE484222325
    for byte in name.encode():
        h = (h ^ byte) * 0x100000001B3 % 2**64
    return h


def weights(dimensions, name, kind, exponent):
    x = draws(hashed(name), math.prod(dimensions))
    if kind in ("u", "v"):  # v: like u, but never stored as a quantised matrix
        values = ((x >> np.uint64(40)).astype(np.float64) - 2.0**23) * 2.0**-23 * 2.0**exponent
    elif kind in ("n", "a"):
        values = 0.5 + (x >> np.uint64(41)).astype(np.float64) * 2.0**-23
        values = -values if kind == "a" else values
    elif kind == "p":  # a half that is left as it is
        values = np.where(np.arange(len(x)) < len(x) // 2, 1.0, 1e30)
    else:
        values = 1.0 + (x >> np.uint64(48)).astype(np.float64) * 2.0**-14
    return values.reshape(dimensions[::-1])


def f32(x):
    return ("float32", x)


def u32(x):
    return ("uint32", x)


QKV = ("attn_q", "attn_k", "attn_v")
PAIRS = dict(halves=False)
GEMMA4 = dict(post=True, activation="gelu", embedding_scale=8.0, head_norm="head", value_norm=True,
              attention_scale=1.0, logit_cap=3.0, own_output=False)
MODELS = [
    Model("llama", "llama", rope=Rope(**PAIRS, divisors="rope_freqs.weight"), unwritten=("attention.value_length",)),
    Model("llama-biases", "llama", kv_heads=1, own_output=False, rope=Rope(**PAIRS, factor=4.0),
          biases=QKV + ("attn_output", "ffn_gate", "ffn_up", "ffn_down")),
    Model("qwen2", "qwen2", biases=QKV, rope=Rope(base=1e6), own_output=False,
          unwritten=("attention.key_length", "attention.value_length", "rope.dimension_count")),
    Model("qwen2-yarn", "qwen2", biases=QKV + ("output",), rope=Rope(base=1e4, factor=4.0, yarn=True, original=32)),
    Model("qwen3", "qwen3", heads=3, kv_heads=3, head=32, head_norm="head", rope=Rope(base=1e6)),
    Model("gemma2", "gemma2", layers=3, post=True, activation="gelu", embedding_scale=8.0, own_output=False,
          attention_cap=2.0, logit_cap=3.0, window=10, windowed=(0, 2),
          extra={"attn_logit_softcapping": f32(2.0), "final_logit_softcapping": f32(3.0)}),
    Model("gemma3", "gemma3", layers=6, heads=2, kv_heads=1, head=32, post=True, activation="gelu", own_output=False,
          embedding_scale=8.0, head_norm="head", window=18, windowed=(0, 1, 2, 3, 4),
          rope=Rope(base=1e6, factor=8.0), local_rope=Rope(base=1e4)),
    Model("gemma3-pattern", "gemma3", layers=3, post=True, activation="gelu", embedding_scale=8.0, head_norm="head",
          window=5, windowed=(1,), rope=Rope(base=1e6), local_rope=Rope(base=2e4), own_output=False,
          extra={"attention.sliding_window_pattern": ("bools", [False, True, False]),
                 "rope.freq_base_swa": f32(2e4)}),
    Model("gemma4", "gemma4", layers=6, heads=4, kv_heads=1, head=32, local_head=16, window=10, windowed=(0, 1, 3, 4),
          hidden_by_layer=(64, 64, 64, 128, 128, 128), shared_kv=3, kept_kv=True, per_layer=32, output_scale=True,
          rope=Rope(base=1e6, divisors="rope_freqs.weight"), local_rope=Rope(base=1e4), **GEMMA4,
          extra={"attention.shared_kv_layers": u32(3), "embedding_length_per_layer_input": u32(32),
                 "final_logit_softcapping": f32(3.0)}),
    Model("gemma4-keys", "gemma4", layers=3, kv_heads=1, head=64, local_head=32, local_kv_heads=2, window=7,
          windowed=(0, 1), values_are_keys=True, output_scale=True,
          rope=Rope(base=1e6, divisors="rope_freqs.weight"), local_rope=Rope(base=2e4, part=24), **GEMMA4,
          extra={"attention.shared_kv_layers": u32(0), "embedding_length_per_layer_input": u32(0),
                 "final_logit_softcapping": f32(3.0), "rope.freq_base_swa": f32(2e4)}),
    Model("gemma4-shared", "gemma4", layers=4, kv_heads=2, head=32, local_head=16, window=9, windowed=(1, 2),
          shared_kv=1, per_layer=64, rope=Rope(base=1e6, divisors="rope_freqs.weight"), local_rope=Rope(base=1e4),
          **{**GEMMA4, "logit_cap": 0.0, "own_output": True},
          extra={"attention.shared_kv_layers": u32(1), "embedding_length_per_layer_input": u32(64),
                 "final_logit_softcapping": f32(0.0)}),
    Model("gemma4-experts", "gemma4", layers=2, kv_heads=1, head=32, local_head=16, local_kv_heads=2, window=12,
          windowed=(0,), values_are_keys=True, output_scale=True, experts=6, used=2, hidden=32, beside_dense=64,
          fused_experts=True,
          rope=Rope(base=1e6, divisors="rope_freqs.weight"), local_rope=Rope(base=1e4), **GEMMA4,
          extra={"attention.shared_kv_layers": u32(0), "embedding_length_per_layer_input": u32(0),
                 "final_logit_softcapping": f32(3.0)}),
    Model("phi3", "phi3", fused=True, kv_heads=4, window=21, windowed=(0, 1), context=64,
          rope=Rope(original=64, attention_factor=1.19,
                    divisors="rope_factors_short.weight|rope_factors_long.weight")),
    Model("phi3-long", "phi3", fused=True, head=32, heads=2, kv_heads=1, own_output=False,
          rope=Rope(part=24, original=64, attention_factor=1.25,
                    divisors="rope_factors_long.weight|rope_factors_short.weight")),
    Model("smollm3", "smollm3", layers=4, no_rope=(3,), rope=Rope(**PAIRS, base=5e6), own_output=False),
    Model("granite", "granite", rope=Rope(**PAIRS), embedding_scale=3.0, residual_scale=0.75, attention_scale=0.125,
          logit_divisor=0.75, own_output=False,
          extra={"embedding_scale": f32(3.0), "residual_scale": f32(0.75), "attention.scale": f32(0.125),
                 "logit_scale": f32(0.75)}),
    Model("mistral3", "mistral3", temperature=0.5,
          rope=Rope(**PAIRS, base=1e6, factor=16.0, yarn=True, original=16, log_multiplier=1.0),
          extra={"attention.temperature_scale": f32(0.5), "rope.scaling.yarn_beta_fast": f32(32.0),
                 "rope.scaling.yarn_beta_slow": f32(1.0)}),
    Model("olmo2", "olmo2", kv_heads=4, pre=False, post=True, head_norm="row", rope=Rope(base=5e5)),
    Model("olmo3", "olmo2", layers=4, pre=False, post=True, head_norm="row", window=12, windowed=(0, 1, 2),
          rope=Rope(base=5e5, factor=8.0, yarn=True, original=16), local_rope=Rope(base=5e5)),
    Model("qwen3moe", "qwen3moe", head_norm="head", hidden=32, experts=8, used=3, rope=Rope(base=1e6),
          extra={"expert_feed_forward_length": u32(32), "feed_forward_length": u32(256)}),
    Model("qwen35", "qwen35", layers=4, heads=2, kv_heads=1, head=32, gated=True, head_norm="head", own_output=False,
          rope=Rope(base=1e7, part=16), recurrent=(0, 1, 2), key_heads=2, value_heads=4, state=16,
          extra={"full_attention_interval": u32(4), "rope.dimension_sections": ("uint32s", [3, 3, 2, 0])}),
    Model("qwen35-last", "qwen35", layers=2, heads=2, kv_heads=2, head=16, gated=True, head_norm="head",
          rope=Rope(base=1e7, part=16), recurrent=(1,), key_heads=1, value_heads=2, state=32, taps=3,
          extra={"attention.recurrent_layers": ("bools", [False, True])}),
    Model("llama-experts", "llama", hidden=64, experts=4, used=2, rope=Rope(**PAIRS, base=1e6)),
    Model("granitemoe", "granitemoe", hidden=32, experts=5, used=2, shared=64, rope=Rope(**PAIRS),
          embedding_scale=3.0, residual_scale=0.6, attention_scale=0.5, logit_divisor=0.8, own_output=False,
          extra={"embedding_scale": f32(3.0), "residual_scale": f32(0.6), "attention.scale": f32(0.5),
                 "logit_scale": f32(0.8), "expert_shared_feed_forward_length": u32(64)}),
    Model("gpt-oss", "gpt-oss", hidden=64, sinks=True, experts=4, used=2, expert_biases=True,
          activation="clamped", window=9, windowed=(0,),
          biases=QKV + ("attn_output", "ffn_gate_inp", "ffn_gate_exps", "ffn_up_exps", "ffn_down_exps"),
          rope=Rope(base=15e4, factor=32.0, yarn=True, original=64), unwritten=("feed_forward_length",),
          extra={"expert_feed_forward_length": u32(64)}),
]

ALPHA = 6.0
# Base and rank: low-rank adapters over every matrix of a model but its embedding.
ADAPTERS = [("llama", 1), ("llama", 4), ("llama", 8), ("phi3", 4), ("llama-experts", 8), ("qwen35-last", 3)]


def adapter(m, rank):
    """The tensors of an adapter over a model, as `tensors` lists them: the base's name with .lora_a or .lora_b."""
    out = []
    for name, dims, kind, exponent in tensors(m):
        if len(dims) < 2 or kind != "u" or name == "token_embd.weight" or not name.endswith(".weight"):
            continue
        columns, rows, *stack = dims
        # About half as large as what it is added to.
        gain = round(math.log2(1.7 * 0.5 * math.sqrt(rank) / ALPHA))
        out.append((name + ".lora_a", [columns, rank, *stack], "u", exponent))
        out.append((name + ".lora_b", [rank, rows, *stack], "u", gain))
    return out
