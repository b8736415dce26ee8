"""Makes the small files of other programs that the tests of the module format read.

usage: make_format_samples.py [REPOSITORY]

Written by the libraries that define the formats: safetensors (Rust) and NumPy. The files are kept in
format/src/test/resources; running this again must not change them unless a library did.
"""
import os
import sys

import numpy
import safetensors

SAFETENSORS_TYPES = (
    "bool uint8 int8 float8_e5m2 float8_e4m3fn float8_e8m0fnu float8_e4m3fnuz float8_e5m2fnuz int16 uint16 float16 bfloat16 "
    "int32 uint32 float32 complex64 float64 int64 uint64"
).split()


def byte_size(name):
    if name in ("bool", "uint8", "int8") or name.startswith("float8"):
        return 1
    return {"16": 2, "32": 4, "64": 8}[name[-2:]]


def safetensors_samples(folder):
    buffers = []

    def spec(dtype, shape, data):
        buffers.append(numpy.frombuffer(data or b"\0", numpy.uint8))
        return safetensors.TensorSpec(
            dtype=dtype, shape=shape, data_ptr=buffers[-1].ctypes.data, data_len=len(data))

    tensors = {}
    for i, name in enumerate(SAFETENSORS_TYPES):
        data = bytes((i + j) % 2 if name == "bool" else (17 * i + j) % 256 for j in range(6 * byte_size(name)))
        tensors["t." + name] = spec(name, [2, 3], data)
    tensors["t.float4_e2m1fn_x2"] = spec("float4_e2m1fn_x2", [2, 3], bytes(range(6)))
    tensors["scalar"] = spec("float32", [], b"\0\0\x80\x3f")
    tensors["empty"] = spec("int64", [0, 4], b"")
    tensors['quote"d \u00e9 \U0001f600'] = spec("uint8", [1], b"\x07")
    with open(os.path.join(folder, "all-types.safetensors"), "wb") as f:
        f.write(safetensors.serialize(tensors, {"format": "pt"}))


def numpy_samples(folder):
    def save(name, array, version=None):
        with open(os.path.join(folder, name + ".npy"), "wb") as f:
            numpy.lib.format.write_array(f, array, version=version)

    base = numpy.arange(6).reshape(2, 3)
    for dtype in ("bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64",
                  "float16", "float32", "float64", "complex64", "complex128"):
        save(dtype, base.astype(dtype))
    save("big-endian-int32", base.astype(">i4"))
    save("big-endian-complex64", (base + 1j).astype(">c8"))
    save("fortran-float32", numpy.asfortranarray(numpy.arange(24).reshape(2, 3, 4).astype("<f4")))
    save("fortran-big-endian-int16", numpy.asfortranarray(base.astype(">i2")))
    save("version-2", base.astype("<f4"), (2, 0))
    save("version-3", base.astype("<f4"), (3, 0))
    save("scalar", numpy.array(2.5))
    save("vector", numpy.arange(3, dtype="<f4"))
    save("empty", numpy.zeros((0, 4), "<f4"))
    save("structured", numpy.zeros(2, [("a", "<f4"), ("b", "<i4")]))
    save("strings", numpy.array(["ab", "c"]))


def main():
    repository = sys.argv[1] if len(sys.argv) > 1 else os.path.join(os.path.dirname(__file__), "..")
    resources = os.path.join(repository, "format/src/test/resources/dev/sconce/format")
    safetensors_samples(os.path.join(resources, "safetensors"))
    numpy_samples(os.path.join(resources, "npy"))


if __name__ == "__main__":
    main()
