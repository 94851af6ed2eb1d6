/* test-recipient.c - recipients: added, changed, moved, removed, and kept as they are
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-util.h"

static IMsgRecipient *
get (IMsgMessage *message,
     guint        position)
{
  IMsgRecipient *recipient = g_list_model_get_item (imsg_message_get_recipients (message),
                                                    position);

  g_assert_nonnull (recipient);
  g_object_unref (recipient);
  return recipient;
}

/* Names in order, and that each row says its own index. */
static void
assert_names (IMsgMessage *message,
              const char  *names)
{
  g_autoptr(GString) found = g_string_new (NULL);
  GListModel *recipients = imsg_message_get_recipients (message);

  for (guint i = 0; i < g_list_model_get_n_items (recipients); i++)
    {
      g_string_append_printf (found, "%s%s", i > 0 ? " " : "",
                              imsg_recipient_get_name (get (message, i)));
      g_assert_cmpint (imsg_property_object_get_int (IMSG_PROPERTY_OBJECT (get (message, i)),
                                                     IMSG_PR_ROWID), ==, i);
    }
  g_assert_cmpstr (found->str, ==, names);
}

/* The entry id and search key of [MS-OXCDATA] 2.2.5.1, byte by byte. */
static void
test_one_off (void)
{
  static const guint8 expected[] = {
    0x00, 0x00, 0x00, 0x00, 0x81, 0x2B, 0x1F, 0xA4, 0xBE, 0xA3, 0x10, 0x19, 0x9D, 0x6E, 0x00, 0xDD,
    0x01, 0x0F, 0x54, 0x02, 0x00, 0x00, 0x01, 0x80, 0x41, 0x00, 0x20, 0x00, 0x42, 0x00, 0x00, 0x00,
    0x53, 0x00, 0x4D, 0x00, 0x54, 0x00, 0x50, 0x00, 0x00, 0x00, 0x61, 0x00, 0x40, 0x00, 0x62, 0x00,
    0x2E, 0x00, 0x65, 0x00, 0x78, 0x00, 0x61, 0x00, 0x6D, 0x00, 0x70, 0x00, 0x6C, 0x00, 0x65, 0x00,
    0x00, 0x00,
  };
  static const guint8 wide[] = {
    0xC9, 0x00, 0x3D, 0xD8, 0x00, 0xDE, 0x00, 0x00, 0x53, 0x00, 0x4D, 0x00, 0x54, 0x00, 0x50, 0x00,
    0x00, 0x00, 0x61, 0x00, 0x40, 0x00, 0x62, 0x00, 0x00, 0x00,
  };
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgMessage) message = imsg_session_create_message (session, "IPM.Note", &error);
  g_autoptr(IMsgRecipient) recipient =
    imsg_message_add_recipient (message, IMSG_RECIPIENT_TYPE_BCC, "A B", "a@b.example", &error);
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (recipient);
  g_autoptr(GBytes) entry_id = imsg_property_object_get_bytes (object, IMSG_PR_ENTRYID);
  g_autoptr(GBytes) key = imsg_property_object_get_bytes (object, IMSG_PR_SEARCH_KEY);

  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (entry_id, NULL), g_bytes_get_size (entry_id), expected,
                   sizeof expected);
  g_assert_cmpmem (g_bytes_get_data (key, NULL), g_bytes_get_size (key), "SMTP:A@B.EXAMPLE", 17);
  g_assert_cmpint (imsg_property_object_get_int (object, IMSG_PR_OBJECT_TYPE), ==, 6);
  g_assert_cmpint (imsg_property_object_get_int (object, IMSG_PR_DISPLAY_TYPE), ==, 0);
  g_assert_cmpint (imsg_recipient_get_recipient_type (recipient), ==, IMSG_RECIPIENT_TYPE_BCC);
  g_assert_cmpstr (imsg_recipient_get_address_type (recipient), ==, "SMTP");
  g_assert_cmpstr (imsg_recipient_get_address (recipient), ==, "a@b.example");
  g_assert_true (imsg_recipient_get_message (recipient) == message);

  /* Characters of two bytes and of four take as many in UTF-16 */
  g_assert_true (imsg_recipient_set_address (recipient, "\u00C9\U0001F600", "a@b", &error));
  g_clear_pointer (&entry_id, g_bytes_unref);
  entry_id = imsg_property_object_get_bytes (object, IMSG_PR_ENTRYID);
  g_assert_cmpmem ((const guint8 *) g_bytes_get_data (entry_id, NULL) + 24,
                   g_bytes_get_size (entry_id) - 24, wide, sizeof wide);

  g_assert_true (imsg_recipient_set_address (recipient, NULL, "FAX:12 34", &error));
  g_assert_cmpstr (imsg_recipient_get_address_type (recipient), ==, "FAX");
  g_assert_cmpstr (imsg_recipient_get_address (recipient), ==, "12 34");
  g_assert_cmpstr (imsg_recipient_get_name (recipient), ==, "FAX:12 34");
  g_assert_null (imsg_message_add_recipient (message, IMSG_RECIPIENT_TYPE_TO, NULL, NULL, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_INVALID_PARAMETER);
}

static void
test_add (void)
{
  g_autoptr(GBytes) before = test_new_message_bytes (TRUE);
  g_autoptr(IMsgMessage) message = test_open_message (before);
  g_autoptr(IMsgRecipient) added = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) after = NULL;
  g_autoptr(GPtrArray) diff = NULL;

  added = imsg_message_add_recipient (message, IMSG_RECIPIENT_TYPE_TO, "Cyd", "cyd@example.com",
                                      &error);
  g_assert_no_error (error);
  g_assert_cmpuint (imsg_recipient_get_row_id (added), ==, 2);
  g_assert_true (imsg_property_object_is_modified (IMSG_PROPERTY_OBJECT (message)));
  /* The lists show the last saved state */
  test_assert_string (message, IMSG_PR_DISPLAY_TO, "Ann");
  after = test_save_message (message);
  test_assert_string (message, IMSG_PR_DISPLAY_TO, "Ann; Cyd");
  diff = test_diff_bytes (before, after);
  for (guint i = 0; i < diff->len; i++)
    {
      const char *path = (const char *) diff->pdata[i] + 2;

      if (!g_str_has_prefix (path, "/__recip_version1.0_#00000002/"))
        g_assert_true (g_str_equal (path, "/__properties_version1.0") ||
                       g_str_equal (path, "/__substg1.0_0E04001F"));
    }
  g_clear_object (&message);
  message = test_open_message (after);
  assert_names (message, "Ann Bob Cyd");
  g_assert_cmpuint (test_count_problems (message), ==, 0);
}

/* Whatever bytes an 8-bit name has, the lists that show it can be written. */
static void
test_undecodable_name (void)
{
  g_autoptr(GBytes) whole = test_new_message_bytes (FALSE);
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgStorage) storage =
    imsg_storage_open_bytes (whole, IMSG_STORAGE_READ_WRITE, NULL, &error);
  g_autoptr(IMsgStorage) row =
    imsg_storage_open_storage (storage, "__recip_version1.0_#00000000", IMSG_STORAGE_READ_WRITE,
                               &error);
  g_autoptr(GBytes) name = g_bytes_new_static ("An\x81", 3);
  g_autoptr(IMsgMessage) message = NULL;
  g_autoptr(IMsgRecipient) added = NULL;
  g_autoptr(GBytes) damaged = NULL;

  g_assert_true (imsg_storage_write_stream (row, "__substg1.0_3001001E", name, &error));
  damaged = imsg_storage_write_to_bytes (storage, NULL, &error);
  g_assert_no_error (error);
  message = test_open_message (damaged);
  g_assert_true (imsg_message_set_code_page (message, 932, &error));
  g_assert_cmpstr (imsg_recipient_get_name (get (message, 0)), ==, "An\uFFFD");
  added = imsg_message_add_recipient (message, IMSG_RECIPIENT_TYPE_TO, "Cyd", "cyd@example.com",
                                      &error);
  g_assert_no_error (error);
  g_bytes_unref (test_save_message (message));
  test_assert_string (message, IMSG_PR_DISPLAY_TO, "An?; Cyd");
  g_assert_cmpstr (imsg_recipient_get_name (get (message, 0)), ==, "An\uFFFD");
}

static void
test_change (void)
{
  g_autoptr(GBytes) before = test_new_message_bytes (TRUE);
  g_autoptr(IMsgMessage) message = test_open_message (before);
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) after = NULL;
  g_autoptr(GPtrArray) diff = NULL;

  g_assert_true (imsg_recipient_set_recipient_type (get (message, 0), IMSG_RECIPIENT_TYPE_CC,
                                                    &error));
  g_assert_no_error (error);
  after = test_save_message (message);
  diff = test_diff_bytes (before, after);
  test_assert_diff (diff, "! /__properties_version1.0",
                    "! /__recip_version1.0_#00000000/__properties_version1.0",
                    "! /__substg1.0_0E03001F", "! /__substg1.0_0E04001F", NULL);
  test_assert_string (message, IMSG_PR_DISPLAY_TO, "");
  test_assert_string (message, IMSG_PR_DISPLAY_CC, "Ann; Bob");
}

static void
test_remove (void)
{
  g_autoptr(GBytes) before = test_new_message_bytes (TRUE);
  g_autoptr(IMsgMessage) message = test_open_message (before);
  g_autoptr(IMsgRecipient) ann = g_object_ref (get (message, 0));
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) after = NULL;
  g_autoptr(IMsgStorage) storage = NULL;
  g_autoptr(IMsgStorageEntry) gone = NULL;

  g_assert_true (imsg_message_remove_recipient (message, 0, &error));
  g_assert_false (imsg_message_remove_recipient (message, 0, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_null (imsg_property_object_get_value (IMSG_PROPERTY_OBJECT (ann), IMSG_PR_DISPLAY_NAME,
                                                 &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_OBJECT_DELETED);
  g_clear_error (&error);
  g_assert_cmpuint (imsg_recipient_get_row_id (get (message, 0)), ==, 1);
  after = test_save_message (message);
  /* Row ids stay while the message is open */
  g_assert_cmpuint (imsg_recipient_get_row_id (get (message, 0)), ==, 1);
  g_assert_cmpstr (imsg_recipient_get_name (get (message, 0)), ==, "Bob");
  storage = imsg_storage_open_bytes (after, IMSG_STORAGE_READ, NULL, &error);
  gone = imsg_storage_find_entry (storage, "__recip_version1.0_#00000001");
  g_assert_null (gone);
  g_clear_object (&message);
  message = test_open_message (after);
  assert_names (message, "Bob");
  test_assert_string (message, IMSG_PR_DISPLAY_TO, "");
  test_assert_string (message, IMSG_PR_DISPLAY_CC, "Bob");
}

/* Moves, removals and additions in one go, twice; each round is read back from the file. */
static void
test_shuffle (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = imsg_session_create_message (session, "IPM.Note", NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) bytes = NULL;

  for (const char *name = "abcdef"; *name != '\0'; name++)
    {
      const char text[2] = { *name, '\0' };
      g_autoptr(IMsgRecipient) recipient =
        imsg_message_add_recipient (message, IMSG_RECIPIENT_TYPE_TO, text, text, &error);

      g_assert_no_error (error);
    }
  bytes = imsg_message_write_to_bytes (message, NULL, &error);
  g_clear_object (&message);
  message = test_open_message (bytes);
  assert_names (message, "a b c d e f");
  g_assert_true (imsg_message_move_recipient (message, 5, 0, &error));
  g_assert_true (imsg_message_move_recipient (message, 0, 99, &error));
  g_assert_true (imsg_message_remove_recipient (message, 2, &error));
  g_clear_pointer (&bytes, g_bytes_unref);
  bytes = test_save_message (message);
  {
    g_autoptr(IMsgMessage) read = test_open_message (bytes);

    assert_names (read, "f b d e a");
    test_assert_string (read, IMSG_PR_DISPLAY_TO, "f; b; d; e; a");
  }
  /* And on with the same object: ids are those it had */
  {
    g_autoptr(IMsgRecipient) g =
      imsg_message_add_recipient (message, IMSG_RECIPIENT_TYPE_TO, "g", "g", &error);

    g_assert_cmpuint (imsg_recipient_get_row_id (g), ==, 6);
  }
  g_assert_true (imsg_message_move_recipient (message, 6, 1, &error));
  g_assert_true (imsg_message_remove_recipient (message, 4, &error));
  g_assert_no_error (error);
  g_clear_pointer (&bytes, g_bytes_unref);
  bytes = test_save_message (message);
  {
    g_autoptr(IMsgMessage) read = test_open_message (bytes);

    assert_names (read, "f g b d a");
  }
  g_assert_true (imsg_property_object_delete_value (IMSG_PROPERTY_OBJECT (message),
                                                    IMSG_PR_MESSAGE_RECIPIENTS, &error));
  g_clear_pointer (&bytes, g_bytes_unref);
  bytes = test_save_message (message);
  {
    g_autoptr(IMsgMessage) read = test_open_message (bytes);

    assert_names (read, "");
  }
}

/* A recipient that nobody touched keeps its storage to the last byte, even when it moves. */
static void
test_untouched (void)
{
  g_autoptr(GFile) file = test_get_sample ("msg/HiraokaHyperTools__msgreader/200_recipients.msg");
  g_autoptr(GBytes) before = NULL;
  g_autoptr(GBytes) after = NULL;
  g_autoptr(IMsgMessage) message = NULL;
  g_autoptr(GPtrArray) diff = NULL;
  guint last;

  if (file == NULL)
    {
      g_test_skip ("IMSG_SAMPLES names no folder");
      return;
    }
  before = test_read_file (file);
  message = test_open_message (before);
  last = g_list_model_get_n_items (imsg_message_get_recipients (message)) - 1;
  g_assert_true (imsg_message_remove_recipient (message, last, NULL));
  after = test_save_message (message);
  diff = test_diff_bytes (before, after);
  for (guint i = 0; i < diff->len; i++)
    {
      const char *path = diff->pdata[i];

      g_assert_true (!g_str_has_prefix (path, "! /__recip") && !g_str_has_prefix (path, "+ "));
    }
}

static void
test_ansi (void)
{
  g_autoptr(GBytes) bytes = test_new_message_bytes (FALSE);
  g_autoptr(IMsgMessage) message = test_open_message (bytes);
  g_autoptr(GError) error = NULL;
  guint n_before = g_list_model_get_n_items (imsg_message_get_recipients (message));

  g_assert_null (imsg_message_add_recipient (message, IMSG_RECIPIENT_TYPE_TO, "日本", "x@example.com",
                                             &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_BAD_CHARWIDTH);
  g_assert_cmpuint (g_list_model_get_n_items (imsg_message_get_recipients (message)), ==, n_before);
  g_assert_cmphex (imsg_property_object_find_tag (IMSG_PROPERTY_OBJECT (get (message, 0)),
                                                  IMSG_PR_DISPLAY_NAME), ==, 0x3001001E);
}

/* An address that cannot be stored whole changes nothing. */
static void
test_set_address_fails_whole (void)
{
  g_autoptr(GBytes) bytes = test_new_message_bytes (FALSE);
  g_autoptr(IMsgMessage) message = test_open_message (bytes);
  IMsgRecipient *recipient = get (message, 0);
  g_autofree char *address = g_strdup (imsg_recipient_get_address (recipient));
  g_autoptr(GError) error = NULL;

  g_assert_false (imsg_recipient_set_address (recipient, "New", "Ж@x.example", &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_BAD_CHARWIDTH);
  g_clear_error (&error);
  g_assert_true (imsg_property_object_set_attributes (IMSG_PROPERTY_OBJECT (recipient),
                                                      IMSG_PR_EMAIL_ADDRESS,
                                                      IMSG_PROPERTY_ATTRIBUTES_READABLE, &error));
  g_assert_false (imsg_recipient_set_address (recipient, "New", "new@x.example", &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_NO_ACCESS);
  g_assert_cmpstr (imsg_recipient_get_name (recipient), ==, "Ann");
  g_assert_cmpstr (imsg_recipient_get_address (recipient), ==, address);
}

/* The same of who sends a message. */
static void
test_set_sender_fails_whole (void)
{
  g_autoptr(GBytes) bytes = test_new_message_bytes (FALSE);
  g_autoptr(IMsgMessage) message = test_open_message (bytes);
  g_autoptr(GError) error = NULL;

  g_assert_true (imsg_message_set_sender (message, "Old", "old@x.example", &error));
  g_assert_false (imsg_message_set_sender (message, "New", "Ж@x.example", &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_BAD_CHARWIDTH);
  g_clear_error (&error);
  g_assert_true (imsg_property_object_set_attributes (
    IMSG_PROPERTY_OBJECT (message), IMSG_PR_SENT_REPRESENTING_EMAIL_ADDRESS,
    IMSG_PROPERTY_ATTRIBUTES_READABLE, &error));
  g_assert_false (imsg_message_set_sender (message, "New", "new@x.example", &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_NO_ACCESS);
  test_assert_string (message, IMSG_PR_SENDER_NAME, "Old");
  test_assert_string (message, IMSG_PR_SENDER_EMAIL_ADDRESS, "old@x.example");
  test_assert_string (message, IMSG_PR_SENT_REPRESENTING_NAME, "Old");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/imsg/recipient/one-off", test_one_off);
  g_test_add_func ("/imsg/recipient/add", test_add);
  g_test_add_func ("/imsg/recipient/undecodable-name", test_undecodable_name);
  g_test_add_func ("/imsg/recipient/change", test_change);
  g_test_add_func ("/imsg/recipient/remove", test_remove);
  g_test_add_func ("/imsg/recipient/shuffle", test_shuffle);
  g_test_add_func ("/imsg/recipient/untouched", test_untouched);
  g_test_add_func ("/imsg/recipient/ansi", test_ansi);
  g_test_add_func ("/imsg/recipient/set-address-fails-whole", test_set_address_fails_whole);
  g_test_add_func ("/imsg/recipient/set-sender-fails-whole", test_set_sender_fails_whole);
  return g_test_run ();
}
