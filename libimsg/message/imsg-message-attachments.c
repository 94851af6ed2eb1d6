/* imsg-message-attachments.c - the attachments of a message
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-attachment-private.h"
#include "imsg-property-tags.h"
#include "imsg-rtf-compression-private.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>

/* HTML over this size is not searched for what it shows */
#define SEARCHED_BYTES (64 << 20)

/* RTF says before any text what it was made of */
#define HEADER_BYTES 1024

/* Content ids after "cid:", in any of the ways HTML lets one end. */
static void
collect_references (GHashTable *references,
                    const char *html)
{
  for (const char *at = html; *at != '\0'; at++)
    {
      gsize length;

      if ((*at != 'c' && *at != 'C') || g_ascii_strncasecmp (at, "cid:", 4) != 0)
        continue;
      at += 4;
      length = strcspn (at, "\"'<>() \t\r\n;&");
      if (length > 0 && length < 1024)
        {
          g_autofree char *text = g_strndup (at, length);
          char *plain = g_uri_unescape_string (text, NULL);

          g_hash_table_add (references, plain != NULL ? plain : g_steal_pointer (&text));
        }
      at += length;
      if (*at == '\0')
        break;
    }
}

static char *
read_html (IMsgPropertyObject *object,
           guint32             tag)
{
  g_autoptr(GBytes) bytes = NULL;

  if (IMSG_TAG_TYPE (tag) == IMSG_PROPERTY_TYPE_UNICODE)
    return imsg_property_object_get_string (object, tag);
  bytes = imsg_property_object_get_raw (object, tag, NULL);
  return bytes != NULL ? g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes)) : NULL;
}

static gboolean
is_rtf_syntax (char character)
{
  return character == '\\' || character == '{' || character == '}';
}

/* The HTML that RTF was made of has its tags as they were, each in a group: enough to be searched,
 * with what is none of its text as the beginning of another tag. */
static char *
read_encapsulated_html (IMsgPropertyObject *object)
{
  g_autoptr(GBytes) compressed =
    imsg_property_object_get_raw (object, IMSG_PR_RTF_COMPRESSED, NULL);
  g_autoptr(GBytes) rtf = NULL;
  GString *text;
  const char *data;
  gsize n_bytes;

  if (compressed != NULL)
    rtf = _imsg_rtf_decompress (g_bytes_get_data (compressed, NULL), g_bytes_get_size (compressed),
                                SEARCHED_BYTES, NULL, NULL);
  if (rtf == NULL)
    return NULL;
  data = g_bytes_get_data (rtf, &n_bytes);
  if (n_bytes == 0 ||
      g_strstr_len (data, (gssize) MIN (n_bytes, HEADER_BYTES), "\\fromhtml1") == NULL)
    return NULL;
  text = g_string_sized_new (n_bytes);
  for (gsize i = 0; i < n_bytes; i++)
    {
      if (data[i] == '\\' && i + 1 < n_bytes && is_rtf_syntax (data[i + 1]))
        g_string_append_c (text, data[++i]);
      else if (is_rtf_syntax (data[i]) || data[i] == '\0')
        g_string_append_c (text, '<');
      else if (data[i] != '\r' && data[i] != '\n')
        g_string_append_c (text, data[i]);
    }
  return g_string_free (text, FALSE);
}

gboolean
_imsg_message_refers_to (IMsgMessage *self,
                         const char  *content_id)
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (self);
  IMsgPropertySlot slot;

  if (self->references == NULL)
    {
      g_autofree char *html = NULL;

      self->references = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
      if (!_imsg_property_object_lookup (object, IMSG_PR_HTML, &slot))
        html = read_encapsulated_html (object);
      else if (imsg_property_object_get_value_size (object, slot.tag) <= SEARCHED_BYTES)
        html = read_html (object, slot.tag);
      if (html != NULL)
        collect_references (self->references, html);
    }
  return g_hash_table_contains (self->references, content_id);
}

/**
 * imsg_message_get_attachments:
 * @self: a message
 *
 * Gets the list of its attachments, in the order of their numbers.
 *
 * Hidden ones are in it as well. The items are made when they are asked for.
 * Source: `IMessage::GetAttachmentTable`; [MS-OXMSG] 2.2.2.
 *
 * Returns: (transfer none): a list of [class@IMsg.Attachment]; empty once @self is closed
 * Since: 1.0
 */
GListModel *
imsg_message_get_attachments (IMsgMessage *self)
{
  g_return_val_if_fail (IMSG_IS_MESSAGE (self), NULL);

  _imsg_message_ensure_lists (self);
  return G_LIST_MODEL (self->attachments);
}

/**
 * imsg_message_find_attachment:
 * @self: a message
 * @number: the number of an attachment
 *
 * Finds an attachment by its number (`IMessage::OpenAttach`).
 *
 * Returns: (transfer full) (nullable): the attachment, the same object each time, or %NULL when
 *   there is none with that number
 * Since: 1.0
 */
IMsgAttachment *
imsg_message_find_attachment (IMsgMessage *self,
                              guint32      number)
{
  guint position;

  g_return_val_if_fail (IMSG_IS_MESSAGE (self), NULL);

  _imsg_message_ensure_lists (self);
  if (!_imsg_object_list_find (self->attachments, number, &position))
    return NULL;
  return IMSG_ATTACHMENT (g_object_ref (_imsg_object_list_get (self->attachments, position)));
}

/**
 * imsg_message_create_attachment:
 * @self: a message
 * @error: return location for an error
 *
 * Adds an attachment, with no data yet.
 *
 * Its number has never been used in this message. It is in the file once the message is saved.
 *
 * Fails with %IMSG_ERROR_NO_ACCESS when @self is read-only, %IMSG_ERROR_TOO_BIG over the limit,
 * %IMSG_ERROR_CLOSED once @self is closed. Source: `IMessage::CreateAttach`.
 *
 * Returns: (transfer full): the attachment
 * Since: 1.0
 */
IMsgAttachment *
imsg_message_create_attachment (IMsgMessage  *self,
                                GError      **error)
{
  IMsgObjectSlot slot = { 0 };
  g_autoptr(IMsgAttachment) attachment = NULL;
  guint64 most;

  g_return_val_if_fail (IMSG_IS_MESSAGE (self), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (!_imsg_property_object_check_writable (IMSG_PROPERTY_OBJECT (self), error))
    return NULL;
  _imsg_message_ensure_lists (self);
  most = _imsg_message_get_limits (self)->values[IMSG_LIMIT_ATTACHMENTS];
  if (_imsg_object_list_get_length (self->attachments) >= most)
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_TOO_BIG,
                   g_dngettext (GETTEXT_PACKAGE,
                                "A message cannot have more than %" PRIu64 " attachment",
                                "A message cannot have more than %" PRIu64 " attachments",
                                most),
                   most);
      return NULL;
    }

  slot.number = _imsg_object_list_find_free (self->attachments, self->next_attachment);
  slot.index = slot.number;
  attachment = IMSG_ATTACHMENT (_imsg_attachment_make (self, &slot));
  if (!_imsg_attachment_init_new (attachment, error))
    {
      _imsg_property_object_close (IMSG_PROPERTY_OBJECT (attachment));
      return NULL;
    }
  self->next_attachment = slot.number + 1;
  slot.object = g_object_ref (IMSG_PROPERTY_OBJECT (attachment));
  self->attachments_touched = TRUE;
  _imsg_object_list_append (self->attachments, &slot);
  _imsg_message_structure_changed (self);
  return g_steal_pointer (&attachment);
}

/**
 * imsg_message_delete_attachment:
 * @self: a message
 * @number: the number of an attachment
 * @error: return location for an error
 *
 * Deletes an attachment.
 *
 * If it is open, it and what is open in it answer with %IMSG_ERROR_OBJECT_DELETED. The numbers of
 * the others do not change. It is gone from the file once the message is saved.
 *
 * Fails with %IMSG_ERROR_NOT_FOUND, %IMSG_ERROR_NO_ACCESS when @self is read-only,
 * %IMSG_ERROR_CLOSED once it is closed. Source: `IMessage::DeleteAttach`.
 *
 * Returns: whether it was deleted
 * Since: 1.0
 */
gboolean
imsg_message_delete_attachment (IMsgMessage  *self,
                                guint32       number,
                                GError      **error)
{
  guint position;

  g_return_val_if_fail (IMSG_IS_MESSAGE (self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (!_imsg_property_object_check_writable (IMSG_PROPERTY_OBJECT (self), error))
    return FALSE;
  _imsg_message_ensure_lists (self);
  if (!_imsg_object_list_find (self->attachments, number, &position))
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_NOT_FOUND, _("There is no attachment %u"), number);
      return FALSE;
    }

  self->attachments_touched = TRUE;
  _imsg_message_take_removed (self, self->attachments, position);
  _imsg_message_structure_changed (self);
  return TRUE;
}
