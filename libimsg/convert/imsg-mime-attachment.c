/* imsg-mime-attachment.c - attachments as MIME parts
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-blob-private.h"
#include "imsg-limits-private.h"
#include "imsg-mime-header-private.h"
#include "imsg-property-tags.h"
#include "imsg-vcard.h"

#include <glib/gi18n-lib.h>

/* Content types that say how a message is built; as the type of plain bytes they would lie, and
 * RFC 2045 6.4 allows no base64 in them. */
static const char *const structural_types[] = {
  "multipart/", "message/", "application/applefile", "application/mac-binhex40",
};

/* Of a type that is told. */
#define MAX_TOLD_CHARACTERS 100

static char *
get_text (IMsgAttachment *attachment,
          guint32         tag)
{
  char *text = imsg_property_object_get_string (IMSG_PROPERTY_OBJECT (attachment), tag);

  if (text != NULL && *text == '\0')
    g_clear_pointer (&text, g_free);
  return text;
}

char *
_imsg_mime_guess_type (const char *file_name)
{
  g_autofree char *guessed = g_content_type_guess (file_name, NULL, 0, NULL);
  g_autofree char *mime_type = guessed != NULL ? g_content_type_get_mime_type (guessed) : NULL;

  if (mime_type == NULL || g_ascii_strncasecmp (mime_type, "message/", 8) == 0 ||
      g_ascii_strncasecmp (mime_type, "multipart/", 10) == 0)
    return g_strdup ("application/octet-stream");
  return g_steal_pointer (&mime_type);
}

/* The stored type when it can be one, else what the name suggests. */
static char *
choose_mime_type (IMsgAttachment *attachment)
{
  const char *stored = imsg_attachment_get_mime_type (attachment);
  gboolean is_usable = stored != NULL && strchr (stored, '/') != NULL && g_str_is_ascii (stored) &&
                       strlen (stored) <= IMSG_MAX_MIME_TYPE_BYTES;

  for (guint i = 0; i < G_N_ELEMENTS (structural_types) && is_usable; i++)
    is_usable = g_ascii_strncasecmp (stored, structural_types[i],
                                     strlen (structural_types[i])) != 0;
  return is_usable ? _imsg_mime_clean_value (stored)
                   : _imsg_mime_guess_type (imsg_attachment_get_file_name (attachment));
}

static void
set_time_parameter (GMimeObject    *part,
                    const char     *parameter,
                    IMsgAttachment *attachment,
                    guint32         tag)
{
  g_autoptr(GDateTime) time =
    imsg_property_object_get_datetime (IMSG_PROPERTY_OBJECT (attachment), tag);
  g_autofree char *text = NULL;

  if (time == NULL)
    return;
  text = g_mime_utils_header_format_date (time);
  g_mime_object_set_content_disposition_parameter (part, parameter, text);
}

/* A header never holds a line end, and an address is ASCII. */
static void
set_uri_header (GMimeObject *part,
                const char  *header,
                const char  *uri)
{
  g_autofree char *escaped = NULL;

  if (uri == NULL)
    return;
  escaped = g_uri_escape_string (uri, G_URI_RESERVED_CHARS_GENERIC_DELIMITERS
                                        G_URI_RESERVED_CHARS_SUBCOMPONENT_DELIMITERS "%", FALSE);
  g_mime_object_set_header (part, header, escaped, NULL);
}

void
_imsg_mime_set_content_id (GMimeObject *part,
                           const char  *content_id)
{
  g_autofree char *clean = g_strdup (content_id != NULL ? content_id : "");

  g_strdelimit (clean, "<> \t\r\n", ' ');
  g_strstrip (clean);
  if (*clean != '\0')
    g_mime_object_set_content_id (part, clean);
}

/* RFC 2045 5.1 */
static gboolean
is_token (const char *text)
{
  for (const char *c = text; *c != '\0'; c++)
    if (*c <= ' ' || *c >= 0x7F || strchr ("()<>@,;:\\\"/[]?=", *c) != NULL)
      return FALSE;
  return *text != '\0';
}

guint
_imsg_mime_get_code_page (IMsgAttachment *attachment)
{
  IMsgMessage *message = imsg_attachment_get_message (attachment);

  return message != NULL ? imsg_message_get_code_page (message) : 0;
}

void
_imsg_mime_describe_part (GMimeObject    *part,
                          IMsgAttachment *attachment,
                          const char     *file_name,
                          gboolean        is_inline)
{
  g_autofree char *clean_name = _imsg_mime_clean_value (file_name);
  g_autofree char *location = get_text (attachment, IMSG_PR_ATTACH_CONTENT_LOCATION);
  g_autofree char *base = get_text (attachment, IMSG_PR_ATTACH_CONTENT_BASE);
  g_autofree char *description = get_text (attachment, IMSG_PR_DISPLAY_NAME);

  g_mime_object_set_disposition (part, is_inline ? "inline" : "attachment");
  if (GMIME_IS_PART (part))
    g_mime_part_set_filename (GMIME_PART (part), clean_name);
  else
    g_mime_object_set_content_disposition_parameter (part, "filename", clean_name);
  set_time_parameter (part, "creation-date", attachment, IMSG_PR_CREATION_TIME);
  set_time_parameter (part, "modification-date", attachment, IMSG_PR_LAST_MODIFICATION_TIME);
  if (description != NULL && strcmp (description, file_name) != 0)
    {
      g_strdelimit (description, "\r\n", ' ');
      g_mime_object_set_header (part, "Content-Description", description, "utf-8");
    }
  _imsg_mime_set_content_id (part, imsg_attachment_get_content_id (attachment));
  /* HTML in an e-mail refers to a part by its id or location, never by the name of a file */
  set_uri_header (part, "Content-Location",
                  location == NULL && is_inline && g_mime_object_get_content_id (part) == NULL
                    ? file_name
                    : location);
  set_uri_header (part, "Content-Base", base);
}

static GMimeObject *
build_by_value (IMsgMimeExport *export,
                IMsgAttachment *attachment,
                gboolean        is_inline)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GInputStream) stream =
    imsg_attachment_open_stream (attachment, export->cancellable, &error);
  g_autoptr(GInputStream) data = NULL;
  const char *stored = imsg_attachment_get_mime_type (attachment);
  g_autofree char *clean = stored != NULL ? _imsg_mime_clean_value (stored) : NULL;
  g_autofree char *mime_type = choose_mime_type (attachment);
  g_autofree char *charset = get_text (attachment, IMSG_TAG_TEXT_ATTACHMENT_CHARSET);
  const char *file_name = imsg_attachment_get_file_name (attachment);
  GMimePart *part;

  if (stream == NULL)
    {
      _imsg_mime_add_loss (export, file_name, "%s", error->message);
      return NULL;
    }
  if (clean != NULL && strchr (clean, '/') != NULL && strcmp (clean, mime_type) != 0)
    {
      g_autofree char *told = g_utf8_substring (clean, 0, MIN (g_utf8_strlen (clean, -1),
                                                               MAX_TOLD_CHARACTERS));

      _imsg_mime_add_loss (export, file_name, _("The type %s goes out as %s"), told, mime_type);
    }
  data = _imsg_mime_open_data_fork (export, attachment, stream);
  part = _imsg_mime_file_part_new (export, mime_type, GMIME_CONTENT_ENCODING_BASE64, data,
                                   file_name);
  if (charset != NULL && is_token (charset) &&
      g_ascii_strncasecmp (mime_type, "text/", 5) == 0)
    g_mime_object_set_content_type_parameter (GMIME_OBJECT (part), "charset", charset);
  _imsg_mime_describe_part (GMIME_OBJECT (part), attachment, file_name, is_inline);
  return GMIME_OBJECT (part);
}

static void
add_losses (IMsgMimeExport *export,
            GPtrArray      *losses)
{
  for (guint i = 0; i < losses->len; i++)
    _imsg_problem_list_add (export->losses, imsg_problem_ref (g_ptr_array_index (losses, i)));
}

/* A clear-signed message inside another: its bytes must stay, so it goes in written out. */
static GMimeObject *
build_written_out (IMsgMimeExport *export,
                   IMsgMessage    *message,
                   GError        **error)
{
  g_autoptr(IMsgSpool) spool = _imsg_spool_new ();
  g_autoptr(GPtrArray) losses = NULL;
  g_autoptr(IMsgBlob) blob = NULL;
  g_autoptr(GInputStream) stream = NULL;

  if (!imsg_message_export_mime_full (message, G_OUTPUT_STREAM (spool), export->flags,
                                      export->cancellable, &losses, error))
    return NULL;
  add_losses (export, losses);
  blob = _imsg_spool_snapshot (spool, error);
  if (blob == NULL)
    return NULL;
  stream = _imsg_blob_open_stream (blob);
  return GMIME_OBJECT (_imsg_mime_file_part_new (export, "message/rfc822",
                                                 GMIME_CONTENT_ENCODING_8BIT, stream,
                                                 imsg_message_get_subject (message)));
}

/* A contact has nothing that an e-mail could show: others know it as a card ([MS-OXCMAIL]
 * 2.1.3.4.6). */
static GMimeObject *
build_card (IMsgMimeExport *export,
            IMsgMessage    *message,
            GError        **error)
{
  g_autoptr(GOutputStream) memory = g_memory_output_stream_new_resizable ();
  g_autoptr(GPtrArray) losses = NULL;

  if (!imsg_message_export_vcard (message, memory, export->cancellable, &losses, error))
    return NULL;
  add_losses (export, losses);
  return GMIME_OBJECT (_imsg_mime_build_text_part (
    "vcard", g_memory_output_stream_get_data (G_MEMORY_OUTPUT_STREAM (memory)),
    g_memory_output_stream_get_data_size (G_MEMORY_OUTPUT_STREAM (memory))));
}

static GMimeObject *
build_embedded (IMsgMimeExport *export,
                IMsgAttachment *attachment)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgMessage) message =
    imsg_attachment_open_message (attachment, export->cancellable, &error);
  IMsgMimeExport inner = *export;
  const char *subject;
  const char *shown = imsg_attachment_get_file_name (attachment);
  gboolean is_card = message != NULL && imsg_message_is_contact (message);
  g_autofree char *file_name = NULL;
  GMimeObject *part = NULL;

  inner.depth++;
  if (message != NULL && inner.depth > imsg_limit_get_default (IMSG_LIMIT_NESTING))
    g_set_error_literal (&error, IMSG_ERROR, IMSG_ERROR_TOO_BIG, _("Messages are nested too deep"));
  else if (is_card)
    part = build_card (&inner, message, &error);
  else if (message != NULL && _imsg_mime_find_signed_entity (message) != NULL)
    part = build_written_out (&inner, message, &error);
  else if (message != NULL)
    {
      g_autoptr(GObject) mime = G_OBJECT (_imsg_mime_build_message (&inner, message, &error));

      if (mime != NULL)
        part = GMIME_OBJECT (
          g_mime_message_part_new_with_message ("rfc822", GMIME_MESSAGE (mime)));
    }
  if (part == NULL)
    {
      _imsg_mime_add_loss (export, shown, "%s", error->message);
      return NULL;
    }

  subject = imsg_message_get_subject (message);
  file_name = g_strconcat (subject != NULL && *subject != '\0' ? subject : shown,
                           is_card ? ".vcf" : ".eml", NULL);
  g_strdelimit (file_name, "/\\:*?\"<>|\r\n\t", '_');
  _imsg_mime_describe_part (part, attachment, file_name, FALSE);
  return part;
}

/* A reference is told, never followed: opening a path somebody else chose is how files leak. */
static GMimeObject *
build_reference (IMsgMimeExport *export,
                 IMsgAttachment *attachment)
{
  g_autofree char *path = get_text (attachment, IMSG_PR_ATTACH_LONG_PATHNAME);
  const char *file_name = imsg_attachment_get_file_name (attachment);
  g_autofree char *text = NULL;
  g_autofree char *text_name = NULL;
  GMimePart *part;

  if (path == NULL)
    path = get_text (attachment, IMSG_PR_ATTACH_PATHNAME);
  if (path == NULL)
    {
      _imsg_mime_add_loss (export, file_name,
                           _("The attachment refers to a file without naming it"));
      return NULL;
    }
  if (imsg_attachment_get_method (attachment) == IMSG_ATTACHMENT_METHOD_BY_WEB_REFERENCE)
    {
      text = g_strconcat (path, "\r\n", NULL);
      part = _imsg_mime_build_text_part ("uri-list", text, strlen (text));
    }
  else
    {
      _imsg_mime_add_loss (export, file_name, _("Only the path of the file goes out: %s"), path);
      text = g_strconcat (path, "\n", NULL);
      part = _imsg_mime_build_text_part ("plain", text, strlen (text));
    }
  text_name = g_strconcat (file_name, ".txt", NULL);
  _imsg_mime_describe_part (GMIME_OBJECT (part), attachment, text_name, FALSE);
  return GMIME_OBJECT (part);
}

GMimeObject *
_imsg_mime_build_attachment (IMsgMimeExport *export,
                             IMsgAttachment *attachment,
                             gboolean        is_inline)
{
  switch (imsg_attachment_get_method (attachment))
    {
    case IMSG_ATTACHMENT_METHOD_BY_VALUE:
      return build_by_value (export, attachment, is_inline);
    case IMSG_ATTACHMENT_METHOD_BY_REFERENCE:
    case IMSG_ATTACHMENT_METHOD_BY_REFERENCE_RESOLVE:
    case IMSG_ATTACHMENT_METHOD_BY_REFERENCE_ONLY:
    case IMSG_ATTACHMENT_METHOD_BY_WEB_REFERENCE:
      return build_reference (export, attachment);
    case IMSG_ATTACHMENT_METHOD_EMBEDDED_MESSAGE:
      return build_embedded (export, attachment);
    case IMSG_ATTACHMENT_METHOD_OLE:
      return imsg_property_object_has_value (IMSG_PROPERTY_OBJECT (attachment),
                                             IMSG_PR_ATTACH_DATA_BIN)
               ? build_by_value (export, attachment, FALSE)
               : _imsg_mime_build_ole (export, attachment);
    case IMSG_ATTACHMENT_METHOD_NONE:
    default:
      _imsg_mime_add_loss (export, imsg_attachment_get_file_name (attachment),
                           _("The attachment has no data"));
      return NULL;
    }
}
