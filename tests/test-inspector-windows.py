#!/usr/bin/env python3
# test-inspector-windows.py - opens, closes, loses and finds again in the real window
# SPDX-License-Identifier: LGPL-2.1-or-later

import os
import re
import shutil
import stat
import subprocess

from inspector_walk import INSPECTOR, Window, check, choose_file, click, dump, find, find_all, \
    key, make_message, press, run, run_parts, see, type_text, wait_for


def change_subject(text):
    check(press('^Edit Subject') and see('^Subject$', ('text', 'entry')),
          'the subject can be edited')
    key('ctrl+a')
    type_text(text)
    key('Return')
    check(see('^%s$' % text), 'the message is called by its new subject')


def choose_from_menu(item):
    check(press('^Main Menu$') and press(item), 'the menu has %s' % item)


def walk_start(folder):
    window = Window()
    check(window.focus() and see('^Open a Message$'), 'it starts with what can be done')
    key('F9')
    check(press('Open Example$'), 'there is an example to try')
    check(see('^A message to try things on$'), 'it opens')
    key('ctrl+q')
    check(wait_for(lambda: find('Save Changes')), 'which is not saved anywhere')
    check(window.answer('alt+d') and window.end(), 'it ends with nothing in its log')


def walk_closing(folder):
    path = make_message(folder, 'closing.msg', PR_SUBJECT='Kept', PR_BODY='Hello')
    other = make_message(folder, 'other.msg', PR_SUBJECT='Another')
    window = Window(path, other)
    check(window.focus() and see('^Kept$') and see('^Another$'), 'two messages open')
    change_subject('Lost')
    key('ctrl+q')
    check(wait_for(lambda: find('Save Changes')), 'closing with edits asks')
    check(see('^Lost$', ('label', 'check box', 'list item')) and
          len([name for name in find_all('^Messages with changes$')]) == 1,
          'it names what is not saved')
    check(window.answer('alt+d'), 'the edits can be discarded')
    check(window.end(), 'it ends with nothing in its log')
    check(dump(path)['subject'] == 'Kept', 'what was discarded is not in the file')


def walk_long_subjects(folder):
    """However long they are, what names two messages fits the window it is in."""
    subject = 'Re: Fwd: the minutes of the quarterly meeting ' * 100
    window = Window(make_message(folder, 'one.msg', PR_SUBJECT=subject),
                    make_message(folder, 'two.msg', PR_SUBJECT=subject))
    check(window.focus() and see('^2 messages$'), 'two messages open')
    choose_from_menu('^Compare Messages')
    check(window.focus_dialog() and see('^Show what is equal$'), 'they are compared')
    sizes = [subprocess.run(['xdotool', 'getwindowgeometry', '--shell', name], check=True,
                            capture_output=True, text=True).stdout for name in window.list_ids()]
    check(all(int(re.search(r'WIDTH=(\d+)', size)[1]) <= window.size[0] for size in sizes),
          'in a window that is no wider for it')
    key('Escape')
    window.focus()
    key('ctrl+q')
    check(window.end(), 'it ends with nothing in its log')


def list_copies(window):
    top = os.path.join(window.home, 'state', 'imsg-inspector', 'recovery')
    return [os.path.join(at, name) for at, _, names in os.walk(top) for name in names
            if name.endswith('.msg')]


def walk_crash(folder):
    home = os.path.join(folder, 'home')
    path = make_message(folder, 'crash.msg', PR_SUBJECT='Before', PR_BODY='Hello')
    window = Window(path, home=home)
    check(window.focus() and see('^Before$'), 'a message opens')
    check(not list_copies(window), 'what is not edited is kept nowhere else')
    change_subject('Unsaved')
    copies = wait_for(lambda: list_copies(window))
    check(copies and dump(copies[0])['subject'] == 'Unsaved', 'what is edited is kept')
    check(stat.S_IMODE(os.stat(copies[0]).st_mode) == 0o600 and
          stat.S_IMODE(os.stat(os.path.dirname(copies[0])).st_mode) == 0o700,
          'nobody else can read the copy')
    window.kill()

    window = Window(home=home)
    check(window.focus() and see('The application ended before 1 message was saved'),
          'after a crash it offers what was not saved')
    subprocess.run([INSPECTOR, make_message(folder, 'other.msg', PR_SUBJECT='Another')], check=True,
                   timeout=20, env=window.settings, stderr=subprocess.DEVNULL)
    check(see('^Another$') and see('The application ended before 1 message was saved'),
          'also while others are opened')
    check(press('^_?Restore'), 'which can be restored')
    check(see('^Unsaved$'), 'it is there again')
    click(see('^Unsaved', ('list item',)))
    check(dump(path)['subject'] == 'Before', 'the file is as it was')
    check(press('^Save$') and see('^Replace the Original File') and press('^Replace$'),
          'it can go back to the file it came from, when one says so')
    check(see('^Saved$') and dump(path)['subject'] == 'Unsaved', 'and is written there')
    check(wait_for(lambda: not list_copies(window)), 'no copy is left')
    key('ctrl+q')
    check(window.end(), 'it ends with nothing in its log')

    window = Window(home=home)
    check(window.focus() and see('^Open a Message$'), 'the next start')
    check(not find('The application ended'), 'offers nothing')
    key('ctrl+q')
    check(window.end(), 'it ends with nothing in its log')


def walk_disk(folder):
    inside = os.path.join(folder, 'inside')
    os.mkdir(inside)
    path = make_message(inside, 'disk.msg', PR_SUBJECT='First')
    window = Window(path)
    check(window.focus() and see('^First$'), 'a message opens')
    make_message(inside, 'disk.msg', PR_SUBJECT='Second')
    check(see('changed on disk'), 'a file that another program changes is noticed')
    check(press('^_?Reload'), 'it can be reloaded')
    check(see('^Second$'), 'and is what is on the disk')

    key('alt+2', 'ctrl+f', 'ctrl+a')
    type_text('PR_SUBJECT')
    key('Return', 'F2', 'ctrl+a')
    type_text('Typed')
    key('F5')
    check(see('^Reloading discards') and see('^Typed'), 'what was only typed is not reloaded over')
    make_message(inside, 'disk.msg', PR_SUBJECT='Second')
    check(see('changed on disk') and press('^_?Reload') and see('^Reloading discards'),
          'nor is it when the file has changed')
    key('alt+1')
    change_subject('Third')
    shutil.rmtree(inside)
    check(see('was deleted'), 'a file that goes is noticed')
    key('F5')
    check(see('^Reloading discards') and press('^_?Reload') and
          see('could not be reloaded.*still here') and see('^Third$'),
          'reloading what is not there loses nothing')
    key('ctrl+s')
    check(see('removed since.*changes are still here'), 'a save that fails keeps the changes')
    check(press('^_?Save Anyway'), 'one can insist')
    check(see('could not be saved.*still here'), 'but there is no folder for it')
    os.mkdir(inside)
    check(press('^_?Try Again'), 'it can be tried again')
    check(see('removed since') and press('^_?Save Anyway'), 'the file is still gone')
    check(wait_for(lambda: os.path.exists(path) and dump(path)['subject'] == 'Third'),
          'and is written anew')
    key('ctrl+q')
    check(window.end(), 'it ends with nothing in its log')


MAIL = '''From: Ada <ada@example.org>
To: Ben <ben@example.org>
Subject: By mail
Date: Tue, 24 Nov 2026 10:00:00 +0000
Content-Type: text/plain; charset=utf-8

Grüße
'''


def walk_import_and_export(folder):
    path = os.path.join(folder, 'mail.eml')
    with open(path, 'w', encoding='utf-8') as file:
        file.write(MAIL)
    window = Window(path)
    check(window.focus() and see('^By mail$'), 'mail opens as a message')
    key('alt+2', 'ctrl+f')
    type_text('PR_SUBJECT')
    key('Return', 'F2', 'ctrl+a')
    type_text('By letter')
    # What was typed and not applied yet is exported too
    for name, words in (('out.eml', 'Subject: By letter'), ('out.txt', 'Grüße')):
        choose_from_menu('^Export')
        check(window.focus_dialog(), 'it asks where to export to')
        choose_file(os.path.join(folder, name))
        check(wait_for(lambda: os.path.exists(os.path.join(folder, name)) and
                       words in open(os.path.join(folder, name), encoding='utf-8').read()),
              'it is exported to %s' % name)
        window.focus()
    choose_from_menu('^Export')
    check(window.focus_dialog() and see('^Internet mail'), 'there is a list of formats')
    click(find('^Internet mail', showing=True))
    key('Down', 'Return')
    choose_file(os.path.join(folder, 'chosen.eml'))
    check(wait_for(lambda: os.path.exists(os.path.join(folder, 'chosen.txt'))),
          'the one that is chosen counts')
    window.focus()
    choose_from_menu('^Export')
    check(window.focus_dialog() and see('^Internet mail'), 'once more')
    click(find('^Internet mail', showing=True))
    key('Down', 'Return')
    choose_file(os.path.join(folder, 'Minutes v1.2'))
    check(wait_for(lambda: os.path.exists(os.path.join(folder, 'Minutes v1.2.txt'))),
          'a name without an ending gets one, and keeps its dots')
    window.focus()
    template = os.path.join(folder, 'out.oft')
    choose_from_menu('^Export')
    check(window.focus_dialog(), 'it asks where to export to')
    choose_file(template)
    check(wait_for(lambda: os.path.exists(template)), 'a template is made of it')
    window.focus()
    choose_from_menu('^New From Template')
    check(window.focus_dialog(), 'it asks for a template')
    choose_file(template)
    check(window.focus() and see('^2 messages, 2 edited|^2 messages, edited'),
          'a new message has its content')
    key('ctrl+q')
    check(wait_for(lambda: find('Save Changes')), 'what was imported is not saved')
    check(window.answer('alt+d') and window.end(), 'it ends with nothing in its log')


def walk_from_outside(folder):
    first = make_message(folder, 'first.msg', PR_SUBJECT='The first')
    second = make_message(folder, 'second.msg', PR_SUBJECT='The second')
    broken = os.path.join(folder, 'broken.msg')
    with open(broken, 'w', encoding='utf-8') as file:
        file.write('this is no message')
    home = os.path.join(folder, 'home')
    window = Window(first, home=home)
    check(window.focus() and see('^The first$'), 'a message opens')
    subprocess.run([INSPECTOR, second], check=True, timeout=20, env=window.settings,
                   stderr=subprocess.DEVNULL)
    check(see('^The second$'), 'another that is opened elsewhere joins it')
    subprocess.run([INSPECTOR, broken], check=True, timeout=20, env=window.settings,
                   stderr=subprocess.DEVNULL)
    check(see('“broken.msg” could not be opened'), 'what is no message says why')
    key('ctrl+q')
    check(window.end(), 'it ends with nothing in its log')

    window = Window(home=home)
    check(window.focus() and see('^Open a Message$'), 'it starts again')
    check(press('^Open Example|^_Open Example|Open Example$'), 'something is opened')
    check(press('^Recent Files$'), 'there is a list of recent files')
    check(see('^first.msg$') and see('^second.msg$'), 'with those of the last time')
    key('Escape')
    key('ctrl+q')
    check(window.answer('alt+d') and window.end(), 'it ends with nothing in its log')


def walk_no_message(folder):
    """Of a file that is no message, its storages and streams can still be seen."""
    path = make_message(folder, 'renamed.msg', PR_SUBJECT='Hidden')
    with open(path, 'rb') as file:
        content = file.read()
    name = '__properties_version1.0'.encode('utf-16-le')
    check(name in content, 'a message has its properties in a stream')
    with open(path, 'wb') as file:
        file.write(content.replace(name, '__properties_version1.1'.encode('utf-16-le')))
    window = Window(path)
    check(window.focus() and see('^This File Cannot Be Opened$'), 'without them it is none')
    check(see('“renamed.msg” could not be opened: '), 'which is told')
    check(press('Try Another Way$'), 'there is another way')
    check(see('__substg1.0_0037001F'), 'which shows the streams')
    window.focus()
    key('ctrl+q')
    check(window.end(), 'it ends with nothing in its log')


def walk_many(folder):
    many = os.path.join(folder, 'many')
    os.mkdir(many)
    one = make_message(folder, 'one.msg', PR_SUBJECT='One of many')
    paths = [os.path.join(many, '%03d.msg' % number) for number in range(300)]
    for path in paths:
        os.link(one, path)
    window = Window(*paths)
    check(window.focus() and see('^300 messages$', timeout=60), 'hundreds of messages open')
    key('ctrl+q')
    check(window.end(), 'it ends with nothing in its log')


def walk(folder):
    run_parts(folder, walk_start, walk_closing, walk_long_subjects, walk_crash, walk_disk,
              walk_import_and_export, walk_from_outside, walk_no_message, walk_many)


run(walk)
