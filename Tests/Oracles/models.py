#!/usr/bin/env python3
"""Makes the models that our engine and llama.cpp are compared on, with ggml's own package.

    models.py plain MODEL OUT             a copy of a model of llama.cpp's test of architectures as a text model is: without
                                          the scales that only NVFP4 has and the head of a classifier, and with
                                          divisors of frequencies that are from 1 up
    models.py with-pre MODEL OUT NAME     a copy of a vocabulary that is said to be cut in another way
    models.py half MODEL OUT              a copy with its matrices dequantised to F16
    models.py random OUT ARCHITECTURE     a small model of normal weights in F16, rows of 256 and 512: llama or qwen3moe

    models.py divergence REFERENCE OUR THEIRS   logits as `evaluate.py` and `probe` write them: a line for each token
                                                with the divergences of the two from the reference, in nats
"""
import math
import sys

import numpy as np
from gguf import GGUFReader, GGUFValueType, GGUFWriter
from gguf.quants import dequantize

KEEP = ("general.architecture", "GGUF.")


def write(out, architecture, fill):
    writer = GGUFWriter(out, architecture)
    fill(writer)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def copy(source, out, changed, tensor):
    """A copy: `changed` gets each key with its value, `tensor` each tensor; both give what the copy has."""
    reader = GGUFReader(source)
    architecture = reader.fields["general.architecture"].contents()

    def fill(writer):
        for name, field in reader.fields.items():
            if name.startswith(KEEP):
                continue
            value = changed(name, field.contents())
            if value != []:  # the package writes no empty lists
                kind = field.types[0]
                writer.add_key_value(name, value, kind, field.types[-1] if kind == GGUFValueType.ARRAY else None)
        for each in reader.tensors:
            data = tensor(each)
            if data:
                writer.add_tensor(each.name, *data)

    write(out, architecture, fill)


def same(tensor):
    return tensor.data, None, tensor.tensor_type


def plain(tensor):
    if tensor.name.endswith((".scale", ".input_scale")) or tensor.name.startswith("cls."):
        return None
    return (1 + abs(tensor.data),) if tensor.name.startswith("rope_f") else same(tensor)


def half(tensor):
    values = dequantize(tensor.data, tensor.tensor_type)
    return (values.astype(np.float16 if values.ndim > 1 else np.float32),)


def random(out, architecture):
    source = np.random.default_rng(9)
    width, hidden, heads, kv_heads, head, layers, vocabulary = 512, 1024, 8, 4, 64, 3, 512
    experts = 0
    if architecture == "qwen3moe":
        width, hidden, layers, experts = 256, 256, 2, 8

    def fill(writer):
        writer.add_context_length(1024)
        writer.add_embedding_length(width)
        writer.add_block_count(layers)
        writer.add_feed_forward_length(hidden)
        writer.add_head_count(heads)
        writer.add_head_count_kv(kv_heads)
        writer.add_key_length(head)
        writer.add_value_length(head)
        writer.add_layer_norm_rms_eps(1e-5)
        writer.add_rope_dimension_count(head)
        writer.add_rope_freq_base(10000.0)
        writer.add_vocab_size(vocabulary)
        # llama.cpp's tokenizer of numbers, for models that have no words.
        writer.add_tokenizer_model("test")
        writer.add_token_list([f"{index}" for index in range(vocabulary)])
        writer.add_token_scores([0.0] * vocabulary)
        if experts:
            writer.add_expert_count(experts)
            writer.add_expert_used_count(2)
            writer.add_expert_feed_forward_length(hidden)

        def matrix(name, columns, rows, *stack):
            scale = 1 / math.sqrt(columns)
            values = source.normal(0, scale, (*stack, rows, columns))
            writer.add_tensor(name + ".weight", values.astype(np.float16))

        def norm(name, count):
            writer.add_tensor(name + ".weight", source.uniform(0.5, 1.5, count).astype(np.float32))

        matrix("token_embd", width, vocabulary)
        norm("output_norm", width)
        matrix("output", width, vocabulary)
        for layer in range(layers):
            block = f"blk.{layer}."
            norm(block + "attn_norm", width)
            norm(block + "ffn_norm", width)
            matrix(block + "attn_q", width, heads * head)
            matrix(block + "attn_k", width, kv_heads * head)
            matrix(block + "attn_v", width, kv_heads * head)
            matrix(block + "attn_output", heads * head, width)
            if architecture == "qwen3moe":
                norm(block + "attn_q_norm", head)
                norm(block + "attn_k_norm", head)
                router = source.normal(0, 2 / math.sqrt(width), (experts, width))
                writer.add_tensor(block + "ffn_gate_inp.weight", router.astype(np.float32))
                matrix(block + "ffn_gate_exps", width, hidden, experts)
                matrix(block + "ffn_up_exps", width, hidden, experts)
                matrix(block + "ffn_down_exps", hidden, width, experts)
            else:
                matrix(block + "ffn_gate", width, hidden)
                matrix(block + "ffn_up", width, hidden)
                matrix(block + "ffn_down", hidden, width)

    write(out, architecture, fill)


def logits(path, kind):
    with open(path, "rb") as file:
        shape = np.fromfile(file, "<i4", 2)
        return np.fromfile(file, kind, shape.prod()).astype(np.float64).reshape(shape)


def log_softmax(x):
    x = x - x.max(1, keepdims=True)
    return x - np.log(np.exp(x).sum(1, keepdims=True))


def divergence(reference, ours, theirs):
    expected = log_softmax(logits(reference, "<f8"))
    found = [log_softmax(logits(path, "<f4")) for path in (ours, theirs)]
    for row in zip(*((np.exp(expected) * (expected - each)).sum(1) for each in found)):
        print(*(f"{value:.6e}" for value in row))


def main():
    verb, *words = sys.argv[1:]
    if verb == "plain":
        copy(*words, lambda name, value: value, plain)
    elif verb == "with-pre":
        source, out, pre = words
        copy(source, out, lambda name, value: pre if name == "tokenizer.ggml.pre" else value, same)
    elif verb == "half":
        # 1: most matrices are F16.
        copy(*words, lambda name, value: 1 if name == "general.file_type" else value, half)
    elif verb == "random":
        random(*words)
    elif verb == "divergence":
        divergence(*words)
    else:
        sys.exit(f"unknown: {verb}")


main()
