#!/usr/bin/env python3
# test-inspector-dragging.py - drags attachments from one window to another, with the mouse
# SPDX-License-Identifier: LGPL-2.1-or-later

import os
import subprocess
import time

from inspector_walk import IMSG, Window, check, drag, find_all, get_place, is_gone, key, \
    make_message, run, see, wait_for

SECOND_X = 950


def place_windows(window):
    """Side by side; gives the second, whose places count from its own corner."""
    first = window.get_id()
    key('ctrl+alt+n')
    check(wait_for(lambda: len(window.list_ids()) == 2), 'a second window opens')
    second = next(name for name in window.list_ids() if name != first)
    subprocess.run(['xdotool', 'windowsize', first, '900', '600', 'windowmove', first, '0', '0',
                    'windowsize', second, '900', '600', 'windowmove', second, str(SECOND_X), '0'],
                   check=True)
    time.sleep(1)
    return second


def drag_across(start, end, over=None):
    """From a place of the first window to one of the second; what is to be seen before the drop."""
    subprocess.run(['xdotool', 'mousemove', str(start[0]), str(start[1]), 'mousedown', '1'],
                   check=True)
    for step in range(1, 21):
        time.sleep(0.05)
        subprocess.run(['xdotool', 'mousemove',
                        *(str(a + (b - a) * step // 20) for a, b in zip(start, end))], check=True)
    time.sleep(0.5)
    is_told = over is None or see(over)
    subprocess.run(['xdotool', 'mouseup', '1'], check=True)
    return is_told


def walk(folder):
    draft = make_message(folder, 'draft.msg', PR_SUBJECT='Draft', PR_BODY='Hello')
    plan = os.path.join(folder, 'plan.txt')
    with open(plan, 'w', encoding='utf-8') as file:
        file.write('the plan')
    path = os.path.join(folder, 'report.msg')
    subprocess.run([IMSG, 'new', '-o', path, '-s', 'Report', '-a', draft, '-a', plan], check=True)
    window = Window(path, size=(900, 600))
    check(window.focus() and see('^Report$', ('list item',)), 'a message opens')

    drag(see('^Report$', ('list item',)), see('^plan.txt · ', ('push button',)))
    check(see('^1 message$') and len(list(find_all('^Report$', ('list item',)))) == 1,
          'what is let go over its own window stays as it is')
    second = place_windows(window)
    check(drag_across(get_place(see('^Draft · ', ('push button',))), (SECOND_X + 400, 400)),
          'an attached message is dragged to it')
    check(see('^Draft, edited$', ('list item',)), 'and opens there, as a message of its own')
    subprocess.run(['xdotool', 'windowfocus', second], check=True)
    key('ctrl+s')
    check(see('^Save Message$'), 'to be saved under a name')
    subprocess.run(['xdotool', 'windowfocus', max(window.list_ids(), key=int)], check=True)
    key('Escape')
    check(is_gone('^Save Message$'), 'or not')
    check(drag_across(get_place(see('^plan.txt · ', ('push button',))), (SECOND_X + 400, 400)),
          'so is a file')
    check(see('“plan.txt” could not be opened'), 'which is written when it is taken')
    subprocess.run(['xdotool', 'windowfocus', second], check=True)
    key('ctrl+shift+f', 'Tab', 'Right', 'Down', 'Down')
    check(see('^No Attachments$'), 'it has no attachments')
    check(drag_across(get_place(see('^plan.txt · ', ('push button',))), (SECOND_X + 450, 300),
                      '^Drop to attach'), 'a file is dragged on them, which tells what it would do')
    check(see('^plan.txt, text/plain, 8 bytes, file$', ('table row',)), 'and is attached')
    key('ctrl+q')
    check(window.answer('alt+d') and window.end(), 'it ends with nothing in its log')


run(walk)
