#!/usr/bin/env python3
# test-symbols.py - what the library exports is what the list says
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Usage: test-symbols.py LIBRARY LIST"""

import subprocess
import sys

library, listed = sys.argv[1:]
output = subprocess.run(['nm', '-D', '--defined-only', library], check=True, capture_output=True,
                        text=True).stdout
found = {line.split()[-1].split('@')[0] for line in output.splitlines()}
with open(listed, encoding='ascii') as lines:
    wanted = {line.strip() for line in lines if line.strip() and not line.startswith('#')}
print('1..1')
for name in sorted(found - wanted):
    print(f'# exported, not listed: {name}')
for name in sorted(wanted - found):
    print(f'# listed, not exported: {name}')
print('ok 1 - symbols' if found == wanted else 'not ok 1 - symbols')
