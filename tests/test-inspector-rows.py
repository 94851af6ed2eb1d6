#!/usr/bin/env python3
# test-inspector-rows.py - adds, changes and removes recipients and attachments in the real window
# SPDX-License-Identifier: LGPL-2.1-or-later

import os
import subprocess

from inspector_walk import Atspi, IMSG, Window, check, choose_file, click, drag, dump, find, \
    find_all, is_gone, key, make_message, press, run, see, type_text, wait_for


def list_recipients(path):
    return [(item['type'], item['address']) for item in dump(path)['recipients']]


def list_attachments(path):
    return [item['name'] for item in dump(path)['attachments']]


def list_rows():
    return [row.get_name()[:7] for row in find_all('^(To|Cc|Bcc), ', ('table row',))]


def edit_recipients(window):
    check(press('^Add…$') and window.focus_dialog(), 'a recipient can be added')
    type_text('Ann Lee')
    key('Tab')
    type_text('ann@example.org')
    key('Return')
    window.focus()
    row = see('^To, Ann Lee, ann@example.org, SMTP, resolved$')
    check(row is not None, 'its row says who and what it is')
    click(row)
    check(see('^Display name, text, Ann Lee'), 'the properties of the selected one are below')
    kind = see('^Kind$', ('push button', 'toggle button'))
    check(kind is not None, 'its kind can be chosen')
    click(kind)
    key('Down')
    key('Return')
    check(see('^Cc, Ann Lee, '), 'and is changed')
    row = see('^Cc, Ann Lee, ')
    click(row)
    key('alt+Up')
    check(wait_for(lambda: list_rows() == ['Cc, Ann', 'To, Bob']), 'it is moved by a key')
    check(press('^Undo') and wait_for(lambda: list_rows() == ['To, Bob', 'Cc, Ann']),
          'the move is undone')
    check(press('^Undo') and see('^To, Ann Lee, '), 'and then the kind')
    check(press('^Redo') and see('^Cc, Ann Lee, '), 'which is done again')


def resolves(row):
    """Whether the menu of the row offers to resolve it."""
    click(row, button=3)
    item = see('^Resolve$', ('menu item',))
    answer = item is not None and item.get_state_set().contains(Atspi.StateType.SENSITIVE)
    key('Escape')
    return answer


def add_name(window):
    check(press('^Add…$') and window.focus_dialog(), 'a recipient may have no address')
    type_text('Eve')
    key('Return')
    window.focus()
    row = see('^To, Eve, .*not resolved$')
    check(row is not None, 'which is said')
    check(not resolves(row), 'there is nothing to resolve it with')
    check(resolves(see('^Cc, Ann Lee, ')), 'as there is for another')
    check(press('^Undo') and is_gone('^To, Eve, '), 'it goes again')


def paste_recipients(window):
    # What is on the clipboard was typed and copied here
    click(see('^Filter properties$', ('entry', 'text')))
    type_text('"Roe, Carl" <carl@example.org>; dora@example.org')
    key('ctrl+a', 'ctrl+x')
    key('Escape')
    row = see('^To, Bob, ')
    click(row)
    key('ctrl+v')
    check(see('^To, Roe, Carl, carl@example.org, '), 'a pasted list gives recipients')
    check(see('^To, dora@example.org, dora@example.org, ') or see('dora@example.org'),
          'one for each address')
    row = see('^To, Bob, ')
    click(row)
    key('Delete')
    check(is_gone('^To, Bob, '), 'a recipient is removed by a key')


def edit_attachments(window, folder):
    name = os.path.join(folder, 'plan.txt')
    with open(name, 'w', encoding='utf-8') as file:
        file.write('the plan')
    click(see('^Add…$', ('push button',)))
    check(window.focus_dialog(), 'a dialog asks for files')
    choose_file(name)
    window.focus()
    row = see('^plan.txt, text/plain, 8 bytes, file')
    check(row is not None, 'an attachment is added')
    check(see('^invoice.pdf.exe, .*A program that pretends to be a document.$'),
          'a dangerous one is told in words')
    click(row)
    check(see('^text/plain|file\n8 bytes'), 'the pane tells of the selected one')
    key('F2')
    check(window.focus_dialog(), 'a dialog asks for the name')
    key('ctrl+a')
    type_text('agenda.txt')
    key('Return')
    window.focus()
    check(see('^agenda.txt, '), 'it has another name')
    row = see('^invoice.pdf.exe, ')
    click(row)
    key('Delete')
    check(is_gone('^invoice.pdf.exe, '), 'one is removed by a key')
    check(press('^Undo') and see('^invoice.pdf.exe, '), 'and comes back')
    check(press('^Redo') and is_gone('^invoice.pdf.exe, '), 'and goes again')


def embed_messages(window):
    row = wait_for(lambda: find('^Other', ('list item',)))
    table = see('^agenda.txt, ')
    drag(row, table)
    check(see('^Other.*, embedded|^Other[^,]*, .*message'), 'a message dragged here is embedded')
    check(press('^Undo: Embed|^Undo') and is_gone('^Other[^,]*, .*message', ('table row',)),
          'which is undone')
    click(see('^agenda.txt, '), button=3)
    type_text('m')
    check(window.focus_dialog() and press('^Embed$'), 'the menu does it too')
    window.focus()
    check(see('^(Rows|Other)[^,]*, .*message', ('table row',)), 'with a message that is open')
    check(press('^Undo') and is_gone('^(Rows|Other)[^,]*, .*message', ('table row',)),
          'and is undone')


def save_attachment(window, folder):
    target = os.path.join(folder, 'saved.txt')
    row = see('^agenda.txt, ')
    click(row)
    click(see('^Save…$', ('push button',)))
    check(window.focus_dialog(), 'it can be saved')
    choose_file(target)
    window.focus()
    check(wait_for(lambda: os.path.exists(target)), 'the file is there')
    with open(target, encoding='utf-8') as file:
        check(file.read() == 'the plan', 'with what was attached')


def walk(folder):
    program = os.path.join(folder, 'invoice.pdf.exe')
    with open(program, 'wb') as file:
        file.write(b'MZ')
    path = make_message(folder, PR_SUBJECT='Rows', PR_BODY='Hello')
    subprocess.run([IMSG, 'set', path, '--to=Bob <bob@example.org>', '-a', program], check=True)
    window = Window(path, make_message(folder, 'other.msg', PR_SUBJECT='Other'))
    check(window.focus(), 'the window can have the focus')
    row = wait_for(lambda: find('^Rows', ('list item',)))
    check(row is not None, 'the message is in the tree')
    click(row)
    key('Right')
    row = see('^Recipients', ('label',))
    check(row is not None, 'it has recipients')
    click(row)
    edit_recipients(window)
    add_name(window)
    paste_recipients(window)
    row = see('^Attachments', ('label',))
    click(row)
    edit_attachments(window, folder)
    embed_messages(window)
    save_attachment(window, folder)

    key('ctrl+s')
    check(wait_for(lambda: len(list_recipients(path)) == 3), 'saving writes the file')
    check(sorted(address for _, address in list_recipients(path)) ==
          ['ann@example.org', 'carl@example.org', 'dora@example.org'], 'with its recipients')
    check(list_attachments(path) == ['agenda.txt'], 'and its attachments')
    key('ctrl+q')
    check(window.end(), 'it ends with nothing in its log')


run(walk)
