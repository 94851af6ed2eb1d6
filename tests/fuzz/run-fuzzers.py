#!/usr/bin/env python3
# run-fuzzers.py - runs fuzz targets built with libFuzzer, and tells what came of it
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Each target has a folder below WORK: corpus, artifacts, a log and the times of each run. Seeds are
written by the target itself. A run ends at its time or with its first finding; another one goes on
from the corpus. On a machine that others use too --processor-seconds repeats the runs of a target
until all that it ever had come to that. --summary prints the table of docs/fuzzing.md from the logs
there are."""

import argparse
import concurrent.futures
import os
import pathlib
import re
import resource
import subprocess
import time

COMPOUND = {'compound-file', 'message', 'storage'}
SLICE = 600
LINE = re.compile(r'^#(\d+)\s+(\w+)\s+cov: (\d+) .*?exec/s: (\d+)')
FINDING = re.compile(r'(runtime error: .*|ERROR: (?:AddressSanitizer|LeakSanitizer|libFuzzer): .*'
                     r'|WARNING \*\*: .*|CRITICAL \*\*: .*|ERROR:.*assertion failed.*)')


def spent(folder):
    """The processor time that a target ever had, in seconds."""
    words = [path.read_text().split()[-2:] for path in folder.glob('time.*')]
    return sum(float(word) for pair in words for word in pair)


def run_until(build, work, target, options):
    """Runs of one target until it had its time, or one of them found something."""
    if not options.processor_seconds:
        return run(build, work, target, options.seconds, options.nice)
    while (left := options.processor_seconds - spent(work / target)) > 0:
        _, code = run(build, work, target, int(min(max(left, 20), SLICE)), options.nice)
        if code != 0:
            return target, code
    return target, 0


def run(build, work, target, seconds, nice):
    """One run of one target."""
    program = (build / 'tests' / 'fuzz' / f'fuzz-{target}').resolve()
    folder = work / target
    for name in ('corpus', 'artifacts'):
        (folder / name).mkdir(parents=True, exist_ok=True)
    number = len(list(folder.glob('log.*')))
    environment = dict(os.environ, G_SLICE='always-malloc',
                       ASAN_OPTIONS='allocator_may_return_null=1:detect_odr_violation=0',
                       UBSAN_OPTIONS='print_stacktrace=1:halt_on_error=1')
    if target == 'json':  # JSON-GLib's parser loses the half-made tree of bad JSON
        environment['ASAN_OPTIONS'] += ':detect_leaks=0'
    subprocess.run([program, f'--write-seeds={folder}/corpus'], env=environment, check=False,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    # Choosing inputs by the entropy of what they reach takes longer than running them
    arguments = [program, 'corpus', f'-max_total_time={seconds}', '-rss_limit_mb=2048', '-timeout=25',
                 '-entropic=0', '-artifact_prefix=artifacts/', '-print_final_stats=1']
    if target in COMPOUND:
        arguments.append('-max_len=65536')
    begin = time.monotonic()
    with open(folder / f'log.{number}', 'w', encoding='utf-8') as log:
        child = subprocess.Popen(['nice', '-n', str(nice), *map(str, arguments)], cwd=folder,
                                 env=environment, stdout=log, stderr=log)
        _, status, usage = os.wait4(child.pid, 0)
    (folder / f'time.{number}').write_text(
        f'{time.monotonic() - begin:.0f} {usage.ru_utime:.0f} {usage.ru_stime:.0f}\n')
    return target, os.waitstatus_to_exitcode(status)


def summarize(folder):
    """A row: CPU and wall time, executions, coverage, when the last of it was new, findings."""
    wall = cpu = last = 0.0
    executions = 0
    first_cov = best_cov = 0
    findings = []
    for log in sorted(folder.glob('log.*'), key=lambda path: int(path.suffix[1:])):
        times = folder / log.name.replace('log', 'time')
        elapsed = [float(word) for word in (times.read_text() if times.exists() else '').split()[-3:]]
        elapsed = elapsed or [0.0, 0.0, 0.0]  # it is still running
        number = 0
        for line in log.read_text(encoding='utf-8', errors='replace').splitlines():
            match = LINE.match(line)
            if match:
                number, cov, rate = int(match[1]), int(match[3]), int(match[4])
                first_cov = first_cov or cov
                if cov > best_cov:
                    best_cov = cov
                    last = wall + (number / rate if rate else 0)
            elif line.startswith('stat::number_of_executed_units:'):
                number = int(line.split()[-1])
            elif FINDING.search(line) and (not findings or findings[-1][0] != log.name):
                findings.append((log.name, wall + elapsed[0], FINDING.search(line)[1][:90]))
        executions += number
        wall += elapsed[0]
        cpu += elapsed[1] + elapsed[2]
    text = '; '.join(f'{at / 60:.0f} min: {what}' for _, at, what in findings) or 'none'
    return (f'| {folder.name} | {wall / 60:.0f} | {cpu / 60:.0f} | {executions:,} '
            f'| {first_cov:,} | {best_cov:,} | {last / 60:.0f} | {text} |').replace(',', ' ')


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--build', type=pathlib.Path, default=pathlib.Path('fuzz'))
    parser.add_argument('--work', type=pathlib.Path, default=pathlib.Path('fuzz-work'))
    parser.add_argument('--seconds', type=int, default=3600, help='of each target')
    parser.add_argument('--processor-seconds', type=int, help='of each target, in all its runs')
    parser.add_argument('--jobs', type=int, default=2)
    parser.add_argument('--nice', type=int, default=19)
    parser.add_argument('--summary', action='store_true', help='run nothing, print the table')
    parser.add_argument('targets', nargs='*')
    options = parser.parse_args()
    if not options.summary:
        targets = options.targets or sorted(
            path.name[5:] for path in (options.build / 'tests' / 'fuzz').glob('fuzz-*')
            if path.is_file())
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
            for target, code in pool.map(
                    lambda name: run_until(options.build, options.work, name, options), targets):
                print(target, 'found something' if code != 0 else 'found nothing', flush=True)
    print('| target | wall min | CPU min | executions | coverage at first | at last '
          '| last new, min | findings |\n|---|---|---|---|---|---|---|---|')
    for folder in sorted(path for path in options.work.iterdir() if list(path.glob('log.*'))):
        print(summarize(folder))


if __name__ == '__main__':
    main()
