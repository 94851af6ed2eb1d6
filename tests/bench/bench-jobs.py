#!/usr/bin/env python3
# bench-jobs.py - the imsg command with one worker and with two
# SPDX-License-Identifier: LGPL-2.1-or-later
import os
import pathlib
import subprocess
import sys
import time

BUDGET = 1.8
N_TIMES = 12


def run(tool, jobs, names):
    start = time.perf_counter()
    subprocess.run([tool, "dump", f"-j{jobs}", "--files-from", "-"], input=names, check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return (time.perf_counter() - start) * 1000


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
    one, two = min(times[1]), min(times[2])
    kept = one >= BUDGET * two
    print(f"imsg dump of {len(paths) * N_TIMES} files: -j1 {one:.1f} ms, -j2 {two:.1f} ms: "
          f"{one / two:.2f} x, budget {BUDGET} x, {'kept' if kept else 'MISSED'}")
    return 0 if kept else 1


sys.exit(main())
