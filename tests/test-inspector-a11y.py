#!/usr/bin/env python3
# test-inspector-a11y.py - walks through the real window as a person at the keyboard would
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# usage: test-inspector-a11y.py INSPECTOR IMSG, under a display and a session bus of its own

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

try:
    import gi
    gi.require_version('Atspi', '2.0')
    from gi.repository import Atspi, GLib
except (ImportError, ValueError) as problem:
    print('1..0 # SKIP no accessible interface: %s' % problem)
    sys.exit(0)

if shutil.which('xdotool') is None or 'DISPLAY' not in os.environ:
    print('1..0 # SKIP needs a display and xdotool')
    sys.exit(0)

INSPECTOR, IMSG = sys.argv[1], sys.argv[2]
TIMEOUT = 20
n_tests = 0


def check(condition, name):
    global n_tests
    n_tests += 1
    print('%s %d - %s' % ('ok' if condition else 'not ok', n_tests, name), flush=True)
    if not condition:
        if 'IMSG_PICTURE' in os.environ:
            subprocess.run(['import', '-window', 'root', os.environ['IMSG_PICTURE']])
        raise SystemExit(1)


def wait_for(function, timeout=TIMEOUT):
    end = time.monotonic() + timeout
    while time.monotonic() < end:
        try:
            result = function()
        except GLib.Error:
            result = None
        if result:
            return result
        time.sleep(0.1)
    return None


def walk(node, depth=0):
    if node is None or depth > 60:
        return
    yield node
    try:
        count = node.get_child_count()
    except GLib.Error:
        return
    for index in range(min(count, 500)):
        try:
            child = node.get_child_at_index(index)
        except GLib.Error:
            continue
        yield from walk(child, depth + 1)


def application():
    desktop = Atspi.get_desktop(0)
    for index in range(desktop.get_child_count()):
        child = desktop.get_child_at_index(index)
        if child is not None and 'nspector' in (child.get_name() or ''):
            return child
    return None


def find(pattern, roles=None):
    for node in walk(application()):
        try:
            if re.search(pattern, node.get_name() or '') and \
               (roles is None or node.get_role_name() in roles):
                return node
        except GLib.Error:
            continue
    return None


def press_once(pattern):
    for node in walk(application()):
        if re.search(pattern, node.get_name() or '') and \
           node.get_role_name() in ('push button', 'button', 'toggle button'):
            # Of the two layouts of a dialog's buttons, one is hidden and refuses
            if Atspi.Action.do_action(node, 0):
                return True
    return False


def press(pattern):
    return wait_for(lambda: press_once(pattern))


def key(*keys):
    subprocess.run(['xdotool', 'key', '--delay', '40', *keys], check=True)
    time.sleep(0.3)


def type_text(text):
    subprocess.run(['xdotool', 'type', '--delay', '25', text], check=True)
    time.sleep(0.3)


def dump(path):
    lines = subprocess.run([IMSG, 'dump', path], check=True, capture_output=True, text=True).stdout
    return json.loads(lines.splitlines()[0])['message']


class Window:
    def __init__(self, *files):
        self.log = tempfile.TemporaryFile(mode='w+')
        environment = dict(os.environ, GSK_RENDERER='cairo', GSETTINGS_BACKEND='memory')
        environment.pop('GTK_A11Y', None)
        self.process = subprocess.Popen([INSPECTOR, *files], env=environment, stdout=self.log,
                                        stderr=self.log)

    def focus(self):
        name = wait_for(lambda: subprocess.run(['xdotool', 'search', '--onlyvisible', '--pid',
                                                str(self.process.pid)], capture_output=True,
                                               text=True).stdout.split())
        if name:
            subprocess.run(['xdotool', 'windowsize', name[0], '1200', '760'])
            subprocess.run(['xdotool', 'windowfocus', name[0]])
            time.sleep(0.5)
        return bool(name)

    def answer(self, mnemonic):
        """Gives a key to each window in turn, until the application ends."""
        def once():
            found = subprocess.run(['xdotool', 'search', '--onlyvisible', '--pid',
                                    str(self.process.pid)], capture_output=True, text=True)
            for name in found.stdout.split():
                subprocess.run(['xdotool', 'windowfocus', name], stderr=subprocess.DEVNULL)
                time.sleep(0.2)
                subprocess.run(['xdotool', 'key', mnemonic], stderr=subprocess.DEVNULL)
                time.sleep(0.3)
            return self.process.poll() is not None
        return wait_for(once)

    def end(self):
        try:
            status = self.process.wait(TIMEOUT)
        except subprocess.TimeoutExpired:
            self.process.kill()
            status = None
        self.log.seek(0)
        noise = [line for line in self.log if re.search('WARNING|CRITICAL|ERROR', line)]
        for line in noise:
            print('# ' + line.rstrip())
        return status == 0 and not noise


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


folder = tempfile.mkdtemp(prefix='imsg-a11y-')
path = os.path.join(folder, 'walk.msg')
try:
    subprocess.run([IMSG, 'new', '--force', '-o', path, 'PR_SUBJECT=Before', 'PR_BODY=Hello'],
                   check=True)
    Atspi.get_desktop(0).get_child_count()
    window = Window(path)
    check(wait_for(application), 'the application appears')
    check(window.focus(), 'its window can have the focus')
    check(wait_for(lambda: find('^Before$')), 'the message is in the tree')
    edit_subject('After')

    check(press('^Undo'), 'undo can be pressed')
    check(wait_for(lambda: find('^Subject, text, Before(, changed)?$')), 'undo brings it back')
    check(press('^Redo'), 'redo can be pressed')
    check(wait_for(lambda: find('^Subject, text, After, changed$')), 'redo does it again')

    key('ctrl+s')
    check(wait_for(lambda: dump(path)['subject'] == 'After'), 'saving writes the file')
    key('ctrl+q')
    check(window.end(), 'it ends with nothing in its log')

    window = Window(path)
    check(wait_for(application) and window.focus() and wait_for(lambda: find('^After$')),
          'the saved message opens again')
    edit_subject('Lost')
    key('ctrl+q')
    check(wait_for(lambda: find('Save Changes')), 'closing with edits asks')
    check(window.answer('alt+d'), 'the edits can be discarded')
    check(window.end(), 'it ends with nothing in its log')
    check(dump(path)['subject'] == 'After', 'what was discarded is not in the file')
    print('1..%d' % n_tests)
finally:
    shutil.rmtree(folder, ignore_errors=True)
