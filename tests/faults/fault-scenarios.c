/* fault-scenarios.c - the kinds of saves that faults are tried on
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "fault-scenarios.h"

#include <string.h>
#include <unistd.h>

/* Over what a source holds in memory: the save reads the old file. */
#define LARGE ((gsize) 300000)
/* Over what a spool holds in memory: it comes to a temporary file. */
#define SPOOLED ((gsize) 2500000)
#define N_LEVELS 3

static GBytes *
make_bytes (gsize n_bytes)
{
  guint8 *data = g_malloc (n_bytes);

  for (gsize i = 0; i < n_bytes; i++)
    data[i] = (i * 7 + (i >> 8)) & 0xFF;
  return g_bytes_new_take (data, n_bytes);
}

static void
assert_bytes (GBytes *bytes,
              gsize   n_bytes)
{
  g_autoptr(GBytes) expected = make_bytes (n_bytes);

  g_assert_nonnull (bytes);
  g_assert_true (g_bytes_equal (bytes, expected));
}

/* --- a storage: a stream that is copied and one that is edited --- */

static void
write_text (IMsgStorage *storage,
            const char  *text)
{
  g_autoptr(GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr(GError) error = NULL;

  imsg_storage_write_stream (storage, "text", bytes, &error);
  g_assert_no_error (error);
}

static char *
read_text (IMsgStorage *storage)
{
  g_autoptr(GBytes) text = imsg_storage_read_stream (storage, "text", NULL, NULL);

  return text != NULL ? g_strndup (g_bytes_get_data (text, NULL), g_bytes_get_size (text)) : NULL;
}

static gboolean
save_storage (GFile      *file,
              const char *text,
              FaultPlan  *plan)
{
  g_autoptr(IMsgStorage) storage = NULL;
  g_autofree char *kept = NULL;
  g_autoptr(GError) error = NULL;
  gboolean is_saved = FALSE;

  if (g_file_query_exists (file, NULL))
    storage = imsg_storage_open_file (file, IMSG_STORAGE_READ_WRITE, NULL, &error);
  else
    {
      g_autoptr(GBytes) large = make_bytes (LARGE);

      storage = imsg_storage_create_file (file, IMSG_STORAGE_REPLACE, &error);
      g_assert_no_error (error);
      imsg_storage_write_stream (storage, "large", large, &error);
    }
  g_assert_no_error (error);
  write_text (storage, text);
  fault_arm (plan);
  is_saved = imsg_storage_commit (storage, 0, NULL, &error);
  fault_arm (NULL);
  g_assert_true (is_saved == (error == NULL));
  kept = read_text (storage);
  plan->is_kept = imsg_storage_is_modified (storage) != is_saved && g_strcmp0 (kept, text) == 0;
  return is_saved;
}

static char *
read_storage (GFile *file)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgStorage) storage = imsg_storage_open_file (file, IMSG_STORAGE_READ, NULL, &error);
  g_autoptr(GBytes) large = NULL;

  g_assert_no_error (error);
  large = imsg_storage_read_stream (storage, "large", NULL, &error);
  g_assert_no_error (error);
  assert_bytes (large, LARGE);
  return read_text (storage);
}

/* --- messages: the subject is the text, the attachment is large --- */

static IMsgMessage *
create_message (IMsgSession *session,
                gsize        n_bytes)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgMessage) message = imsg_session_create_message (session, "IPM.Note", &error);
  g_autoptr(IMsgAttachment) attachment = imsg_message_create_attachment (message, &error);
  g_autoptr(GBytes) bytes = make_bytes (n_bytes);

  imsg_attachment_set_file_name (attachment, "large.bin", &error);
  imsg_attachment_set_bytes (attachment, bytes, &error);
  g_assert_no_error (error);
  return g_steal_pointer (&message);
}

static IMsgMessage *
open_or_create (IMsgSession *session,
                GFile       *file,
                gboolean    *is_there)
{
  g_autoptr(GError) error = NULL;
  IMsgMessage *message = NULL;

  *is_there = g_file_query_exists (file, NULL);
  if (!*is_there)
    return create_message (session, LARGE);
  message = imsg_session_open_message (session, file, IMSG_OPEN_MODIFY, NULL, &error);
  g_assert_no_error (error);
  return message;
}

static gboolean
save_or_save_as (IMsgMessage *message,
                 GFile       *file,
                 gboolean     is_there,
                 FaultPlan   *plan)
{
  const IMsgSaveFlags flags = IMSG_SAVE_KEEP_OPEN_READWRITE;
  g_autoptr(GError) error = NULL;
  gboolean is_saved = FALSE;

  fault_arm (plan);
  is_saved = is_there ? imsg_message_save (message, flags, NULL, &error)
                      : imsg_message_save_as (message, file, flags, NULL, &error);
  fault_arm (NULL);
  g_assert_true (is_saved == (error == NULL));
  return is_saved;
}

static gboolean
save_message (GFile      *file,
              const char *text,
              FaultPlan  *plan)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(GError) error = NULL;
  gboolean is_there = FALSE;
  g_autoptr(IMsgMessage) message = open_or_create (session, file, &is_there);
  gboolean is_saved = FALSE;

  imsg_message_set_subject (message, text, &error);
  g_assert_no_error (error);
  is_saved = save_or_save_as (message, file, is_there, plan);
  plan->is_kept = g_strcmp0 (imsg_message_get_subject (message), text) == 0 &&
                  imsg_property_object_is_modified (IMSG_PROPERTY_OBJECT (message)) != is_saved;
  return is_saved;
}

static gboolean
save_message_as (GFile      *file,
                 const char *text,
                 FaultPlan  *plan)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = create_message (session, LARGE);
  g_autoptr(GError) error = NULL;
  gboolean is_saved = FALSE;

  imsg_message_set_subject (message, text, &error);
  g_assert_no_error (error);
  is_saved = save_or_save_as (message, file, FALSE, plan);
  plan->is_kept = g_strcmp0 (imsg_message_get_subject (message), text) == 0;
  return is_saved;
}

/* As exports, templates and what is kept for recovery are written: the message stays unsaved. */
static gboolean
write_copy (GFile      *file,
            const char *text,
            FaultPlan  *plan)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = create_message (session, LARGE);
  g_autoptr(GError) error = NULL;
  gboolean is_written = FALSE;

  imsg_message_set_subject (message, text, &error);
  g_assert_no_error (error);
  fault_arm (plan);
  is_written = imsg_message_write_to_file (message, file, NULL, &error);
  fault_arm (NULL);
  g_assert_true (is_written == (error == NULL));
  plan->is_kept = g_strcmp0 (imsg_message_get_subject (message), text) == 0 &&
                  imsg_property_object_is_modified (IMSG_PROPERTY_OBJECT (message)) &&
                  imsg_message_get_file (message) == NULL;
  return is_written;
}

static char *
read_message_of_size (GFile *file,
                      gsize  n_old,
                      gsize  n_new)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgMessage) message = imsg_message_open_file (file, IMSG_OPEN_READ_ONLY, NULL, &error);
  g_autoptr(IMsgAttachment) attachment = NULL;
  g_autoptr(GPtrArray) problems = NULL;
  g_autoptr(GBytes) bytes = NULL;
  const char *subject = NULL;

  g_assert_no_error (error);
  subject = imsg_message_get_subject (message);
  attachment = g_list_model_get_item (imsg_message_get_attachments (message), 0);
  bytes = imsg_property_object_get_bytes (IMSG_PROPERTY_OBJECT (attachment),
                                          IMSG_PR_ATTACH_DATA_BIN);
  assert_bytes (bytes, g_strcmp0 (subject, "old") == 0 ? n_old : n_new);
  problems = imsg_message_list_problems (message);
  g_assert_cmpuint (problems->len, ==, 0);
  return g_strdup (subject);
}

static char *
read_message (GFile *file)
{
  return read_message_of_size (file, LARGE, LARGE);
}

/* --- the third of three messages, one in another --- */

static IMsgAttachment *
get_last_attachment (IMsgMessage *message)
{
  GListModel *attachments = imsg_message_get_attachments (message);

  return g_list_model_get_item (attachments, g_list_model_get_n_items (attachments) - 1);
}

/* From the inside out; a program that stops at the first failure has saved nothing. */
static gboolean
save_inner_levels (IMsgMessage    **messages,
                   IMsgAttachment **attachments)
{
  const IMsgSaveFlags flags = IMSG_SAVE_KEEP_OPEN_READWRITE;
  gboolean is_saved = TRUE;

  for (int i = N_LEVELS - 1; i > 0 && is_saved; i--)
    is_saved = imsg_message_save (messages[i], flags, NULL, NULL) &&
               imsg_attachment_save (attachments[i], flags, NULL, NULL);
  return is_saved;
}

static gboolean
save_nested (GFile      *file,
             const char *text,
             FaultPlan  *plan)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(GError) error = NULL;
  gboolean is_there = FALSE;
  IMsgMessage *messages[N_LEVELS] = { open_or_create (session, file, &is_there) };
  IMsgAttachment *attachments[N_LEVELS] = { NULL };
  gboolean is_saved = FALSE;

  for (guint i = 1; i < N_LEVELS; i++)
    {
      attachments[i] = is_there ? get_last_attachment (messages[i - 1])
                                : imsg_message_create_attachment (messages[i - 1], &error);
      messages[i] = is_there ? imsg_attachment_open_message (attachments[i], NULL, &error)
                             : imsg_attachment_create_message (attachments[i], &error);
      g_assert_no_error (error);
    }
  imsg_message_set_subject (messages[N_LEVELS - 1], text, &error);
  g_assert_no_error (error);
  fault_arm (plan);
  is_saved = save_inner_levels (messages, attachments) &&
             save_or_save_as (messages[0], file, is_there, plan);
  fault_arm (NULL);
  plan->is_kept = g_strcmp0 (imsg_message_get_subject (messages[N_LEVELS - 1]), text) == 0;
  for (guint i = 0; i < N_LEVELS; i++)
    {
      g_clear_object (&attachments[i]);
      g_clear_object (&messages[i]);
    }
  return is_saved;
}

static char *
read_nested (GFile *file)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgMessage) first = imsg_message_open_file (file, IMSG_OPEN_READ_ONLY, NULL, &error);
  g_autoptr(IMsgAttachment) attachment = NULL;
  g_autoptr(IMsgAttachment) inner_attachment = NULL;
  g_autoptr(IMsgMessage) second = NULL;
  g_autoptr(IMsgMessage) third = NULL;

  g_assert_no_error (error);
  attachment = get_last_attachment (first);
  second = imsg_attachment_open_message (attachment, NULL, &error);
  g_assert_no_error (error);
  inner_attachment = get_last_attachment (second);
  third = imsg_attachment_open_message (inner_attachment, NULL, &error);
  g_assert_no_error (error);
  return g_strdup (imsg_message_get_subject (third));
}

/* --- an attachment so large that it is spooled --- */

static gboolean
save_spooled (GFile      *file,
              const char *text,
              FaultPlan  *plan)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(GError) error = NULL;
  gboolean is_there = FALSE;
  g_autoptr(IMsgMessage) message = open_or_create (session, file, &is_there);
  g_autoptr(IMsgAttachment) attachment = get_last_attachment (message);
  g_autoptr(GBytes) bytes = make_bytes (SPOOLED);
  g_autoptr(GInputStream) stream = g_memory_input_stream_new_from_bytes (bytes);
  gboolean is_saved = FALSE;

  imsg_message_set_subject (message, text, &error);
  g_assert_no_error (error);
  plan->is_kept = TRUE;
  if (is_there)
    {
      fault_arm (plan);
      is_saved = imsg_attachment_set_stream (attachment, stream, NULL, NULL) &&
                 imsg_message_save (message, IMSG_SAVE_KEEP_OPEN_READWRITE, NULL, NULL);
      imsg_message_close (message);
      fault_arm (NULL);
    }
  else
    is_saved = save_or_save_as (message, file, FALSE, plan);
  return is_saved;
}

/* --- an attached file that is kept open until the save --- */

/* Beside the folder of the message, and not changed of late */
static GFile *
make_attached (GFile *file)
{
  g_autoptr(GFile) folder = g_file_get_parent (file);
  g_autoptr(GFile) above = g_file_get_parent (folder);
  GFile *attached = g_file_get_child (above, "attached.bin");
  g_autoptr(GBytes) bytes = make_bytes (SPOOLED);
  guint64 an_hour_ago = (guint64) g_get_real_time () / G_USEC_PER_SEC - 3600;

  g_assert_true (g_file_replace_contents (attached, g_bytes_get_data (bytes, NULL),
                                          g_bytes_get_size (bytes), NULL, FALSE,
                                          G_FILE_CREATE_NONE, NULL, NULL, NULL));
  g_assert_true (g_file_set_attribute_uint64 (attached, G_FILE_ATTRIBUTE_TIME_MODIFIED, an_hour_ago,
                                              G_FILE_QUERY_INFO_NONE, NULL, NULL));
  return attached;
}

static gboolean
save_attached (GFile      *file,
               const char *text,
               FaultPlan  *plan)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(GError) error = NULL;
  gboolean is_there = FALSE;
  g_autoptr(IMsgMessage) message = NULL;
  g_autoptr(IMsgAttachment) attachment = NULL;
  g_autoptr(GFile) attached = NULL;
  gboolean is_saved = FALSE;

  imsg_session_set_limit (session, IMSG_LIMIT_COPIED_FILE_BYTES, LARGE);
  message = open_or_create (session, file, &is_there);
  imsg_message_set_subject (message, text, &error);
  g_assert_no_error (error);
  plan->is_kept = TRUE;
  if (!is_there)
    return save_or_save_as (message, file, FALSE, plan);
  attachment = get_last_attachment (message);
  attached = make_attached (file);
  fault_arm (plan);
  is_saved = imsg_attachment_set_file (attachment, attached, NULL, NULL) &&
             imsg_message_save (message, IMSG_SAVE_KEEP_OPEN_READWRITE, NULL, NULL);
  imsg_message_close (message);
  fault_arm (NULL);
  g_file_delete (attached, NULL, NULL);
  return is_saved;
}

static char *
read_spooled (GFile *file)
{
  return read_message_of_size (file, LARGE, SPOOLED);
}

/* --- imsg set, as it is --- */

static gboolean
save_with_tool (GFile      *file,
                const char *text,
                FaultPlan  *plan)
{
  const char *tool = g_getenv ("IMSG_TOOL");
  g_autofree char *assignment = g_strconcat ("PR_SUBJECT=", text, NULL);

  if (!g_file_query_exists (file, NULL))
    return save_message (file, text, plan);
  plan->is_kept = TRUE;
  execl (tool, tool, "set", g_file_peek_path (file), assignment, NULL);
  _exit (127);
}

static const FaultScenario scenarios[] = {
  { "storage", "A storage, one stream edited", FALSE, save_storage, read_storage },
  { "message", "A message, its subject edited", FALSE, save_message, read_message },
  { "created", "A message that is new", TRUE, save_message_as, read_message },
  { "save-as", "A message saved over another file", FALSE, save_message_as, read_message },
  { "copy", "A copy of a message: an export, a template, or one for recovery", FALSE, write_copy,
    read_message },
  { "nested", "A message in a message in a message", FALSE, save_nested, read_nested },
  { "spooled", "An attachment that is spooled", FALSE, save_spooled, read_spooled },
  { "attached", "An attached file that is kept open", FALSE, save_attached, read_spooled },
  { "imsg-set", "`imsg set`, the whole program", FALSE, save_with_tool, read_message },
};

const FaultScenario *
fault_scenario_get_all (guint *n)
{
  *n = G_N_ELEMENTS (scenarios);
  return scenarios;
}
