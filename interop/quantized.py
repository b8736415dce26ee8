"""What quantised exports mean: torchao's integers and scales, and rows quantised as XNNPACK quantises them while it runs."""
import torch
from torchao.quantization.granularity import PerAxis, PerGroup
from torchao.quantization.quant_api import Int8DynamicActivationIntxWeightConfig, IntxWeightOnlyConfig

ALGORITHM = {"hqq": "hqq_scale_only", "absmax": "affine"}


def linear_config(name, scales, group):
    bits = {"8da4w": 4, "8da8w": 8}[name]
    return Int8DynamicActivationIntxWeightConfig(
        weight_dtype={4: torch.int4, 8: torch.int8}[bits],
        weight_granularity=PerGroup(group) if bits == 4 and group else PerAxis(0),
        intx_choose_qparams_algorithm=ALGORITHM[scales],
    )


def embedding_config(name, scales):
    return IntxWeightOnlyConfig(
        weight_dtype={"4w": torch.int4, "8w": torch.int8}[name],
        granularity=PerAxis(0),
        intx_choose_qparams_algorithm=ALGORITHM[scales],
    )


def integers_and_scales(quantised, weight, bits, scales):
    """torchao's; for absmax, w / s where torchao multiplies by 1 / s, which differs for ties at the end of the range."""
    q, scale = quantised.qdata.detach(), quantised.scale.detach().float()
    if scales == "absmax":
        groups = weight.detach().reshape(*scale.reshape(q.shape[0], -1).shape, -1)
        exact = (groups / scale.reshape(q.shape[0], -1, 1)).round().clamp(-(1 << bits - 1), (1 << bits - 1) - 1)
        exact = exact.reshape(q.shape).to(q.dtype)
        assert (exact - q).abs().max() <= 1
        q = exact
    return q, scale


def dequantised(q, scale):
    groups = scale.reshape(q.shape[0], -1)
    return (q.float().reshape(*groups.shape, -1) * groups.unsqueeze(-1)).reshape(q.shape)


class Rows:
    """Counts how close values come to a rounding boundary."""

    nearest = 1.0

    @staticmethod
    def quantised(x):
        """XNNPACK's dynamic quantisation: one scale and zero point a row, all in float32."""
        low = x.amin(-1, keepdim=True).clamp(max=0)
        high = x.amax(-1, keepdim=True).clamp(min=0)
        scale = torch.where(low == high, torch.ones_like(low), 255.0 / (high - low))
        dlow, dhigh = low * scale, high * scale
        zero = torch.where((-128 + dlow) + (127 + dhigh) > 0, -128 - dlow, 127 - dhigh).clamp(-128, 127)
        for value in (x * scale, zero):
            Rows.nearest = min(Rows.nearest, (value - value.floor() - 0.5).abs().min().item())
        zero = zero.round()
        return ((x * scale).round() + zero).clamp(-128, 127).sub(zero) * (1 / scale)


class QuantisedLinear(torch.nn.Module):
    def __init__(self, weight, bias=None):
        super().__init__()
        self.register_buffer("weight", weight)
        self.register_buffer("bias", bias)

    def forward(self, x):
        return torch.nn.functional.linear(Rows.quantised(x), self.weight, self.bias)
