"""Compares a decoder's quantised export with torchao's integers and scales, and its answers with what they mean."""
import os
import re

import torch
from executorch.exir._serialize._program import deserialize_pte_binary
from goldens import Program, causal_logits
from quantized import QuantisedLinear, Rows, dequantised, embedding_config, integers_and_scales, linear_config
from support import folder, sconce_json
from torchao.quantization.quant_api import quantize_

BOUNDARY = 4e-4


def packed(q, bits, even_low):
    if bits == 8:
        return q.to(torch.int8).numpy().tobytes()
    unsigned = (q + 8).to(torch.uint8)
    even, odd = unsigned[:, 0::2], unsigned[:, 1::2]
    return (even | odd << 4 if even_low else even << 4 | odd).numpy().tobytes()


def rounded(weight, scale, bits):
    """The integers that scales give, and which of them lie so close to a boundary that a scale's last bit decides."""
    quotients = weight.detach().reshape(weight.shape[0], scale.reshape(weight.shape[0], -1).shape[1], -1)
    quotients = quotients / scale.reshape(*quotients.shape[:2], 1)
    integers = quotients.round().clamp(-(1 << bits - 1), (1 << bits - 1) - 1)
    close = (quotients - quotients.floor() - 0.5).abs() < 1e-4
    return integers.reshape(weight.shape), close.reshape(weight.shape)


def check_integers(data, weight, q, scale, bits, even_low, scales, what):
    """The integers are torchao's; where they lie at a boundary, either side is right, but for hqq, whose scales are equal."""
    integers, close = rounded(weight, scale, bits)
    assert not ((integers != q.float()) & ~close).any(), what + ": torchao's integers do not follow from its scales"
    close &= scales != "hqq"
    loose = close if bits == 8 else close[:, 0::2] | close[:, 1::2]
    assert data.has(packed(q, bits, even_low), loose.flatten().tolist()), what + " has other integers"


class Data:
    """All constants of a program: those of the graph and those of delegates."""

    def __init__(self, path):
        with open(path, "rb") as file:
            stored = deserialize_pte_binary(file.read())
        self.buffers = [bytes(b.storage) for b in stored.program.constant_buffer]
        self.buffers += [bytes(b) for b in stored.named_data.buffers]

    def has(self, data, loose):
        """Matrices that read the same lie one below the other in one constant. Loose bytes may be any."""
        pattern = b"".join(b"." if free else re.escape(data[i : i + 1]) for i, free in enumerate(loose))
        return any(re.search(pattern, buffer, re.DOTALL) for buffer in self.buffers)

    def scales(self, want, dtype, scales):
        """The stored scales that are the wanted ones, rounded to the type; to the last bit for hqq, up to a quotient's for absmax."""
        want, size = want.reshape(want.shape[0], -1), torch.finfo(dtype).bits // 8
        row, all_rows = want.shape[1] * size, want.numel() * size
        for buffer in self.buffers:
            for start in range(0, len(buffer) - all_rows + 1, row):
                part = bytearray(buffer[start : start + all_rows])
                found = torch.frombuffer(part, dtype=dtype).float().reshape(want.shape)
                tolerance = 0 if scales == "hqq" else 2.0**-8 if dtype == torch.bfloat16 else 1e-6
                if torch.allclose(found, want.to(dtype).float(), rtol=tolerance, atol=0):
                    return found
        raise AssertionError("scales of shape %s are not there" % (tuple(want.shape),))


def check(model, linear, embedding, scales, group=32, prompts=200, enough=5):
    """Compares an export of a decoder without shared matrices, which `model` makes anew; returns matrices, prompts, worst error."""
    where = folder()
    float_model = model()
    float_model.save_pretrained(where)
    path = os.path.join(where, "model.pte")
    options = ["--qlinear", linear, "--qembedding", embedding, "--qlinear_group_size", group, "--scales", scales]
    report = sconce_json("export", where, "-o", path, *options, "--max_seq_len", 64)
    data = Data(path)

    quantised = model()
    quantize_(quantised, linear_config(linear, scales, group), lambda m, _: isinstance(m, torch.nn.Linear))
    quantize_(quantised, embedding_config(embedding, scales), lambda m, _: isinstance(m, torch.nn.Embedding))

    reference, count = model(), 0
    bits = 4 if linear == "8da4w" else 8
    for name, module in list(quantised.named_modules()):
        if isinstance(module, torch.nn.Linear):
            q, scale = integers_and_scales(module.weight, float_model.get_submodule(name).weight, bits, scales)
            weight = float_model.get_submodule(name).weight
            check_integers(data, weight, q, scale, bits, True, scales, "%s: %s" % (linear, name))
            kept = data.scales(scale, torch.bfloat16 if bits == 4 else torch.float32, scales)
            q = rounded(weight, kept, 8)[0] if bits == 8 else q
            reference.set_submodule(name, QuantisedLinear(dequantised(q, kept)))
            count += 1
        elif isinstance(module, torch.nn.Embedding):
            weight = float_model.get_submodule(name).weight
            q, scale = integers_and_scales(module.weight, weight, int(embedding[0]), scales)
            check_integers(data, weight, q, scale, int(embedding[0]), False, scales, embedding)
            kept = data.scales(scale, torch.float32, scales)
            q = rounded(weight, kept, int(embedding[0]))[0]
            reference.get_submodule(name).weight.data = dequantised(q, kept)
            count += 1
    assert count == len(report["quantized"]) > 0, (count, report["quantized"])
    errors = {m["name"]: m["relativeError"] for m in report["quantized"]}
    for name, module in float_model.named_modules():
        if isinstance(module, (torch.nn.Linear, torch.nn.Embedding)):
            got = reference.get_submodule(name).weight
            want = ((module.weight - got).norm() / module.weight.norm()).item()
            # The report counts with the scales before they are rounded to bfloat16.
            assert abs(errors[name + ".weight"] - want) <= 0.02 * want, (name, errors[name + ".weight"], want)

    program, compared, worst = Program(path), 0, 0.0
    generator = torch.Generator().manual_seed(3)
    for attempt in range(prompts):
        length = 1 + attempt % 3
        ids = torch.randint(float_model.config.vocab_size, (length,), generator=generator).tolist()
        Rows.nearest = 1.0
        with torch.no_grad():
            want = reference(torch.tensor([ids])).logits[0, -1]
        if Rows.nearest < BOUNDARY:
            continue
        got = causal_logits(program, ids, len(ids))
        worst = max(worst, ((got - want).abs().max() / want.abs().max()).item())
        compared += 1
    assert compared >= enough, "only %d prompts stay away from rounding boundaries" % compared
    assert worst <= 1e-3, "%s %s %s: off by %g" % (linear, embedding, scales, worst)
    return count, compared, worst
