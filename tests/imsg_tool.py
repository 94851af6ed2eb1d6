# imsg_tool.py - the command as tests call it, and a message to try it on
# SPDX-License-Identifier: LGPL-2.1-or-later

import json
import os
import subprocess
import tempfile
import unittest

IMSG = os.environ.get('IMSG_TOOL', 'imsg')


def run(*arguments, data=None, cwd=None, status=0):
    """Runs imsg; no call may die of a signal, hang, or make GLib complain."""
    environment = dict(os.environ, LC_ALL='C.UTF-8', LANGUAGE='C', TZ='UTC', G_DEBUG='fatal-warnings')
    done = subprocess.run([IMSG, *arguments], input=data, cwd=cwd, env=environment,
                          capture_output=True, timeout=60, check=False)
    errors = done.stderr.decode(errors='replace')
    if status is None:
        status = done.returncode if done.returncode in (0, 1) else 0
    assert done.returncode == status, f'{arguments[:6]}: exit {done.returncode}, not {status}: {errors}'
    assert 'WARNING' not in errors and 'CRITICAL' not in errors, errors
    return done


def output(*arguments, **keywords):
    return run(*arguments, **keywords).stdout.decode()


def dump(name, *options, **keywords):
    return json.loads(output('dump', *options, name, **keywords))


def differences(first, second):
    """Lines of imsg diff; a copy of an attachment has a record key of its own."""
    done = run('diff', first, second, status=None)
    return [line for line in done.stdout.decode().splitlines() if 'PR_RECORD_KEY' not in line]


def lose_stream(name, stream):
    """Lets the stream's sectors begin outside of the file: nothing of it can be read any more."""
    with open(name, 'rb') as file:
        data = bytearray(file.read())
    entry = data.rfind(stream.encode('utf-16-le') + b'\0\0')
    data[entry + 116:entry + 120] = (0x00FFFFF0).to_bytes(4, 'little')
    with open(name, 'wb') as file:
        file.write(data)


class ToolCase(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix='imsg-test-')
        self.addCleanup(self.folder.cleanup)
        self.letter = self.path('letter.msg')
        with open(self.path('figures.csv'), 'w', encoding='utf-8') as file:
            file.write('a;1\nb;2\n')
        run('new', '-o', self.letter, '--from', 'Ann Lee <ann@example.org>',
            '--to', 'Bo Berg <bo@example.org>', '--to', 'cy@example.org',
            '--cc', '"Team, all" <team@example.org>', '--bcc', 'Di <di@example.org>',
            '--subject', 'Quarterly report – über', '--text', 'The figures are attached.',
            '--attach', self.path('figures.csv'), 'PR_IMPORTANCE=2')

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def read(self, name):
        with open(self.path(name), 'rb') as file:
            return file.read()

    def write(self, name, data):
        with open(self.path(name), 'wb') as file:
            file.write(data)

    def names(self):
        return sorted(os.listdir(self.folder.name))
