"""Random calls of operators: for each operator of the table a function that draws its arguments (without outs) by name.

A generator takes a Draw and returns a dict name -> value; tensors become inputs of the program. An operator whose results torch cannot
tell (no eager form here) also gives "_outs": a list of (shape, dtype).
"""
import math
import random

import torch

f16, bf16, f32, f64 = torch.float16, torch.bfloat16, torch.float32, torch.float64
u8, i8, i16, i32, i64, b8 = torch.uint8, torch.int8, torch.int16, torch.int32, torch.int64, torch.bool
FLOATS = [f32, f32, f32, f32, f16, bf16, f64]
INTS = [i32, i64, i64, u8, i8, i16]
SPECIAL = [0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 1.5, 2.5, -2.5, 1e-3, 88.0, -88.0, 1e-38, 1e30, -1e30, math.inf, -math.inf, math.nan]


class Draw:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.torch = torch.Generator().manual_seed(seed)

    def chance(self, p):
        return self.random.random() < p

    def one(self, *values):
        return self.random.choice(values)

    def integer(self, low, high):
        return self.random.randint(low, high)

    def size(self):
        return self.random.choice([1, 1, 2, 3, 4, 5, 7, 8, 9, 16, 17]) if self.chance(0.97) else 0

    def shape(self, low=0, high=4, limit=3000):
        while True:
            shape = [self.size() for _ in range(self.integer(low, high))]
            if math.prod(shape) <= limit:
                return shape

    def dtype(self, floats=0.75, bools=True):
        x = self.random.random()
        if x < floats:
            return self.random.choice(FLOATS)
        return self.random.choice(INTS + ([b8] if bools else []))

    def real(self):
        return self.random.choice(FLOATS)

    def tensor(self, shape, dtype=None, scale=2.0, special=0.3, low=None, high=None):
        """Random values; floats with special values among them, integers small or of the whole range."""
        dtype = dtype or self.dtype()
        shape = list(shape)
        if dtype == b8:
            x = torch.randint(0, 2, shape, generator=self.torch).bool()
        elif dtype.is_floating_point:
            if low is not None:
                x = (torch.rand(shape, generator=self.torch, dtype=f64) * (high - low) + low).to(dtype)
            else:
                x = (torch.randn(shape, generator=self.torch, dtype=f64) * scale).to(dtype)
                if self.chance(special) and x.numel():
                    flat = x.view(-1)
                    for _ in range(1 + x.numel() // 4):
                        flat[self.integer(0, x.numel() - 1)] = self.one(*SPECIAL)
        elif low is not None:
            x = torch.randint(int(low), int(high), shape, generator=self.torch, dtype=i64).to(dtype)
        elif special and self.chance(0.12):
            info = torch.iinfo(dtype)
            x = torch.tensor([self.one(info.min, info.max, 0, 1, 2, self.integer(info.min, info.max)) for _ in range(math.prod(shape))], dtype=i64).to(dtype).reshape(shape)
        else:
            x = torch.randint(0 if dtype == u8 else -9, 10, shape, generator=self.torch, dtype=i64).to(dtype)
        if x.dim() == 4 and self.chance(0.12):
            x = x.to(memory_format=torch.channels_last)
        return x

    def broadcast(self, shape):
        """A shape that broadcasts against another, to a larger one at times."""
        shape = [1 if self.chance(0.25) else s for s in shape]
        if self.chance(0.3):
            shape = shape[self.integer(0, len(shape)):]
        if self.chance(0.15) and len(shape) < 4:
            shape = [self.one(1, 2, 3)] + shape
        return shape

    def dim(self, rank):
        return self.integer(-max(rank, 1), max(rank, 1) - 1)

    def dims(self, rank, low=0):
        chosen = self.random.sample(range(rank), self.integer(min(low, rank), rank))
        return [d - rank if self.chance(0.3) else d for d in chosen]

    def scalar(self, dtype=f32):
        x = self.random.random()
        if x < 0.15:
            return self.one(True, False)
        if x < 0.55 or not dtype.is_floating_point and x < 0.8:
            return self.one(0, 1, 2, -1, 3, 7, -5, 100)
        return self.one(0.5, -0.5, 1.5, 2.0, -3.25, 0.1, 1e-3, 0.0, math.inf, -math.inf, math.nan) if self.chance(0.9) else self.random.gauss(0, 3)


# ---------------------------------------------------------------- elementwise


def unary(d):
    return {"self": d.tensor(d.shape())}


def real_unary(d):
    return {"self": d.tensor(d.shape(), d.dtype(0.9))}


def pair(d, floats=0.7):
    shape = d.shape()
    same = d.chance(0.7)
    a = d.dtype(floats)
    x = d.tensor(shape if d.chance(0.8) else d.broadcast(shape), a)
    y = d.tensor(shape if d.chance(0.5) else d.broadcast(shape), a if same else d.dtype(floats))
    return x, y


def binary(d):
    x, y = pair(d)
    return {"self": x, "other": y}


def binary_alpha(d):
    x, y = pair(d)
    whole = not x.dtype.is_floating_point and not y.dtype.is_floating_point
    return {"self": x, "other": y, "alpha": d.one(1, 1, 1, 2, -3) if whole or d.chance(0.6) else d.one(0.5, -2.5)}


def with_scalar(d):
    x = d.tensor(d.shape())
    return {"self": x, "other": d.scalar(x.dtype)}


def scalar_alpha(d):
    return {**with_scalar(d), "alpha": d.one(1, 1, 2, -3)}


def whole_pair(d):
    shape = d.shape()
    dtype = d.one(*INTS, b8)
    return {"self": d.tensor(shape, dtype), "other": d.tensor(d.broadcast(shape), dtype if d.chance(0.7) else d.one(*INTS, b8))}


def shift(d):
    shape, dtype = d.shape(), d.one(*INTS)
    return {"self": d.tensor(shape, dtype), "other": d.tensor(d.broadcast(shape), dtype, low=0, high=7)}


def whole_scalar(d):
    return {"self": d.tensor(d.shape(), d.one(*INTS, b8)), "other": d.one(0, 1, 2, 3, 5)}


def mode_pair(d):
    return {**binary(d), "rounding_mode": d.one(None, "trunc", "floor")}


def mode_scalar(d):
    return {**with_scalar(d), "rounding_mode": d.one(None, "trunc", "floor")}


def where(d):
    x, y = pair(d)
    return {"condition": d.tensor(d.broadcast(list(torch.broadcast_shapes(x.shape, y.shape))), d.one(b8, b8, u8)), "self": x, "other": y}


def masked_fill(d):
    x = d.tensor(d.shape())
    return {"self": x, "mask": d.tensor(d.broadcast(list(x.shape)), b8), "value": d.scalar(x.dtype)}


def clamp(d):
    x = d.tensor(d.shape())
    low, high = d.scalar(x.dtype), d.scalar(x.dtype)
    which = d.integer(0, 2)
    return {"self": x, "min": None if which == 0 else low, "max": None if which == 1 else high}


def clamp_tensor(d):
    shape, dtype = d.shape(), d.dtype(bools=False)
    which = d.integer(0, 3)
    other = dtype if d.chance(0.8) else d.dtype(bools=False)
    return {"self": d.tensor(shape, dtype), "min": None if which == 0 else d.tensor(d.broadcast(shape), other), "max": None if which == 1 else d.tensor(d.broadcast(shape), other)}


def elu(d):
    return {"self": d.tensor(d.shape(), d.real()), "alpha": d.one(1, 1.5, 0.3), "scale": d.one(1, 1.05), "input_scale": d.one(1, 0.7)}


def gelu(d):
    return {"self": d.tensor(d.shape(), d.real()), "approximate": d.one("none", "tanh")}


def hardtanh(d):
    return {"self": d.tensor(d.shape(), d.dtype(0.8, False)), "min_val": d.one(-1, -2, 0), "max_val": d.one(1, 6, 3)}


def leaky(d):
    return {"self": d.tensor(d.shape(), d.real()), "negative_slope": d.one(0.01, 0.2, -0.5, 0)}


def logit(d):
    return {"self": d.tensor(d.shape(), d.dtype(0.9), low=-0.1, high=1.2) if d.chance(0.7) else d.tensor(d.shape(), d.real()), "eps": d.one(None, 1e-6, 0.1)}


def glu(d):
    shape = d.shape(1, 4)
    axis = d.integer(0, len(shape) - 1)
    shape[axis] = 2 * d.integer(1, 4)
    return {"self": d.tensor(shape, d.real()), "dim": axis - (len(shape) if d.chance(0.5) else 0)}


def power_scalar(d):
    x = d.tensor(d.shape())
    return {"self": x, "exponent": d.one(0, 1, 2, 3, 4) if not x.dtype.is_floating_point and d.chance(0.7) else d.one(2, 3, 0.5, -1, -2.0, 1.5, 0.0, 1)}


def scalar_power(d):
    return {"self": d.one(2, 0.5, -1.5, 0, 1, 3.0), "exponent": d.tensor(d.shape(), d.dtype(0.9))}


def tensor_power(d):
    x, y = pair(d, 0.85)
    if not x.dtype.is_floating_point and not y.dtype.is_floating_point:
        y = y.abs() if y.dtype != b8 else y
        y = (y % 4).to(y.dtype) if y.dtype != b8 else y
    return {"self": x, "exponent": y}


def fill_tensor(d):
    return {"self": d.tensor(d.shape()), "value": d.tensor([], d.dtype())}


def fill_scalar(d):
    x = d.tensor(d.shape())
    return {"self": x, "value": d.scalar(x.dtype)}


# ---------------------------------------------------------------- reductions


def reduce_dim(d):
    x = d.tensor(d.shape(), scale=1.0, special=0.15)
    return {"self": x, "dim": d.dim(x.dim()), "keepdim": d.chance(0.5)}


def real_reduce_dim(d):
    return reduce_dim(d)


def reduce_dims(d):
    x = d.tensor(d.shape(), scale=1.0, special=0.15)
    return {"self": x, "dim": d.dims(x.dim()), "keepdim": d.chance(0.5)}


def summed(d):
    x = d.tensor(d.shape(), scale=1.0, special=0.15)
    out = {"self": x, "dim": d.dims(x.dim()) if d.chance(0.85) else None, "keepdim": d.chance(0.5), "dtype": None if d.chance(0.7) else d.one(f32, f64) if x.dtype.is_floating_point else d.one(f32, i64)}
    return out


def mean(d):
    x = d.tensor(d.shape(), d.real(), scale=1.0, special=0.15)
    return {"self": x, "dim": d.dims(x.dim()) if d.chance(0.85) else None, "keepdim": d.chance(0.5), "dtype": None if d.chance(0.8) else f32}


def mean_all(d):
    return {"self": d.tensor(d.shape(), d.real(), scale=1.0, special=0.15), "dtype": None if d.chance(0.8) else f32}


def product_all(d):
    return {"self": d.tensor(d.shape(limit=100), scale=1.0), "dtype": None}


def product_dim(d):
    return {**reduce_dim(d), "dtype": None}


def variance(d):
    x = d.tensor(d.shape(), d.real(), scale=1.0, special=0.1)
    return {"self": x, "dim": d.dims(x.dim()) if d.chance(0.8) else None, "unbiased": d.chance(0.5), "keepdim": d.chance(0.5)}


def variance_correction(d):
    x = d.tensor(d.shape(), d.real(), scale=1.0, special=0.1)
    return {"self": x, "dim": d.dims(x.dim()) if d.chance(0.8) else None, "correction": d.one(None, 0, 1, 2, 0.5), "keepdim": d.chance(0.5)}


def argument_extremum(d):
    x = d.tensor(d.shape(), d.dtype(bools=False))
    return {"self": x, "dim": None if d.chance(0.2) else d.dim(x.dim()), "keepdim": d.chance(0.5)}


def cumulative(d):
    x = d.tensor(d.shape(), scale=1.0, special=0.1)
    return {"self": x, "dim": d.dim(x.dim()), "dtype": None if d.chance(0.7) else d.one(f32, f64, i64)}


def topk(d):
    shape = d.shape(1, 3)
    axis = d.integer(0, len(shape) - 1)
    dtype = d.dtype(bools=False)
    n = math.prod(shape)
    x = torch.randperm(max(n, 1), generator=d.torch)[:n].reshape(shape).to(f64)
    if dtype.is_floating_point:
        x = x * 0.5 - n / 4
    elif n > 100:
        dtype = i32
    return {"self": x.to(dtype), "k": d.integer(0, shape[axis]), "dim": axis - (len(shape) if d.chance(0.5) else 0), "largest": d.chance(0.6), "sorted": True}


def softmax(d):
    x = d.tensor(d.shape(), d.real(), scale=3.0, special=0.2)
    return {"self": x, "dim": d.dim(x.dim()), "half_to_float": False}


# ---------------------------------------------------------------- moving elements


def cat(d):
    shape = d.shape(1, 4)
    axis = d.integer(0, len(shape) - 1)
    dtype = d.dtype()
    tensors = []
    for _ in range(d.integer(1, 4)):
        s = list(shape)
        s[axis] = d.size()
        tensors.append(d.tensor([0] if d.chance(0.05) else s, dtype))
    return {"tensors": tensors, "dim": axis - (len(shape) if d.chance(0.4) else 0)}


def stack(d):
    shape, dtype = d.shape(0, 3), d.dtype()
    return {"tensors": [d.tensor(shape, dtype) for _ in range(d.integer(1, 4))], "dim": d.integer(-len(shape) - 1, len(shape))}


def permute(d):
    x = d.tensor(d.shape(0, 5))
    order = d.random.sample(range(x.dim()), x.dim())
    return {"self": x, "dims": [p - x.dim() if d.chance(0.3) else p for p in order]}


def transpose(d):
    x = d.tensor(d.shape(1, 5))
    return {"self": x, "dim0": d.dim(x.dim()), "dim1": d.dim(x.dim())}


def expand(d):
    shape = [1 if d.chance(0.5) else s for s in d.shape(0, 3)]
    size = [d.integer(0 if d.chance(0.1) else 1, 4) if s == 1 else d.one(s, -1) for s in shape]
    return {"self": d.tensor(shape), "size": [d.integer(1, 3) for _ in range(d.integer(0, 2))] + size, "implicit": False}


def view(d):
    shape = d.shape(1, 4)
    size = []
    rest = math.prod(shape)
    for _ in range(d.integer(0, 3)):
        divisors = [k for k in range(1, rest + 1) if rest % k == 0][:8] or [1]
        size.append(d.one(*divisors))
        rest //= max(size[-1], 1)
    size.insert(d.integer(0, len(size)), -1 if d.chance(0.5) and math.prod(shape) else rest)
    return {"self": d.tensor(shape), "size": size}


def unsqueeze(d):
    x = d.tensor(d.shape(0, 4))
    return {"self": x, "dim": d.integer(-x.dim() - 1, x.dim())}


def squeeze_dim(d):
    x = d.tensor([1 if d.chance(0.5) else s for s in d.shape(0, 5)])
    return {"self": x, "dim": d.dim(x.dim())}


def squeeze_dims(d):
    x = d.tensor([1 if d.chance(0.5) else s for s in d.shape(0, 5)])
    return {"self": x, "dim": d.dims(x.dim())}


def slices(d):
    x = d.tensor(d.shape(1, 4))
    dim = d.dim(x.dim())
    n = x.shape[dim]
    start = None if d.chance(0.2) else d.integer(-n - 2, n + 2)
    end = None if d.chance(0.2) else d.one(d.integer(-n - 2, n + 2), 2**63 - 1)
    return {"self": x, "dim": dim, "start": start, "end": end, "step": d.one(1, 1, 1, 2, 3)}


def slice_scatter(d):
    arguments = slices(d)
    part = torch.ops.aten.slice(**arguments)
    return {"self": arguments["self"], "src": d.tensor(part.shape, part.dtype), **{k: arguments[k] for k in ("dim", "start", "end", "step")}}


def select(d):
    shape = [max(s, 1) for s in d.shape(1, 4)]
    x = d.tensor(shape)
    dim = d.dim(x.dim())
    return {"self": x, "dim": dim, "index": d.integer(-x.shape[dim], x.shape[dim] - 1)}


def select_scatter(d):
    a = select(d)
    part = a["self"].select(a["dim"], a["index"])
    return {"self": a["self"], "src": d.tensor(part.shape, part.dtype), "dim": a["dim"], "index": a["index"]}


def narrow(d):
    x = d.tensor(d.shape(1, 4))
    dim = d.dim(x.dim())
    start = d.integer(0, x.shape[dim])
    return {"self": x, "dim": dim, "start": start - (x.shape[dim] if d.chance(0.2) and start < x.shape[dim] else 0), "length": d.integer(0, x.shape[dim] - start)}


def split(d):
    x = d.tensor(d.shape(1, 4))
    return {"self": x, "split_size": d.integer(1, 6), "dim": d.dim(x.dim())}


def split_sizes(d):
    x = d.tensor(d.shape(1, 4))
    dim, sizes = d.dim(x.dim()), []
    rest = x.shape[dim]
    while rest or not sizes:
        sizes.append(d.integer(0 if d.chance(0.1) else 1, max(rest, 1)) if rest else 0)
        rest -= sizes[-1]
    return {"self": x, "split_sizes": sizes, "dim": dim}


def unbind(d):
    x = d.tensor([max(s, 1) for s in d.shape(1, 4)])
    return {"self": x, "dim": d.dim(x.dim())}


def flip(d):
    x = d.tensor(d.shape())
    return {"self": x, "dims": d.dims(x.dim())}


def roll(d):
    x = d.tensor(d.shape(1, 4))
    dims = d.dims(x.dim(), 1)
    return {"self": x, "shifts": [d.integer(-20, 20) for _ in dims], "dims": dims}


def repeat(d):
    x = d.tensor(d.shape(0, 3, 200))
    return {"self": x, "repeats": [d.integer(0 if d.chance(0.1) else 1, 3) for _ in range(x.dim() + d.integer(0, 2))]}


def repeat_interleave(d):
    return {"repeats": d.tensor([d.integer(0, 6)], d.one(i32, i64), low=0, high=4), "output_size": None}


def triangle(d):
    return {"self": d.tensor(d.shape(2, 4)), "diagonal": d.integer(-4, 4)}


def diagonal(d):
    x = d.tensor(d.shape(2, 4))
    one, two = d.random.sample(range(x.dim()), 2)
    return {"self": x, "offset": d.integer(-3, 3), "dim1": one - (x.dim() if d.chance(0.3) else 0), "dim2": two}


def unfold(d):
    x = d.tensor(d.shape(1, 4))
    dim = d.dim(x.dim())
    return {"self": x, "dimension": dim, "size": d.integer(0 if d.chance(0.1) else 1, max(x.shape[dim], 1)), "step": d.integer(1, 3)}


def as_strided(d):
    n = d.integer(4, 40)
    size = [d.integer(1, 3) for _ in range(d.integer(0, 3))]
    stride = [d.integer(0, 4) for _ in size]
    last = sum((s - 1) * t for s, t in zip(size, stride))
    return {"self": d.tensor([n + last]), "size": size, "stride": stride, "storage_offset": d.one(None, 0, d.integer(0, n - 1))}


def constant_pad(d):
    x = d.tensor(d.shape(1, 4, 400))
    widths = [d.integer(0, 3) for _ in range(2 * d.integer(0, x.dim()))]
    return {"self": x, "pad": widths, "value": d.scalar(x.dtype)}


def edge_pad(n, reflect):
    def generator(d):
        shape = [d.integer(1, 3) for _ in range(d.integer(1, 2))] + [d.integer(2, 6) for _ in range(n)]
        widths = [d.integer(0, shape[-1 - k // 2] - 1 if reflect else 3) for k in range(2 * n)]
        return {"self": d.tensor(shape, d.dtype(0.8)), "padding": widths}

    return generator


def pixel_shuffle(d):
    r = d.integer(1, 3)
    return {"self": d.tensor([d.integer(1, 2) for _ in range(d.integer(0, 2))] + [d.integer(1, 3) * r * r, d.integer(1, 4), d.integer(1, 4)]), "upscale_factor": r}


def pixel_unshuffle(d):
    r = d.integer(1, 3)
    return {"self": d.tensor([d.integer(1, 2) for _ in range(d.integer(0, 2))] + [d.integer(1, 3), r * d.integer(1, 3), r * d.integer(1, 3)]), "downscale_factor": r}


# ---------------------------------------------------------------- indexing


def gather(d):
    shape = [max(s, 1) for s in d.shape(1, 3, 500)]
    dim = d.integer(0, len(shape) - 1)
    index = [d.integer(0 if d.chance(0.05) else 1, s) for s in shape]
    index[dim] = d.integer(1, 6)
    return {"self": d.tensor(shape), "dim": dim - (len(shape) if d.chance(0.4) else 0), "index": d.tensor(index, i64, low=0, high=shape[dim])}


def scatter_index(d, unique=False):
    shape = [max(s, 1) for s in d.shape(1, 3, 500)]
    dim = d.integer(0, len(shape) - 1)
    size = [d.integer(1, s) for s in shape]
    index = torch.argsort(torch.rand(size[:dim] + [shape[dim]] + size[dim + 1:], generator=d.torch), dim).narrow(dim, 0, size[dim]).contiguous() if unique else d.tensor(size, i64, low=0, high=shape[dim])
    return shape, dim - (len(shape) if d.chance(0.4) else 0), index


def scatter_src(d):
    shape, dim, index = scatter_index(d, True)
    x = d.tensor(shape)
    return {"self": x, "dim": dim, "index": index, "src": d.tensor([s + d.integer(0, 1) for s in index.shape], x.dtype)}


def scatter_value(d):
    shape, dim, index = scatter_index(d)
    x = d.tensor(shape)
    return {"self": x, "dim": dim, "index": index, "value": d.scalar(x.dtype)}


def scatter_add(d):
    shape, dim, index = scatter_index(d)
    x = d.tensor(shape, special=0)
    return {"self": x, "dim": dim, "index": index, "src": d.tensor([s + d.integer(0, 1) for s in index.shape], x.dtype, special=0)}


def index_select(d):
    x = d.tensor([max(s, 1) for s in d.shape(1, 4)])
    dim = d.dim(x.dim())
    return {"self": x, "dim": dim, "index": d.tensor([d.integer(0 if d.chance(0.1) else 1, 6)], d.one(i64, i32), low=0, high=x.shape[dim])}


def indices_for(d, shape):
    """Index tensors for some of the dims: integers that broadcast, or a mask."""
    rank = len(shape)
    common = [d.integer(1, 4) for _ in range(d.integer(0, 2))]
    indices = []
    for size in shape[: d.integer(1, rank)]:
        x = d.random.random()
        if x < 0.3:
            indices.append(None)
        elif x < 0.42:
            indices.append(d.tensor([size], b8))
        else:
            indices.append(d.tensor([1 if d.chance(0.15) else c for c in common], d.one(i64, i64, i32), low=-size, high=size))
    if all(i is None for i in indices):
        indices[0] = d.tensor(common, i64, low=-shape[0], high=shape[0])
    if any(i is not None and i.dtype == b8 for i in indices):
        # a mask gives as many indices as it has true elements: only alone it always broadcasts
        mask = next(k for k, i in enumerate(indices) if i is not None and i.dtype == b8)
        indices = [i if k == mask else None for k, i in enumerate(indices)]
    return indices


def index(d):
    shape = [max(s, 1) for s in d.shape(1, 4, 500)]
    return {"self": d.tensor(shape), "indices": indices_for(d, shape)}


def index_put(d):
    shape = [max(s, 1) for s in d.shape(1, 3, 300)]
    accumulate = d.chance(0.4)
    x = d.tensor(shape, special=0)
    indices = indices_for(d, shape)
    part = torch.ops.aten.index(x, indices)
    if not accumulate and part.numel() > 1:
        values = d.tensor([1] if d.chance(0.5) or any(i is not None and i.dtype != b8 and i.unique().numel() < i.numel() for i in indices) else part.shape, x.dtype, special=0)
    else:
        values = d.tensor(part.shape if d.chance(0.6) else [1], x.dtype, special=0)
    return {"self": x, "indices": indices, "values": values, "accumulate": accumulate}


def masked_select(d):
    x = d.tensor(d.shape())
    return {"self": x, "mask": d.tensor(d.broadcast(list(x.shape)), b8)}


def masked_scatter(d):
    x = d.tensor(d.shape())
    mask = d.tensor(d.broadcast(list(x.shape)), b8)
    return {"self": x, "mask": mask, "source": d.tensor([math.prod(torch.broadcast_shapes(x.shape, mask.shape)) + d.integer(0, 3)], x.dtype)}


def embedding(d):
    n = d.integer(1, 9)
    return {"weight": d.tensor([n, d.integer(1, 9)]), "indices": d.tensor(d.shape(0, 3, 60), d.one(i64, i64, i32), low=0, high=n), "padding_idx": d.one(-1, 0), "scale_grad_by_freq": False, "sparse": False}


# ---------------------------------------------------------------- matrices


def product_dtype(d):
    return d.one(f32, f32, f32, f16, bf16, f64, i32, i64)


def mm(d):
    m, k, n, t = d.integer(1, 9), d.size(), d.integer(1, 9), product_dtype(d)
    return {"self": d.tensor([m, k], t, 1.0, 0.1), "mat2": d.tensor([k, n], t, 1.0, 0.1)}


def bmm(d):
    b, m, k, n, t = d.integer(1, 3), d.integer(1, 9), d.size(), d.integer(1, 9), product_dtype(d)
    return {"self": d.tensor([b, m, k], t, 1.0, 0.1), "mat2": d.tensor([b, k, n], t, 1.0, 0.1)}


def addmm(d):
    m, k, n, t = d.integer(1, 9), d.integer(1, 17), d.integer(1, 9), product_dtype(d)
    whole = not t.is_floating_point
    return {"self": d.tensor(d.one([m, n], [n], [1, n], [m, 1], []), t, 1.0, 0), "mat1": d.tensor([m, k], t, 1.0, 0), "mat2": d.tensor([k, n], t, 1.0, 0), "beta": d.one(1, 1, 2, 0) if whole else d.one(1, 1, 0.5, 2, 0), "alpha": d.one(1, 1, 3) if whole else d.one(1, 1, 0.5, -2)}


def linear(d):
    k, n, t = d.integer(1, 17), d.integer(1, 9), d.real()
    return {"input": d.tensor(d.shape(0, 3, 60) + [k], t, 1.0, 0.1), "weight": d.tensor([n, k], t, 1.0, 0), "bias": d.tensor([n], t, 1.0, 0) if d.chance(0.5) else None}


def cdist(d):
    t, m, batch = d.one(f32, f32, f64), d.integer(1, 9), d.shape(0, 1, 3)
    return {"x1": d.tensor(batch + [d.integer(1, 5), m], t, special=0), "x2": d.tensor(batch + [d.integer(1, 5), m], t, special=0), "p": d.one(0.0, 1.0, 2.0, 3.0, math.inf, 0.5), "compute_mode": d.one(None, 2)}


def pdist(d):
    return {"self": d.tensor([d.integer(1, 6), d.integer(1, 9)], d.one(f32, f32, f64), special=0), "p": d.one(0.0, 1.0, 2.0, 3.0, math.inf)}


# ---------------------------------------------------------------- norms


def layer_norm(d):
    shape, t = [max(s, 1) for s in d.shape(1, 4)], d.real()
    n = d.integer(1, len(shape))
    return {"input": d.tensor(shape, t, special=0), "normalized_shape": shape[-n:], "weight": d.tensor(shape[-n:], t, special=0) if d.chance(0.7) else None, "bias": d.tensor(shape[-n:], t, special=0) if d.chance(0.6) else None, "eps": d.one(1e-5, 1e-6, 0.1)}


def group_norm(d):
    groups, t = d.integer(1, 3), d.real()
    n, c, rest = d.integer(1, 3), groups * d.integer(1, 3), [d.integer(1, 4) for _ in range(d.integer(0, 2))]
    return {"input": d.tensor([n, c] + rest, t, special=0), "weight": d.tensor([c], t, special=0) if d.chance(0.7) else None, "bias": d.tensor([c], t, special=0) if d.chance(0.6) else None, "N": n, "C": c, "HxW": math.prod(rest), "group": groups, "eps": d.one(1e-5, 0.1)}


def batch_norm(d):
    t, c = d.one(f32, f32, f16, bf16, f64), d.integer(1, 5)
    x = d.tensor([d.integer(1, 3), c] + [d.integer(1, 4) for _ in range(d.integer(0, 2))], t, special=0)
    return {"input": x, "weight": d.tensor([c], t, special=0) if d.chance(0.7) else None, "bias": d.tensor([c], t, special=0) if d.chance(0.6) else None, "running_mean": d.tensor([c], t, special=0), "running_var": d.tensor([c], t, low=0.1, high=3), "momentum": 0.1, "eps": d.one(1e-5, 0.1)}


def batch_norm_no_stats(d):
    a = batch_norm(d)
    return {**{k: v for k, v in a.items() if not k.startswith("running")}, "training": True}


# ---------------------------------------------------------------- images


def convolution(d):
    n, groups, transposed = d.integer(1, 3), d.integer(1, 3), d.chance(0.35)
    t = d.one(f32, f32, f32, f16, bf16, f64)
    if transposed and n == 3:
        n = 2
    into, out = groups * d.integer(1, 3), groups * d.integer(1, 3)
    kernel = [d.integer(1, 3) for _ in range(n)]
    x = d.tensor([d.integer(1, 2), into] + [d.integer(3, 7) for _ in range(n)], t, 1.0, 0)
    weight = d.tensor(([into, out // groups] if transposed else [out, into // groups]) + kernel, t, 1.0, 0)
    stride = [d.integer(1, 3) for _ in range(n)]
    return {"input": x, "weight": weight, "bias": d.tensor([out], t, 1.0, 0) if d.chance(0.6) else None, "stride": stride, "padding": [d.integer(0, 2) for _ in range(n)], "dilation": [d.integer(1, 2) for _ in range(n)], "transposed": transposed,
            "output_padding": [d.integer(0, s - 1) if transposed else 0 for s in stride], "groups": groups}


def window(d, n=2):
    kernel = [d.integer(1, 4) for _ in range(n)]
    return {"kernel_size": kernel, "stride": [d.integer(1, 3) for _ in range(n)] if d.chance(0.8) else [], "padding": [d.integer(0, k // 2) for k in kernel], "ceil_mode": d.chance(0.3)}


def images(d, t=None, special=0.2):
    return d.tensor(([d.integer(1, 2)] if d.chance(0.8) else []) + [d.integer(1, 3), d.integer(4, 9), d.integer(4, 9)], t or d.real(), special=special)


def avg_pool(d):
    return {"self": images(d), **window(d), "count_include_pad": d.chance(0.5), "divisor_override": None if d.chance(0.7) else d.integer(1, 9)}


def max_pool(d):
    return {"self": images(d, special=0), **window(d), "dilation": [d.integer(1, 2), d.integer(1, 2)]}


def adaptive_pool(d):
    return {"self": images(d), "output_size": [d.integer(1, 6), d.integer(1, 6)]}


def upsample(d):
    x = images(d, special=0)
    x = x if x.dim() == 4 else x.unsqueeze(0)
    size = d.chance(0.5)
    return {"input": x, "output_size": [d.integer(1, 12), d.integer(1, 12)] if size else None, "scale_factors": None if size else [d.one(2.0, 1.5, 0.5, 0.7, 3.0), d.one(2.0, 1.3, 0.5)]}


def upsample_bilinear(d):
    return {**upsample(d), "align_corners": d.chance(0.5)}


def upsample_aa(d):
    x = images(d, f32, special=0)
    x = x if x.dim() == 4 else x.unsqueeze(0)
    return {"self": x, "output_size": [d.integer(1, 12), d.integer(1, 12)], "align_corners": d.chance(0.5), "scales_h": None, "scales_w": None}


def grid_sampler(d):
    x = images(d, d.one(f32, f32, f64, f16), special=0)
    x = x if x.dim() == 4 else x.unsqueeze(0)
    grid = d.tensor([x.shape[0], d.integer(1, 5), d.integer(1, 5), 2], x.dtype, low=-1.3, high=1.3)
    return {"input": x, "grid": grid, "interpolation_mode": d.integer(0, 2), "padding_mode": d.integer(0, 2), "align_corners": d.chance(0.5)}


def convolution_backward(d):
    a = convolution(d)
    while a["transposed"] or a["input"].dim() != 4 or a["input"].dtype == bf16:
        a = convolution(d)
    out = torch.ops.aten.convolution(**a)
    if not out.is_contiguous() or not a["input"].is_contiguous() or not a["weight"].is_contiguous():
        a["input"], a["weight"] = a["input"].contiguous(), a["weight"].contiguous()
    a.pop("bias")
    return {"grad_output": d.tensor(out.shape, out.dtype, 1.0, 0).contiguous(), **{k: a.pop(k) for k in ("input", "weight")}, "bias_sizes": [out.shape[1]], **a, "output_mask": [True, True, True]}


def max_pool_backward(d):
    x = images(d, d.one(f32, f32, f16, f64), special=0)
    a = window(d)
    dilation = [d.integer(1, 2), d.integer(1, 2)]
    ceil = a.pop("ceil_mode")
    out, indices = torch.ops.aten.max_pool2d_with_indices(x, a["kernel_size"], a["stride"], a["padding"], dilation, ceil)
    return {"grad_output": d.tensor(out.shape, x.dtype, 1.0, 0).contiguous(), "self": x.contiguous(), **a, "dilation": dilation, "ceil_mode": ceil, "indices": indices.contiguous()}


# ---------------------------------------------------------------- complex numbers

c64, c128 = torch.complex64, torch.complex128


def complex_tensor(d, shape, dtype=None):
    dtype = dtype or c64  # safetensors has no other
    real = f64 if dtype == c128 else f32
    return torch.complex(d.tensor(shape, real, 1.0, 0).contiguous(), d.tensor(shape, real, 1.0, 0).contiguous())


def transformed_dims(d, rank):
    return d.random.sample(range(rank), d.integer(1, min(rank, 3)))


def fft_forward(d):
    shape = [max(1, s) if d.chance(0.8) else d.one(12, 15, 25, 31, 64, 100, 101) for s in d.shape(1, 3, 500)]
    return {"self": d.tensor(shape, d.one(f32, f32, f64), 1.0, 0).contiguous(), "dim": transformed_dims(d, len(shape)), "normalization": d.integer(0, 2), "onesided": True}


def fft_inverse(d):
    shape = [max(1, s) if d.chance(0.8) else d.one(12, 15, 25, 31, 64) for s in d.shape(1, 3, 500)]
    dims = transformed_dims(d, len(shape))
    n = d.integer(1, 2 * shape[dims[-1]] - 1)
    return {"self": complex_tensor(d, shape), "dim": dims, "normalization": d.integer(0, 2), "last_dim_size": n}


# ---------------------------------------------------------------- creation and conversion


def arange(d):
    dtype = d.one(i64, f32)
    end = d.one(0, 1, 5, 7.5, 9) if dtype.is_floating_point else d.integer(0, 9)
    return {"end": end, "_outs": [([math.ceil(end)], dtype)]}


def arange_start(d):
    dtype = d.one(i64, i32, f32, f64)
    whole = not dtype.is_floating_point
    start, step = (d.integer(-5, 5), d.one(1, 2, -1, 3)) if whole else (d.one(0, -1.5, 2, 0.25), d.one(0.5, 1, -0.75, 0.1))
    end = start + step * d.integer(0, 9) + (0 if whole else d.one(0, 0.03)) * (1 if step > 0 else -1)
    return {"start": start, "end": end, "step": step, "_outs": [(list(torch.arange(start, end, step, dtype=dtype).shape), dtype)]}


def created(value):
    def generator(d):
        shape, dtype = d.shape(), d.dtype()
        arguments = {"size": shape, "_outs": [(shape, dtype)]}
        if value:
            arguments["fill_value"] = d.scalar(dtype)
        return arguments

    return generator


def full_like(d):
    x = d.tensor(d.shape())
    return {"self": x, "fill_value": d.scalar(x.dtype), "memory_format": d.one(None, 0, 1) if x.is_contiguous() else None}


def scalar_tensor(d):
    dtype = d.dtype()
    return {"s": d.scalar(dtype), "_outs": [([], dtype)]}


def converted(d):
    x = d.tensor(d.shape(), special=0.2)
    target = d.dtype()
    if x.dtype.is_floating_point and not target.is_floating_point and target != b8:
        # What a float beyond the range becomes as an integer is left to the compiler.
        x = torch.nan_to_num(x.float(), 0, 0, 0).clamp(0 if target == u8 else -100, 100).to(x.dtype)
    return {"self": x, "_outs": [(list(x.shape), target)]}


def copy(d):
    x = d.tensor(d.shape())
    return {"self": x, "src": d.tensor(x.shape if d.chance(0.5) else [1 if d.chance(0.3) else s for s in x.shape][d.integer(0, x.dim()):], x.dtype), "non_blocking": False}


def table():
    """Operator name with overload -> generator."""
    t = {}

    def add(generator, names):
        for name in names.split():
            t["aten::" + (name if "." in name else name + ".out")] = generator

    add(real_unary, "acos acosh asin asinh atan atanh cos cosh erf exp expm1 log log10 log1p log2 reciprocal rsqrt sigmoid sin sinh sqrt tan tanh")
    add(unary, "abs ceil floor neg round sign trunc relu isinf isnan logical_not alias_copy detach_copy lift_fresh_copy clone nonzero any.all_out max.unary_out min.unary_out")
    add(lambda d: {"self": d.tensor(d.shape(), d.one(*INTS, b8))}, "bitwise_not")
    add(binary_alpha, "add sub")
    add(binary, "mul div floor_divide fmod.Tensor_out remainder.Tensor_out maximum minimum atan2 eq.Tensor_out ne.Tensor_out lt.Tensor_out le.Tensor_out gt.Tensor_out ge.Tensor_out logical_and logical_or logical_xor")
    add(scalar_alpha, "add.Scalar_out sub.Scalar_out rsub.Scalar_out")
    add(with_scalar, "mul.Scalar_out div.Scalar_out fmod.Scalar_out remainder.Scalar_out eq.Scalar_out ne.Scalar_out lt.Scalar_out le.Scalar_out gt.Scalar_out ge.Scalar_out")
    add(whole_pair, "bitwise_and.Tensor_out bitwise_or.Tensor_out bitwise_xor.Tensor_out")
    add(whole_scalar, "bitwise_and.Scalar_out bitwise_or.Scalar_out bitwise_xor.Scalar_out bitwise_left_shift.Tensor_Scalar_out bitwise_right_shift.Tensor_Scalar_out")
    add(shift, "bitwise_left_shift.Tensor_out bitwise_right_shift.Tensor_out")
    add(mode_pair, "div.out_mode")
    add(mode_scalar, "div.Scalar_mode_out")
    add(where, "where.self_out")
    add(masked_fill, "masked_fill.Scalar_out")
    add(clamp, "clamp")
    add(clamp_tensor, "clamp.Tensor_out")
    add(elu, "elu")
    add(gelu, "gelu")
    add(hardtanh, "hardtanh")
    add(leaky, "leaky_relu")
    add(logit, "logit")
    add(glu, "glu")
    add(power_scalar, "pow.Tensor_Scalar_out")
    add(scalar_power, "pow.Scalar_out")
    add(tensor_power, "pow.Tensor_Tensor_out")
    add(fill_scalar, "fill.Scalar_out")
    add(fill_tensor, "fill.Tensor_out")
    add(reduce_dim, "any max.dim_max min.dim_min")
    add(reduce_dims, "amax amin any.dims_out")
    add(summed, "sum.IntList_out")
    add(mean, "mean")
    add(mean_all, "mean.dtype_out")
    add(product_all, "prod")
    add(product_dim, "prod.int_out")
    add(variance, "var")
    add(variance_correction, "var.correction_out var_mean.correction_out")
    add(argument_extremum, "argmax argmin")
    add(cumulative, "cumsum")
    add(topk, "topk.values")
    add(softmax, "_softmax _log_softmax")
    for generator, name in [
        (cat, "cat"), (stack, "stack"), (permute, "permute_copy"), (transpose, "transpose_copy.int_out"), (expand, "expand_copy"), (view, "view_copy"), (unsqueeze, "unsqueeze_copy"), (squeeze_dim, "squeeze_copy.dim_out"),
        (squeeze_dims, "squeeze_copy.dims_out"), (slices, "slice_copy.Tensor_out"), (slice_scatter, "slice_scatter"), (select, "select_copy.int_out"), (select_scatter, "select_scatter"), (narrow, "narrow_copy"),
        (split, "split_copy.Tensor_out"), (split_sizes, "split_with_sizes_copy"), (unbind, "unbind_copy.int_out"), (flip, "flip"), (roll, "roll"), (repeat, "repeat"), (repeat_interleave, "repeat_interleave.Tensor_out"),
        (triangle, "tril"), (diagonal, "diagonal_copy"), (unfold, "unfold_copy"), (as_strided, "as_strided_copy"), (constant_pad, "constant_pad_nd"), (pixel_shuffle, "pixel_shuffle"), (pixel_unshuffle, "pixel_unshuffle"),
        (lambda d: {"self": d.tensor(d.shape(0, 2))}, "t_copy"),
        (edge_pad(1, True), "reflection_pad1d"), (edge_pad(2, True), "reflection_pad2d"), (edge_pad(3, True), "reflection_pad3d"), (edge_pad(1, False), "replication_pad1d"), (edge_pad(2, False), "replication_pad2d"), (edge_pad(3, False), "replication_pad3d"),
        (gather, "gather"), (scatter_src, "scatter.src_out"), (scatter_value, "scatter.value_out"), (scatter_add, "scatter_add"), (index_select, "index_select"), (index, "index.Tensor_out"), (index_put, "index_put"), (index_put, "index_put_."),
        (masked_select, "masked_select"), (masked_scatter, "masked_scatter"), (embedding, "embedding"),
        (mm, "mm"), (bmm, "bmm"), (addmm, "addmm"), (linear, "linear"), (cdist, "_cdist_forward"), (pdist, "_pdist_forward"),
        (layer_norm, "native_layer_norm"), (group_norm, "native_group_norm"), (batch_norm, "_native_batch_norm_legit_no_training"), (batch_norm_no_stats, "_native_batch_norm_legit.no_stats_out"),
        (convolution, "convolution"), (avg_pool, "avg_pool2d"), (max_pool, "max_pool2d_with_indices"), (adaptive_pool, "_adaptive_avg_pool2d"), (upsample, "upsample_nearest2d.vec_out"), (upsample_bilinear, "upsample_bilinear2d.vec_out"), (upsample_aa, "_upsample_bilinear2d_aa"), (grid_sampler, "grid_sampler_2d"),
        (convolution_backward, "convolution_backward"), (max_pool_backward, "max_pool2d_with_indices_backward.grad_input"),
        (fft_forward, "_fft_r2c"), (fft_inverse, "_fft_c2r"), (lambda d: {"self": complex_tensor(d, d.shape())}, "view_as_real_copy"), (lambda d: {"self": complex_tensor(d, d.shape()) if d.chance(0.7) else d.tensor(d.shape())}, "_conj_physical"),
        (arange, "arange"), (arange_start, "arange.start_out"), (created(False), "zeros"), (created(False), "ones"), (created(True), "full"), (full_like, "full_like"), (scalar_tensor, "scalar_tensor"), (converted, "_to_copy"), (copy, "copy"), (copy, "copy_."),
    ]:
        add(generator, name)
    t["dim_order_ops::_to_dim_order_copy.out"] = lambda d: {**converted(d), "non_blocking": False, "dim_order": None}
    t["dim_order_ops::_clone_dim_order.out"] = lambda d: {**unary(d), "non_blocking": False, "dim_order": None}
    return t
