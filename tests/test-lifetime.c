/* test-lifetime.c - what is closed with what, and what those who hear of it may do
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-util.h"

#include <string.h>

static IMsgMessage *
new_message (void)
{
  g_autoptr(GBytes) bytes = test_new_message_bytes (TRUE);

  return test_open_message (bytes);
}

/* The bytes of a message with one attachment, in which is a message with two recipients and an
 * attachment */
static GBytes *
new_nested_bytes (void)
{
  g_autoptr(IMsgMessage) outer = new_message ();
  g_autoptr(IMsgMessage) inner = new_message ();
  g_autoptr(IMsgAttachment) attachment = imsg_message_find_attachment (outer, 0);
  g_autoptr(GError) error = NULL;

  g_assert_true (imsg_attachment_set_message (attachment, inner, NULL, &error));
  g_assert_no_error (error);
  return test_save_message (outer);
}

static IMsgMessage *
open_inner (IMsgMessage *outer)
{
  g_autoptr(IMsgAttachment) attachment = imsg_message_find_attachment (outer, 0);
  g_autoptr(GError) error = NULL;
  IMsgMessage *inner = imsg_attachment_open_message (attachment, NULL, &error);

  g_assert_no_error (error);
  return inner;
}

static void
count_cb (gpointer  object,
          guint    *count)
{
  (*count)++;
}

/* With an attachment goes all that is open in it, and says so */
static void
test_delete_embedded (void)
{
  g_autoptr(GBytes) bytes = new_nested_bytes ();
  g_autoptr(IMsgMessage) outer = test_open_message (bytes);
  g_autoptr(IMsgMessage) inner = open_inner (outer);
  g_autoptr(IMsgAttachment) attachment = imsg_message_find_attachment (inner, 0);
  GListModel *recipients = imsg_message_get_recipients (inner);
  g_autoptr(IMsgRecipient) recipient = g_list_model_get_item (recipients, 0);
  g_autoptr(GError) error = NULL;
  gpointer objects[] = { inner, attachment, recipient };
  guint n_closed = 0;

  g_signal_connect (inner, "closed", G_CALLBACK (count_cb), &n_closed);
  g_assert_true (imsg_message_delete_attachment (outer, 0, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (n_closed, ==, 1);
  g_assert_cmpuint (g_list_model_get_n_items (recipients), ==, 0);
  g_assert_null (imsg_message_get_parent (inner));
  for (guint i = 0; i < G_N_ELEMENTS (objects); i++)
    {
      g_assert_false (imsg_property_object_set_string (objects[i], IMSG_PR_DISPLAY_NAME, "Late",
                                                       &error));
      g_assert_error (error, IMSG_ERROR, IMSG_ERROR_OBJECT_DELETED);
      g_clear_error (&error);
    }
}

static void
close_session_cb (IMsgMessage *message,
                  GParamSpec  *pspec,
                  IMsgSession *session)
{
  imsg_session_close (session);
}

static void
append_cb (gpointer  object,
           GString  *log)
{
  g_string_append (log, IMSG_IS_SESSION (object) ? "session " : "message ");
}

/* A session that is closed while one of its messages closes ends after that one */
static void
test_session_in_handler (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(GString) log = g_string_new (NULL);
  IMsgMessage *messages[3];

  for (guint i = 0; i < G_N_ELEMENTS (messages); i++)
    {
      messages[i] = imsg_session_create_message (session, "IPM.Note", NULL);
      g_signal_connect (messages[i], "closed", G_CALLBACK (append_cb), log);
    }
  g_signal_connect (session, "closed", G_CALLBACK (append_cb), log);
  g_signal_connect (messages[1], "notify::closed", G_CALLBACK (close_session_cb), session);
  imsg_message_close (messages[1]);
  g_assert_cmpstr (log->str, ==, "message message message session ");
  for (guint i = 0; i < G_N_ELEMENTS (messages); i++)
    g_object_unref (messages[i]);
}

static void
let_go_cb (IMsgMessage  *inner,
           IMsgMessage **outer)
{
  g_clear_object (outer);
}

static void
test_outer_let_go (void)
{
  g_autoptr(GBytes) bytes = new_nested_bytes ();
  IMsgMessage *outer = test_open_message (bytes);
  g_autoptr(IMsgMessage) inner = open_inner (outer);

  g_signal_connect (inner, "closed", G_CALLBACK (let_go_cb), &outer);
  imsg_message_close (inner);
  g_assert_null (outer);
  g_assert_true (imsg_property_object_is_closed (IMSG_PROPERTY_OBJECT (inner)));
}

static void
remove_row_cb (GListModel  *destination,
               guint        position,
               guint        n_removed,
               guint        n_added,
               IMsgMessage *source)
{
  if (n_added > 0 && g_list_model_get_n_items (imsg_message_get_recipients (source)) > 0)
    imsg_message_remove_recipient (source, 0, NULL);
}

static void
close_source_cb (GListModel  *destination,
                 guint        position,
                 guint        n_removed,
                 guint        n_added,
                 IMsgMessage *source)
{
  imsg_message_close (source);
}

static void
copy_with (GCallback  handler,
           GError   **error)
{
  g_autoptr(IMsgMessage) source = new_message ();
  g_autoptr(IMsgMessage) destination = new_message ();

  g_signal_connect (imsg_message_get_recipients (destination), "items-changed", handler, source);
  imsg_property_object_copy_to (IMSG_PROPERTY_OBJECT (source), IMSG_PROPERTY_OBJECT (destination),
                                NULL, 0, IMSG_COPY_NONE, NULL, NULL, error);
}

/* Who hears of a row that comes may take away the one that it is a copy of: an error, and no more */
static void
test_copy_in_handler (void)
{
  g_autoptr(GError) error = NULL;

  copy_with (G_CALLBACK (remove_row_cb), &error);
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_OBJECT_DELETED);
  g_clear_error (&error);
  copy_with (G_CALLBACK (close_source_cb), &error);
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_CLOSED);
}

/* The attachments of a message are not what a message in them can replace */
static void
test_copy_onto_outer (void)
{
  g_autoptr(GBytes) bytes = new_nested_bytes ();
  g_autoptr(IMsgMessage) outer = test_open_message (bytes);
  g_autoptr(IMsgMessage) inner = open_inner (outer);
  g_autoptr(GPtrArray) problems = NULL;
  g_autoptr(GError) error = NULL;
  gboolean is_told = FALSE;

  g_assert_true (imsg_message_set_subject (inner, "From inside", &error));
  g_assert_true (imsg_property_object_copy_to (IMSG_PROPERTY_OBJECT (inner),
                                               IMSG_PROPERTY_OBJECT (outer), NULL, 0,
                                               IMSG_COPY_NONE, NULL, &problems, &error));
  g_assert_no_error (error);
  for (guint i = 0; i < problems->len; i++)
    is_told |= imsg_problem_get_code (problems->pdata[i]) == IMSG_ERROR_FOLDER_CYCLE;
  g_assert_true (is_told);
  g_assert_cmpstr (imsg_message_get_subject (outer), ==, "From inside");
  g_assert_false (imsg_property_object_is_closed (IMSG_PROPERTY_OBJECT (inner)));
}

/* A wrapper is replaced by the message in it */
static void
test_set_from_inside (void)
{
  g_autoptr(GBytes) bytes = new_nested_bytes ();
  g_autoptr(IMsgMessage) outer = test_open_message (bytes);
  g_autoptr(IMsgAttachment) attachment = imsg_message_find_attachment (outer, 0);
  g_autoptr(IMsgMessage) wrapper = open_inner (outer);
  g_autoptr(IMsgAttachment) wrapped = imsg_message_find_attachment (wrapper, 0);
  g_autoptr(IMsgMessage) letter = NULL;
  g_autoptr(IMsgMessage) now = NULL;
  g_autoptr(GError) error = NULL;

  letter = imsg_attachment_create_message (wrapped, &error);
  g_assert_no_error (error);
  g_assert_true (imsg_message_set_subject (letter, "The letter", &error));
  g_assert_true (imsg_attachment_set_message (attachment, letter, NULL, &error));
  g_assert_no_error (error);
  now = open_inner (outer);
  g_assert_cmpstr (imsg_message_get_subject (now), ==, "The letter");
  g_assert_true (imsg_property_object_is_closed (IMSG_PROPERTY_OBJECT (letter)));
}

/* --- handlers in the midst of a change of many objects --- */

static void
close_cb (IMsgMessage *message)
{
  imsg_message_close (message);
}

static void
add_many_cb (IMsgMessage *message)
{
  for (guint i = 0; i < 40; i++)
    {
      g_autoptr(IMsgRecipient) recipient =
        imsg_message_add_recipient (message, IMSG_RECIPIENT_TYPE_TO, "Late", "l@x.example", NULL);
    }
}

static void
remove_first_cb (IMsgMessage *message)
{
  g_autoptr(IMsgRecipient) first =
    g_list_model_get_item (imsg_message_get_recipients (message), 0);

  if (first != NULL)
    imsg_message_remove_recipient (message, imsg_recipient_get_row_id (first), NULL);
}

static gboolean
save (IMsgMessage  *message,
      GError      **error)
{
  return imsg_message_save (message, IMSG_SAVE_KEEP_OPEN_READWRITE, NULL, error);
}

static gboolean
save_read_only (IMsgMessage  *message,
                GError      **error)
{
  return imsg_message_save (message, IMSG_SAVE_NONE, NULL, error);
}

static gboolean
discard (IMsgMessage  *message,
         GError      **error)
{
  imsg_message_discard_changes (message);
  return TRUE;
}

static gboolean
change_page (IMsgMessage  *message,
             GError      **error)
{
  return imsg_message_set_code_page (message, 1251, error);
}

/* What hears, of which object, and what it does: 'm' the message, 'r' its last recipient, 'a' its
 * attachment */
static const struct
{
  const char *path;
  char        who;
  const char *signal;
  void      (*handler) (IMsgMessage *message);
  gboolean  (*act)     (IMsgMessage  *message,
                        GError      **error);
  int         code; /* 0 when it goes well */
} in_handlers[] = {
  { "prepared-closes", 'm', "property-changed", close_cb, save, IMSG_ERROR_CLOSED },
  { "row-id-closes", 'r', "property-changed", close_cb, save, 0 },
  { "row-id-removes", 'r', "property-changed", remove_first_cb, save, 0 },
  { "saved-closes", 'r', "notify::modified", close_cb, save, 0 },
  { "saved-adds", 'r', "notify::modified", add_many_cb, save, 0 },
  { "read-only-closes", 'r', "notify::writable", close_cb, save_read_only, 0 },
  { "discard-closes", 'r', "property-changed", close_cb, discard, 0 },
  { "discard-removes", 'r', "property-changed", remove_first_cb, discard, 0 },
  { "discard-attachment-closes", 'a', "property-changed", close_cb, discard, 0 },
  { "code-page-closes", 'a', "notify::file-name", close_cb, change_page, 0 },
};

static void
test_in_handler (gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  g_autoptr(IMsgMessage) message = new_message ();
  GListModel *recipients = imsg_message_get_recipients (message);
  IMsgPropertyObject *attachment = IMSG_PROPERTY_OBJECT (imsg_message_find_attachment (message, 0));
  g_autoptr(IMsgRecipient) third =
    imsg_message_add_recipient (message, IMSG_RECIPIENT_TYPE_TO, "Cyd", "c@x.example", NULL);
  g_autoptr(GError) error = NULL;
  gpointer who;

  /* Of what is in the message the list alone has the last reference */
  g_bytes_unref (test_save_message (message));
  g_clear_object (&third);
  who = g_list_model_get_item (recipients, 2);
  g_object_unref (who);
  g_object_unref (attachment);
  if (in_handlers[row].who == 'm')
    who = message;
  else if (in_handlers[row].who == 'a')
    who = attachment;
  g_assert_true (imsg_message_set_subject (message, "RE: Changed", &error));
  g_assert_true (imsg_property_object_set_string (who, IMSG_PR_DISPLAY_NAME, "Changed", &error));
  g_assert_true (imsg_message_remove_recipient (message, 0, &error));
  g_signal_connect_swapped (who, in_handlers[row].signal, G_CALLBACK (in_handlers[row].handler),
                            message);

  g_assert_cmpint (in_handlers[row].act (message, &error), ==, in_handlers[row].code == 0);
  if (in_handlers[row].code != 0)
    g_assert_error (error, IMSG_ERROR, in_handlers[row].code);
  if (in_handlers[row].handler == close_cb)
    g_assert_true (imsg_property_object_is_closed (IMSG_PROPERTY_OBJECT (message)));
}

static gboolean
fill_message (IMsgAttachment  *attachment,
              GError         **error)
{
  g_autoptr(IMsgMessage) message = imsg_attachment_create_message (attachment, error);

  return message != NULL;
}

static gboolean
fill_storage (IMsgAttachment  *attachment,
              GError         **error)
{
  g_autoptr(IMsgStorage) storage = imsg_attachment_create_storage (attachment, error);

  return storage != NULL;
}

static gboolean
fill_copy (IMsgAttachment  *attachment,
           GError         **error)
{
  g_autoptr(IMsgMessage) message = new_message ();

  return imsg_attachment_set_message (attachment, message, NULL, error);
}

static gboolean
fill_bytes (IMsgAttachment  *attachment,
            GError         **error)
{
  g_autoptr(GBytes) bytes = g_bytes_new_static ("1", 1);

  return imsg_attachment_set_bytes (attachment, bytes, error);
}

/* A message that is closed as the method of its attachment changes takes nothing more in */
static void
test_filled_in_handler (void)
{
  gboolean (*const fills[]) (IMsgAttachment  *attachment,
                             GError         **error) = {
    fill_message, fill_storage, fill_copy, fill_bytes,
  };

  for (guint i = 0; i < G_N_ELEMENTS (fills); i++)
    {
      g_autoptr(IMsgMessage) message = new_message ();
      g_autoptr(IMsgAttachment) attachment = imsg_message_create_attachment (message, NULL);
      g_autoptr(GError) error = NULL;

      g_signal_connect_swapped (attachment, "property-changed", G_CALLBACK (close_cb), message);
      g_assert_false (fills[i] (attachment, &error));
      g_assert_error (error, IMSG_ERROR, IMSG_ERROR_CLOSED);
    }
}

/* A message with one in its attachment that has the subject "Saved", which only a save of its own has
 * taken, and after that another one and a recipient */
static IMsgMessage *
new_half_saved (IMsgMessage **inner)
{
  g_autoptr(IMsgMessage) outer = new_message ();
  g_autoptr(IMsgAttachment) attachment = imsg_message_find_attachment (outer, 0);
  g_autoptr(IMsgRecipient) recipient = NULL;
  g_autoptr(GError) error = NULL;

  *inner = imsg_attachment_create_message (attachment, &error);
  imsg_message_set_subject (*inner, "Saved", &error);
  recipient = imsg_message_add_recipient (*inner, IMSG_RECIPIENT_TYPE_TO, "Ann", NULL, &error);
  imsg_message_save (*inner, IMSG_SAVE_LAYERED | IMSG_SAVE_KEEP_OPEN_READWRITE, NULL, &error);
  imsg_message_set_subject (*inner, "Not saved", &error);
  g_assert_no_error (error);
  return g_steal_pointer (&outer);
}

/* What is discarded as an embedded message closes may close it as well */
static void
test_closed_while_closing (void)
{
  IMsgMessage *inner = NULL;
  g_autoptr(IMsgMessage) outer = new_half_saved (&inner);
  g_autoptr(IMsgMessage) again = NULL;

  g_signal_connect (inner, "property-changed", G_CALLBACK (close_cb), NULL);
  imsg_message_close (inner);
  again = open_inner (outer);
  g_assert_cmpstr (imsg_message_get_subject (again), ==, "Saved");
  g_assert_finalize_object (inner);
}

static void
delete_first_cb (IMsgMessage *message)
{
  imsg_message_delete_attachment (message, 0, NULL);
}

/* Nor does it matter whether the attachment is still there in the end */
static void
test_deleted_while_closing (void)
{
  IMsgMessage *inner = NULL;
  g_autoptr(IMsgMessage) outer = new_half_saved (&inner);

  g_signal_connect_swapped (imsg_message_get_recipients (inner), "items-changed",
                            G_CALLBACK (delete_first_cb), outer);
  imsg_message_close (inner);
  g_assert_cmpuint (g_list_model_get_n_items (imsg_message_get_attachments (outer)), ==, 0);
  g_assert_finalize_object (inner);
}

static void
change_late_cb (GListModel  *list,
                guint        position,
                guint        removed,
                guint        added,
                IMsgMessage *message)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgRecipient) recipient = NULL;
  g_autoptr(IMsgAttachment) attachment = NULL;

  recipient = imsg_message_add_recipient (message, IMSG_RECIPIENT_TYPE_TO, "Late", NULL, &error);
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_CLOSED);
  g_clear_error (&error);
  attachment = imsg_message_create_attachment (message, &error);
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_CLOSED);
  imsg_message_discard_changes (message);
}

/* A message that is closing takes nothing in any more, and nothing comes back */
static void
test_changed_while_closing (void)
{
  IMsgMessage *message = new_message ();
  GListModel *lists[] = { imsg_message_get_recipients (message),
                          imsg_message_get_attachments (message) };
  g_autoptr(IMsgRecipient) first = g_list_model_get_item (lists[0], 0);
  g_autoptr(IMsgAttachment) attachment = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_true (imsg_message_delete_attachment (message, 0, &error));
  g_assert_true (imsg_message_remove_recipient (message, imsg_recipient_get_row_id (first), &error));
  attachment = imsg_message_create_attachment (message, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    g_signal_connect (lists[i], "items-changed", G_CALLBACK (change_late_cb), message);
  imsg_message_close (message);
  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    g_assert_cmpuint (g_list_model_get_n_items (lists[i]), ==, 0);
  g_assert_finalize_object (message);
}

/* Nor does it matter to a message that its attachment goes as that hears of a change in it */
static void
test_modified_deletes (void)
{
  g_autoptr(GBytes) bytes = new_nested_bytes ();
  g_autoptr(IMsgMessage) outer = test_open_message (bytes);
  g_autoptr(IMsgMessage) inner = open_inner (outer);
  IMsgAttachment *attachment = imsg_message_find_attachment (outer, 0);
  g_autoptr(GError) error = NULL;

  g_signal_connect_swapped (attachment, "notify::modified", G_CALLBACK (delete_first_cb), outer);
  g_object_add_weak_pointer (G_OBJECT (attachment), (gpointer *) &attachment);
  g_object_unref (attachment);
  g_assert_true (imsg_message_set_subject (inner, "Changed", &error));
  g_assert_no_error (error);
  g_assert_null (attachment);
  g_assert_true (imsg_property_object_is_closed (IMSG_PROPERTY_OBJECT (inner)));
}

static IMsgMessage *put_meanwhile; /* weak */

static void
create_again_cb (IMsgMessage     *closed,
                 IMsgAttachment  *attachment)
{
  g_autoptr(IMsgMessage) created = imsg_attachment_create_message (attachment, NULL);

  g_assert_nonnull (created);
  put_meanwhile = created;
  g_object_add_weak_pointer (G_OBJECT (created), (gpointer *) &put_meanwhile);
}

/* Who hears that what an attachment held is closed, as other data takes its place, may put yet other
 * data there: it gives way. */
static void
test_created_in_handler (void)
{
  gboolean (*const fills[]) (IMsgAttachment  *attachment,
                             GError         **error) = { fill_message, fill_storage };

  for (guint i = 0; i < G_N_ELEMENTS (fills); i++)
    {
      g_autoptr(IMsgMessage) outer = new_message ();
      g_autoptr(IMsgAttachment) attachment = imsg_message_create_attachment (outer, NULL);
      g_autoptr(IMsgMessage) first = NULL;
      g_autoptr(GError) error = NULL;

      first = imsg_attachment_create_message (attachment, &error);
      g_signal_connect (first, "closed", G_CALLBACK (create_again_cb), attachment);
      g_assert_true (fills[i] (attachment, &error));
      g_assert_no_error (error);
      g_assert_null (put_meanwhile);
    }
}

/* A new message in an attachment that was closed unsaved never was there */
static void
test_new_embedded_unsaved (void)
{
  static const struct
  {
    const char *data; /* what the attachment held before */
    gboolean    is_handed; /* whether the attachment itself was saved */
    int         method;
  } cases[] = {
    { NULL, FALSE, IMSG_ATTACHMENT_METHOD_NONE },
    { NULL, TRUE, IMSG_ATTACHMENT_METHOD_NONE },
    { "bytes", FALSE, IMSG_ATTACHMENT_METHOD_BY_VALUE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(IMsgMessage) message = new_message ();
      g_autoptr(IMsgAttachment) attachment = imsg_message_create_attachment (message, NULL);
      guint32 number = imsg_attachment_get_number (attachment);
      g_autoptr(IMsgMessage) inner = NULL;
      g_autoptr(IMsgMessage) read = NULL;
      g_autoptr(IMsgAttachment) read_attachment = NULL;
      g_autoptr(GBytes) bytes = NULL;
      g_autoptr(GError) error = NULL;

      if (cases[i].data != NULL)
        {
          g_autoptr(GBytes) data = g_bytes_new (cases[i].data, strlen (cases[i].data));

          g_assert_true (imsg_attachment_set_bytes (attachment, data, &error));
          g_bytes_unref (test_save_message (message));
        }
      inner = imsg_attachment_create_message (attachment, &error);
      if (cases[i].is_handed)
        g_assert_true (imsg_attachment_save (
          attachment, IMSG_SAVE_LAYERED | IMSG_SAVE_KEEP_OPEN_READWRITE, NULL, &error));
      imsg_message_close (inner);
      g_assert_cmpint (imsg_attachment_get_method (attachment), ==, cases[i].method);
      bytes = test_save_message (message);
      read = test_open_message (bytes);
      read_attachment = imsg_message_find_attachment (read, number);
      g_assert_cmpint (imsg_attachment_get_method (read_attachment), ==, cases[i].method);
      g_assert_cmpuint (imsg_attachment_get_size (read_attachment), ==,
                        cases[i].data != NULL ? strlen (cases[i].data) : 0);
    }
}

/* Of an attachment that has been saved, and may come back, the same holds */
static void
test_deleted_and_back (void)
{
  g_autoptr(GBytes) bytes = new_nested_bytes ();
  g_autoptr(IMsgMessage) outer = test_open_message (bytes);
  g_autoptr(IMsgMessage) inner = open_inner (outer);
  g_autoptr(IMsgRecipient) recipient =
    g_list_model_get_item (imsg_message_get_recipients (inner), 0);
  g_autoptr(IMsgAttachment) attachment = imsg_message_find_attachment (outer, 0);
  g_autoptr(GError) error = NULL;
  gpointer objects[] = { attachment, inner, recipient };

  g_assert_true (imsg_attachment_set_file_name (attachment, "saved.msg", &error));
  g_assert_true (imsg_attachment_save (
    attachment, IMSG_SAVE_LAYERED | IMSG_SAVE_KEEP_OPEN_READWRITE, NULL, &error));
  g_assert_true (imsg_message_delete_attachment (outer, 0, &error));
  for (guint i = 0; i < G_N_ELEMENTS (objects); i++)
    {
      g_assert_false (imsg_property_object_set_string (objects[i], IMSG_PR_DISPLAY_NAME, "Late",
                                                       &error));
      g_assert_error (error, IMSG_ERROR, IMSG_ERROR_OBJECT_DELETED);
      g_clear_error (&error);
    }
  imsg_message_discard_changes (outer);
  for (guint i = 0; i < G_N_ELEMENTS (objects); i++)
    g_assert_true (imsg_property_object_set_string (objects[i], IMSG_PR_DISPLAY_NAME, "Back",
                                                    &error));
  g_assert_no_error (error);
}

/* The storage of an embedded message is one of a message, however it was opened */
static void
test_opened_as_storage (void)
{
  g_autoptr(GBytes) bytes = new_nested_bytes ();
  g_autoptr(IMsgMessage) outer = test_open_message (bytes);
  g_autoptr(IMsgMessage) other = test_open_message (bytes);
  g_autoptr(IMsgAttachment) attachment = imsg_message_find_attachment (outer, 0);
  g_autoptr(IMsgAttachment) other_attachment = imsg_message_find_attachment (other, 0);
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgStorage) storage = imsg_attachment_open_storage (attachment, NULL, &error);
  g_autoptr(IMsgMessage) inner = NULL;
  g_autoptr(IMsgMessage) refused = NULL;

  g_assert_no_error (error);
  g_assert_cmpint (imsg_attachment_get_method (attachment), ==,
                   IMSG_ATTACHMENT_METHOD_EMBEDDED_MESSAGE);
  inner = open_inner (outer);
  g_assert_nonnull (inner);

  g_assert_true (imsg_attachment_set_storage (other_attachment, storage, &error));
  g_assert_cmpint (imsg_attachment_get_method (other_attachment), ==,
                   IMSG_ATTACHMENT_METHOD_EMBEDDED_MESSAGE);
  refused = imsg_attachment_open_message (other_attachment, NULL, &error);
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_NO_ACCESS);
  g_assert_null (refused);
  g_bytes_unref (test_save_message (other));
  refused = open_inner (other);
  g_assert_cmpstr (imsg_message_get_subject (refused), ==, imsg_message_get_subject (inner));
}

/* Text of an embedded message that is read in another code page is told of, and it may be let go of
 * then */
static void
test_code_page_closes_inner (void)
{
  g_autoptr(GBytes) bytes = new_nested_bytes ();
  g_autoptr(IMsgMessage) outer = test_open_message (bytes);
  IMsgMessage *inner = open_inner (outer);
  g_autoptr(GError) error = NULL;

  g_signal_connect (inner, "notify::subject", G_CALLBACK (close_cb), NULL);
  g_object_add_weak_pointer (G_OBJECT (inner), (gpointer *) &inner);
  g_object_unref (inner);
  g_assert_true (imsg_message_set_code_page (outer, 1251, &error));
  g_assert_no_error (error);
  g_assert_null (inner);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/imsg/lifetime/delete-embedded", test_delete_embedded);
  g_test_add_func ("/imsg/lifetime/session-in-handler", test_session_in_handler);
  g_test_add_func ("/imsg/lifetime/outer-let-go", test_outer_let_go);
  g_test_add_func ("/imsg/lifetime/copy-in-handler", test_copy_in_handler);
  g_test_add_func ("/imsg/lifetime/copy-onto-outer", test_copy_onto_outer);
  g_test_add_func ("/imsg/lifetime/set-from-inside", test_set_from_inside);
  TEST_ADD_TABLE ("/imsg/lifetime/in-handler", in_handlers, test_in_handler);
  g_test_add_func ("/imsg/lifetime/filled-in-handler", test_filled_in_handler);
  g_test_add_func ("/imsg/lifetime/closed-while-closing", test_closed_while_closing);
  g_test_add_func ("/imsg/lifetime/deleted-while-closing", test_deleted_while_closing);
  g_test_add_func ("/imsg/lifetime/changed-while-closing", test_changed_while_closing);
  g_test_add_func ("/imsg/lifetime/modified-deletes", test_modified_deletes);
  g_test_add_func ("/imsg/lifetime/created-in-handler", test_created_in_handler);
  g_test_add_func ("/imsg/lifetime/new-embedded-unsaved", test_new_embedded_unsaved);
  g_test_add_func ("/imsg/lifetime/deleted-and-back", test_deleted_and_back);
  g_test_add_func ("/imsg/lifetime/opened-as-storage", test_opened_as_storage);
  g_test_add_func ("/imsg/lifetime/code-page-closes-inner", test_code_page_closes_inner);

  return g_test_run ();
}
