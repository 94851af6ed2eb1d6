#!/usr/bin/env python3
# bench-jobs.py - the imsg command with one worker and with two
# SPDX-License-Identifier: LGPL-2.1-or-later
import os
import pathlib
import resource
import subprocess
import sys
import time

BUDGET = 1.8
N_TIMES = 12


def processor_time():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def run(tool, jobs, names):
    """Milliseconds by the clock, and of processor time."""
    start, before = time.perf_counter(), processor_time()
    subprocess.run([tool, "dump", f"-j{jobs}", "--files-from", "-"], input=names, check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return (time.perf_counter() - start) * 1000, (processor_time() - before) * 1000


def main():
    samples = os.environ.get("IMSG_SAMPLES")
    if samples is None:
        print("IMSG_SAMPLES names no samples: left out")
        return 77
    if len(os.sched_getaffinity(0)) < 2:
        print("There is one processor only: left out")
        return 77
    tool = os.environ.get("IMSG_TOOL", "imsg")
    paths = sorted(str(path) for path in pathlib.Path(samples, "msg").rglob("*.msg"))
    names = ("\n".join(paths * N_TIMES) + "\n").encode()
    times = {1: [], 2: []}
    for _ in range(4):
        for jobs, measured in times.items():
            measured.append(run(tool, jobs, names))
    one, two = min(times[1])[0], min(times[2])[0]
    work_one, work_two = (min(work for _, work in times[jobs]) for jobs in (1, 2))
    kept = one >= BUDGET * two
    print(f"imsg dump of {len(paths) * N_TIMES} files: -j1 {one:.1f} ms, -j2 {two:.1f} ms: "
          f"{one / two:.2f} x, budget {BUDGET} x, {'kept' if kept else 'MISSED'}")
    print(f"    processor time: -j1 {work_one:.1f} ms, -j2 {work_two:.1f} ms: two processors with "
          f"nothing else to do would give {2 * work_one / work_two:.2f} x")
    # Where one worker does not get a whole processor, two cannot get two: the clock says nothing.
    share = work_one / one
    if share < 0.9:
        print(f"    one worker had {share:.2f} of a processor: the machine is busy, and the clock "
              "does not judge")
        kept = kept or 2 * work_one >= BUDGET * work_two
    return 0 if kept else 1


sys.exit(main())
