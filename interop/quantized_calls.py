"""Random calls of quantized_decomposed::, llama::, preprocess:: operators, in the manner of operator_calls.py.

Besides "_outs" a generator may give "_hide" (the declared outs hold nothing worth looking at: only what was written in place is an output).
"""
import math

import torch

from operator_calls import b8, bf16, f16, f32, f64, i16, i32, i64, i8, u8

u16 = torch.uint16
RANGES = {i8: (-128, 127), u8: (0, 255), i16: (-32768, 32767), i32: (-(2**31), 2**31 - 1), u16: (0, 65535)}


def bounds(d, dtype):
    """quant_min and quant_max inside of the type's range."""
    low, high = RANGES[dtype]
    if d.chance(0.6):
        return low, high
    if dtype in (i8, u8):
        a, b = sorted(d.integer(low, high) for _ in range(2))
        return a, b
    return max(low, -1000), min(high, 1000)


def zero_point(d, dtype):
    low, high = RANGES[dtype]
    return d.integer(max(low, -300), min(high, 300)) if d.chance(0.7) else 0


def quantized(d, shape, dtype):
    low, high = RANGES[dtype]
    return d.tensor(shape, i64, low=max(low, -3000), high=min(high, 3000) + 1, special=0).contiguous().to(dtype)


def scales(d, shape, dtype=f64, low=0.005, high=0.5):
    return d.tensor(shape, dtype, low=low, high=high).contiguous()


# ---------------------------------------------------------------- quantize


def quantize_per_tensor(d):
    dtype, x = d.one(i8, u8, i8, i16, i32, u16), d.tensor(d.shape(), d.one(f32, f32, f16, f64), scale=d.one(1, 30), special=0.1)
    low, high = bounds(d, dtype)
    return {"input": x, "scale": d.one(0.1, 0.25, 0.037, 1.0, 1e-3), "zero_point": zero_point(d, dtype), "quant_min": low, "quant_max": high, "dtype": dtype, "_outs": [(list(x.shape), dtype)]}


def quantize_per_tensor_tensor(d):
    a = quantize_per_tensor(d)
    one = d.one([], [1])
    return {**a, "scale": torch.full(one, a["scale"], dtype=f64), "zero_point": torch.full(one, a["zero_point"], dtype=i64)}


def dequantize_per_tensor(d):
    dtype, out = d.one(i8, u8, i8, i16, i32, u16), d.one(f32, f32, f16, f64)
    x = quantized(d, d.shape(), dtype)
    low, high = bounds(d, dtype)
    return {"input": x, "scale": d.one(0.1, 0.25, 0.037, 1.0), "zero_point": zero_point(d, dtype), "quant_min": low, "quant_max": high, "dtype": dtype, "out_dtype": out if out != f32 or d.chance(0.5) else None, "_outs": [(list(x.shape), out)]}


def dequantize_per_tensor_tensor(d):
    a = dequantize_per_tensor(d)
    one = d.one([], [1])
    return {**a, "scale": torch.full(one, a["scale"], dtype=f64), "zero_point": torch.full(one, a["zero_point"], dtype=i64)}


def channels(d, shape):
    axis = d.integer(0, len(shape) - 1)
    return axis, shape[axis]


def quantize_per_channel(d):
    dtype, x = d.one(i8, u8, i16, i32), d.tensor(d.shape(1, 4), d.one(f32, f32, f16, f64), scale=3.0, special=0.1)
    low, high = bounds(d, dtype)
    axis, n = channels(d, x.shape)
    zero = d.tensor([n], i64, low=max(low, -50), high=min(high, 50) + 1, special=0) if max(low, -50) <= min(high, 50) else torch.full([n], low, dtype=i64)
    return {"input": x, "scales": scales(d, [n]), "zero_points": zero, "axis": axis - (x.dim() if d.chance(0.2) else 0), "quant_min": low, "quant_max": high, "dtype": dtype, "_outs": [(list(x.shape), dtype)]}


def dequantize_per_channel(d):
    dtype, out = d.one(i8, u8, i16, i32), d.one(f32, f32, f32, f16, f64)
    x = quantized(d, d.shape(1, 4), dtype)
    low, high = RANGES[dtype]
    axis, n = channels(d, x.shape)
    return {"input": x, "scales": scales(d, [n], d.one(f32, f64)), "zero_points": d.tensor([n], i64, low=-9, high=10, special=0) if d.chance(0.7) else None, "axis": axis - (x.dim() if d.chance(0.2) else 0), "quant_min": low, "quant_max": high, "dtype": dtype,
            "out_dtype": out if out != f32 or d.chance(0.5) else None, "_outs": [(list(x.shape), out)]}


def quantize_per_token(d):
    dtype, x = d.one(i8, i8, u8, i16), d.tensor(d.shape(1, 4), d.one(f32, f32, f16), scale=3.0, special=0.1).contiguous()
    low, high = bounds(d, dtype)
    tokens = list(x.shape[:-1]) + [1]
    return {"input": x, "scales": scales(d, tokens), "zero_points": d.tensor(tokens, i64, low=-9, high=10, special=0).contiguous(), "quant_min": low, "quant_max": high, "dtype": dtype, "_outs": [(list(x.shape), dtype)]}


def dequantize_per_token(d):
    dtype, out = d.one(i8, i8, u8), d.one(f32, f32, f16, f64)
    x = quantized(d, d.shape(1, 4), dtype)
    tokens = list(x.shape[:-1]) + [1]
    return {"input": x, "scales": scales(d, tokens, d.one(f32, f64)), "zero_points": d.tensor(tokens, i64, low=-9, high=10, special=0).contiguous(), "quant_min": RANGES[dtype][0], "quant_max": RANGES[dtype][1], "dtype": dtype, "output_dtype": out, "_outs": [(list(x.shape), out)]}


def choose_qparams(d):
    dtype = d.one(i8, u8, i8, i16)
    x = d.tensor([max(s, 1) for s in d.shape(1, 4)], f32, scale=d.one(1, 1e-9, 100), special=0).contiguous() + d.one(0, 5, -5)
    low, high = bounds(d, dtype)
    return {"input": x, "quant_min": low, "quant_max": high, "eps": d.one(1.1920928955078125e-07, 1e-3), "dtype": dtype, "_outs": [([1], f64), ([1], i64)]}


def choose_qparams_per_token(d):
    x = d.tensor([max(s, 1) for s in d.shape(1, 4)], f32, scale=d.one(1, 1e-6, 100), special=0).contiguous() + d.one(0, 5, -5)
    tokens = list(x.shape[:-1]) + [1]
    return {"input": x, "dtype": i8, "_outs": [(tokens, f64), (tokens, i64)]}


def added(d):
    dtype = u8
    shape = d.shape()
    low, high = RANGES[dtype]
    call = {}
    for name in "ab":
        call.update({name: quantized(d, shape, dtype), name + "_scale": d.one(0.1, 0.05, 0.3), name + "_zero_point": zero_point(d, dtype), name + "_quant_min": low, name + "_quant_max": high})
    return {**call, "out_scale": d.one(0.2, 0.7), "out_zero_point": zero_point(d, dtype), "out_quant_min": low, "out_quant_max": high, "_outs": [(shape, dtype)]}


# ---------------------------------------------------------------- products and look-ups


def mixed_linear(d):
    n, k, t = d.integer(1, 9), d.integer(1, 6) * 4, d.one(f32, f32, f16)
    groups = d.one(0, 1, 2, 4)
    x = d.tensor([d.integer(1, 5), k], t, 1.0, 0)
    out = d.one(None, None, t, f32)
    return {"input": x, "weight": quantized(d, [n, k], i8), "weight_scales": scales(d, [n, groups] if groups else [n], t), "weight_zero_points": None, "dtype": out, "_outs": [([x.shape[0], n], out or t)]}


def mixed_mm(d):
    m, k, n, t = d.integer(1, 5), d.integer(1, 17), d.integer(1, 9), d.one(f32, f32, f16)
    return {"input": d.tensor([m, k], t, 1.0, 0), "weight": quantized(d, [k, n], i8), "weight_scales": scales(d, [k], t), "weight_zero_points": None, "_outs": [([m, n], t)]}


def embedding(bits, typed):
    def generator(d):
        per = 8 // bits
        rows, groups = d.integer(1, 9), d.one(0, 1, 1, 2, 3)
        columns = max(groups, 1) * d.integer(1, 4) * (per if bits < 8 else 1)
        t = d.one(f32, f32, f16)
        shape = [rows, groups] if groups else [rows]
        out = d.one(f32, f16) if typed and bits < 8 and d.chance(0.5) else t
        indices = d.tensor(d.shape(0, 3, 60), i64 if bits == 8 else d.one(i64, i64, i32), low=0, high=rows).contiguous()
        call = {"weight": quantized(d, [rows, columns // per], d.one(i8, u8) if bits == 8 else u8), "weight_scales": scales(d, shape, t), "weight_zero_points": d.tensor(shape, i64, low=-5, high=6, special=0).to(t) if d.chance(0.5) else None,
                "weight_quant_min": -(1 << (bits - 1)), "weight_quant_max": (1 << (bits - 1)) - 1, "indices": indices}
        if typed:
            call["dtype"] = out if out != t or d.chance(0.7) else None
        return {**call, "_outs": [(list(indices.shape) + [columns], out)]}

    return generator


# ---------------------------------------------------------------- language models


def attention_parts(d, t):
    batch, groups, kv, width = d.integer(1, 3), d.integer(1, 3), d.integer(1, 3), d.one(1, 4, 7, 8, 16, 20)
    tokens, length = d.one(1, 1, 2, 3, 5, 12, 40), d.one(1, 3, 6, 12, 50)
    length = max(length, tokens)
    return batch, kv * groups, kv, width, tokens, length


def mask_for(d, tokens, length):
    mask = torch.where(torch.rand(tokens, length, generator=d.torch) < 0.4, -math.inf, torch.randn(tokens, length, generator=d.torch))
    mask[:, 0] = 0.5
    return mask


def custom_sdpa(d):
    t = d.one(f32, f32, f32, f16, bf16)
    batch, heads, kv, width, tokens, length = attention_parts(d, t)
    masked = d.chance(0.35)
    shape = [batch, tokens, heads, width]

    def draw(n, h):
        return d.tensor([batch, n, h, width], t, 1.0, 0).contiguous()

    return {"query": draw(tokens, heads), "key": draw(length, kv), "value": draw(length, kv), "start_pos": d.integer(0, length - tokens), "attn_mask": mask_for(d, tokens, length) if masked else None, "drpout_p": 0.0,
            "is_causal": not masked and d.chance(0.7), "scale": d.one(None, None, 0.3, 1), "_outs": [(shape, t)]}


def sdpa_with_kv_cache(d):
    t = d.one(f32, f32, f32, f16, bf16)
    _, heads, kv, width, tokens, length = attention_parts(d, t)
    masked = d.chance(0.3)

    def draw(n, h):
        return d.tensor([1, n, h, width], t, 1.0, 0).contiguous()

    start = d.integer(0, length - tokens)
    return {"query": draw(tokens, heads), "key": draw(tokens, kv), "value": draw(tokens, kv), "key_cache": draw(length, kv), "value_cache": draw(length, kv), "start_pos": start, "seq_len": tokens,
            "attn_mask": mask_for(d, tokens, start + tokens) if masked else None, "drpout_p": 0.0, "is_causal": not masked and d.chance(0.7), "scale": d.one(None, 0.3), "_outs": [([1, tokens, heads, width], t)]}


def quantized_sdpa(d):
    batch, heads, kv, width, tokens, length = attention_parts(d, i8)
    second = d.chance(0.5)
    masked = d.chance(0.25)

    def place(shape):
        return [shape[0], shape[2], shape[1], shape[3]] if second else shape

    call = {}
    for letter, n, h in (("q", tokens, heads), ("k", length, kv), ("v", length, kv)):
        full = place([batch, n, h, width])
        call[letter] = quantized(d, full, i8)
        call[letter + "_zero_points"] = d.tensor(full[:3] + [1], i64, low=-20, high=20, special=0).contiguous().to(i8)
        call[letter + "_scales"] = scales(d, full[:3] + [1], f32, 0.005, 0.02)
    return {"query": call.pop("q"), "key": call.pop("k"), "value": call.pop("v"), "start_pos": d.integer(0, length - tokens), "attn_mask": mask_for(d, tokens, length) if masked else None, "drpout_p": 0.0,
            "is_causal": not masked and d.chance(0.7), "scale": d.one(None, 0.1), **call, "is_seq_at_dim_2": second, "_outs": [(place([batch, tokens, heads, width]), f32)]}


def float_quantized_sdpa(d):
    """The same operator without quantization."""
    call = custom_sdpa(d)
    # Without a mask the official kernel takes the number of heads for that of tokens in this layout.
    second = call["attn_mask"] is not None
    outs = call.pop("_outs")
    if second:
        for name in ("query", "key", "value"):
            call[name] = call[name].transpose(1, 2).contiguous()
        shape, t = outs[0]
        outs = [([shape[0], shape[2], shape[1], shape[3]], t)]
    parts = {letter + name: None for letter in "qkv" for name in ("_zero_points", "_scales")}
    return {**call, **parts, "is_seq_at_dim_2": second, "_outs": outs}


def update_cache(d):
    t = d.one(f32, f32, f16, bf16, i8, f64)
    batch, heads, width, length = d.integer(1, 3), d.integer(1, 3), d.integer(1, 9), d.integer(1, 9)
    tokens = d.integer(1, length)
    return {"value": d.tensor([batch, tokens, heads, width], t).contiguous(), "cache": d.tensor([batch, length, heads, width], t).contiguous(), "start_pos": d.integer(0, length - tokens), "_outs": [([1], t)], "_hide": True}


def update_cache_with_indices(d):
    call = update_cache(d)
    batch, tokens = call["value"].shape[:2]
    return {"value": call["value"], "cache": call["cache"], "start_pos": 0, "indices": d.tensor([batch, tokens], i64, low=0, high=call["cache"].shape[1], special=0), "_outs": call["_outs"], "_hide": True}


def hadamard(d):
    n = d.one(1, 2, 4, 8, 16, 64, 12, 20, 24, 28, 36, 40, 56, 7)
    x = d.tensor(d.shape(0, 2, 20) + [n], d.one(f32, f32, f16, bf16), 1.0, 0).contiguous()
    return {"mat": x, "_outs": [(list(x.shape), x.dtype)]}


def delta_rule(channelwise):
    def generator(d):
        b, h, t, k, v = d.integer(1, 2), d.integer(1, 3), d.integer(1, 6), d.integer(1, 9), d.integer(1, 9)

        def draw(*shape, low=None, high=None):
            return d.tensor(shape, f32, 0.7, 0, low, high).contiguous()

        return {"query": draw(b, h, t, k), "key": draw(b, h, t, k), "value": draw(b, h, t, v), "decay": draw(*([b, h, t, k] if channelwise else [b, h, t]), low=0.2, high=1.0), "beta": draw(b, h, t, low=0.0, high=1.0), "initial_state": draw(b, h, k, v),
                "_outs": [([b, h, t, v], f32), ([b, h, k, v], f32)]}

    return generator


def fallback(d):
    x = d.tensor(d.shape(), d.one(f32, f16, i64, b8))
    return {"input": x.contiguous(), "_outs": [(list(x.shape), x.dtype)]}


def tile_crop(d):
    size = d.integer(1, 5)
    x = d.tensor([d.integer(1, 4), size * d.integer(1, 4), size * d.integer(1, 4)], d.one(f32, f16, u8, i64)).contiguous()
    tiles = x.shape[1] // size * (x.shape[2] // size)
    return {"input": x, "tile_size": size, "_outs": [([tiles, x.shape[0], size, size], x.dtype)]}


def table():
    t = {}
    for generator, name in [
        (quantize_per_tensor, "quantize_per_tensor.out"), (quantize_per_tensor_tensor, "quantize_per_tensor.Tensor_out"), (dequantize_per_tensor, "dequantize_per_tensor.out"), (dequantize_per_tensor_tensor, "dequantize_per_tensor.Tensor_out"),
        (quantize_per_channel, "quantize_per_channel.out"), (dequantize_per_channel, "dequantize_per_channel.out"), (quantize_per_token, "quantize_per_token.out"), (dequantize_per_token, "dequantize_per_token.out"),
        (choose_qparams, "choose_qparams.Tensor_out"), (choose_qparams_per_token, "choose_qparams_per_token_asymmetric.out"), (added, "add.out"), (mixed_linear, "mixed_linear.out"), (mixed_mm, "mixed_mm.out"),
    ]:
        t["quantized_decomposed::" + name] = generator
    for bits, name in ((8, "byte"), (4, "4bit"), (2, "2bit")):
        t["quantized_decomposed::embedding_%s.out" % name] = embedding(bits, False)
        t["quantized_decomposed::embedding_%s.dtype_out" % name] = embedding(bits, True)
    for generator, name in [
        (custom_sdpa, "custom_sdpa"), (sdpa_with_kv_cache, "sdpa_with_kv_cache"), (lambda d: quantized_sdpa(d) if d.chance(0.7) else float_quantized_sdpa(d), "custom_quantized_sdpa"), (update_cache, "update_cache"),
        (update_cache_with_indices, "update_cache_with_indices"), (hadamard, "fast_hadamard_transform"), (delta_rule(False), "gated_delta_rule"), (delta_rule(True), "channelwise_gated_delta_rule"), (fallback, "fallback"),
    ]:
        t["llama::%s.out" % name] = generator
    t["preprocess::tile_crop.out"] = tile_crop
    return t
