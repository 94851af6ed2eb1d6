#!/usr/bin/env python3
# count-results.py - the closing line of a test run, from meson's logs
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Counts each case that a TAP program reported, and any other test as one."""

import json
import re
import sys

CASE = re.compile(r'^(not )?ok\b[^#\n]*(?:#\s*(\w+))?', re.MULTILINE | re.IGNORECASE)


def count(entry):
    """How many passed, failed and were skipped in one entry of the log."""
    passed = failed = skipped = 0
    for case in CASE.finditer(entry.get('stdout') or ''):
        directive = (case.group(2) or '').lower()
        if directive == 'skip':
            skipped += 1
        elif case.group(1) and directive != 'todo':
            failed += 1
        else:
            passed += 1
    result = entry['result']
    if result in ('OK', 'EXPECTEDFAIL'):
        if passed + failed + skipped == 0:
            passed = 1
    elif result == 'SKIP':
        skipped = max(skipped, 1)
    elif failed == 0:
        # killed, timed out, or complaining outside of its cases
        failed = 1
    return passed, failed, skipped


def main(paths):
    passed = failed = skipped = 0
    for path in paths:
        try:
            with open(path, encoding='utf-8') as log:
                for line in log:
                    numbers = count(json.loads(line))
                    passed += numbers[0]
                    failed += numbers[1]
                    skipped += numbers[2]
        except OSError as error:
            print(f'{path}: {error.strerror}', file=sys.stderr)
            failed += 1
    print(f'{passed} passed, {failed} failed' + (f', {skipped} skipped' if skipped else ''))
    return 1 if failed or not passed else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
