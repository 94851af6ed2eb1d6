#!/usr/bin/env python3
# inspector-pictures.py - takes the pictures of the README, or of every screen there is
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# usage: inspector-pictures.py INSPECTOR IMSG FOLDER
#        inspector-pictures.py INSPECTOR IMSG --all=FOLDER [VARIANT[/TOUR]…]
#
# The first takes the pictures of the README, light and dark. The second takes every screen in each
# variant of a table: both styles, widths, large text, high contrast, right to left. It needs
# IMSG_WALK_PRELOAD, the file inspector-preload of the build folder.

import os
import subprocess
import sys

from inspector_screens import take_all
from inspector_walk import IMSG, Window, check, key, picture, run, see, type_text

MAIL = '''From: Carla Example <carla@example.org>
To: Ada Example <ada@example.org>, Ben Example <ben@example.org>
Subject: Quarterly report
Date: Tue, 24 Nov 2026 10:00:00 +0000
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=part

--part
Content-Type: text/html; charset=utf-8

<html><body style="font-family: sans-serif"><h2>Quarterly report</h2><p>Dear all,</p>
<p>the figures of the <b>third quarter</b> are attached.</p></body></html>
--part
Content-Type: text/csv; name="figures.csv"
Content-Disposition: attachment; filename="figures.csv"

quarter,figure
third,42
--part--
'''


def walk(folder):
    if sys.argv[3].startswith('--all='):
        take_all(os.path.abspath(sys.argv[3].partition('=')[2]), folder, sys.argv[4:])
        return
    mail, path = os.path.join(folder, 'report.eml'), os.path.join(folder, 'report.msg')
    with open(mail, 'w', encoding='utf-8') as file:
        file.write(MAIL)
    subprocess.run([IMSG, 'convert', '-o', path, mail], check=True)
    for dark in (False, True):
        style = '-dark' if dark else ''
        window = Window(path, dark=dark, size=(1200, 700))
        check(window.focus() and see('figures.csv'), 'the message is shown')
        # The HTML comes from a process of its own, which nobody tells of
        subprocess.run(['sleep', '3'], check=True)
        picture(os.path.join(sys.argv[3], 'message%s.png' % style), window)
        key('alt+2')
        key('ctrl+f')
        type_text('flags')
        key('Return')
        check(see('^Message flags, '), 'a property is found')
        picture(os.path.join(sys.argv[3], 'properties%s.png' % style), window)
        key('ctrl+q')
        check(window.end(), 'it ends with nothing in its log')


run(walk)
