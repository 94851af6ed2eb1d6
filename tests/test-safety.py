#!/usr/bin/env python3
# test-safety.py - each test that the page on safety, or CONTRIBUTING.md, names is there
# SPDX-License-Identifier: LGPL-2.1-or-later
"""IMSG_TESTS names the folder the tests were built in, IMSG_SAFETY the page."""

import fnmatch
import os
import pathlib
import re
import subprocess
import unittest

import tap


def list_tests(folder):
    """The paths of all test programs below a folder."""
    paths = set()
    for program in sorted(pathlib.Path(folder).glob('**/test-*')):
        if '.' in program.name or not program.is_file() or not os.access(program, os.X_OK):
            continue
        listed = subprocess.run([program, '-l'], capture_output=True, text=True, check=False,
                                timeout=60)
        paths.update(line for line in listed.stdout.splitlines() if line.startswith('/imsg/'))
    return paths


class Safety(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        page = pathlib.Path(os.environ['IMSG_SAFETY']).read_text(encoding='utf-8')
        cls.named = re.findall(r'`(/imsg/[^`]+)`', page)
        cls.rows = [line for line in page.splitlines()
                    if line.startswith('| ') and not line.startswith(('| trick', '| limit'))]
        cls.paths = list_tests(os.environ['IMSG_TESTS'])

    def test_tests_are_there(self):
        self.assertGreater(len(self.paths), 100)
        self.assertGreater(len(self.named), 50)
        missing = [name for name in self.named if not fnmatch.filter(self.paths, name)]
        self.assertEqual(missing, [])

    def test_contributing(self):
        page = pathlib.Path(os.environ['IMSG_SAFETY']).parents[1] / 'CONTRIBUTING.md'
        named = re.findall(r' -p (/imsg/\S+)', page.read_text(encoding='utf-8'))
        self.assertEqual([name for name in named if name not in self.paths], [])
        self.assertGreater(len(named), 0)

    def test_each_row_names_a_test(self):
        self.assertEqual([row for row in self.rows if '`/imsg/' not in row], [])


if __name__ == '__main__':
    tap.main()
