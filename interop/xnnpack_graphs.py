"""Random small modules that the official exporter lowers to XNNPACK, for fuzz_operators.py --xnnpack.

A maker takes a Draw and returns (module, list of input tuples, options). The first inputs are those of the export. Options:
  dynamic    {input: {dim: name}} dims that differ between the calls
  tolerance  (rtol, atol)
  quantize   a function (module, inputs) -> module
  steps      the tolerance in steps of the quantised result, in place of a tolerance
"""
import re

import torch
import torch.nn.functional as F
from executorch.backends.xnnpack.partition.xnnpack_partitioner import XnnpackPartitioner
from executorch.backends.xnnpack.quantizer.xnnpack_quantizer import XNNPACKQuantizer, get_symmetric_quantization_config
from executorch.exir import EdgeCompileConfig, to_edge_transform_and_lower
from torch import nn
from torch.export import Dim, export

from operator_calls import Draw, f16, f32

NARROW = (5e-3, 5e-3)
WIDE = (1e-4, 1e-4)


class Function(nn.Module):
    def __init__(self, function, *constants):
        super().__init__()
        self.function = function
        for k, constant in enumerate(constants):
            self.register_buffer("constant%d" % k, constant)

    def forward(self, *inputs):
        return self.function(*inputs, *self.buffers())


def randomised(d, layer, std=0.5):
    for p in layer.parameters():
        with torch.no_grad():
            p.copy_(torch.randn(p.shape, generator=d.torch) * std)
    for b in layer.buffers():
        if b.dtype.is_floating_point:
            b.copy_(torch.rand(b.shape, generator=d.torch) + 0.3)
    return layer.eval()


def real(d, *shape, dtype=f32, special=0.0):
    # Channels last is a matter of its own (images).
    return d.tensor(shape, dtype, special=special).contiguous()


def batches(d, make):
    """Inputs for two or three sizes of a first dim."""
    return [make(n) for n in d.random.sample(range(2, 9), d.integer(1, 3))]


UNARY = [torch.abs, torch.neg, torch.ceil, torch.floor, torch.exp, torch.sin, torch.cos, torch.tanh, torch.sigmoid, F.hardswish, F.gelu, torch.square, F.elu, F.relu, F.relu6, F.silu, F.hardtanh, F.leaky_relu, torch.round]
POSITIVE = [torch.sqrt, torch.rsqrt, torch.log]
BINARY = [torch.add, torch.sub, torch.mul, torch.div, torch.minimum, torch.maximum]
FUSED = [lambda x: x, F.relu, F.relu6, lambda x: F.hardtanh(x, -0.5, 0.75), lambda x: x.clamp(-1.0, 0.25)]


def unary(d):
    functions = d.random.sample(UNARY, 3)
    rest = [d.integer(1, 40) for _ in range(d.integer(0, 2))]
    dtype = d.one(f32, f32, f32, f16)
    return Function(lambda x: tuple(f(x) for f in functions)), batches(d, lambda n: (real(d, n, *rest, dtype=dtype),)), {"dynamic": {0: {0: "n"}}, "tolerance": NARROW if dtype == f16 else (1e-5, 4e-6)}


def positive(d):
    functions = d.random.sample(POSITIVE, 2)
    return Function(lambda x: tuple(f(x) for f in functions)), batches(d, lambda n: (d.tensor([n, d.integer(7, 7)], f32, low=1e-3, high=50),)), {"dynamic": {0: {0: "n"}}, "tolerance": (1e-5, 4e-6)}


def chain(d):
    """Several elementwise operators one after the other, on two inputs that broadcast."""
    rank = d.integer(1, 4)
    shape = [d.integer(2, 6) for _ in range(rank)]
    other = [1 if d.chance(0.35) else s for s in shape][d.integer(0, rank - 1):]
    steps = [(d.one(*BINARY), d.one(*FUSED), d.one(None, None, *UNARY)) for _ in range(d.integer(1, 4))]
    dtype = d.one(f32, f32, f32, f16)

    def function(x, y):
        for step, fused, after in steps:
            x = fused(step(x, y.abs() + 0.5 if step is torch.div else y))
            x = after(x) if after else x
        return x

    dynamic = {0: {0: "n"}}
    if len(other) == rank and other[0] != 1:
        dynamic[1] = {0: "n"}
    calls = batches(d, lambda n: (real(d, n, *shape[1:], dtype=dtype), real(d, *([n] + other[1:] if 1 in dynamic else other), dtype=dtype)))
    return Function(function), calls, {"dynamic": dynamic, "tolerance": (2e-2, 2e-2) if dtype == f16 else (1e-4, 1e-4)}


def constants(d):
    n = d.integer(1, 9)
    a, b, c = real(d, n), real(d, 1, n), real(d, 1)
    step, second = d.one(*BINARY), d.one(*BINARY[:3])
    return Function(lambda x, a, b, c: second(step(x, a.abs() + 0.3), b) * c + 1.5, a, b, c), batches(d, lambda m: (real(d, m, n),)), {"dynamic": {0: {0: "n"}}, "tolerance": WIDE}


def linear(d):
    k, n = d.integer(1, 40), d.integer(1, 20)
    layers = [nn.Linear(k, n, d.chance(0.6))] + ([d.one(nn.ReLU(), nn.ReLU6(), nn.Hardtanh(-0.5, 0.5), nn.Sigmoid(), nn.GELU())] if d.chance(0.5) else [])
    middle = [d.integer(1, 3) for _ in range(d.integer(0, 1))]
    return randomised(d, nn.Sequential(*layers)), batches(d, lambda m: (real(d, m, *middle, k),)), {"dynamic": {0: {0: "n"}}, "tolerance": WIDE}


def products(d):
    k, m, n, b = d.integer(1, 20), d.integer(1, 9), d.integer(1, 9), d.integer(1, 3)
    which = d.integer(0, 3)
    if which == 0:
        return Function(torch.bmm), batches(d, lambda s: (real(d, s, m, k), real(d, s, k, n))), {"dynamic": {0: {0: "n"}, 1: {0: "n"}}, "tolerance": WIDE}
    if which == 1:
        return Function(torch.mm, real(d, k, n)), batches(d, lambda s: (real(d, s, k),)), {"dynamic": {0: {0: "n"}}, "tolerance": WIDE}
    if which == 2:
        return Function(lambda x, w, c: torch.addmm(c, x, w), real(d, k, n), real(d, n)), batches(d, lambda s: (real(d, s, k),)), {"dynamic": {0: {0: "n"}}, "tolerance": WIDE}
    return Function(torch.matmul), [(real(d, b, 2, m, k), real(d, b, 2, k, n))], {"tolerance": WIDE}


def convolution(d):
    depthwise, transposed, one = d.chance(0.3), d.chance(0.25), d.chance(0.15)
    groups = d.integer(1, 3)
    into, out = groups * d.integer(1, 4), groups * d.integer(1, 4)
    kernel, stride, padding, dilation = (d.integer(1, 3), d.integer(1, 3)), (d.integer(1, 2), d.integer(1, 2)), (d.integer(0, 2), d.integer(0, 2)), (d.integer(1, 2), d.integer(1, 2))
    if one:
        layer = nn.Conv1d(into, out, kernel[0], stride[0], padding[0], dilation[0], groups, d.chance(0.6))
        calls = [(real(d, d.integer(1, 2), into, d.integer(7, 12)),)]
        return randomised(d, nn.Sequential(layer, *([nn.ReLU()] if d.chance(0.4) else []))), calls, {"tolerance": WIDE}
    if transposed:
        layer = nn.ConvTranspose2d(into, out, kernel, stride, (d.integer(0, kernel[0] - 1), d.integer(0, kernel[1] - 1)), (d.integer(0, stride[0] - 1), d.integer(0, stride[1] - 1)), groups, d.chance(0.6))
    elif depthwise:
        layer = nn.Conv2d(into, into * d.integer(1, 2), kernel, stride, padding, dilation, into, d.chance(0.6))
    else:
        layer = nn.Conv2d(into, out, kernel, stride, padding, dilation, groups, d.chance(0.6))
    after = ([nn.BatchNorm2d(layer.out_channels)] if d.chance(0.3) else []) + ([d.one(nn.ReLU(), nn.ReLU6(), nn.Hardswish())] if d.chance(0.5) else [])
    h, w = d.integer(6, 10), d.integer(6, 10)
    calls = batches(d, lambda n: (real(d, n, into, h, w),))
    return randomised(d, nn.Sequential(layer, *after)), calls, {"dynamic": {0: {0: "n"}}, "tolerance": WIDE}


def pooling(d):
    kernel, stride = (d.integer(2, 3), d.integer(1, 3)), (d.integer(1, 2), d.integer(1, 2))
    which = d.integer(0, 3)
    functions = [
        lambda x: F.max_pool2d(x, kernel, stride, (kernel[0] // 2, kernel[1] // 2), 1, ceil),
        lambda x: F.avg_pool2d(x, kernel, stride),
        lambda x: x.mean((2, 3), keepdim=keep),
        lambda x: F.interpolate(x, size=(h2, w2), mode="bilinear", align_corners=aligned),
    ]
    ceil, keep, aligned, h2, w2 = d.chance(0.3), d.chance(0.6), d.chance(0.5), d.integer(2, 12), d.integer(2, 12)
    c, h, w = d.integer(1, 5), d.integer(5, 9), d.integer(5, 9)
    return Function(functions[which]), batches(d, lambda n: (real(d, n, c, h, w),)), {"dynamic": {0: {0: "n"}}, "tolerance": WIDE}


def moving(d):
    rank = d.integer(2, 4)
    rest = [d.integer(2, 6) for _ in range(rank - 1)]
    order = d.random.sample(range(rank), rank)
    axis = d.integer(1, rank - 1)
    start = d.integer(0, rest[axis - 1] - 1)
    stop = d.integer(start + 1, rest[axis - 1])
    widths = [d.integer(0, 2) for _ in range(2 * d.integer(1, rank))]
    which = d.integer(0, 5)
    count = d.integer(2, 5)
    functions = [
        lambda x: F.relu(x.permute(order)) + 1,
        lambda x: (x * 2)[(slice(None),) * axis + (slice(start, stop),)] + 1,
        lambda x: torch.cat([x * (k + 1.0) for k in range(count)], axis) + 1,
        lambda x: F.pad(x + 1, widths, value=1.25) * 2,
        lambda x: (x * 2).reshape(x.shape[0], -1) + 1,
        lambda x: (x + 1).unsqueeze(axis).transpose(0, axis) * 2,
    ]
    dynamic = {} if which in (0, 3, 5) and d.chance(0.3) else {0: {0: "n"}}
    calls = batches(d, lambda n: (real(d, n, *rest),))
    return Function(functions[which]), calls if dynamic else calls[:1], {"dynamic": dynamic, "tolerance": (1e-6, 1e-6)}


def softmax(d):
    rest = [d.integer(1, 20) for _ in range(d.integer(1, 2))]
    scale = d.one(1.0, 20.0)
    return Function(lambda x: (x * scale).softmax(-1)), batches(d, lambda n: (real(d, n, *rest),)), {"dynamic": {0: {0: "n"}}, "tolerance": (2e-5, 1e-6)}


def torchao(bits, group):
    def transform(module, _):
        from torchao.quantization.granularity import PerAxis, PerGroup
        from torchao.quantization.quant_api import Int8DynamicActivationIntxWeightConfig, quantize_
        from torchao.utils import unwrap_tensor_subclass

        config = Int8DynamicActivationIntxWeightConfig(weight_dtype={4: torch.int4, 8: torch.int8}[bits], weight_granularity=PerAxis(0) if group is None else PerGroup(group))
        quantize_(module, config, lambda m, name: isinstance(m, nn.Linear))
        return unwrap_tensor_subclass(module)

    return transform


def dynamic_linear(d):
    bits, group = d.one((4, 32), (4, 64), (4, None), (8, None))
    k = (group or d.one(8, 24, 40)) * d.integer(1, 3)
    layer = randomised(d, nn.Sequential(nn.Linear(k, d.integer(1, 40), d.chance(0.5)), *([nn.ReLU()] if d.chance(0.2) else [])))
    middle = [d.integer(1, 3) for _ in range(d.integer(0, 1))]
    scale = d.one(1.0, 0.01, 50.0)
    calls = batches(d, lambda n: (real(d, n, *middle, k) * scale + d.one(0.0, 0.0, scale),))
    return layer, calls, {"dynamic": {0: {0: "n"}}, "quantize": torchao(bits, group), "tolerance": (1e-4, 1e-4 * max(scale, 1))}


def pt2e(per_channel, dynamic):
    def transform(module, inputs):
        from torchao.quantization.pt2e.quantize_pt2e import convert_pt2e, prepare_pt2e

        quantizer = XNNPACKQuantizer().set_global(get_symmetric_quantization_config(is_per_channel=per_channel, is_dynamic=dynamic))
        prepared = prepare_pt2e(export(module, inputs, strict=True).module(), quantizer)
        prepared(*inputs)
        return convert_pt2e(prepared)

    return transform


def static_network(d):
    which = d.integer(0, 3)
    into, out = d.integer(2, 6), d.integer(2, 6)
    if which == 0:
        module = nn.Sequential(nn.Linear(into, 8), d.one(nn.ReLU(), nn.Hardtanh(), nn.Identity()), nn.Linear(8, out))
        inputs = (real(d, d.integer(1, 5), into),)
    elif which == 1:
        module = nn.Sequential(nn.Conv2d(into, out, d.integer(1, 3), d.integer(1, 2), d.integer(0, 1)), nn.ReLU(), *([nn.MaxPool2d(2)] if d.chance(0.4) else []), nn.Conv2d(out, out, 3, 1, 1, groups=d.one(1, out)))
        inputs = (real(d, d.integer(1, 2), into, 7, 8),)
    elif which == 2:
        step = d.one(torch.add, torch.mul, torch.sub)
        module = Function(lambda x, y: step(x, y) + x)
        shape = [d.integer(1, 5) for _ in range(d.integer(1, 3))]
        inputs = (real(d, *shape), real(d, *shape))
    else:
        module = nn.Sequential(nn.Conv2d(into, out, 3, bias=d.chance(0.5)), nn.BatchNorm2d(out), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(out, 3))
        inputs = (real(d, 1, into, 6, 7),)
    return randomised(d, module), [inputs], {"quantize": pt2e(d.chance(0.6), False), "steps": 2}


class Residual(nn.Module):
    """conv, norm and activation twice, and the input again: MobileNet's and ResNet's block."""

    def __init__(self, d, channels, wide, inverted, squeeze):
        super().__init__()
        act = d.one(nn.ReLU, nn.ReLU6, nn.Hardswish, nn.SiLU)
        middle = wide if inverted else channels
        self.body = nn.Sequential(
            nn.Conv2d(channels, middle, 1 if inverted else 3, padding=0 if inverted else 1, bias=False), nn.BatchNorm2d(middle), act(),
            nn.Conv2d(middle, middle, 3, padding=1, groups=middle if inverted else 1, bias=False), nn.BatchNorm2d(middle), act(),
            nn.Conv2d(middle, channels, 1, bias=d.chance(0.3)), nn.BatchNorm2d(channels),
        )
        self.squeeze = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Conv2d(channels, 2, 1), nn.ReLU(), nn.Conv2d(2, channels, 1), d.one(nn.Sigmoid(), nn.Hardsigmoid())) if squeeze else None
        self.last = d.one(nn.ReLU(), nn.Identity())

    def forward(self, x):
        y = self.body(x)
        if self.squeeze is not None:
            y = y * self.squeeze(y)
        return self.last(x + y)


class VisionNet(nn.Module):
    def __init__(self, d):
        super().__init__()
        channels = d.integer(2, 6)
        self.stem = nn.Sequential(nn.Conv2d(3, channels, 3, 2, 1, bias=False), nn.BatchNorm2d(channels), nn.ReLU(), *([nn.MaxPool2d(3, 2, 1)] if d.chance(0.5) else []))
        self.blocks = nn.Sequential(*[Residual(d, channels, channels * 2, d.chance(0.5), d.chance(0.3)) for _ in range(d.integer(1, 2))])
        self.head = nn.Linear(channels, 4)

    def forward(self, x):
        x = self.blocks(self.stem(x))
        return self.head(x.mean((2, 3)))


def tame(d, module):
    """Weights of a size that keeps activations near 1."""
    for m in module.modules():
        if isinstance(m, (nn.Conv2d, nn.Linear)):
            fan = m.weight[0].numel()
            with torch.no_grad():
                m.weight.copy_(torch.randn(m.weight.shape, generator=d.torch) / fan**0.5)
                if m.bias is not None:
                    m.bias.copy_(torch.randn(m.bias.shape, generator=d.torch) * 0.2)
        elif isinstance(m, nn.BatchNorm2d):
            for t in (m.weight.data, m.running_var):
                t.copy_(torch.rand(t.shape, generator=d.torch) + 0.5)
            for t in (m.bias.data, m.running_mean):
                t.copy_(torch.randn(t.shape, generator=d.torch) * 0.2)
    return module.eval()


def vision(d):
    net = tame(d, VisionNet(d))
    size = d.one(12, 16, 19)
    calls = batches(d, lambda n: (real(d, n, 3, size, size + d.integer(0, 0)),))
    if d.chance(0.3):
        calls = [tuple(x.to(memory_format=torch.channels_last) for x in call) for call in calls]
    return net, calls, {"dynamic": {0: {0: "n"}}, "tolerance": WIDE}


def vision_quantized(d):
    net = tame(d, VisionNet(d))
    size = d.one(12, 16)
    inputs = (real(d, d.integer(1, 2), 3, size, size),)
    return net, [inputs], {"quantize": pt2e(d.chance(0.6), False), "steps": 4, "loose": True}


class AttentionBlock(nn.Module):
    def __init__(self, d, width, heads):
        super().__init__()
        self.heads = heads
        self.norm, self.qkv, self.out = nn.LayerNorm(width), nn.Linear(width, 3 * width, d.chance(0.7)), nn.Linear(width, width)
        self.norm2 = nn.LayerNorm(width)
        self.mlp = nn.Sequential(nn.Linear(width, 2 * width), d.one(nn.GELU(), nn.SiLU(), nn.ReLU()), nn.Linear(2 * width, width))

    def forward(self, x):
        b, s, w = x.shape
        q, k, v = (t.reshape(b, s, self.heads, -1).transpose(1, 2) for t in self.qkv(self.norm(x)).chunk(3, -1))
        scores = (q @ k.transpose(-1, -2)) * (q.shape[-1] ** -0.5)
        x = x + self.out((scores.softmax(-1) @ v).transpose(1, 2).reshape(b, s, w))
        return x + self.mlp(self.norm2(x))


def attention_block(d):
    width, heads = d.one((8, 2), (12, 3), (16, 4), (8, 1))
    block = tame(d, AttentionBlock(d, width, heads))
    batch = d.integer(1, 2)
    return block, batches(d, lambda n: (real(d, batch, n, width),)), {"dynamic": {0: {1: "n"}}, "tolerance": WIDE}


def attention_quantized(d):
    block = tame(d, AttentionBlock(d, 32, 2))
    batch = d.integer(1, 2)
    return block, batches(d, lambda n: (real(d, batch, n, 32),)), {"dynamic": {0: {1: "n"}}, "quantize": torchao(*d.one((4, 32), (8, None))), "tolerance": (2e-3, 2e-3)}


def dynamic_pt2e(d):
    """Linear layers quantised dynamically by the PT2E flow."""
    into = d.integer(2, 20)
    module = nn.Sequential(nn.Linear(into, 9, d.chance(0.7)), d.one(nn.ReLU(), nn.Identity(), nn.GELU()), nn.Linear(9, d.integer(1, 8)))
    return randomised(d, module), [(real(d, *[d.integer(1, 3) for _ in range(d.integer(1, 2))], into),)], {"quantize": pt2e(d.chance(0.6), True), "tolerance": (2e-2, 2e-2)}


def static_elementwise(d):
    """Quantised operators without weights: sums, products, pooling, clamps, concatenation, reshaping, broadcasting."""
    c, h, w = d.integer(1, 5), d.integer(4, 7), d.integer(4, 7)
    kinds = [
        lambda x, y: torch.cat([x, y, x + y], 1),
        lambda x, y: F.max_pool2d(x + y, 2),
        lambda x, y: (x * y).mean((2, 3), keepdim=True),
        lambda x, y: F.relu(x - y),
        lambda x, y: F.hardtanh(x + y, -0.5, 0.75),
        lambda x, y: (x + y).permute(0, 2, 3, 1) + 1.0,
        lambda x, y: (x * 2 + y).reshape(x.shape[0], -1),
        lambda x, y: F.pad(x + y, (1, 2, 0, 1)),
        lambda x, y: (x + y)[:, :, 1:3] * 0.5,
        lambda x, y: F.leaky_relu(x + y, 0.1),
        lambda x, y: torch.sigmoid(x) * y,
        lambda x, y: F.interpolate(x + y, size=(9, 5), mode="bilinear"),
        lambda x, y: (x + y).softmax(-1),
        lambda x, y: F.elu(x) + torch.tanh(y),
    ]
    function = d.one(*kinds)
    other = [d.integer(1, 2), c, h, w]
    first = list(other)
    if d.chance(0.3) and function is kinds[3]:
        other = [1, c, 1, 1]
    return Function(function), [(real(d, *first), real(d, *other))], {"quantize": pt2e(d.chance(0.5), False), "steps": 2}


def shared_values(d):
    """Values that are results and used inside, results twice, inputs in odd order, constants in several places."""
    n = d.integer(1, 8)
    k = real(d, n)

    def function(c, b, a, k):
        s = a * k + b
        t = F.relu(s)
        u = (t - c) * k
        outs = [s, t, u, t + u, a + 0.0]
        return tuple(outs[i] for i in order)

    order = [d.integer(0, 4) for _ in range(d.integer(1, 6))]
    return Function(function, k), batches(d, lambda m: tuple(real(d, m, n) for _ in range(3))), {"dynamic": {0: {0: "n"}, 1: {0: "n"}, 2: {0: "n"}}, "tolerance": (1e-5, 1e-5)}


def half_network(d):
    into, out = d.integer(1, 20), d.integer(1, 9)
    if d.chance(0.5):
        module = tame(d, nn.Sequential(nn.Linear(into, out, d.chance(0.6)), d.one(nn.ReLU(), nn.Sigmoid(), nn.Hardswish(), nn.GELU()), nn.Linear(out, 3))).half()
        calls = batches(d, lambda m: (real(d, m, into, dtype=f16),))
    else:
        groups = d.one(1, 1, 2)
        module = tame(d, nn.Sequential(nn.Conv2d(4, 6, d.integer(1, 3), d.integer(1, 2), d.integer(0, 1), groups=groups), d.one(nn.ReLU(), nn.ReLU6(), nn.Identity()), d.one(nn.MaxPool2d(2), nn.AvgPool2d(2), nn.Identity()))).half()
        calls = batches(d, lambda m: (real(d, m, 4, 7, 8, dtype=f16),))
    return module, calls, {"dynamic": {0: {0: "n"}}, "tolerance": (1e-2, 1e-2)}


def many(d):
    """Longer elementwise graphs with cat, slices, powers, prelu, comparisons left outside."""
    c, h = d.integer(2, 5), d.integer(3, 6)
    prelu = nn.PReLU(c)
    with torch.no_grad():
        prelu.weight.copy_(torch.rand(c, generator=d.torch))
    kinds = [
        nn.Sequential(prelu, nn.Hardswish()),
        lambda x: torch.cat([x.abs(), x.square(), x.exp().clamp(max=5), x.sigmoid(), x], 1) * 2,
        lambda x: (x.pow(2) + 1).sqrt() - x.floor(),
        lambda x: x.clamp(min=-0.2) * x.clamp(max=0.3),
        lambda x: torch.stack([x, x * 2], 1).mean(1),
        lambda x: (x + 1).amax((2, 3), keepdim=True) * x,
        lambda x: F.pixel_shuffle(x.repeat(1, 4, 1, 1), 2) + 0.5,
        lambda x: x.permute(0, 2, 3, 1).reshape(x.shape[0], -1, c) @ torch.ones(c, 2),
        lambda x: F.elu(x, 0.7) + F.leaky_relu(x, 0.3) + F.hardswish(x),
        lambda x: torch.where(x > 0, x * 2, x - 1).relu(),
        lambda x: F.adaptive_avg_pool2d(x + 1, (1, 1)).flatten(1),
        lambda x: F.max_pool2d(x, 2, 1, 0, 2) if h > 4 else x + x,
    ]
    kind = d.one(*kinds)
    return kind if isinstance(kind, nn.Module) else Function(kind), batches(d, lambda n: (real(d, n, c, h, h + 1),)), {"dynamic": {0: {0: "n"}}, "tolerance": WIDE}


MAKERS = {f.__name__: f for f in (unary, positive, chain, constants, linear, products, convolution, pooling, moving, softmax, dynamic_linear, static_network, vision, vision_quantized, attention_block, attention_quantized, dynamic_pt2e, static_elementwise, shared_values, half_network, many)}


class Graph:
    """A lowered module and what it is called with."""

    operator = "xnnpack"

    def __init__(self, kind, seed):
        self.draw = Draw(seed)
        self.kind = kind
        self.module, self.calls, self.options = MAKERS[kind](self.draw)
        self.tensors = []

    def text(self):
        shapes = "; ".join(" ".join("%s%s" % (str(t.dtype)[6:], list(t.shape)) for t in call) for call in self.calls)
        described = str(self.module).replace("\n", " ") if not isinstance(self.module, Function) else self.kind
        return "%s of %s %s" % (re.sub(r"\s+", " ", described), shapes, {k: v for k, v in self.options.items() if k != "quantize"})

    def write(self, path):
        inputs = self.calls[0]
        dims = {}
        shapes = tuple({k: dims.setdefault(name, Dim(name, min=1, max=16)) for k, name in self.options.get("dynamic", {}).get(i, {}).items()} or None for i in range(len(inputs)))
        module = self.options["quantize"](self.module, inputs) if "quantize" in self.options else self.module
        variable = any(s for s in shapes)
        star = isinstance(module, Function)
        program = export(module, inputs, dynamic_shapes=((shapes,) if star else shapes) if variable else None, strict=True)
        with torch.no_grad():
            self.answers = []
            for call in self.calls:
                answer = program.module()(*call)
                self.answers.append(list(answer) if isinstance(answer, (tuple, list)) else [answer])
        edge = to_edge_transform_and_lower(program, partitioner=[XnnpackPartitioner()], compile_config=EdgeCompileConfig(_check_ir_validity=False))
        lowered = edge.to_executorch()
        if not lowered.executorch_program.execution_plan[0].delegates:
            raise ValueError("nothing was delegated")
        with open(path, "wb") as file:
            file.write(lowered.buffer)
        return self.calls

    def tolerance(self, found):
        if "steps" not in self.options:
            return self.options["tolerance"]
        # A quantised result takes few values: the smallest distance of two is a step.
        values = torch.cat([t.double().flatten() for call in found for t in call]).unique()
        distances = values.diff()
        return 0.0, self.options["steps"] * (distances[distances > 1e-6].min().item() if (distances > 1e-6).any() else 0.02)

    def agrees(self, found, tolerance):
        rtol, atol = max(tolerance[0], 0.05 if "quantize" in self.options else 0), tolerance[1] * (3 if "quantize" in self.options else 1)
        if self.options.get("loose"):
            return None  # too deep for eager's roundings to be an opinion
        return all(torch.allclose(a.double(), b.double(), rtol, atol, equal_nan=True) for answer, call in zip(self.answers, found) for a, b in zip(answer, call))


def todo(seed, count, only):
    found = []
    for kind in sorted(MAKERS):
        if only and only not in kind:
            continue
        for k in range(count):
            number = seed * 1_000_003 + k
            found.append(("xnnpack_%s-%d" % (kind, number), lambda kind=kind, number=number: Graph(kind, number)))
    return found
