"""Writes GGUF version 3: header, metadata, tensor table, aligned tensor data. Little endian throughout."""
import struct
from pathlib import Path

import numpy as np

ALIGNMENT = 32
U32, F32, BOOL, STRING, ARRAY = 4, 6, 7, 8, 9
I32 = 5


def _string(text: str) -> bytes:
    raw = text.encode()
    return struct.pack("<Q", len(raw)) + raw


def _scalar(value) -> tuple[int, bytes]:
    if isinstance(value, bool):
        return BOOL, struct.pack("<B", value)
    if isinstance(value, int):
        return U32, struct.pack("<I", value)
    if isinstance(value, float):
        return F32, struct.pack("<f", value)
    return STRING, _string(value)


def _value(value) -> bytes:
    if not isinstance(value, list):
        kind, raw = _scalar(value)
        return struct.pack("<I", kind) + raw
    if isinstance(value[0], int):       # token types are signed in every known writer
        kind, raw = I32, struct.pack(f"<{len(value)}i", *value)
    else:
        kind, raw = STRING, b"".join(map(_string, value))
    return struct.pack("<IIQ", ARRAY, kind, len(value)) + raw


def _padding(size: int) -> bytes:
    return b"\0" * (-size % ALIGNMENT)


def write(path: Path, metadata: dict, tensors: dict[str, tuple[int, tuple[int, ...], bytes]]) -> None:
    """`tensors` maps a name to its GGML type number, its shape as [rows, columns] or [n], and its packed bytes."""
    out = bytearray(b"GGUF" + struct.pack("<IQQ", 3, len(tensors), len(metadata)))
    for key, value in metadata.items():
        out += _string(key) + _value(value)
    offset = 0
    for name, (kind, shape, raw) in tensors.items():
        extents = shape[::-1]           # GGUF lists the contiguous dimension first
        out += _string(name) + struct.pack("<I", len(extents)) + struct.pack(f"<{len(extents)}Q", *extents)
        out += struct.pack("<IQ", kind, offset)
        offset += len(raw) + len(_padding(len(raw)))
    out += _padding(len(out))
    for _, _, raw in tensors.values():
        out += raw + _padding(len(raw))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(out)


def llama_metadata(config, tokenizer, general: dict) -> dict:
    normal, control = 1, 3
    plain = len(tokenizer.tokens) - 3
    return {
        "general.architecture": "llama",
        **{f"general.{k}": v for k, v in general.items()},
        "llama.block_count": config.layers,
        "llama.context_length": config.context,
        "llama.embedding_length": config.width,
        "llama.feed_forward_length": config.ffn,
        "llama.attention.head_count": config.heads,
        "llama.attention.head_count_kv": config.kv_heads,
        "llama.attention.key_length": config.head,
        "llama.attention.value_length": config.head,
        "llama.attention.layer_norm_rms_epsilon": config.epsilon,
        "llama.rope.dimension_count": config.head,
        "llama.rope.freq_base": config.theta,
        "llama.vocab_size": config.vocabulary,
        "tokenizer.ggml.model": "gpt2",
        "tokenizer.ggml.pre": "gpt-2",
        "tokenizer.ggml.tokens": tokenizer.tokens,
        "tokenizer.ggml.token_type": [normal] * plain + [control] * 3,
        "tokenizer.ggml.merges": [f"{a} {b}" for a, b in tokenizer.merges],
        "tokenizer.ggml.bos_token_id": tokenizer.id["<|endoftext|>"],
        "tokenizer.ggml.eos_token_id": tokenizer.eos,
        "tokenizer.ggml.padding_token_id": tokenizer.id["<|endoftext|>"],
        "tokenizer.ggml.add_bos_token": False,
        "tokenizer.ggml.add_eos_token": False,
    }
