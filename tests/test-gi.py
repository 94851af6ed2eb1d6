#!/usr/bin/env python3
# test-gi.py - the public API from Python, as somebody would who knows only its reference
# SPDX-License-Identifier: LGPL-2.1-or-later

import gc
import json
import os
import tempfile
import unittest

import gi
gi.require_version('IMsg', '1')
from gi.repository import Gio, GLib, GObject, IMsg  # noqa: E402

import tap  # noqa: E402

UNICODE = IMsg.SessionFlags.UNICODE


def matches(error, code):
    return error.matches(IMsg.error_quark(), code)


class Case(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix='imsg-gi-')
        self.addCleanup(self.folder.cleanup)
        self.session = IMsg.Session.new()
        self.addCleanup(self.session.close)

    def file(self, name='letter.msg'):
        return Gio.File.new_for_path(os.path.join(self.folder.name, name))

    def fails(self, code, function, *arguments):
        with self.assertRaises(GLib.Error) as context:
            function(*arguments)
        self.assertTrue(matches(context.exception, code),
                        f'{context.exception.message}: not {code.value_nick}')

    def make(self, subject='Quarterly report'):
        message = self.session.create_message('IPM.Note')
        message.set_subject(subject)
        message.add_recipient(IMsg.RecipientType.TO, 'Bo Berg', 'bo@example.org')
        message.add_recipient(IMsg.RecipientType.CC, 'Cy', 'cy@example.org')
        message.set_body(IMsg.BodyFormat.TEXT, 'The figures.')
        attachment = message.create_attachment()
        attachment.set_file_name('figures.csv')
        attachment.set_bytes(GLib.Bytes.new(b'a;1\n'))
        return message

    def saved(self, name='letter.msg'):
        message = self.make()
        message.save_as(self.file(name), IMsg.SaveFlags.KEEP_OPEN_READWRITE, None)
        message.close()
        return self.file(name)


class Namespace(unittest.TestCase):
    def test_names(self):
        """Names that others count on."""
        names = {
            'Session': ['new', 'open', 'open_message', 'open_message_async', 'open_message_finish',
                        'open_message_from_bytes', 'open_message_on_storage', 'create_message',
                        'import_mime', 'close', 'import_json', 'has_unsaved_changes'],
            'PropertyObject': ['get_value', 'get_string', 'get_int', 'get_boolean', 'get_bytes',
                               'get_datetime', 'set_value', 'delete_value', 'list_tags',
                               'open_stream', 'replace_stream', 'get_attributes', 'set_attributes',
                               'resolve_name', 'lookup_name', 'copy_to', 'copy_properties',
                               'get_raw'],
            'Message': ['add_recipient', 'remove_recipient', 'create_attachment',
                        'delete_attachment', 'get_body', 'set_body', 'save', 'save_async',
                        'save_finish', 'save_as', 'save_as_async', 'save_as_finish', 'close',
                        'export_mime', 'list_problems', 'get_code_page_trace', 'to_json'],
            'Attachment': ['get_number', 'get_method', 'get_file_name', 'get_mime_type',
                           'get_content_id', 'get_size', 'is_inline', 'is_hidden', 'open_stream',
                           'open_message', 'open_storage', 'set_file', 'set_bytes',
                           'create_message'],
            'Storage': ['open_file', 'new_memory', 'commit', 'revert', 'validate_message'],
            'Table': ['set_columns', 'sort', 'restrict', 'find', 'seek', 'query_rows'],
        }
        for name, methods in names.items():
            for method in methods:
                with self.subTest(name=f'{name}.{method}'):
                    self.assertTrue(callable(getattr(getattr(IMsg, name), method)))

    def test_properties(self):
        properties = {
            IMsg.Session: ['closed', 'unicode', 'has-unsaved-changes', 'messages'],
            IMsg.PropertyObject: ['properties'],
            IMsg.Property: ['tag', 'name', 'type', 'value', 'display-value', 'attributes',
                            'origin'],
            IMsg.Message: ['recipients', 'attachments', 'problems', 'modified', 'closed', 'session',
                           'file', 'subject', 'message-class', 'sender-name'],
            IMsg.Attachment: ['number', 'method', 'file-name', 'mime-type', 'content-id', 'size',
                              'is-inline', 'is-hidden'],
        }
        for kind, names in properties.items():
            for name in names:
                with self.subTest(name=f'{kind.__gtype__.name}:{name}'):
                    self.assertIsNotNone(kind.find_property(name))

    def test_signals(self):
        signals = {
            IMsg.Session: ['message-opened', 'message-closed', 'closed'],
            IMsg.PropertyObject: ['property-changed'],
            IMsg.Message: ['closed', 'saved'],
        }
        for kind, names in signals.items():
            for name in names:
                with self.subTest(name=f'{kind.__gtype__.name}::{name}'):
                    self.assertNotEqual(GObject.signal_lookup(name, kind), 0)

    def test_constants(self):
        self.assertEqual(IMsg.PR_SUBJECT, 0x0037001F)
        self.assertEqual(IMsg.PR_MESSAGE_FLAGS, 0x0E070003)
        self.assertEqual(IMsg.property_tag_from_name('PR_SUBJECT'), IMsg.PR_SUBJECT)
        self.assertEqual(IMsg.property_tag_get_name(IMsg.PR_SUBJECT), 'PR_SUBJECT')
        self.assertEqual(int(IMsg.AttachmentMethod.EMBEDDED_MESSAGE), 5)
        self.assertEqual(int(IMsg.AttachmentMethod.OLE), 6)
        self.assertEqual(int(IMsg.RecipientType.BCC), 3)
        self.assertEqual(int(UNICODE) & 0xFFFFFFFF, 0x80000000)
        for name in ('BodyFormat', 'SaveFlags', 'CopyFlags', 'PropertyAttributes', 'PropertyType',
                     'OpenFlags', 'Error'):
            self.assertTrue(hasattr(IMsg, name), name)

    def test_private_names_are_absent(self):
        for name in dir(IMsg):
            self.assertNotIn('private', name.lower())
        for name in ('Blob', 'NameMap', 'Limits', 'StoredValue', 'PropertyEntry', 'Guid',
                     'CompoundFile', 'Engine', 'Validated', 'Source'):
            with self.subTest(name=name):
                self.assertFalse(hasattr(IMsg, name))
        self.assertEqual([name for name in dir(IMsg) if name.startswith('_imsg')], [])

    def test_errors_have_mapi_values(self):
        error = GLib.Error.new_literal(IMsg.error_quark(), 'x', IMsg.Error.NOT_FOUND)
        self.assertEqual(IMsg.error_get_scode(error), 0x8004010F)


class Sessions(Case):
    def test_flags(self):
        self.assertTrue(self.session.props.unicode)
        self.assertFalse(IMsg.Session.open(IMsg.SessionFlags(0)).props.unicode)
        self.assertTrue(IMsg.Session.open(UNICODE).props.unicode)
        self.fails(IMsg.Error.INVALID_FLAGS, IMsg.Session.open, IMsg.SessionFlags(4))

    def test_messages_and_signals(self):
        seen = []
        self.session.connect('message-opened', lambda _, message: seen.append(('opened', message)))
        self.session.connect('message-closed', lambda _, message: seen.append(('closed', message)))
        self.session.connect('closed', lambda _: seen.append('session'))
        first = self.session.create_message('IPM.Note')
        second = self.session.create_message('IPM.Task')
        self.assertEqual(list(self.session.props.messages), [first, second])
        self.assertIs(first.props.session, self.session)
        self.session.close()
        self.session.close()
        self.assertEqual(seen, [('opened', first), ('opened', second), ('closed', second),
                                ('closed', first), 'session'])
        self.assertTrue(self.session.props.closed)
        self.assertEqual(len(self.session.props.messages), 0)
        self.assertTrue(first.props.closed)

    def test_use_after_close(self):
        message = self.session.open_message(self.saved(), IMsg.OpenFlags.MODIFY, None)
        attachment = message.get_attachments()[0]
        recipient = message.get_recipients()[0]
        stream = attachment.open_stream(None)
        self.session.close()
        closed = IMsg.Error.CLOSED
        self.fails(closed, message.get_value, IMsg.PR_SUBJECT)
        self.fails(closed, message.set_subject, 'x')
        self.fails(closed, message.create_attachment)
        self.fails(closed, message.save, IMsg.SaveFlags.KEEP_OPEN_READWRITE, None)
        self.fails(closed, message.get_body, IMsg.BodyFormat.TEXT, None)
        self.fails(closed, message.to_json, IMsg.JsonFlags.DEFAULT, None)
        self.fails(closed, attachment.open_stream, None)
        self.fails(closed, recipient.get_value, IMsg.PR_DISPLAY_NAME)
        self.fails(closed, self.session.create_message, 'IPM.Note')
        self.fails(closed, self.session.open_message, self.file(), IMsg.OpenFlags.READ_ONLY, None)
        with self.assertRaises(GLib.Error) as context:
            stream.read_bytes(1, None)
        self.assertTrue(context.exception.matches(Gio.io_error_quark(), Gio.IOErrorEnum.CLOSED))

    def test_unsaved_changes(self):
        file = self.saved()
        message = self.session.open_message(file, IMsg.OpenFlags.MODIFY, None)
        self.assertFalse(self.session.props.has_unsaved_changes)
        message.set_subject('Other')
        self.assertTrue(self.session.props.has_unsaved_changes)
        self.assertTrue(message.props.modified)
        message.save(IMsg.SaveFlags.KEEP_OPEN_READWRITE, None)
        self.assertFalse(self.session.props.has_unsaved_changes)
        self.assertFalse(message.props.modified)

    def test_asynchronous(self):
        file = self.saved()
        loop = GLib.MainLoop()
        results = []

        def opened(session, result):
            results.append(session.open_message_finish(result))
            loop.quit()

        self.session.open_message_async(file, IMsg.OpenFlags.MODIFY, None, opened)
        self.assertEqual(results, [])
        loop.run()
        message = results[0]
        self.assertEqual(message.get_subject(), 'Quarterly report')
        message.set_subject('Later')

        def saved(source, result):
            results.append(source.save_finish(result))
            loop.quit()

        message.save_async(IMsg.SaveFlags.KEEP_OPEN_READWRITE, None, saved)
        loop.run()
        self.assertIs(results[1], True)
        again = self.session.open_message(file, IMsg.OpenFlags.READ_ONLY, None)
        self.assertEqual(again.get_subject(), 'Later')

    def test_from_bytes_and_storage(self):
        data = self.make().write_to_bytes(None)
        message = self.session.open_message_from_bytes(data, IMsg.OpenFlags.READ_ONLY, None)
        self.assertEqual(message.get_subject(), 'Quarterly report')
        storage = IMsg.Storage.open_bytes(data, IMsg.StorageFlags.READ, None)
        on_storage = self.session.open_message_on_storage(storage, IMsg.OpenFlags.READ_ONLY, None)
        self.assertEqual(on_storage.get_subject(), 'Quarterly report')

    def test_bad_files(self):
        self.file('text.msg').replace_contents(b'no message', None, False,
                                               Gio.FileCreateFlags.NONE, None)
        with self.assertRaises(GLib.Error):
            self.session.open_message(self.file('text.msg'), IMsg.OpenFlags.READ_ONLY, None)
        with self.assertRaises(GLib.Error):
            self.session.open_message(self.file('absent.msg'), IMsg.OpenFlags.READ_ONLY, None)


class Properties(Case):
    def test_values(self):
        message = self.make()
        values = {
            0x66010002: ('n', -5), 0x66020003: ('i', 7), 0x66040005: ('d', 1.5),
            0x66050006: ('x', 12345), 0x6607000B: ('b', True), 0x66080014: ('x', -1),
            0x6609001F: ('s', 'tëxt'), 0x660A0040: ('t', 132274512001234567),
            0x660B0048: ('s', '00062008-0000-0000-c000-000000000046'),
            0x660C0102: ('ay', b'\0\xff'), 0x660D1003: ('ai', [1, 2]),
            0x660E101F: ('as', ['one', 'two']), 0x660F1102: ('aay', [b'a', b'']),
            0x66100004: ('d', 0.5), 0x66110007: ('d', 2.25), 0x6612000A: ('u', 0x8004010F),
        }
        for tag, (kind, value) in values.items():
            message.set_value(tag, GLib.Variant(kind, value))
        message.save_as(self.file(), IMsg.SaveFlags.KEEP_OPEN_READWRITE, None)
        again = self.session.open_message(self.file(), IMsg.OpenFlags.READ_ONLY, None)
        for tag, (kind, value) in values.items():
            with self.subTest(tag=hex(tag)):
                variant = again.get_value(tag)
                self.assertEqual(variant.get_type_string(), kind)
                self.assertEqual(variant, GLib.Variant(kind, value))
                self.assertIn(tag, again.list_tags())

    def test_absent(self):
        message = self.make()
        self.fails(IMsg.Error.NOT_FOUND, message.get_value, 0x66010003)
        self.assertIsNone(message.get_string(0x6601001F))
        self.assertEqual(message.get_int(0x66010003), 0)
        self.assertIs(message.get_boolean(0x6601000B), False)
        self.assertIsNone(message.get_bytes(0x66010102))
        self.assertIsNone(message.get_datetime(0x66010040))

    def test_unspecified_type_and_either_text(self):
        message = self.make()
        self.assertEqual(message.get_value(0x00370000).unpack(), 'Quarterly report')
        self.assertEqual(message.get_value(0x0037001E).unpack(), 'Quarterly report')
        self.assertEqual(message.get_raw(IMsg.PR_SUBJECT).get_data(),
                         'Quarterly report'.encode('utf-16-le'))

    def test_plain_values(self):
        message = self.make()
        message.set_int(IMsg.PR_IMPORTANCE, 2)
        message.set_boolean(0x6601000B, True)
        message.set_string(0x6602001F, 'text')
        message.set_bytes(0x66030102, GLib.Bytes.new(b'\1\2'))
        time = GLib.DateTime.new_utc(2020, 2, 29, 12, 0, 0)
        message.set_datetime(0x66040040, time)
        self.assertEqual(message.get_int(IMsg.PR_IMPORTANCE), 2)
        self.assertIs(message.get_boolean(0x6601000B), True)
        self.assertEqual(message.get_string(0x6602001F), 'text')
        self.assertEqual(message.get_bytes(0x66030102).get_data(), b'\1\2')
        self.assertEqual(message.get_datetime(0x66040040).to_unix(), time.to_unix())

    def test_delete(self):
        message = self.make()
        message.set_int(IMsg.PR_IMPORTANCE, 2)
        message.delete_value(IMsg.PR_IMPORTANCE)
        self.fails(IMsg.Error.NOT_FOUND, message.get_value, IMsg.PR_IMPORTANCE)

    def test_wrong_values(self):
        message = self.make()
        with self.assertRaises(GLib.Error):
            message.set_value(IMsg.PR_SUBJECT, GLib.Variant('i', 1))
        self.fails(IMsg.Error.COMPUTED, message.set_value, IMsg.PR_HASATTACH,
                   GLib.Variant('b', False))

    def test_streams(self):
        message = self.make()
        output = message.replace_stream(0x66010102, None)
        output.write_all(b'x' * 100000, None)
        output.close(None)
        data = message.open_stream(0x66010102, None).read_bytes(200000, None)
        self.assertEqual(data.get_size(), 100000)
        self.fails(IMsg.Error.NOT_FOUND, message.open_stream, 0x66020102, None)

    def test_attributes(self):
        message = self.make()
        flags = IMsg.PropertyAttributes
        self.assertEqual(message.get_attributes(IMsg.PR_SUBJECT),
                         flags.READABLE | flags.WRITEABLE)
        message.set_attributes(IMsg.PR_SUBJECT, flags.READABLE)
        self.fails(IMsg.Error.NO_ACCESS, message.set_value, IMsg.PR_SUBJECT,
                   GLib.Variant('s', 'x'))
        message.save_as(self.file(), IMsg.SaveFlags.KEEP_OPEN_READWRITE, None)
        again = self.session.open_message(self.file(), IMsg.OpenFlags.MODIFY, None)
        self.assertEqual(again.get_attributes(IMsg.PR_SUBJECT), flags.READABLE)

    def test_names(self):
        message = self.make()
        self.fails(IMsg.Error.NOT_FOUND, message.resolve_name, IMsg.PS_PUBLIC_STRINGS, 'Project',
                   False)
        ident = message.resolve_name(IMsg.PS_PUBLIC_STRINGS, 'Project', True)
        number = message.resolve_name('00062008-0000-0000-c000-000000000046', '0x8503', True)
        self.assertGreaterEqual(ident, 0x8000)
        self.assertNotEqual(ident, number)
        message.set_string(IMsg.property_tag(IMsg.PropertyType.UNICODE, ident), 'Northern')
        message.save_as(self.file(), IMsg.SaveFlags.KEEP_OPEN_READWRITE, None)
        again = self.session.open_message(self.file(), IMsg.OpenFlags.READ_ONLY, None)
        ident = again.resolve_name(IMsg.PS_PUBLIC_STRINGS, 'Project', False)
        self.assertEqual(again.get_string(IMsg.property_tag(IMsg.PropertyType.UNICODE, ident)),
                         'Northern')
        name = again.lookup_name(ident)
        self.assertEqual((name.get_set(), name.get_string()),
                         (IMsg.PS_PUBLIC_STRINGS, 'Project'))

    def test_property_bag(self):
        """Values of no message, made in either way a binding has."""
        for bag in (IMsg.PropertyBag.new(None), IMsg.PropertyBag()):
            self.assertTrue(bag.set_string(IMsg.PR_SUBJECT, 'draft'))
            self.assertEqual(bag.get_string(IMsg.PR_SUBJECT), 'draft')
            self.assertGreaterEqual(
                bag.resolve_name(IMsg.PS_PUBLIC_STRINGS, 'Keywords', True), 0x8000)
            other = IMsg.PropertyBag.new(bag)
            self.assertEqual(list(other.list_named_ids()), list(bag.list_named_ids()))
        self.assertTrue(IMsg.Restriction.new_comment(None))
        for lone in (IMsg.Recipient(), IMsg.Attachment()):
            self.fails(IMsg.Error.CLOSED, lone.resolve_name, IMsg.PS_PUBLIC_STRINGS, 'K', True)
            self.assertEqual(list(lone.list_named_ids()), [])

    def test_list_follows(self):
        message = self.make()
        changed = []
        message.connect('property-changed', lambda _, tag: changed.append(tag))
        message.connect('property-changed::66010003', lambda *_: changed.append('detail'))
        rows = message.props.properties
        before = len(rows)
        message.set_int(0x66010003, 5)
        self.assertIn(0x66010003, changed)
        self.assertIn('detail', changed)
        self.assertEqual(len(rows), before + 1)
        row, = [row for row in rows if row.props.tag == 0x66010003]
        self.assertEqual(row.props.value.unpack(), 5)
        self.assertEqual(row.props.display_value, '5')
        self.assertEqual(row.props.origin, IMsg.PropertyOrigin.EDITED)
        message.delete_value(0x66010003)
        self.assertEqual(len(rows), before)

    def test_copy(self):
        source = self.make()
        destination = self.session.create_message('IPM.Note')
        source.set_int(0x66010003, 5)
        done, problems = source.copy_to(destination, [IMsg.PR_SUBJECT], IMsg.CopyFlags.NONE, None)
        self.assertTrue(done)
        # What the destination computes itself is told, and is no failure
        self.assertEqual({problem.get_code() for problem in problems or []} -
                         {IMsg.Error.COMPUTED}, set())
        self.assertEqual(destination.get_int(0x66010003), 5)
        self.assertIsNone(destination.get_string(IMsg.PR_SUBJECT))
        self.assertEqual(len(destination.get_recipients()), 2)
        source.copy_properties(destination, [IMsg.PR_SUBJECT], IMsg.CopyFlags.NONE, None)
        self.assertEqual(destination.get_string(IMsg.PR_SUBJECT), 'Quarterly report')


class Messages(Case):
    def test_facts(self):
        message = self.session.open_message(self.saved(), IMsg.OpenFlags.READ_ONLY, None)
        self.assertEqual(message.props.subject, 'Quarterly report')
        self.assertEqual(message.props.message_class, 'IPM.Note')
        self.assertEqual(message.props.file.get_path(), self.file().get_path())
        self.assertEqual([(r.get_recipient_type(), r.get_name(), r.get_address())
                          for r in message.props.recipients],
                         [(IMsg.RecipientType.TO, 'Bo Berg', 'bo@example.org'),
                          (IMsg.RecipientType.CC, 'Cy', 'cy@example.org')])
        self.assertEqual(message.get_body(IMsg.BodyFormat.TEXT, None), 'The figures.')
        self.assertEqual(list(message.list_problems()), [])
        self.fails(IMsg.Error.NO_ACCESS, message.set_subject, 'x')

    def test_rtf_stream(self):
        rtf = GLib.Bytes.new(b'{\\rtf1\\ansi one\\par two}' * 5000)
        base = Gio.MemoryInputStream.new_from_bytes(IMsg.rtf_compress(rtf))
        decompressor = IMsg.RtfDecompressor.new()
        stream = Gio.ConverterInputStream.new(base, decompressor)
        output = Gio.MemoryOutputStream.new_resizable()
        output.splice(stream, Gio.OutputStreamSpliceFlags.CLOSE_TARGET, None)
        self.assertEqual(output.steal_as_bytes().get_data(), rtf.get_data())
        self.assertEqual(decompressor.list_problems(), [])

    def test_export_body(self):
        output = Gio.MemoryOutputStream.new_resizable()
        good, problems = self.make().export_body(IMsg.BodyFormat.TEXT, output, None)
        output.close()
        self.assertTrue(good)
        self.assertEqual(problems, [])
        self.assertEqual(output.steal_as_bytes().get_data(), b'The figures.')

    def test_notify(self):
        message = self.make()
        seen = []
        message.connect('notify::subject', lambda *_: seen.append(message.props.subject))
        message.set_value(IMsg.PR_SUBJECT, GLib.Variant('s', 'Changed'))
        self.assertEqual(seen, ['Changed'])

    def test_recipients(self):
        message = self.make()
        first = message.get_recipients()[0]
        message.remove_recipient(first.get_row_id())
        self.assertEqual([r.get_name() for r in message.get_recipients()], ['Cy'])
        self.assertEqual(message.get_string(IMsg.PR_DISPLAY_CC).strip('\0'), 'Cy')

    def test_attachments(self):
        message = self.session.open_message(self.saved(), IMsg.OpenFlags.MODIFY, None)
        attachment = message.get_attachments()[0]
        self.assertEqual(attachment.props.file_name, 'figures.csv')
        self.assertEqual(attachment.props.method, IMsg.AttachmentMethod.BY_VALUE)
        self.assertEqual(attachment.open_stream(None).read_bytes(10, None).get_data(), b'a;1\n')
        message.delete_attachment(attachment.get_number())
        self.assertEqual(len(message.get_attachments()), 0)

    def test_embedded(self):
        message = self.make()
        attachment = message.create_attachment()
        inner = attachment.create_message()
        inner.set_subject('Inside')
        inner.save(IMsg.SaveFlags.KEEP_OPEN_READWRITE, None)
        message.save_as(self.file(), IMsg.SaveFlags.KEEP_OPEN_READWRITE, None)
        again = self.session.open_message(self.file(), IMsg.OpenFlags.READ_ONLY, None)
        attachment = again.get_attachments()[1]
        self.assertEqual(attachment.get_method(), IMsg.AttachmentMethod.EMBEDDED_MESSAGE)
        inner = attachment.open_message(None)
        self.assertEqual(inner.get_subject(), 'Inside')
        self.assertIs(attachment.open_message(None), inner)

    def test_saved_and_closed(self):
        message = self.session.open_message(self.saved(), IMsg.OpenFlags.MODIFY, None)
        seen = []
        message.connect('saved', lambda _: seen.append('saved'))
        message.connect('closed', lambda _: seen.append('closed'))
        message.set_subject('Other')
        message.save(IMsg.SaveFlags.KEEP_OPEN_READWRITE, None)
        message.close()
        message.close()
        self.assertEqual(seen, ['saved', 'closed'])

    def test_object_changed(self):
        message = self.session.open_message(self.saved(), IMsg.OpenFlags.MODIFY, None)
        message.set_subject('Mine')
        other = self.make('Theirs')
        other.write_to_file(self.file(), None)
        self.fails(IMsg.Error.OBJECT_CHANGED, message.save, IMsg.SaveFlags.KEEP_OPEN_READWRITE,
                   None)
        message.save(IMsg.SaveFlags.KEEP_OPEN_READWRITE | IMsg.SaveFlags.FORCE_SAVE, None)

    def test_no_session(self):
        message = IMsg.Message.open_file(self.saved(), IMsg.OpenFlags.READ_ONLY, None)
        self.assertIsNone(message.props.session)
        self.assertEqual(message.get_subject(), 'Quarterly report')

    def test_json(self):
        text = self.make().to_json(IMsg.JsonFlags.COMPLETE | IMsg.JsonFlags.BODIES, None)
        stream = Gio.MemoryInputStream.new_from_bytes(GLib.Bytes.new(text.encode()))
        again = self.session.import_json(stream, None)
        self.assertEqual(again.get_subject(), 'Quarterly report')
        self.assertEqual(len(again.get_recipients()), 2)
        self.assertEqual(again.get_attachments()[0].get_size(), 4)

    def comes_back(self, message):
        text = message.to_json(IMsg.JsonFlags.COMPLETE, None)
        json.loads(text, parse_constant=self.fail)
        stream = Gio.MemoryInputStream.new_from_bytes(GLib.Bytes.new(text.encode()))
        return self.session.import_json(stream, None)

    def test_json_recipients(self):
        """Whom only Exchange can reach has no Internet address afterwards; nobody is made up."""
        message = self.session.create_message('IPM.Note')
        message.set_string(IMsg.PR_SENDER_NAME, 'Ann')
        inner = message.create_recipient()
        for tag, text in ((IMsg.PR_DISPLAY_NAME, 'Within'), (IMsg.PR_ADDRTYPE, 'EX'),
                          (IMsg.PR_EMAIL_ADDRESS, '/o=First/cn=within')):
            inner.set_string(tag, text)
        inner.set_int(IMsg.PR_RECIPIENT_TYPE, 2)
        again = self.comes_back(message)
        self.assertEqual(again.get_recipients()[0].list_tags(), inner.list_tags())
        self.assertIsNone(again.get_recipients()[0].resolve_address().get_smtp())
        self.assertFalse(again.has_value(IMsg.PR_SENT_REPRESENTING_NAME))
        text = """{"recipients": [{"kind": "cc", "name": "Within", "type": "EX",
                                   "address": "/o=First/cn=within"}]}"""
        stream = Gio.MemoryInputStream.new_from_bytes(GLib.Bytes.new(text.encode()))
        recipient = self.session.import_json(stream, None).get_recipients()[0]
        self.assertEqual(recipient.get_string(IMsg.PR_EMAIL_ADDRESS), '/o=First/cn=within')
        self.assertIsNone(recipient.resolve_address().get_smtp())

    def test_json_doubles(self):
        """Every number is JSON, and the same number afterwards."""
        message = self.session.create_message('IPM.Note')
        numbers = (1e22, -1e-7, 1.5e300, 0.5, 3.0)
        for i, number in enumerate(numbers):
            message.set_value(0x66660005 + (i << 16), GLib.Variant('d', number))
        again = self.comes_back(message)
        for i, number in enumerate(numbers):
            self.assertEqual(again.get_value(0x66660005 + (i << 16)).unpack(), number)

    def test_json_class(self):
        """A class is kept whatever it is, and so is that of a message inside."""
        text = """{"class": "no class.", "subject": "Outer", "attachments": [
                     {"message": {"class": "IPM.Appointment", "subject": "Inner"}}]}"""
        stream = Gio.MemoryInputStream.new_from_bytes(GLib.Bytes.new(text.encode()))
        message = self.session.import_json(stream, None)
        self.assertEqual(message.get_message_class(), 'no class.')
        inner = message.get_attachments()[0].open_message(None)
        self.assertEqual(inner.get_message_class(), 'IPM.Appointment')


class Conversions(Case):
    """What is told and what is made outlives the list it came in."""

    def item(self, message_class):
        """An item with people whom only Exchange can reach, and a file that is elsewhere."""
        message = self.session.create_message(message_class)
        message.set_subject('Known within')
        message.add_recipient(IMsg.RecipientType.TO, 'Within', 'EX:/o=First/cn=within')
        message.create_attachment().set_reference(IMsg.AttachmentMethod.BY_REFERENCE, '/a.csv')
        for lid, text in (('0x8082', 'EX'), ('0x8083', '/o=First/cn=within')):
            number = message.resolve_name('00062004-0000-0000-c000-000000000046', lid, True)
            message.set_string(IMsg.property_tag(IMsg.PropertyType.UNICODE, number), text)
        return message

    def outlives(self, elements, getter):
        gc.collect()
        self.assertGreater(len(elements), 0)
        for element in elements:
            self.assertTrue(getter(element))

    def test_losses(self):
        flags = IMsg.MimeExportFlags.ARCHIVE
        exports = [('IPM.Note', lambda message, to: message.export_mime_full(to, flags, None)),
                   ('IPM.Note', lambda message, to: message.export_mbox(to, None)),
                   ('IPM.Appointment', lambda message, to: message.export_icalendar(to, None)),
                   ('IPM.Contact', lambda message, to: message.export_vcard(to, None))]
        for message_class, export in exports:
            with self.subTest(message_class=message_class):
                to = Gio.MemoryOutputStream.new_resizable()
                is_written, losses = export(self.item(message_class), to)
                self.assertTrue(is_written)
                self.outlives(losses, IMsg.Problem.get_text)

    def test_losses_asynchronously(self):
        loop = GLib.MainLoop()
        results = []

        def exported(message, result):
            results.extend(message.export_mime_finish(result))
            loop.quit()

        self.item('IPM.Note').export_mime_async(Gio.MemoryOutputStream.new_resizable(),
                                                IMsg.MimeExportFlags.SEND, None, exported)
        loop.run()
        self.assertIs(results[0], True)
        self.outlives(results.pop(), IMsg.Problem.get_text)

    def test_messages(self):
        entry = 'From a@example.org Mon Jan  1 00:00:00 2024\nSubject: {}\n\ntext\n\n'
        card = 'BEGIN:VCARD\r\nVERSION:3.0\r\nFN:{}\r\nEND:VCARD\r\n'
        event = ('BEGIN:VEVENT\r\nUID:{}\r\nDTSTART:20240101T100000Z\r\nSUMMARY:Meeting\r\n'
                 'END:VEVENT\r\n')
        imports = [
            (self.session.import_mbox, entry.format('one') + entry.format('two')),
            (self.session.import_vcard, card.format('Ann') + card.format('Bo')),
            (self.session.import_icalendar, 'BEGIN:VCALENDAR\r\nVERSION:2.0\r\n' +
             event.format('one') + event.format('two') + 'END:VCALENDAR\r\n')]
        for function, text in imports:
            with self.subTest(function=function.__name__):
                stream = Gio.MemoryInputStream.new_from_bytes(GLib.Bytes.new(text.encode()))
                messages = function(stream, None)
                self.assertEqual(len(messages), 2)
                self.outlives(messages, IMsg.Message.get_subject)


class Storages(Case):
    def test_transaction(self):
        file = self.file('any.bin')
        storage = IMsg.Storage.create_file(file, IMsg.StorageFlags.READ_WRITE)
        storage.write_stream('data', GLib.Bytes.new(b'one'))
        inner = storage.create_storage('inner', IMsg.StorageFlags.READ_WRITE)
        inner.write_stream('deep', GLib.Bytes.new(b'two'))
        storage.commit(IMsg.CommitFlags.DEFAULT, None)
        storage.write_stream('data', GLib.Bytes.new(b'three'))
        storage.revert()
        storage.close()
        again = IMsg.Storage.open_file(file, IMsg.StorageFlags.READ, None)
        self.assertEqual(again.read_stream('data', None).get_data(), b'one')
        self.assertEqual(sorted(entry.get_name() for entry in again.get_entries()),
                         ['data', 'inner'])

    def test_validate(self):
        storage = IMsg.Storage.open_file(self.saved(), IMsg.StorageFlags.READ, None)
        flags = IMsg.ValidateFlags
        problems = storage.validate_message(flags.FORMAT | flags.OUTLOOK, None)
        self.assertEqual([problem.get_text() for problem in problems], [])
        self.fails(IMsg.Error.INVALID_FLAGS, storage.validate_message, flags(0), None)


class Tables(Case):
    def test_table(self):
        message = self.make()
        table = message.get_recipient_table()
        table.sort([IMsg.PR_DISPLAY_NAME], [True])
        rows = table.query_rows(10, IMsg.TableQueryFlags.ADVANCE)
        self.assertEqual([row.get_name() for row in rows], ['Cy', 'Bo Berg'])
        table.restrict(IMsg.Restriction.new_content(
            IMsg.PR_DISPLAY_NAME, IMsg.FuzzyLevel.PREFIX, IMsg.PR_DISPLAY_NAME,
            GLib.Variant('s', 'Bo')))
        self.assertEqual(table.get_n_rows(), 1)


if __name__ == '__main__':
    tap.main()
