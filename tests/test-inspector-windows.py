#!/usr/bin/env python3
# test-inspector-windows.py - opens, closes and leaves in the real window
# SPDX-License-Identifier: LGPL-2.1-or-later

from inspector_walk import Window, check, dump, find, key, make_message, press, run, see, \
    type_text, wait_for


def change_subject(text):
    check(press('^Edit Subject') and see('^Subject$', ('text', 'entry')),
          'the subject can be edited')
    key('ctrl+a')
    type_text(text)
    key('Return')
    check(see('^%s$' % text), 'the message is called by its new subject')


def walk_closing(folder):
    path = make_message(folder, 'closing.msg', PR_SUBJECT='After', PR_BODY='Hello')
    window = Window(path)
    check(window.focus() and see('^After$'), 'the message opens')
    change_subject('Lost')
    key('ctrl+q')
    check(wait_for(lambda: find('Save Changes')), 'closing with edits asks')
    check(window.answer('alt+d'), 'the edits can be discarded')
    check(window.end(), 'it ends with nothing in its log')
    check(dump(path)['subject'] == 'After', 'what was discarded is not in the file')


def walk(folder):
    walk_closing(folder)


run(walk)
