#!/usr/bin/env python3
"""Writes a GGUF file again with a chat template that lists tools: with_template.py FROM TO."""
import struct
import sys

TEMPLATE = """\
{%- if tools -%}{{- '<|im_start|>system\\n' -}}{%- for t in tools -%}{{- t | tojson + '\\n' -}}{%- endfor -%}
{{- '<|im_end|>\\n' -}}{%- endif -%}
{%- for m in messages -%}
{{- '<|im_start|>' + m.role + '\\n' -}}{%- if m.content -%}{{- m.content -}}{%- endif -%}
{%- for c in m.tool_calls or [] -%}
{{- '<tool_call>\\n{"name": "' + c.function.name + '", "arguments": ' + c.function.arguments | tojson + '}\\n</tool_call>' -}}
{%- endfor -%}
{{- '<|im_end|>\\n' -}}
{%- endfor -%}
{%- if add_generation_prompt -%}{{- '<|im_start|>assistant\\n' -}}{%- endif -%}
"""
STRING, ARRAY = 8, 9
SIZES = {0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8}

data = open(sys.argv[1], "rb").read()
magic, version, tensors, pairs = struct.unpack_from("<4sIQQ", data)
assert magic == b"GGUF" and version == 3, "not a GGUF file of version 3"
place = 24


def integer(form):
    global place
    (value,) = struct.unpack_from("<" + form, data, place)
    place += struct.calcsize("<" + form)
    return value


def text():
    global place
    length = integer("Q")
    place += length
    return data[place - length : place]


def skip(kind):
    global place
    if kind == STRING:
        text()
    elif kind == ARRAY:
        of, count = integer("I"), integer("Q")
        for _ in range(count):
            skip(of)
    else:
        place += SIZES[kind]


alignment = 32
for _ in range(pairs):
    key = text()
    assert key != b"tokenizer.chat_template", "the file has a template"
    start = place
    skip(integer("I"))
    if key == b"general.alignment":
        (alignment,) = struct.unpack_from("<I", data, start + 4)
metadata_end = place
for _ in range(tensors):
    text()
    for _ in range(integer("I")):
        integer("Q")
    integer("I"), integer("Q")


def padded(count):
    return -count % alignment


key, value = b"tokenizer.chat_template", TEMPLATE.encode()
pair = struct.pack("<Q", len(key)) + key + struct.pack("<IQ", STRING, len(value)) + value
head = struct.pack("<4sIQQ", magic, version, tensors, pairs + 1) + data[24:metadata_end] + pair + data[metadata_end:place]
with open(sys.argv[2], "wb") as file:
    file.write(head + bytes(padded(len(head))) + data[place + padded(place) :])
