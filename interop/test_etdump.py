"""The official Inspector reads what `sconce run --etdump` writes, and finds in it the events of the official runtime.

Operator calls and delegate calls must be the same, instruction by instruction; what runs inside a delegate is Sconce's own.
"""
import glob
import os

import torch
from executorch.devtools import Inspector
from executorch.extension.llm.custom_ops import custom_ops  # noqa: F401  registers llama::*
from executorch.extension.pybindings import portable_lib
from executorch.kernels import quantized  # noqa: F401  registers quantized_decomposed::*
from run_case import Case
from safetensors.torch import save_file
from support import folder, note, sconce

tops = [os.path.join(os.path.dirname(os.path.abspath(__file__)), "cases")]
if "SCONCE_FIXTURES" in os.environ:
    tops.append(os.path.join(os.environ["SCONCE_FIXTURES"], "models"))


def events(path):
    """The events of the block Execute: name and instruction, those inside delegates left out."""
    (block,) = [block for block in Inspector(etdump_path=path).event_blocks if block.name == "Execute"]
    found = []
    for event in block.events:
        assert event.perf_data.raw and all(time >= 0 for time in event.perf_data.raw), event
        if event.delegate_debug_identifier is None:
            found.append((event.name, event._instruction_id))
    return found


compared = 0
for top in tops:
    for spec in sorted(glob.glob(os.path.join(top, "**", "case.json"), recursive=True)):
        case = Case(os.path.dirname(spec))
        call = case.spec["calls"][0]
        values = [case.value(entry) for entry in call["inputs"]]
        plain = all(torch.is_tensor(value) and value.dtype != torch.uint16 for value in values)
        if "data" in case.spec or not plain or not case.program.endswith(".pte"):
            continue
        work = folder()
        theirs, ours, inputs = (os.path.join(work, name) for name in ("theirs.etdp", "ours.etdp", "in.safetensors"))
        module = portable_lib._load_for_executorch(case.program, enable_etdump=True)
        module.run_method(call["method"], tuple(values))
        module.write_etdump_result_to_file(theirs)
        files = []
        for index, value in enumerate(values):
            # A file for each, since the order of tensors in one file is that of their data.
            save_file({"x": value.contiguous()}, inputs + str(index) + ".safetensors")
            files += ["--input", inputs + str(index) + ".safetensors"]
        sconce("run", case.program, "--method", call["method"], "--output", work, "--etdump", ours, *files)
        assert events(ours) == events(theirs), (case.folder, set(events(ours)) ^ set(events(theirs)))
        compared += 1
assert compared > 0
note("%d programs traced" % compared)
