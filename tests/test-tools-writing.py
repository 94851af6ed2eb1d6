#!/usr/bin/env python3
# test-tools-writing.py - the verbs that make and change messages
# SPDX-License-Identifier: LGPL-2.1-or-later

import hashlib
import json
import os
import subprocess
import threading

import tap
from imsg_tool import ToolCase, dump, lose_stream, output, run


class New(ToolCase):
    def test_facts(self):
        facts = dump(self.letter, '--bodies')
        self.assertEqual(facts['file'], self.letter)
        self.assertEqual(facts['format']['encoding'], 'unicode')
        self.assertEqual(facts['format']['compound_version'], 3)
        self.assertEqual(facts['problems'], [])
        message = facts['message']
        self.assertEqual(message['class'], 'IPM.Note')
        self.assertEqual(message['subject'], 'Quarterly report – über')
        self.assertEqual(message['from'], {'name': 'Ann Lee', 'type': 'SMTP',
                                           'address': 'ann@example.org',
                                           'smtp': 'ann@example.org'})
        self.assertEqual([(r['kind'], r['name'], r['address']) for r in message['recipients']],
                         [('to', 'Bo Berg', 'bo@example.org'),
                          ('to', 'cy@example.org', 'cy@example.org'),
                          ('cc', 'Team, all', 'team@example.org'),
                          ('bcc', 'Di', 'di@example.org')])
        body = message['bodies']['text']
        self.assertEqual(body['content'], 'The figures are attached.')
        self.assertEqual(body['origin'], 'stored')
        self.assertEqual(message['bodies']['native'], 'text')
        attachment, = message['attachments']
        self.assertEqual(attachment['name'], 'figures.csv')
        self.assertEqual(attachment['method'], 'by-value')
        self.assertEqual(attachment['size'], 8)
        self.assertEqual(attachment['sha256'], hashlib.sha256(b'a;1\nb;2\n').hexdigest())

    def test_stored_bytes(self):
        properties = {p['tag']: p for p in dump(self.letter)['message']['properties']}
        subject = properties['0x0037001F']
        stored = 'Quarterly report – über'.encode('utf-16-le')
        self.assertEqual(subject['name'], 'PR_SUBJECT')
        self.assertEqual(subject['type'], 'PT_UNICODE')
        self.assertEqual(subject['bytes'], len(stored))
        self.assertEqual(subject['sha256'], hashlib.sha256(stored).hexdigest())
        self.assertEqual(subject['attributes'], ['readable', 'writeable'])
        importance = properties['0x00170003']
        self.assertEqual(importance['value'], 2)
        self.assertEqual(importance['bytes'], 4)
        self.assertEqual(importance['sha256'], hashlib.sha256(b'\2\0\0\0').hexdigest())

    def test_no_overwrite(self):
        before = self.read('letter.msg')
        run('new', '-o', self.letter, '-s', 'Other', status=1)
        self.assertEqual(self.read('letter.msg'), before)
        run('new', '--force', '-o', self.letter, '-s', 'Other')
        self.assertEqual(dump(self.letter)['message']['subject'], 'Other')

    def test_failure_leaves_nothing(self):
        run('new', '-o', self.path('none.msg'), '--attach', self.path('absent'), status=1)
        self.assertNotIn('none.msg', self.names())

    def test_dashes_in_a_text(self):
        """-j is an option of verbs that work on many files; here it may begin a text."""
        run('new', '-o', self.path('dash.msg'), '-s', '-j2 or not', '-t', '-j5')
        message = dump(self.path('dash.msg'), '--bodies')['message']
        self.assertEqual(message['subject'], '-j2 or not')
        self.assertEqual(message['bodies']['text']['content'], '-j5')

    def test_addresses(self):
        for text, name, address in (
                ('Ann <ann@example.org>', 'Ann', 'ann@example.org'),
                (' ann@example.org ', 'ann@example.org', 'ann@example.org'),
                ('"Lee, \\"A\\"" <ann@example.org>', 'Lee, "A"', 'ann@example.org'),
                ('<ann@example.org>', 'ann@example.org', 'ann@example.org'),
                ('Ann <EX:/O=First Org/CN=ANN>', 'Ann', '/O=First Org/CN=ANN')):
            with self.subTest(text=text):
                run('new', '-f', '-o', self.path('to.msg'), '--to', text)
                recipient, = dump(self.path('to.msg'))['message']['recipients']
                self.assertEqual((recipient['name'], recipient['address']), (name, address))
        for text in ('', ' ', '<>', 'Ann <>', 'Ann <ann@example.org', 'ann@example.org>',
                     'ann@example.org, bo@example.org', 'ann@example.org bo@example.org',
                     'Ann <ann@example.org>, Bo <bo@example.org>',
                     '"Ann" <ann@example.org>, "Bo" <bo@example.org>', 'ann@example.org\nBcc: x'):
            with self.subTest(text=text):
                for option in ('--to', '--from'):
                    done = run('new', '-o', self.path('none.msg'), option, text, status=1)
                    self.assertIn('is no address', done.stderr.decode())

    def test_both_bodies(self):
        """A text that is given stays beside the HTML, which alone would make one."""
        run('new', '-o', self.path('both.msg'), '--text', 'Plain', '--html', '<p>Rich</p>')
        bodies = dump(self.path('both.msg'), '--bodies')['message']['bodies']
        self.assertEqual(bodies['text']['content'], 'Plain')
        self.assertIn('Rich', bodies['html']['content'])
        self.assertEqual(bodies['native'], 'html')
        run('new', '-o', self.path('none.msg'), '--text', 'a', '--text-file', 'b', status=2)
        run('set', self.letter, '--html', 'a', '--html-file', 'b', status=2)

    def test_no_text(self):
        """What follows a NUL would be lost: UTF-16 without a mark is no text, nor is a binary."""
        with open(self.path('wide'), 'wb') as file:
            file.write('Hello'.encode('utf-16-le'))
        before = self.read('letter.msg')
        for arguments in (('--text-file', self.path('wide')), ('--html-file', self.path('wide')),
                          (f'PR_BODY=@{self.path("wide")}',)):
            done = run('set', self.letter, *arguments, status=1)
            self.assertIn('is no UTF-8 text', done.stderr.decode())
        self.assertEqual(self.read('letter.msg'), before)
        run('set', self.letter, f'0x66010102=@{self.path("wide")}')

    def test_attached_pipe(self):
        os.mkfifo(self.path('pipe'))
        for data, method, size in ((b'a;1\n' * 100000, 'by-value', 400000),
                                   (self.read('letter.msg'), 'embedded-message', None)):
            writer = threading.Thread(target=self.write, args=('pipe', data))
            writer.start()
            run('new', '-f', '-o', self.path('piped.msg'), '--attach', self.path('pipe'))
            writer.join()
            attachment, = dump(self.path('piped.msg'))['message']['attachments']
            self.assertEqual(attachment['method'], method)
            if size:
                self.assertEqual((attachment['name'], attachment['size']), ('pipe', size))

    def test_ansi(self):
        run('new', '--ansi', '-o', self.path('ansi.msg'), '-s', 'Grüße', '--to', 'bo@example.org')
        facts = dump(self.path('ansi.msg'))
        self.assertEqual(facts['format']['encoding'], 'ansi')
        self.assertEqual(facts['message']['subject'], 'Grüße')
        types = {p['type'] for p in facts['message']['properties']}
        self.assertIn('PT_STRING8', types)
        self.assertNotIn('PT_UNICODE', types)

    def test_template(self):
        run('new', '-o', self.path('form.oft'), '-s', 'Form')
        tree = output('storage', 'tree', self.path('form.oft'))
        self.assertIn('{0006f046-0000-0000-c000-000000000046}', tree.splitlines()[0])

    def test_to_standard_output(self):
        done = run('new', '-o', '-', '-s', 'Piped')
        self.assertEqual(json.loads(output('dump', '-', data=done.stdout))['message']['subject'],
                         'Piped')


class Set(ToolCase):
    def test_no_change(self):
        run('set', self.letter, '-o', self.path('same.msg'))
        self.assertEqual(output('diff', self.letter, self.path('same.msg')), '')
        run('storage', 'extract', '-C', self.path('a'), self.letter)
        run('storage', 'extract', '-C', self.path('b'), self.path('same.msg'))
        done = subprocess.run(['diff', '-r', self.path('a'), self.path('b')], check=False)
        self.assertEqual(done.returncode, 0)

    def test_one_change(self):
        run('set', self.letter, 'PR_IMPORTANCE=1', '-o', self.path('changed.msg'))
        done = run('diff', self.letter, self.path('changed.msg'), status=1)
        changed = {line.split()[2] for line in done.stdout.decode().splitlines()}
        self.assertIn('PR_IMPORTANCE', changed)
        self.assertLessEqual(changed, {'PR_IMPORTANCE', 'PR_LAST_MODIFICATION_TIME'})

    def test_in_place(self):
        os.chmod(self.letter, 0o640)
        run('set', self.letter, 'PR_SUBJECT=New', '--text', 'Other', '--to', 'Eve <eve@example.org>',
            '--detach', '0', '--delete', 'PR_IMPORTANCE')
        facts = dump(self.letter, '--bodies')['message']
        self.assertEqual(facts['subject'], 'New')
        self.assertEqual(facts['bodies']['text']['content'], 'Other')
        self.assertEqual(facts['attachments'], [])
        self.assertEqual(len(facts['recipients']), 5)
        self.assertNotIn('PR_IMPORTANCE', [p['name'] for p in facts['properties']])
        self.assertEqual(os.stat(self.letter).st_mode & 0o777, 0o640)

    def test_damaged(self):
        """The result is sound: only now can it be told what the file had not all of."""
        with open(self.path('long'), 'wb') as file:
            file.write(b'x' * 20000)
        run('new', '-o', self.path('cut.msg'), '--attach', self.path('long'))
        os.truncate(self.path('cut.msg'), os.path.getsize(self.path('cut.msg')) - 5000)
        run('new', '-o', self.path('plain.msg'), '--attach', self.letter)
        around = run('new', '-o', self.path('around.msg'), '--attach', self.path('cut.msg'))
        self.assertIn(b' of 20000 bytes were copied', around.stderr)
        changed = run('set', self.path('cut.msg'), '-o', self.path('changed.msg'), '--subject=New')
        self.assertIn(b'__substg1.0_37010102', changed.stderr)
        in_place = run('set', self.path('cut.msg'), '--subject=New')
        self.assertEqual(in_place.stderr, changed.stderr)
        again = run('set', self.path('cut.msg'), '--subject=Newer')
        self.assertEqual(again.stderr, b'')
        # the same of what is converted, or comes out of another message
        run('new', '-f', '-o', self.path('cut.msg'), '-t', 'x', '--attach', self.path('long'))
        lose_stream(self.path('cut.msg'), '__substg1.0_37010102')
        converted = run('convert', '-o', self.path('whole.msg'), self.path('cut.msg'))
        self.assertIn(b'__substg1.0_37010102', converted.stderr)
        report = json.loads(run('convert', '-r', '--to', 'txt', self.path('cut.msg')).stderr)
        self.assertEqual([loss['code'] for loss in report['losses']], ['CORRUPT_DATA'])
        run('new', '-f', '-o', self.path('cut.msg'), '--attach', self.path('plain.msg'))
        lose_stream(self.path('cut.msg'), '__substg1.0_37010102')
        extracted = run('extract', '-C', self.path('out'), self.path('cut.msg'))
        self.assertIn(b'__substg1.0_37010102', extracted.stderr)
        for name in ('around.msg', 'changed.msg', 'whole.msg'):
            self.assertEqual(run('dump', self.path(name)).stderr, b'')

    def test_from(self):
        """All that names the sender names the new one, down to what Outlook resolves it by."""
        run('set', self.letter, 'PR_SENDER_ADDRTYPE=EX', 'PR_SENDER_EMAIL_ADDRESS=/O=ORG/CN=OLD',
            'PR_SENDER_SMTP_ADDRESS=old@example.org', 'PR_SENDER_ENTRYID=00',
            'PR_SENDER_SEARCH_KEY=00', 'PR_SENDER_SID=0105', 'PR_SENT_REPRESENTING_ENTRYID=00',
            'PR_SENT_REPRESENTING_SMTP_ADDRESS=old@example.org')
        run('set', self.letter, '--from', 'Eve <eve@example.org>')
        message = dump(self.letter)['message']
        person = {'name': 'Eve', 'type': 'SMTP', 'address': 'eve@example.org',
                  'smtp': 'eve@example.org'}
        self.assertEqual((message['from'], message['sender']), (person, person))
        values = {p['name']: p.get('value') for p in message['properties']}
        wide = 'Eve\0SMTP\0eve@example.org\0'.encode('utf-16-le').hex()
        for role in ('PR_SENDER', 'PR_SENT_REPRESENTING'):
            self.assertTrue(values[f'{role}_ENTRYID'].endswith(wide))
            self.assertEqual(bytes.fromhex(values[f'{role}_SEARCH_KEY']), b'SMTP:EVE@EXAMPLE.ORG\0')
        self.assertNotIn('PR_SENDER_SID', values)
        self.assertEqual(output('validate', self.letter), '')
        run('new', '-o', self.path('nobody.msg'), '-s', 'Of nobody yet')
        run('set', self.path('nobody.msg'), '--from', 'FAX:123')
        self.assertEqual(output('validate', self.path('nobody.msg')), '')

    def test_every_type(self):
        values = {
            '0x66010002': ('-5', -5, b'\xfb\xff'),
            '0x66020003': ('0x7FFFFFFF', 0x7FFFFFFF, b'\xff\xff\xff\x7f'),
            '0x66030003': ('0090', 90, b'\x5a\0\0\0'),
            '0x66040005': ('1.5', 1.5, bytes.fromhex('000000000000f83f')),
            '0x66050006': ('12345', 12345, (12345).to_bytes(8, 'little')),
            '0x6607000B': ('yes', True, b'\1\0'),
            '0x66080014': ('-1', -1, b'\xff' * 8),
            '0x6609001F': ('tëxt', 'tëxt', 'tëxt'.encode('utf-16-le')),
            '0x660A0040': ('2020-02-29T12:00:00.1234567Z', '2020-02-29T12:00:00.1234567Z',
                           (132274512001234567).to_bytes(8, 'little')),
            '0x660B0048': ('00062008-0000-0000-c000-000000000046',
                           '00062008-0000-0000-c000-000000000046',
                           bytes.fromhex('0820060000000000c000000000000046')),
            '0x660C0102': ('00ff 10', '00ff10', b'\0\xff\x10'),
        }
        run('set', self.letter, *[f'{tag}={value[0]}' for tag, value in values.items()])
        properties = {p['tag']: p for p in dump(self.letter)['message']['properties']}
        for tag, (_, value, stored) in values.items():
            with self.subTest(tag=tag):
                self.assertEqual(properties[tag]['value'], value)
                self.assertEqual(properties[tag]['bytes'], len(stored))
                self.assertEqual(properties[tag]['sha256'], hashlib.sha256(stored).hexdigest())

    def test_multi_valued(self):
        run('set', self.letter, '0x6610101F=one', '0x6610101F=two', '0x66111003=1', '0x66111003=2')
        properties = {p['tag']: p for p in dump(self.letter)['message']['properties']}
        self.assertEqual(properties['0x6610101F']['value'], ['one', 'two'])
        self.assertEqual(properties['0x66111003']['value'], [1, 2])
        stored = b'\x08\0\0\0\x08\0\0\0' + 'one\0two\0'.encode('utf-16-le')
        self.assertEqual(properties['0x6610101F']['sha256'], hashlib.sha256(stored).hexdigest())

    def test_named(self):
        run('set', self.letter, 'PS_PUBLIC_STRINGS/Project=Northern', 'PidLidReminderSet=true',
            '00062008-0000-0000-c000-000000000046/0x8999:PT_LONG=7')
        named = [p for p in dump(self.letter)['message']['properties'] if 'named' in p]
        by_name = {p['named'].get('name') or p['named']['id']: p for p in named}
        self.assertEqual(by_name['Project']['value'], 'Northern')
        self.assertEqual(by_name['Project']['named']['set'],
                         '00020329-0000-0000-c000-000000000046')
        self.assertEqual(by_name['0x8503']['value'], True)
        self.assertEqual(by_name['0x8503']['type'], 'PT_BOOLEAN')
        self.assertEqual(by_name['0x8999']['value'], 7)
        run('set', self.letter, '--delete', 'PS_PUBLIC_STRINGS/Project')
        self.assertNotIn('Northern', output('dump', self.letter))

    def test_from_file(self):
        run('set', self.letter, f'PR_BODY=@{self.path("figures.csv")}', 'PR_SUBJECT=@@home')
        facts = dump(self.letter, '--bodies')['message']
        self.assertEqual(facts['bodies']['text']['content'], 'a;1\nb;2\n')
        self.assertEqual(facts['subject'], '@home')

    def test_bad_values(self):
        before = self.read('letter.msg')
        for assignment in ('PR_IMPORTANCE=high', 'PR_IMPORTANCE=99999999999',
                           'PR_SENSITIVITY=', 'PR_NO_SUCH_PROPERTY=1', 'PR_CREATION_TIME=yesterday',
                           'PR_SEARCH_KEY=0x', '0x6601001F:PT_NONE=1', 'PR_HASATTACH=false',
                           'PR_SUBJECT=@/nowhere/at/all', 'NO_SET/Name=1'):
            with self.subTest(assignment=assignment):
                run('set', self.letter, assignment, status=1)
                self.assertEqual(self.read('letter.msg'), before)
        for assignment in ('0x66000000=Hello', '0x6600=00ff'):
            done = run('set', self.letter, assignment, status=1)
            self.assertIn('add one, as in 0x6600:PT_UNICODE', done.stderr.decode())
        done = run('set', self.letter, '0x66001234=zz', status=1)
        self.assertIn('“zz” is no value of type 0x1234', done.stderr.decode())
        run('set', self.path('absent.msg'), 'PR_SUBJECT=x', status=1)
        run('set', self.letter, 'PR_SUBJECT=a', 'PR_SUBJECT=b', status=1)

    def test_no_overwrite(self):
        run('set', self.letter, 'PR_SUBJECT=x', '-o', self.path('figures.csv'), status=1)
        self.assertEqual(self.read('figures.csv'), b'a;1\nb;2\n')

    def test_links_are_not_followed(self):
        for arguments in (('set', self.letter), ('new', '-s', 'x'),
                          ('convert', '--to', 'msg', self.letter)):
            os.symlink(self.path('figures.csv'), self.path('link.msg'))
            run(*arguments, '-o', self.path('link.msg'), status=1)
            run(*arguments, '-o', self.path('link.msg'), '--force')
            self.assertEqual(self.read('figures.csv'), b'a;1\nb;2\n')
            self.assertFalse(os.path.islink(self.path('link.msg')))
            os.remove(self.path('link.msg'))

    def test_pipe(self):
        os.mkfifo(self.path('pipe'))
        run('set', self.path('pipe'), 'PR_SUBJECT=x', status=2)


if __name__ == '__main__':
    tap.main()
