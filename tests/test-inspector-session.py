#!/usr/bin/env python3
# test-inspector-session.py - searches and compares the messages of a session, and loses it
# SPDX-License-Identifier: LGPL-2.1-or-later

import os
import subprocess

from inspector_walk import Atspi, IMSG, Window, check, click, find, find_all, is_gone, key, \
    make_message, press, read_text, run, see, type_text, wait_for


def search_tree():
    click(see('^Report$', ('list item',)))
    key('Right')
    click(see('^1 attachment$', ('list item',)))
    key('Right')
    check(see('^Draft$', ('list item',)), 'what is in a message is in the tree')
    key('ctrl+shift+f')
    type_text('Draft')
    check(is_gone('^Agenda$', ('list item',)), 'a search leaves out what does not match')
    check(see('^Report$', ('list item',)), 'a message with a match inside stays')
    key('ctrl+a', 'BackSpace')
    type_text('nobody@example.org')
    check(see('^No Match$'), 'no match is told')
    check(press('^Clear Search$') and see('^Agenda$', ('list item',)), 'and can be taken back')
    key('ctrl+shift+f')
    type_text('ann')
    check(is_gone('^Agenda$', ('list item',)) and see('^Report$', ('list item',)),
          'a message is found by its sender')
    key('Escape')
    check(see('^Agenda$', ('list item',)), 'Escape ends the search')


def choose_from_menu(item):
    key('F10')
    check(press(item), 'the menu has %s' % item)


def compare(window):
    choose_from_menu('^Compare Messages')
    check(window.focus_dialog(), 'a window compares two messages')
    check(see('^differs, PR_SUBJECT, Report, Agenda$'), 'it tells what differs')
    check(see('^only first, PR_DISPLAY_TO, ') or see('^differs, PR_DISPLAY_TO, '),
          'and what only one has')
    check(find('PR_MESSAGE_CLASS') is None, 'what is equal is left out')
    click(see('^Show what is equal$', ('check box',)))
    check(see('^equal, PR_MESSAGE_CLASS, IPM.Note, IPM.Note$'), 'unless one wants to see it')
    key('Escape')
    check(wait_for(lambda: len(window.list_ids()) == 1), 'Escape closes it')
    window.focus()


def close_one(window):
    """What was done to a message goes with it; what was done to another can still be undone."""
    for subject in ('Agenda', 'Report'):
        click(see('^%s$' % subject, ('list item',)))
        check(press('^Edit Subject') and see('^Subject$', ('text', 'entry')), 'a subject is edited')
        key('ctrl+a')
        type_text('Another ' + subject)
        key('Return')
        check(see('^Another %s$' % subject, ('label',)), 'it is another')
    key('ctrl+n')
    check(press('^Edit Subject') and see('^Subject$', ('text', 'entry')), 'so is a third')
    type_text('Third')
    key('Return')
    check(see('^Third$', ('label',)), 'that is new')
    key('ctrl+w')
    check(window.focus_dialog() and see('Save Changes'), 'closing it asks')
    key('alt+d')
    check(is_gone('^Third$', ('list item',)), 'it is closed')
    window.focus()
    for subject in ('Report', 'Agenda'):
        check(press('^Undo') and see('^%s$' % subject, ('list item',)), 'others are as they were')


def lose_session(window):
    click(see('^Report$', ('list item',)))
    check(press('^Edit Subject') and see('^Subject$', ('text', 'entry')), 'a subject is edited')
    key('ctrl+a')
    type_text('Unsaved')
    key('Return')
    check(see('^Unsaved$', ('label',)), 'and not saved')
    window.close_sessions()
    check(see('^This session was closed. This is its last known state.$'),
          'a session that other code closes is told of')
    check(see('^Unsaved$', ('label',)) and
          any('Hello Bob' in read_text(node) for node in find_all('', ('text',), showing=True)),
          'what was on screen can be read')
    button = find('^Edit Subject$', ('push button',))
    check(not button.get_state_set().contains(Atspi.StateType.SENSITIVE), 'but not be edited')
    check(press('^_?Copy Unsaved Steps$'), 'what was not saved can be copied')
    key('ctrl+n')
    check(see('^1 message', ('label',)), 'a new message begins another session')
    key('ctrl+shift+f')
    key('ctrl+v')
    check(see('^No Match$'), 'into which the steps can be pasted')
    key('Escape')


def walk(folder):
    draft = make_message(folder, 'draft.msg', PR_SUBJECT='Draft')
    report = os.path.join(folder, 'report.msg')
    subprocess.run([IMSG, 'new', '-o', report, '-s', 'Report', '--from=Ann <ann@example.org>',
                    '--to=Bob <bob@example.org>', '-t', 'Hello Bob', '-a', draft], check=True)
    agenda = make_message(folder, 'agenda.msg', PR_SUBJECT='Agenda', PR_BODY='Hello')
    window = Window(report, agenda, preload=True)
    check(window.focus() and see('^Report$', ('list item',)) and see('^Agenda$', ('list item',)),
          'two messages open')
    search_tree()
    compare(window)
    close_one(window)
    lose_session(window)
    key('ctrl+q')
    check(window.answer('alt+d') and window.end(), 'it ends with nothing in its log')


run(walk)
