#!/usr/bin/env python3
# test-readme.py - the examples of README.md, run as printed
# SPDX-License-Identifier: LGPL-2.1-or-later

import json
import os
import re
import shutil
import subprocess
import tempfile
import unittest

import tap

README = os.environ['IMSG_README']


def examples():
    """The fenced blocks of the README by their language."""
    with open(README, encoding='utf-8') as file:
        return dict(re.findall(r'^```(\w+)\n(.*?)^```$', file.read(), re.MULTILINE | re.DOTALL))


class Readme(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix='imsg-readme-')
        self.addCleanup(shutil.rmtree, self.folder)
        with open(os.path.join(self.folder, 'figures.csv'), 'w', encoding='utf-8') as file:
            file.write('a;1\n')
        # The messages of the other examples come from the shell's
        self.shell = self.run_file('example.sh', examples()['sh'], ['sh', '-eu'])

    def run_file(self, name, text, command, arguments=()):
        path = os.path.join(self.folder, name)
        with open(path, 'w', encoding='utf-8') as file:
            file.write(text)
        return self.run_command([*command, path, *arguments])

    def run_command(self, command):
        # Leaks at the exit of an interpreter are not ours
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, timeout=120,
                              check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stderr, '')
        return done.stdout

    def dump(self):
        return json.loads(self.run_command(['imsg', 'dump', 'letter.msg']))['message']

    def test_shell(self):
        self.assertIn('Subject: Quarterly report', self.shell)
        message = self.dump()
        self.assertIn(('PR_IMPORTANCE', 2),
                      [(p['name'], p['value']) for p in message['properties']])
        self.assertTrue(os.path.exists(os.path.join(self.folder, 'attachments', 'figures.csv')))
        with open(os.path.join(self.folder, 'letter.json'), encoding='utf-8') as file:
            self.assertEqual(json.load(file)['message']['subject'], 'Quarterly report')

    def test_python(self):
        text = self.run_file('example.py', examples()['python'], [os.environ['IMSG_PYTHON']],
                             ['letter.msg'])
        self.assertEqual(text, 'Quarterly report from Ann Lee\n'
                               'attached: figures.csv 4 bytes\n')
        self.assertEqual(self.dump()['subject'], 'Read: Quarterly report')

    @unittest.skipUnless(shutil.which('gjs'), 'there is no gjs')
    def test_javascript(self):
        text = self.run_file('example.js', examples()['js'], ['gjs'], ['letter.msg'])
        self.assertEqual(text, 'Bo Berg bo@example.org\nQuarterly report 2\n')

    def test_c(self):
        with open(os.path.join(self.folder, 'example.c'), 'w', encoding='utf-8') as file:
            file.write(examples()['c'])
        self.run_command(['sh', '-eu', '-c',
                          'cc example.c -o example $(pkg-config --cflags --libs libimsg-1)'])
        self.assertEqual(self.run_command(['./example', 'letter.msg']),
                         'Quarterly report (IPM.Note)\n')


if __name__ == '__main__':
    tap.main()
