#!/usr/bin/env python3
# test-translations.py - the translations are whole, and the programs speak them
# SPDX-License-Identifier: LGPL-2.1-or-later

import json
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
KEYWORDS = ['_', 'N_', 'C_:1c,2', 'NC_:1c,2', 'g_dngettext:2,3']
# What the library tells of a file that is no message
NO_MESSAGE = {
    'en': 'This is no compound file',
    'de': 'Dies ist keine Verbunddatei',
    'fr': 'Ce n’est pas un fichier composé',
    'ja': 'これは複合ファイルではありません',
}
EMBEDDING = '''import locale, sys
import gi
gi.require_version("IMsg", "1")
from gi.repository import Gio, GLib, IMsg
if sys.argv[2] == "spoken":
    locale.setlocale(locale.LC_ALL, "")
structure = IMsg.structure_parse(IMsg.PR_CONVERSATION_INDEX, None, GLib.Bytes.new(bytes(2)), 1252)
print(structure.get_name(), structure.get_children()[0].get_value(), sep="|")
try:
    IMsg.Session.new().open_message(Gio.File.new_for_path(sys.argv[1]), IMsg.OpenFlags.READ_ONLY)
except GLib.Error as error:
    print(error.message)
'''
# The name of a conversation index, and what is told of one of two bytes
INDEX = {
    'en': 'Conversation index|too short for a conversation index',
    'de': 'Unterhaltungsindex|zu kurz für einen Unterhaltungsindex',
    'fr': 'Index de conversation|trop court pour un index de conversation',
    'ja': '会話インデックス|会話インデックスには短すぎます',
}


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
        cls.no_message = cls.folder / 'no-message.msg'
        cls.no_message.write_text('Dear reader', encoding='utf-8')

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
        marked = re.compile(r'\b_ \("|\bN_\("|\b_\("|\bngettext \(|\bg_dngettext \(|'
                            r'translatable="yes"')
        found = {str(path.relative_to(SOURCE))
                 for folder in ('inspector', 'libimsg', 'tools')
                 for ending in ('*.c', '*.ui') for path in (SOURCE / folder).rglob(ending)
                 if marked.search(path.read_text(encoding='utf-8'))}
        self.assertEqual(found - set(listed()), set(), 'missing in po/POTFILES.in')
        for name in listed():
            self.assertTrue((SOURCE / name).exists(), f'{name} is in po/POTFILES.in only')

    def test_no_string_is_cut(self):
        """A format made of pieces by the preprocessor would be cut at its first piece."""
        for text in re.findall(r'^"?(?:msgid(?:_plural)? )?"(.*)"$',
                               self.template.read_text(encoding='utf-8'), re.MULTILINE):
            self.assertNotRegex(text, r'(?:^|[^%])(?:%%)*%[-0-9.]*$', f'cut: {text}')

    def test_every_error_is_marked(self):
        """No error or problem of the library has a text that translators never see."""
        literal = r'"(?:\\.|[^"\\])*"'
        calls = re.compile(r'\b(?:g_set_error(?:_literal)?|g_prefix_error|_imsg_problem_new|'
                           rf'_imsg_problem_list_tell|mapi_object_fail|fail) \((?:[^;"]|{literal})*;')
        marked = re.compile(rf'\b(?:_\(|g_dngettext \()(?:[^()"]|{literal})*')
        for path in sorted((SOURCE / 'libimsg').rglob('*.c')):
            for call in calls.findall(path.read_text(encoding='utf-8')):
                # What a GConverter answers its stream with reaches nobody
                if 'G_IO_ERROR_PARTIAL_INPUT' in call or 'G_IO_ERROR_NO_SPACE' in call:
                    continue
                for text in re.findall(literal, marked.sub('', call)):
                    self.assertNotRegex(text, '[A-Za-z]{2},? ', f'{path}: {call}')

    def test_spoken(self):
        """From where they were built, the programs speak the language that is asked for."""
        spoken = set()
        for language in ('en', *languages()):
            spoken.add(run(IMSG, '--help', env=self.environment(language)).stdout)
        self.assertEqual(len(spoken), 1 + len(languages()))

    def environment(self, language):
        return dict(os.environ, LANGUAGE=language, LC_ALL='C.UTF-8', IMSG_LOCALE_DIR=LOCALES)

    def test_library_in_command(self):
        for language, text in NO_MESSAGE.items():
            with self.subTest(language=language):
                done = subprocess.run([IMSG, 'show', self.no_message], text=True, timeout=60,
                                      env=self.environment(language), capture_output=True,
                                      check=False)
                self.assertEqual(done.returncode, 1)
                self.assertIn(text, done.stderr)

    def test_problems_in_json(self):
        """The texts of a damaged message are translated, its codes and places are not."""
        whole = self.folder / 'whole.msg'
        damaged = self.folder / 'damaged.msg'
        run(IMSG, 'new', '--output', whole, '--subject', 'Long', '--text', 'x' * 9000)
        damaged.write_bytes(whole.read_bytes()[:12000])
        codes, texts = set(), set()
        for language in ('en', *languages()):
            told = json.loads(run(IMSG, 'dump', damaged, env=self.environment(language)).stdout)
            codes.add(tuple((problem['where'], problem['code']) for problem in told['problems']))
            texts.add(tuple(problem['text'] for problem in told['problems']))
        self.assertEqual(len(codes), 1)
        self.assertGreater(len(codes.pop()), 1)
        self.assertEqual(len(texts), 1 + len(languages()))

    @unittest.skipUnless(os.environ.get('IMSG_TYPELIB'), 'There is no typelib')
    def test_library_in_another_program(self):
        """The language is the program's, which does nothing but set its locale."""
        for language, text in NO_MESSAGE.items():
            with self.subTest(language=language):
                told = run(os.environ['IMSG_PYTHON'], '-c', EMBEDDING, self.no_message, 'spoken',
                           env=self.environment(language)).stdout.splitlines()
                self.assertEqual(told[0], INDEX[language])
                self.assertTrue(told[1].startswith(text), told)
        told = run(os.environ['IMSG_PYTHON'], '-c', EMBEDDING, self.no_message, 'mute',
                   env=self.environment('de')).stdout.splitlines()
        self.assertTrue(told[1].startswith(NO_MESSAGE['en']), told)


if __name__ == '__main__':
    tap.main()
