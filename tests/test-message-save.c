/* test-message-save.c - saving: flags, layers, failures, other places
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-util.h"

static GFile *
write_message (const char *name)
{
  GFile *file = test_new_file (name);
  g_autoptr(GBytes) bytes = test_new_message_bytes (TRUE);
  g_autoptr(GError) error = NULL;

  g_file_replace_contents (file, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), NULL,
                           FALSE, G_FILE_CREATE_NONE, NULL, NULL, &error);
  g_assert_no_error (error);
  return file;
}

static IMsgMessage *
open_file (GFile *file)
{
  g_autoptr(GError) error = NULL;
  IMsgMessage *message = imsg_message_open_file (file, IMSG_OPEN_MODIFY, NULL, &error);

  g_assert_no_error (error);
  return message;
}

static void
assert_subject (GFile      *file,
                const char *subject)
{
  g_autoptr(IMsgMessage) message = open_file (file);

  g_assert_cmpstr (imsg_message_get_subject (message), ==, subject);
}

static void
count_cb (gpointer  object,
          guint    *count)
{
  (*count)++;
}

static void
test_keep_open (void)
{
  g_autoptr(GFile) file = write_message ("keep.msg");
  g_autoptr(IMsgMessage) message = open_file (file);
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (message);
  g_autoptr(GError) error = NULL;
  guint n_saved = 0;

  g_signal_connect (message, "saved", G_CALLBACK (count_cb), &n_saved);
  g_assert_false (imsg_message_save (message,
                                     IMSG_SAVE_KEEP_OPEN_READONLY | IMSG_SAVE_KEEP_OPEN_READWRITE,
                                     NULL, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_INVALID_PARAMETER);
  g_clear_error (&error);
  g_assert_false (imsg_message_save (message, (IMsgSaveFlags) 0x40, NULL, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_INVALID_FLAGS);
  g_clear_error (&error);

  g_assert_true (imsg_message_set_subject (message, "One", &error));
  g_assert_true (imsg_message_save (message, IMSG_SAVE_KEEP_OPEN_READWRITE, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (imsg_property_object_is_writable (object));
  assert_subject (file, "One");
  g_assert_true (imsg_message_set_subject (message, "Two", &error));
  g_assert_true (imsg_message_save (message, IMSG_SAVE_NONE, NULL, &error));
  g_assert_no_error (error);
  g_assert_false (imsg_property_object_is_writable (object));
  assert_subject (file, "Two");
  g_assert_cmpstr (imsg_message_get_subject (message), ==, "Two");
  g_assert_false (imsg_message_set_subject (message, "Three", &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_NO_ACCESS);
  g_clear_error (&error);
  g_assert_false (imsg_message_save (message, IMSG_SAVE_NONE, NULL, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_NO_ACCESS);
  g_assert_cmpuint (n_saved, ==, 2);
}

/* Somebody else changed the file: refused with the edits kept, and forced when asked to. */
static void
test_changed (void)
{
  g_autoptr(GFile) file = write_message ("changed.msg");
  g_autoptr(IMsgMessage) message = open_file (file);
  g_autoptr(IMsgMessage) other = open_file (file);
  g_autoptr(GError) error = NULL;

  g_assert_true (imsg_message_set_subject (other, "Theirs", &error));
  g_assert_true (imsg_message_save (other, IMSG_SAVE_NONE, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (imsg_message_set_subject (message, "Ours", &error));
  g_assert_false (imsg_message_save (message, IMSG_SAVE_KEEP_OPEN_READWRITE, NULL, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_OBJECT_CHANGED);
  g_clear_error (&error);
  g_assert_true (imsg_property_object_is_modified (IMSG_PROPERTY_OBJECT (message)));
  g_assert_cmpstr (imsg_message_get_subject (message), ==, "Ours");
  assert_subject (file, "Theirs");
  g_assert_true (imsg_message_save (message, IMSG_SAVE_FORCE_SAVE | IMSG_SAVE_KEEP_OPEN_READWRITE,
                                    NULL, &error));
  g_assert_no_error (error);
  g_assert_false (imsg_property_object_is_closed (IMSG_PROPERTY_OBJECT (message)));
  assert_subject (file, "Ours");
  g_assert_true (imsg_message_set_subject (message, "Forced", &error));
  g_assert_true (imsg_message_save (message, IMSG_SAVE_FORCE_SAVE, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (imsg_property_object_is_closed (IMSG_PROPERTY_OBJECT (message)));
  assert_subject (file, "Forced");
}

/* After a save that failed, what was edited can still be taken back, all of it. */
static void
test_revert_after_failure (void)
{
  g_autoptr(GFile) file = write_message ("revert.msg");
  g_autoptr(GBytes) before = test_read_file (file);
  g_autoptr(IMsgMessage) message = open_file (file);
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (message);
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) after = NULL;
  g_autoptr(GPtrArray) diff = NULL;

  g_assert_true (imsg_property_object_set_string (object, IMSG_PR_BODY, "Other", &error));
  g_assert_true (imsg_property_object_set_int (object, IMSG_PR_IMPORTANCE, 2, &error));
  g_assert_true (g_file_delete (file, NULL, &error));
  g_assert_false (imsg_message_save (message, IMSG_SAVE_KEEP_OPEN_READWRITE, NULL, &error));
  g_assert_nonnull (error);
  g_clear_error (&error);
  g_assert_true (imsg_property_object_revert_value (object, 0, &error));
  {
    g_autofree char *body = imsg_property_object_get_string (object, IMSG_PR_BODY);

    g_assert_cmpstr (body, ==, "Text\r\n");
  }
  g_assert_false (imsg_property_object_has_value (object, IMSG_PR_IMPORTANCE));
  after = imsg_message_write_to_bytes (message, NULL, &error);
  g_assert_no_error (error);
  diff = test_diff_bytes (before, after);
  g_assert_cmpuint (diff->len, ==, 0);
}

/* Attributes that were set go back as well, where nothing else was changed. */
static void
test_revert_attributes_after_failure (void)
{
  g_autoptr(GFile) file = write_message ("revert-attributes.msg");
  g_autoptr(GBytes) before = test_read_file (file);
  g_autoptr(IMsgMessage) message = open_file (file);
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (message);
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) after = NULL;
  g_autoptr(GPtrArray) diff = NULL;

  g_assert_true (imsg_property_object_set_attributes (
    object, IMSG_PR_BODY, IMSG_PROPERTY_ATTRIBUTES_READABLE, &error));
  g_assert_true (g_file_delete (file, NULL, &error));
  g_assert_false (imsg_message_save (message, IMSG_SAVE_KEEP_OPEN_READWRITE, NULL, &error));
  g_assert_nonnull (error);
  g_clear_error (&error);
  g_assert_true (imsg_property_object_revert_value (object, 0, &error));
  after = imsg_message_write_to_bytes (message, NULL, &error);
  g_assert_no_error (error);
  diff = test_diff_bytes (before, after);
  g_assert_cmpuint (diff->len, ==, 0);
}

static IMsgStorage *
open_data (IMsgMessage *message,
           guint        number)
{
  g_autoptr(IMsgAttachment) attachment = imsg_message_find_attachment (message, number);
  g_autoptr(GError) error = NULL;
  IMsgStorage *storage = imsg_attachment_open_storage (attachment, NULL, &error);

  g_assert_no_error (error);
  return storage;
}

/* The same of messages and storages in attachments. */
static void
test_revert_object_after_failure (void)
{
  g_autoptr(GFile) file = test_new_file ("revert-object.msg");
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) created = imsg_session_create_message (session, "IPM.Note", NULL);
  g_autoptr(GBytes) old = g_bytes_new_static ("old", 3);
  g_autoptr(GBytes) new = g_bytes_new_static ("new", 3);
  g_autoptr(GBytes) before = NULL;
  g_autoptr(GBytes) after = NULL;
  g_autoptr(IMsgMessage) message = NULL;
  g_autoptr(GPtrArray) diff = NULL;
  g_autoptr(GError) error = NULL;

  /* A message, a storage, and a message that makes place for bytes */
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr(IMsgAttachment) attachment = imsg_message_create_attachment (created, &error);

      if (i == 1)
        {
          g_autoptr(IMsgStorage) storage = imsg_attachment_create_storage (attachment, &error);

          imsg_storage_write_stream (storage, "Contents", old, &error);
        }
      else
        {
          g_autoptr(IMsgMessage) inner = imsg_attachment_create_message (attachment, &error);

          imsg_message_set_subject (inner, "Inside", &error);
        }
      g_assert_no_error (error);
    }
  imsg_message_save_as (created, file, IMSG_SAVE_NONE, NULL, &error);
  g_assert_no_error (error);
  before = test_read_file (file);

  message = open_file (file);
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr(IMsgAttachment) attachment = imsg_message_find_attachment (message, i);
      g_autoptr(IMsgMessage) inner = NULL;
      g_autoptr(IMsgStorage) storage = NULL;

      if (i == 0)
        inner = imsg_attachment_create_message (attachment, &error);
      else if (i == 1)
        storage = imsg_attachment_create_storage (attachment, &error);
      else
        imsg_attachment_set_bytes (attachment, new, &error);
      if (storage != NULL)
        imsg_storage_write_stream (storage, "Contents", new, &error);
      g_assert_no_error (error);
    }
  g_assert_true (g_file_delete (file, NULL, &error));
  g_assert_false (imsg_message_save (message, IMSG_SAVE_KEEP_OPEN_READWRITE, NULL, &error));
  g_assert_nonnull (error);
  g_clear_error (&error);
  g_assert_true (imsg_property_object_revert_value (IMSG_PROPERTY_OBJECT (message), 0, &error));
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr(IMsgAttachment) attachment = imsg_message_find_attachment (message, i);

      imsg_property_object_revert_value (IMSG_PROPERTY_OBJECT (attachment), 0, &error);
      g_assert_no_error (error);
    }
  {
    g_autoptr(IMsgAttachment) attachment = imsg_message_find_attachment (message, 0);
    g_autoptr(IMsgMessage) inner = imsg_attachment_open_message (attachment, NULL, &error);
    g_autoptr(IMsgStorage) storage = open_data (message, 1);
    g_autoptr(GBytes) contents = imsg_storage_read_stream (storage, "Contents", NULL, &error);

    g_assert_no_error (error);
    g_assert_cmpstr (imsg_message_get_subject (inner), ==, "Inside");
    g_assert_true (g_bytes_equal (contents, old));
  }
  after = imsg_message_write_to_bytes (message, NULL, &error);
  g_assert_no_error (error);
  diff = test_diff_bytes (before, after);
  g_assert_cmpuint (diff->len, ==, 0);
}

/* Cancelled before: nothing is written, nothing is lost. */
static void
test_cancelled (void)
{
  g_autoptr(GFile) file = write_message ("cancelled.msg");
  g_autoptr(IMsgMessage) message = open_file (file);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_true (imsg_message_set_subject (message, "Never", &error));
  g_assert_false (imsg_message_save (message, IMSG_SAVE_NONE, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  assert_subject (file, "RE: A subject");
  g_assert_cmpstr (imsg_message_get_subject (message), ==, "Never");
  g_assert_true (imsg_property_object_is_writable (IMSG_PROPERTY_OBJECT (message)));
}

typedef struct
{
  gboolean done;
  gboolean saved;
  GError  *error;
} Saved;

static void
saved_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  Saved *saved = user_data;

  saved->saved = imsg_message_save_finish (IMSG_MESSAGE (source), result, &saved->error);
  saved->done = TRUE;
}

static void
saved_as_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  Saved *saved = user_data;

  saved->saved = imsg_message_save_as_finish (IMSG_MESSAGE (source), result, &saved->error);
  saved->done = TRUE;
}

/* What is saved is what the message was when asked; later edits wait for the next save. */
static void
test_async (void)
{
  g_autoptr(GFile) file = write_message ("async.msg");
  g_autoptr(GFile) other = test_new_file ("async-other.msg");
  g_autoptr(IMsgMessage) message = open_file (file);
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (message);
  g_autoptr(GError) error = NULL;
  Saved saved = { 0 };

  g_assert_true (imsg_message_set_subject (message, "First", &error));
  imsg_message_save_async (message, IMSG_SAVE_KEEP_OPEN_READWRITE, NULL, saved_cb, &saved);
  g_assert_false (saved.done);
  g_assert_false (imsg_message_save (message, IMSG_SAVE_NONE, NULL, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_BUSY);
  g_clear_error (&error);
  g_assert_true (imsg_message_set_subject (message, "Second", &error));
  test_run_until (&saved.done);
  g_assert_no_error (saved.error);
  g_assert_true (saved.saved);
  assert_subject (file, "First");
  g_assert_true (imsg_property_object_is_modified (object));
  g_assert_cmpstr (imsg_message_get_subject (message), ==, "Second");

  saved.done = FALSE;
  imsg_message_save_as_async (message, other, IMSG_SAVE_KEEP_OPEN_READWRITE, NULL, saved_as_cb,
                              &saved);
  test_run_until (&saved.done);
  g_assert_no_error (saved.error);
  assert_subject (other, "Second");
  g_assert_false (imsg_property_object_is_modified (object));
  g_assert_true (g_file_equal (imsg_message_get_file (message), other));

  /* Closed while it is being saved: the save ends, and so does the message */
  saved.done = FALSE;
  g_assert_true (imsg_message_set_subject (message, "Third", &error));
  imsg_message_save_async (message, IMSG_SAVE_KEEP_OPEN_READWRITE, NULL, saved_cb, &saved);
  imsg_message_close (message);
  test_run_until (&saved.done);
  g_assert_true (imsg_property_object_is_closed (object));
  assert_subject (other, saved.saved ? "Third" : "Second");
  g_clear_error (&saved.error);

  saved.done = FALSE;
  imsg_message_save_async (message, IMSG_SAVE_NONE, NULL, saved_cb, &saved);
  test_run_until (&saved.done);
  g_assert_error (saved.error, IMSG_ERROR, IMSG_ERROR_CLOSED);
  g_clear_error (&saved.error);
}

/* A new message has no file until it is given one. */
static void
test_save_as (void)
{
  g_autoptr(GFile) file = test_new_file ("save-as.msg");
  g_autoptr(GFile) form = test_new_file ("save-as.oft");
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgMessage) message = imsg_session_create_message (session, "IPM.Note", &error);
  g_autoptr(IMsgRecipient) recipient = NULL;
  g_autoptr(IMsgAttachment) attachment = NULL;
  g_autoptr(GBytes) data = g_bytes_new_static ("data", 4);
  g_autoptr(IMsgMessage) embedded = NULL;
  g_autoptr(IMsgMessage) read = NULL;

  g_assert_false (imsg_message_save (message, IMSG_SAVE_KEEP_OPEN_READWRITE, NULL, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_NO_SUPPORT);
  g_clear_error (&error);
  g_assert_true (imsg_session_has_unsaved_changes (session));
  g_assert_true (imsg_message_set_subject (message, "Saved", &error));
  recipient = imsg_message_add_recipient (message, IMSG_RECIPIENT_TYPE_TO, "Ann", "ann@example.com",
                                          &error);
  attachment = imsg_message_create_attachment (message, &error);
  embedded = imsg_attachment_create_message (attachment, &error);
  g_assert_true (imsg_message_set_subject (embedded, "Inside", &error));
  g_assert_true (imsg_message_save_as (message, file, IMSG_SAVE_KEEP_OPEN_READWRITE, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (g_file_equal (imsg_message_get_file (message), file));
  g_assert_false (imsg_session_has_unsaved_changes (session));

  /* The objects that were there go on, and save to the file by themselves */
  g_assert_true (imsg_message_set_subject (embedded, "Inside again", &error));
  g_assert_true (imsg_recipient_set_recipient_type (recipient, IMSG_RECIPIENT_TYPE_CC, &error));
  g_assert_cmpstr (imsg_recipient_get_name (recipient), ==, "Ann");
  g_assert_true (imsg_message_save (message, IMSG_SAVE_KEEP_OPEN_READWRITE, NULL, &error));
  g_assert_no_error (error);
  read = open_file (file);
  {
    g_autoptr(IMsgAttachment) holder = imsg_message_find_attachment (read, 0);
    g_autoptr(IMsgMessage) inside = imsg_attachment_open_message (holder, NULL, &error);
    g_autofree char *cc = imsg_property_object_get_string (IMSG_PROPERTY_OBJECT (read),
                                                           IMSG_PR_DISPLAY_CC);

    g_assert_no_error (error);
    g_assert_cmpstr (imsg_message_get_subject (inside), ==, "Inside again");
    g_assert_cmpstr (cc, ==, "Ann");
  }

  g_assert_true (imsg_message_save_as (message, form, IMSG_SAVE_NONE, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (imsg_message_is_template (message));
  g_assert_false (imsg_property_object_is_writable (IMSG_PROPERTY_OBJECT (message)));
  assert_subject (form, "Saved");
}

/* What was opened as a template is a new message: the file stays as it is. */
static void
test_as_template (void)
{
  g_autoptr(GFile) file = write_message ("template.msg");
  g_autoptr(GFile) other = test_new_file ("from-template.msg");
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgMessage) message =
    imsg_message_open_file (file, IMSG_OPEN_AS_TEMPLATE, NULL, &error);

  g_assert_no_error (error);
  imsg_message_set_subject (message, "Filled in", &error);
  g_assert_false (imsg_message_save (message, IMSG_SAVE_KEEP_OPEN_READWRITE, NULL, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_NO_SUPPORT);
  g_clear_error (&error);
  imsg_message_save_as (message, other, IMSG_SAVE_KEEP_OPEN_READWRITE, NULL, &error);
  imsg_message_set_subject (message, "Once more", &error);
  imsg_message_save (message, IMSG_SAVE_KEEP_OPEN_READWRITE, NULL, &error);
  g_assert_no_error (error);
  assert_subject (other, "Once more");
  assert_subject (file, "RE: A subject");
}

/* A copy leaves the message where it is, with its changes unsaved. */
static void
test_write (void)
{
  g_autoptr(GFile) file = write_message ("write.msg");
  g_autoptr(GFile) copy = test_new_file ("write-copy.msg");
  g_autoptr(IMsgMessage) message = open_file (file);
  g_autoptr(GError) error = NULL;

  g_assert_true (imsg_message_set_subject (message, "Copied", &error));
  g_assert_true (imsg_message_write_to_file (message, copy, NULL, &error));
  g_assert_no_error (error);
  assert_subject (copy, "Copied");
  assert_subject (file, "RE: A subject");
  g_assert_true (imsg_property_object_is_modified (IMSG_PROPERTY_OBJECT (message)));
  g_assert_true (g_file_equal (imsg_message_get_file (message), file));
  g_assert_true (imsg_message_save (message, IMSG_SAVE_NONE, NULL, &error));
  g_assert_no_error (error);
  assert_subject (file, "Copied");
}

/* --- layers --- */

static void
assert_attachment_name (GFile      *file,
                        const char *name,
                        const char *subject)
{
  g_autoptr(IMsgMessage) message = open_file (file);
  g_autoptr(IMsgAttachment) attachment = imsg_message_find_attachment (message, 0);
  g_autoptr(IMsgMessage) embedded = NULL;
  g_autofree char *display_name = NULL;

  display_name = imsg_property_object_get_string (IMSG_PROPERTY_OBJECT (attachment),
                                                  IMSG_PR_DISPLAY_NAME);
  g_assert_cmpstr (display_name, ==, name);
  embedded = imsg_attachment_open_message (attachment, NULL, NULL);
  g_assert_nonnull (embedded);
  g_assert_cmpstr (imsg_message_get_subject (embedded), ==, subject);
}

/* As MAPI has it: each level hands its changes to the one around it, or they are not saved. */
static void
test_layered (void)
{
  const IMsgSaveFlags layered = IMSG_SAVE_LAYERED | IMSG_SAVE_KEEP_OPEN_READWRITE;
  g_autoptr(GFile) file = test_new_file ("layered.msg");
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgMessage) message = imsg_session_create_message (session, "IPM.Note", &error);
  g_autoptr(IMsgAttachment) attachment = imsg_message_create_attachment (message, &error);
  g_autoptr(IMsgMessage) embedded = imsg_attachment_create_message (attachment, &error);
  g_autoptr(IMsgAttachment) unsaved = NULL;
  g_autoptr(IMsgMessage) read = NULL;
  g_autoptr(IMsgPropertyObject) first = NULL;
  g_autofree char *extension = NULL;
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (attachment);

  g_assert_true (imsg_message_set_subject (embedded, "Old", &error));
  g_assert_true (imsg_property_object_set_string (object, IMSG_PR_DISPLAY_NAME, "old", &error));
  g_assert_true (imsg_message_save_as (message, file, IMSG_SAVE_KEEP_OPEN_READWRITE, NULL, &error));
  g_assert_no_error (error);
  assert_attachment_name (file, "old", "Old");

  /* The message alone: nothing from below */
  g_assert_true (imsg_message_set_subject (embedded, "New", &error));
  g_assert_true (imsg_property_object_set_string (object, IMSG_PR_DISPLAY_NAME, "new", &error));
  g_assert_true (imsg_message_set_subject (message, "Top", &error));
  g_assert_true (imsg_message_save (message, layered, NULL, &error));
  g_assert_no_error (error);
  assert_attachment_name (file, "old", "Old");
  assert_subject (file, "Top");
  g_assert_true (imsg_property_object_is_modified (IMSG_PROPERTY_OBJECT (message)));

  /* The embedded message without its attachment: still nothing */
  g_assert_true (imsg_message_save (embedded, layered, NULL, &error));
  g_assert_true (imsg_message_save (message, layered, NULL, &error));
  assert_attachment_name (file, "old", "Old");

  /* The attachment as well: all of it, and of what was saved twice the last */
  g_assert_true (imsg_attachment_save (attachment, layered, NULL, &error));
  assert_attachment_name (file, "old", "Old");
  g_assert_true (imsg_message_set_subject (embedded, "Newer", &error));
  g_assert_true (imsg_message_save (embedded, layered, NULL, &error));
  g_assert_true (imsg_property_object_set_string (object, IMSG_PR_DISPLAY_NAME, "newer", &error));
  g_assert_true (imsg_property_object_set_string (object, IMSG_PR_ATTACH_EXTENSION, ".x", &error));
  g_assert_true (imsg_attachment_save (attachment, layered, NULL, &error));
  g_assert_true (imsg_message_save (message, layered, NULL, &error));
  g_assert_no_error (error);
  assert_attachment_name (file, "newer", "Newer");
  read = open_file (file);
  first = g_list_model_get_item (imsg_message_get_attachments (read), 0);
  extension = imsg_property_object_get_string (first, IMSG_PR_ATTACH_EXTENSION);
  g_assert_cmpstr (extension, ==, ".x");
  g_clear_object (&first);
  g_clear_object (&read);
  g_assert_false (imsg_property_object_is_modified (IMSG_PROPERTY_OBJECT (message)));

  /* An attachment that never saved itself is not there */
  unsaved = imsg_message_create_attachment (message, &error);
  g_assert_true (imsg_message_save (message, layered, NULL, &error));
  read = open_file (file);
  g_assert_cmpuint (g_list_model_get_n_items (imsg_message_get_attachments (read)), ==, 1);
  g_assert_cmpuint (test_count_problems (read), ==, 0);
  g_clear_object (&read);
  g_assert_true (imsg_attachment_save (unsaved, layered, NULL, &error));
  g_assert_true (imsg_message_save (message, layered, NULL, &error));
  g_assert_no_error (error);
  read = open_file (file);
  g_assert_cmpuint (g_list_model_get_n_items (imsg_message_get_attachments (read)), ==, 2);

  g_assert_true (imsg_attachment_save (attachment, IMSG_SAVE_NONE, NULL, &error));
  g_assert_false (imsg_property_object_is_writable (object));
  g_assert_false (imsg_attachment_save (attachment, IMSG_SAVE_NONE, NULL, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_NO_ACCESS);
}

static guint
count_items (GListModel *list)
{
  return g_list_model_get_n_items (list);
}

/* What is not saved goes: in the order in which it came, recipients and attachments included. */
static void
test_discard (void)
{
  const IMsgSaveFlags layered = IMSG_SAVE_LAYERED | IMSG_SAVE_KEEP_OPEN_READWRITE;
  g_autoptr(GFile) file = test_new_file ("discard.msg");
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgMessage) message = imsg_session_create_message (session, "IPM.Note", &error);
  g_autoptr(IMsgAttachment) attachment = imsg_message_create_attachment (message, &error);
  g_autoptr(IMsgMessage) embedded = imsg_attachment_create_message (attachment, &error);
  IMsgMessage *messages[2] = { message, embedded };

  for (guint i = 0; i < G_N_ELEMENTS (messages); i++)
    {
      g_autoptr(IMsgAttachment) inner = imsg_message_create_attachment (messages[i], &error);
      const char *names[] = { "Anna", "Bert", "Carl" };

      g_assert_true (imsg_message_set_subject (messages[i], "kept", &error));
      for (guint j = 0; j < G_N_ELEMENTS (names); j++)
        {
          g_autoptr(IMsgRecipient) recipient =
            imsg_message_add_recipient (messages[i], IMSG_RECIPIENT_TYPE_TO, names[j],
                                        "a@example.org", &error);
          g_assert_no_error (error);
        }
    }
  g_assert_true (imsg_message_save_as (message, file, IMSG_SAVE_KEEP_OPEN_READWRITE, NULL, &error));
  g_assert_no_error (error);
  /* A fourth recipient inside is saved, but not yet by what is around it. */
  {
    g_autoptr(IMsgRecipient) dora = imsg_message_add_recipient (embedded, IMSG_RECIPIENT_TYPE_CC,
                                                                "Dora", NULL, &error);

    g_assert_true (imsg_message_save (embedded, layered, NULL, &error));
    g_assert_no_error (error);
  }

  for (guint i = 0; i < G_N_ELEMENTS (messages); i++)
    {
      GListModel *recipients = imsg_message_get_recipients (messages[i]);
      GListModel *attachments = imsg_message_get_attachments (messages[i]);
      guint n_recipients = count_items (recipients);
      g_autoptr(IMsgRecipient) last = g_list_model_get_item (recipients, n_recipients - 1);
      g_autoptr(IMsgRecipient) first = g_list_model_get_item (recipients, 0);
      g_autoptr(IMsgRecipient) added = NULL;
      g_autoptr(IMsgAttachment) gone = g_list_model_get_item (attachments, 0);
      g_autoptr(IMsgAttachment) new_attachment = NULL;

      g_assert_cmpuint (n_recipients, ==, 3 + i);
      g_assert_true (imsg_message_set_subject (messages[i], "dropped", &error));
      g_assert_true (imsg_message_remove_recipient (messages[i],
                                                    imsg_recipient_get_row_id (first), &error));
      added = imsg_message_add_recipient (messages[i], IMSG_RECIPIENT_TYPE_TO, "Emil", NULL, &error);
      g_assert_true (imsg_message_remove_recipient (messages[i],
                                                    imsg_recipient_get_row_id (last), &error));
      new_attachment = imsg_message_create_attachment (messages[i], &error);
      if (i == 1)
        g_assert_true (imsg_message_delete_attachment (messages[i],
                                                       imsg_attachment_get_number (gone), &error));
      g_assert_no_error (error);
      g_assert_true (imsg_property_object_is_closed (IMSG_PROPERTY_OBJECT (first)));

      imsg_message_discard_changes (messages[i]);
      g_assert_cmpstr (imsg_message_get_subject (messages[i]), ==, "kept");
      g_assert_cmpuint (count_items (recipients), ==, n_recipients);
      g_assert_cmpuint (count_items (attachments), ==, 2 - i);
      g_assert_true (imsg_property_object_is_closed (IMSG_PROPERTY_OBJECT (added)));
      for (guint j = 0; j < n_recipients; j++)
        {
          const char *names[] = { "Anna", "Bert", "Carl", "Dora" };
          g_autoptr(IMsgRecipient) recipient = g_list_model_get_item (recipients, j);

          g_assert_cmpstr (imsg_recipient_get_name (recipient), ==, names[j]);
        }
    }
  /* What the save inside has handed on is still to come. */
  g_assert_true (imsg_attachment_save (attachment, layered, NULL, &error));
  g_assert_true (imsg_message_save (message, layered, NULL, &error));
  g_assert_no_error (error);
  g_assert_false (imsg_property_object_is_modified (IMSG_PROPERTY_OBJECT (message)));
  {
    g_autoptr(IMsgMessage) read = open_file (file);
    g_autoptr(IMsgAttachment) outer =
      g_list_model_get_item (imsg_message_get_attachments (read), 0);
    g_autoptr(IMsgMessage) inside = imsg_attachment_open_message (outer, NULL, &error);

    g_assert_no_error (error);
    g_assert_cmpuint (count_items (imsg_message_get_recipients (read)), ==, 3);
    g_assert_cmpuint (count_items (imsg_message_get_recipients (inside)), ==, 4);
    g_assert_cmpuint (count_items (imsg_message_get_attachments (inside)), ==, 1);
    g_assert_cmpuint (test_count_problems (read), ==, 0);
  }
}

static void
note_progress (guint64  n_done,
               guint64  n_total,
               gpointer user_data)
{
  guint64 *last = user_data;

  g_assert_cmpuint (n_done, >=, *last);
  g_assert_cmpuint (n_done, <=, n_total);
  *last = n_done;
}

static void
test_progress (void)
{
  g_autoptr(GFile) file = write_message ("progress.msg");
  g_autoptr(IMsgMessage) message = open_file (file);
  g_autoptr(GError) error = NULL;
  guint64 last = 0;

  imsg_message_set_progress_callback (message, note_progress, &last, NULL);
  g_assert_true (imsg_message_set_subject (message, "x", &error));
  g_assert_true (imsg_message_save (message, IMSG_SAVE_KEEP_OPEN_READWRITE, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (last, >, 0);
}

/* A storage that is not the message's own tells nobody of its later commits. */
static void
test_progress_lent (void)
{
  g_autoptr(GFile) file = write_message ("progress-lent.msg");
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgStorage) storage =
    imsg_storage_open_file (file, IMSG_STORAGE_READ_WRITE | IMSG_STORAGE_TRANSACTED, NULL, &error);
  g_autoptr(IMsgMessage) message =
    imsg_message_open_on_storage (storage, IMSG_OPEN_MODIFY, NULL, &error);
  g_autoptr(GBytes) bytes = g_bytes_new_static ("bytes", 5);
  guint64 last = 0;

  g_assert_no_error (error);
  imsg_message_set_progress_callback (message, note_progress, &last, NULL);
  imsg_message_set_subject (message, "x", &error);
  imsg_message_save (message, IMSG_SAVE_KEEP_OPEN_READWRITE, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (last, >, 0);
  imsg_message_close (message);

  last = 0;
  imsg_storage_write_stream (storage, "Another", bytes, &error);
  imsg_storage_commit (storage, IMSG_COMMIT_DEFAULT, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (last, ==, 0);
}

/* PR_MESSAGE_FLAGS of a message made here: unmodified until it is saved a second time. */
static void
test_unmodified_flag (void)
{
  g_autoptr(GFile) file = test_new_file ("flag.msg");
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = imsg_session_create_message (session, "IPM.Note", NULL);
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (message);
  g_autoptr(GError) error = NULL;

  g_assert_true (imsg_message_save_as (message, file, IMSG_SAVE_KEEP_OPEN_READWRITE, NULL, &error));
  g_assert_cmphex (imsg_property_object_get_int (object, IMSG_PR_MESSAGE_FLAGS), ==, 0xA);
  g_assert_false (imsg_property_object_set_int (object, IMSG_PR_CREATION_TIME, 1, &error));
  g_assert_nonnull (error);
  g_clear_error (&error);
  g_assert_true (imsg_message_set_subject (message, "x", &error));
  g_assert_true (imsg_message_save (message, IMSG_SAVE_KEEP_OPEN_READWRITE, NULL, &error));
  g_assert_cmphex (imsg_property_object_get_int (object, IMSG_PR_MESSAGE_FLAGS), ==, 0x8);
}

int
main (int   argc,
      char *argv[])
{
  int status;

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/imsg/message-save/keep-open", test_keep_open);
  g_test_add_func ("/imsg/message-save/changed", test_changed);
  g_test_add_func ("/imsg/message-save/revert-after-failure", test_revert_after_failure);
  g_test_add_func ("/imsg/message-save/revert-attributes-after-failure",
                   test_revert_attributes_after_failure);
  g_test_add_func ("/imsg/message-save/revert-object-after-failure",
                   test_revert_object_after_failure);
  g_test_add_func ("/imsg/message-save/cancelled", test_cancelled);
  g_test_add_func ("/imsg/message-save/async", test_async);
  g_test_add_func ("/imsg/message-save/save-as", test_save_as);
  g_test_add_func ("/imsg/message-save/as-template", test_as_template);
  g_test_add_func ("/imsg/message-save/write", test_write);
  g_test_add_func ("/imsg/message-save/layered", test_layered);
  g_test_add_func ("/imsg/message-save/discard", test_discard);
  g_test_add_func ("/imsg/message-save/progress", test_progress);
  g_test_add_func ("/imsg/message-save/progress-lent", test_progress_lent);
  g_test_add_func ("/imsg/message-save/unmodified-flag", test_unmodified_flag);
  status = g_test_run ();
  test_remove_files ();
  return status;
}
