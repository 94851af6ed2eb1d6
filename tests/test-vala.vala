// test-vala.vala - the public API from Vala
// SPDX-License-Identifier: LGPL-2.1-or-later

IMsg.Message make (IMsg.Session session) throws Error {
  var message = session.create_message ("IPM.Note");

  message.set_subject ("Quarterly report");
  message.add_recipient (IMsg.RecipientType.TO, "Bo Berg", "bo@example.org");
  message.create_attachment ().set_bytes (new Bytes ("a;1\n".data));
  return message;
}

void test_round_trip () {
  try {
    var session = new IMsg.Session ();
    var bytes = make (session).write_to_bytes (null);
    var again = session.open_message_from_bytes (bytes, IMsg.OpenFlags.READ_ONLY, null);
    var recipient = again.get_recipients ().get_item (0) as IMsg.Recipient;
    var attachment = again.get_attachments ().get_item (0) as IMsg.Attachment;

    assert_cmpstr (again.subject, CompareOperator.EQ, "Quarterly report");
    assert_cmpstr (again.get_string (IMsg.PR_SUBJECT), CompareOperator.EQ, "Quarterly report");
    assert_cmpstr (recipient.get_address (), CompareOperator.EQ, "bo@example.org");
    assert (attachment.get_size () == 4);
    session.close ();
    assert (session.closed);
  } catch (Error error) {
    assert_no_error (error);
  }
}

void test_errors () {
  try {
    var session = new IMsg.Session ();
    var message = make (session);

    session.close ();
    message.get_value (IMsg.PR_SUBJECT);
    assert_not_reached ();
  } catch (IMsg.Error.CLOSED error) {
    assert (IMsg.error_get_scode (error) == 0x80040108u);
  } catch (Error error) {
    assert_no_error (error);
  }
}

int main (string[] args) {
  Test.init (ref args);
  Test.add_func ("/imsg/vala/round-trip", test_round_trip);
  Test.add_func ("/imsg/vala/errors", test_errors);
  return Test.run ();
}
