#!/usr/bin/env python3
# test-readers.py - what independent programs read in the messages we write
# SPDX-License-Identifier: LGPL-2.1-or-later

import email
import email.policy
import os
import shutil
import subprocess
import tempfile
import unittest

import tap

IMSG = os.environ.get('IMSG_TOOL', 'imsg')
SUBJECT = 'Quarterly report – über 東京'
# msgconvert prints other letters wrongly, whoever wrote the file
TEXT = 'The figures are attached.\r\nGreetings'
FIGURES = b'a;1\nb;2\n' + bytes(range(256)) * 40

try:
    import olefile
except ImportError:
    olefile = None


class ReaderCase(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix='imsg-test-')
        self.addCleanup(self.folder.cleanup)
        self.letter = os.path.join(self.folder.name, 'letter.msg')
        self.figures = os.path.join(self.folder.name, 'figures.bin')
        with open(self.figures, 'wb') as file:
            file.write(FIGURES)
        subprocess.run([IMSG, 'new', '-o', self.letter, '--from', 'Ann Lee <ann@example.org>',
                        '--to', 'Bo Berg <bo@example.org>', '--cc', 'cy@example.org',
                        '--subject', SUBJECT, '--text', TEXT, '--attach', self.figures],
                       check=True, timeout=60)


@unittest.skipIf(shutil.which('msgconvert') is None, 'there is no msgconvert')
class Msgconvert(ReaderCase):
    def read(self):
        done = subprocess.run(['msgconvert', '--outfile', '-', self.letter], check=True,
                              stdout=subprocess.PIPE, timeout=60)
        return email.message_from_bytes(done.stdout, policy=email.policy.default)

    def test_headers(self):
        mail = self.read()
        self.assertEqual(mail['subject'], SUBJECT)
        self.assertIn('ann@example.org', mail['from'])
        self.assertIn('bo@example.org', mail['to'])
        self.assertIn('cy@example.org', mail['cc'])

    def test_text(self):
        text = self.read().get_body(('plain',)).get_content()
        self.assertEqual(text.split(), TEXT.split())

    def test_attachment(self):
        parts = [part for part in self.read().walk() if part.get_filename() == 'figures.bin']
        self.assertEqual([part.get_payload(decode=True) for part in parts], [FIGURES])


@unittest.skipIf(olefile is None, 'there is no olefile')
class Olefile(ReaderCase):
    def setUp(self):
        super().setUp()
        self.file = olefile.OleFileIO(self.letter)
        self.addCleanup(self.file.close)

    def stream(self, *path):
        with self.file.openstream(list(path)) as stream:
            return stream.read()

    def test_class_id(self):
        self.assertEqual(self.file.root.clsid, '00020D0B-0000-0000-C000-000000000046')

    def test_text(self):
        self.assertEqual(self.stream('__substg1.0_0037001F').decode('utf-16-le'), SUBJECT)
        self.assertEqual(self.stream('__substg1.0_1000001F').decode('utf-16-le'), TEXT)

    def test_attachment(self):
        data = self.stream('__attach_version1.0_#00000000', '__substg1.0_37010102')
        self.assertEqual(data, FIGURES)

    def test_counts(self):
        properties = self.stream('__properties_version1.0')
        self.assertEqual(int.from_bytes(properties[16:20], 'little'), 2)
        self.assertEqual(int.from_bytes(properties[20:24], 'little'), 1)


if __name__ == '__main__':
    tap.main()
