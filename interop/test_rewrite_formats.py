"""What Sconce has read and written means the same to the official side, in every format.

Programs are written with their XNNPACK blobs made anew, and run on data (.ptd), inputs (safetensors) and in bundles (.bpte)
that were written by Sconce too; event dumps (.etdp) are listed by the official inspector. Uses the cases in interop/cases;
with SCONCE_FIXTURES, all files below that folder as well.
"""
import os
import shutil
import sys

import run_case
import torch
from support import folder, note, sconce


def files(top, ending):
    for where, _, names in os.walk(top):
        for name in sorted(names):
            if name.endswith(ending):
                yield os.path.join(where, name)


def complete(copies, top):
    """Puts beside the rewritten files what is not of a format that is rewritten."""
    for where, _, names in os.walk(top):
        target = os.path.join(copies, os.path.relpath(where, top))
        os.makedirs(target, exist_ok=True)
        for name in names:
            if not os.path.exists(os.path.join(target, name)):
                shutil.copy(os.path.join(where, name), os.path.join(target, name))


def verify_bundle(path):
    """Runs the test cases of a bundle in the official runtime, which compares the outputs; returns how many."""
    from executorch.devtools.bundled_program.serialize import deserialize_from_flatbuffer_to_bundled_program
    from executorch.extension.pybindings import portable_lib

    with open(path, "rb") as file:
        data = file.read()
    bundle, count = portable_lib._load_bundled_program_from_buffer(data), 0
    for suite in deserialize_from_flatbuffer_to_bundled_program(data).method_test_suites:
        for index in range(len(suite.test_cases)):
            bundle.verify_result_with_bundled_expected_output(suite.method_name, index, 1e-5, 1e-6)
            count += 1
    return count


def listing(path):
    """What the official inspector says of an event dump."""
    from executorch.devtools import Inspector

    lines = []
    for block in Inspector(etdump_path=path).event_blocks:
        for event in block.events:
            times = list(event.perf_data.raw) if event.perf_data else []
            lines.append((block.name, event.name, event._instruction_id, event.delegate_debug_identifier, times))
    return lines


def same_tensors(one, other):
    from safetensors import safe_open

    with safe_open(one, framework="pt") as a, safe_open(other, framework="pt") as b:
        assert sorted(a.keys()) == sorted(b.keys()), other
        assert a.metadata() == b.metadata(), other
        for key in a.keys():
            x, y = a.get_tensor(key), b.get_tensor(key)
            assert x.dtype == y.dtype and x.shape == y.shape, (other, key)
            assert x.numel() == 0 or torch.equal(as_bytes(x), as_bytes(y)), (other, key)


def as_bytes(tensor):
    return tensor.contiguous().reshape(-1).view(torch.uint8)


tops = [os.path.join(os.path.dirname(os.path.abspath(__file__)), "cases")]
if "SCONCE_FIXTURES" in os.environ:
    tops.append(os.environ["SCONCE_FIXTURES"])

for top in tops:
    copies = folder()
    sconce("rewrite", "--blobs", top, copies)
    bundles, dumps, tensors = (list(files(copies, ending)) for ending in (".bpte", ".etdp", ".safetensors"))
    data = list(files(copies, ".ptd"))
    assert bundles and dumps and tensors and data
    complete(copies, top)
    count, failed = run_case.run_all([copies])
    for case, why in sorted(failed.items()):
        print("failed: %s (%s)" % (case, why))
    if failed or not count:
        sys.exit("%d of %d cases fail on rewritten files" % (len(failed), count))
    tests = sum(verify_bundle(path) for path in bundles)
    assert tests > 0
    for path in dumps:
        expected = listing(os.path.join(top, os.path.relpath(path, copies)))
        assert expected and listing(path) == expected, path
    for path in tensors:
        same_tensors(os.path.join(top, os.path.relpath(path, copies)), path)
    note(
        "%s: %d cases run with rewritten blobs and data; %d tests of %d bundles, %d dumps, %d safetensors files agree"
        % (os.path.basename(top), count, tests, len(bundles), len(dumps), len(tensors))
    )
