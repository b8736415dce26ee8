"""Programs that Sconce has read and written again give the same outputs in the official runtime.

Runs the cases in interop/cases; with SCONCE_FIXTURES, all cases below that folder as well.
"""
import os
import sys

import run_case
from support import folder, note, sconce

tops = [os.path.join(os.path.dirname(os.path.abspath(__file__)), "cases")]
if "SCONCE_FIXTURES" in os.environ:
    tops.append(os.environ["SCONCE_FIXTURES"])

for top in tops:
    copies = folder()
    rewritten = int(sconce("rewrite", top, copies).split()[0])
    count, failed = run_case.run_all([top], copies)
    cases_with_copies = sum(
        run_case.program_of(case, where, copies) is not None for case, where in run_case.find([top])
    )
    assert cases_with_copies > 0 and rewritten >= cases_with_copies
    for case, why in sorted(failed.items()):
        print("failed: %s (%s)" % (case, why))
    if failed:
        sys.exit("%d of %d rewritten cases fail" % (len(failed), count))
    note("%s: %d cases run on %d rewritten programs" % (os.path.basename(top), count, cases_with_copies))
