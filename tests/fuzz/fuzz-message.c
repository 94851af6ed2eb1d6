/* fuzz-message.c - any bytes as a message file: every value read, edited, converted and saved
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "fuzz-main.h"
#include "imsg-body.h"
#include "imsg-icalendar.h"
#include "imsg-json.h"
#include "imsg-mime.h"
#include "imsg-property-tags.h"
#include "imsg-session.h"
#include "imsg-validate.h"
#include "imsg-vcard.h"

#include "../compound-util.h"

#include <string.h>

/* Values that are looked at one by one; all of them are in the JSON. */
#define PROPERTIES_MAX 200
#define DEPTH_MAX 8

static void read_message (IMsgMessage *message,
                          guint        depth);

/* A small message of each kind of thing, so that mutations start behind the container. */
static void
add_seed (GPtrArray  *seeds,
          const char *message_class,
          gboolean    is_nested)
{
  static const char html[] = "<html><body>body <b>bold</b><img src=\"cid:i@x\"></body></html>";
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgMessage) message = imsg_session_create_message (session, message_class, &error);
  g_autoptr(GBytes) data = g_bytes_new_static ("bytes", 5);

  g_assert_no_error (error);
  g_object_unref (imsg_message_add_recipient (message, IMSG_RECIPIENT_TYPE_TO, "To",
                                              "to@example.org", &error));
  imsg_message_set_subject (message, "Re: seed", &error);
  imsg_message_set_body (message, is_nested ? IMSG_BODY_FORMAT_HTML : IMSG_BODY_FORMAT_TEXT,
                         is_nested ? html : "plain", &error);
  imsg_property_object_resolve_name (IMSG_PROPERTY_OBJECT (message), IMSG_PS_PUBLIC_STRINGS,
                                     "Keywords", TRUE, &error);
  g_assert_no_error (error);
  if (is_nested)
    {
      g_autoptr(IMsgAttachment) attachment = imsg_message_create_attachment (message, &error);
      g_autoptr(IMsgAttachment) outer = imsg_message_create_attachment (message, &error);
      g_autoptr(IMsgMessage) embedded = imsg_attachment_create_message (outer, &error);

      imsg_attachment_set_bytes (attachment, data, &error);
      imsg_message_set_subject (embedded, "inner", &error);
      g_assert_no_error (error);
    }
  g_ptr_array_add (seeds, imsg_message_write_to_bytes (message, NULL, &error));
  g_assert_no_error (error);
  imsg_session_close (session);
}

/* A message whose properties are there twice, under one name */
static void
add_seed_with_properties_twice (GPtrArray *seeds)
{
  g_autoptr(IMsgDirectory) directory = compound_open_bytes (seeds->pdata[seeds->len - 1], NULL);
  g_autoptr(CompoundTree) tree = compound_tree_new_from_directory (directory);

  for (guint i = 1; i < tree->entries->len; i++)
    {
      const CompoundEntry *entry = &g_array_index (tree->entries, CompoundEntry, i);
      g_autofree char *name = _imsg_name_to_utf8 (entry->entry.name, entry->entry.n_units);

      if (entry->parent == 0 && strcmp (name, "__properties_version1.0") == 0)
        {
          compound_tree_add_blob (tree, 0, name, entry->blob);
          break;
        }
    }
  g_ptr_array_add (seeds, compound_tree_write (tree, 3, NULL));
}

void
fuzz_add_seeds (GPtrArray *seeds)
{
  add_seed (seeds, "IPM.Note", TRUE);
  add_seed (seeds, "IPM.Note", FALSE);
  add_seed (seeds, "IPM.Appointment", FALSE);
  add_seed (seeds, "IPM.Contact", FALSE);
  add_seed_with_properties_twice (seeds);
}

static void
read_properties (IMsgPropertyObject *object)
{
  GListModel *properties = imsg_property_object_get_properties (object);
  guint n = MIN (g_list_model_get_n_items (properties), PROPERTIES_MAX);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr(IMsgProperty) property = g_list_model_get_item (properties, i);
      g_autofree char *shown = imsg_property_dup_display_value (property);
      g_autofree char *readable = imsg_property_dup_readable_value (property);

      g_assert_true (shown == NULL || g_utf8_validate (shown, -1, NULL));
      g_assert_true (readable == NULL || g_utf8_validate (readable, -1, NULL));
    }
}

static void
read_attachment (IMsgAttachment *attachment,
                 guint           depth)
{
  g_autofree char *name = imsg_attachment_dup_safe_file_name (attachment);
  g_autoptr(IMsgMessage) embedded = NULL;

  read_properties (IMSG_PROPERTY_OBJECT (attachment));
  g_assert_true (g_utf8_validate (name, -1, NULL));
  g_assert_null (strpbrk (name, "/\\\r\n"));
  if (imsg_attachment_get_method (attachment) != IMSG_ATTACHMENT_METHOD_EMBEDDED_MESSAGE ||
      depth >= DEPTH_MAX)
    return;
  embedded = imsg_attachment_open_message (attachment, NULL, NULL);
  if (embedded != NULL)
    read_message (embedded, depth + 1);
}

static void
read_message (IMsgMessage *message,
              guint        depth)
{
  static const IMsgBodyFormat formats[] = { IMSG_BODY_FORMAT_TEXT, IMSG_BODY_FORMAT_RTF,
                                            IMSG_BODY_FORMAT_HTML };
  GListModel *recipients = imsg_message_get_recipients (message);
  GListModel *attachments = imsg_message_get_attachments (message);

  read_properties (IMSG_PROPERTY_OBJECT (message));
  for (guint i = 0; i < MIN (g_list_model_get_n_items (recipients), 16); i++)
    {
      g_autoptr(IMsgPropertyObject) recipient = g_list_model_get_item (recipients, i);

      read_properties (recipient);
    }
  for (guint i = 0; i < MIN (g_list_model_get_n_items (attachments), 16); i++)
    {
      g_autoptr(IMsgAttachment) attachment = g_list_model_get_item (attachments, i);

      read_attachment (attachment, depth);
    }
  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    {
      g_autofree char *body = imsg_message_get_body (message, formats[i], NULL, NULL);

      g_assert_true (body == NULL || g_utf8_validate (body, -1, NULL));
    }
}

static void
convert (IMsgMessage *message)
{
  g_autoptr(GOutputStream) memory = g_memory_output_stream_new_resizable ();
  g_autofree char *json =
    imsg_message_to_json (message, IMSG_JSON_COMPLETE | IMSG_JSON_BODIES, NULL, NULL);

  g_assert_true (json == NULL || g_utf8_validate (json, -1, NULL));
  imsg_message_export_mime (message, memory, NULL, NULL);
  if (imsg_message_is_calendar (message))
    imsg_message_export_icalendar (message, memory, NULL, NULL, NULL);
  if (imsg_message_is_contact (message))
    imsg_message_export_vcard (message, memory, NULL, NULL, NULL);
}

static void
edit (IMsgMessage *message)
{
  GListModel *attachments = imsg_message_get_attachments (message);
  g_autoptr(IMsgAttachment) first = g_list_model_get_item (attachments, 0);
  g_autoptr(IMsgRecipient) recipient = imsg_message_add_recipient (
    message, IMSG_RECIPIENT_TYPE_CC, "Cc", "cc@example.org", NULL);

  imsg_message_set_subject (message, "edited", NULL);
  imsg_message_set_body (message, IMSG_BODY_FORMAT_TEXT, "edited", NULL);
  if (recipient != NULL)
    imsg_property_object_set_int (IMSG_PROPERTY_OBJECT (recipient), IMSG_PR_RECIPIENT_TYPE, 3, NULL);
  if (first != NULL)
    imsg_message_delete_attachment (message, imsg_attachment_get_number (first), NULL);
}

/* Saved it can be opened, and has what was put in; in a file with a name twice the second is reached
 * when the first was deleted. */
static void
save (IMsgSession *session,
      IMsgMessage *message,
      gboolean     is_sound)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) saved = imsg_message_write_to_bytes (message, NULL, &error);
  g_autoptr(IMsgMessage) again = NULL;

  if (saved == NULL)
    {
      g_assert_nonnull (error);
      return;
    }
  again = imsg_session_open_message_from_bytes (session, saved, IMSG_OPEN_READ_ONLY, NULL, &error);
  g_assert_no_error (error);
  if (!is_sound)
    return;
  g_assert_cmpuint (g_list_model_get_n_items (imsg_message_get_recipients (again)), ==,
                    g_list_model_get_n_items (imsg_message_get_recipients (message)));
  g_assert_cmpuint (g_list_model_get_n_items (imsg_message_get_attachments (again)), ==,
                    g_list_model_get_n_items (imsg_message_get_attachments (message)));
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         n_bytes)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(GBytes) bytes = g_bytes_new (data, n_bytes);
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgMessage) message = imsg_session_open_message_from_bytes (
    session, bytes, IMSG_OPEN_MODIFY, NULL, &error);
  g_autoptr(IMsgStorage) storage = imsg_storage_open_bytes (bytes, IMSG_STORAGE_READ, NULL, NULL);
  g_autoptr(GPtrArray) findings = NULL;
  g_autoptr(GPtrArray) storage_problems = NULL;

  if (storage != NULL)
    storage_problems = imsg_storage_list_problems (storage);
  if (storage != NULL)
    findings = imsg_storage_validate_message (
      storage, IMSG_VALIDATE_FORMAT | IMSG_VALIDATE_OUTLOOK, NULL, NULL);
  if (message == NULL)
    {
      g_assert_nonnull (error);
      return 0;
    }
  read_message (message, 0);
  convert (message);
  edit (message);
  save (session, message, storage_problems->len == 0);
  imsg_session_close (session);
  return 0;
}
