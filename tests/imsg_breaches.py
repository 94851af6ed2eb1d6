# imsg_breaches.py - ways to break a rule of the format, each by a few bytes of a sound file
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Each breach takes the bytes of a message with four recipients and one attachment."""

import struct

HEADER = struct.pack('<8xIIII', 4, 1, 4, 1)


def _replace(data, old, new, offset=0):
    at = data.find(old)
    assert at >= 0, f'{old!r} is not in the file'
    data[at + offset:at + offset + len(new)] = new
    return data


def _tag(tag):
    return struct.pack('<HH', tag & 0xFFFF, tag >> 16)


def _retag(old, new):
    # The attributes that follow tell an entry from bytes that happen to look like a tag
    return lambda data: _replace(data, _entry(data, old), _tag(new))


def _entry(data, tag):
    for attributes in (6, 2, 7):
        entry = _tag(tag) + struct.pack('<I', attributes)
        if entry in data:
            return entry
    raise AssertionError(f'0x{tag:08X} has no entry')


def _value(tag, value):
    return lambda data: _replace(data, _entry(data, tag), value, 8)


def _name(old, new):
    return lambda data: _replace(data, old.encode('utf-16-le'), new.encode('utf-16-le'))


BREACHES = {
    'counts': lambda data: _replace(data, HEADER, b'\5', 16),
    'next-id': lambda data: _replace(data, HEADER, b'\1', 8),
    'header-reserved': lambda data: _replace(data, HEADER, b'\1', 0),
    'class-id': lambda data: _replace(data, bytes.fromhex('0b0d020000000000c000000000000046'),
                                      bytes(16)),
    'boolean': _retag(0x00170003, 0x0017000B),
    'type': _retag(0x00170003, 0x00170099),
    'duplicate': _retag(0x00170003, 0x0E070003),
    'value-size': _value(0x0037001F, b'\5\0\0\0'),
    'value-stream': _retag(0x0037001F, 0x6637001F),
    'orphan': _retag(0x0037001F, 0x6637001F),
    'mixed-text': _retag(0x0037001F, 0x0037001E),
    'store-mask': _value(0x340D0003, bytes(4)),
    'name-case': _name('__substg1.0_0037001F', '__substg1.0_0037001f'),
    'name-table': _name('__nameid_version1.0', '__nameix_version1.0'),
    'class': _retag(0x001A001F, 0x661A001F),
    'flags': _value(0x0E070003, bytes(4)),
    'recipient': _retag(0x0FFF0102, 0x66FF0102),
    'attachment-method': _retag(0x37050003, 0x66050003),
    'attachment': _retag(0x370B0003, 0x660B0003),
}
