# inspector_screens.py - the way to every screen of the inspector, for whoever wants to see them
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# A tour is a function that takes a Gallery, opens a window and calls gallery.shot(NAME) at each
# screen. The messages are made here, by the command.

import base64
import os
import shutil
import subprocess
import time

from inspector_walk import IMSG, Window, application, click, convert, find, key, make_image, \
    make_message, patch, press, see, type_text, wait_for

# --- the variants: each screen is taken in each of these ---

VARIANTS = {
    'light-1200': dict(size=(1200, 760)),
    'dark-1200': dict(size=(1200, 760), dark=True),
    'light-360': dict(size=(360, 640)),
    'dark-360': dict(size=(360, 640), dark=True),
    'large-1200': dict(size=(1200, 760), text_scale=1.5),
    'large-360': dict(size=(360, 640), text_scale=1.5),
    'contrast-1200': dict(size=(1200, 760), high_contrast=True),
    'contrast-dark-1200': dict(size=(1200, 760), high_contrast=True, dark=True),
    'mirrored-1200': dict(size=(1200, 760), right_to_left=True),
    'mirrored-360': dict(size=(360, 640), right_to_left=True),
    'light-640': dict(size=(640, 700)),
    'light-900': dict(size=(900, 700)),
    'light-2000': dict(size=(2000, 1200)),
}

# --- the messages ---

REPORT = '''From: Carla Example <carla@example.org>
To: Ada Example <ada@example.org>, Ben Example <ben@example.org>
Cc: "Northern Sales and Logistics Department" <northern-sales-and-logistics@example.org>
Subject: Quarterly report
Date: Tue, 24 Nov 2026 10:00:00 +0000
Importance: high
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=part

--part
Content-Type: multipart/related; boundary=related

--related
Content-Type: text/html; charset=utf-8

<html><body style="font-family: sans-serif"><h2>Quarterly report</h2><p>Dear all,</p>
<p>the figures of the <b>third quarter</b> are attached.</p>
<img src="cid:bar" width="220" height="24" alt="a bar">
<img src="https://example.org/logo.png" alt="the logo">
</body></html>
--related
Content-Type: image/png
Content-ID: <bar>
Content-Disposition: inline; filename=bar.png
Content-Transfer-Encoding: base64

%s
--related--
--part
Content-Type: text/csv; name="figures.csv"
Content-Disposition: attachment; filename="figures.csv"

quarter,figure
third,42
--part
Content-Type: application/octet-stream
Content-Disposition: attachment; filename="invoice.pdf.exe"
Content-Transfer-Encoding: base64

TVo=
--part
Content-Type: application/pdf
Content-Disposition: attachment; filename="minutes of the northern sales department.pdf"
Content-Transfer-Encoding: base64

JVBERi0xLjQK
--part
Content-Type: message/rfc822

From: Dora Example <dora@example.org>
Subject: The first draft
Date: Mon, 23 Nov 2026 09:00:00 +0000
Content-Type: text/plain; charset=utf-8

It is not done yet.
--part--
''' % base64.b64encode(make_image((53, 132, 228))).decode('ascii')

SIGNED = '''From: Carla Example <carla@example.org>
To: Ada Example <ada@example.org>
Subject: Signed by hand
Date: Tue, 24 Nov 2026 10:00:00 +0000
MIME-Version: 1.0
Content-Type: multipart/signed; protocol="application/pkcs7-signature"; micalg=sha-256; boundary=sig

--sig
Content-Type: text/plain; charset=utf-8

This was signed.
--sig
Content-Type: application/pkcs7-signature; name=smime.p7s
Content-Disposition: attachment; filename=smime.p7s
Content-Transfer-Encoding: base64

MIIB
--sig--
'''

CALENDAR = '''BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Example//EN
BEGIN:VEVENT
UID:1@example.org
DTSTAMP:20261124T100000Z
SUMMARY:The review of the quarter
DTSTART:20261124T100000Z
DTEND:20261124T110000Z
LOCATION:Room 7
RRULE:FREQ=WEEKLY;COUNT=4
DESCRIPTION:Bring the figures.
END:VEVENT
END:VCALENDAR
'''
TODO = '''BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Example//EN
BEGIN:VTODO
UID:2@example.org
DTSTAMP:20261124T100000Z
SUMMARY:Tidy up
DUE;VALUE=DATE:20261201
STATUS:IN-PROCESS
PERCENT-COMPLETE:25
END:VTODO
END:VCALENDAR
'''
CARD = '''BEGIN:VCARD
VERSION:3.0
FN:Ada Lee
N:Lee;Ada;;;
ORG:Engines Ltd
TITLE:Chief of engines
EMAIL:ada@example.org
TEL;TYPE=cell:+44 1
ADR;TYPE=work:;;1 Long Road;Cambridge;;CB1;United Kingdom
END:VCARD
'''
RTF = r'{\rtf1\ansi\deff0{\fonttbl{\f0 Arial;}}\f0 Written as \b rich text\b0 , not as HTML.\par}'


def entry(tag):
    """The start of a property's entry in the property stream."""
    return tag.to_bytes(4, 'little') + (6).to_bytes(4, 'little')


def make_report(folder):
    path = convert(folder, 'report.eml', REPORT)
    subprocess.run([
        IMSG, 'set', path,
        'PR_MESSAGE_FLAGS=0x40000008', 'PR_KEYWORD=figures',
        'PR_CONVERSATION_INDEX=01D5A1B2C3D4' + '11' * 16 + '0000001234',
        'PidLidReminderSet=1', '0x66010048=00062008-0000-0000-c000-000000000046',
        '0x66020005=0.5', '0x66030014=5', '0x6604000A=0x80040102', '0x66050006=123456',
        '0x66060102=' + b'Hello world, these are bytes of no known kind'.hex(),
        'PS_PUBLIC_STRINGS/Keywords:PT_MV_UNICODE=Red',
        'PS_PUBLIC_STRINGS/Keywords:PT_MV_UNICODE=Blue',
        'PS_PUBLIC_STRINGS/x-project=Apollo',
        '0x6607001E=an old text'], check=True)
    return path


def make_damaged(folder):
    """A text and a value of a list that are not there, and a type that nobody knows."""
    path = make_message(folder, 'damaged.msg', PR_SUBJECT='Damaged in part', PR_BODY='Hello',
                        **{'0x66080003': '7'})
    subprocess.run([IMSG, 'set', path, '0x6609101F=Red', '0x6609101F=Blue'], check=True)
    patch(path, entry(0x66080003), entry(0x666800FF))
    for name in ('1000001F', '6609101F-00000001'):
        patch(path, ('__substg1.0_' + name).encode('utf-16-le'),
                      ('__substg1.0_9' + name[1:]).encode('utf-16-le'))
    return path


def make_undecodable(folder):
    path = os.path.join(folder, 'ansi.msg')
    subprocess.run([IMSG, 'new', '--ansi', '-o', path, 'PR_MESSAGE_CODEPAGE=932',
                    'PR_SUBJECT=Bytes that are no text', 'PR_BODY=xyz and more'], check=True)
    patch(path, b'xyz and more', b'\x81 \xff \xa0 more!!')
    return path


def make_no_message(folder):
    """A file with storages and streams, but without what makes it a message."""
    path = make_message(folder, 'renamed.msg', PR_SUBJECT='Hidden')
    patch(path, '__properties_version1.0'.encode('utf-16-le'),
                  '__properties_version1.1'.encode('utf-16-le'))
    return path


def make_rich_text(folder):
    """With a header that says that the text is not compressed."""
    content = RTF.encode('ascii')
    header = (len(content) + 12).to_bytes(4, 'little') + len(content).to_bytes(4, 'little') + \
        b'MELA' + bytes(4)
    return make_message(folder, 'rich.msg', PR_SUBJECT='Rich text',
                        PR_RTF_COMPRESSED=(header + content).hex())


# --- the gallery ---

class Gallery:
    """Takes the pictures of one variant."""

    def __init__(self, target, folder, name):
        self.target, self.folder, self.name = target, folder, name
        self.variant = VARIANTS[name]
        self.window = None
        self.missed = []
        self.n_told = 0
        os.makedirs(os.path.join(target, name), exist_ok=True)

    @property
    def is_narrow(self):
        return self.variant['size'][0] < 700

    def open(self, *paths, seen=None, **options):
        self.window = Window(*paths, still=True, **{**self.variant, **options})
        self.window.focus()
        self.n_told = 0
        if seen:
            self.need(seen)

    def close(self):
        if self.window:
            self.tell_noise('at the end')
            window, self.window = self.window, None
            window.kill()
            if window.owns_home:
                shutil.rmtree(window.home, ignore_errors=True)

    def tell_noise(self, place):
        lines = self.window.list_noise()
        for line in lines[self.n_told:]:
            print('# %s: %s: %s' % (self.name, place, line), flush=True)
        self.n_told = len(lines)

    def need(self, pattern, roles=None, timeout=8):
        node = see(pattern, roles, timeout)
        if node is None:
            self.missed.append(pattern)
            print('# %s: not seen: %s' % (self.name, pattern), flush=True)
        return node

    def press(self, pattern):
        if self.need(pattern):
            press(pattern)
            time.sleep(0.3)

    def shot(self, name, settle=0.4):
        """The window and what lies over it: dialogs, menus and lists are windows of their own."""
        time.sleep(settle)
        self.tell_noise(name)
        width, height = self.window.size
        for other in self.window.list_ids():
            place = dict(line.split('=') for line in subprocess.run(
                ['xdotool', 'getwindowgeometry', '--shell', other], capture_output=True,
                text=True).stdout.split())
            if place:
                width = max(width, int(place['X']) + int(place['WIDTH']))
                height = max(height, int(place['Y']) + int(place['HEIGHT']))
        subprocess.run(['import', '-window', 'root', '-crop',
                        '%dx%d+0+0' % (min(width, 2000), min(height, 1300)), '+repage',
                        os.path.join(self.target, self.name, name + '.png')], check=True)

    def choose(self, pattern, expand=False):
        """Goes to a row of the tree, and where there is room for only one to what it shows."""
        if self.is_narrow:
            key('alt+Left', 'alt+Left')
            time.sleep(0.4)
        row = wait_for(lambda: find(pattern, ('list item', 'tree item'), showing=True), 8)
        if row is None:
            self.missed.append(pattern)
            print('# %s: no row: %s' % (self.name, pattern), flush=True)
            return
        click(row)
        if expand:
            if self.is_narrow:
                key('alt+Left')
            key('Left' if self.variant.get('right_to_left') else 'Right')
        time.sleep(0.2)

    def filter(self, text):
        key('ctrl+f')
        key('ctrl+a', 'BackSpace')
        if text:
            type_text(text)

    def dialog(self):
        self.window.focus_dialog()

    def leave(self, *keys):
        key(*(keys or ('Escape',)))
        time.sleep(0.3)
        self.window.focus()


def tour_start(gallery):
    gallery.open(seen='^Open a Message$')
    gallery.shot('start')
    gallery.press('^Main Menu$')
    gallery.shot('start-menu')
    gallery.close()


def tour_failure(gallery):
    gallery.open(make_no_message(gallery.folder), seen='^This File Cannot Be Opened$')
    gallery.press('^Details$')
    gallery.shot('cannot-open')
    gallery.press('Try Another Way$')
    gallery.need('__substg1.0_0037001F')
    gallery.dialog()
    if gallery.is_narrow:
        resize_dialog(gallery)
    gallery.shot('raw-window')
    gallery.close()


def resize_dialog(gallery):
    """A window manager of a telephone gives every window the whole display."""
    name = max(gallery.window.list_ids(), key=int)
    subprocess.run(['xdotool', 'windowsize', name, *(str(side) for side in gallery.window.size)])
    time.sleep(0.5)


def tour_loading(gallery):
    """A pipe that nobody writes to is a file that takes its time."""
    slow = os.path.join(gallery.folder, 'slow.msg')
    os.mkfifo(slow)
    gallery.open(slow)
    gallery.need('^Cancel$')
    gallery.shot('loading')
    gallery.close()
    many = [make_message(gallery.folder, '%02d.msg' % number, PR_SUBJECT='Message %d' % number)
            for number in range(30)]
    gallery.open(*many, seen='^30 messages')
    key('ctrl+shift+f')
    type_text('nothing is called so')
    gallery.need('^No Match$')
    gallery.shot('tree-no-match')
    gallery.close()


def tour_reading(gallery):
    folder = gallery.folder
    paths = [make_report(folder), convert(folder, 'review.ics', CALENDAR),
             convert(folder, 'task.ics', TODO), convert(folder, 'card.vcf', CARD),
             convert(folder, 'signed.eml', SIGNED), make_rich_text(folder),
             make_damaged(folder), make_undecodable(folder),
             make_message(folder, 'long.msg', PR_SUBJECT='A subject that is so long that it does '
                          'not fit into one line of any window, whoever may have written it',
                          PR_BODY='\n'.join('Line %d of many' % line for line in range(80))),
             make_message(folder, 'empty.msg')]
    gallery.open(*paths, seen='^figures.csv')
    time.sleep(3)
    gallery.shot('message-html')
    if gallery.is_narrow:
        key('alt+Left')
        gallery.shot('tree')
    gallery.choose('^Quarterly report', expand=True)
    gallery.shot('tree-expanded')
    gallery.choose('^Quarterly report')
    for name in ('Text', 'Source', 'Headers'):
        gallery.press('^%s$' % name)
        gallery.shot('message-' + name.lower())
    gallery.press('^HTML$')
    gallery.press('^Edit Subject')
    gallery.shot('message-subject')
    gallery.leave()
    if gallery.is_narrow:
        key('alt+Left')
    key('F10')
    gallery.shot('menu')
    gallery.leave()
    for pattern, name in (('^The review', 'appointment'), ('^Tidy up', 'task'),
                          ('^Ada Lee', 'contact'), ('^Signed by', 'signed'),
                          ('^Rich text', 'rich-text'), ('^A subject', 'long'),
                          ('^Untitled', 'empty'), ('^Bytes that', 'undecodable')):
        gallery.choose(pattern)
        gallery.shot('message-' + name)
    if find('^How the Body Was Read$', showing=True):
        gallery.press('^How the Body Was Read$')
        gallery.shot('message-code-page')
        gallery.leave()
    gallery.choose('^Damaged in part')
    gallery.shot('message-damaged')
    if find('[Pp]roblem', ('push button', 'toggle button', 'button'), showing=True):
        gallery.press('[Pp]roblem')
        gallery.shot('message-problems')
        gallery.leave()
    key('alt+2')
    gallery.shot('properties-damaged')
    gallery.close()


def tour_properties(gallery):
    gallery.open(make_report(gallery.folder), seen='^figures.csv')
    key('alt+2')
    gallery.shot('properties')
    gallery.filter('flags')
    gallery.shot('properties-filtered')
    gallery.filter('nothing is called so')
    gallery.shot('properties-no-match')
    gallery.filter('')
    key('Return')
    key('shift+F10')
    gallery.shot('properties-row-menu')
    gallery.leave()
    if find('^Columns|^Property Menu|^Table Menu', showing=True):
        gallery.press('^Columns|^Property Menu|^Table Menu')
        gallery.shot('properties-menu')
        gallery.leave()
    for text, name in (('PR_SUBJECT', 'text'), ('PR_MESSAGE_FLAGS', 'flags'),
                       ('PR_IMPORTANCE', 'number'), ('PidLidReminderSet', 'boolean'),
                       ('PR_CLIENT_SUBMIT_TIME', 'time'), ('0x66010048', 'guid'),
                       ('Keywords', 'list'), ('PR_CONVERSATION_INDEX', 'structure'),
                       ('0x66060102', 'binary'), ('0x66050006', 'currency'),
                       ('0x6604000A', 'error')):
        gallery.filter(text)
        key('Return')
        key('Return')
        gallery.shot('value-' + name)
        if name == 'time' and find('^Calendar|^Choose', ('push button', 'toggle button'),
                                   showing=True):
            gallery.press('^Calendar|^Choose')
            gallery.shot('value-calendar')
            gallery.leave()
        if name == 'text':
            key('ctrl+a')
            type_text('Changed')
            key('ctrl+Return')
            gallery.shot('value-changed')
        if name == 'currency':
            key('ctrl+a')
            type_text('12x')
            key('ctrl+Return')
            gallery.shot('value-invalid')
    gallery.filter('')
    key('ctrl+i')
    gallery.dialog()
    gallery.shot('add-property')
    type_text('PR_KEYW')
    gallery.shot('add-property-catalogue')
    key('ctrl+a')
    type_text('0x66770003')
    gallery.shot('add-property-tag')
    key('ctrl+a')
    type_text('x-customer')
    key('Tab')
    type_text('PS_PUBLIC_STRINGS')
    gallery.shot('add-property-named')
    gallery.leave()
    key('alt+3')
    gallery.shot('storage-streams')
    row = gallery.need('^__substg1.0_0037001F')
    if row:
        click(row)
    gallery.shot('storage-stream')
    tab = gallery.need('^Names$', ('page tab', 'radio button', 'toggle button', 'tab'))
    if tab:
        click(tab)
    gallery.shot('storage-names')
    gallery.close()


def tour_undecodable(gallery):
    gallery.open(make_undecodable(gallery.folder), make_damaged(gallery.folder),
                 seen='^Bytes that are no text$')
    gallery.choose('^Bytes that')
    key('alt+2')
    gallery.filter('PR_BODY')
    key('Return')
    key('Return')
    gallery.shot('value-undecodable')
    gallery.choose('^Damaged in part')
    gallery.filter('0x6668')
    key('Return')
    key('Return')
    gallery.shot('value-unknown-type')
    gallery.close()


def tour_rows(gallery):
    gallery.open(make_report(gallery.folder), seen='^figures.csv')
    gallery.choose('^Quarterly report', expand=True)
    gallery.choose('^3 recipients')
    gallery.shot('recipients')
    row = gallery.need('^To, Ada Example')
    if row:
        click(row)
    gallery.shot('recipients-selected')
    gallery.press('^Add…$')
    gallery.dialog()
    gallery.shot('recipient-dialog')
    gallery.leave()
    gallery.choose('^5 attachments')
    gallery.shot('attachments')
    row = gallery.need('^invoice.pdf.exe, ')
    if row:
        click(row)
    gallery.shot('attachments-selected')
    key('F2')
    gallery.dialog()
    gallery.shot('attachment-name')
    gallery.leave()
    if gallery.is_narrow:
        key('alt+Left', 'alt+Left')
    gallery.choose('^5 attachments', expand=True)
    for pattern, name in (('^figures.csv', 'text'), ('^bar.png', 'image'),
                          ('^invoice.pdf.exe', 'program'), ('^The first draft', 'message')):
        gallery.choose(pattern)
        if name == 'image' and find('^Show', ('push button',), showing=True):
            gallery.press('^Show')
        gallery.shot('preview-' + name)
    key('alt+2')
    gallery.shot('attachment-properties')
    gallery.close()


def tour_windows(gallery):
    folder = gallery.folder
    paths = [make_report(folder), make_message(folder, 'other.msg', PR_SUBJECT='Another one',
                                               PR_BODY='Hello', PR_IMPORTANCE='2')]
    gallery.open(*paths, seen='^figures.csv')
    for action, name in (('^Compare Messages', 'compare'), ('^Preferences$', 'preferences'),
                         ('^Keyboard Shortcuts$', 'shortcuts'),
                         ('^About Message Inspector$', 'about'), ('^Export', 'export'),
                         ('^Print', 'print'), ('^Save As', 'save-as')):
        if gallery.is_narrow:
            key('alt+Left', 'alt+Left')
        key('F10')
        gallery.press(action)
        gallery.dialog()
        if gallery.is_narrow:
            resize_dialog(gallery)
        gallery.shot(name, settle=1.2)
        gallery.leave()
        if len(gallery.window.list_ids()) > 1:
            print('# %s: Escape does not close: %s' % (gallery.name, name), flush=True)
            gallery.close()
            gallery.open(*paths, seen='^figures.csv')
    gallery.close()


def edit_subject(gallery, text):
    if not press('^Edit Subject'):
        return
    see('^Subject$', ('text', 'entry'))
    key('ctrl+a')
    type_text(text)
    key('Return')
    time.sleep(0.5)


def tour_trouble(gallery):
    home = os.path.join(gallery.folder, 'home')
    inside = os.path.join(gallery.folder, 'inside')
    os.makedirs(inside)
    first = make_message(inside, 'first.msg', PR_SUBJECT='The first', PR_BODY='Hello')
    second = make_message(gallery.folder, 'second.msg', PR_SUBJECT='The second', PR_BODY='Hello')
    gallery.open(first, second, seen='^The first$', home=home, preload=True)
    gallery.choose('^The second')
    edit_subject(gallery, 'The second, edited')
    gallery.choose('^The first')
    edit_subject(gallery, 'The first, edited')
    gallery.shot('edited')
    make_message(inside, 'first.msg', PR_SUBJECT='Another first')
    gallery.need('changed on disk')
    gallery.shot('changed-on-disk')
    shutil.rmtree(inside)
    gallery.need('was deleted')
    gallery.shot('deleted-on-disk')
    key('ctrl+s')
    gallery.need('removed since')
    gallery.press('^_?Save Anyway')
    gallery.need('could not be saved')
    gallery.shot('failed-save')
    key('ctrl+q')
    gallery.need('Save Changes')
    gallery.shot('save-question')
    gallery.leave()
    gallery.window.close_sessions()
    gallery.need('session was closed')
    gallery.shot('closed-session')
    gallery.close()

    os.makedirs(inside, exist_ok=True)
    first = make_message(inside, 'first.msg', PR_SUBJECT='The first', PR_BODY='Hello')
    gallery.open(first, second, seen='^The first$', home=home)
    edit_subject(gallery, 'Lost')
    time.sleep(3)
    gallery.close()
    gallery.open(seen='ended before', home=home)
    gallery.shot('recovery')
    gallery.close()


TOURS = (tour_start, tour_failure, tour_loading, tour_reading, tour_properties, tour_undecodable,
         tour_rows, tour_windows, tour_trouble)


def take_all(target, folder, names):
    """Every screen in each of the named variants: “light-360”, or “light-360/rows” for one tour."""
    for name in names or VARIANTS:
        variant, _, only = name.partition('/')
        for tour in TOURS:
            if only and tour.__name__ != 'tour_' + only:
                continue
            place = os.path.join(folder, variant + '-' + tour.__name__)
            os.makedirs(place)
            gallery = Gallery(target, place, variant)
            try:
                tour(gallery)
            finally:
                gallery.close()
            wait_for(lambda: application() is None)
            shutil.rmtree(place)
