"""Compares a decoder's quantised export with torchao's integers and scales, and its answers with what they mean."""
import os

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


def check_integers(weight, q, scale, bits):
    """The integers are those that the stored scales give."""
    groups = weight.detach().reshape(q.shape[0], scale.shape[1], -1) / scale.unsqueeze(-1)
    want = groups.round().clamp(-(1 << bits - 1), (1 << bits - 1) - 1).reshape(q.shape)
    assert torch.equal(want, q.float()), "%d integers do not follow from the scales" % (want != q.float()).sum()


class Data:
    """All constants of a program: those of the graph and those of delegates."""

    def __init__(self, path):
        with open(path, "rb") as file:
            stored = deserialize_pte_binary(file.read())
        self.buffers = [bytes(b.storage) for b in stored.program.constant_buffer]
        self.buffers += [bytes(b) for b in stored.named_data.buffers]

    def has(self, data):
        """Matrices that read the same lie one below the other in one constant."""
        return any(data in buffer for buffer in self.buffers)

    def scales(self, want, dtype):
        """The stored scales that are the wanted ones, up to the order of summation and the rounding to the type."""
        want, size = want.reshape(want.shape[0], -1), torch.finfo(dtype).bits // 8
        row, all_rows = want.shape[1] * size, want.numel() * size
        for buffer in self.buffers:
            for start in range(0, len(buffer) - all_rows + 1, row):
                part = bytearray(buffer[start : start + all_rows])
                found = torch.frombuffer(part, dtype=dtype).float().reshape(want.shape)
                if torch.allclose(found, want, rtol=2.0**-8 if dtype == torch.bfloat16 else 1e-6, atol=0):
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
            assert data.has(packed(q, bits, even_low=True)), "%s: %s has other integers" % (linear, name)
            kept = data.scales(scale, torch.bfloat16 if bits == 4 else torch.float32)
            if bits == 8:
                check_integers(float_model.get_submodule(name).weight, q, kept, 8)
            reference.set_submodule(name, QuantisedLinear(dequantised(q, kept)))
            count += 1
        elif isinstance(module, torch.nn.Embedding):
            weight = float_model.get_submodule(name).weight
            q, scale = integers_and_scales(module.weight, weight, int(embedding[0]), scales)
            assert data.has(packed(q, int(embedding[0]), even_low=False)), "%s: other integers" % embedding
            kept = data.scales(scale, torch.float32)
            check_integers(float_model.get_submodule(name).weight, q, kept, int(embedding[0]))
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
