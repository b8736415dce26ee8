"""Encoders for several rows (--batch) give each row, in the official runtime, what it gets alone, quantised and not.

The committed encoders of texts and images and random ones whose rows fall into groups of 32: both recipes in float32, the schemes of
linear layers with recipe xnnpack. Rows are random, padded on either side, one of them wholly; a program without --batch is the judge,
and what it is worth test_export_goldens.py says. Every export compares two rows in Sconce's runtime with its reference, too.
"""
import itertools
import os

import torch
from goldens import COMMITTED, Program, error
from support import folder, note, sconce
from transformers import BertConfig, BertForMaskedLM, ViTConfig, ViTForImageClassification, logging

logging.set_verbosity_error()
logging.disable_progress_bar()
BATCH = 4
WAYS = {"portable": ["--recipe", "portable"], "xnnpack": [], "8da8w": ["--qlinear", "8da8w"], "8da4w": ["--qlinear", "8da4w"]}
# Sums are taken in another order; where inputs are quantised, one of them may then fall to the other side of a boundary.
TOLERANCE = {"portable": 1e-5, "xnnpack": 1e-5, "8da8w": 2e-3, "8da4w": 2e-3}


def in_groups(model, config, **sizes):
    """Returns the folder of a random model whose rows are of 64 and 96 numbers."""
    torch.manual_seed(3)
    where = folder()
    model(config(hidden_size=64, intermediate_size=96, num_hidden_layers=2, num_attention_heads=4, initializer_range=0.3, **sizes)).save_pretrained(where)
    return where


def export(checkpoint, flags):
    path = os.path.join(folder(), "model.pte")
    sconce("export", checkpoint, "-o", path, *flags)
    return Program(path)


def texts(random, count):
    """Random tokens, their masks and types: full, padded on the right, on the left, and of padding alone."""
    length = int(torch.randint(1, 20, (1,), generator=random))
    ids = torch.randint(2, 150, (count, length), generator=random)
    mask = torch.ones_like(ids)
    for row in range(count):
        hidden = int(torch.randint(0, length + 1, (1,), generator=random))
        mask[row, : hidden if row == 2 else 0] = 0
        mask[row, length - (hidden if row == 1 else 0) :] = 0
    mask[3:] = 0
    return ids, mask, torch.randint(0, 2, ids.shape, generator=random)


def check(several, single, name, inputs):
    """The largest difference between rows together and alone."""
    (got,) = several.run(name, *inputs)
    got = got.clone()
    assert len(got) == len(inputs[0])
    return max(error(got[row], single.run(name, *(value[row : row + 1].contiguous() for value in inputs))[0][0]) for row in range(len(got)))


random = torch.Generator().manual_seed(11)
worst, calls = {way: 0.0 for way in WAYS}, 0
checkpoints = [os.path.join(COMMITTED, name) for name in ("bert_mlm_gamma_beta", "bert_seqcls", "vit_noqkvbias_rect")]
grouped = [in_groups(BertForMaskedLM, BertConfig, vocab_size=151, max_position_embeddings=24),
           in_groups(ViTForImageClassification, ViTConfig, image_size=16, patch_size=8, num_labels=3)]
for checkpoint, way in [*itertools.product(checkpoints, ("portable", "xnnpack", "8da8w")), *itertools.product(grouped, WAYS)]:
    single, several = export(checkpoint, WAYS[way]), export(checkpoint, [*WAYS[way], "--batch", str(BATCH)])
    for count in (BATCH, 1, 2, 3):
        if single.program.load_method("forward").metadata.num_inputs() == 1:
            shape = single.program.load_method("forward").metadata.input_tensor_meta(0).sizes()
            cases = [("forward", (torch.randn(count, *shape[1:], generator=random),))]
        else:
            ids, mask, types = texts(random, count)
            cases = [("forward", (ids, mask))]
            if several.has("forward_with_token_types"):
                cases.append(("forward_with_token_types", (ids, mask, types)))
        for name, inputs in cases:
            found = check(several, single, name, inputs)
            assert found <= TOLERANCE[way], "%s, %s, %s of %d rows: off by %.1e" % (checkpoint, way, name, count, found)
            worst[way], calls = max(worst[way], found), calls + 1
note("%d calls, largest differences: %s" % (calls, ", ".join("%s %.1e" % item for item in worst.items())))
