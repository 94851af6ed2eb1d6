#!/usr/bin/env python3
# test-example.py - the example copies a message; an independent reader finds it whole
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Usage: test-example.py SOURCE MAKE-MESSAGE SAVE-MESSAGE…"""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

try:
    import olefile
except ImportError:
    olefile = None
    # The system's interpreter may have what this one lacks.
    system = pathlib.Path('/usr/bin/python3')
    if system.exists() and pathlib.Path(sys.executable).resolve() != system.resolve():
        probe = subprocess.run([system, '-c', 'import olefile'], capture_output=True)
        if probe.returncode == 0:
            sys.exit(subprocess.run([system, '-B'] + sys.argv).returncode)

n_tests = 0


def check(condition, what):
    global n_tests
    n_tests += 1
    print(f'{"ok" if condition else "not ok"} {n_tests} - {what}')


def read(ole, *path):
    with ole.openstream('/'.join(path)) as stream:
        return stream.read()


def examine(path, name):
    if olefile is None:
        global n_tests
        n_tests += 1
        print(f'ok {n_tests} - {name} # SKIP olefile is not installed')
        return
    with olefile.OleFileIO(str(path)) as ole:
        check(ole.root.clsid == '00020D0B-0000-0000-C000-000000000046', name + ': class')
        check(read(ole, '__substg1.0_0037001F').decode('utf-16le') == 'RE: the example',
              name + ': subject')
        check(read(ole, '__substg1.0_0E1D001F').decode('utf-16le') == 'the example',
              name + ': normalized subject')
        recipient = '__recip_version1.0_#00000000'
        check(read(ole, recipient, '__substg1.0_3001001F').decode('utf-16le') == 'Anna Example',
              name + ': recipient')
        attachment = '__attach_version1.0_#00000000'
        check(read(ole, attachment, '__substg1.0_37010102') == b'attached bytes',
              name + ': attachment')
        header = read(ole, '__properties_version1.0')
        check(header[16:24] == b'\1\0\0\0\1\0\0\0', name + ': counts')
        check(read(ole, '__substg1.0_1000001F').decode('utf-16le') == 'the body', name + ': body')


def build(source, program):
    """As the documentation says it is built, with no path to the libraries but pkg-config's."""
    flags = subprocess.run(['pkg-config', '--cflags', '--libs', 'libimsg-mapi-1'],
                           capture_output=True, text=True)
    if shutil.which('cc') is None or flags.returncode != 0:
        return False
    env = {key: value for key, value in os.environ.items() if key != 'LD_LIBRARY_PATH'}
    result = subprocess.run(['cc', '-o', program, source] + flags.stdout.split(), env=env,
                            capture_output=True, text=True)
    check(result.returncode == 0, 'build by pkg-config ' + result.stderr.replace('\n', ' ')[:500])
    return result.returncode == 0


with tempfile.TemporaryDirectory() as folder:
    made = pathlib.Path(folder) / 'made.msg'
    programs = sys.argv[3:]
    if build(sys.argv[1], pathlib.Path(folder) / 'built'):
        programs.append(pathlib.Path(folder) / 'built')
    result = subprocess.run([sys.argv[2], made], capture_output=True, text=True)
    check(result.returncode == 0, 'make-message ' + result.stdout.replace('\n', ' '))
    examine(made, 'made')
    for program in programs:
        name = pathlib.Path(program).name
        copy = pathlib.Path(folder) / (name + '.msg')
        result = subprocess.run([program, made, copy], capture_output=True, text=True)
        check(result.returncode == 0 and result.stdout == '',
              name + ' ' + (result.stdout + result.stderr).replace('\n', ' '))
        examine(copy, name)
print(f'1..{n_tests}')
