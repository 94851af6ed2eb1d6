#!/usr/bin/env python3
# generate-time-zones.py - turns the table of time zones beside it into C
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Usage: generate-time-zones.py TIME-ZONES.tsv OUT.h"""

import pathlib
import re
import sys


def transition(cell, line):
    if cell == '-':
        return '{ 0 }'
    match = re.fullmatch(r'(\d+)/([0-6])/([1-5])/(\d\d):(\d\d)', cell)
    if not match or not 1 <= int(match[1]) <= 12 or int(match[4]) > 23:
        sys.exit(f'generate-time-zones.py: no such change: {line}')
    month, weekday, day, hour, minute = (int(part) for part in match.groups())
    return f'{{ 0, {month}, {weekday}, {day}, {hour}, {minute} }}'


def main():
    source, target = (pathlib.Path(name) for name in sys.argv[1:])
    lines = [line for line in source.read_text('ascii').splitlines()
             if line and not line.startswith('#')]
    rows = []
    aliases = []
    for line in lines[1:]:
        name, iana, bias, daylight_bias, standard, daylight, others = line.split('\t')
        aliases += [f'  {{ "{other}", {len(rows)} }},\n' for other in others.split() if other != '-']
        rows.append(f'  {{ "{name}", "{iana}", {int(bias)}, {int(daylight_bias)}, '
                    f'{transition(standard, line)}, {transition(daylight, line)} }},\n')
    target.write_text('/* Made from time-zones.tsv by generate-time-zones.py */\n'
                      'static const KnownZone known_zones[] = {\n' + ''.join(rows) + '};\n'
                      'static const ZoneAlias zone_aliases[] = {\n' + ''.join(aliases) + '};\n',
                      'ascii')


main()
