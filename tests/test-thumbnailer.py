#!/usr/bin/env python3
# test-thumbnailer.py - the pictures that file managers show of messages
# SPDX-License-Identifier: LGPL-2.1-or-later

import os
import pathlib
import subprocess
import tempfile
import unittest

import gi
gi.require_version('GdkPixbuf', '2.0')
from gi.repository import GdkPixbuf

import tap

IMSG = os.environ['IMSG_TOOL']
THUMBNAILER = os.environ['IMSG_THUMBNAILER']


def thumbnail(*arguments, status=0):
    environment = dict(os.environ, LC_ALL='C.UTF-8', LANGUAGE='C', TZ='UTC', G_DEBUG='fatal-warnings')
    done = subprocess.run([THUMBNAILER, *arguments], env=environment, capture_output=True,
                          text=True, timeout=60, check=False)
    assert done.returncode == status, f'{arguments}: exit {done.returncode}: {done.stderr}'
    assert 'WARNING' not in done.stderr and 'CRITICAL' not in done.stderr, done.stderr
    return done.stderr


class Thumbnailer(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix='imsg-test-')
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def make(self, name, *arguments):
        path = str(self.folder / name)
        subprocess.run([IMSG, 'new', '-o', path, *arguments], check=True, timeout=60)
        return path

    def draw(self, message, *options):
        picture = str(self.folder / 'picture.png')
        thumbnail(*options, message, picture)
        return GdkPixbuf.Pixbuf.new_from_file(picture)

    def ink_rows(self, pixbuf):
        """Rows of the picture, below the accent and within the edge, that hold something dark."""
        pixels, stride, channels = (pixbuf.get_pixels(), pixbuf.get_rowstride(),
                                    pixbuf.get_n_channels())
        edge = pixbuf.get_height() // 12
        return [y for y in range(edge, pixbuf.get_height() - edge)
                if any(pixels[y * stride + x * channels] < 128
                       for x in range(edge, pixbuf.get_width() - edge))]

    def test_size(self):
        letter = self.make('letter.msg', '--subject', 'Quarterly report')
        for size in (32, 128, 256, 1024):
            with self.subTest(size=size):
                pixbuf = self.draw(letter, '--size', str(size))
                self.assertEqual((pixbuf.get_width(), pixbuf.get_height()),
                                 (size, size * 3 // 4))
        for size in ('0', '31', '1025', '-5', 'big'):
            with self.subTest(size=size):
                thumbnail('--size', size, letter, str(self.folder / 'none.png'),
                          status=2 if size == 'big' else 1)
                self.assertFalse((self.folder / 'none.png').exists())

    def test_shows_sender_and_subject(self):
        """Each changes the picture, and each takes a line of its own."""
        pictures = {
            'subject': self.make('subject.msg', '--subject', 'Quarterly report'),
            'other': self.make('other.msg', '--subject', 'Holiday rota'),
            'both': self.make('both.msg', '--subject', 'Quarterly report',
                              '--from', 'Ann Lee <ann@example.org>'),
            'address': self.make('address.msg', '--subject', 'Quarterly report',
                                 '--from', 'ann@example.org'),
        }
        pixbufs = {name: self.draw(path) for name, path in pictures.items()}
        self.assertEqual(len({pixbuf.get_pixels() for pixbuf in pixbufs.values()}), 4)
        self.assertGreater(len(self.ink_rows(pixbufs['both'])),
                           len(self.ink_rows(pixbufs['subject'])))

    def test_odd_subjects(self):
        """Whatever a subject holds, text stays on the sheet."""
        subjects = {
            'long': 'x' * 20000,
            'words': 'a word ' * 5000,
            'lines': 'one\n\n\ntwo\ttab\u2028three',
            'right-to-left': 'שלום עולם',
            'markup': '<b>&amp;</b>',
            'emoji': '\U0001F600' * 400,
        }
        for name, subject in subjects.items():
            with self.subTest(name=name):
                pixbuf = self.draw(self.make(f'{name}.msg', '--subject', subject))
                rows = self.ink_rows(pixbuf)
                self.assertTrue(rows)
                self.assertLess(max(rows), pixbuf.get_height() - pixbuf.get_height() // 12)

    def test_no_subject(self):
        self.assertTrue(self.ink_rows(self.draw(self.make('bare.msg'))))

    def test_location(self):
        """File managers hand over a URI."""
        letter = self.make('le tter.msg', '--subject', 'Quarterly report')
        self.assertEqual(self.draw(pathlib.Path(letter).as_uri()).get_pixels(),
                         self.draw(letter).get_pixels())

    def test_no_message(self):
        wrong = self.folder / 'wrong.msg'
        for content in (b'', b'From: Ann\n', b'\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1' + bytes(600)):
            with self.subTest(content=content[:8]):
                wrong.write_bytes(content)
                picture = str(self.folder / 'none.png')
                self.assertIn('wrong.msg', thumbnail(str(wrong), picture, status=1))
                self.assertFalse(os.path.exists(picture))
        thumbnail(str(self.folder / 'missing.msg'), str(self.folder / 'none.png'), status=1)
        thumbnail(str(wrong), status=2)

    @tap.needs_samples
    def test_samples(self):
        for path in sorted(pathlib.Path(tap.SAMPLES).glob('msg/*/*.msg'))[::9]:
            with self.subTest(path=path.name):
                self.assertTrue(self.ink_rows(self.draw(str(path))))


if __name__ == '__main__':
    tap.main()
