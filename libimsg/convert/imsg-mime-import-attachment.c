/* imsg-mime-import-attachment.c - MIME parts as attachments ([MS-OXCMAIL] 2.2.3.4)
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-attachment-private.h"
#include "imsg-mime-import-private.h"
#include "imsg-mime-private.h"
#include "imsg-mime-stream-private.h"
#include "imsg-property-tags.h"

/* PR_ATTACH_FLAGS: shown inside the HTML */
#define ATTACH_RENDERED_IN_BODY 0x4

/* What a part is called: by RFC 2231, RFC 2047 or raw; only what follows the last separator. */
static char *
choose_name (GMimeObject *part,
             guint        number)
{
  const char *name = GMIME_IS_PART (part) ? g_mime_part_get_filename (GMIME_PART (part)) : NULL;
  g_autofree char *valid = NULL;
  char *base;
  char *c;

  if (name == NULL)
    name = g_mime_object_get_content_disposition_parameter (part, "filename");
  if (name == NULL)
    name = g_mime_object_get_content_type_parameter (part, "name");
  if (name == NULL)
    {
      GMimeContentType *type = g_mime_object_get_content_type (part);
      const char *extension = "bin";

      if (type != NULL && g_mime_content_type_is_type (type, "text", "plain"))
        extension = "txt";
      else if (type != NULL && g_mime_content_type_is_type (type, "text", "html"))
        extension = "htm";
      else if (type != NULL && g_mime_content_type_is_type (type, "text", "calendar"))
        extension = "ics";
      else if (type != NULL && g_mime_content_type_is_type (type, "image", "*") &&
               g_str_is_ascii (g_mime_content_type_get_media_subtype (type)))
        extension = g_mime_content_type_get_media_subtype (type);
      return g_strdup_printf ("ATT%05u.%s", number + 1, extension);
    }
  valid = g_utf8_make_valid (name, -1);
  for (c = valid; *c != '\0'; c++)
    if ((guchar) *c < ' ' || strchr ("\":<>*?|", *c) != NULL)
      *c = '_';
  base = strrchr (valid, '/');
  base = base != NULL ? base + 1 : valid;
  c = strrchr (base, '\\');
  base = c != NULL ? c + 1 : base;
  g_strstrip (base);
  return *base != '\0' ? g_strdup (base) : g_strdup_printf ("ATT%05u.bin", number + 1);
}

static gboolean
describe (IMsgAttachment *attachment,
          GMimeObject    *part,
          const char     *mime_type,
          gboolean        is_inline,
          GError        **error)
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (attachment);
  const char *content_id = g_mime_object_get_content_id (part);
  const char *location = g_mime_object_get_header (part, "Content-Location");

  if (!imsg_property_object_set_string (object, IMSG_PR_ATTACH_MIME_TAG, mime_type, error))
    return FALSE;
  if (content_id != NULL)
    {
      g_autofree char *valid = g_utf8_make_valid (content_id, -1);

      if (!imsg_property_object_set_string (object, IMSG_PR_ATTACH_CONTENT_ID, valid, error))
        return FALSE;
    }
  if (location != NULL)
    {
      g_autofree char *valid = g_utf8_make_valid (location, -1);

      if (!imsg_property_object_set_string (object, IMSG_PR_ATTACH_CONTENT_LOCATION,
                                            g_strstrip (valid), error))
        return FALSE;
    }
  if (!is_inline || (content_id == NULL && location == NULL))
    return TRUE;
  return imsg_property_object_set_int (object, IMSG_PR_ATTACH_FLAGS, ATTACH_RENDERED_IN_BODY,
                                       error) &&
         imsg_property_object_set_boolean (object, IMSG_PR_ATTACHMENT_HIDDEN, TRUE, error);
}

/* The decoded content, through a spool: never whole in memory. */
static gboolean
import_bytes (IMsgMimeImport *import,
              IMsgAttachment *attachment,
              GMimePart      *part,
              GError        **error)
{
  g_autoptr(IMsgSpool) spool = _imsg_spool_new ();
  g_autoptr(IMsgBlob) blob = NULL;

  return _imsg_mime_decode_part (part, G_OUTPUT_STREAM (spool), import->cancellable, error) &&
         (blob = _imsg_spool_snapshot (spool, error)) != NULL &&
         _imsg_attachment_set_blob (attachment, blob, error);
}

IMsgBlob *
_imsg_mime_write_object (GMimeObject   *object,
                         GCancellable  *cancellable,
                         GError       **error)
{
  g_autoptr(IMsgSpool) spool = _imsg_spool_new ();
  g_autoptr(GObject) sink = G_OBJECT (_imsg_mime_sink_new (G_OUTPUT_STREAM (spool), TRUE,
                                                           cancellable));

  g_mime_object_write_to_stream (object, NULL, GMIME_STREAM (sink));
  return _imsg_mime_sink_finish (GMIME_STREAM (sink), error) ? _imsg_spool_snapshot (spool, error)
                                                             : NULL;
}

/* Any other object as the bytes it was written in. */
static gboolean
import_raw (IMsgMimeImport *import,
            IMsgAttachment *attachment,
            GMimeObject    *object,
            GError        **error)
{
  g_autoptr(IMsgBlob) blob = _imsg_mime_write_object (object, import->cancellable, error);

  return blob != NULL && _imsg_attachment_set_blob (attachment, blob, error);
}

static gboolean
import_embedded (IMsgMimeImport   *import,
                 IMsgAttachment   *attachment,
                 GMimeMessagePart *part,
                 GError          **error)
{
  GMimeMessage *mime = g_mime_message_part_get_message (part);
  g_autoptr(IMsgMessage) message = NULL;
  gboolean is_done;

  if (mime == NULL || import->depth + 1 >= import->max_depth)
    return import_raw (import, attachment, GMIME_OBJECT (part), error);
  message = imsg_attachment_create_message (attachment, error);
  if (message == NULL)
    return FALSE;
  import->depth++;
  is_done = _imsg_mime_import_message (import, message, mime, error);
  import->depth--;
  return is_done;
}

gboolean
_imsg_mime_import_attachment (IMsgMimeImport *import,
                              IMsgMessage    *message,
                              GMimeObject    *part,
                              gboolean        is_inline,
                              GError        **error)
{
  g_autoptr(IMsgAttachment) attachment = imsg_message_create_attachment (message, error);
  GMimeContentType *type = g_mime_object_get_content_type (part);
  g_autofree char *mime_type =
    type != NULL ? g_mime_content_type_get_mime_type (type) : g_strdup ("application/octet-stream");
  g_autofree char *name = NULL;
  gboolean is_done;

  if (attachment == NULL)
    return FALSE;
  if (!g_str_is_ascii (mime_type))
    {
      g_free (mime_type);
      mime_type = g_strdup ("application/octet-stream");
    }
  if (GMIME_IS_MESSAGE_PART (part))
    {
      GMimeMessage *inner = g_mime_message_part_get_message (GMIME_MESSAGE_PART (part));
      const char *subject = inner != NULL ? g_mime_message_get_subject (inner) : NULL;
      g_autofree char *shown = subject != NULL ? g_utf8_make_valid (subject, -1) : NULL;

      is_done = import_embedded (import, attachment, GMIME_MESSAGE_PART (part), error);
      return is_done && (shown == NULL || *shown == '\0' ||
                         imsg_property_object_set_string (IMSG_PROPERTY_OBJECT (attachment),
                                                          IMSG_PR_DISPLAY_NAME, shown, error));
    }

  is_done = GMIME_IS_PART (part) ? import_bytes (import, attachment, GMIME_PART (part), error)
                                 : import_raw (import, attachment, part, error);
  name = choose_name (part, imsg_attachment_get_number (attachment));
  return is_done && imsg_attachment_set_file_name (attachment, name, error) &&
         describe (attachment, part, mime_type, is_inline, error);
}
