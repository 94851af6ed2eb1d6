#!/usr/bin/env python3
# bench-inspector-start.py - how long the inspector takes to its first frame, against an empty window
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# usage: bench-inspector-start.py INSPECTOR EMPTY-WINDOW FIRST-FRAME-LIBRARY [N-RUNS]
# It starts a display and a session bus of its own. The two take turns, so that both see the same
# machine; what is compared are medians.

import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

BUDGET = 1.3

for program in ('xvfb-run', 'dbus-run-session'):
    if shutil.which(program) is None:
        print('skipped: needs ' + program)
        sys.exit(77)
if 'IMSG_WALK' not in os.environ:
    os.execvpe('xvfb-run', ['xvfb-run', '-a', '-s', '-screen 0 1280x900x24 -noreset',
                            'dbus-run-session', '--', sys.executable, *sys.argv],
               dict(os.environ, IMSG_WALK='1'))


def measure(program, environment):
    """Milliseconds to the first frame, and of processor time."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.clock_gettime(time.CLOCK_MONOTONIC)
    result = subprocess.run([program], env=environment, capture_output=True, text=True, timeout=60)
    now = resource.getrusage(resource.RUSAGE_CHILDREN)
    painted = [line for line in result.stdout.splitlines() if line.startswith('painted ')]
    if not painted:
        sys.exit('%s painted nothing: %s' % (program, result.stderr))
    return (int(painted[0].split()[1]) / 1000 - start * 1000,
            (now.ru_utime + now.ru_stime - used.ru_utime - used.ru_stime) * 1000)


def main():
    programs = [os.path.abspath(name) for name in sys.argv[1:3]]
    n_runs = int(sys.argv[4]) if len(sys.argv) > 4 else 25
    with tempfile.TemporaryDirectory(prefix='imsg-bench-') as home:
        environment = dict(os.environ, LD_PRELOAD=os.path.abspath(sys.argv[3]),
                           GSK_RENDERER='cairo', GTK_A11Y='none', GSETTINGS_BACKEND='memory',
                           XDG_CONFIG_HOME=home, XDG_STATE_HOME=home, XDG_CACHE_HOME=home,
                           XDG_DATA_HOME=home)
        times = [[], []]
        for number in range(n_runs + 2):
            for which, program in enumerate(programs):
                sample = measure(program, environment)
                # The first two fill the caches
                if number >= 2:
                    times[which].append(sample)
    (ours, ours_cpu), (empty, empty_cpu) = ([statistics.median(column) for column in zip(*samples)]
                                            for samples in times)
    print('first frame: inspector %.0f ms, empty window %.0f ms (medians of %d turns)'
          % (ours, empty, n_runs))
    print('processor time: inspector %.0f ms, empty window %.0f ms: %.2f times'
          % (ours_cpu, empty_cpu, ours_cpu / empty_cpu))
    kept = ours <= BUDGET * empty
    print('inspector start, to the first frame: %.2f x, budget %.1f x, %s'
          % (ours / empty, BUDGET, 'kept' if kept else 'MISSED'))
    return 0 if kept else 1


sys.exit(main())
