/* imsg-mime-body.c - the body of an exported message, and what is shown inside it
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-body.h"
#include "imsg-html-private.h"
#include "imsg-icalendar-private.h"
#include "imsg-mime-private.h"
#include "imsg-property-tags.h"
#include "imsg-text-lines-private.h"

#include <glib/gi18n-lib.h>

/* A line of a 7-bit part, without its end: RFC 5322 2.1.1. */
#define MAX_LINE 998

static GMimeContentEncoding
choose_encoding (const char *text,
                 gsize       length)
{
  gsize n_high = 0;
  gsize line = 0;
  gboolean has_long_line = FALSE;

  for (gsize i = 0; i < length; i++)
    {
      if ((guchar) text[i] >= 0x80)
        n_high++;
      line = text[i] == '\n' ? 0 : line + 1;
      has_long_line = has_long_line || line > MAX_LINE;
    }
  if (n_high == 0 && !has_long_line)
    return GMIME_CONTENT_ENCODING_7BIT;
  /* quoted-printable triples a byte, base64 adds a third to all of them */
  return n_high < length / 6 ? GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE
                             : GMIME_CONTENT_ENCODING_BASE64;
}

GMimePart *
_imsg_mime_build_text_part (const char *subtype,
                            const char *text,
                            gsize       length)
{
  GMimePart *part = g_mime_part_new_with_type ("text", subtype);
  g_autoptr(GString) lines = g_string_sized_new (length);
  g_autofree char *with_crlf = NULL;
  g_autoptr(GObject) memory = NULL;
  g_autoptr(GObject) content = NULL;
  GMimeContentEncoding encoding;

  /* LF inside, also for a CR alone; the whole output gets CR LF. In base64 the line ends are CR LF
   * already. A NUL has no meaning in text, and readers end at it. */
  for (gsize i = 0; i < length; i++)
    if (text[i] == '\r' && (i + 1 >= length || text[i + 1] != '\n'))
      g_string_append_c (lines, '\n');
    else if (text[i] != '\0' && text[i] != '\r')
      g_string_append_c (lines, text[i]);
  encoding = choose_encoding (lines->str, lines->len);
  if (encoding == GMIME_CONTENT_ENCODING_BASE64)
    with_crlf = _imsg_text_end_lines (lines->str, "\r\n");

  memory = G_OBJECT (with_crlf != NULL
                       ? g_mime_stream_mem_new_with_buffer (with_crlf, strlen (with_crlf))
                       : g_mime_stream_mem_new_with_buffer (lines->str, lines->len));
  content = G_OBJECT (
    g_mime_data_wrapper_new_with_stream (GMIME_STREAM (memory), GMIME_CONTENT_ENCODING_DEFAULT));
  g_mime_part_set_content (part, GMIME_DATA_WRAPPER (content));
  g_mime_part_set_content_encoding (part, encoding);
  g_mime_object_set_content_type_parameter (GMIME_OBJECT (part), "charset", "utf-8");
  return part;
}

static GMimeObject *
build_body_part (IMsgMimeExport  *export,
                 IMsgMessage     *message,
                 IMsgBodyFormat   format,
                 char           **html_text)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgBody) body =
    imsg_message_read_body (message, format, export->cancellable, &error);
  g_autoptr(GBytes) bytes = NULL;
  const char *text;
  gsize length;
  GMimePart *part;

  if (body == NULL)
    {
      if (!g_error_matches (error, IMSG_ERROR, IMSG_ERROR_NOT_FOUND) &&
          !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        _imsg_mime_add_loss (export, "body", "%s", error->message);
      return NULL;
    }
  /* it is UTF-8 now, whatever it says of itself */
  bytes = format == IMSG_BODY_FORMAT_HTML ? _imsg_html_declare_utf8 (imsg_body_get_bytes (body))
                                          : g_bytes_ref (imsg_body_get_bytes (body));
  text = g_bytes_get_data (bytes, &length);
  part = _imsg_mime_build_text_part (format == IMSG_BODY_FORMAT_HTML ? "html" : "plain",
                                     text != NULL ? text : "", length);
  if (html_text != NULL)
    *html_text = g_strndup (text != NULL ? text : "", length);
  return GMIME_OBJECT (part);
}

static GMimeObject *
build_calendar_part (IMsgMimeExport *export,
                     IMsgMessage    *message)
{
  g_autoptr(GOutputStream) memory = g_memory_output_stream_new_resizable ();
  g_autoptr(GPtrArray) losses = NULL;
  g_autoptr(GError) error = NULL;
  const char *method = imsg_message_get_calendar_method (message);
  GMimePart *part;

  if (!_imsg_message_export_calendar_part (message, memory, export->cancellable, &losses, &error))
    {
      _imsg_mime_add_loss (export, "text/calendar", "%s", error->message);
      return NULL;
    }
  for (guint i = 0; losses != NULL && i < losses->len; i++)
    _imsg_problem_list_add (export->losses, imsg_problem_ref (g_ptr_array_index (losses, i)));
  part = _imsg_mime_build_text_part (
    "calendar", g_memory_output_stream_get_data (G_MEMORY_OUTPUT_STREAM (memory)),
    g_memory_output_stream_get_data_size (G_MEMORY_OUTPUT_STREAM (memory)));
  if (method != NULL && strcmp (method, "PUBLISH") != 0)
    g_mime_object_set_content_type_parameter (GMIME_OBJECT (part), "method", method);
  return GMIME_OBJECT (part);
}

/* Outlook marks what its HTML shows, even where the HTML was changed since. */
static gboolean
is_marked_inline (IMsgAttachment *attachment)
{
  return (imsg_property_object_get_int (IMSG_PROPERTY_OBJECT (attachment), IMSG_PR_ATTACH_FLAGS) &
          IMSG_ATTACH_RENDERED_IN_BODY) != 0;
}

/* Wraps the HTML in multipart/related with the attachments that are shown inside it. */
static GMimeObject *
add_inlined (IMsgMimeExport *export,
             IMsgMessage    *message,
             GMimeObject    *html,
             const char     *html_text,
             GHashTable     *inlined)
{
  GListModel *attachments = imsg_message_get_attachments (message);
  guint n_attachments = g_list_model_get_n_items (attachments);
  g_autoptr(GHashTable) shown = g_hash_table_new (NULL, NULL);
  GMimeMultipart *related = NULL;

  _imsg_mime_find_shown (message, html_text, shown);

  for (guint i = 0; i < n_attachments; i++)
    {
      g_autoptr(IMsgAttachment) attachment = g_list_model_get_item (attachments, i);
      g_autoptr(GObject) part = NULL;

      if (!(g_hash_table_contains (shown, attachment) || is_marked_inline (attachment)) ||
          imsg_attachment_get_method (attachment) != IMSG_ATTACHMENT_METHOD_BY_VALUE)
        continue;
      part = G_OBJECT (_imsg_mime_build_attachment (export, attachment, TRUE));
      if (part == NULL)
        continue;
      if (related == NULL)
        {
          related = g_mime_multipart_new_with_subtype ("related");
          g_mime_object_set_content_type_parameter (GMIME_OBJECT (related), "type", "text/html");
          g_mime_multipart_add (related, html);
          g_object_unref (html);
        }
      g_mime_multipart_add (related, GMIME_OBJECT (part));
      g_hash_table_add (inlined, attachment);
    }
  return related != NULL ? GMIME_OBJECT (related) : html;
}

GMimeObject *
_imsg_mime_build_body (IMsgMimeExport *export,
                       IMsgMessage    *message,
                       GHashTable     *inlined)
{
  IMsgBodyFormat native = IMSG_BODY_FORMAT_TEXT;
  gboolean has_body = imsg_message_get_native_body_format (message, &native);
  GMimeObject *parts[3] = { NULL };
  guint n_parts = 0;
  GMimeMultipart *alternative;

  if (has_body)
    parts[n_parts] = build_body_part (export, message, IMSG_BODY_FORMAT_TEXT, NULL);
  if (parts[n_parts] != NULL)
    n_parts++;
  if (has_body && native != IMSG_BODY_FORMAT_TEXT)
    {
      g_autofree char *html_text = NULL;
      GMimeObject *html = build_body_part (export, message, IMSG_BODY_FORMAT_HTML, &html_text);

      if (native == IMSG_BODY_FORMAT_RTF)
        _imsg_mime_add_loss (export, "PR_RTF_COMPRESSED", _("The rich text goes out as HTML"));
      if (html != NULL)
        {
          g_autofree char *content_id = _imsg_mime_get_text (message, IMSG_PR_BODY_CONTENT_ID);
          g_autofree char *location = _imsg_mime_get_text (message, IMSG_PR_BODY_CONTENT_LOCATION);

          _imsg_mime_set_content_id (html, content_id);
          /* what relative references inside it start from */
          if (location != NULL && g_str_is_ascii (location))
            {
              g_strdelimit (location, "\r\n", ' ');
              g_mime_object_set_header (html, "Content-Location", g_strstrip (location), NULL);
            }
          parts[n_parts++] = add_inlined (export, message, html, html_text, inlined);
        }
    }
  if (imsg_message_is_calendar (message) &&
      (parts[n_parts] = build_calendar_part (export, message)) != NULL)
    n_parts++;

  if (n_parts == 0)
    {
      /* what a report says may be kept apart from the body it has not */
      g_autofree char *report = _imsg_mime_get_text (message, IMSG_PR_REPORT_TEXT);

      return GMIME_OBJECT (_imsg_mime_build_text_part ("plain", report != NULL ? report : "",
                                                       report != NULL ? strlen (report) : 0));
    }
  if (n_parts == 1)
    return parts[0];
  alternative = g_mime_multipart_new_with_subtype ("alternative");
  for (guint i = 0; i < n_parts; i++)
    {
      g_mime_multipart_add (alternative, parts[i]);
      g_object_unref (parts[i]);
    }
  return GMIME_OBJECT (alternative);
}
