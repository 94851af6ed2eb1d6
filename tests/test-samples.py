#!/usr/bin/env python3
# test-samples.py - the command over real messages, damaged ones, and mutations of them
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Needs IMSG_SAMPLES, a folder with msg/, malformed/, facts.jsonl and deencapsulated.jsonl."""

import datetime
import email
import email.policy
import glob
import hashlib
import json
import os
import random
import re
import struct
import subprocess
import tempfile
import unittest

import tap

try:
    import olefile
except ImportError:
    olefile = None

IMSG = os.environ.get('IMSG_TOOL', 'imsg')
# 600 where there is time for it; a sanitized build takes longer over each
N_MUTATIONS = int(os.environ.get('IMSG_MUTATIONS', '600'))
SEED = 20240229
ENVIRONMENT = dict(os.environ, LC_ALL='C.UTF-8', LANGUAGE='C', TZ='UTC', G_DEBUG='fatal-warnings')


def run(*arguments, timeout=300):
    done = subprocess.run([IMSG, *arguments], env=ENVIRONMENT, capture_output=True,
                          timeout=timeout, check=False)
    errors = done.stderr.decode(errors='replace')
    assert done.returncode in (0, 1), f'{arguments[0]}: exit {done.returncode}: {errors[-2000:]}'
    assert not re.search(r'WARNING|CRITICAL|Sanitizer|runtime error', errors), errors[-4000:]
    return done


def messages():
    return sorted(glob.glob(os.path.join(tap.SAMPLES, 'msg', '*', '*')))


def malformed():
    return sorted(glob.glob(os.path.join(tap.SAMPLES, 'malformed', '*', '*')))


def name_of(path):
    return os.path.relpath(path, tap.SAMPLES)


def facts(name):
    with open(os.path.join(tap.SAMPLES, name), encoding='utf-8') as file:
        return {entry['file']: entry for entry in map(json.loads, file)}


def fold(text):
    return ' '.join((text or '').split())


class Base(unittest.TestCase):
    dumped = {}

    @classmethod
    def dump_all(cls):
        if not Base.dumped:
            lines = run('dump', '-j', '2', '--bodies', '--complete', *messages(),
                        *malformed()).stdout.splitlines()
            for line in lines:
                entry = json.loads(line)
                Base.dumped[name_of(entry['file'])] = entry
        return Base.dumped

    def report(self, what, differences, total, share):
        """At least the share of all must agree; what differs is told either way."""
        for difference in differences:
            print(f'# {difference}')
        agree = (total - len(differences)) / total if total else 0
        print(f'# {what}: {total - len(differences)} of {total} agree ({100 * agree:.3f} %)')
        self.assertGreater(total, 0)
        self.assertGreaterEqual(agree, share)


@tap.needs_samples
class Facts(Base):
    """Against what two independent readers agree on."""

    def compare(self, fact, message, entry):
        if fact == 'class':
            return entry[fact].lower() == (message['class'] or '').lower()
        if fact == 'subject':
            return fold(entry[fact]) == fold(message['subject'])
        if fact == 'message_id':
            return entry[fact].strip('<> ') == (message['message_id'] or '').strip('<> ')
        if fact == 'recipient_addresses':
            ours = sorted((r['smtp'] or r['address'] or '').lower() for r in message['recipients'])
            return sorted(a.lower() for a in entry[fact] if a) == [a for a in ours if a]
        if fact == 'recipient_count':
            return entry[fact] == len(message['recipients'])
        if fact == 'attachment_count':
            return entry[fact] == len(message['attachments'])
        if fact == 'embedded_count':
            return entry[fact] == sum(a['method'] == 'embedded-message'
                                      for a in message['attachments'])
        if fact == 'attachment_sha256':
            return sorted(entry[fact]) == sorted(a['sha256'] for a in message['attachments']
                                                 if a['method'] == 'by-value')
        text = fold((message['bodies']['text'] or {}).get('content'))
        if fact == 'text_sha256':
            return entry[fact] == hashlib.sha256(text.encode()).hexdigest()
        if fact == 'text_chars':
            return entry[fact] == len(text)
        raise AssertionError(fact)

    def test_facts(self):
        dumped = self.dump_all()
        differences = []
        total = 0
        for name, entry in facts('facts.jsonl').items():
            for fact in entry:
                if fact == 'file':
                    continue
                total += 1
                if 'error' in dumped[name]:
                    differences.append(f'{name}: {dumped[name]["error"]["text"]}')
                elif not self.compare(fact, dumped[name]['message'], entry):
                    differences.append(f'{name}: {fact} is {str(entry[fact])[:80]!r} to others')
        self.report('facts', differences, total, 0.995)

    def test_deencapsulated(self):
        dumped = self.dump_all()
        differences = []
        total = 0
        for name, entry in facts('deencapsulated.jsonl').items():
            # In a damaged file others find streams that no property says are there
            if name.startswith('malformed/'):
                continue
            total += 1
            with tempfile.TemporaryDirectory() as folder:
                body = os.path.join(folder, 'body')
                run('convert', '--to', 'html' if entry['mode'] == 'html' else 'txt', '-o', body,
                    os.path.join(tap.SAMPLES, name))
                if not os.path.exists(body):
                    differences.append(f'{name}: no body')
                    continue
                with open(body, encoding='utf-8', errors='replace') as file:
                    text = re.sub(r'[\s\0]', '', file.read())
            # Where the message also stores the body itself, that is what is given out
            origin = dumped[name]['message']['bodies'][
                'html' if entry['mode'] == 'html' else 'text']['origin']
            if hashlib.sha256(text.encode()).hexdigest() != entry['sha256'] and origin == 'rtf':
                differences.append(f'{name}: {len(text)} characters, to others {entry["chars"]}')
        self.report('de-encapsulated bodies', differences, total, 0.99)


@tap.needs_samples
@unittest.skipUnless(olefile, 'there is no olefile')
class Stored(Base):
    """Every stored property, byte for byte, against olefile."""

    FIXED = {0x2: 2, 0x3: 4, 0x4: 4, 0x5: 8, 0x6: 8, 0x7: 8, 0xA: 4, 0xB: 2, 0x14: 8, 0x40: 8}

    def stored(self, ole, path, header):
        """tag -> the bytes that design and format say are stored."""
        prefix = '/'.join(path) + '/' if path else ''
        values = {}
        stream = ole.openstream(prefix + '__properties_version1.0').read()
        for at in range(header, len(stream) - 15, 16):
            kind, ident = struct.unpack_from('<HH', stream, at)
            tag = ident << 16 | kind
            name = f'{prefix}__substg1.0_{tag:08X}'
            if tag in values or kind == 0xD:
                continue
            if kind in self.FIXED:
                values[tag] = stream[at + 8:at + 8 + self.FIXED[kind]]
            elif not ole.exists(name):
                continue
            else:
                values[tag] = ole.openstream(name).read()
                if kind in (0x101E, 0x101F, 0x1102):
                    step = 8 if kind == 0x1102 else 4
                    for index in range(len(values[tag]) // step):
                        if ole.exists(f'{name}-{index:08X}'):
                            values[tag] += ole.openstream(f'{name}-{index:08X}').read()
        return values

    def check(self, ole, path, header, properties, where):
        ours = {int(p['tag'], 16): p for p in properties}
        if not ole.exists('/'.join([*path, '__properties_version1.0'])):
            return
        for tag, value in self.stored(ole, path, header).items():
            self.total += 1
            found = ours.get(tag)
            if found is None:
                self.differences.append(f'{where}: 0x{tag:08X} is missing')
            elif (found['bytes'] != len(value) or
                  found['sha256'] != hashlib.sha256(value).hexdigest()):
                self.differences.append(f'{where}: 0x{tag:08X} has {found["bytes"]} bytes, '
                                        f'to olefile {len(value)}')

    def storages(self, ole, path, prefix):
        depth = len(path)
        return sorted((entry[depth] for entry in ole.listdir(streams=False, storages=True)
                       if entry[:depth] == path and len(entry) == depth + 1 and
                       entry[depth].lower().startswith(prefix)),
                      key=lambda name: int(name.rsplit('#', 1)[1], 16))

    def check_message(self, ole, path, message, where):
        self.check(ole, path, 24 if path else 32, message['properties'], where)
        recipients = self.storages(ole, path, '__recip_version1.0_#')
        attachments = self.storages(ole, path, '__attach_version1.0_#')
        self.assertEqual(len(recipients), len(message['recipients']), where)
        self.assertEqual(len(attachments), len(message['attachments']), where)
        for name, ours in zip(recipients, message['recipients']):
            self.check(ole, [*path, name], 8, ours['properties'], f'{where} {name}')
        for name, ours in zip(attachments, message['attachments']):
            self.check(ole, [*path, name], 8, ours['properties'], f'{where} {name}')
            if ours.get('message'):
                self.check_message(ole, [*path, name, '__substg1.0_3701000D'], ours['message'],
                                   f'{where} {name}')

    def test_stored_bytes(self):
        dumped = self.dump_all()
        self.differences = []
        self.total = 0
        for path in messages():
            try:
                ole = olefile.OleFileIO(path)
            except (OSError, AttributeError):
                continue
            self.check_message(ole, [], dumped[name_of(path)]['message'], name_of(path))
        self.report('stored properties', self.differences, self.total, 0.999)


@tap.needs_samples
class Lossless(Base):
    def streams(self, path):
        """What is in a compound file, as olefile sees it: names, classes and bytes."""
        ole = olefile.OleFileIO(path)
        found = {}
        for entry in ole.listdir(streams=True, storages=True):
            name = '/'.join(entry)
            kind = ole.get_type(name)
            found[name] = (ole.openstream(name).read() if kind == olefile.STGTY_STREAM
                           else ole.getclsid(name))
        return ole.root.clsid, found

    @unittest.skipUnless(olefile, 'there is no olefile')
    def test_no_change(self):
        differences = []
        total = 0
        with tempfile.TemporaryDirectory() as folder:
            for path in messages():
                # The ending says whether a message or a template is wanted
                copy = os.path.join(folder, 'copy' + os.path.splitext(path)[1])
                try:
                    before = self.streams(path)
                except (OSError, AttributeError):
                    continue
                total += 1
                done = run('set', path, '--force', '-o', copy)
                if done.returncode != 0:
                    differences.append(f'{name_of(path)}: {done.stderr.decode()}')
                elif self.streams(copy) != before:
                    differences.append(f'{name_of(path)}: not the same streams')
        self.report('saved without a change', differences, total, 1)

    def test_one_change(self):
        differences = []
        total = 0
        with tempfile.TemporaryDirectory() as folder:
            copy = os.path.join(folder, 'copy.msg')
            for path in messages()[::4]:
                total += 1
                run('set', path, '--force', '-o', copy, '0x66660003=42')
                done = run('diff', path, copy)
                changed = {line.split()[2] for line in done.stdout.decode().splitlines()}
                lines = [line for line in done.stdout.decode().splitlines()
                         if '0x66660003' not in line and 'PR_LAST_MODIFICATION_TIME' not in line]
                if not changed or lines:
                    differences.append(f'{name_of(path)}: {lines[:3]}')
        self.report('one change', differences, total, 1)


@tap.needs_samples
class Directions(Base):
    """Each message in each format, and back from those that can be read."""

    def outputs(self, folder, form, names):
        """The results by the input's name; of what is no calendar or contact there is none."""
        out = os.path.join(folder, form)
        run('convert', '-j', '2', '--report', '--to', form, '-C', out, *names, timeout=500)
        return sorted(os.path.join(out, name) for name in os.listdir(out))

    def test_out(self):
        with tempfile.TemporaryDirectory() as folder:
            for form in ('eml', 'mbox', 'txt', 'html', 'rtf', 'ics', 'vcf', 'json', 'msg'):
                with self.subTest(form=form):
                    made = self.outputs(folder, form, messages() + malformed())
                    self.assertGreater(len(made), 0)

    def test_and_back(self):
        """What we wrote of a calendar or a contact we read, and write the same of it again."""
        volatile = re.compile(r'^(DTSTAMP|REV|X-MS-OLK|X-MICROSOFT-CDO-(ALLDAY|INTENDED)|PRODID|METHOD)',
                              re.IGNORECASE)
        for form in ('ics', 'vcf'):
            differences = []
            with tempfile.TemporaryDirectory() as folder:
                first = self.outputs(folder, form, messages())
                back = self.outputs(os.path.join(folder, 'back'), 'msg', first)
                second = self.outputs(os.path.join(folder, 'again'), form, back)
                self.assertEqual([os.path.basename(name) for name in first],
                                 [os.path.basename(name) for name in second])
                for one, two in zip(first, second):
                    lines = []
                    for name in (one, two):
                        with open(name, encoding='utf-8', newline='') as file:
                            text = file.read().replace('\r\n ', '')
                        lines.append([line for line in text.split('\r\n')
                                      if not volatile.match(line)])
                    if sorted(lines[0]) != sorted(lines[1]):
                        gone = sorted(set(lines[0]) ^ set(lines[1]))
                        differences.append(f'{os.path.basename(one)}: '
                                           + ', '.join(line.split(':')[0] for line in gone))
            self.report(f'{form} and back', differences, len(first), 0.8)


@tap.needs_samples
class Email(Base):
    """Out to e-mail as Python's parser reads it, and back."""

    converted = {}

    @classmethod
    def convert_all(cls):
        """path -> the message as an e-mail, and what came of that, once for all tests."""
        if not Email.converted:
            with tempfile.TemporaryDirectory() as folder:
                links = {}
                for number, path in enumerate(messages()):
                    links[path] = f'{number:03}'
                    os.symlink(path, os.path.join(folder, links[path] + '.msg'))
                mails, back = os.path.join(folder, 'mails'), os.path.join(folder, 'back')
                run('convert', '-j', '2', '--to', 'eml', '-C', mails,
                    *(os.path.join(folder, name + '.msg') for name in links.values()))
                run('convert', '-j', '2', '--to', 'msg', '-C', back,
                    *(os.path.join(mails, name + '.eml') for name in links.values()))
                lines = run('dump', '-j', '2', '--bodies', *(os.path.join(back, name + '.msg')
                                                             for name in links.values())).stdout
                dumped = [json.loads(line) for line in lines.splitlines()]
                came_back = {os.path.basename(entry['file'])[:3]: entry['message']
                             for entry in dumped}
                for path, name in links.items():
                    with open(os.path.join(mails, name + '.eml'), 'rb') as file:
                        Email.converted[path] = (file.read(), came_back[name])
        return Email.converted

    def leaves(self, part):
        if part.get_content_maintype() == 'message' or not part.is_multipart():
            yield part
        else:
            for child in part.iter_parts():
                yield from self.leaves(child)

    def address(self, entry):
        """As a header has it: the address, or the name of somebody without one."""
        address = entry['smtp']
        # Of somebody who was never looked up the name may be the address
        if not address and not entry['address'] and re.fullmatch(r'[^\s@]+@[^\s@]+',
                                                                 entry['name'] or ''):
            address = entry['name']
        return (address or fold(entry['name'] or entry['address'])).lower()

    def header_addresses(self, mail, kind):
        found = []
        for header in mail.get_all(kind) or []:
            found += [address.addr_spec.lower() for address in header.addresses]
            found += [fold(group.display_name).lower() for group in header.groups
                      if group.display_name is not None and not group.addresses]
        return sorted(found)

    def compare_out(self, message, raw):
        mail = email.message_from_bytes(raw, policy=email.policy.default)
        if re.search(rb'[^\r]\n', raw):
            yield 'a line that ends in LF'
        if mail.defects:
            yield f'defects: {mail.defects}'
        if fold(mail['subject']) != fold(message['subject']):
            yield f'subject {mail["subject"]!r}'
        if message['message_id'] and fold(mail['message-id']).strip('<>') != \
                fold(message['message_id']).strip('<>'):
            yield f'message id {mail["message-id"]!r}'
        if message['sent']:
            sent = datetime.datetime.fromisoformat(message['sent'].replace('Z', '+00:00'))
            if mail['date'] is None or mail['date'].datetime != sent.replace(microsecond=0):
                yield f'date {mail["date"]!r}'
        for kind in ('to', 'cc', 'bcc'):
            wanted = sorted(self.address(entry) for entry in message['recipients']
                            if entry['kind'] == kind)
            if self.header_addresses(mail, kind) != wanted:
                yield f'{kind} {self.header_addresses(mail, kind)}, not {wanted}'
        if message['from'] and self.header_addresses(mail, 'from') != [self.address(message['from'])]:
            yield f'from {mail["from"]!r}'
        if 'smime' in (message['class'] or '').lower():
            return
        parts = list(self.leaves(mail))
        hashes = [hashlib.sha256(part.get_payload(decode=True) or b'').hexdigest()
                  for part in parts if part.get_content_maintype() != 'message']
        for attachment in message['attachments']:
            if attachment['method'] == 'by-value' and attachment['sha256'] not in hashes:
                yield f'attachment {attachment["name"]!r}'
        embedded = sum(attachment['method'] == 'embedded-message' and not attachment['hidden']
                       for attachment in message['attachments'])
        if sum(part.get_content_type() == 'message/rfc822' for part in parts) != embedded:
            yield f'not {embedded} embedded messages'

    def compare_back(self, message, back):
        for fact in ('subject', 'message_id'):
            if message[fact] and fold(back[fact]).strip('<>') != fold(message[fact]).strip('<>'):
                yield f'{fact} {back[fact]!r}'
        if message['sent'] and (back['sent'] or '')[:19] != message['sent'][:19]:
            yield f'sent {back["sent"]!r}'
        ours = sorted((entry['kind'], self.address(entry)) for entry in message['recipients'])
        theirs = sorted((entry['kind'], self.address(entry)) for entry in back['recipients'])
        if ours != theirs:
            yield f'recipients {theirs}, not {ours}'
        text = fold((message['bodies']['text'] or {}).get('content'))
        if text and fold((back['bodies']['text'] or {}).get('content')) != text:
            yield 'text'
        if 'smime' in (message['class'] or '').lower():
            return
        hashes = [attachment['sha256'] for attachment in back['attachments']]
        names = [fold(attachment['name']) for attachment in back['attachments']]
        for attachment in message['attachments']:
            if attachment['method'] == 'by-value' and attachment['sha256'] not in hashes:
                yield f'attachment {attachment["name"]!r}'
            elif attachment['method'] == 'by-value' and fold(attachment['name']) not in names:
                yield f'name {attachment["name"]!r}'
        inner = [(a['message'], b['message']) for a, b in
                 zip((a for a in message['attachments'] if a.get('message') and not a['hidden']),
                     (b for b in back['attachments'] if b.get('message')))]
        for ours, theirs in inner:
            yield from (f'inside: {difference}' for difference in self.compare_back(ours, theirs))

    def test_out(self):
        dumped = self.dump_all()
        differences = []
        for path, (raw, _) in self.convert_all().items():
            differences += [f'{name_of(path)}: {difference}' for difference in
                            self.compare_out(dumped[name_of(path)]['message'], raw)]
        self.report('e-mails', differences, len(self.converted), 0.99)

    def test_back(self):
        dumped = self.dump_all()
        differences = []
        for path, (_, back) in self.convert_all().items():
            differences += [f'{name_of(path)}: {difference}' for difference in
                            self.compare_back(dumped[name_of(path)]['message'], back)]
        self.report('messages that came back', differences, len(self.converted), 0.99)


@tap.needs_samples
class Hostile(Base):
    def test_malformed(self):
        dumped = self.dump_all()
        for path in malformed():
            with self.subTest(name=name_of(path)):
                entry = dumped[name_of(path)]
                self.assertTrue('message' in entry or entry['error']['code'])
        for verb in (['show', '--properties'], ['validate'], ['storage', 'tree']):
            for path in malformed():
                with self.subTest(name=name_of(path), verb=verb):
                    run(*verb, path, timeout=60)

    def mutate(self, data, randomness):
        """A few bytes, a cut, a copied block, or a swapped word: what fuzzers find most with."""
        data = bytearray(data)
        for _ in range(randomness.choice((1, 2, 8, 64))):
            at = randomness.randrange(len(data))
            kind = randomness.randrange(6)
            if kind == 0:
                data[at] ^= 1 << randomness.randrange(8)
            elif kind == 1:
                data[at] = randomness.choice((0, 1, 0x7F, 0x80, 0xFE, 0xFF))
            elif kind == 2:
                at = randomness.randrange(min(len(data), 4096)) & ~3
                data[at:at + 4] = struct.pack('<I', randomness.choice(
                    (0, 1, 0x7FFFFFFF, 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFA, len(data) // 512)))
            elif kind == 3:
                source = randomness.randrange(len(data))
                data[at:at + 64] = data[source:source + 64][:len(data) - at]
            elif kind == 4 and len(data) > 1024:
                del data[max(512, at):]
            else:
                at &= ~15
                data[at:at + 4] = randomness.randbytes(4)[:len(data) - at]
        return bytes(data)

    def test_mutations(self):
        randomness = random.Random(SEED)
        sources = [path for path in messages() if os.path.getsize(path) < 1024 * 1024]
        with tempfile.TemporaryDirectory() as folder:
            names = []
            for number in range(N_MUTATIONS):
                with open(randomness.choice(sources), 'rb') as file:
                    data = self.mutate(file.read(), randomness)
                names.append(os.path.join(folder, f'{number:04}.msg'))
                with open(names[-1], 'wb') as file:
                    file.write(data)
            for start in range(0, len(names), 50):
                group = names[start:start + 50]
                lines = run('dump', '--bodies', '--complete', '-j', '2', *group).stdout.splitlines()
                self.assertEqual([json.loads(line)['file'] for line in lines], group)
                run('show', '--properties', '-j', '2', *group)
                run('validate', *group)
                run('extract', '-r', '-C', os.path.join(folder, f'out{start}'), *group)
            for name in names[::5]:
                run('set', name, 'PR_SUBJECT=changed', '-o', name + '.set')


if __name__ == '__main__':
    tap.main()
