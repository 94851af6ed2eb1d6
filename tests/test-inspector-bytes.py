#!/usr/bin/env python3
# test-inspector-bytes.py - reads and edits bytes in the real window, from the keyboard and files
# SPDX-License-Identifier: LGPL-2.1-or-later

import os

from inspector_walk import Window, check, choose_file, click, dump, find, find_all, key, \
    make_message, press, run, see, type_text, wait_for

TAG = '0x66060102'


def search(text):
    key('ctrl+f')
    key('ctrl+a')
    type_text(text)


def select(name, row):
    search(name)
    check(see('^' + row), 'there is a row for ' + name)
    key('Return')
    key('Return')


def caret_at(text):
    return wait_for(lambda: any(text in (node.get_description() or '')
                                for node in hex_views()))


def hex_views():
    return find_all('^Bytes$', showing=True)


def get_value(path, tag):
    for item in dump(path)['properties']:
        if item['tag'] == tag:
            return item['value']
    return None


def edit(path):
    select(TAG, 'Unknown, binary, 11 B')
    check(caret_at('Offset 0x0, byte 0x48'), 'the bytes are a text box that tells its caret')
    type_text('4a')
    key('ctrl+Return')
    check(see('^Unknown, binary, 11 B +4A 65 6C.*, changed$'), 'digits overwrite a byte')
    key('Return')
    key('Insert')
    type_text('ff')
    key('ctrl+Return')
    check(see('^Unknown, binary, 12 B +FF 4A 65.*, changed$'), 'or are put between')
    key('Return')
    key('ctrl+End')
    key('BackSpace')
    key('ctrl+z')
    check(caret_at('Offset 0xC, the end') or caret_at('Offset 0xB'), 'typing is undone by itself')
    key('Escape')
    check(press('^Undo') and see('^Unknown, binary, 11 B +4A 65.*, changed$'),
          'an applied change is undone as one')


def find_bytes():
    key('Return')
    key('ctrl+l')
    type_text('world')
    key('Return')
    check(caret_at('5 bytes selected'), 'text is found in the bytes')
    key('ctrl+g')
    check(caret_at('Offset 0x6, 5 bytes selected'), 'and found again from the start')
    key('ctrl+a')
    type_text('0x3')
    key('Return')
    check(caret_at('Offset 0x3, byte 0x6C'), 'an offset is gone to')
    key('ctrl+a')
    type_text('FF EE DD')
    key('Return')
    check(see('^Not found$'), 'what is not there is told')
    key('Escape')
    key('Escape')


def import_file(window, folder):
    name = os.path.join(folder, 'new.bin')
    with open(name, 'wb') as file:
        file.write(bytes(range(32)))
    select(TAG, 'Unknown, binary, 11 B')
    check(press('^Import…$'), 'a file can be taken')
    check(window.focus_dialog(), 'a dialog asks which')
    choose_file(name)
    window.focus()
    check(press('^Apply$'), 'its bytes are applied')
    check(see('^Unknown, binary, 32 B +00 01 02.*, changed$'), 'and are the value')
    target = os.path.join(folder, 'out.bin')
    key('Return')
    check(press('^Export…$') and window.focus_dialog(), 'bytes can be written to a file')
    choose_file(target)
    window.focus()
    check(wait_for(lambda: os.path.exists(target) and os.path.getsize(target) == 32),
          'the file has them')


def read_structure():
    select('PR_CONVERSATION_INDEX', 'Conversation index, binary')
    part = see('^Thread: ')
    check(part is not None, 'the bytes are told as a tree of parts')
    click(part)
    check(caret_at('Offset 0x6, byte'), 'a part goes to its bytes')


def walk(folder):
    path = make_message(folder, PR_SUBJECT='Bytes',
                        PR_CONVERSATION_INDEX='01D5A1B2C3D4' + '11' * 16,
                        **{TAG: b'Hello world'.hex()})
    window = Window(path)
    check(window.focus(), 'the window can have the focus')
    check(wait_for(lambda: find('^Bytes$')), 'the message is in the tree')
    key('alt+2')
    edit(path)
    find_bytes()
    import_file(window, folder)
    read_structure()
    key('ctrl+s')
    check(wait_for(lambda: str(get_value(path, TAG)).lower().replace(' ', '').startswith(
        '000102030405')), 'saving writes the bytes to the file')
    key('ctrl+q')
    check(window.end(), 'it ends with nothing in its log')


run(walk)
