/* imsg-mime-import-attachment.c - MIME parts as attachments ([MS-OXCMAIL] 2.2.3.4)
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-attachment-private.h"
#include "imsg-body.h"
#include "imsg-mime-date-private.h"
#include "imsg-mime-import-private.h"
#include "imsg-mime-private.h"
#include "imsg-mime-stream-private.h"
#include "imsg-property-tags.h"

/* Only what follows the last separator, without what no name of a file may have ([MS-OXCMAIL]
 * 2.2.3.4.1), nor the quotes of scripts that take these for those of MIME; NULL when nothing is
 * left. */
static char *
clean_name (const char *name)
{
  g_autofree char *valid = g_utf8_make_valid (name, -1);
  g_autoptr(GString) clean = g_string_new (NULL);
  gsize length;

  for (const char *c = valid; *c != '\0'; c = g_utf8_next_char (c))
    {
      gunichar character = g_utf8_get_char (c);

      if (character == '/' || character == '\\')
        g_string_truncate (clean, 0);
      else if (g_unichar_isspace (character))
        g_string_append_c (clean, ' ');
      else if (!g_unichar_iscntrl (character) &&
               g_unichar_type (character) != G_UNICODE_FORMAT &&
               (character >= 0x80 || strchr ("\":<>*?|", (int) character) == NULL))
        g_string_append_unichar (clean, character);
    }
  if (clean->len > 2 && clean->str[0] == '\'' && clean->str[clean->len - 1] == '\'')
    {
      g_string_truncate (clean, clean->len - 1);
      g_string_erase (clean, 0, 1);
    }
  length = strspn (clean->str, " .");
  g_string_erase (clean, 0, (gssize) length);
  while (clean->len > 0 && strchr (" .", clean->str[clean->len - 1]) != NULL)
    g_string_truncate (clean, clean->len - 1);
  return clean->len > 0 ? g_string_free (g_steal_pointer (&clean), FALSE) : NULL;
}

/* What a file of that type is called in the end; NULL for one that tells nothing. */
static char *
dup_extension (GMimeObject *part)
{
  static const struct
  {
    const char *type;
    const char *subtype;
    const char *extension;
  } extensions[] = {
    { "text", "plain", "txt" }, { "text", "html", "htm" }, { "text", "calendar", "ics" },
    { "text", "vcard", "vcf" }, { "text", "enriched", "txt" }, { "text", "csv", "csv" },
    { "text", "xml", "xml" }, { "text", "rtf", "rtf" }, { "text", "rfc822-headers", "txt" },
    { "text", "x-vcard", "vcf" }, { "text", "directory", "vcf" }, { "text", "x-vcalendar", "vcs" },
    { "image", "jpeg", "jpg" }, { "image", "svg+xml", "svg" },
    { "audio", "mpeg", "mp3" }, { "audio", "wav", "wav" }, { "audio", "x-wav", "wav" },
    { "video", "mp4", "mp4" }, { "video", "mpeg", "mpg" },
    { "application", "pdf", "pdf" }, { "application", "zip", "zip" },
    { "application", "x-zip-compressed", "zip" }, { "application", "gzip", "gz" },
    { "application", "ics", "ics" }, { "application", "ms-tnef", "dat" },
    { "application", "pkcs7-mime", "p7m" }, { "application", "x-pkcs7-mime", "p7m" },
    { "application", "pkcs7-signature", "p7s" }, { "application", "x-pkcs7-signature", "p7s" },
    { "application", "pgp-signature", "asc" }, { "application", "pgp-keys", "asc" },
    { "application", "json", "json" }, { "application", "xml", "xml" },
    { "application", "rtf", "rtf" }, { "application", "msword", "doc" },
    { "application", "vnd.ms-excel", "xls" }, { "application", "vnd.ms-powerpoint", "ppt" },
    { "application", "vnd.openxmlformats-officedocument.wordprocessingml.document", "docx" },
    { "application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx" },
    { "application", "vnd.openxmlformats-officedocument.presentationml.presentation", "pptx" },
    { "message", "delivery-status", "txt" }, { "message", "disposition-notification", "txt" },
    { "message", "*", "eml" }, { "multipart", "*", "eml" },
  };
  GMimeContentType *type = g_mime_object_get_content_type (part);
  const char *subtype = type != NULL ? g_mime_content_type_get_media_subtype (type) : NULL;

  for (guint i = 0; i < G_N_ELEMENTS (extensions); i++)
    if (_imsg_mime_is_type (part, extensions[i].type, extensions[i].subtype))
      return g_strdup (extensions[i].extension);
  if (_imsg_mime_is_type (part, "image", "*") && subtype != NULL &&
      strspn (subtype, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") ==
        strlen (subtype))
    return g_strdup (subtype);
  return NULL;
}

static char *
get_description (GMimeObject *part)
{
  const char *description = g_mime_object_get_header (part, "Content-Description");
  g_autofree char *decoded =
    description != NULL ? g_mime_utils_header_decode_text (NULL, description) : NULL;
  char *valid = decoded != NULL ? g_utf8_make_valid (decoded, -1) : NULL;

  if (valid != NULL)
    g_strstrip (g_strdelimit (valid, "\r\n\t", ' '));
  if (valid != NULL && *valid == '\0')
    g_clear_pointer (&valid, g_free);
  return valid;
}

/* A path of Windows in quotes, with backslashes that quote nothing: "C:\dir\a.txt". To GMime they
 * are not there. NULL for any other name. */
static char *
get_windows_path (GMimeObject *part)
{
  GMimeHeader *header = g_mime_header_list_get_header (g_mime_object_get_header_list (part),
                                                       "Content-Disposition");
  const char *raw = header != NULL ? g_mime_header_get_raw_value (header) : NULL;
  const char *value = raw;
  const char *end;

  while (value != NULL && g_ascii_strncasecmp (value, "filename=\"", 10) != 0)
    value = strpbrk (value + 1, "fF");
  if (value == NULL)
    return NULL;
  value += 10;
  end = value + strcspn (value, "\"\r\n");
  for (const char *c = value; c < end; c++)
    if (*c == '\\' && c + 1 < end && c[1] != '\\')
      return g_strndup (value, (gsize) (end - value));
    else if (*c == '\\')
      c++;
  return NULL;
}

/* What a part is called: by RFC 2231, RFC 2047 or raw. */
static char *
choose_name (GMimeObject *part,
             guint        number)
{
  g_autofree char *description = get_description (part);
  g_autofree char *extended_file_name =
    _imsg_mime_get_extended (part, "Content-Disposition", "filename");
  g_autofree char *extended_name = _imsg_mime_get_extended (part, "Content-Type", "name");
  g_autofree char *path = get_windows_path (part);
  g_autofree char *extension = dup_extension (part);
  g_autofree char *called = NULL;
  const char *names[] = {
    extended_file_name,
    path,
    g_mime_object_get_content_disposition_parameter (part, "filename"),
    extended_name,
    GMIME_IS_PART (part) ? g_mime_part_get_filename (GMIME_PART (part)) : NULL,
    g_mime_object_get_content_type_parameter (part, "name"),
  };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      char *clean = names[i] != NULL ? clean_name (names[i]) : NULL;

      if (clean != NULL)
        return clean;
    }
  called = description != NULL ? clean_name (description) : NULL;
  if (called == NULL)
    return g_strdup_printf ("ATT%05u.%s", number + 1, extension != NULL ? extension : "bin");
  /* words for people: no program opens what has no extension */
  return extension != NULL && strchr (called, '.') == NULL
           ? g_strconcat (called, ".", extension, NULL)
           : g_steal_pointer (&called);
}

static gboolean
set_uri (IMsgAttachment *attachment,
         guint32         tag,
         GMimeObject    *part,
         const char     *header,
         GError        **error)
{
  const char *value = g_mime_object_get_header (part, header);
  g_autofree char *valid = value != NULL ? g_utf8_make_valid (value, -1) : NULL;

  return valid == NULL || *g_strstrip (valid) == '\0' ||
         imsg_property_object_set_string (IMSG_PROPERTY_OBJECT (attachment), tag, valid, error);
}

static gboolean
set_time (IMsgAttachment *attachment,
          guint32         tag,
          GMimeObject    *part,
          const char     *parameter,
          GError        **error)
{
  const char *value = g_mime_object_get_content_disposition_parameter (part, parameter);
  g_autoptr(GDateTime) time = _imsg_mime_decode_date (value);

  return time == NULL ||
         imsg_property_object_set_datetime (IMSG_PROPERTY_OBJECT (attachment), tag, time, error);
}

static gboolean
describe (IMsgAttachment *attachment,
          GMimeObject    *part,
          const char     *mime_type,
          GError        **error)
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (attachment);
  const char *content_id = g_mime_object_get_content_id (part);
  const char *charset = g_mime_object_get_content_type_parameter (part, "charset");
  g_autofree char *valid = content_id != NULL ? g_utf8_make_valid (content_id, -1) : NULL;

  return imsg_property_object_set_string (object, IMSG_PR_ATTACH_MIME_TAG, mime_type, error) &&
         (valid == NULL ||
          imsg_property_object_set_string (object, IMSG_PR_ATTACH_CONTENT_ID, valid, error)) &&
         (charset == NULL || !g_str_is_ascii (charset) ||
          g_ascii_strncasecmp (mime_type, "text/", 5) != 0 ||
          imsg_property_object_set_string (object, IMSG_TAG_TEXT_ATTACHMENT_CHARSET, charset,
                                           error)) &&
         set_uri (attachment, IMSG_PR_ATTACH_CONTENT_LOCATION, part, "Content-Location", error) &&
         set_uri (attachment, IMSG_PR_ATTACH_CONTENT_BASE, part, "Content-Base", error) &&
         set_time (attachment, IMSG_PR_CREATION_TIME, part, "creation-date", error) &&
         set_time (attachment, IMSG_PR_LAST_MODIFICATION_TIME, part, "modification-date", error);
}

gboolean
_imsg_mime_mark_shown (IMsgMimeImport *import,
                       IMsgMessage    *message,
                       GPtrArray      *candidates,
                       GError        **error)
{
  g_autoptr(GHashTable) shown = g_hash_table_new (NULL, NULL);
  g_autofree char *html = NULL;

  if (candidates->len == 0)
    return TRUE;
  html = imsg_message_get_body (message, IMSG_BODY_FORMAT_HTML, import->cancellable, NULL);
  if (html != NULL)
    _imsg_mime_find_shown (message, html, shown);
  for (guint i = 0; i < candidates->len; i++)
    {
      IMsgAttachment *attachment = g_ptr_array_index (candidates, i);
      IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (attachment);
      const char *mime_type = imsg_attachment_get_mime_type (attachment);

      /* what is no picture has to stay in the list: nothing else shows it */
      if (!g_hash_table_contains (shown, attachment) || mime_type == NULL ||
          g_ascii_strncasecmp (mime_type, "image/", 6) != 0)
        continue;
      if (!imsg_property_object_set_int (object, IMSG_PR_ATTACH_FLAGS, IMSG_ATTACH_RENDERED_IN_BODY,
                                         error) ||
          !imsg_property_object_set_boolean (object, IMSG_PR_ATTACHMENT_HIDDEN, TRUE, error) ||
          !imsg_property_object_set_int (object, IMSG_PR_RENDERING_POSITION, -1, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
_imsg_mime_import_file (IMsgMimeImport *import,
                        IMsgMessage    *message,
                        const char     *name,
                        GBytes         *bytes,
                        GError        **error)
{
  g_autoptr(IMsgAttachment) attachment = NULL;
  g_autofree char *clean = clean_name (name);
  g_autofree char *mime_type = NULL;

  if (!_imsg_mime_count_part (import, error))
    return FALSE;
  attachment = imsg_message_create_attachment (message, error);
  if (attachment == NULL)
    return FALSE;
  if (clean == NULL)
    clean = g_strdup_printf ("ATT%05u.bin", imsg_attachment_get_number (attachment) + 1);
  mime_type = _imsg_mime_guess_type (clean);
  return imsg_attachment_set_bytes (attachment, bytes, error) &&
         imsg_attachment_set_file_name (attachment, clean, error) &&
         imsg_property_object_set_string (IMSG_PROPERTY_OBJECT (attachment),
                                          IMSG_PR_ATTACH_MIME_TAG, mime_type, error);
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
import_embedded (IMsgMimeImport  *import,
                 IMsgAttachment  *attachment,
                 GMimeObject     *part,
                 GMimeMessage    *mime,
                 GError         **error)
{
  g_autoptr(IMsgMessage) message = NULL;
  gboolean is_done;

  if (mime == NULL || import->depth + 1 >= import->max_depth)
    return import_raw (import, attachment, part, error);
  message = imsg_attachment_create_message (attachment, error);
  if (message == NULL)
    return FALSE;
  import->depth++;
  is_done = _imsg_mime_import_message (import, message, mime, error);
  import->depth--;
  return is_done;
}

/* --- what is elsewhere --- */

static void
append_escaped (GString    *url,
                const char *text)
{
  if (text != NULL)
    g_string_append_uri_escaped (url, text, "/", FALSE);
}

/* The address that message/external-body tells (RFC 2046 5.2.3, RFC 2017); NULL when it is none. */
static char *
find_external (GMimeObject *part)
{
  const char *access = g_mime_object_get_content_type_parameter (part, "access-type");
  const char *given = g_mime_object_get_content_type_parameter (part, "url");
  const char *site = g_mime_object_get_content_type_parameter (part, "site");
  const char *directory = g_mime_object_get_content_type_parameter (part, "directory");
  const char *name = g_mime_object_get_content_type_parameter (part, "name");
  const char *server = g_mime_object_get_content_type_parameter (part, "server");
  g_autoptr(GString) url = g_string_new (NULL);

  if (access == NULL)
    return NULL;
  if (g_ascii_strcasecmp (access, "url") == 0 && given != NULL)
    {
      /* long ones are folded with white space in them */
      for (const char *c = given; *c != '\0'; c++)
        if ((guchar) *c > ' ' && (guchar) *c < 0x7F)
          g_string_append_c (url, *c);
    }
  else if ((g_ascii_strcasecmp (access, "anon-ftp") == 0 ||
            g_ascii_strcasecmp (access, "ftp") == 0) && site != NULL && name != NULL)
    {
      g_string_append (url, "ftp://");
      append_escaped (url, site);
      if (directory != NULL && *directory != '/')
        g_string_append_c (url, '/');
      append_escaped (url, directory);
      g_string_append_c (url, '/');
      append_escaped (url, name);
    }
  else if (g_ascii_strcasecmp (access, "mail-server") == 0 && server != NULL)
    {
      g_string_append (url, "mailto:");
      g_string_append_uri_escaped (url, server, "@", FALSE);
    }
  return url->len > 0 ? g_string_free (g_steal_pointer (&url), FALSE) : NULL;
}

/* A file that a desktop opens as a link; what it leads to is not fetched. */
static gboolean
import_external (IMsgMimeImport *import,
                 IMsgMessage    *message,
                 GMimeObject    *part,
                 const char     *url,
                 GError        **error)
{
  const char *name = g_mime_object_get_content_type_parameter (part, "name");
  g_autofree char *text = g_strdup_printf ("[InternetShortcut]\r\nURL=%s\r\n", url);
  g_autofree char *clean = clean_name (name != NULL ? name : "link");
  g_autofree char *file_name = g_strconcat (clean != NULL ? clean : "link", ".url", NULL);
  g_autoptr(GBytes) bytes = g_bytes_new (text, strlen (text));

  return _imsg_mime_import_file (import, message, file_name, bytes, error);
}

static gboolean
import_message_part (IMsgMimeImport  *import,
                     IMsgAttachment  *attachment,
                     GMimeObject     *part,
                     GMimeMessage    *inner,
                     GError         **error)
{
  g_autofree char *shown = get_description (part);

  if (!import_embedded (import, attachment, part, inner, error))
    return FALSE;
  /* which was mended by now */
  if (shown == NULL && inner != NULL)
    shown = _imsg_mime_get_header (inner, "Subject");
  return shown == NULL || imsg_property_object_set_string (IMSG_PROPERTY_OBJECT (attachment),
                                                           IMSG_PR_DISPLAY_NAME, shown, error);
}

/* A message in base64, which RFC 2046 5.2.1 does not allow and GMime does not look into. Where there
 * is none in it, it is a file like others: is_message tells. */
static gboolean
import_encoded_message (IMsgMimeImport  *import,
                        IMsgAttachment  *attachment,
                        GMimePart       *part,
                        gboolean        *is_message,
                        GError         **error)
{
  g_autoptr(IMsgSpool) spool = _imsg_spool_new ();
  g_autoptr(IMsgBlob) blob = NULL;
  g_autoptr(GInputStream) stream = NULL;
  g_autoptr(GError) local_error = NULL;
  IMsgMimeImport inner = *import;
  GMimeStream *source = NULL;
  GMimeMessage *mime;
  gboolean is_done;

  if (!_imsg_mime_decode_part (part, G_OUTPUT_STREAM (spool), import->cancellable, error) ||
      (blob = _imsg_spool_snapshot (spool, error)) == NULL)
    return FALSE;
  inner.stream = stream = _imsg_blob_open_stream (blob);
  mime = _imsg_mime_parse (&inner, &source, &local_error);
  *is_message = mime != NULL;
  if (g_error_matches (local_error, IMSG_ERROR, IMSG_ERROR_CORRUPT_DATA))
    return TRUE;
  if (mime == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  is_done = import_message_part (&inner, attachment, GMIME_OBJECT (part), mime, error) &&
            _imsg_mime_source_check (source, error);
  import->n_parts = inner.n_parts;
  g_object_unref (mime);
  g_object_unref (source);
  return is_done;
}

gboolean
_imsg_mime_import_attachment (IMsgMimeImport *import,
                              IMsgMessage    *message,
                              GMimeObject    *part,
                              GPtrArray      *candidates,
                              GError        **error)
{
  g_autofree char *url =
    _imsg_mime_is_type (part, "message", "external-body") ? find_external (part) : NULL;
  g_autoptr(IMsgAttachment) attachment = NULL;
  GMimeContentType *type = g_mime_object_get_content_type (part);
  g_autofree char *mime_type =
    type != NULL ? g_mime_content_type_get_mime_type (type) : g_strdup ("application/octet-stream");
  g_autofree char *name = NULL;
  gboolean is_message = FALSE;
  gboolean is_whole;

  if (url != NULL)
    return import_external (import, message, part, url, error);
  attachment = imsg_message_create_attachment (message, error);
  if (attachment == NULL)
    return FALSE;
  if (GMIME_IS_MESSAGE_PART (part))
    return import_message_part (import, attachment, part,
                                g_mime_message_part_get_message (GMIME_MESSAGE_PART (part)), error);
  if (GMIME_IS_PART (part) && _imsg_mime_is_type (part, "message", "rfc822") &&
      import->depth + 1 < import->max_depth)
    {
      if (!import_encoded_message (import, attachment, GMIME_PART (part), &is_message, error))
        return FALSE;
      if (is_message)
        return TRUE;
    }
  if (!g_str_is_ascii (mime_type))
    {
      g_free (mime_type);
      mime_type = g_strdup ("application/octet-stream");
    }
  /* a piece of a message, or a reference nobody understands, is nothing without its headers */
  is_whole = !GMIME_IS_PART (part) || _imsg_mime_is_type (part, "message", "partial") ||
             _imsg_mime_is_type (part, "message", "external-body");
  name = choose_name (part, imsg_attachment_get_number (attachment));
  if (!(is_whole ? import_raw (import, attachment, part, error)
                 : import_bytes (import, attachment, GMIME_PART (part), error)) ||
      !imsg_attachment_set_file_name (attachment, name, error) ||
      !describe (attachment, part, mime_type, error))
    return FALSE;
  if (candidates != NULL)
    g_ptr_array_add (candidates, g_object_ref (attachment));
  return TRUE;
}
