#!/usr/bin/env python3
# test-inspector-controls.py - what buttons, columns and the pane say of themselves
# SPDX-License-Identifier: LGPL-2.1-or-later

import os
import re
import subprocess

from inspector_walk import BUTTONS, IMSG, Atspi, Window, check, click, find, find_all, is_gone, \
    key, list_unnamed, make_message, press, run, run_parts, see, type_text, wait_for


def list_odd_names():
    """Names that a screen reader would say with an underscore, or twice."""
    return [node.get_name() for node in find_all('', BUTTONS, showing=True)
            if '_' in node.get_name() or re.match(r'(.+) \1$', node.get_name())]


def get_reason(name):
    """Why a button cannot be used; None when it can."""
    button = see(name, BUTTONS)
    if button is None or button.get_state_set().contains(Atspi.StateType.SENSITIVE):
        return None
    return button.get_description()


def gives_reason(name, reason):
    return wait_for(lambda: get_reason(name) == reason)


def select_rows(name):
    click(wait_for(lambda: find('^Controls', ('list item',))))
    key('Right')
    click(see('^' + name, ('label',)))


def make_full_message(folder):
    """One with a recipient and an attachment."""
    path = make_message(folder, PR_SUBJECT='Controls', PR_BODY='Hello')
    plan = os.path.join(folder, 'plan.txt')
    with open(plan, 'w', encoding='utf-8') as file:
        file.write('the plan')
    subprocess.run([IMSG, 'set', path, '--to=Bob <bob@example.org>', '-a', plan], check=True)
    return path


def walk_reasons(folder):
    path = make_full_message(folder)
    window = Window(path)
    check(window.focus() and see('^Controls$'), 'a message opens')
    check(gives_reason('^Save$', 'There is nothing to save.'), 'nothing is to be saved yet')
    check(gives_reason('^Undo', 'Nothing to Undo') and gives_reason('^Redo', 'Nothing to Redo'),
          'nor undone')
    check(gives_reason('^Value Pane$', 'No property can be selected here.'),
          'the pane has nothing to show beside the message')
    select_rows('Recipients')
    check(wait_for(lambda: get_reason('^Remove Recipient$') is None), 'a recipient can be removed')
    click(see('^To, Bob, '))
    key('Delete')
    check(gives_reason('^Remove Recipient$', 'No recipient is selected.'),
          'but not where there is none')
    check(press('^Undo') and see('^To, Bob, '), 'it comes back')
    select_rows('Attachments')
    click(see('^plan.txt, '))
    key('Delete')
    check(gives_reason('^Save All…$', 'There are no attachments.'), 'one cannot save attachments that are not there')
    check(wait_for(lambda: get_reason('^Save$') is None), 'now there is something to save')
    key('ctrl+s')
    check(gives_reason('^Save$', 'There is nothing to save.'), 'until it is saved')
    key('ctrl+q')
    check(window.end(), 'it ends with nothing in its log')


def walk_typed(folder):
    """What is typed and not applied is to be saved too."""
    path = make_message(folder, PR_SUBJECT='Controls', PR_BODY='Hello')
    window = Window(path)
    check(window.focus() and see('^Controls$'), 'a message opens')
    key('alt+2')
    key('ctrl+f')
    type_text('PR_SUBJECT')
    key('Return')
    key('F2')
    check(get_reason('^Save$') == 'There is nothing to save.', 'nothing is typed yet')
    key('ctrl+a')
    type_text('Typed')
    check(wait_for(lambda: get_reason('^Save$') is None), 'what is typed can be saved')
    key('ctrl+s')
    check(see('^Saved$') and gives_reason('^Save$', 'There is nothing to save.'), 'and is')
    key('ctrl+q')
    check(window.end(), 'it ends with nothing in its log')


def walk_names(folder):
    path = make_full_message(folder)
    window = Window(path)
    check(window.focus() and see('^Controls$'), 'a message opens')
    for size in (1200, 760), (360, 760):
        window.resize(*size)
        check(see('^Save$', BUTTONS), 'save is called so %d wide' % size[0])
        check(list_odd_names() == [], 'no button is said twice')
        check(list_unnamed() == [], 'and none is without a name')
    window.resize(1200, 760)
    for rows in 'Recipients', 'Attachments':
        select_rows(rows)
        check(see('^Add…$', BUTTONS) and list_odd_names() == [], 'nor beside ' + rows)
    key('ctrl+q')
    check(window.end(), 'it ends with nothing in its log')


def is_pane_open():
    states = find('^Value Pane$', BUTTONS, showing=True).get_state_set()
    return states.contains(Atspi.StateType.PRESSED) or states.contains(Atspi.StateType.CHECKED)


def walk_pane(folder):
    path = make_message(folder, PR_SUBJECT='Controls', PR_BODY='Hello')
    window = Window(path)
    check(window.focus() and see('^Controls$'), 'a message opens')
    key('alt+2')
    check(wait_for(is_pane_open), 'beside the properties is the pane')
    key('alt+3')
    check(wait_for(lambda: not is_pane_open()), 'beside the storage it is not')
    window.resize(360, 760)
    window.resize(1200, 760)
    check(not is_pane_open(), 'nor when the window was small in between')
    key('alt+2')
    check(wait_for(is_pane_open), 'where it was it is again')
    window.resize(360, 760)
    check(wait_for(lambda: not is_pane_open()), 'it does not cover the table of a small window')
    window.resize(1200, 760)
    check(wait_for(is_pane_open), 'and comes back where there is room')
    key('ctrl+q')
    check(window.end(), 'it ends with nothing in its log')


def list_rows():
    return [row.get_name() for row in
            find_all(', (text|integer|boolean|time|binary|object)', ('table row',))]


def walk_sorting(folder):
    path = make_message(folder, PR_SUBJECT='Controls', PR_BODY='Hello')
    window = Window(path)
    check(window.focus() and see('^Controls$'), 'a message opens')
    key('alt+2')
    check(see('^Subject, text, Controls$'), 'it has properties')
    check(press('^Main Menu$') and press('^Sort Properties By$') and
          press('^Attributes$'), 'they can be sorted by their attributes')
    check(wait_for(lambda: list_rows()[1].endswith('read-only')), 'the fewest come first')
    key('ctrl+f')
    type_text('PR_BODY')
    check(see('^Body, text, Hello$') and
          wait_for(lambda: not any(row.startswith('Message class') for row in list_rows())),
          'and the keyboard is heard again when the menu is closed')
    window.end()


def select_message():
    click(wait_for(lambda: find('^Controls', ('list item',))))


def walk_undo(folder):
    """Undoing shows what it undid, wherever one is."""
    window = Window(make_full_message(folder))
    check(window.focus() and see('^Controls$'), 'a message opens')
    select_rows('Recipients')
    click(see('^To, Bob, '))
    key('Delete')
    select_rows('Attachments')
    click(see('^plan.txt, '))
    key('F2')
    check(window.focus_dialog(), 'a dialog asks for the name')
    key('ctrl+a')
    type_text('agenda.txt')
    key('Return')
    window.focus()
    check(see('^agenda.txt, '), 'the attachment has another name')
    select_message()
    key('alt+2')
    key('ctrl+f')
    type_text('PR_BODY')
    key('Return')
    key('F2')
    key('ctrl+a')
    type_text('Bye')
    key('ctrl+Return')
    check(see('^Body, text, Bye, changed$'), 'the body is changed')
    box = see('^[Mm]andatory$', ('check box',))
    click(box)
    check(wait_for(lambda: get_reason('^Undo') is None), 'and its attributes')
    key('ctrl+f')
    key('ctrl+a')
    type_text('PR_MESSAGE_CLASS')
    check(is_gone('^Body, text, Bye', ('table row',)), 'the filter hides it')
    key('alt+3')

    check(press('^Undo') and see('^Body, text, Bye, changed$'), 'undoing the attributes shows it')
    key('alt+3')
    check(press('^Undo') and see('^Body, text, Hello'), 'and undoing its value')
    key('alt+1')
    check(press('^Undo') and see('^plan.txt, '), 'then the table of attachments')
    select_message()
    check(press('^Undo') and see('^To, Bob, '), 'then that of the recipients')
    select_message()
    check(press('^Redo') and see('^Remove Recipient$'), 'redoing shows where it was')
    check(press('^Undo') and see('^To, Bob, '), 'it is there once more')
    key('ctrl+q')
    check(window.answer('alt+d') and window.end(), 'it ends with nothing in its log')


def walk_find(folder):
    """Ctrl+F searches what is shown."""
    window = Window(make_full_message(folder))
    check(window.focus() and see('^Controls$'), 'a message opens')
    key('ctrl+f')
    type_text('HELL')
    check(see('^Find in the text$', ('entry', 'text')) and is_gone('^Not found$'),
          'its text is searched')
    type_text('x')
    check(see('^Not found$'), 'which tells what is not in it')
    key('Escape')
    select_rows('Recipients')
    key('ctrl+f')
    type_text('example.org')
    check(see('^Search recipients$', ('entry', 'text')) and see('^To, Bob, '),
          'the recipients are searched')
    type_text('x')
    check(is_gone('^To, Bob, '), 'and only those that match are shown')
    key('Escape')
    check(see('^To, Bob, '), 'until it is closed')
    select_rows('Attachments')
    key('ctrl+f')
    type_text('plan')
    check(see('^Search attachments$', ('entry', 'text')) and see('^plan.txt, '),
          'the attachments are searched')
    type_text('x')
    check(is_gone('^plan.txt, '), 'in the same way')
    key('Escape')
    key('Escape')
    key('ctrl+q')
    check(window.end(), 'it ends with nothing in its log')


def walk_columns(folder):
    """Columns that were asked for are there the next time."""
    home = os.path.join(folder, 'home')
    settings = os.path.join(home, 'config', 'glib-2.0', 'settings')
    os.makedirs(settings)
    with open(os.path.join(settings, 'keyfile'), 'w', encoding='utf-8') as file:
        file.write("[io/github/libimsg/Inspector]\n"
                   "extra-columns=['stored-value', 'origin']\npage='properties'\n")
    window = Window(make_message(folder, PR_SUBJECT='Controls', PR_IMPORTANCE='2'), home=home,
                    size=(1600, 760))
    check(window.focus() and see('^Importance, integer, IMPORTANCE_HIGH$'), 'a message opens')
    check(see('^Stored Value$') and see('^Origin$'), 'the columns are there')
    key('ctrl+q')
    check(window.end(), 'it ends with nothing in its log')


def walk_shortcuts(folder):
    window = Window(make_message(folder, PR_SUBJECT='Controls'))
    check(window.focus() and see('^Controls$'), 'a message opens')
    key('ctrl+question')
    check(window.focus_dialog() and see('^Undo$', ('label',)), 'the keys are listed')
    key('Escape')
    window.focus()
    key('ctrl+q')
    check(window.end(), 'it ends with nothing in its log')


def walk(folder):
    run_parts(folder, walk_reasons, walk_typed, walk_names, walk_pane, walk_sorting, walk_undo,
              walk_find, walk_columns, walk_shortcuts)


run(walk)
