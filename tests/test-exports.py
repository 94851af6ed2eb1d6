#!/usr/bin/env python3
# test-exports.py - the exported symbols against the checked-in list
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Usage: test-exports.py LIBRARY LIST [--update]. A symbol that comes or goes changes the ABI."""

import os
import subprocess
import sys
import unittest

import tap

LIBRARY, LIST = sys.argv[1:3]
del sys.argv[1:3]


def exported_symbols():
    listing = subprocess.run(['nm', '-D', '--defined-only', LIBRARY], capture_output=True,
                             text=True, check=True).stdout
    return {line.split()[-1] for line in listing.splitlines()}


def update():
    with open(LIST, encoding='utf-8') as file:
        comments = [line for line in file if line.startswith('#')]
    with open(LIST, 'w', encoding='utf-8') as file:
        file.writelines(comments + [f'{name}\n' for name in sorted(exported_symbols())])


class Exports(unittest.TestCase):
    def setUp(self):
        self.exported = exported_symbols()
        with open(LIST, encoding='utf-8') as file:
            lines = [line.strip() for line in file]
        self.listed = [line for line in lines if line and not line.startswith('#')]

    def test_same(self):
        self.assertEqual(sorted(self.exported - set(self.listed)), [], 'exported but not listed')
        self.assertEqual(sorted(set(self.listed) - self.exported), [], 'listed but not exported')

    def test_sorted(self):
        self.assertEqual(self.listed, sorted(set(self.listed)))

    def test_prefix(self):
        prefixes = ('imsg_',) if 'mapi' not in os.path.basename(LIBRARY) else ('',)
        self.assertEqual([name for name in self.exported if not name.startswith(prefixes)], [])


if __name__ == '__main__':
    if '--update' in sys.argv:
        update()
    else:
        tap.main()
