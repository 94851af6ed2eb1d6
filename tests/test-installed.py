#!/usr/bin/env python3
# test-installed.py - what an installation holds, used from where it was installed
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Usage: test-installed.py BUILD-FOLDER. Installs into a folder of its own first."""

import glob
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

import tap

BUILD = sys.argv[1]
del sys.argv[1]

C_PROGRAM = '''#include <imsg.h>

int
main (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = imsg_session_create_message (session, "IPM.Note", NULL);

  g_print ("%s\\n", imsg_message_get_message_class (message));
  return 0;
}
'''

PYTHON_PROGRAM = '''import gi
gi.require_version("IMsg", "1")
from gi.repository import IMsg
session = IMsg.Session.new()
print(session.create_message("IPM.Note").get_message_class())
'''


class Installed(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix='imsg-installed-')
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        subprocess.run(['meson', 'install', '-C', BUILD, '--no-rebuild', '--quiet',
                        '--destdir', cls.folder], check=True, capture_output=True)
        cls.prefix = os.path.dirname(os.path.dirname(cls.find('bin/imsg')))

    @classmethod
    def find(cls, name):
        found = glob.glob(os.path.join(cls.folder, '**', name), recursive=True)
        assert found, f'{name} is not installed'
        return found[0]

    def run_command(self, *command):
        libraries = os.path.dirname(self.find('libimsg-1.so'))
        environment = dict(os.environ, LD_LIBRARY_PATH=libraries,
                           GI_TYPELIB_PATH=os.path.dirname(self.find('IMsg-1.typelib')))
        done = subprocess.run(command, cwd=self.folder, env=environment, capture_output=True,
                              text=True, timeout=120, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def test_files(self):
        for name in ('libimsg-1/imsg.h', 'IMsg-1.gir', 'libimsg-1.vapi', 'man1/imsg.1',
                     'completions/imsg', 'pkgconfig/libimsg-1.pc', 'pkgconfig/libimsg-mapi-1.pc'):
            with self.subTest(name=name):
                self.find(name)

    def test_no_private_headers(self):
        self.assertEqual(glob.glob(os.path.join(self.folder, '**', '*-private.h'),
                                   recursive=True), [])

    def test_command(self):
        self.assertIn('imsg', self.run_command(self.find('bin/imsg'), '--version'))

    def test_c(self):
        package = self.find('pkgconfig/libimsg-1.pc')
        source = os.path.join(self.folder, 'program.c')
        with open(source, 'w', encoding='utf-8') as file:
            file.write(C_PROGRAM)
        # The prefix stands in another folder than it was configured for
        flags = self.run_command('pkg-config', '--cflags', '--libs',
                                 f'--define-variable=prefix={self.prefix}', package).split()
        # which takes the prefix for that of the packages below too
        flags += self.run_command('pkg-config', '--cflags', '--libs', 'gio-2.0',
                                  'libgsf-1').split()
        self.run_command('cc', source, '-o', 'program', *flags)
        self.assertEqual(self.run_command('./program'), 'IPM.Note\n')

    def test_python(self):
        self.assertEqual(self.run_command(os.environ['IMSG_PYTHON'], '-c', PYTHON_PROGRAM),
                         'IPM.Note\n')


if __name__ == '__main__':
    tap.main()
