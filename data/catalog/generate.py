#!/usr/bin/env python3
# generate.py - turns the tables beside it into the catalogue's C sources
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Usage: generate.py header OUT | docs OUT.c | data OUT.c OUT.h

header writes the public constants (IMSG_PR_…, IMSG_PSETID_…), docs their documentation, for the
introspection alone, data the sorted tables that imsg-catalog.c searches.
"""

import pathlib
import sys
import uuid

HERE = pathlib.Path(__file__).resolve().parent

TYPES = {
    'PT_UNSPECIFIED': 0x0000, 'PT_NULL': 0x0001, 'PT_I2': 0x0002, 'PT_LONG': 0x0003,
    'PT_R4': 0x0004, 'PT_DOUBLE': 0x0005, 'PT_CURRENCY': 0x0006, 'PT_APPTIME': 0x0007,
    'PT_ERROR': 0x000A, 'PT_BOOLEAN': 0x000B, 'PT_OBJECT': 0x000D, 'PT_I8': 0x0014,
    'PT_STRING8': 0x001E, 'PT_UNICODE': 0x001F, 'PT_SYSTIME': 0x0040, 'PT_CLSID': 0x0048,
    'PT_SVREID': 0x00FB, 'PT_SRESTRICTION': 0x00FD, 'PT_ACTIONS': 0x00FE, 'PT_BINARY': 0x0102,
    'PT_FILE_HANDLE': 0x0103, 'PT_FILE_EA': 0x0104,
}
MULTI_VALUE = 0x1000
STRING8 = TYPES['PT_STRING8']
UNICODE = TYPES['PT_UNICODE']
TYPE_NAMES = {value: name for name, value in TYPES.items()}
# Where a name or a tag has several meanings, the one on messages comes first.
SCOPES = ['mapi', 'class', 'profile', 'account', 'cert', 'ab']


def fail(text):
    sys.exit('generate.py: ' + text)


def read_table(name):
    lines = [line for line in (HERE / name).read_text('ascii').splitlines()
             if line and not line.startswith('#')]
    columns = lines[0].split('\t')
    rows = []
    for line in lines[1:]:
        cells = line.split('\t')
        if len(cells) > len(columns) or '"' in line or '\\' in line:
            fail(f'{name}: too many columns, or what C would have to escape: {line}')
        rows.append(dict(zip(columns, cells + [''] * (len(columns) - len(cells)))))
    return rows


def type_value(name):
    if name.startswith('PT_MV_'):
        return MULTI_VALUE | TYPES['PT_' + name[6:]]
    return TYPES[name]


def split_names(text):
    return [name for name in text.split(',') if name]


def read_properties():
    rows = read_table('properties.tsv')
    for row in rows:
        row['tag'] = int(row['id'], 16) << 16 | type_value(row['type'])
        row['aliases'] = split_names(row['aliases'])
        row['order'] = (int(row['rank']), SCOPES.index(row['scope']))
    return rows


def read_sets():
    rows = read_table('property-sets.tsv')
    for row in rows:
        row['bytes'] = uuid.UUID(row['guid']).bytes_le
    return sorted(rows, key=lambda row: row['bytes'])


def tag_for_name(name, tag):
    """NAME_A is the 8-bit form of a text property whatever form the table lists."""
    if tag & 0xFFFF & ~MULTI_VALUE == UNICODE and name.endswith('_A'):
        return tag - UNICODE + STRING8
    return tag


def rows_of_names(properties):
    """{name: row} of every name; where several properties share one, the likelier."""
    rows = {}
    for row in sorted(properties, key=lambda row: row['order']):
        for name in [row['name'], row['canonical']] + row['aliases']:
            if name and name.lower() not in rows:
                rows[name.lower()] = (name, row)
    return dict(rows.values())


def names_of_tags(properties):
    return {name: tag_for_name(name, row['tag'])
            for name, row in rows_of_names(properties).items()}


def list_constants():
    """Tag, name and row of each public constant, by tag."""
    # Ids above 0x7FFF belong to the address book; in messages they are the file's own names.
    return sorted(((tag_for_name(name, row['tag']), name, row)
                   for name, row in rows_of_names(read_properties()).items()
                   if name.startswith('PR_') and name.isidentifier() and name.isupper() and
                   row['tag'] < 0x80000000), key=lambda constant: constant[:2])


def write_header(path):
    out = ['/* imsg-property-tags.h - the known property tags and sets (made from data/catalog)',
           ' * SPDX-License-Identifier: LGPL-2.1-or-later */',
           '#pragma once',
           '#if !defined(IMSG_INSIDE) && !defined(IMSG_COMPILATION)',
           '# error "Include <imsg.h> only."',
           '#endif',
           '',
           '/* Property sets */']
    for row in sorted(read_sets(), key=lambda row: row['name']):
        out.append(f'#define IMSG_{row["name"]} "{row["guid"]}"')
    out += ['', '/* Property tags, by id; text in its Unicode form */']
    out += [f'#define IMSG_{name} 0x{tag:08X}' for tag, name, _ in list_constants()]
    pathlib.Path(path).write_text('\n'.join(out) + '\n', 'ascii')


def type_name(value):
    name = TYPE_NAMES[value & ~MULTI_VALUE]
    return name.replace('PT_', 'PT_MV_') if value & MULTI_VALUE else name


def write_docs(path):
    out = ['/* imsg-property-tags.c - what the constants are (made from data/catalog)',
           ' * SPDX-License-Identifier: LGPL-2.1-or-later */']

    def document(name, text):
        out.extend(['', '/**', f' * IMSG_{name}:', ' *', f' * {text}', ' *', ' * Since: 1.0',
                    ' */'])

    for row in sorted(read_sets(), key=lambda row: row['name']):
        document(row['name'], f'The property set `{row["guid"]}`: {row["meaning"]}.')
    for tag, name, row in list_constants():
        canonical = f', `{row["canonical"]}` of [MS-OXPROPS]' if row['canonical'] else ''
        document(name, f'The tag of property 0x{tag >> 16:04X} as '
                       f'`{type_name(tag & 0xFFFF)}`{canonical}: {row["area"]}.')
    pathlib.Path(path).write_text('\n'.join(out) + '\n', 'ascii')


class Pool:
    """NUL-terminated strings in one array; offset 0 is the empty one."""

    def __init__(self):
        self.offsets = {(): 0}
        self.items = []
        self.size = 1

    def add(self, *strings):
        if strings not in self.offsets:
            self.offsets[strings] = self.size
            self.items.append(''.join(s + '\\000' for s in strings))
            self.size += sum(len(s) + 1 for s in strings)
        return self.offsets[strings]

    def add_one(self, string):
        return self.add(string) if string else 0

    def write(self, out):
        out.append('const char _imsg_catalog_pool[] =')
        out.append('  "\\0"')
        out += [f'  "{item}"' for item in self.items]
        out.append('  ;')


def write_array(out, kind, name, rows):
    out += ['', f'const {kind} {name}[] = {{']
    out += [f'  {{ {row} }},' for row in rows]
    out += ['};', f'const guint32 {name}_count = G_N_ELEMENTS ({name});']


def tag_tables(pool):
    """The known tags, and every name of one."""
    properties = read_properties()
    shown = {}
    for row in sorted(properties, key=lambda row: row['order']):
        if row['rank'] == '1' and shown.setdefault(row['tag'], row) is not row:
            fail(f'two properties of rank 1 for 0x{row["tag"]:08X}')
    # In order of tags; of one id, the lowest scope answers for a tag without a type.
    tags = [f'0x{row["tag"]:08X}, {pool.add_one(row["name"])}, '
            f'{pool.add_one(row["canonical"])}, {pool.add(*row["aliases"])}, '
            f'{len(row["aliases"])}, {SCOPES.index(row["scope"])}'
            for row in sorted(shown.values(), key=lambda row: row['tag'])]
    names = [f'{pool.add(name)}, 0x{tag:08X}'
             for name, tag in sorted(names_of_tags(properties).items(),
                                     key=lambda item: item[0].lower())]
    return [('IMsgCatalogTag', '_imsg_catalog_tags', tags),
            ('IMsgCatalogName', '_imsg_catalog_tag_names', names)]


def set_tables(pool, sets):
    rows = [f'{{ {{ {", ".join(f"0x{byte:02X}" for byte in row["bytes"])} }} }}, '
            f'"{row["guid"]}", {pool.add(row["name"])}' for row in sets]
    index = {row['name']: i for i, row in enumerate(sets)}
    names = [str(index[row['name']]) for row in sorted(sets, key=lambda row: row['name'].lower())]
    return [('IMsgCatalogSet', '_imsg_catalog_sets', rows),
            ('guint8', '_imsg_catalog_set_names', names)]


def read_named(sets):
    """The named properties in the order in which they are searched."""
    index = {row['name']: i for i, row in enumerate(sets)}
    rows = read_table('named-properties.tsv')
    for row in rows:
        row['number'] = int(row['key'], 16) if row['kind'] == 'id' else 0
        row['set_index'] = index[row['set']]
        row['aliases'] = split_names(row['aliases'])
    return sorted(rows, key=lambda row: (row['set_index'], row['kind'] != 'id', row['number'],
                                         row['key'].lower() if row['kind'] != 'id' else ''))


def named_tables(pool, named):
    rows = []
    names = {}
    for i, row in enumerate(named):
        text = pool.add(row['key']) if row['kind'] == 'string' else 0
        for name in filter(None, [row['canonical']] + row['aliases']):
            if name.lower() in names:
                fail(f'two named properties are called {name}')
            names[name.lower()] = (name, i)
        rows.append(f'0x{row["number"]:08X}, {text}, {pool.add_one(row["canonical"])}, '
                    f'{pool.add(*row["aliases"])}, 0x{type_value(row["type"]):04X}, '
                    f'{row["set_index"]}, {len(row["aliases"])}')
    return [('IMsgCatalogNamed', '_imsg_catalog_named', rows),
            ('IMsgCatalogName', '_imsg_catalog_named_names',
             [f'{pool.add(name)}, {i}' for _, (name, i) in sorted(names.items())])]


def flag_tables(pool, named):
    index = {f'{row["set"]}:{row["key"]}': i for i, row in enumerate(named)}
    if len(index) != len(named):
        fail('a named property is listed twice')

    def owner_of(row):
        if row['group'] == 'tagged':
            return (0, int(row['key'], 16))
        if row['group'] == 'named':
            return (1, index[row['key']])
        return (2, row['key'].lower())

    owners = []
    flags = []
    keys = {}
    for row in sorted(read_table('flags.tsv'), key=owner_of):
        owner = owner_of(row)
        if not owners or owners[-1][0] != owner:
            owners.append([owner, len(flags), 0])
            keys[owner] = row['key']
        owners[-1][2] += 1
        is_flag = 'TRUE' if row['kind'] == 'flag' else 'FALSE'
        flags.append(f'{row["mask"]}, {row["value"]}, "{row["name"]}", {is_flag}')
    return [('IMsgCatalogFlagOwner', '_imsg_catalog_flag_owners',
             [f'{owner[0]}, {owner[1] if owner[0] < 2 else pool.add(keys[owner])}, '
              f'{first}, {count}' for owner, first, count in owners]),
            ('IMsgFlagName', '_imsg_catalog_flags', flags)]


def write_data(source_path, header_path):
    pool = Pool()
    sets = read_sets()
    named = read_named(sets)
    tables = (tag_tables(pool) + set_tables(pool, sets) + named_tables(pool, named) +
              flag_tables(pool, named))
    out = ['/* imsg-catalog-data.c - the catalogue (made from data/catalog)',
           ' * SPDX-License-Identifier: LGPL-2.1-or-later */',
           '#include "config.h"', '', '#include "imsg-catalog-private.h"',
           '#include "imsg-catalog-data.h"', '']
    pool.write(out)
    header = ['/* imsg-catalog-data.h - the catalogue (made from data/catalog)',
              ' * SPDX-License-Identifier: LGPL-2.1-or-later */',
              '#pragma once', '']
    for kind, name, rows in tables:
        if kind == 'guint8':
            out += ['', f'const guint8 {name}[] = {{ {", ".join(rows)} }};',
                    f'const guint32 {name}_count = G_N_ELEMENTS ({name});']
        else:
            write_array(out, kind, name, rows)
        header += [f'extern const {kind} {name}[];', f'extern const guint32 {name}_count;']
    pathlib.Path(source_path).write_text('\n'.join(out) + '\n', 'ascii')
    pathlib.Path(header_path).write_text('\n'.join(header) + '\n', 'ascii')


def main():
    if len(sys.argv) == 3 and sys.argv[1] == 'header':
        write_header(sys.argv[2])
    elif len(sys.argv) == 3 and sys.argv[1] == 'docs':
        write_docs(sys.argv[2])
    elif len(sys.argv) == 4 and sys.argv[1] == 'data':
        write_data(sys.argv[2], sys.argv[3])
    else:
        sys.exit(__doc__)


if __name__ == '__main__':
    main()
