#!/usr/bin/env python3
# test-documentation.py - the reference: every public symbol, every error, every example
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Usage: test-documentation.py IMsg-1.gir SETTINGS.toml"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree

import tap

GIR, SETTINGS = (os.path.abspath(path) for path in sys.argv[1:3])
del sys.argv[1:3]
CORE = '{http://www.gtk.org/introspection/core/1.0}'
IDENTIFIER = '{http://www.gtk.org/introspection/c/1.0}identifier'
SIGNAL = '{http://www.gtk.org/introspection/glib/1.0}signal'
CALLABLE = {CORE + kind for kind in ('function', 'method', 'constructor')}
SYMBOLS = CALLABLE | {SIGNAL} | {CORE + kind for kind in (
    'class', 'record', 'enumeration', 'bitfield', 'callback', 'constant', 'property')}

# What an example may use without making it
EXAMPLE = '''
G_GNUC_UNUSED static gboolean
example_{number} (IMsgMessage *message, IMsgPropertyObject *object, GFile *file,
                  GOutputStream *output)
{{
  g_autoptr(GError) error = NULL;
  {{
{text}
  }}
  return TRUE;
}}
'''


def symbols():
    """Each public symbol with its name and documentation."""
    def walk(element, path):
        for child in element:
            if child.tag in SYMBOLS:
                name = child.get(IDENTIFIER) or f'{path}.{child.get("name")}'
                # Structures of classes are private, and GLib wants the quark
                if not name.endswith(('Class', 'quark')):
                    yield child, name, child.findtext(CORE + 'doc', '')
            if child.tag in SYMBOLS:
                yield from walk(child, f'{path}.{child.get("name")}')

    root = xml.etree.ElementTree.parse(GIR).getroot()
    return list(walk(root.find(CORE + 'namespace'), 'IMsg'))


class Documentation(unittest.TestCase):
    def test_every_symbol(self):
        found = symbols()
        self.assertGreater(len(found), 1000)
        for element, name, text in found:
            with self.subTest(name=name):
                self.assertTrue(text, 'not documented')
                self.assertIsNotNone(element.get('version'), 'no Since:')

    def test_every_error(self):
        for element, name, text in symbols():
            if element.tag in CALLABLE and element.get('throws') == '1':
                with self.subTest(name=name):
                    self.assertRegex(text, r'[Ff]ails|IMSG_ERROR_')

    def test_arrays(self):
        """An array frees what it holds: a binding that did so as well would free it twice."""
        arrays = 0
        for element, name, _ in symbols():
            for given in [*element.iter(CORE + 'return-value'), *element.iter(CORE + 'parameter')]:
                array = given.find(CORE + 'array')
                if array is None or array.get('name') != 'GLib.PtrArray':
                    continue
                arrays += 1
                with self.subTest(name=name):
                    self.assertNotEqual(given.get('transfer-ownership'), 'full')
        self.assertGreater(arrays, 20)

    @unittest.skipUnless(shutil.which('gi-docgen'), 'there is no gi-docgen')
    def test_parameters(self):
        """What gi-docgen finds missing: parameters, values that are returned, members."""
        done = subprocess.run(['gi-docgen', 'check', '--quiet', '--fatal-warnings', '--config',
                               SETTINGS, GIR], capture_output=True, text=True, timeout=300,
                              check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    @unittest.skipUnless(shutil.which('cc') and shutil.which('pkg-config'), 'there is no compiler')
    def test_examples(self):
        """The examples of classes and topics compile."""
        texts = [text for _, _, text in symbols()]
        texts += [path.read_text('utf-8') for path in pathlib.Path(SETTINGS).parent.glob('*.md')]
        examples = [example for text in texts
                    for example in re.findall(r'^```c\n(.*?)^```$', text, re.MULTILINE | re.DOTALL)]
        self.assertGreater(len(examples), 10)
        flags = subprocess.run(['pkg-config', '--cflags', 'libimsg-1'], capture_output=True,
                               text=True, timeout=60, check=True).stdout.split()
        with tempfile.NamedTemporaryFile('w', suffix='.c', encoding='utf-8') as file:
            file.write('#include <imsg.h>\n')
            for number, text in enumerate(examples):
                file.write(EXAMPLE.format(number=number, text=text))
            file.flush()
            done = subprocess.run(['cc', '-fsyntax-only', '-Wall', '-Werror', *flags, file.name],
                                  capture_output=True, text=True, timeout=120, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)


if __name__ == '__main__':
    tap.main()
