/* test-message-save-elsewhere.c - copies of messages, and what a save that failed leaves behind
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-util.h"

#include <string.h>

#define LAYERED (IMSG_SAVE_LAYERED | IMSG_SAVE_KEEP_OPEN_READWRITE)

static void
add_recipient (IMsgMessage *message,
               const char  *name)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgRecipient) recipient =
    imsg_message_add_recipient (message, IMSG_RECIPIENT_TYPE_TO, name, "a@example.org", &error);

  g_assert_no_error (error);
}

static void
remove_recipient (IMsgMessage *message,
                  guint        position)
{
  g_autoptr(IMsgRecipient) recipient =
    g_list_model_get_item (imsg_message_get_recipients (message), position);
  g_autoptr(GError) error = NULL;

  imsg_message_remove_recipient (message, imsg_recipient_get_row_id (recipient), &error);
  g_assert_no_error (error);
}

static void
assert_recipients (IMsgMessage *message,
                   const char  *expected)
{
  GListModel *recipients = imsg_message_get_recipients (message);
  g_autoptr(GString) names = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (recipients); i++)
    {
      g_autoptr(IMsgRecipient) recipient = g_list_model_get_item (recipients, i);

      g_string_append_printf (names, "%s%s", i > 0 ? " " : "", imsg_recipient_get_name (recipient));
    }
  g_assert_cmpstr (names->str, ==, expected);
}

/* A file with a message to Ann, Bob, Cleo and Dora, open for changes. */
static IMsgMessage *
open_new_file (const char  *name,
               GFile      **file)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = imsg_session_create_message (session, "IPM.Note", NULL);
  g_autoptr(GError) error = NULL;
  IMsgMessage *opened;

  *file = test_new_file (name);
  add_recipient (message, "Ann");
  add_recipient (message, "Bob");
  add_recipient (message, "Cleo");
  add_recipient (message, "Dora");
  imsg_message_save_as (message, *file, IMSG_SAVE_NONE, NULL, &error);
  g_assert_no_error (error);
  opened = imsg_message_open_file (*file, IMSG_OPEN_MODIFY, NULL, &error);
  g_assert_no_error (error);
  return opened;
}

/* Whether the file has these recipients, and is sound. */
static void
assert_file (GFile      *file,
             const char *recipients)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgMessage) message = imsg_message_open_file (file, IMSG_OPEN_READ_ONLY, NULL, &error);

  g_assert_no_error (error);
  assert_recipients (message, recipients);
  g_assert_cmpuint (test_count_problems (message), ==, 0);
}

static void
save (IMsgMessage *message)
{
  g_autoptr(GError) error = NULL;

  imsg_message_save (message, IMSG_SAVE_KEEP_OPEN_READWRITE, NULL, &error);
  g_assert_no_error (error);
}

/* A save that fails, for the file is not where it was. */
static void
fail_to_save (IMsgMessage *message,
              GFile       *file)
{
  g_autoptr(GError) error = NULL;

  g_assert_true (g_file_delete (file, NULL, &error));
  g_assert_false (imsg_message_save (message, IMSG_SAVE_KEEP_OPEN_READWRITE, NULL, &error));
  g_assert_nonnull (error);
}

/* --- other files --- */

static void
saved_as_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  gboolean *is_done = user_data;
  g_autoptr(GError) error = NULL;

  imsg_message_save_as_finish (IMSG_MESSAGE (source), result, &error);
  g_assert_no_error (error);
  *is_done = TRUE;
}

/* Recipients may be looked at while the message is saved. */
static void
test_read_meanwhile (void)
{
  g_autoptr(GFile) file = NULL;
  g_autoptr(GFile) other = test_new_file ("meanwhile-other.msg");
  g_autoptr(IMsgMessage) message = open_new_file ("meanwhile.msg", &file);
  g_autoptr(IMsgRecipient) bob = NULL;
  g_autoptr(GError) error = NULL;
  gboolean is_done = FALSE;

  imsg_message_set_subject (message, "Changed", &error);
  imsg_message_save_as_async (message, other, IMSG_SAVE_KEEP_OPEN_READWRITE, NULL, saved_as_cb,
                              &is_done);
  g_assert_cmpuint (g_list_model_get_n_items (imsg_message_get_recipients (message)), ==, 4);
  test_run_until (&is_done);
  assert_recipients (message, "Ann Bob Cleo Dora");

  bob = g_list_model_get_item (imsg_message_get_recipients (message), 1);
  imsg_property_object_set_string (IMSG_PROPERTY_OBJECT (bob), IMSG_PR_DISPLAY_NAME, "Robert",
                                   &error);
  g_assert_no_error (error);
  save (message);
  assert_file (other, "Ann Robert Cleo Dora");
}

/* What went and came back is nowhere remembered as gone. */
static void
test_discard_after_copy (void)
{
  g_autoptr(GFile) file = NULL;
  g_autoptr(IMsgMessage) message = open_new_file ("discard-after-copy.msg", &file);
  g_autoptr(GBytes) copy = NULL;
  g_autoptr(IMsgAttachment) attachment = NULL;
  g_autoptr(GError) error = NULL;

  add_recipient (message, "Emil");
  remove_recipient (message, 2);
  copy = imsg_message_write_to_bytes (message, NULL, &error);
  g_assert_no_error (error);
  imsg_message_discard_changes (message);
  assert_recipients (message, "Ann Bob Cleo Dora");
  attachment = imsg_message_create_attachment (message, &error);
  save (message);
  assert_file (file, "Ann Bob Cleo Dora");
}

static void
test_discard_after_save_as (void)
{
  g_autoptr(GFile) file = NULL;
  g_autoptr(GFile) other = test_new_file ("discard-other.msg");
  g_autoptr(IMsgMessage) message = open_new_file ("discard-after.msg", &file);
  g_autoptr(GError) error = NULL;

  remove_recipient (message, 1);
  imsg_message_save_as (message, other, IMSG_SAVE_KEEP_OPEN_READWRITE, NULL, &error);
  g_assert_no_error (error);
  imsg_message_discard_changes (message);
  add_recipient (message, "Emil");
  save (message);
  assert_recipients (message, "Ann Cleo Dora Emil");
  assert_file (other, "Ann Cleo Dora Emil");
}

/* A message that holds another, with a recipient and a named property in it. */
static IMsgMessage *
create_nested (IMsgSession *session)
{
  g_autoptr(GError) error = NULL;
  IMsgMessage *outer = imsg_session_create_message (session, "IPM.Note", &error);
  g_autoptr(IMsgAttachment) attachment = imsg_message_create_attachment (outer, &error);
  g_autoptr(IMsgMessage) inner = imsg_attachment_create_message (attachment, &error);
  guint project = imsg_property_object_resolve_name (IMSG_PROPERTY_OBJECT (inner),
                                                     IMSG_PS_PUBLIC_STRINGS, "Project", TRUE,
                                                     &error);

  g_assert_no_error (error);
  imsg_message_set_subject (inner, "Inside", &error);
  add_recipient (inner, "Ann");
  imsg_property_object_set_string (IMSG_PROPERTY_OBJECT (inner),
                                   imsg_property_tag (IMSG_PROPERTY_TYPE_UNICODE, project), "North",
                                   &error);
  g_assert_no_error (error);
  return outer;
}

static IMsgStorage *
open_member (IMsgStorage *parent,
             const char  *name)
{
  g_autoptr(GError) error = NULL;
  IMsgStorage *member = imsg_storage_open_storage (parent, name, IMSG_STORAGE_READ_WRITE, &error);

  g_assert_no_error (error);
  return member;
}

/* Whether the bytes are those of a sound file with what create_nested() puts inside. */
static void
assert_inner_file (GBytes *bytes)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgStorage) storage = imsg_storage_open_bytes (bytes, IMSG_STORAGE_READ, NULL, &error);
  g_autoptr(GPtrArray) problems = NULL;
  g_autoptr(IMsgMessage) message = test_open_message (bytes);
  g_autofree char *class_id = imsg_storage_dup_class_id (storage);
  guint project = imsg_property_object_resolve_name (IMSG_PROPERTY_OBJECT (message),
                                                     IMSG_PS_PUBLIC_STRINGS, "Project", FALSE,
                                                     &error);

  g_assert_no_error (error);
  problems = imsg_storage_validate_message (storage, IMSG_VALIDATE_FORMAT, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (problems->len, ==, 0);
  g_assert_cmpuint (test_count_problems (message), ==, 0);
  g_assert_nonnull (class_id);
  g_assert_cmpstr (imsg_message_get_subject (message), ==, "Inside");
  assert_recipients (message, "Ann");
  test_assert_string (message, imsg_property_tag (IMSG_PROPERTY_TYPE_UNICODE, project), "North");
}

/* A message that was opened on a storage inside a file is written as a file of its own. */
static void
test_child_storage (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(GFile) file = test_new_file ("child.msg");
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgMessage) outer = create_nested (session);
  g_autoptr(GBytes) bytes = imsg_message_write_to_bytes (outer, NULL, &error);
  g_autoptr(IMsgStorage) root =
    imsg_storage_open_bytes (bytes, IMSG_STORAGE_READ_WRITE | IMSG_STORAGE_TRANSACTED, NULL, &error);
  g_autoptr(IMsgStorage) holder = open_member (root, "__attach_version1.0_#00000000");
  g_autoptr(IMsgStorage) data = open_member (holder, "__substg1.0_3701000D");
  g_autoptr(IMsgMessage) message =
    imsg_session_open_message_on_storage (session, data, IMSG_OPEN_MODIFY, NULL, &error);
  g_autoptr(IMsgMessage) snapshot = NULL;
  g_autoptr(GBytes) written = NULL;
  g_autoptr(GBytes) saved = NULL;

  g_assert_no_error (error);
  written = imsg_message_write_to_bytes (message, NULL, &error);
  g_assert_no_error (error);
  assert_inner_file (written);
  snapshot = imsg_message_dup_snapshot (message, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (imsg_message_get_subject (snapshot), ==, "Inside");
  imsg_message_save_as (message, file, IMSG_SAVE_KEEP_OPEN_READWRITE, NULL, &error);
  g_assert_no_error (error);
  saved = test_read_file (file);
  assert_inner_file (saved);
}

static void
count_cb (gpointer  object,
          guint     tag,
          guint    *count)
{
  (*count)++;
}

/* What follows from a new message is worked out for a copy, and again when it is saved. */
static void
test_copy_leaves_alone (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(GFile) file = test_new_file ("leaves-alone.msg");
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgMessage) message = imsg_session_create_message (session, "IPM.Note", &error);
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (message);
  g_autoptr(IMsgMessage) snapshot = NULL;
  g_autoptr(GBytes) copy = NULL;
  guint n_changes = 0;

  imsg_message_set_subject (message, "First words", &error);
  imsg_property_object_set_string (object, IMSG_PR_SENDER_ADDRTYPE, "SMTP", &error);
  imsg_property_object_set_string (object, IMSG_PR_SENDER_EMAIL_ADDRESS, "ann@example.org", &error);
  g_assert_no_error (error);
  g_signal_connect (message, "property-changed", G_CALLBACK (count_cb), &n_changes);
  snapshot = imsg_message_dup_snapshot (message, NULL, &error);
  copy = imsg_message_write_to_bytes (message, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (n_changes, ==, 0);
  g_assert_false (imsg_property_object_has_value (object, IMSG_PR_CONVERSATION_TOPIC));
  test_assert_string (snapshot, IMSG_PR_CONVERSATION_TOPIC, "First words");

  imsg_message_set_subject (message, "Last words", &error);
  imsg_property_object_set_string (object, IMSG_PR_SENDER_EMAIL_ADDRESS, "bob@example.org", &error);
  imsg_message_save_as (message, file, IMSG_SAVE_KEEP_OPEN_READWRITE, NULL, &error);
  g_assert_no_error (error);
  test_assert_string (message, IMSG_PR_CONVERSATION_TOPIC, "Last words");
  test_assert_string (message, IMSG_PR_SENT_REPRESENTING_EMAIL_ADDRESS, "bob@example.org");
}

/* --- code pages --- */

static void
assert_subject_in (GBytes     *bytes,
                   const char *subject,
                   guint       code_page)
{
  g_autoptr(IMsgMessage) message = test_open_message (bytes);

  g_assert_cmpuint (imsg_message_get_code_page (message), ==, code_page);
  g_assert_cmpstr (imsg_message_get_subject (message), ==, subject);
}

/* Text in the default code page of one session is read by another that has none. */
static void
test_default_code_page (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgSession) session = imsg_session_open (IMSG_SESSION_NONE, &error);
  g_autoptr(IMsgMessage) message = NULL;
  g_autoptr(GBytes) bytes = NULL;

  imsg_session_set_default_code_page (session, 1251);
  message = imsg_session_create_message (session, "IPM.Note", &error);
  imsg_message_set_subject (message, "Привет", &error);
  g_assert_no_error (error);
  bytes = imsg_message_write_to_bytes (message, NULL, &error);
  g_assert_no_error (error);
  assert_subject_in (bytes, "Привет", 1251);
}

/* A code page that the caller chose is told with the text that was set in it, and only then. */
static void
test_chosen_code_page (void)
{
  g_autoptr(GBytes) bytes = test_new_message_bytes (FALSE);
  g_autoptr(IMsgMessage) message = test_open_message (bytes);
  g_autoptr(GBytes) edited = NULL;
  g_autoptr(GBytes) written = NULL;
  g_autoptr(GError) error = NULL;

  imsg_message_set_code_page (message, 932, &error);
  imsg_property_object_set_int (IMSG_PROPERTY_OBJECT (message), IMSG_PR_IMPORTANCE, 2, &error);
  edited = imsg_message_write_to_bytes (message, NULL, &error);
  g_assert_no_error (error);
  assert_subject_in (edited, "RE: A subject", 1252);

  imsg_message_set_subject (message, "日本語", &error);
  written = imsg_message_write_to_bytes (message, NULL, &error);
  g_assert_no_error (error);
  assert_subject_in (written, "日本語", 932);
}

/* The code page that an embedded message has from the one around it goes with it. */
static void
test_embedded_code_page (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgSession) session = imsg_session_open (IMSG_SESSION_NONE, &error);
  g_autoptr(IMsgMessage) message = imsg_session_create_message (session, "IPM.Note", &error);
  g_autoptr(IMsgAttachment) attachment = imsg_message_create_attachment (message, &error);
  g_autoptr(IMsgMessage) created = imsg_attachment_create_message (attachment, &error);
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(IMsgMessage) outer = NULL;
  g_autoptr(IMsgAttachment) holder = NULL;
  g_autoptr(IMsgMessage) inner = NULL;
  g_autoptr(IMsgMessage) snapshot = NULL;
  g_autoptr(GBytes) own = NULL;

  imsg_property_object_set_int (IMSG_PROPERTY_OBJECT (message), IMSG_PR_MESSAGE_CODEPAGE, 1251,
                                &error);
  imsg_message_set_subject (created, "Внутри", &error);
  g_assert_no_error (error);
  bytes = imsg_message_write_to_bytes (message, NULL, &error);
  g_assert_no_error (error);

  /* As other programs write it: nothing inside tells the code page */
  outer = test_open_message (bytes);
  holder = imsg_message_find_attachment (outer, 0);
  inner = imsg_attachment_open_message (holder, NULL, &error);
  imsg_property_object_delete_value (IMSG_PROPERTY_OBJECT (inner), IMSG_PR_MESSAGE_CODEPAGE,
                                     &error);
  g_assert_no_error (error);
  g_assert_cmpstr (imsg_message_get_subject (inner), ==, "Внутри");

  snapshot = imsg_message_dup_snapshot (inner, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (imsg_message_get_subject (snapshot), ==, "Внутри");
  own = imsg_message_write_to_bytes (inner, NULL, &error);
  g_assert_no_error (error);
  assert_subject_in (own, "Внутри", 1251);
  g_assert_false (imsg_property_object_has_value (IMSG_PROPERTY_OBJECT (inner),
                                                  IMSG_PR_MESSAGE_CODEPAGE));
}

/* --- after a save that failed --- */

/* What could not be saved can be saved as another file, all of it. */
static void
test_failed_then_elsewhere (void)
{
  g_autoptr(GFile) file = NULL;
  g_autoptr(GFile) other = test_new_file ("failed-other.msg");
  g_autoptr(IMsgMessage) message = open_new_file ("failed.msg", &file);
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgAttachment) attachment = imsg_message_create_attachment (message, &error);
  g_autoptr(IMsgMessage) inner = imsg_attachment_create_message (attachment, &error);
  g_autoptr(IMsgAttachment) leaf = imsg_message_create_attachment (inner, &error);
  g_autoptr(GBytes) data = g_bytes_new_static ("data", 4);
  g_autoptr(GBytes) written = NULL;

  add_recipient (inner, "Emil");
  g_assert_true (imsg_attachment_set_bytes (leaf, data, &error));
  fail_to_save (message, file);
  written = imsg_message_write_to_bytes (message, NULL, &error);
  g_assert_no_error (error);
  imsg_message_save_as (message, other, IMSG_SAVE_KEEP_OPEN_READWRITE, NULL, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr(GBytes) bytes = i == 0 ? g_bytes_ref (written) : test_read_file (other);
      g_autoptr(IMsgMessage) read = test_open_message (bytes);
      g_autoptr(IMsgAttachment) holder = imsg_message_find_attachment (read, 0);
      g_autoptr(IMsgMessage) inside = imsg_attachment_open_message (holder, NULL, &error);

      g_assert_no_error (error);
      assert_recipients (read, "Ann Bob Cleo Dora");
      assert_recipients (inside, "Emil");
      g_assert_cmpuint (g_list_model_get_n_items (imsg_message_get_attachments (inside)), ==, 1);
      g_assert_cmpuint (test_count_problems (read), ==, 0);
    }
}

static void
saved_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  gboolean *is_done = user_data;
  g_autoptr(GError) error = NULL;

  imsg_message_save_finish (IMSG_MESSAGE (source), result, &error);
  g_assert_no_error (error);
  *is_done = TRUE;
}

/* Who is renamed while the message is saved is renamed in its display lists too, with the next. */
static void
test_renamed_meanwhile (void)
{
  g_autoptr(GFile) file = NULL;
  g_autoptr(IMsgMessage) message = open_new_file ("renamed-meanwhile.msg", &file);
  g_autoptr(IMsgRecipient) ann = g_list_model_get_item (imsg_message_get_recipients (message), 0);
  g_autoptr(IMsgMessage) read = NULL;
  g_autoptr(GError) error = NULL;
  gboolean is_done = FALSE;

  add_recipient (message, "Emil");
  imsg_message_save_async (message, IMSG_SAVE_KEEP_OPEN_READWRITE, NULL, saved_cb, &is_done);
  imsg_property_object_set_string (IMSG_PROPERTY_OBJECT (ann), IMSG_PR_DISPLAY_NAME, "Anna", &error);
  test_run_until (&is_done);
  save (message);
  read = imsg_message_open_file (file, IMSG_OPEN_READ_ONLY, NULL, &error);
  g_assert_no_error (error);
  test_assert_string (read, IMSG_PR_DISPLAY_TO, "Anna; Bob; Cleo; Dora; Emil");
}

/* A recipient that comes while the message is saved as another file is nobody else in that. */
static void
test_added_meanwhile (void)
{
  g_autoptr(GFile) file = NULL;
  g_autoptr(GFile) other = test_new_file ("added-meanwhile-other.msg");
  g_autoptr(IMsgMessage) message = open_new_file ("added-meanwhile.msg", &file);
  g_autoptr(IMsgRecipient) emil = NULL;
  g_autoptr(GError) error = NULL;
  gboolean is_done = FALSE;

  assert_recipients (message, "Ann Bob Cleo Dora");
  imsg_message_save_as_async (message, other, IMSG_SAVE_KEEP_OPEN_READWRITE, NULL, saved_as_cb,
                              &is_done);
  emil = imsg_message_add_recipient (message, IMSG_RECIPIENT_TYPE_TO, "Emil", NULL, &error);
  test_run_until (&is_done);
  imsg_property_object_set_string (IMSG_PROPERTY_OBJECT (emil), IMSG_PR_DISPLAY_NAME, "Eva", &error);
  save (message);
  assert_file (other, "Ann Bob Cleo Dora Eva");
}

static void
assert_saved (GFile      *file,
              const char *subject,
              const char *recipients,
              const char *inner_subject)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgMessage) read = imsg_message_open_file (file, IMSG_OPEN_READ_ONLY, NULL, &error);
  g_autoptr(IMsgAttachment) attachment = NULL;
  g_autoptr(IMsgMessage) inner = NULL;

  g_assert_no_error (error);
  g_assert_cmpstr (imsg_message_get_subject (read), ==, subject);
  assert_recipients (read, recipients);
  attachment = g_list_model_get_item (imsg_message_get_attachments (read), 0);
  inner = imsg_attachment_open_message (attachment, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (imsg_message_get_subject (inner), ==, inner_subject);
}

/* What is changed while the message is saved as another file is not in that, but unsaved. */
static void
test_changed_meanwhile (void)
{
  g_autoptr(GFile) file = NULL;
  g_autoptr(GFile) other = test_new_file ("changed-meanwhile-other.msg");
  g_autoptr(IMsgMessage) message = open_new_file ("changed-meanwhile.msg", &file);
  g_autoptr(IMsgRecipient) ann = g_list_model_get_item (imsg_message_get_recipients (message), 0);
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgAttachment) attachment = imsg_message_create_attachment (message, &error);
  g_autoptr(IMsgMessage) inner = imsg_attachment_create_message (attachment, &error);
  g_autoptr(IMsgMessage) newer = NULL;
  gboolean is_done = FALSE;

  imsg_message_set_subject (message, "First", &error);
  imsg_message_set_subject (inner, "Inside", &error);
  remove_recipient (message, 1);
  imsg_message_save_as_async (message, other, IMSG_SAVE_KEEP_OPEN_READWRITE, NULL, saved_as_cb,
                              &is_done);
  imsg_message_set_subject (message, "Second", &error);
  imsg_property_object_set_string (IMSG_PROPERTY_OBJECT (ann), IMSG_PR_DISPLAY_NAME, "Anna", &error);
  remove_recipient (message, 1);
  add_recipient (message, "Emil");
  newer = imsg_attachment_create_message (attachment, &error);
  g_assert_no_error (error);
  imsg_message_set_subject (newer, "Newer", &error);
  test_run_until (&is_done);
  assert_saved (other, "First", "Ann Cleo Dora", "Inside");
  g_assert_true (imsg_property_object_is_modified (IMSG_PROPERTY_OBJECT (message)));
  assert_recipients (message, "Anna Dora Emil");

  save (message);
  assert_saved (other, "Second", "Anna Dora Emil", "Newer");
  assert_file (file, "Ann Bob Cleo Dora");
}

/* --- layers --- */

/* A recipient that went after the save of an embedded message is still in the file, and nobody
 * else takes its place. */
static void
test_layered_removal (void)
{
  static const struct
  {
    guint       removed;
    const char *left;
  } cases[] = { { 0, "Bob Cleo" }, { 1, "Ann Cleo" }, { 2, "Ann Bob" } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *name = g_strdup_printf ("layered-removal-%u.msg", i);
      g_autoptr(GFile) file = test_new_file (name);
      g_autoptr(IMsgSession) session = imsg_session_new ();
      g_autoptr(GError) error = NULL;
      g_autoptr(IMsgMessage) message = imsg_session_create_message (session, "IPM.Note", &error);
      g_autoptr(IMsgAttachment) attachment = imsg_message_create_attachment (message, &error);
      g_autoptr(IMsgMessage) inner = imsg_attachment_create_message (attachment, &error);

      add_recipient (inner, "Ann");
      add_recipient (inner, "Bob");
      add_recipient (inner, "Cleo");
      imsg_message_save_as (message, file, IMSG_SAVE_KEEP_OPEN_READWRITE, NULL, &error);
      g_assert_no_error (error);

      add_recipient (inner, "Dora");
      imsg_message_save (inner, LAYERED, NULL, &error);
      imsg_attachment_save (attachment, LAYERED, NULL, &error);
      remove_recipient (inner, cases[i].removed);
      imsg_message_save (message, LAYERED, NULL, &error);
      g_assert_no_error (error);
      for (guint step = 0; step < 2; step++)
        {
          g_autofree char *later = g_strconcat (cases[i].left, " Dora", NULL);
          g_autoptr(IMsgStorage) storage =
            imsg_storage_open_file (file, IMSG_STORAGE_READ, NULL, &error);
          g_autoptr(GPtrArray) problems =
            imsg_storage_validate_message (storage, IMSG_VALIDATE_FORMAT, NULL, &error);
          g_autoptr(IMsgMessage) read =
            imsg_message_open_file (file, IMSG_OPEN_READ_ONLY, NULL, &error);
          g_autoptr(IMsgAttachment) holder = imsg_message_find_attachment (read, 0);
          g_autoptr(IMsgMessage) inside = imsg_attachment_open_message (holder, NULL, &error);

          g_assert_no_error (error);
          g_assert_cmpuint (problems->len, ==, 0);
          assert_recipients (inside, step == 0 ? "Ann Bob Cleo Dora" : later);
          save (message);
        }
    }
}

static void
assert_inner (IMsgMessage *inner,
              const char  *subject,
              const char  *recipients,
              const char  *data)
{
  g_autoptr(IMsgAttachment) attachment = imsg_message_find_attachment (inner, 0);
  g_autoptr(GBytes) bytes = imsg_property_object_get_bytes (IMSG_PROPERTY_OBJECT (attachment),
                                                            IMSG_PR_ATTACH_DATA_BIN);

  g_assert_cmpstr (imsg_message_get_subject (inner), ==, subject);
  assert_recipients (inner, recipients);
  g_assert_nonnull (bytes);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), data, strlen (data));
}

static void
set_data (IMsgMessage *inner,
          const char  *data)
{
  g_autoptr(IMsgAttachment) attachment = imsg_message_find_attachment (inner, 0);
  g_autoptr(GBytes) bytes = g_bytes_new (data, strlen (data));
  g_autoptr(GError) error = NULL;

  if (attachment == NULL)
    attachment = imsg_message_create_attachment (inner, &error);
  imsg_attachment_set_bytes (attachment, bytes, &error);
  g_assert_no_error (error);
}

/* What an embedded message has saved is there after it was closed, and what it has not is not. */
static void
test_embedded_closed (gconstpointer data)
{
  static const IMsgSaveFlags flags[] = { IMSG_SAVE_NONE, IMSG_SAVE_FORCE_SAVE,
                                         IMSG_SAVE_KEEP_OPEN_READWRITE };
  gboolean is_new = GPOINTER_TO_INT (data);

  for (guint i = 0; i < G_N_ELEMENTS (flags); i++)
    {
      g_autofree char *name = g_strdup_printf ("embedded-closed-%d-%u.msg", is_new, i);
      g_autoptr(GFile) file = test_new_file (name);
      g_autoptr(IMsgSession) session = imsg_session_new ();
      g_autoptr(GError) error = NULL;
      g_autoptr(IMsgMessage) message = imsg_session_create_message (session, "IPM.Note", &error);
      g_autoptr(IMsgAttachment) attachment = imsg_message_create_attachment (message, &error);
      g_autoptr(IMsgMessage) inner = imsg_attachment_create_message (attachment, &error);
      g_autoptr(IMsgMessage) again = NULL;
      g_autoptr(IMsgMessage) read = NULL;
      g_autoptr(IMsgAttachment) holder = NULL;
      g_autoptr(IMsgMessage) inside = NULL;

      add_recipient (inner, "Ann");
      set_data (inner, "old");
      if (!is_new)
        imsg_message_save_as (message, file, IMSG_SAVE_KEEP_OPEN_READWRITE, NULL, &error);
      g_assert_no_error (error);

      imsg_message_set_subject (inner, "Saved", &error);
      add_recipient (inner, "Bob");
      set_data (inner, "saved");
      imsg_message_save (inner, flags[i], NULL, &error);
      g_assert_no_error (error);
      if (flags[i] == IMSG_SAVE_KEEP_OPEN_READWRITE)
        {
          imsg_message_set_subject (inner, "Not saved", &error);
          remove_recipient (inner, 0);
          set_data (inner, "not saved");
        }
      imsg_message_close (inner);
      g_assert_true (imsg_property_object_is_closed (IMSG_PROPERTY_OBJECT (inner)));
      g_assert_true (imsg_property_object_is_modified (IMSG_PROPERTY_OBJECT (message)));

      again = imsg_attachment_open_message (attachment, NULL, &error);
      g_assert_no_error (error);
      g_assert_true (again != inner);
      g_assert_true (imsg_property_object_is_writable (IMSG_PROPERTY_OBJECT (again)));
      assert_inner (again, "Saved", "Ann Bob", "saved");

      imsg_message_save_as (message, file, IMSG_SAVE_KEEP_OPEN_READWRITE, NULL, &error);
      g_assert_no_error (error);
      read = imsg_message_open_file (file, IMSG_OPEN_READ_ONLY, NULL, &error);
      holder = imsg_message_find_attachment (read, 0);
      inside = imsg_attachment_open_message (holder, NULL, &error);
      g_assert_no_error (error);
      assert_inner (inside, "Saved", "Ann Bob", "saved");
      g_assert_cmpuint (test_count_problems (read), ==, 0);
    }
}

int
main (int   argc,
      char *argv[])
{
  int status;

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/imsg/message-save/read-meanwhile", test_read_meanwhile);
  g_test_add_func ("/imsg/message-save/discard-after-copy", test_discard_after_copy);
  g_test_add_func ("/imsg/message-save/discard-after-save-as", test_discard_after_save_as);
  g_test_add_func ("/imsg/message-save/child-storage", test_child_storage);
  g_test_add_func ("/imsg/message-save/copy-leaves-alone", test_copy_leaves_alone);
  g_test_add_func ("/imsg/message-save/default-code-page", test_default_code_page);
  g_test_add_func ("/imsg/message-save/chosen-code-page", test_chosen_code_page);
  g_test_add_func ("/imsg/message-save/embedded-code-page", test_embedded_code_page);
  g_test_add_func ("/imsg/message-save/failed-then-elsewhere", test_failed_then_elsewhere);
  g_test_add_func ("/imsg/message-save/renamed-meanwhile", test_renamed_meanwhile);
  g_test_add_func ("/imsg/message-save/added-meanwhile", test_added_meanwhile);
  g_test_add_func ("/imsg/message-save/changed-meanwhile", test_changed_meanwhile);
  g_test_add_func ("/imsg/message-save/layered-removal", test_layered_removal);
  g_test_add_data_func ("/imsg/message-save/embedded-closed", GINT_TO_POINTER (FALSE),
                        test_embedded_closed);
  g_test_add_data_func ("/imsg/message-save/new-embedded-closed", GINT_TO_POINTER (TRUE),
                        test_embedded_closed);
  status = g_test_run ();
  test_remove_files ();
  return status;
}
