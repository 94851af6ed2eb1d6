#!/usr/bin/env python3
# generate.py - the named character references of HTML as a C table
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Usage: generate.py OUT.c

The names are the HTML standard's, as Python's html.entities has them. Each is written with the
UTF-8 that it stands for, and whether it counts without its semicolon too.
"""

import html.entities
import pathlib
import sys


def quote(text):
    return ''.join(f'\\{byte:03o}' if byte < 0x20 or byte >= 0x7F or byte in b'"\\?' else chr(byte)
                   for byte in text.encode())


def main():
    bare = {name for name in html.entities.html5 if not name.endswith(';')}
    names = sorted({name.rstrip(';') for name in html.entities.html5})
    pool = []
    entries = []
    offset = 0
    for name in names:
        text = html.entities.html5[name + ';']
        pool.append(f'  "{name}\\0" "{quote(text)}\\0"')
        entries.append(f'  {{ {offset}, {len(name)}, {int(name in bare)} }},')
        offset += len(name) + len(text.encode()) + 2
    lines = [
        '/* Made by data/entities/generate.py */',
        '#include "config.h"', '', '#include "imsg-html-private.h"', '',
        '/* Name, NUL, UTF-8, NUL */',
        'const char _imsg_html_entity_pool[] =', *pool[:-1], pool[-1] + ';', '',
        '/* Sorted by name */',
        'const IMsgHtmlEntity _imsg_html_entities[] = {', *entries, '};',
        f'const guint _imsg_n_html_entities = {len(entries)};',
    ]
    pathlib.Path(sys.argv[1]).write_text('\n'.join(lines) + '\n', encoding='ascii')


main()
