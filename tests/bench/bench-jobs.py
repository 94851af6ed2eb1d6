#!/usr/bin/env python3
# bench-jobs.py - the imsg command with one worker and with two
# SPDX-License-Identifier: LGPL-2.1-or-later
import os
import pathlib
import resource
import subprocess
import sys
import tempfile
import time

BUDGET = 1.8
N_TIMES = 12


def processor_time():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def run(tool, jobs, *lists):
    """Dumps each list of names in a process of its own, all at once. Milliseconds by the clock, and
    of processor time."""
    start, before = time.perf_counter(), processor_time()
    running = [subprocess.Popen([tool, "dump", f"-j{jobs}", "--files-from", names],
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
               for names in lists]
    if any(process.wait() != 0 for process in running):
        sys.exit("imsg dump failed")
    return (time.perf_counter() - start) * 1000, (processor_time() - before) * 1000


def write_names(folder, name, paths):
    path = pathlib.Path(folder, name)
    path.write_text("".join(f"{one}\n" for one in paths), encoding="utf-8")
    return str(path)


def main():
    samples = os.environ.get("IMSG_SAMPLES")
    if samples is None:
        print("IMSG_SAMPLES names no samples: left out")
        return 77
    if len(os.sched_getaffinity(0)) < 2:
        print("There is one processor only: left out")
        return 77
    tool = os.environ.get("IMSG_TOOL", "imsg")
    paths = sorted(str(path) for path in pathlib.Path(samples, "msg").rglob("*.msg")) * N_TIMES
    times = {1: [], 2: [], "apart": []}
    with tempfile.TemporaryDirectory(prefix="imsg-bench-") as folder:
        names = write_names(folder, "all", paths)
        # What two workers could gain if they had nothing in common but the machine
        halves = [write_names(folder, f"half-{i}", paths[i::2]) for i in range(2)]
        for _ in range(4):
            times[1].append(run(tool, 1, names))
            times[2].append(run(tool, 2, names))
            times["apart"].append(run(tool, 1, *halves))
    one, two, apart = (min(times[how])[0] for how in (1, 2, "apart"))
    work_one, work_two, work_apart = (min(work for _, work in times[how])
                                      for how in (1, 2, "apart"))
    kept = one >= BUDGET * two
    print(f"imsg dump of {len(paths)} files: -j1 {one:.1f} ms, -j2 {two:.1f} ms: "
          f"{one / two:.2f} x, budget {BUDGET} x, {'kept' if kept else 'MISSED'}")
    print(f"    processor time: -j1 {work_one:.1f} ms, -j2 {work_two:.1f} ms: two processors with "
          f"nothing else to do would give {2 * work_one / work_two:.2f} x")
    print(f"    two processes with half of the files each: {apart:.1f} ms, {one / apart:.2f} x; "
          f"processor time {work_apart:.1f} ms, {2 * work_one / work_apart:.2f} x")
    # Where one worker does not get a whole processor, two cannot get two: the clock says nothing.
    share = work_one / one
    if share < 0.9:
        print(f"    one worker had {share:.2f} of a processor: the machine is busy, and the clock "
              "does not judge")
        kept = kept or 2 * work_one >= BUDGET * work_two
    return 0 if kept else 1


sys.exit(main())
