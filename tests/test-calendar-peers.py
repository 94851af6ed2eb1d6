#!/usr/bin/env python3
# test-calendar-peers.py - what we write of calendars and cards, as independent readers see it
# SPDX-License-Identifier: LGPL-2.1-or-later

import base64
import datetime
import os
import subprocess
import tempfile
import unittest

import tap

try:
    import icalendar
except ImportError:
    icalendar = None
try:
    import vobject
    from dateutil import rrule
except ImportError:
    vobject = None

IMSG = os.environ.get('IMSG_TOOL', 'imsg')

ZONE = '''BEGIN:VTIMEZONE
TZID:Here
BEGIN:DAYLIGHT
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
DTSTART:19700329T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT
BEGIN:STANDARD
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
DTSTART:19701025T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
END:VTIMEZONE
'''

# First day, rule: each has to name the same days before and after a stay in a message
RULES = [
    ('20240108', 'FREQ=DAILY;COUNT=10'),
    ('20240108', 'FREQ=DAILY;INTERVAL=3;UNTIL=20240301T090000Z'),
    ('20240108', 'FREQ=WEEKLY;BYDAY=MO,WE,FR;COUNT=20'),
    ('20240109', 'FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU;COUNT=9'),
    ('20240109', 'FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=MO;COUNT=9'),
    ('20240115', 'FREQ=MONTHLY;BYMONTHDAY=15;COUNT=14'),
    ('20240131', 'FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=14'),
    ('20240109', 'FREQ=MONTHLY;BYDAY=2TU;COUNT=14'),
    ('20240126', 'FREQ=MONTHLY;BYDAY=-1FR;INTERVAL=2;COUNT=14'),
    ('20240131', 'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=14'),
    ('20240517', 'FREQ=YEARLY;COUNT=5'),
    ('20241128', 'FREQ=YEARLY;BYMONTH=11;BYDAY=4TH;COUNT=5'),
]

CARD = '''BEGIN:VCARD
VERSION:3.0
N:King;Ada;Augusta;Lady;II
FN:Ada King\\; Countess
ORG:Engines\\, Ltd;Research
EMAIL;TYPE=INTERNET,PREF:ada@example.org
EMAIL;TYPE=INTERNET:ada@work.example
TEL;TYPE=HOME,VOICE:1
TEL;TYPE=CELL:3
ADR;TYPE=WORK:Box 1;;Street 3;London;Region;NW1;UK
BDAY:1815-12-10
CATEGORIES:a,b\\,c
NOTE:A long line that has to be folded somewhere\\, äöü äöü äöü äöü äöü äöü äöü\\nand another
PHOTO;ENCODING=b;TYPE=PNG:%s
END:VCARD
'''


def run(*arguments, data):
    environment = dict(os.environ, LC_ALL='C.UTF-8', LANGUAGE='C', TZ='UTC', G_DEBUG='fatal-warnings')
    done = subprocess.run([IMSG, *arguments], input=data, env=environment, capture_output=True,
                          timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout, done.stderr


def through_message(text, form):
    """A calendar or card as a message, and that message as a calendar or card again."""
    with tempfile.TemporaryDirectory(prefix='imsg-test-') as folder:
        name = os.path.join(folder, 'a.msg')
        _, complaints = run('convert', '-o', name, '-',
                            data=text.replace('\n', '\r\n').encode())
        assert complaints == b'', complaints
        return run('convert', '--to', form, name, data=b'')[0].decode()


def calendar(*components):
    return ('BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\n' + ZONE + ''.join(components) +
            'END:VCALENDAR\n')


def event(start, rule):
    return (f'BEGIN:VEVENT\nUID:a\nDTSTAMP:20240101T000000Z\nDTSTART;TZID=Here:{start}T100000\n'
            f'DTEND;TZID=Here:{start}T103000\nSUMMARY:Standup\\, daily\nRRULE:{rule}\nEND:VEVENT\n')


@unittest.skipUnless(vobject, 'python3-vobject is not there')
class Days(unittest.TestCase):
    def test_rules(self):
        for start, rule in RULES:
            with self.subTest(rule=rule):
                text = through_message(calendar(event(start, rule)), 'ics')
                component = vobject.readOne(text).vevent
                first = component.dtstart.value
                self.assertEqual(first.strftime('%Y%m%dT%H%M'), start + 'T1000')
                ours = rrule.rrulestr(component.rrule.value, dtstart=first)
                theirs = rrule.rrulestr(rule, dtstart=first)
                self.assertEqual(list(ours)[:400], list(theirs)[:400])

    def test_exceptions(self):
        moved = ('BEGIN:VEVENT\nUID:a\nDTSTAMP:20240101T000000Z\n'
                 'RECURRENCE-ID;TZID=Here:20240402T100000\nDTSTART;TZID=Here:20240402T150000\n'
                 'DTEND;TZID=Here:20240402T160000\nSUMMARY:Later\nEND:VEVENT\n')
        series = event('20240328', 'FREQ=DAILY;COUNT=8').replace(
            'RRULE', 'EXDATE;TZID=Here:20240330T100000\nRRULE')
        read = vobject.readOne(through_message(calendar(series, moved), 'ics'))
        by_kind = {'recurrence-id' in e.contents: e for e in read.vevent_list}
        self.assertEqual(by_kind[True].recurrence_id.value.strftime('%Y%m%dT%H%M'),
                         '20240402T1000')
        self.assertEqual(by_kind[True].dtstart.value.strftime('%Y%m%dT%H%M'), '20240402T1500')
        days = [day.strftime('%m%d %H:%M') for day in by_kind[False].rruleset]
        self.assertEqual(days, [f'{day} 10:00' for day in ('0328', '0329', '0331', '0401', '0402',
                                                           '0403', '0404')])
        # the clocks went forward on March 31
        offsets = {day.utcoffset() for day in by_kind[False].rruleset}
        self.assertLessEqual(offsets, {datetime.timedelta(hours=1), datetime.timedelta(hours=2)})


@unittest.skipUnless(icalendar, 'python3-icalendar is not there')
class Calendar(unittest.TestCase):
    def test_event(self):
        lines = ('ORGANIZER;CN=Boss:mailto:boss@example.org\nLOCATION:Room\\; 1\n'
                 'ATTENDEE;CN="May, B";PARTSTAT=ACCEPTED;ROLE=OPT-PARTICIPANT:mailto:may@example.org\n'
                 'CATEGORIES:Red,Blue\nDESCRIPTION:One\\nTwo\n'
                 'ATTACH;VALUE=BINARY;ENCODING=BASE64;FMTTYPE=text/plain;FILENAME=a.txt:SGVsbG8=\n'
                 'BEGIN:VALARM\nACTION:DISPLAY\nDESCRIPTION:x\nTRIGGER:-PT20M\nEND:VALARM\n')
        text = through_message(calendar(event('20240708', 'FREQ=DAILY;COUNT=3').replace(
            'END:VEVENT', lines + 'END:VEVENT')), 'ics')
        read = icalendar.Calendar.from_ical(text)
        component, = read.walk('VEVENT')
        self.assertEqual(component['SUMMARY'], 'Standup, daily')
        self.assertEqual(component['LOCATION'], 'Room; 1')
        self.assertEqual(component['DESCRIPTION'], 'One\nTwo')
        self.assertEqual(component['ORGANIZER'], 'mailto:boss@example.org')
        self.assertEqual(component['ATTENDEE'], 'mailto:may@example.org')
        self.assertEqual(component['ATTENDEE'].params['CN'], 'May, B')
        self.assertEqual(component['ATTENDEE'].params['PARTSTAT'], 'ACCEPTED')
        self.assertEqual(base64.b64decode(component['ATTACH'].to_ical()), b'Hello')
        self.assertEqual(component['RRULE']['COUNT'], [3])
        alarm, = component.walk('VALARM')
        self.assertEqual(alarm['TRIGGER'].dt, datetime.timedelta(minutes=-20))
        zone, = read.walk('VTIMEZONE')
        self.assertEqual(zone['TZID'], 'W. Europe Standard Time')
        start = component['DTSTART'].dt
        self.assertEqual(start.strftime('%Y%m%dT%H%M'), '20240708T1000')

    def test_task(self):
        text = through_message(calendar(
            'BEGIN:VTODO\nUID:t\nDTSTAMP:20240101T000000Z\nSUMMARY:Do it\nDUE;VALUE=DATE:20240305\n'
            'STATUS:COMPLETED\nCOMPLETED:20240304T000000Z\nEND:VTODO\n'), 'ics')
        todo, = icalendar.Calendar.from_ical(text).walk('VTODO')
        self.assertEqual(todo['DUE'].dt, datetime.date(2024, 3, 5))
        self.assertEqual(todo['STATUS'], 'COMPLETED')
        self.assertEqual(todo['PERCENT-COMPLETE'], 100)


@unittest.skipUnless(vobject, 'python3-vobject is not there')
class Card(unittest.TestCase):
    def test_card(self):
        photo = bytes.fromhex('89504e470d0a1a0a') + bytes(range(256))
        text = through_message(CARD % base64.b64encode(photo).decode(), 'vcf')
        card = vobject.readOne(text)
        self.assertEqual(card.fn.value, 'Ada King; Countess')
        self.assertEqual((card.n.value.family, card.n.value.given, card.n.value.additional,
                          card.n.value.prefix, card.n.value.suffix),
                         ('King', 'Ada', 'Augusta', 'Lady', 'II'))
        self.assertEqual(card.org.value, ['Engines, Ltd', 'Research'])
        self.assertEqual([mail.value for mail in card.email_list],
                         ['ada@example.org', 'ada@work.example'])
        self.assertEqual({number.value: number.params['TYPE'] for number in card.tel_list},
                         {'1': ['HOME', 'VOICE'], '3': ['CELL']})
        self.assertEqual((card.adr.value.box, card.adr.value.street, card.adr.value.city,
                          card.adr.value.code, card.adr.value.country),
                         ('Box 1', 'Street 3', 'London', 'NW1', 'UK'))
        self.assertEqual(card.bday.value, '1815-12-10')
        self.assertIn('äöü\nand another', card.note.value)
        self.assertEqual(card.photo.value, photo)


if __name__ == '__main__':
    tap.main()
