#!/usr/bin/env python3
# test-translations.py - the translations are whole, and the programs speak them
# SPDX-License-Identifier: LGPL-2.1-or-later

import os
import pathlib
import re
import subprocess
import tempfile
import unittest

import tap

IMSG = os.environ['IMSG_TOOL']
LOCALES = os.environ['IMSG_LOCALE_DIR']
SOURCE = pathlib.Path(__file__).resolve().parent.parent
PO = SOURCE / 'po'
KEYWORDS = ['_', 'N_', 'C_:1c,2', 'NC_:1c,2']


def listed():
    """The files that hold strings for translators."""
    lines = (PO / 'POTFILES.in').read_text(encoding='utf-8').splitlines()
    return [line for line in lines if line and not line.startswith('#')]


def languages():
    lines = (PO / 'LINGUAS').read_text(encoding='utf-8').splitlines()
    return [line for line in lines if line and not line.startswith('#')]


def run(*command, **keywords):
    return subprocess.run([str(word) for word in command], cwd=SOURCE, check=True, text=True,
                          capture_output=True, timeout=60, **keywords)


class Translations(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix='imsg-test-')
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        cls.template = cls.folder / 'libimsg.pot'
        run('xgettext', '--from-code=UTF-8', '--files-from', PO / 'POTFILES.in',
            *[f'--keyword={keyword}' for keyword in KEYWORDS], '--output', cls.template)

    def test_complete(self):
        """Each language has each string that the sources have now, for certain."""
        self.assertGreaterEqual(set(languages()), {'de', 'fr', 'ja'})
        for language in languages():
            with self.subTest(language=language):
                merged = self.folder / f'{language}.po'
                run('msgmerge', '--quiet', '--no-fuzzy-matching', '--output-file', merged,
                    PO / f'{language}.po', self.template)
                told = run('msgfmt', '--check', '--statistics', '--output-file', os.devnull,
                           merged, env=dict(os.environ, LC_ALL='C')).stderr
                self.assertNotRegex(told, 'untranslated|fuzzy', told)

    def test_every_file_is_listed(self):
        marked = re.compile(r'\b_ \("|\bN_\("|\b_\("|\bngettext \(|translatable="yes"')
        found = {str(path.relative_to(SOURCE))
                 for folder in ('inspector', 'tools')
                 for ending in ('*.c', '*.ui') for path in (SOURCE / folder).rglob(ending)
                 if marked.search(path.read_text(encoding='utf-8'))}
        self.assertEqual(found - set(listed()), set(), 'missing in po/POTFILES.in')
        for name in listed():
            self.assertTrue((SOURCE / name).exists(), f'{name} is in po/POTFILES.in only')

    def test_no_string_is_cut(self):
        """A format made of pieces by the preprocessor would be cut at its first piece."""
        for text in re.findall(r'^"?(?:msgid(?:_plural)? )?"(.*)"$',
                               self.template.read_text(encoding='utf-8'), re.MULTILINE):
            self.assertNotRegex(text, r'%[-0-9.]*$', f'cut: {text}')

    def test_spoken(self):
        """From where they were built, the programs speak the language that is asked for."""
        spoken = set()
        for language in ('en', *languages()):
            environment = dict(os.environ, LANGUAGE=language, LC_ALL='C.UTF-8',
                               IMSG_LOCALE_DIR=LOCALES)
            spoken.add(run(IMSG, '--help', env=environment).stdout)
        self.assertEqual(len(spoken), 1 + len(languages()))


if __name__ == '__main__':
    tap.main()
