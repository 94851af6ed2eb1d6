#!/usr/bin/env python3
# test-inspector-values.py - edits a value of each kind in the real window, saves and reads it back
# SPDX-License-Identifier: LGPL-2.1-or-later

import subprocess

from inspector_walk import IMSG, Window, check, click, dump, find, key, make_message, press, run, \
    see, type_text, wait_for

GUID = '00062008-0000-0000-c000-000000000046'


def select(name, row):
    """Finds a property by typing, and goes to its editor."""
    key('ctrl+f')
    key('ctrl+a')
    type_text(name)
    check(see('^%s' % row), 'there is a row for ' + name)
    key('Return')
    key('Return')


def retype(name, row, text, changed):
    select(name, row)
    key('ctrl+a')
    type_text(text)
    key('ctrl+Return')
    check(see('^%s, %s, changed$' % (row, changed)), '%s is changed' % name)


def get_value(path, name):
    for item in dump(path)['properties']:
        if name in (item['name'], item['tag'], item.get('named', {}).get('name')):
            return item['value']
    return None


def tick_flags():
    select('PR_MESSAGE_FLAGS', 'Message flags, integer')
    box = see('^MSGFLAG_FROMME$', ('check box',))
    check(box is not None, 'a known flag has a box to tick')
    click(box)
    check(see('^Bits without a name, which are kept: 0x40000000$'), 'an unknown bit is told')
    key('ctrl+Return')
    check(see('^Message flags, integer, .*MSGFLAG_FROMME.*0x40000000, changed$'),
          'ticking a flag changes the number and keeps the unknown bit')


def choose_value():
    select('PR_IMPORTANCE', 'Importance, integer')
    key('Tab', 'Tab')
    key('space')
    key('Down', 'Down', 'Return')
    key('ctrl+Return')
    check(see('^Importance, integer, IMPORTANCE_HIGH, changed$'), 'a value is chosen by its name')


def edit_list():
    select('Keywords', 'Keywords, texts')
    check(press('^Add Value$'), 'a value can be added')
    check(see('^Keywords, texts, 3 × Red; Blue; , changed$'), 'adding is a step')
    type_text('Green')
    key('Return')
    check(see('^Keywords, texts, 3 × Red; Blue; Green, changed$'), 'Return applies it')
    key('Return')
    key('alt+Down')
    check(see('^Keywords, texts, 3 × Blue; Red; Green, changed$'), 'moving is a step')
    check(press('^Undo') and see('^Keywords, texts, 3 × Red; Blue; Green, changed$'),
          'and is undone alone')
    check(press('^Redo') and see('^Keywords, texts, 3 × Blue; Red; Green, changed$'),
          'and done again')


def edit_long_list():
    """Every one of many values can be edited, the last too."""
    select('Numbers', 'Numbers, integers')
    check(see('^Value$', ('text', 'entry')), 'a long list is shown in rows')
    check(press('^Add Value$') and see('^Numbers, integers, 301 × .*, changed$'),
          'a value can be added to it')
    key('ctrl+a')
    type_text('777')
    key('ctrl+Return')
    check(see('^Numbers, integers, 301 × .*, changed$'), 'and typed')
    key('Return')
    check(press('^Remove Value$') and see('^Numbers, integers, 300 × .*, changed$'),
          'one is removed')
    check(press('^Undo') and see('^Numbers, integers, 301 × .*, changed$'), 'which is a step')


def check_question(heading):
    """Closing loses what was typed too, and says so."""
    key('ctrl+w')
    check(see(heading), 'closing asks: %s' % heading)
    check(see('^Not applied: Unknown'), 'and tells what was not applied')
    check(press('^Cancel$') and wait_for(lambda: not find(heading)), 'one can go back')


def close_with_draft(window):
    """Where there is nothing else to save."""
    select('0x66030014', 'Unknown, 64-bit integer')
    key('ctrl+a')
    type_text('34x')
    check_question('^Discard What Was Typed\\?$')
    check(window.focus() and see('^Unknown, 64-bit integer, [0-9]+, not applied yet$'),
          'and what was typed is there')
    key('ctrl+w')
    check(see('^Discard What Was Typed') and press('^Discard$'), 'or give it up')
    check(see('^Open a Message$') and window.focus(), 'and the message is closed')


def keep_draft():
    select('0x66030014', 'Unknown, 64-bit integer')
    key('ctrl+a')
    type_text('12x')
    key('ctrl+Return')
    check(see('^Type a whole number from '), 'an invalid number is told in words')
    key('ctrl+f')
    key('ctrl+a')
    type_text('0x6603')
    check(see('^Unknown, 64-bit integer, 5'), 'the row is found')
    key('ctrl+a')
    type_text('PR_SUBJECT')
    key('Return')
    key('ctrl+f')
    key('ctrl+a')
    type_text('0x6603')
    check(see('^Unknown, 64-bit integer, 5, not applied yet$'), 'what was typed stays as a draft')
    check_question('^Save Changes\\?$')
    key('Return')
    key('Return')
    key('ctrl+a')
    type_text('0x7FFFFFFFFFFFFFFF')
    key('Return')
    check(see('^Unknown, 64-bit integer, 9223372036854775807, changed$'),
          'it can be made valid later')


def walk(folder):
    path = make_message(folder, PR_SUBJECT='Values', PR_BODY='Hello', PR_IMPORTANCE='0',
                        PR_MESSAGE_FLAGS='0x40000008',
                        PR_CLIENT_SUBMIT_TIME='2026-01-31T12:30:45Z',
                        PidLidReminderSet='1')
    subprocess.run([IMSG, 'set', path, 'PS_PUBLIC_STRINGS/Keywords:PT_MV_UNICODE=Red',
                    'PS_PUBLIC_STRINGS/Keywords:PT_MV_UNICODE=Blue', '0x66010048=' + GUID,
                    '0x66020005=0.5', '0x66030014=5',
                    *('PS_PUBLIC_STRINGS/Numbers:PT_MV_LONG=%d' % number
                      for number in range(300))], check=True)
    window = Window(path)
    check(window.focus(), 'the window can have the focus')
    check(wait_for(lambda: find('^Values$')), 'the message is in the tree')
    key('alt+2')

    tick_flags()
    choose_value()
    retype('0x66020005', 'Unknown, double', '1e3', '1000')
    retype('0x66010048', 'Unknown, GUID', '{00020329-0000-0000-C000-000000000046}',
           '00020329-0000-0000-c000-000000000046')
    retype('PR_CLIENT_SUBMIT_TIME', 'Client submit time, time',
           '2026-02-01 08:00:00.1234567 +02:00', '2026-02-01 06:00:00 UTC')
    retype('PR_BODY', 'Body, text', 'Grüße', 'Grüße')
    select('PidLidReminderSet', 'Reminder set, boolean')
    key('space')
    key('ctrl+Return')
    check(see('^Reminder set, boolean, false, changed$'), 'a boolean is switched')
    edit_list()
    edit_long_list()
    keep_draft()

    key('ctrl+s')
    check(wait_for(lambda: get_value(path, 'PR_IMPORTANCE') == 2), 'saving writes the file')
    check(get_value(path, 'PR_BODY') == 'Grüße', 'the text is in the file')
    check(get_value(path, 'Keywords') == ['Blue', 'Red', 'Green'], 'the list is in the file')
    check(get_value(path, 'Numbers') == list(range(300)) + [777], 'and each of many values')
    check(str(get_value(path, '0x66030014')) == '9223372036854775807',
          'the number is in the file, to the last digit')
    close_with_draft(window)
    key('ctrl+q')
    check(window.end(), 'it ends with nothing in its log')


run(walk)
