#!/usr/bin/env python3
# test-inspector-printing.py - prints a message to a file, as text and as a page
# SPDX-License-Identifier: LGPL-2.1-or-later

import os
import re
import subprocess
import zlib

from inspector_walk import IMSG, Window, check, click, find, key, run, run_parts, see, wait_for


def count_pages(path):
    """Those of a PDF file that have words on them."""
    with open(path, 'rb') as file:
        content = file.read()
    n_worded = 0
    for start in re.finditer(rb'stream\r?\n', content):
        try:
            drawing = zlib.decompressobj().decompress(content[start.end():])
        except zlib.error:
            continue
        # Operators that show glyphs
        n_worded += bool(re.search(rb'\bBT\b.*\bT[jJ]\b', drawing, re.S))
    return min(n_worded, len(re.findall(rb'/Type\s*/Page\b', content)))


def is_printed(path, n_pages):
    """Whether all of it is there: the last words of such a file are these."""
    with open(path, 'rb') as file:
        return file.read().rstrip().endswith(b'%%EOF') and count_pages(path) >= n_pages


def print_to_file(folder, n_pages, *options):
    path = os.path.join(folder, 'paper.msg')
    subprocess.run([IMSG, 'new', '-o', path, '-s', 'On paper', '--from=Ann <ann@example.org>',
                    '--to=Bob <bob@example.org>', *options], check=True)
    # A printer that is a file writes to where the program was started
    window = Window(path, wrapper=('env', '-C', folder))
    check(window.focus() and see('^On paper$', ('list item',)), 'a message opens')
    key('ctrl+p')
    check(window.focus_dialog() and see('^Print to File$'), 'a dialog asks for the printer')
    click(find('^Print to File$', showing=True))
    key('alt+p')
    printed = os.path.join(folder, 'output.pdf')
    check(wait_for(lambda: os.path.exists(printed) and is_printed(printed, n_pages)),
          'which writes all of its pages')
    window.focus()
    key('ctrl+p')
    check(window.focus_dialog(), 'asked again')
    key('Escape')
    check(wait_for(lambda: len(window.list_ids()) == 1), 'one can decide otherwise')
    window.focus()
    key('ctrl+q')
    check(window.end(), 'it ends with nothing in its log')


def walk_text(folder):
    print_to_file(folder, 2, '--text=' + '\n'.join('Line %d' % number for number in range(120)))


def walk_page(folder):
    print_to_file(folder, 2, '--html=<html><body><h1>Hello</h1>%s</body></html>' %
                  ''.join('<p>Line %d</p>' % number for number in range(120)))


def walk(folder):
    run_parts(folder, walk_text, walk_page)


run(walk)
