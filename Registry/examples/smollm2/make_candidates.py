#!/usr/bin/env python3
"""Makes two candidates of a model that is there: the same weights in 8 bits (Q8_0), and the same in plain 4 bits (Q4_0).

  make_candidates.py MODEL.gguf FOLDER
    writes FOLDER/q8_0.gguf and FOLDER/q4_0.gguf

Every matrix of a quantised type is dequantised and rounded anew, block by block, without any data to calibrate on. For
Q8_0 that changes next to nothing. Q4_0 rounds what was rounded before to fewer values: a shortcut that people do take
when all they have is a quantised file, and that nobody sees in the size or in the header of what comes out.
Needs the packages gguf and numpy.
"""
import os
import sys

import gguf
from gguf.quants import dequantize, quantize

TYPES = {"q8_0": gguf.GGMLQuantizationType.Q8_0, "q4_0": gguf.GGMLQuantizationType.Q4_0}
FILE_TYPES = {"q8_0": gguf.LlamaFileType.MOSTLY_Q8_0, "q4_0": gguf.LlamaFileType.MOSTLY_Q4_0}
# Vectors (norms, biases) stay as they are.
KEPT = (gguf.GGMLQuantizationType.F32, gguf.GGMLQuantizationType.F16, gguf.GGMLQuantizationType.BF16)


def copy_metadata(reader, writer, file_type):
    """All keys of the file but those that the writer writes itself."""
    for field in reader.fields.values():
        if field.name.startswith("GGUF.") or field.name in ("general.architecture", "general.file_type"):
            continue
        kind = field.types[0]
        element = field.types[-1] if kind == gguf.GGUFValueType.ARRAY else None
        writer.add_key_value(field.name, field.contents(), kind, sub_type=element)
    writer.add_file_type(file_type)


def make(source, target, name):
    reader = gguf.GGUFReader(source)
    architecture = reader.get_field("general.architecture").contents()
    writer = gguf.GGUFWriter(target + ".part", architecture)
    copy_metadata(reader, writer, FILE_TYPES[name])
    for tensor in reader.tensors:
        if tensor.tensor_type in KEPT:
            writer.add_tensor(tensor.name, tensor.data, raw_dtype=tensor.tensor_type)
        else:
            values = dequantize(tensor.data, tensor.tensor_type)
            writer.add_tensor(tensor.name, quantize(values, TYPES[name]), raw_dtype=TYPES[name])
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    os.replace(target + ".part", target)


def main():
    if len(sys.argv) != 3 or sys.argv[1] in ("-h", "--help"):
        sys.exit(__doc__)
    source, folder = sys.argv[1:]
    os.makedirs(folder, exist_ok=True)
    for name in TYPES:
        target = os.path.join(folder, name + ".gguf")
        make(source, target, name)
        print(f"{target}  {os.path.getsize(target) / 1e6:.0f} MB")


if __name__ == "__main__":
    main()
