#!/usr/bin/env python3
# test-inspector-editing.py - finds, changes, undoes and saves a property in the real window
# SPDX-License-Identifier: LGPL-2.1-or-later

from inspector_walk import Window, check, dump, find, key, make_message, press, run, type_text, \
    wait_for


def edit_subject(text):
    key('alt+2')
    key('ctrl+f')
    type_text('PR_SUBJECT')
    row = wait_for(lambda: find('^Subject, text, '))
    check(row is not None, 'a property is found by its MAPI name')
    key('Return')
    key('F2')
    key('ctrl+a')
    type_text(text)
    key('ctrl+Return')
    check(wait_for(lambda: find('^Subject, text, %s, changed$' % text)),
          'an edit shows as changed')


def walk(folder):
    path = make_message(folder, PR_SUBJECT='Before', PR_BODY='Hello')
    window = Window(path)
    check(window.focus(), 'the window can have the focus')
    check(wait_for(lambda: find('^Before$')), 'the message is in the tree')
    edit_subject('After')

    check(press('^Undo'), 'undo can be pressed')
    check(wait_for(lambda: find('^Subject, text, Before(, changed)?$')), 'undo brings it back')
    check(press('^Redo'), 'redo can be pressed')
    check(wait_for(lambda: find('^Subject, text, After, changed$')), 'redo does it again')

    key('ctrl+s')
    check(wait_for(lambda: dump(path)['subject'] == 'After'), 'saving writes the file')
    key('ctrl+q')
    check(window.end(), 'it ends with nothing in its log')


run(walk)
