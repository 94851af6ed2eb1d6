#!/usr/bin/env python3
# generate-mapitags.py - turns the property table into mapitags.h
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Usage: generate-mapitags.py OUT.h"""

import pathlib
import sys

import generate

TEXT = {generate.STRING8: 'TSTRING', generate.UNICODE: 'TSTRING',
        generate.MULTI_VALUE | generate.STRING8: 'MV_TSTRING',
        generate.MULTI_VALUE | generate.UNICODE: 'MV_TSTRING'}

# With those that have no macro in mapidefs.h
TYPE_NAMES = {**generate.TYPE_NAMES, generate.TYPES['PT_FILE_EA']: '0x0104'}


def is_macro(name):
    return name.isidentifier() and name.isupper() and name != 'PR_NULL'


def type_macro(value):
    if value & generate.MULTI_VALUE:
        return TYPE_NAMES[value & ~generate.MULTI_VALUE].replace('PT_', 'PT_MV_')
    return TYPE_NAMES[value]


def collect():
    """{macro: (id, type macro)}; of several meanings of a name the likeliest."""
    macros = {}
    for row in sorted(generate.read_properties(), key=lambda row: row['order']):
        prop_id, prop_type = row['tag'] >> 16, row['tag'] & 0xFFFF
        if prop_id == 0:
            continue
        names = [name for name in [row['name']] + row['aliases'] if is_macro(name)]
        if not names and row['canonical'].isidentifier():
            names = [row['canonical']]
        for name in names:
            if prop_type not in TEXT:
                macros.setdefault(name, (prop_id, type_macro(prop_type)))
                continue
            if name[-2:] in ('_A', '_W') and name[:-2] in names:
                name = name[:-2]
            kind = TEXT[prop_type]
            macros.setdefault(name, (prop_id, 'PT_' + kind))
            macros.setdefault(name + '_W', (prop_id, 'PT_' + kind.replace('TSTRING', 'UNICODE')))
            macros.setdefault(name + '_A', (prop_id, 'PT_' + kind.replace('TSTRING', 'STRING8')))
    return macros


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    out = ['/* mapitags.h - the property tags (made from data/catalog)',
           ' * SPDX-License-Identifier: LGPL-2.1-or-later */',
           '#ifndef IMSG_MAPI_MAPITAGS_H',
           '#define IMSG_MAPI_MAPITAGS_H',
           '',
           '#include "mapidefs.h"',
           '']
    for name, (prop_id, kind) in sorted(collect().items(), key=lambda item: (item[1], item[0])):
        out.append(f'#define {name} PROP_TAG ({kind}, 0x{prop_id:04X})')
    out += ['', '#endif']
    pathlib.Path(sys.argv[1]).write_text('\n'.join(out) + '\n', 'ascii')


if __name__ == '__main__':
    main()
