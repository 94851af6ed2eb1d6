#!/usr/bin/env python3
# test-inspector-editing.py - finds, changes, undoes and saves a property in the real window
# SPDX-License-Identifier: LGPL-2.1-or-later

import os
import subprocess

from inspector_walk import IMSG, Window, check, choose_file, click, dump, find, key, make_message, \
    press, run, see, type_text, wait_for


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


def visit(name, text=None):
    key('ctrl+f', 'ctrl+a')
    type_text(name)
    key('Return')
    if text is not None:
        key('F2', 'ctrl+a')
        type_text(text)


def edit_twice():
    """What is typed counts when one goes on, each time as a step of its own."""
    for text in ('One', 'Two'):
        visit('PR_SUBJECT', text)
        visit('PR_BODY')
    visit('PR_SUBJECT')
    check(see('^Subject, text, Two, changed$'), 'it is edited twice')
    check(press('^Undo') and see('^Subject, text, One, changed$'), 'and undone once')
    check(press('^Undo') and see('^Subject, text, After'), 'and again')


def write_text(window, path):
    """In a new message, where no text is stored yet."""
    key('ctrl+n')
    key('alt+1')
    check(see('^No Body$'), 'a new message has no body')
    check(press('^Edit the Text$') and see('^Body, text, '), 'one can be written')
    type_text('Dear Ann')
    key('Return')
    type_text('Yours')
    key('ctrl+Return')
    check(see('^Body, text, Dear Ann'), 'which is its text')
    key('ctrl+s')
    check(window.focus_dialog(), 'it is saved under a name')
    choose_file(path)
    window.focus()
    check(wait_for(lambda: os.path.exists(path) and 'Dear Ann' in subprocess.run(
        [IMSG, 'show', path], check=True, capture_output=True, text=True).stdout), 'with the text')
    body = next(item for item in dump(path)['properties'] if item['name'] == 'PR_BODY')
    check(body['value'] == 'Dear Ann\r\nYours', 'whose lines end as they do in messages')


def edit_text_beside_html(window):
    click(see('^Page$', ('list item',)))
    key('alt+1')
    check(press('^Text$') and press('^Edit the Text$') and see('^Body, text, Shown'),
          'the text of a page is stored to be edited')
    check(see('^Other programs show the HTML, not this text.$'), 'and not what others show')


def walk(folder):
    path = make_message(folder, PR_SUBJECT='Before', PR_BODY='Hello')
    page = make_message(folder, 'page.msg', PR_SUBJECT='Page')
    subprocess.run([IMSG, 'set', page, '--html=<p>Shown</p>'], check=True)
    window = Window(path, page)
    check(window.focus(), 'the window can have the focus')
    check(wait_for(lambda: find('^Before$')), 'the message is in the tree')
    edit_subject('After')

    check(press('^Undo'), 'undo can be pressed')
    check(wait_for(lambda: find('^Subject, text, Before(, changed)?$')), 'undo brings it back')
    check(press('^Redo'), 'redo can be pressed')
    check(wait_for(lambda: find('^Subject, text, After, changed$')), 'redo does it again')

    key('ctrl+s')
    check(wait_for(lambda: dump(path)['subject'] == 'After'), 'saving writes the file')
    edit_twice()
    write_text(window, os.path.join(folder, 'new.msg'))
    edit_text_beside_html(window)
    key('ctrl+q')
    check(window.answer('alt+d') and window.end(), 'it ends with nothing in its log')


run(walk)
