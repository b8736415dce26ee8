"""What both training scripts share: the learning-rate schedule, the training loop with checkpoints, and the checkpoint folder."""

import json
import math
import os
import time
from pathlib import Path

import torch
from safetensors.torch import save_file


def one_cycle(step, steps, peak, warmup=0.08, floor=0.01):
    """Linear warm-up to `peak`, then a cosine down to `floor * peak`."""
    rise = max(1, int(steps * warmup))
    if step < rise:
        return peak * (step + 1) / rise
    part = (step - rise) / max(1, steps - rise)
    return peak * (floor + (1 - floor) * 0.5 * (1 + math.cos(math.pi * part)))


def train(model, batch_of, steps, peak, work, log_every=50, save_every=500):
    """Trains on batches made on the fly. `batch_of(step)` returns the model's keyword arguments and must depend on the step alone, so
    that a run continued from `work/state.pt` sees the batches it would have seen. Prints the CPU minutes used."""
    decayed = [p for p in model.parameters() if p.dim() > 1]
    plain = [p for p in model.parameters() if p.dim() <= 1]
    optimizer = torch.optim.AdamW(
        [{"params": decayed, "weight_decay": 0.01}, {"params": plain, "weight_decay": 0.0}], lr=peak, betas=(0.9, 0.98))
    work.mkdir(parents=True, exist_ok=True)
    state = work / "state.pt"
    first, used, average = 0, 0.0, None
    if state.exists():
        stored = torch.load(state)
        model.load_state_dict(stored["model"])
        optimizer.load_state_dict(stored["optimizer"])
        first, used = stored["step"], stored["cpu_seconds"]
        print(f"continuing at step {first}", flush=True)
    start = time.process_time() - used
    model.train()
    for step in range(first, steps):
        for group in optimizer.param_groups:
            group["lr"] = one_cycle(step, steps, peak)
        loss = model(**batch_of(step)).loss
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        average = loss.item() if average is None else 0.95 * average + 0.05 * loss.item()
        if (step + 1) % log_every == 0:
            print(f"step {step + 1}/{steps}  loss {average:.4f}  cpu {(time.process_time() - start) / 60:.1f} min", flush=True)
        if (step + 1) % save_every == 0 or step + 1 == steps:
            partial = state.with_suffix(".tmp")
            torch.save({"model": model.state_dict(), "optimizer": optimizer.state_dict(), "step": step + 1,
                        "cpu_seconds": time.process_time() - start}, partial)
            os.replace(partial, state)
    model.eval()
    return (time.process_time() - start) / 60


def save_checkpoint(model, folder, drop=()):
    """Writes config.json and model.safetensors in float16, without the names in `drop` (tied copies)."""
    folder.mkdir(parents=True, exist_ok=True)
    config = json.loads(model.config.to_json_string(use_diff=False))
    for key in ("torch_dtype", "dtype", "_name_or_path"):
        config.pop(key, None)
    keep = {k: v for k, v in config.items() if k in KEPT}
    keep["torch_dtype"] = "float16"
    write_json(folder / "config.json", keep)
    tensors = {k: v.detach().to(torch.float16).contiguous() for k, v in model.state_dict().items() if k not in drop}
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    return sum(f.stat().st_size for f in Path(folder).iterdir())


def write_json(path, value):
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


# The keys of config.json that describe the architecture; the rest of what transformers writes are its own defaults.
KEPT = {
    "architectures", "model_type", "vocab_size", "bos_token_id", "eos_token_id", "pad_token_id", "tie_word_embeddings",
    "hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads", "num_key_value_heads", "head_dim", "hidden_act",
    "rms_norm_eps", "rope_theta", "rope_parameters", "rope_scaling", "max_position_embeddings", "attention_bias", "mlp_bias",
    "d_model", "d_kv", "d_ff", "num_layers", "num_decoder_layers", "num_heads", "feed_forward_proj", "layer_norm_epsilon",
    "relative_attention_num_buckets", "relative_attention_max_distance", "decoder_start_token_id", "is_encoder_decoder",
    "dropout_rate", "is_gated_act", "dense_act_fn", "scale_decoder_outputs",
}
