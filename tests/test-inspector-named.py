#!/usr/bin/env python3
# test-inspector-named.py - adds, changes, copies and removes properties, named ones above all
# SPDX-License-Identifier: LGPL-2.1-or-later

from inspector_walk import Window, check, click, dump, find, is_gone, key, make_message, press, \
    run, see, type_text, wait_for


def search(text):
    key('ctrl+f')
    key('ctrl+a', 'BackSpace')
    if text:
        type_text(text)


def get_item(path, name):
    for item in dump(path)['properties']:
        if name in (item['name'], item['tag'], item.get('named', {}).get('name')):
            return item
    return None


def add_property(window, name, property_set=''):
    key('ctrl+i')
    check(window.focus_dialog(), 'a dialog asks for the property')
    type_text(name)
    if property_set:
        key('Tab')
        type_text(property_set)
    check(press('^Add$'), 'it can be added')
    window.focus()


def add_known(window):
    search('')
    add_property(window, 'PidLidLocation')
    check(see('^Location, text, , changed$'), 'a property known by name is added')
    key('F2')
    type_text('Room 12')
    key('ctrl+Return')
    check(see('^Location, text, Room 12, changed$'), 'and gets a value')


def add_new(window):
    add_property(window, 'x-project', 'PS_PUBLIC_STRINGS')
    check(see('^x-project, text, , changed$'), 'a new named property is added')
    key('F2')
    type_text('Apollo')
    key('ctrl+Return')
    check(see('^x-project, text, Apollo, changed$'), 'and gets a value')
    check(press('^Undo') and see('^x-project, text, , changed$'), 'which is undone')
    check(press('^Undo') and is_gone('^x-project, text'), 'and the property with it')
    check(press('^Redo') and see('^x-project, text, , changed$'), 'it is added again')
    check(press('^Redo') and see('^x-project, text, Apollo, changed$'), 'and changed again')


def show_columns():
    search('x-project')
    check(see('^x-project, text, Apollo'), 'it is found by its name')
    search('PS_PUBLIC_STRINGS')
    check(see('^x-project, text, Apollo'), 'by the name of its set')
    search('00020329-0000')
    check(see('^x-project, text, Apollo'), 'and by the GUID of its set')
    key('Return')
    key('shift+F10')
    check(see('^Paste Property$', ('menu item',)), 'the row has a menu for the keyboard')
    key('Escape')


def see_map(window):
    key('alt+3')
    tab = see('^Names$', ('page tab', 'radio button', 'toggle button', 'tab'))
    check(tab is not None, 'the storage page has the map of names')
    click(tab)
    row = see('PidLidLocation.*message')
    check(row is not None, 'which tells who uses a name')
    click(row, n_times=2)
    check(see('^Location, text, Room 12, changed$'), 'a row goes to the property')
    check(is_gone('^Subject, text'), 'and filters the others away')


def take_along(window):
    """From one message to another."""
    search('x-project')
    check(see('^x-project, text, Apollo'), 'the property is found')
    key('Return')
    key('ctrl+c')
    check(wait_for(lambda: click(find('^Other', ('list item',))) or
                   is_gone('^x-project, text, Apollo', timeout=2)),
          'another message does not have it')
    key('alt+3')
    check(is_gone('x-project.*message'), 'nor its name')
    key('alt+2')
    search('')
    click(see('^Subject, text, Other'))
    key('ctrl+shift+v')
    check(see('^x-project, text, Apollo, changed$'), 'until it is pasted there')
    key('alt+3')
    check(see('x-project.*message'), 'which makes the name known')
    key('alt+2')


def walk(folder):
    path = make_message(folder, PR_SUBJECT='Named', PR_BODY='Hello', PR_KEYWORD='x')
    other = make_message(folder, name='other.msg', PR_SUBJECT='Other')
    window = Window(path, other)
    check(window.focus(), 'the window can have the focus')
    row = wait_for(lambda: find('^Named', ('list item',)))
    check(row is not None, 'the message is in the tree')
    click(row)
    key('alt+2')

    add_known(window)
    add_new(window)
    show_columns()
    see_map(window)
    search('PR_KEYWORD')
    check(see('^Keyword, text, x$'), 'the keyword is there')
    key('Return')
    key('Delete')
    check(is_gone('^Keyword, text, x'), 'a property is removed by a key')
    key('ctrl+s')
    check(wait_for(lambda: get_item(path, 'x-project') is not None), 'saving writes the file')
    check(get_item(path, 'x-project')['value'] == 'Apollo' and
          get_item(path, 'x-project')['named']['set'].startswith('00020329'),
          'the new property is in the file, with its name')
    check(get_item(path, 'PidLidLocation')['value'] == 'Room 12', 'so is the known one')
    check(get_item(path, 'PR_KEYWORD') is None, 'and the removed one is not')
    take_along(window)
    key('ctrl+s')
    check(wait_for(lambda: get_item(other, 'x-project')), 'the other message is saved')
    key('ctrl+q')
    check(window.end(), 'it ends with nothing in its log')


run(walk)
