#!/usr/bin/env python3
# test-inspector-looks.py - the window when it is narrow, mirrored, dark, or its text large
# SPDX-License-Identifier: LGPL-2.1-or-later

import shutil
import subprocess
import time

from inspector_walk import Atspi, IMSG, Window, check, click, find, find_all, key, make_message, \
    run, run_parts, see, skip_check, type_text, wait_for


def get_box(node):
    box = Atspi.Component.get_extents(node, Atspi.CoordType.WINDOW)
    return box.x, box.y, box.width, box.height


def list_outside(width, *patterns):
    """The buttons by these names that reach beyond the edge of the window, or are not there."""
    outside = []
    for pattern in patterns:
        nodes = [get_box(node) for node in find_all(pattern, ('push button', 'toggle button',
                                                              'page tab'), showing=True)]
        if not any(x >= 0 and x + box_width <= width for x, _, box_width, _ in nodes):
            outside.append('%s %s' % (pattern, nodes))
    for place in outside:
        print('# ' + place)
    return outside


def make(folder):
    path = make_message(folder, PR_SUBJECT='Looks', PR_BODY='Hello',
                        **{'0x66060102': b'Hello world'.hex()})
    subprocess.run([IMSG, 'set', path, '--to=Bob <bob@example.org>'], check=True)
    return path


def walk_narrow(folder):
    window = Window(make(folder), size=(360, 640))
    check(window.focus() and see('^Looks$', ('label',)), 'a message opens at 360 pixels')
    check(not list_outside(360, '^Edit Subject$', '^Edit the Text$', '^Back to the Session$',
                           '^Message$', '^Properties$', '^Storage$'), 'with its buttons in reach')
    key('alt+2')
    row = see('^Subject, text, Looks$')
    check(row is not None, 'it has properties')
    click(row)
    check(wait_for(lambda: row.get_state_set().contains(Atspi.StateType.SELECTED)),
          'the table is not behind the pane')
    check(not list_outside(360, '^Add Property$', '^Property Menu$', '^Named$'),
          'and can be filtered and added to')
    key('Return')
    check(see('^Apply$|^_Apply'), 'a value is edited when it is asked for')
    key('ctrl+a')
    type_text('Small')
    key('ctrl+Return')
    check(see('^Subject, text, Small, changed$'), 'and changed')
    key('alt+Left', 'alt+Left', 'Right')
    check(see('^1 recipient$', ('list item',)), 'in the tree the keyboard goes on from the row')
    key('Left')
    row = see('^Small, edited$', ('list item',))
    click(row)
    key('alt+Left')
    click(row)
    key('alt+3')
    check(see('__substg1.0_0037001F'), 'a click in the tree goes to what it shows')
    key('alt+Left', 'Right')
    click(see('^1 recipient$', ('list item',)))
    check(see('^To, Bob') and not list_outside(360, '^Edit Recipient$', '^Remove Recipient$',
                                               '^Move Down$', '^Kind$'),
          'the recipients can be edited')
    key('ctrl+q')
    check(window.answer('alt+d') and window.end(), 'it ends with nothing in its log')


def read_area(window, box):
    x, y, width, height = box
    content = subprocess.run(['import', '-window', window.get_id(), '-crop', '%dx%d+%d+%d' %
                              (width, height, x, y), '-depth', '8', 'rgb:-'], check=True,
                             capture_output=True).stdout
    return [content[start:start + 3] for start in range(0, len(content), 3)]


def find_bytes():
    """The place of the first bytes of a value, as wide as they are."""
    key('alt+2')
    key('ctrl+f')
    type_text('0x66060102')
    key('Return', 'Return')
    node = see('^Bytes$', ('text',))
    x, y, _, _ = get_box(node)
    return x, y, 200, 16


def walk_mirrored(folder):
    path = make(folder)
    window = Window(path)
    check(window.focus() and see('^Looks$', ('list item',)), 'a message opens')
    tree, body = get_box(find('^Looks$', ('list item',)))[0], get_box(find('^Body$', ('text',)))[0]
    check(tree < body, 'the tree is at the left')
    place = find_bytes()
    check(wait_for(lambda: len(set(read_area(window, place))) > 2), 'bytes are at the right')
    time.sleep(1)
    painted = read_area(window, place)
    window.kill()

    window = Window(path, right_to_left=True)
    check(window.focus() and see('^Looks$', ('list item',)), 'it opens mirrored')
    tree, body = get_box(find('^Looks$', ('list item',)))[0], get_box(find('^Body$', ('text',)))[0]
    check(tree > body, 'the tree is at the right')
    mirrored = find_bytes()
    check(mirrored[0] < place[0], 'bytes are at the left')
    check(wait_for(lambda: read_area(window, mirrored) == painted),
          'but are read from left to right')
    key('ctrl+q')
    check(window.end(), 'it ends with nothing in its log')


def get_luminance(pixel):
    linear = [value / 255 / 12.92 if value <= 10 else ((value / 255 + 0.055) / 1.055) ** 2.4
              for value in pixel]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def get_contrast(window, node):
    """Between what is around the letters and the pixel that is farthest from it."""
    pixels = read_area(window, get_box(node))
    ground = max(set(pixels), key=pixels.count)
    light = get_luminance(ground)
    return max((max(light, other) + 0.05) / (min(light, other) + 0.05)
               for other in map(get_luminance, set(pixels)))


def list_faint(window, *patterns):
    faint = []
    for pattern in patterns:
        node = see(pattern, ('label', 'push button', 'toggle button', 'page tab'))
        contrast = get_contrast(window, node) if node else 0
        if contrast < 4.5:
            faint.append('%s %.1f' % (pattern, contrast))
    for place in faint:
        print('# ' + place)
    return faint


def walk_styles(folder):
    if shutil.which('import') is None:
        skip_check('what is painted cannot be read without ImageMagick')
        return
    path = make(folder)
    for dark, high_contrast, text_scale in ((False, False, 1.5), (True, False, 1),
                                            (False, True, 1), (True, True, 1)):
        window = Window(path, dark=dark, high_contrast=high_contrast, text_scale=text_scale)
        check(window.focus() and see('^Looks$', ('list item',)), 'a message opens')
        check(not list_faint(window, '^No sender', '^draft', '^Looks$', '^Session$', '^1 message$'),
              'its words are to be read')
        check(not list_outside(1200, '^Edit Subject$', '^Edit the Text$', '^Message$', '^Storage$',
                               '^Main Menu$'), 'and its buttons are in reach')
        key('ctrl+q')
        check(window.end(), 'it ends with nothing in its log')


def walk(folder):
    run_parts(folder, walk_narrow, walk_mirrored, walk_styles)


run(walk)
