#!/usr/bin/env python3
# test-inspector-reading.py - reads messages in the real window, and saves what is in them
# SPDX-License-Identifier: LGPL-2.1-or-later

import base64
import json
import os
import re
import shutil
import struct
import subprocess

from inspector_walk import Atspi, IMSG, Window, check, choose_file, click, convert, find, \
    find_all, get_place, is_gone, key, list_unnamed, make_image, make_message, patch, press, \
    read_text, run, run_parts, see, skip_check, type_text, wait_for, walk_nodes

PAGE_COLOUR = (18, 171, 52)
IMAGE_COLOUR = (255, 0, 0)
MAIL = '''From: Ada <ada@example.org>
To: Ben <ben@example.org>
Subject: All of it
Date: Tue, 24 Nov 2026 10:00:00 +0000
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=mixed

--mixed
Content-Type: multipart/related; boundary=related

--related
Content-Type: text/html; charset=utf-8

<html><body bgcolor="#12ab34"><p>Shown as a page</p>
<img src="cid:dot" width="100" height="50" alt="the dot">
<img src="https://127.0.0.1:9/far.png" alt="far away"></body></html>
--related
Content-Type: image/png
Content-ID: <dot>
Content-Disposition: inline; filename=dot.png
Content-Transfer-Encoding: base64

%s
--related--
--mixed
Content-Type: application/octet-stream
Content-Disposition: attachment; filename="plan.bin"
Content-Transfer-Encoding: base64

AAECAw==
--mixed
Content-Type: text/plain; charset=utf-8
Content-Disposition: attachment; filename="zz_zz_zz.txt"

a name that leads out
--mixed
Content-Type: message/rfc822

From: Cyd <cyd@example.org>
Subject: The inner one
Content-Type: text/plain; charset=utf-8

Deep inside
--mixed--
'''


def make_mail(folder):
    path = convert(folder, 'all.eml', MAIL % base64.b64encode(make_image(IMAGE_COLOUR)).decode('ascii'))
    patch(path, 'zz_zz_zz.txt'.encode('utf-16-le'), '../../zz.txt'.encode('utf-16-le'))
    return path


def read_pixels(window):
    """What is painted, three bytes a pixel: no more can be known of what WebKit shows."""
    return subprocess.run(['import', '-window', window.get_id(), '-depth', '8', 'rgb:-'],
                          check=True, capture_output=True).stdout


def count_pixels(window, colour):
    content = read_pixels(window)
    return sum(content[start:start + 3] == bytes(colour) for start in range(0, len(content), 3))


def is_page_at(window, y):
    """Whether the page reaches up there, as it does where no strip is above it."""
    place = 3 * (y * window.size[0] + window.size[0] - 200)
    return read_pixels(window)[place:place + 3] == bytes(PAGE_COLOUR)


def list_texts():
    return [read_text(node) for node in find_all('', ('text',), showing=True)]


def sees_text(words):
    return wait_for(lambda: any(words in text for text in list_texts()))


def close_strip():
    """Presses the button in the strip, for that of the window has the same name."""
    strip = find('^1 remote image', ('label',)).get_parent().get_parent()
    button = next(node for node in walk_nodes(strip) if node.get_name() == 'Close')
    return Atspi.Action.do_action(button, 0)


def walk_bodies(folder):
    if shutil.which('import') is None:
        skip_check('what is painted cannot be read without ImageMagick')
        return
    window = Window(make_mail(folder))
    check(window.focus() and see('^1 remote image or style was not loaded.$'),
          'what is not fetched is counted')
    unnamed = list_unnamed()
    for place in unnamed:
        print('# ' + place)
    check(not unnamed, 'every control has a name')
    check(wait_for(lambda: count_pixels(window, PAGE_COLOUR) > 10000), 'HTML is a page')
    check(wait_for(lambda: count_pixels(window, IMAGE_COLOUR) == 5000),
          'with the image that came with it')
    strip = get_place(find('^1 remote image', ('label',)))[1]
    check(not is_page_at(window, strip), 'below the strip that tells of the other')
    check(press('^Load Once$') and wait_for(lambda: is_page_at(window, strip)),
          'it can be fetched once')
    key('ctrl+f')
    type_text('nowhere')
    check(see('^Not found$'), 'the page can be searched')
    key('ctrl+a')
    type_text('shown as')
    check(is_gone('^Not found$'), 'whatever the case')
    key('Escape')
    check(press('^Text$') and sees_text('Shown as a page'), 'the text is there')
    check(not any('<p>' in text for text in list_texts()), 'without any tags')
    check(press('^Source$') and sees_text('<p>Shown as a page</p>'), 'and the source of the HTML')
    check(press('^Headers$') and sees_text('Subject: All of it'), 'and the headers')
    check(press('^HTML$') and wait_for(lambda: not is_page_at(window, strip)),
          'the next time nothing is fetched')
    check(wait_for(close_strip) and wait_for(lambda: is_page_at(window, strip)),
          'the strip can be closed')
    key('ctrl+q')
    check(window.end(), 'it ends with nothing in its log')


def walk_links(folder):
    """Each link is the whole of the page that one sees, up to what is behind the first."""
    if shutil.which('import') is None:
        skip_check('what is painted cannot be read without ImageMagick')
        return
    style = 'display:block;height:3000px;background:#12ab34'
    path = make_message(folder, 'links.msg', PR_SUBJECT='Links')
    page = os.path.join(folder, 'page.html')
    with open(page, 'w', encoding='utf-8') as file:
        file.write('<html><body><a href="#end" style="%s">down</a>'
                   '<a id="end" href="https://%s@%sexample.org/%s" style="%s;background:#f00">far</a>'
                   '</body></html>' % (style, 'bank.example.com' * 40, 'bank.example.com.' * 200,
                                       'x' * 3000, style))
    subprocess.run([IMSG, 'set', path, '--html-file=' + page], check=True)
    window = Window(path)
    check(window.focus() and wait_for(lambda: count_pixels(window, PAGE_COLOUR) > 10000),
          'a page of links is shown')
    body = see('^HTML$')
    check(body is not None, 'as HTML')
    subprocess.run(['xdotool', 'mousemove', '800', '450', 'click', '1'], check=True)
    check(wait_for(lambda: count_pixels(window, IMAGE_COLOUR) > 10000),
          'a link to a place of the page leads there')
    check(len(window.list_ids()) == 1, 'and asks nothing')
    subprocess.run(['xdotool', 'mousemove', '800', '450', 'click', '1'], check=True)
    check(window.focus_dialog() and see('^Open This Link'), 'one that leads away asks')
    check(see('^…[^\n]{1,99}example.org\n', ('label',)), 'and tells where it leads to')
    sizes = [subprocess.run(['xdotool', 'getwindowgeometry', '--shell', name], check=True,
                            capture_output=True, text=True).stdout for name in window.list_ids()]
    check(all(int(re.search(r'HEIGHT=(\d+)', size)[1]) < 800 for size in sizes),
          'however long it is')
    key('Escape')
    window.focus()
    key('ctrl+q')
    check(window.end(), 'it ends with nothing in its log')


def walk_code_page(folder):
    path = os.path.join(folder, 'cyrillic.msg')
    subprocess.run([IMSG, 'new', '--ansi', '-o', path, 'PR_MESSAGE_CODEPAGE=1251',
                    'PR_SUBJECT=Привет', 'PR_BODY=Добрый день'], check=True)
    entry = b'\x03\x00\xfd\x3f\x06\x00\x00\x00'
    patch(path, entry + (1251).to_bytes(4, 'little'), entry + (1252).to_bytes(4, 'little'))
    with open(path, 'rb') as file:
        before = file.read()
    window = Window(path)
    check(window.focus() and see('^Ïðèâåò$', ('label',)), 'a wrong code page gives a wrong subject')
    check(sees_text('Äîáðûé äåíü'), 'and a wrong body')
    check(press('^How the Body Was Read$') and see('PR_MESSAGE_CODEPAGE|1252', ('label',)),
          'it tells how it was read')
    check(press('^Code page$') and see('^1251 · ', ('label',)), 'the code page can be chosen')
    key('Down', 'Down', 'Down', 'Return')
    check(see('^Привет$', ('label',)) and sees_text('Добрый день'), 'and all of it is right')
    check(wait_for(lambda: find('^Привет', ('list item',))), 'in the tree too')
    key('ctrl+q')
    check(window.end(), 'it ends with nothing in its log')
    with open(path, 'rb') as file:
        check(file.read() == before, 'the file is as it was')


def walk_blank(folder):
    """Of a mail in which nothing was written, RTF is left with a page of no bytes in it."""
    rtf = rb'{\rtf1\ansi\fromhtml1 \deff0{\fonttbl{\f0\fswiss Arial;}}}'
    with open(os.path.join(folder, 'rtf'), 'wb') as file:
        # Stored, not compressed: what follows, how much that is, MELA, no sum
        file.write(struct.pack('<II4sI', len(rtf) + 12, len(rtf), b'MELA', 0) + rtf)
    path = os.path.join(folder, 'blank.msg')
    subprocess.run([IMSG, 'new', '-o', path, 'PR_SUBJECT=Blank',
                    'PR_RTF_COMPRESSED=@' + os.path.join(folder, 'rtf')], check=True)
    dump = json.loads(subprocess.run([IMSG, 'dump', path], check=True, capture_output=True).stdout)
    dump['message']['recipients'] = [{'kind': 'to', 'properties': []}]
    with open(os.path.join(folder, 'blank.json'), 'w', encoding='utf-8') as file:
        json.dump(dump, file)
    subprocess.run([IMSG, 'convert', '-f', '-o', path, os.path.join(folder, 'blank.json')], check=True)
    window = Window(path)
    check(window.focus() and see('^Blank$', ('label',)), 'a message of nothing is shown')
    check(see('^No sender\n→ No name$', ('label',)), 'with nobody it is from and nobody it is to')
    check(press('^Source$') and press('^HTML$'), 'its page too')
    key('ctrl+q')
    check(window.end(), 'it ends with nothing in its log')


def walk_long(folder):
    """Texts without an end and without a place to break: each page shows the beginning of them."""
    words = os.path.join(folder, 'words')
    with open(words, 'w', encoding='utf-8') as file:
        file.write('IPM.' + 'x' * 100000)
    inner = make_message(folder, 'inner.msg', PR_SUBJECT='@' + words, PR_DISPLAY_NAME='@' + words)
    path = os.path.join(folder, 'long.msg')
    subprocess.run([IMSG, 'new', '-o', path, '--to', 'ann@example.com', '-a', inner,
                    *('%s=@%s' % (name, words) for name in (
                        'PR_SUBJECT', 'PR_MESSAGE_CLASS', 'PR_SENDER_NAME', 'PR_BODY',
                        'PR_SENT_REPRESENTING_NAME', 'PR_TRANSPORT_MESSAGE_HEADERS'))], check=True)
    window = Window(path)
    check(window.focus() and see('^IPM.x{496}…$', ('label',)), 'a long subject is shown cut')
    key('alt+2')
    check(see('Message class'), 'so are its properties')
    key('alt+3')
    check(see('__substg1.0_0037001F'), 'and its streams')
    key('alt+1')
    window.resize(400, 600)
    check(see('^IPM.x{496}…$', ('label',)), 'a narrow window shows it as well')
    key('ctrl+q')
    check(window.end(), 'it ends with nothing in its log')


def read_bytes(path):
    with open(path, 'rb') as file:
        return file.read()


def walk_attachments(folder):
    window = Window(make_mail(folder))
    target = os.path.join(folder, 'plan.bin')
    check(window.focus() and press('^plan.bin · 4 bytes$'), 'an attachment has a tile')
    check(press('^Save…$') and window.focus_dialog(), 'which leads to where it is saved')
    choose_file(target)
    window.focus()
    check(wait_for(lambda: os.path.exists(target) and read_bytes(target) == bytes(range(4))),
          'it is saved byte for byte')

    check(press('^The inner one · '), 'an embedded message has one too')
    check(press('^Open the Message$'), 'and a page that offers to open it')
    check(see('^Cyd <cyd@example.org>', ('label',)) and sees_text('Deep inside'), 'it opens in place')

    click(wait_for(lambda: find('^All of it', ('list item',))))
    key('Right')
    click(see('^Attachments', ('label',)))
    inside = os.path.join(folder, 'a', 'b')
    os.makedirs(inside)
    click(see('^Save All…$', ('push button',)))
    check(window.focus_dialog(), 'all can be saved into a folder')
    choose_file(inside)
    window.focus()
    check(see('^4 attachments saved$'), 'it tells how many it saved')
    names = os.listdir(inside)
    check(len(names) == 4 and 'plan.bin' in names and 'dot.png' in names and
          'The inner one.msg' in names, 'under their names')
    check(read_bytes(os.path.join(inside, 'plan.bin')) == bytes(range(4)), 'byte for byte')
    cleaned = [name for name in names if name.endswith('zz.txt')]
    check(len(cleaned) == 1 and
          read_bytes(os.path.join(inside, cleaned[0])).strip() == b'a name that leads out',
          'a name that leads out of the folder stays inside')
    check(os.listdir(os.path.join(folder, 'a')) == ['b'], 'and nothing is beside it')
    inner = subprocess.run([IMSG, 'show', os.path.join(inside, 'The inner one.msg')], check=True,
                           capture_output=True, text=True).stdout
    check('Deep inside' in inner, 'the embedded message is one of its own')
    key('ctrl+q')
    check(window.end(), 'it ends with nothing in its log')


def walk_previews(folder):
    files = {'western.txt': 'Grüße aus Köln'.encode('cp1252'),
             'old.log': b'\x1b[1mbold\x1b[0m\x08 \x0b old words\x1a',
             'wide.txt': b'\xff\xfe' + 'Grüße, weit'.encode('utf-16-le'),
             'long.log': b'one line\n' * 20000,
             'noise.bin': bytes(range(256))}
    options = []
    for name, content in files.items():
        with open(os.path.join(folder, name), 'wb') as file:
            file.write(content)
        options += ['-a', os.path.join(folder, name)]
    path = os.path.join(folder, 'previews.msg')
    subprocess.run([IMSG, 'new', '-o', path, '-s', 'Previews', *options], check=True)
    window = Window(path)
    check(window.focus() and see('^Previews$', ('list item',)), 'a message with files opens')
    for name, words in (('western.txt', 'Grüße aus Köln'), ('wide.txt', 'Grüße, weit'),
                        ('old.log', 'old words'), ('long.log', 'one line')):
        click(see('^Previews$', ('list item',)))
        check(press('^%s · ' % name) and sees_text(words), '%s is shown as text' % name)
        note = find('^only the beginning is shown$', ('label',), showing=True)
        check((note is not None) == (name == 'long.log'), 'and it is told whether that is all')
    click(see('^Previews$', ('list item',)))
    check(press('^noise.bin · ') and see('^No Preview$'), 'what is no text is not')
    key('ctrl+q')
    check(window.end(), 'it ends with nothing in its log')


CALENDAR = '''BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Example//EN
BEGIN:%s
UID:1@example.org
DTSTAMP:20261124T100000Z
%s
END:%s
END:VCALENDAR
'''
CARD = '''BEGIN:VCARD
VERSION:3.0
FN:Ada Lee
N:Lee;Ada;;;
ORG:Engines Ltd
EMAIL:ada@example.org
TEL;TYPE=cell:+44 1
BDAY:1987-01-17
END:VCARD
'''


def sees_detail(name, value):
    return see('^%s$' % name, ('label',)) and see(value, ('label',))


def walk_details(folder):
    event = 'SUMMARY:The review\nDTSTART:20261124T100000Z\nDTEND:20261124T110000Z\nLOCATION:Room 7'
    task = 'SUMMARY:Tidy up\nDUE;VALUE=DATE:20261201\nSTATUS:IN-PROCESS\nPERCENT-COMPLETE:25'
    paths = [convert(folder, 'event.ics', CALENDAR % ('VEVENT', event, 'VEVENT')),
             convert(folder, 'task.ics', CALENDAR % ('VTODO', task, 'VTODO')),
             convert(folder, 'card.vcf', CARD)]
    window = Window(*paths, environment={'TZ': 'America/New_York'})
    check(window.focus(), 'an appointment, a task and a contact open')
    click(wait_for(lambda: find('^The review', ('list item',))))
    check(sees_detail('Location', '^Room 7$') and sees_detail('Starts', '05:00.* 2026') and
          sees_detail('Ends', '06:00.* 2026'), 'an appointment tells where and when')
    check(sees_detail('Show as', '^Busy$'), 'and in words how it is shown')
    click(wait_for(lambda: find('^Tidy up', ('list item',))))
    check(sees_detail('Status', '^In progress$') and sees_detail('Done', '^25') and
          sees_detail('Due', '^12/01/26$'),
          'a task how far it is and until which day, the same everywhere')
    click(wait_for(lambda: find('^Ada Lee', ('list item',))))
    check(sees_detail('Company', '^Engines Ltd$') and sees_detail('Email', '^ada@example.org$') and
          sees_detail('Mobile telephone', r'^\+44 1$') and sees_detail('Birthday', '^01/17/87$'),
          'a contact how to reach somebody, and when to')
    check(press('^Main Menu$') and press('^Close Session$'), 'the session can be closed')
    check(see('^Message Inspector$', ('frame',)) and see('^Open a Message$', ('label',)),
          'which shows the start page')
    key('ctrl+q')
    check(window.end(), 'it ends with nothing in its log')


def walk_read_only(folder):
    path = make_message(folder, 'locked.msg', PR_SUBJECT='Locked', PR_BODY='Hello')
    os.chmod(path, 0o444)
    wrapper = []
    if os.access(path, os.W_OK):
        # Modes do not bind an administrator, but a mount does
        wrapper = ['unshare', '--mount', 'sh', '-c',
                   'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec "$@"', folder]
        if subprocess.run([*wrapper, 'true'], stderr=subprocess.DEVNULL).returncode != 0:
            skip_check('no file can be made read-only here')
            return
    window = Window(path, wrapper=wrapper)
    check(window.focus() and see('^Locked$'), 'a read-only message opens')
    check(see('^Read-only$', ('image', 'icon')), 'a lock tells that it is')
    check(see('Save As…$', ('push button',)), 'it can be saved elsewhere')
    button = see('^Edit Subject$')
    check(button is not None and not find('^Edit the Text$', showing=True), 'but not be edited')
    key('ctrl+q')
    check(window.end(), 'it ends with nothing in its log')


def walk(folder):
    run_parts(folder, walk_bodies, walk_code_page, walk_links, walk_blank, walk_long, walk_attachments,
              walk_previews, walk_details, walk_read_only)


run(walk)
