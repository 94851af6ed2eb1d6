// test-gi.js - the public API from JavaScript
// SPDX-License-Identifier: LGPL-2.1-or-later

imports.gi.versions.IMsg = '1';
const { GLib, Gio, IMsg } = imports.gi;

const folder = GLib.dir_make_tmp('imsg-js-XXXXXX');
let number = 0;
let failures = 0;

function fileOf (name) {
  return Gio.File.new_for_path (GLib.build_filenamev ([folder, name]));
}

function equal (actual, expected, what) {
  const a = JSON.stringify (actual);
  const b = JSON.stringify (expected);

  if (a !== b)
    throw new Error (`${what || 'value'}: ${a}, not ${b}`);
}

function fails (code, what) {
  try {
    what ();
  } catch (error) {
    if (error.matches && error.matches (IMsg.error_quark (), code))
      return;
    throw error;
  }
  throw new Error ('it did not fail');
}

function test (name, what) {
  number++;
  try {
    what ();
    print (`ok ${number} - ${name}`);
  } catch (error) {
    failures++;
    print (`# ${String (error).replace (/\n/g, ' ')}`);
    print (`# ${String (error.stack).replace (/\n/g, ' ')}`);
    print (`not ok ${number} - ${name}`);
  }
}

function make (session, subject) {
  const message = session.create_message ('IPM.Note');

  message.set_subject (subject);
  message.add_recipient (IMsg.RecipientType.TO, 'Bo Berg', 'bo@example.org');
  const attachment = message.create_attachment ();
  attachment.set_file_name ('figures.csv');
  attachment.set_bytes (new GLib.Bytes ([97, 59, 49, 10]));
  return message;
}

test ('constants', () => {
  equal (IMsg.PR_SUBJECT, 0x0037001F);
  equal (IMsg.property_tag_from_name ('PR_IMPORTANCE'), 0x00170003);
  equal (IMsg.property_tag_get_name (IMsg.PR_SUBJECT), 'PR_SUBJECT');
  equal (IMsg.AttachmentMethod.OLE, 6);
});

test ('private names are absent', () => {
  for (const name of ['Blob', 'NameMap', 'StoredValue', 'Guid', 'Limits', 'Validated'])
    equal (typeof IMsg[name], 'undefined', name);
});

test ('save and read back', () => {
  const session = IMsg.Session.new ();
  const message = make (session, 'Quarterly report');
  message.set_value (0x66010003, GLib.Variant.new_int32 (42));
  message.save_as (fileOf ('letter.msg'), IMsg.SaveFlags.KEEP_OPEN_READWRITE, null);
  session.close ();

  const other = IMsg.Session.new ();
  const again = other.open_message (fileOf ('letter.msg'), IMsg.OpenFlags.READ_ONLY, null);
  equal (again.subject, 'Quarterly report');
  equal (again.message_class, 'IPM.Note');
  equal (again.get_int (0x66010003), 42);
  equal (again.recipients.get_n_items (), 1);
  equal (again.recipients.get_item (0).get_address (), 'bo@example.org');
  equal (again.attachments.get_item (0).file_name, 'figures.csv');
  equal (again.attachments.get_item (0).size, 4);
  fails (IMsg.Error.NO_ACCESS, () => again.set_subject ('x'));
  fails (IMsg.Error.NOT_FOUND, () => again.get_value (0x66020003));
  other.close ();
});

test ('signals and closing', () => {
  const session = IMsg.Session.new ();
  const seen = [];
  session.connect ('message-opened', () => seen.push ('opened'));
  session.connect ('message-closed', () => seen.push ('closed'));
  session.connect ('closed', () => seen.push ('session'));
  const message = make (session, 'Signals');
  message.connect ('property-changed', (_, tag) => seen.push (tag));
  message.set_int (0x66010003, 1);
  session.close ();
  session.close ();
  equal (seen, ['opened', 0x66010003, 'closed', 'session']);
  fails (IMsg.Error.CLOSED, () => message.get_value (IMsg.PR_SUBJECT));
});

test ('named properties', () => {
  const session = IMsg.Session.new ();
  const message = make (session, 'Names');
  const id = message.resolve_name (IMsg.PS_PUBLIC_STRINGS, 'Project', true);
  const tag = IMsg.property_tag (IMsg.PropertyType.UNICODE, id);
  message.set_string (tag, 'Northern');
  equal (message.get_string (tag), 'Northern');
  equal (message.lookup_name (id).get_string (), 'Project');
  session.close ();
});

test ('asynchronous', () => {
  const session = IMsg.Session.new ();
  const loop = GLib.MainLoop.new (null, false);
  let message = null;

  session.open_message_async (fileOf ('letter.msg'), IMsg.OpenFlags.READ_ONLY, null,
    (source, result) => {
      message = source.open_message_finish (result);
      loop.quit ();
    });
  equal (message, null);
  loop.run ();
  equal (message.subject, 'Quarterly report');
  session.close ();
});

test ('what an export cannot carry', () => {
  const session = IMsg.Session.new ();
  const message = make (session, 'Known within');
  message.set_string (IMsg.PR_SENT_REPRESENTING_NAME, 'Within');
  const output = Gio.MemoryOutputStream.new_resizable ();
  const [isWritten, losses] =
    message.export_mime_full (output, IMsg.MimeExportFlags.ARCHIVE, null);
  equal (isWritten, true);
  equal (losses.map (loss => loss.get_where ()), ['From']);
  session.close ();
});

test ('the messages of a mailbox', () => {
  const session = IMsg.Session.new ();
  const entry = 'From a@example.org Mon Jan  1 00:00:00 2024\nSubject: one\n\ntext\n\n';
  const stream = Gio.MemoryInputStream.new_from_bytes (
    new GLib.Bytes (new TextEncoder ().encode (entry + entry)));
  const messages = session.import_mbox (stream, null);
  imports.system.gc ();
  equal (messages.map (message => message.get_subject ()), ['one', 'one']);
  session.close ();
});

test ('json', () => {
  const session = IMsg.Session.new ();
  const facts = JSON.parse (make (session, 'Facts').to_json (IMsg.JsonFlags.DEFAULT, null));
  equal (facts.message.subject, 'Facts');
  equal (facts.format.encoding, 'unicode');
  equal (facts.message.recipients[0].kind, 'to');
  session.close ();
});

fileOf ('letter.msg').delete (null);
Gio.File.new_for_path (folder).delete (null);
print (`1..${number}`);
imports.system.exit (failures > 0 ? 1 : 0);
