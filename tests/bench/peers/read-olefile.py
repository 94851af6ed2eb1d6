#!/usr/bin/env python3
# read-olefile.py - times reading messages in Python with olefile, in processor time
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Reads the entries of every property stream, and the value of each from its entry or stream."""
import datetime
import os
import shutil
import struct
import sys
import time

try:
    import olefile
except ImportError:
    # The one of the system, where another Python comes first
    system = "/usr/bin/python3"
    if os.path.realpath(sys.executable) != os.path.realpath(system) and shutil.which(system):
        os.execv(system, [system, __file__])
    sys.exit(1)

FIXED = {0x0002: "<h", 0x0003: "<i", 0x0004: "<f", 0x0005: "<d", 0x0006: "<q", 0x0007: "<d",
         0x000A: "<I", 0x000B: "<H", 0x0014: "<q", 0x0040: "<Q"}
EPOCH = datetime.datetime(1601, 1, 1)
PROPERTIES = "__properties_version1.0"


def decode(kind, data):
    if kind == 0x001F:
        return data.decode("utf-16-le", "replace")
    if kind == 0x001E:
        return data.decode("cp1252", "replace")
    return data


def read_values(ole, folder, tag):
    """A list of text or binaries: a stream of lengths, and a stream for each value."""
    name = "__substg1.0_%08X" % tag
    size = 8 if tag & 0xFFFF == 0x1102 else 4
    n_values = len(ole.openstream(folder + [name]).read()) // size
    return [decode(tag & 0xEFFF, ole.openstream(folder + ["%s-%08X" % (name, i)]).read())
            for i in range(n_values)]


def read_object(ole, folder, header):
    values = {}
    data = ole.openstream(folder + [PROPERTIES]).read()
    for at in range(header, len(data) - 15, 16):
        tag = struct.unpack_from("<I", data, at)[0]
        kind = tag & 0xFFFF
        try:
            if kind == 0x0040:
                ticks = struct.unpack_from("<Q", data, at + 8)[0]
                values[tag] = EPOCH + datetime.timedelta(microseconds=ticks // 10)
            elif kind in FIXED:
                values[tag] = struct.unpack_from(FIXED[kind], data, at + 8)[0]
            elif kind in (0x101E, 0x101F, 0x1102):
                values[tag] = read_values(ole, folder, tag)
            elif kind != 0x000D:
                stream = ole.openstream(folder + ["__substg1.0_%08X" % tag])
                values[tag] = decode(kind, stream.read())
        except (OSError, OverflowError):
            values[tag] = None
    return values


def read_file(name):
    objects = []
    with olefile.OleFileIO(name) as ole:
        for path in ole.listdir():
            if path[-1] != PROPERTIES:
                continue
            inner = path[-2] if len(path) > 1 else ""
            header = 32 if inner == "" else 24 if inner.startswith("__substg") else 8
            objects.append(read_object(ole, path[:-1], header))
    return objects


def read_all(names):
    n_read = 0
    for name in names:
        try:
            n_read += bool(read_file(name))
        except (OSError, struct.error, UnicodeError, ValueError):
            pass
    return n_read


def main():
    names = [line.rstrip("\n") for line in sys.stdin]
    times = []
    for _ in range(4):
        start = time.process_time()
        n_read = read_all(names)
        times.append(time.process_time() - start)
    print(min(times[1:]) * 1000, n_read)


main()
