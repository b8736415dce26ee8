"""Makes the small files of other programs that the tests of the module format read.

usage: make_format_samples.py [REPOSITORY]

Written by the libraries that define the formats: safetensors (Rust), NumPy and
the official exporter's serializer. The files are kept in
format/src/test/resources; running this again must not change them unless a library did.
"""
import dataclasses
import os
import sys

import numpy
import safetensors

XNNPACK_NODES = (
    "XNNAdd XNNFullyConnected XNNSoftmax XNNSigmoid XNNStaticTranspose XNNClamp XNNConv2d XNNDiv "
    "XNNStaticResizeBilinear2D XNNStaticConstantPad XNNAvgPooling2d XNNMinimum XNNDepthwiseConv2d "
    "XNNMaxPooling2d XNNMultiply XNNSubtract XNNFloor XNNConvert XNNGlobalAvgPooling2d XNNStaticReshape "
    "XNNArgMaxPooling2d XNNSquareRoot XNNCeiling XNNHardswish XNNLeakyReLU XNNMaximum XNNNegate XNNSquare "
    "XNNELU XNNAbs XNNPReLU XNNConcatenate2 XNNConcatenate3 XNNConcatenate4 XNNStaticSlice "
    "XNNScaledDotProductAttention XNNBatchMatrixMultiply XNNConcatenate5 XNNConvTranspose2d "
    "XNNReciprocalSquareRoot XNNLog XNNGelu XNNTanh XNNExp XNNSin XNNCopy XNNCos "
)
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


def xnnpack_sample(folder):
    """A graph with each of the 47 kinds of nodes and each kind of value, its numbers all different.

    Field number f of node kind k is 1000 * k + f (floats: plus 0.5), so that a reader that swaps two fields is
    found out. Nothing in the graph makes sense beyond that.
    """
    from executorch.backends.xnnpack.serialization import xnnpack_graph_schema as schema
    from executorch.backends.xnnpack.serialization import xnnpack_graph_serialize as serialize

    def field_value(field, number):
        kind = str(field.type)
        if "float" in kind:
            return number + 0.5
        if "List" in kind:
            return [number, number + 100]
        return number

    nodes = []
    for tag, kind in enumerate(XNNPACK_NODES.split(), start=1):
        cls = getattr(schema, kind)
        fields = dataclasses.fields(cls)
        values = {f.name: field_value(f, 1000 * tag + i) for i, f in enumerate(fields)}
        if "num_dims" in values:
            values["num_dims"] = 2
        output_min_max = schema.OutputMinMax(output_min=-1.5, output_max=float(tag)) if tag % 2 else None
        nodes.append(schema.XNode(xnode_union=cls(**values), debug_handle=tag, output_min_max=output_min_max))

    datatype = schema.XNNDatatype

    def tensor(number, kind, dims):
        return schema.XNNTensorValue(
            datatype=kind, num_dims=len(dims), dims=dims, constant_buffer_idx=number, external_id=number + 1,
            flags=number + 2, id_out=number + 3)

    def quantized(number, kind, parameters):
        return schema.XNNQuantizedTensorValue(tensor_value=tensor(number, kind, [4, 64]), quant_params=parameters)

    values = [tensor(10 * i, kind, [i, 2]) for i, kind in enumerate(datatype) if i > 0]
    values += [
        quantized(1000, datatype.xnn_datatype_qint8, schema.PerTensorQuant(scale=0.25, zero_point=-3)),
        quantized(1010, datatype.xnn_datatype_qcint8, schema.PerChannelQuant(
            scale=[0.5, 1.5], channel_dim=1, scale_buffer_idx=7, num_scales=8)),
        quantized(1020, datatype.xnn_datatype_qdint8, schema.PerTokenDynamicQuant(num_nonbatch_dims=2)),
        quantized(1030, datatype.xnn_datatype_qbint4, schema.PerChannelGroupQuant(
            scale=[2.5], channel_dim=1, group_size=32, scale_buffer_idx=9, num_scales=11)),
    ]
    graph = schema.XNNGraph(
        version="0", xnodes=nodes, xvalues=[schema.XValue(xvalue_union=v) for v in values], num_externs=5,
        input_ids=[1, 2], output_ids=[3], constant_data=[
            schema.ConstantDataOffset(0, 0),
            schema.ConstantDataOffset(offset=2**64 - 1, size=12, named_key="key"),
        ])
    with open(os.path.join(folder, "all-kinds.xnnpack"), "wb") as f:
        f.write(serialize.serialize_xnnpack_binary(graph, bytearray()))


def main():
    repository = sys.argv[1] if len(sys.argv) > 1 else os.path.join(os.path.dirname(__file__), "..")
    resources = os.path.join(repository, "format/src/test/resources/dev/sconce/format")
    safetensors_samples(os.path.join(resources, "safetensors"))
    numpy_samples(os.path.join(resources, "npy"))
    xnnpack_sample(os.path.join(resources, "xnnpack"))


if __name__ == "__main__":
    main()
