# inspector_walk.py - the inspector in a display of its own, used as a person would use it
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# A walk is a script test-inspector-NAME.py with a function that takes the folder it may write to:
#
#   from inspector_walk import Window, check, find, key, run, wait_for
#
#   def walk(folder):
#       window = Window(make_message(folder, PR_SUBJECT='Before'))
#       check(wait_for(lambda: find('^Before$')), 'the message is in the tree')
#       key('ctrl+q')
#       check(window.end(), 'it ends with nothing in its log')
#
#   run(walk)
#
# usage: test-inspector-NAME.py INSPECTOR IMSG [PART…]
# It starts a display and a session bus of its own. IMSG_PICTURE names a file that gets a picture
# of the display when a check fails.

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import zlib


def skip(reason):
    print('1..0 # SKIP ' + reason)
    sys.exit(0)


for program in ('xvfb-run', 'dbus-run-session', 'xdotool'):
    if shutil.which(program) is None:
        skip('needs ' + program)
if 'IMSG_WALK' not in os.environ:
    # What the servers print must not come between our results
    os.dup2(1, 9)
    os.dup2(2, 1)
    os.execvpe('xvfb-run',
               ['xvfb-run', '-a', '-s', '-screen 0 2000x1300x24 -noreset', 'dbus-run-session',
                '--', sys.executable, *sys.argv],
               dict(os.environ, IMSG_WALK='1'))
os.dup2(9, 1)

try:
    import gi
    gi.require_version('Atspi', '2.0')
    from gi.repository import Atspi, GLib
except (ImportError, ValueError) as problem:
    skip('no accessible interface: %s' % problem)

INSPECTOR, IMSG = (os.path.abspath(name) for name in sys.argv[1:3])
TIMEOUT = 20
BUTTONS = ('push button', 'button', 'toggle button', 'menu item', 'radio button', 'check box')
n_tests = 0
windows = []


# --- results ---

def check(condition, name):
    global n_tests
    n_tests += 1
    print('%s %d - %s' % ('ok' if condition else 'not ok', n_tests, name), flush=True)
    if not condition:
        if 'IMSG_PICTURE' in os.environ:
            picture(os.environ['IMSG_PICTURE'])
        for window in windows:
            window.tell()
        raise SystemExit(1)


def skip_check(reason):
    global n_tests
    n_tests += 1
    print('ok %d # SKIP %s' % (n_tests, reason), flush=True)


def wait_for(function, timeout=TIMEOUT):
    """What the function returns, as soon as that is true; None after the time is over."""
    end = time.monotonic() + timeout
    while time.monotonic() < end:
        try:
            result = function()
        except GLib.Error:
            result = None
        if result:
            return result
        time.sleep(0.05)
    return None


def picture(path, window=None):
    """Writes what the display (or one window) shows to a PNG file; needs ImageMagick."""
    target = window.get_id() if window else 'root'
    subprocess.run(['import', '-window', target or 'root', path], check=True)


# --- the accessible interface ---

def walk_nodes(node, depth=0):
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
        yield from walk_nodes(child, depth + 1)


def application():
    desktop = Atspi.get_desktop(0)
    for index in range(desktop.get_child_count()):
        child = desktop.get_child_at_index(index)
        if child is not None and 'nspector' in (child.get_name() or ''):
            return child
    return None


def is_showing(node):
    """Whether it has a size: only windows are told to be showing. True also of what lies behind."""
    if node.get_component_iface() is None:
        return False
    box = Atspi.Component.get_extents(node, Atspi.CoordType.WINDOW)
    return box.width > 0 and box.height > 0


def find_all(pattern, roles=None, showing=False):
    """The nodes whose name matches the pattern, of one of the roles."""
    for node in walk_nodes(application()):
        try:
            if re.search(pattern, node.get_name() or '') and \
               (roles is None or node.get_role_name() in roles) and \
               (not showing or is_showing(node)):
                yield node
        except GLib.Error:
            continue


def find(pattern, roles=None, showing=False):
    return next(find_all(pattern, roles, showing), None)


def print_tree(node=None):
    """Shows what there is to find, to whoever writes a walk."""
    for child in walk_nodes(node or application()):
        level, parent = 0, child.get_parent()
        while parent is not None:
            level, parent = level + 1, parent.get_parent()
        print('# %s%s "%s"%s' % ('  ' * level, child.get_role_name(), child.get_name(),
                                 '' if is_showing(child) else ' (hidden)'))


def see(pattern, roles=None, timeout=TIMEOUT):
    """Waits until something by that name is shown."""
    return wait_for(lambda: find(pattern, roles, showing=True), timeout)


def is_gone(pattern, roles=None, timeout=TIMEOUT):
    return wait_for(lambda: find(pattern, roles, showing=True) is None, timeout)


def read_text(node):
    """The text of an entry, a text view or a label."""
    return Atspi.Text.get_text(node, 0, Atspi.Text.get_character_count(node))


def press_once(pattern):
    # A menu button and the button in it have one name: the one that can have the focus acts
    for node in sorted(find_all(pattern, BUTTONS, showing=True),
                       key=lambda node: not node.get_state_set().contains(
                           Atspi.StateType.FOCUSABLE)):
        try:
            # Of the two layouts of a dialog's buttons, one is hidden and refuses
            if Atspi.Action.do_action(node, 0):
                return True
        except GLib.Error:
            # It was pressed, and the answer took too long: again would undo it
            return True
    return False


def press(pattern):
    """Presses a button by its name, as a screen reader would."""
    return wait_for(lambda: press_once(pattern))


def list_unnamed(roles=BUTTONS + ('entry', 'text', 'combo box', 'spin button', 'slider')):
    """The places of the controls on show that a screen reader has no name for."""
    unnamed = []
    for node in walk_nodes(application()):
        try:
            # Without a name GTK gives that of the class
            if node.get_role_name() in roles and is_showing(node) and \
               re.match('$|(Gtk|Adw|Inspector)[A-Z]', node.get_name() or '') and \
               not node.get_description():
                path = []
                parent = node
                while parent is not None and len(path) < 12:
                    path.append('%s "%s"' % (parent.get_role_name(), parent.get_name()))
                    parent = parent.get_parent()
                unnamed.append(' < '.join(path))
        except GLib.Error:
            continue
    return unnamed


# --- keyboard and mouse ---

def key(*keys):
    subprocess.run(['xdotool', 'key', '--delay', '40', *keys], check=True)
    time.sleep(0.3)


def type_text(text):
    subprocess.run(['xdotool', 'type', '--delay', '25', text], check=True)
    time.sleep(0.3)


def get_place(node):
    """The middle of a node; windows have no frame here and stand at the corner of the display."""
    box = Atspi.Component.get_extents(node, Atspi.CoordType.WINDOW)
    return box.x + box.width // 2, box.y + box.height // 2


def click(node, button=1, n_times=1):
    x, y = get_place(node)
    subprocess.run(['xdotool', 'mousemove', str(x), str(y)], check=True)
    time.sleep(0.1)
    subprocess.run(['xdotool', 'click', '--repeat', str(n_times), '--delay', '60', str(button)],
                   check=True)
    time.sleep(0.3)


def drag(node, target):
    start, end = get_place(node), get_place(target)
    subprocess.run(['xdotool', 'mousemove', str(start[0]), str(start[1]), 'mousedown', '1'],
                   check=True)
    for step in range(1, 11):
        time.sleep(0.05)
        subprocess.run(['xdotool', 'mousemove', str(start[0] + (end[0] - start[0]) * step // 10),
                        str(start[1] + (end[1] - start[1]) * step // 10)], check=True)
    time.sleep(0.3)
    subprocess.run(['xdotool', 'mouseup', '1'], check=True)
    time.sleep(0.3)


def choose_file(path):
    """Types a path into the file chooser that is open, and accepts it."""
    time.sleep(0.5)
    key('ctrl+l')
    key('ctrl+a')
    type_text(path)
    key('Return')


# --- messages ---

def make_message(folder, name='walk.msg', **properties):
    path = os.path.join(folder, name)
    subprocess.run([IMSG, 'new', '--force', '-o', path,
                    *('%s=%s' % item for item in properties.items())], check=True)
    return path


def convert(folder, name, text):
    """What Outlook would keep, made of mail, a calendar or a card."""
    source = os.path.join(folder, name)
    path = os.path.splitext(source)[0] + '.msg'
    with open(source, 'w', encoding='utf-8') as file:
        file.write(text)
    subprocess.run([IMSG, 'convert', '-t', 'msg', '-o', path, source], check=True)
    return path


def patch(path, old, new):
    """Changes bytes of a file that our own writer would not write so."""
    with open(path, 'rb') as file:
        content = file.read()
    assert len(old) == len(new) and old in content
    with open(path, 'wb') as file:
        file.write(content.replace(old, new))


def make_image(colour):
    """A PNG of one pixel."""
    def chunk(kind, content):
        return len(content).to_bytes(4, 'big') + kind + content + \
            zlib.crc32(kind + content).to_bytes(4, 'big')
    return b'\x89PNG\r\n\x1a\n' + \
        chunk(b'IHDR', b'\0\0\0\1\0\0\0\1\x08\2\0\0\0') + \
        chunk(b'IDAT', zlib.compress(b'\0' + bytes(colour))) + chunk(b'IEND', b'')


def dump(path):
    """The message in a file, as the command prints it."""
    lines = subprocess.run([IMSG, 'dump', path], check=True, capture_output=True, text=True).stdout
    return json.loads(lines.splitlines()[0])['message']


# --- the window ---

class Window:
    """One running inspector. `home` keeps settings and state from one run to the next; `wrapper`
    is a command that runs it in its own place; nothing moves when it is `still`; `preload`
    lets close_sessions() reach it."""

    def __init__(self, *arguments, home=None, size=(1200, 760), dark=False, high_contrast=False,
                 right_to_left=False, text_scale=1, still=False, preload=False,
                 environment=None, wrapper=()):
        self.log = tempfile.TemporaryFile(mode='w+')
        self.home = home or tempfile.mkdtemp(prefix='imsg-home-')
        self.owns_home = home is None
        self.size = size
        settings = dict(os.environ, GSK_RENDERER='cairo', GSETTINGS_BACKEND='keyfile',
                        LC_ALL='C.UTF-8', NO_AT_BRIDGE='0',
                        ADW_DEBUG_COLOR_SCHEME='prefer-dark' if dark else 'prefer-light',
                        ADW_DEBUG_HIGH_CONTRAST='1' if high_contrast else '0')
        settings.pop('GTK_A11Y', None)
        if right_to_left or preload:
            settings['LD_PRELOAD'] = os.environ['IMSG_WALK_PRELOAD']
            settings['IMSG_WALK_DIRECTION'] = 'rtl' if right_to_left else 'ltr'
        for kind in ('CONFIG', 'STATE', 'CACHE', 'DATA'):
            settings['XDG_%s_HOME' % kind] = os.path.join(self.home, kind.lower())
        # The scale of text, as the desktop tells it
        resources = os.path.join(self.home, 'resources')
        os.makedirs(self.home, exist_ok=True)
        with open(resources, 'w', encoding='utf-8') as file:
            file.write('Xft.dpi: %d\n' % (96 * text_scale))
        settings['XENVIRONMENT'] = resources
        if still:
            place = os.path.join(self.home, 'config', 'gtk-4.0')
            os.makedirs(place, exist_ok=True)
            with open(os.path.join(place, 'settings.ini'), 'w', encoding='utf-8') as file:
                file.write('[Settings]\ngtk-enable-animations=0\n')
        settings.update(environment or {})
        self.settings = settings
        self.process = subprocess.Popen([*wrapper, INSPECTOR, *arguments], env=settings,
                                        stdout=self.log, stderr=self.log)
        windows.append(self)

    def list_ids(self):
        found = subprocess.run(['xdotool', 'search', '--onlyvisible', '--pid',
                                str(self.process.pid)], capture_output=True, text=True)
        return found.stdout.split()

    def get_id(self):
        names = self.list_ids()
        return names[0] if names else None

    def focus(self):
        """Waits for the window and gives it the keyboard, which without a manager nobody does."""
        name = wait_for(self.get_id)
        if name:
            subprocess.run(['xdotool', 'windowsize', name, *(str(side) for side in self.size)])
            subprocess.run(['xdotool', 'windowmove', name, '0', '0'])
            subprocess.run(['xdotool', 'windowfocus', name])
            time.sleep(0.5)
        return bool(name) and bool(wait_for(application))

    def focus_dialog(self):
        """Gives the keyboard to the window that is open beside the main one."""
        names = wait_for(lambda: len(self.list_ids()) > 1 and self.list_ids())
        if names:
            subprocess.run(['xdotool', 'windowfocus', max(names, key=int)])
            time.sleep(0.3)
        return bool(names)

    def resize(self, width, height):
        self.size = width, height
        subprocess.run(['xdotool', 'windowsize', self.get_id(), str(width), str(height)])
        time.sleep(0.7)

    def answer(self, mnemonic):
        """Gives a key to each window in turn, until the application ends."""
        def once():
            for name in self.list_ids():
                subprocess.run(['xdotool', 'windowfocus', name], stderr=subprocess.DEVNULL)
                time.sleep(0.2)
                subprocess.run(['xdotool', 'key', mnemonic], stderr=subprocess.DEVNULL)
                time.sleep(0.3)
            return self.process.poll() is not None
        return wait_for(once)

    def close_sessions(self):
        """Closes what is open as other code in the application would; needs `preload`."""
        self.process.send_signal(signal.SIGUSR1)

    def kill(self):
        """Ends it as a crash would."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(TIMEOUT)
        wait_for(lambda: application() is None)
        windows.remove(self)

    def list_noise(self):
        self.log.seek(0)
        return [line.rstrip() for line in self.log if re.search('WARNING|CRITICAL|ERROR', line)]

    def tell(self):
        for line in self.list_noise():
            print('# ' + line)

    def end(self):
        """Waits until it ended; true when that went well and nothing was in its log."""
        try:
            status = self.process.wait(TIMEOUT)
        except subprocess.TimeoutExpired:
            self.process.kill()
            status = None
        windows.remove(self)
        self.tell()
        if self.owns_home:
            shutil.rmtree(self.home, ignore_errors=True)
        return status == 0 and not self.list_noise()


def run_parts(folder, *parts):
    """Runs functions, each in a folder of its own; names after the arguments leave out others."""
    for part in parts:
        if len(sys.argv) > 3 and part.__name__ not in sys.argv[3:]:
            continue
        place = os.path.join(folder, part.__name__)
        os.mkdir(place)
        part(place)


def run(walk):
    """Runs a walk in a folder of its own and prints how many checks there were."""
    folder = tempfile.mkdtemp(prefix='imsg-walk-')
    try:
        # The accessible interface has to be there before the application looks for it
        Atspi.get_desktop(0).get_child_count()
        walk(folder)
        print('1..%d' % n_tests)
    finally:
        for window in list(windows):
            window.process.kill()
            if window.owns_home:
                shutil.rmtree(window.home, ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)
