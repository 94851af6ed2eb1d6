#!/usr/bin/env python3
# test-tools.py - the verbs that read, convert and compare, on messages of their own making
# SPDX-License-Identifier: LGPL-2.1-or-later

import json
import os
import re
import shutil
import subprocess
import tempfile
import threading
import unittest

import tap
from imsg_tool import IMSG, ToolCase, differences, dump, lose_stream, output, run


SANITIZED = os.environ.get('IMSG_MUTATIONS') == '150'


def peak_of(*arguments):
    """The most memory that a call has had at a time, in bytes."""
    with subprocess.Popen([IMSG, *arguments], stdout=subprocess.DEVNULL) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, arguments
    return usage.ru_maxrss * 1024


class Show(ToolCase):
    def test_show(self):
        text = output('show', self.letter)
        self.assertIn('Subject: Quarterly report – über\n', text)
        self.assertIn('To: Bo Berg <bo@example.org>', text)
        self.assertIn('figures.csv', text)
        self.assertTrue(text.endswith('\nThe figures are attached.\n'))

    def test_properties(self):
        text = output('show', '--properties', self.letter)
        self.assertIn('PR_IMPORTANCE', text)
        self.assertIn('Properties of recipient 3:', text)

    def test_sender(self):
        """Who sent it is a line of its own only where it was sent for somebody else."""
        self.assertNotIn('Sender:', output('show', self.letter))
        run('set', self.letter, 'PR_SENDER_NAME=Eve', 'PR_SENDER_EMAIL_ADDRESS=eve@example.org',
            'PR_SENDER_SMTP_ADDRESS=eve@example.org')
        text = output('show', self.letter)
        self.assertIn('From: Ann Lee <ann@example.org>\n', text)
        self.assertIn('Sender: Eve <eve@example.org>\n', text)

    def test_controls_are_not_sent(self):
        run('set', self.letter, 'PR_SUBJECT=\x1b[31mred\x07', 'PR_BODY=a\x1b]0;title\x07b')
        done = run('show', self.letter)
        self.assertNotIn(b'\x1b', done.stdout)
        self.assertNotIn(b'\x07', done.stdout)
        self.assertIn(b'\\x1B[31mred', done.stdout)

    def test_several(self):
        text = output('show', self.letter, self.letter)
        self.assertEqual(text.count('==> '), 2)


class Files(ToolCase):
    def test_usage(self):
        for arguments in ([], ['nothing'], ['dump'], ['show', '--nonsense', self.letter],
                          ['dump', '-j', '-1', self.letter], ['dump', '-', '-'],
                          ['convert', self.letter], ['convert', '--to', 'doc', self.letter],
                          ['convert', '--to', 'txt', '-o', 'a', self.letter, self.letter],
                          ['extract', '-o', 'a', '-C', 'b', self.letter],
                          ['extract', '-o', 'a', self.letter], ['new', '-s', 'No place'],
                          ['set', self.letter, 'PR_SUBJECT'], ['set'], ['storage', 'list'],
                          ['storage', 'cat', self.letter], ['storage', 'burn', self.letter],
                          ['storage', 'extract', self.letter], ['diff', self.letter],
                          ['find'], ['find', 'PR_SUBJECT ~', self.letter], ['help', 'nothing']):
            with self.subTest(arguments=arguments):
                done = run(*arguments, status=2)
                self.assertEqual(done.stdout, b'')
                self.assertNotEqual(done.stderr, b'')

    def test_help(self):
        self.assertIn('extract', output('--help'))
        self.assertRegex(output('--version'), r'^imsg \d+\.\d+')
        for verb in ('show', 'dump', 'extract', 'convert', 'set', 'new', 'storage', 'validate',
                     'diff', 'find'):
            self.assertIn(f'imsg {verb}', output(verb, '--help'))
            self.assertEqual(output('help', verb), output(verb, '--help'))
        self.assertIn('imsg find [OPTION…] CONDITION FILE…', output('find', '--help'))
        self.assertIn('imsg show [OPTION…] FILE…', output('show', '--help'))

    def test_manual(self):
        """The manual page and the completion know every verb and option, and no other verb."""
        source = os.path.dirname(os.environ['IMSG_README'])
        with open(os.path.join(source, 'tools', 'imsg.1'), encoding='utf-8') as file:
            manual = file.read().replace('\\-', '-')
        with open(os.path.join(source, 'tools', 'imsg.bash'), encoding='utf-8') as file:
            completion = file.read()
        verbs = re.findall(r'^  (\w+)  ', output('--help'), re.MULTILINE)
        self.assertEqual(re.search(r'verbs="(.*)"', completion)[1].split(), verbs)
        self.assertEqual(re.findall(r'^\.TP\n\.B (\w+)$', manual, re.MULTILINE), verbs)
        for verb in verbs:
            for option in re.findall(r'(--[a-z-]+)', output(verb, '--help')):
                self.assertRegex(manual, rf'{option}\b', verb)
                self.assertRegex(completion, rf'{option}\b', verb)

    @unittest.skipUnless(shutil.which('groff'), 'there is no groff')
    def test_manual_is_clean(self):
        page = os.path.join(os.path.dirname(os.environ['IMSG_README']), 'tools', 'imsg.1')
        done = subprocess.run(['groff', '-man', '-Tutf8', '-ww', '-z', page], check=True, text=True,
                              capture_output=True, timeout=60)
        self.assertEqual(done.stderr, '')

    def test_one_of_several_fails(self):
        with open(self.path('text.msg'), 'w', encoding='utf-8') as file:
            file.write('no compound file at all\n')
        done = run('dump', self.path('text.msg'), self.letter, self.path('absent.msg'), status=1)
        first, second, third = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertIn('code', first['error'])
        self.assertEqual(second['message']['class'], 'IPM.Note')
        self.assertEqual(third['error']['code'], 'NOT_FOUND')
        self.assertEqual(len(done.stderr.splitlines()), 2)

    def test_names_in_no_character_set(self):
        """Names of files are bytes: those of old disks are often Latin-1."""
        name = os.fsencode(self.path('caf')) + b'\xe9.msg'
        os.link(self.letter, name)
        run('convert', '--to', 'txt', '-C', self.path('out'), name)
        run('extract', '-C', self.path('out'), name, self.letter)
        self.assertEqual(sorted(os.listdir(os.fsencode(self.path('out')))),
                         [b'caf\xe9', b'caf\xe9.txt', b'letter'])

    def test_jobs_keep_the_order(self):
        names = []
        for number in range(100):
            name = self.path(f'{number}.msg')
            if number % 10 == 3:
                with open(name, 'wb') as file:
                    file.write(b'damaged' * number)
            elif number % 10 == 7:
                name = self.path('absent.msg')
            else:
                os.link(self.letter, name)
            names.append(name)
        alone = run('dump', '-j', '1', *names, status=1)
        together = run('dump', '-j', '4', *names, status=1)
        self.assertEqual(alone.stdout, together.stdout)
        self.assertEqual(alone.stderr, together.stderr)
        self.assertEqual(len(alone.stdout.splitlines()), 100)

    def test_files_from(self):
        with open(self.path('list'), 'w', encoding='utf-8') as file:
            file.write(f'{self.letter}\n\n{self.letter}\n')
        self.assertEqual(len(output('dump', '--files-from', self.path('list')).splitlines()), 2)
        names = output('find', '-0', 'exists(PR_SUBJECT)', self.letter, self.letter).encode()
        self.assertEqual(names.count(b'\0'), 2)
        self.assertEqual(len(output('dump', '--files-from', '-', data=names).splitlines()), 2)
        names = f'{self.letter}\n'.encode()
        self.assertEqual(len(output('dump', '--files-from', '-', data=names).splitlines()), 1)

    def test_standard_input(self):
        facts = json.loads(output('dump', '-', data=self.read('letter.msg')))
        self.assertEqual(facts['file'], '-')
        self.assertEqual(facts['message'], dump(self.letter)['message'])

    def test_nothing_stays_of_standard_input(self):
        """Even of a message that only half came, when the program is killed."""
        os.mkdir(self.path('tmp'))
        with subprocess.Popen([IMSG, 'dump', '-'],
                              stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                              env=dict(os.environ, TMPDIR=self.path('tmp'))) as half:
            half.stdin.write(b'x' * 300000)  # more than a pipe holds: some of it has been read
            half.stdin.flush()
            half.kill()
        self.assertEqual(os.listdir(self.path('tmp')), [])

    def test_pipes(self):
        os.mkfifo(self.path('pipe'))
        for arguments in (('convert', '--to', 'txt'), ('show',), ('dump',), ('validate',)):
            writer = threading.Thread(target=self.write, args=('pipe', self.read('letter.msg')))
            writer.start()
            run(*arguments, self.path('pipe'))
            writer.join()


class Extract(ToolCase):
    def test_extract(self):
        text = output('extract', '-C', self.path('out'), self.letter)
        self.assertEqual(os.listdir(self.path('out')), ['figures.csv'])
        self.assertIn('figures.csv', text)
        self.assertEqual(self.read('out/figures.csv'), b'a;1\nb;2\n')
        run('extract', '-C', self.path('out'), self.letter, status=1)
        run('extract', '-f', '-C', self.path('out'), self.letter)

    def test_one(self):
        run('extract', '-n', '0', '-o', self.path('one'), self.letter)
        self.assertEqual(self.read('one'), b'a;1\nb;2\n')
        self.assertEqual(run('extract', '-n', '0', '-o', '-', self.letter).stdout, b'a;1\nb;2\n')
        run('extract', '-n', '7', '-o', self.path('seven'), self.letter, status=1)

    def test_nothing_leaves_the_folder(self):
        names = ['../../evil', '/etc/evil', '..', '.', '.hidden', 'a/b\\c', 'CON', 'nul.txt',
                 'x\x00y', 'line\nbreak', 'ä' * 300, ' ', 'same', 'same', 'SAME']
        run('new', '-o', self.path('evil.msg'), '-s', 'Evil')
        for name in names:
            source = tempfile.mkdtemp(dir=self.folder.name)
            with open(os.path.join(source, 'plain'), 'wb') as file:
                file.write(b'data')
            run('set', self.path('evil.msg'), '--attach', os.path.join(source, 'plain'))
        facts = json.loads(output('dump', '--complete', self.path('evil.msg')))
        for attachment, name in zip(facts['message']['attachments'], names):
            attachment['properties'] = [p for p in attachment['properties']
                                        if p['tag'] not in ('0x3704001F', '0x3001001F')]
            for prop in attachment['properties']:
                if prop['tag'] == '0x3707001F':
                    prop['value'] = name
        done = run('convert', '--to', 'msg', '-o', self.path('named.msg'), '-',
                   data=json.dumps(facts).encode())
        self.assertEqual(done.stderr, b'')
        before = self.names()
        run('extract', '-C', self.path('deep/er/out'), self.path('named.msg'))
        made = os.listdir(self.path('deep/er/out'))
        self.assertEqual(len(made), len(names))
        self.assertEqual(os.listdir(self.path('deep')), ['er'])
        self.assertEqual(os.listdir(self.path('deep/er')), ['out'])
        self.assertEqual(self.names(), sorted(before + ['deep']))
        for name in made:
            self.assertFalse(name.startswith('.'), name)
            self.assertTrue(os.path.isfile(self.path('deep/er/out/' + name)))
            self.assertTrue(name.isprintable(), name)

    def test_links_are_not_followed(self):
        os.mkdir(self.path('out'))
        os.symlink(self.path('target'), self.path('out/figures.csv'))
        run('extract', '-C', self.path('out'), self.letter, status=1)
        self.assertNotIn('target', self.names())
        run('extract', '-f', '-C', self.path('out'), self.letter)
        self.assertNotIn('target', self.names())
        self.assertFalse(os.path.islink(self.path('out/figures.csv')))

    def test_embedded(self):
        run('new', '-o', self.path('outer.msg'), '-s', 'Outer', '--attach', self.letter)
        attachment, = dump(self.path('outer.msg'))['message']['attachments']
        self.assertEqual(attachment['method'], 'embedded-message')
        self.assertEqual(attachment['message']['subject'], 'Quarterly report – über')
        run('extract', '-r', '-C', self.path('out'), self.path('outer.msg'))
        made = sorted(os.listdir(self.path('out')))
        self.assertEqual(len(made), 2)
        inner, = [name for name in made if name.endswith('.msg')]
        self.assertEqual(differences(self.letter, self.path('out/' + inner)), [])
        self.assertEqual(output('validate', self.path('out/' + inner)), '')

    def test_several(self):
        os.mkdir(self.path('other'))
        os.link(self.letter, self.path('other/letter.msg'))
        run('extract', '-j', '2', '-C', self.path('out'), self.letter,
            self.path('other/letter.msg'))
        self.assertEqual(sorted(os.listdir(self.path('out'))), ['letter', 'letter (2)'])

    def test_names_of_dots(self):
        """A name that would stand for the folder itself, or for the one around it, does not."""
        names = [self.path('..msg'), self.path('...msg'), self.path('..a.msg')]
        for name in names:
            os.link(self.letter, name)
        before = self.names()
        run('extract', '-C', self.path('out'), *names)
        self.assertEqual(self.names(), sorted(before + ['out']))
        self.assertEqual(sorted(os.listdir(self.path('out'))), ['...msg', '..a', '..msg'])


class Storage(ToolCase):
    def test_list_and_cat(self):
        lines = output('storage', 'list', self.letter).splitlines()
        self.assertIn('stream\t46\t__substg1.0_0037001F', lines)
        self.assertIn('storage\t-\t__recip_version1.0_#00000003/', lines)
        subject = run('storage', 'cat', self.letter, '__substg1.0_0037001F').stdout
        self.assertEqual(subject.decode('utf-16-le'), 'Quarterly report – über')
        inner = output('storage', 'list', self.letter, '__recip_version1.0_#00000000')
        self.assertIn('__properties_version1.0', inner)
        run('storage', 'cat', self.letter, '__substg1.0_FFFF001F', status=1)
        run('storage', 'cat', self.letter, '__recip_version1.0_#00000000', status=1)

    def test_tree(self):
        tree = output('storage', 'tree', self.letter)
        self.assertIn('{00020d0b-0000-0000-c000-000000000046}', tree.splitlines()[0])
        self.assertIn('\n  __attach_version1.0_#00000000/\n    __', tree)

    def test_extract(self):
        run('storage', 'extract', '-C', self.path('out'), self.letter)
        self.assertEqual(self.read('out/__substg1.0_0037001F').decode('utf-16-le'),
                         'Quarterly report – über')
        run('storage', 'extract', '-C', self.path('out'), self.letter, status=1)

    def test_controls_are_not_sent(self):
        """Names of streams are whatever a file says; so are complaints of them."""
        with open(self.letter, 'rb') as file:
            data = file.read()
        old, new = '__substg1.0_0037001F', '\x1b[31m\x1b]0;a\x07__037001F'
        self.write('red.msg', data.replace(old.encode('utf-16-le'), new.encode('utf-16-le')))
        lose_stream(self.path('red.msg'), new)
        for arguments in (('list',), ('tree',), ('cat', new), ('extract', '-C', self.path('out'))):
            done = run('storage', arguments[0], self.path('red.msg'), *arguments[1:], status=None)
            printed = done.stdout + done.stderr
            self.assertIn(b'\\x1B[31m', printed)
            self.assertNotRegex(printed, rb'[\x00-\x08\x0b-\x1f]')


class Convert(ToolCase):
    def test_bodies(self):
        self.assertEqual(output('convert', '--to', 'txt', self.letter), 'The figures are attached.')
        run('convert', '--to', 'html', '-C', self.path('out'), self.letter)
        self.assertIn('The figures are attached.', self.read('out/letter.html').decode())
        run('convert', '-o', self.path('letter.rtf'), self.letter)
        self.assertTrue(self.read('letter.rtf').startswith(b'{\\rtf'))
        run('convert', '-o', self.path('letter.rtf'), self.letter, status=1)

    def test_mime_comes_back(self):
        run('convert', '-o', self.path('letter.eml'), self.letter)
        self.assertIn(b'Subject: ', self.read('letter.eml'))
        run('convert', '-o', self.path('back.msg'), self.path('letter.eml'))
        before = dump(self.letter, '--bodies')['message']
        after = dump(self.path('back.msg'), '--bodies')['message']
        self.assertEqual(after['subject'], before['subject'])
        self.assertEqual([(r['kind'], r['address']) for r in after['recipients']],
                         [(r['kind'], r['address']) for r in before['recipients']])
        self.assertEqual(after['attachments'][0]['sha256'], before['attachments'][0]['sha256'])
        self.assertEqual(after['bodies']['text']['content'].rstrip(),
                         before['bodies']['text']['content'])
        run('convert', '--to', 'mbox', '-o', self.path('letter.mbox'), self.letter)
        self.assertTrue(self.read('letter.mbox').startswith(b'From '))

    def test_calendar_and_contact(self):
        run('new', '-c', 'IPM.Appointment', '-o', self.path('date.msg'), '-s', 'Meeting',
            'PidLidAppointmentStartWhole=2024-05-01T10:00:00Z',
            'PidLidAppointmentEndWhole=2024-05-01T11:00:00Z')
        self.assertIn('DTSTART', output('convert', '--to', 'ics', self.path('date.msg')))
        run('new', '-c', 'IPM.Contact', '-o', self.path('ann.msg'), '-s', 'Ann Lee',
            'PR_DISPLAY_NAME=Ann Lee', 'PR_GIVEN_NAME=Ann', 'PR_SURNAME=Lee')
        self.assertIn('BEGIN:VCARD', output('convert', '--to', 'vcf', self.path('ann.msg')))
        run('convert', '--to', 'vcf', self.letter, status=1)

    def test_many_in_one(self):
        """Each message of a mailbox, a calendar, a file of cards becomes a file."""
        run('new', '-o', self.path('second.msg'), '-s', 'Second', '--text', 'From here on')
        run('convert', '-o', self.path('all.mbox'), self.letter, self.path('second.msg'))
        with open(self.path('dates.ics'), 'w', encoding='utf-8') as file:
            file.write('BEGIN:VCALENDAR\nVERSION:2.0\nBEGIN:VEVENT\nUID:a\nDTSTART:20240708T100000Z\n'
                       'SUMMARY:First\nEND:VEVENT\nBEGIN:VTODO\nUID:b\nSUMMARY:../Second\nEND:VTODO\n'
                       'END:VCALENDAR\n')
        with open(self.path('people.vcf'), 'w', encoding='utf-8') as file:
            file.write('BEGIN:VCARD\nVERSION:3.0\nFN:Ann\nEND:VCARD\n'
                       'BEGIN:VCARD\nVERSION:3.0\nFN:Bo\nEND:VCARD\n')
        done = run('convert', '-j', '2', '--to', 'msg', '-C', self.path('out'), self.path('all.mbox'),
                   self.path('dates.ics'), self.path('people.vcf'))
        self.assertEqual(done.stderr, b'')
        found = {name: dump(self.path('out/' + name))['message']
                 for name in sorted(os.listdir(self.path('out')))}
        self.assertEqual({name: (m['class'], m['subject']) for name, m in found.items()},
                         {'all.msg': ('IPM.Note', 'Quarterly report – über'),
                          'all (2).msg': ('IPM.Note', 'Second'),
                          'dates.msg': ('IPM.Appointment', 'First'),
                          'dates (2).msg': ('IPM.Task', '../Second'),
                          'people.msg': ('IPM.Contact', 'Ann'),
                          'people (2).msg': ('IPM.Contact', 'Bo')})
        for name in found:
            self.assertEqual(output('validate', self.path('out/' + name)), '')
        # nothing is replaced unasked, and one file is not made of several messages
        run('convert', '--to', 'msg', '-C', self.path('out'), self.path('all.mbox'), status=1)
        run('convert', '-f', '--to', 'msg', '-C', self.path('out'), self.path('all.mbox'))
        run('convert', '-o', self.path('one.msg'), self.path('all.mbox'), status=1)
        self.assertNotIn('one.msg', self.names())

    def test_one_of_many(self):
        run('new', '-o', self.path('second.msg'), '-s', 'Second', '--text', 'From here on')
        run('convert', '-j', '2', '-o', self.path('all.mbox'), self.letter, self.path('second.msg'),
            self.letter)
        text = self.read('all.mbox')
        self.assertEqual(text.count(b'\nFrom ') + text.startswith(b'From '), 3)
        self.assertIn(b'\n>From here on', text)
        run('convert', '-o', self.path('all.mbox'), self.letter, self.path('second.msg'), status=1)
        self.assertEqual(self.read('all.mbox'), text)
        # what cannot be read is left out, the others are there
        run('convert', '-f', '-o', self.path('all.mbox'), self.path('absent.msg'), self.letter,
            status=1)
        self.assertEqual(self.read('all.mbox').count(b'Subject: '), 1)
        run('convert', '-o', self.path('two.eml'), self.letter, self.path('second.msg'), status=2)
        # a mailbox to a mailbox
        run('convert', '--to', 'mbox', '-C', self.path('out'), self.path('all.mbox'))
        self.assertEqual(os.listdir(self.path('out')), ['all.mbox'])

    def test_report(self):
        with open(self.path('dates.ics'), 'w', encoding='utf-8') as file:
            file.write('BEGIN:VCALENDAR\nVERSION:2.0\nBEGIN:VEVENT\nUID:a\nDTSTART:20240708T100000Z\n'
                       'RRULE:FREQ=HOURLY\nGEO:1;2\nEND:VEVENT\nBEGIN:VTODO\nUID:b\nEND:VTODO\n'
                       'END:VCALENDAR\n')
        done = run('convert', '--report', '--to', 'msg', '-C', self.path('out'),
                   self.path('dates.ics'), self.letter)
        lines = [json.loads(line) for line in done.stderr.decode().splitlines()]
        self.assertEqual([(os.path.basename(line['file']), line['message'],
                           os.path.basename(line['result'])) for line in lines],
                         [('dates.ics', 0, 'dates.msg'), ('dates.ics', 1, 'dates (2).msg'),
                          ('letter.msg', 0, 'letter.msg')])
        self.assertEqual([[(loss['where'], loss['code']) for loss in line['losses']]
                          for line in lines],
                         [[('RRULE', 'NO_SUPPORT'), ('GEO', 'NO_SUPPORT')], [], []])
        # without it the same is said for people
        done = run('convert', '--to', 'msg', '-f', '-C', self.path('out'), self.path('dates.ics'))
        self.assertIn('GEO: ', done.stderr.decode())

    def test_calendar_comes_back(self):
        """A series with a changed day goes through a message in a mail and is the same series."""
        text = ('BEGIN:VCALENDAR\nVERSION:2.0\nBEGIN:VEVENT\nUID:a\nDTSTART:20240708T100000Z\n'
                'DTEND:20240708T110000Z\nRRULE:FREQ=WEEKLY;BYDAY=MO;COUNT=4\n'
                'EXDATE:20240715T100000Z\nSUMMARY:Standup\nEND:VEVENT\nBEGIN:VEVENT\nUID:a\n'
                'RECURRENCE-ID:20240722T100000Z\nDTSTART:20240723T090000Z\nDTEND:20240723T100000Z\n'
                'SUMMARY:Later\nEND:VEVENT\nEND:VCALENDAR\n')
        run('convert', '-o', self.path('a.msg'), '-', data=text.encode())
        run('convert', '-o', self.path('a.eml'), self.path('a.msg'))
        run('convert', '-o', self.path('b.msg'), self.path('a.eml'))
        first = output('convert', '--to', 'ics', self.path('a.msg')).splitlines()
        second = output('convert', '--to', 'ics', self.path('b.msg')).splitlines()
        for line in ('RRULE:FREQ=WEEKLY;COUNT=4;BYDAY=MO', 'SUMMARY:Later', 'UID:a'):
            self.assertIn(line, first)
            self.assertIn(line, second)
        for start in ('EXDATE', 'RECURRENCE-ID', 'DTSTART', 'DTEND'):
            self.assertEqual([line for line in first if line.startswith(start)],
                             [line for line in second if line.startswith(start)])
        self.assertEqual(dump(self.path('b.msg'))['message']['class'], 'IPM.Appointment')

    def test_notes_as_text(self):
        for message_class in ('IPM.StickyNote', 'IPM.Activity'):
            run('new', '-f', '-c', message_class, '-o', self.path('note.msg'), '-s', 'Note',
                '--text', 'Milk, eggs')
            self.assertEqual(output('convert', '--to', 'txt', self.path('note.msg')), 'Milk, eggs')

    def test_json_comes_back(self):
        run('new', '-o', self.path('outer.msg'), '-s', 'Outer', '--html', '<p>See <b>this</b></p>',
            '--attach', self.letter, 'PS_PUBLIC_STRINGS/Project=Northern')
        run('convert', '-o', self.path('outer.json'), self.path('outer.msg'))
        run('convert', '-o', self.path('back.msg'), self.path('outer.json'))
        self.assertEqual(differences(self.path('outer.msg'), self.path('back.msg')), [])

    def test_json_of_others(self):
        facts = {'subject': 'By hand', 'sender': {'name': 'Ann', 'type': 'SMTP',
                                                  'address': 'ann@example.org'},
                 'recipients': [{'kind': 'cc', 'name': 'Bo', 'address': 'bo@example.org'}],
                 'sent': '2021-05-06T07:08:09Z',
                 'bodies': {'text': {'content': 'Hello'}}}
        run('convert', '-o', self.path('hand.msg'), '-', data=json.dumps(facts).encode())
        message = dump(self.path('hand.msg'), '--bodies')['message']
        self.assertEqual(message['subject'], 'By hand')
        self.assertEqual(message['sent'], '2021-05-06T07:08:09Z')
        self.assertEqual(message['sender']['address'], 'ann@example.org')
        self.assertEqual(message['recipients'][0]['kind'], 'cc')
        self.assertEqual(message['bodies']['text']['content'], 'Hello')

    def test_json_of_several(self):
        """What dump writes of several files makes as many messages, without those it could not read."""
        run('new', '-o', self.path('a.msg'), '-s', 'One } two')
        dumped = run('dump', '--complete', self.path('a.msg'), self.path('none.msg'), self.letter,
                     status=1).stdout
        done = run('convert', '--to', 'msg', '-C', self.path('back'), '-', data=dumped, status=1)
        self.assertIn(b'standard input: value 1: The JSON holds no message', done.stderr)
        self.assertEqual(sorted(os.listdir(self.path('back'))), ['message (2).msg', 'message.msg'])
        self.assertEqual(dump(self.path('back/message.msg'))['message']['subject'], 'One } two')
        pretty = run('dump', '-c', '-p', self.letter, self.letter).stdout
        self.assertEqual(output('convert', '--to', 'mbox', '-', data=pretty).count('\nSubject: '), 2)

    def test_utf_16(self):
        """Programs of Windows and old ones of Apple write cards and calendars so."""
        card = 'BEGIN:VCARD\r\nVERSION:3.0\r\nFN:M\u00fcller\r\nEND:VCARD\r\n'
        for encoding, mark in (('utf-16-le', b'\xff\xfe'), ('utf-16-be', b'\xfe\xff')):
            with self.subTest(encoding=encoding):
                text = output('convert', '--to', 'vcf', '-', data=mark + card.encode(encoding))
                self.assertIn('\nFN:M\u00fcller', text.replace('\r', ''))

    def test_bad_json(self):
        for text in ('{', '{"message":', '{"properties":[{}]}', '{"properties":[1]}',
                     '{"properties":[{"tag":"0x0037001F","value":5}]}', '{"recipients":[[]]}',
                     '{"attachments":["x"]}', '{"sent":"x"}', '{"a":' + '[' * 100000,
                     '{"attachments":' + '[{"message":{"attachments":' * 200,
                     '{"x":"\ud800"}'.encode('utf-16-le', 'surrogatepass').decode('latin-1')):
            with self.subTest(text=text[:40]):
                run('convert', '--to', 'msg', '-o', self.path('bad.msg'), '-',
                    data=text.encode('latin-1'), status=1)
                self.assertFalse(os.path.exists(self.path('bad.msg')))

    @unittest.skipIf(SANITIZED, 'sanitizers keep what is freed')
    def test_large(self):
        """However large an attachment is, it goes through in pieces."""
        self.write('data', os.urandom(1 << 20) * 48)
        large = self.path('large.msg')
        run('new', '-o', large, '--attach', self.path('data'))
        run('new', '-o', self.path('outer.msg'), '--attach', large)
        small = peak_of('dump', self.letter)
        for arguments in (('convert', '--to', 'eml', large),
                          ('convert', '-o', self.path('all.mbox'), large, self.letter),
                          ('convert', '-j', '2', '-f', '-o', self.path('all.mbox'), large, large),
                          ('convert', '-o', self.path('copy.msg'), large),
                          ('extract', '-n', '0', '-o', '-', self.path('outer.msg')),
                          ('set', large, '-o', '-'),
                          ('diff', large, large)):
            self.assertLess(peak_of(*arguments) - small, 32 << 20, arguments)
        self.assertGreater(os.path.getsize(self.path('all.mbox')), 2 * 64 << 20)

    def test_several(self):
        os.mkdir(self.path('other'))
        os.link(self.letter, self.path('other/letter.msg'))
        run('convert', '-j', '2', '--to', 'txt', '-C', self.path('out'), self.letter,
            self.path('other/letter.msg'))
        self.assertEqual(sorted(os.listdir(self.path('out'))), ['letter (2).txt', 'letter.txt'])


class Validate(ToolCase):
    def test_ours_pass(self):
        run('new', '-o', self.path('outer.msg'), '-s', 'Re: Outer', '--html', '<p>See</p>',
            '--attach', self.letter, '--from', 'ann@example.org', '--to', 'bo@example.org',
            'PS_PUBLIC_STRINGS/Project=Northern', 'PidLidReminderSet=true')
        run('new', '--ansi', '-o', self.path('ansi.msg'), '-s', 'Ansi', '--text', 'x',
            '--to', 'bo@example.org')
        run('new', '-c', 'IPM.Contact', '-o', self.path('contact.msg'), '-s', 'Contact')
        for name in ('letter.msg', 'outer.msg', 'ansi.msg', 'contact.msg'):
            with self.subTest(name=name):
                self.assertEqual(output('validate', self.path(name)), '')

    def test_breaches(self):
        from imsg_breaches import BREACHES
        for rule, breach in BREACHES.items():
            with self.subTest(rule=rule):
                data = breach(bytearray(self.read('letter.msg')))
                with open(self.path('breach.msg'), 'wb') as file:
                    file.write(data)
                done = run('validate', self.path('breach.msg'), status=1)
                self.assertIn(f' {rule}: ', done.stdout.decode())

    def test_no_message(self):
        done = run('validate', self.path('figures.csv'), status=1)
        self.assertEqual(done.stdout, b'')


class Diff(ToolCase):
    def test_diff(self):
        run('set', self.letter, 'PR_SUBJECT=Other', '-o', self.path('other.msg'))
        done = run('diff', self.letter, self.path('other.msg'), status=1)
        self.assertIn('PR_SUBJECT', done.stdout.decode())
        self.assertIn('Other', done.stdout.decode())
        self.assertIn('differ', run('diff', '-q', self.letter, self.path('other.msg'),
                                    status=1).stdout.decode())
        run('diff', self.letter, self.path('absent.msg'), status=2)

    def test_what_is_not_told_apart(self):
        """The case of a header's name is none of its name, and a name may be there twice."""
        header = 'PS_INTERNET_HEADERS/X-Mailer'
        run('set', self.letter, f'{header}=v', '-o', self.path('a.msg'))
        run('set', self.letter, f'{header.replace("X-M", "x-m")}=v', '-o', self.path('b.msg'))
        run('set', self.letter, f'{header}=v', 'PS_INTERNET_HEADERS/X-Nailer=w',
            '-o', self.path('twice.msg'))
        twice = self.read('twice.msg').replace('X-Nailer'.encode('utf-16-le'),
                                               'X-Mailer'.encode('utf-16-le'))
        self.write('twice.msg', twice)
        for first, second in (('a.msg', 'b.msg'), ('twice.msg', 'twice.msg')):
            done = run('diff', self.path(first), self.path(second), status=None)
            self.assertNotIn('ailer', done.stdout.decode())

    def test_objects(self):
        """What lies in an OLE object is compared stream by stream."""
        for name, subject in (('a', 'This'), ('b', 'That')):
            run('new', '-o', self.path('inner.msg'), '-f', '-s', subject)
            run('new', '-o', self.path(f'{name}.msg'), '--attach', self.path('inner.msg'))
            # PR_ATTACH_METHOD says OLE, and the storage lacks what makes it one of a message
            data = bytearray(self.read(f'{name}.msg').replace(
                bytes.fromhex('0300053707000000 05'), bytes.fromhex('0300053707000000 06')))
            properties = '__properties_version1.0'.encode('utf-16-le')
            self.assertEqual(data.count(properties), 3)
            at = data.rindex(properties)
            data[at:at + len(properties)] = properties.replace(b'1', b'2')
            self.write(f'{name}.msg', data)
        done = run('diff', self.path('a.msg'), self.path('b.msg'), status=1)
        self.assertIn('- /attachments/0/__substg1.0_0037001F (8)\n', done.stdout.decode())
        self.assertEqual(output('diff', self.path('a.msg'), self.path('a.msg')), '')

    def test_large_values(self):
        for name, last in (('a', b'a'), ('b', b'b')):
            self.write('data', b'x' * 3000000 + last)
            run('new', '-o', self.path(f'{name}.msg'), '--attach', self.path('data'))
        lines = differences(self.path('a.msg'), self.path('b.msg'))
        self.assertEqual(len([line for line in lines if 'PR_ATTACH_DATA_BIN' in line]), 2)

    def test_unreadable(self):
        """Of what can be read in neither it is not known whether it is the same."""
        self.write('data', b'x' * 30000)
        run('new', '-o', self.path('a.msg'), '--attach', self.path('data'))
        shutil.copy(self.path('a.msg'), self.path('b.msg'))
        lose_stream(self.path('a.msg'), '__substg1.0_37010102')
        run('diff', self.path('a.msg'), self.path('b.msg'), status=1)
        done = run('diff', self.path('a.msg'), self.path('a.msg'), status=2)
        self.assertIn('/attachments/0/0x37010102: ', done.stderr.decode())


class Find(ToolCase):
    def test_find(self):
        run('new', '-o', self.path('other.msg'), '-s', 'Holiday rota')
        names = [self.letter, self.path('other.msg')]
        self.assertEqual(output('find', 'PR_SUBJECT ~ "rota"', *names),
                         self.path('other.msg') + '\n')
        self.assertEqual(output('find', 'PR_IMPORTANCE = 2', *names), self.letter + '\n')
        self.assertEqual(output('find', '-0', 'exists(PR_SUBJECT)', *names),
                         ''.join(name + '\0' for name in names))
        self.assertEqual(output('find', 'PR_IMPORTANCE = 99', *names), '')
        condition = 'recipients(PR_EMAIL_ADDRESS ^= "bo@") and not PR_SUBJECT ~ "rota"'
        self.assertEqual(output('find', '-s', condition, *names),
                         f'{self.letter}\tQuarterly report – über\n')


if __name__ == '__main__':
    tap.main()
