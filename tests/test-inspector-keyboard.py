#!/usr/bin/env python3
# test-inspector-keyboard.py - reads, edits and saves a message without a mouse
# SPDX-License-Identifier: LGPL-2.1-or-later

import os
import re
import subprocess

from inspector_walk import Atspi, IMSG, Window, application, check, choose_file, dump, \
    find, find_all, is_gone, key, make_message, run, see, type_text, wait_for, walk_nodes


def get_focus():
    """What has the keyboard: the innermost, for the window has it too."""
    found = None
    for node in walk_nodes(application()):
        if node.get_state_set().contains(Atspi.StateType.FOCUSED):
            found = node
    return found


def has_focus(pattern):
    def once():
        node = get_focus()
        return node is not None and re.search(pattern, node.get_name() or '')
    return wait_for(once)


def is_selected(pattern):
    """Whether a row of the tree is: the list is all that has the focus there."""
    return wait_for(lambda: any(node.get_state_set().contains(Atspi.StateType.SELECTED)
                                for node in find_all(pattern, ('list item',))))


def list_tab_stops(end):
    """The names of what Tab goes through from here on, up to one of that name."""
    names = []
    while len(names) < 40:
        node = get_focus()
        names.append(node.get_name() or '' if node else '')
        if re.search(end, names[-1]):
            break
        key('Tab')
    return names


def comes_in_order(names, *patterns):
    places = [next((place for place, name in enumerate(names) if re.search(pattern, name)), -1)
              for pattern in patterns]
    if -1 in places or places != sorted(places):
        print('# ' + ', '.join(names).replace('\n', ' '))
        return False
    return True


def go_around():
    key('F6')
    check(has_focus('^Search messages$'), 'F6 goes to the tree')
    names = list_tab_stops('^Body$')
    check(comes_in_order(names, '^Search', '^Message$', '^Properties$', '^Edit Subject$',
                         '^Edit Recipients$', '^Edit the Text$', '^Body$'),
          'Tab goes through tree, pages, headers and body')
    check(names.count('') <= 1, 'to nothing without a name but the list')
    key('F6')
    check(has_focus('^Search messages$'), 'F6 goes around, past a pane that has nothing')


def is_usable(item):
    item = see(item, ('menu item',))
    return item is not None and item.get_state_set().contains(Atspi.StateType.SENSITIVE)


def edit_property():
    key('alt+2')
    key('ctrl+f')
    check(has_focus('^Filter properties$'), 'Ctrl+F goes to the filter')
    names = list_tab_stops('^Store support mask')
    check(comes_in_order(names, '^Filter', '^Add Property$', '^Named$', '^Damaged$', '^Store'),
          'then come the chips and the table')
    key('ctrl+f')
    type_text('PR_SUBJECT')
    key('Return')
    check(has_focus('^Subject, text, Keys$'), 'Return goes from the filter to the row')
    key('shift+F10')
    check(not is_usable('^Revert All to the File$'), 'of which nothing is edited')
    key('Escape')
    check(has_focus('^Subject, text, Keys$'), 'Escape closes the menu of the row')
    key('Return')
    check(has_focus('^Subject$|^Value'), 'and from the row to its editor')
    key('alt+3')
    check(has_focus('^Streams$'), 'from which the keyboard goes along to a page without one')
    key('alt+2', 'ctrl+f', 'Return')
    check(has_focus('^Subject, text, Keys$'), 'and back')
    key('Return')
    key('Escape')
    check(has_focus('^Subject, text, Keys$'), 'Escape comes back to the row')
    key('F6')
    check(has_focus('^Search messages$') or get_focus() is not None, 'F6 leaves the table')
    key('ctrl+f')
    key('Return', 'F2', 'ctrl+a')
    type_text('Typed')
    key('ctrl+Return')
    check(see('^Subject, text, Typed, changed$') and has_focus('^Subject, text, Typed'),
          'what is applied gives the focus back to the row')
    key('shift+F10')
    check(see('^Revert to the File$', ('menu item',)), 'the row has a menu')
    check(is_usable('^Revert All to the File$'), 'with which edits can be taken back')
    key('c')
    check(is_gone('^Revert to the File$', ('menu item',)) and has_focus('^Subject, text, Typed'),
          'and an item of which gives the focus back')


def go_through_tree():
    key('ctrl+shift+f')
    check(has_focus('^Search messages$'), 'the tree can be gone to')
    key('Tab')
    key('Right')
    check(see('^1 recipient$', ('list item',)), 'Right opens a row')
    key('Down', 'Down')
    check(see('^No Attachments$'), 'the arrows choose one')
    key('ctrl+Up', 'ctrl+Up', 'minus')
    check(is_gone('^1 recipient$', ('list item',)) and is_selected('^Typed') and
          not find('^Nothing Selected$', showing=True), 'folded up, it leaves its place to the message')
    key('Right', 'Down', 'Down')
    check(see('^No Attachments$'), 'and can be chosen again')
    key('Up')
    row = see('^To, Bob')
    check(row is not None, 'or the recipients')
    key('Left')
    check(is_selected('^Typed'), 'Left goes to the message')
    key('Left')
    check(is_gone('^1 recipient$', ('list item',)), 'and closes it')


def use_menu(window, folder):
    key('F10')
    check(see('^Keyboard Shortcuts$', ('menu item',)), 'F10 opens the menu')
    key('Escape')
    key('ctrl+shift+s')
    check(window.focus_dialog(), 'a file is asked for')
    choose_file(os.path.join(folder, 'copy.msg'))
    window.focus()
    check(wait_for(lambda: dump(os.path.join(folder, 'copy.msg'))['subject'] == 'Typed'),
          'and written')


def walk(folder):
    path = make_message(folder, PR_SUBJECT='Keys', PR_BODY='Hello')
    subprocess.run([IMSG, 'set', path, '--to=Bob <bob@example.org>'], check=True)
    window = Window(path)
    check(window.focus() and see('^Keys$', ('list item',)), 'a message opens')
    go_around()
    edit_property()
    go_through_tree()
    use_menu(window, folder)
    key('ctrl+q')
    check(window.end(), 'it ends with nothing in its log')


run(walk)
