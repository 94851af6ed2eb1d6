/* imsg-mime-import.c - MIME as a message ([MS-OXCMAIL] 2.2)
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-attachment-private.h"
#include "imsg-limits-private.h"
#include "imsg-mbox-private.h"
#include "imsg-mime-import-private.h"
#include "imsg-mime-private.h"
#include "imsg-mime-stream-private.h"
#include "imsg-property-tags.h"

#include <glib/gi18n-lib.h>

#define MESSAGE_FLAG_READ 0x1

gboolean
_imsg_mime_is_type (GMimeObject *object,
                    const char  *type,
                    const char  *subtype)
{
  GMimeContentType *content_type = object != NULL ? g_mime_object_get_content_type (object) : NULL;

  return content_type != NULL && g_mime_content_type_is_type (content_type, type, subtype);
}

/* What is signed and the signature, of whatever kind: any would break if its bytes were not kept.
 * With a second Content-Type a part may call itself multipart, and be none. */
static gboolean
is_signed (GMimeObject *content)
{
  return _imsg_mime_is_type (content, "multipart", "signed") && GMIME_IS_MULTIPART (content) &&
         g_mime_multipart_get_count (GMIME_MULTIPART (content)) == 2;
}

/* By its type, or by the name that mailers without one for it give it (RFC 8551 3.9). */
static gboolean
is_opaque (GMimeObject *content)
{
  const char *name;

  if (_imsg_mime_is_type (content, "application", "pkcs7-mime") ||
      _imsg_mime_is_type (content, "application", "x-pkcs7-mime"))
    return TRUE;
  if (!GMIME_IS_PART (content) ||
      !_imsg_mime_is_type (content, "application", "octet-stream"))
    return FALSE;
  name = g_mime_part_get_filename (GMIME_PART (content));
  return name != NULL && strlen (name) > 4 &&
         g_ascii_strcasecmp (name + strlen (name) - 4, ".p7m") == 0;
}

/* The message class that the content asks for. */
static char *
choose_message_class (GMimeMessage *mime)
{
  GMimeObject *content = g_mime_message_get_mime_part (mime);
  const char *report;
  g_autofree char *content_class = NULL;
  char *message_class;

  if (is_signed (content))
    return g_strdup ("IPM.Note.SMIME.MultipartSigned");
  if (is_opaque (content))
    return g_strdup ("IPM.Note.SMIME");
  if (_imsg_mime_is_type (content, "multipart", "report") &&
      (report = _imsg_mime_choose_report_class (content)) != NULL)
    return g_strdup (report);
  content_class = _imsg_mime_get_header (mime, "Content-Class");
  message_class = content_class != NULL ? _imsg_mime_class_from_content (content_class) : NULL;
  return message_class != NULL ? message_class : g_strdup ("IPM.Note");
}

/* Outlook writes and reads "X-Unsent: 1" in a file that is to be sent yet. */
static guint32
choose_flags (IMsgMimeImport *import,
              GMimeMessage   *mime)
{
  g_autofree char *unsent = import->depth == 0 ? _imsg_mime_get_header (mime, "X-Unsent") : NULL;

  return MESSAGE_FLAG_READ | (g_strcmp0 (unsent, "1") == 0 ? IMSG_MESSAGE_FLAG_UNSENT : 0);
}

static gboolean
import_mended (IMsgMimeImport *import,
               IMsgMessage    *message,
               GMimeMessage   *mime,
               GError        **error)
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (message);
  GMimeObject *content = g_mime_message_get_mime_part (mime);
  g_autofree char *message_class = choose_message_class (mime);

  if (!imsg_property_object_set_string (object, IMSG_PR_MESSAGE_CLASS, message_class, error) ||
      !imsg_property_object_set_int (object, IMSG_PR_MESSAGE_FLAGS, choose_flags (import, mime),
                                     error) ||
      !_imsg_mime_import_headers (import, message, mime, error))
    return FALSE;
  if (strcmp (message_class, "IPM.Note.SMIME.MultipartSigned") == 0)
    return _imsg_mime_import_signed (import, message, mime, content, error);
  if (strcmp (message_class, "IPM.Note.SMIME") == 0)
    {
      /* the type as it was says more than what is inside can tell */
      if (!_imsg_mime_set_named_header (message, "content-type",
                                        g_mime_object_get_header (content, "Content-Type"), error))
        return FALSE;
      _imsg_mime_mend_headers (import, content);
      return _imsg_mime_import_attachment (import, message, content, NULL, error);
    }
  return _imsg_mime_import_content (import, message, content, error) &&
         (!g_str_has_prefix (message_class, "REPORT.") ||
          _imsg_mime_import_report (import, message, mime, error));
}

gboolean
_imsg_mime_import_message (IMsgMimeImport *import,
                           IMsgMessage    *message,
                           GMimeMessage   *mime,
                           GError        **error)
{
  const char *outer_charset = import->charset;
  g_autofree char *charset = _imsg_mime_find_text_charset (g_mime_message_get_mime_part (mime));
  gboolean is_done;

  import->charset = charset;
  is_done = _imsg_mime_import_header_block (import, message, mime, error);
  if (is_done)
    {
      _imsg_mime_mend_headers (import, GMIME_OBJECT (mime));
      is_done = import_mended (import, message, mime, error);
    }
  import->charset = outer_charset;
  return is_done;
}

/* A stream that GMime can go back and forth in: itself when it can be sought, else its bytes in a
 * spool. */
static GInputStream *
open_seekable (GInputStream  *stream,
               GCancellable  *cancellable,
               GError       **error)
{
  g_autoptr(IMsgSpool) spool = NULL;
  g_autoptr(IMsgBlob) blob = NULL;

  if (G_IS_SEEKABLE (stream) && g_seekable_can_seek (G_SEEKABLE (stream)) &&
      g_seekable_tell (G_SEEKABLE (stream)) == 0)
    return g_object_ref (stream);
  spool = _imsg_spool_new ();
  if (g_output_stream_splice (G_OUTPUT_STREAM (spool), stream, G_OUTPUT_STREAM_SPLICE_NONE,
                              cancellable, error) < 0)
    return NULL;
  blob = _imsg_spool_snapshot (spool, error);
  return blob != NULL ? _imsg_blob_open_stream (blob) : NULL;
}

/* How far the first header is searched. */
#define START_BYTES 4096

gboolean
_imsg_mime_is_header_line (const char *line,
                           gsize       length)
{
  gsize n_name = 0;

  while (n_name < length && line[n_name] > ' ' && line[n_name] < 0x7F && line[n_name] != ':')
    n_name++;
  while (n_name > 0 && n_name < length && (line[n_name] == ' ' || line[n_name] == '\t'))
    n_name++;
  return n_name > 0 && n_name < length && line[n_name] == ':';
}

/* A header that hardly begins a text. */
static gboolean
is_first_header (const char *line,
                 gsize       length)
{
  static const char *const names[] = { "From:", "Return-Path:", "Received:", "Delivered-To:",
                                       "MIME-Version:", "Message-ID:", "X-Mozilla-Status:" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (length > strlen (names[i]) &&
        g_ascii_strncasecmp (line, names[i], strlen (names[i])) == 0)
      return TRUE;
  return FALSE;
}

/* Where the e-mail begins: behind a byte order mark, empty lines of what it was cut out of, and
 * lines that are neither empty nor a header, which GMime would stop at. */
static gint64
find_start (GInputStream *stream,
            GCancellable *cancellable)
{
  char start[START_BYTES];
  gsize n_bytes = 0;
  gsize offset = 0;

  g_input_stream_read_all (stream, start, sizeof start, &n_bytes, cancellable, NULL);
  if (n_bytes >= 3 && memcmp (start, "\xef\xbb\xbf", 3) == 0)
    offset = 3;
  for (gsize line = offset; line < n_bytes; line++)
    if (start[line] != '\r' && start[line] != '\n')
      {
        if (line > offset && is_first_header (start + line, n_bytes - line))
          return (gint64) line;
        break;
      }
  for (gsize line = offset; line < n_bytes && start[line] != '\r' && start[line] != '\n';)
    {
      const char *end = memchr (start + line, '\n', n_bytes - line);

      if (_imsg_mime_is_header_line (start + line, n_bytes - line))
        return (gint64) line;
      if (end == NULL)
        break;
      line = (gsize) (end - start) + 1;
    }
  return (gint64) offset;
}

GMimeMessage *
_imsg_mime_parse (IMsgMimeImport  *import,
                  GMimeStream    **source,
                  GError         **error)
{
  gint64 offset = find_start (import->stream, import->cancellable);
  g_autoptr(GObject) stream = NULL;
  g_autoptr(GObject) parser = NULL;
  g_autoptr(GObject) mime = NULL;

  if (!_imsg_mime_scan (import->stream, offset, import->max_header_bytes, import->cancellable,
                        error))
    return NULL;
  stream = G_OBJECT (_imsg_mime_source_new (import->stream, offset, import->cancellable));
  parser = G_OBJECT (g_mime_parser_new_with_stream (GMIME_STREAM (stream)));
  g_mime_parser_set_persist_stream (GMIME_PARSER (parser), TRUE);
  mime = G_OBJECT (g_mime_parser_construct_message (GMIME_PARSER (parser), NULL));
  if (!_imsg_mime_source_check (GMIME_STREAM (stream), error))
    return NULL;
  if (mime == NULL)
    {
      g_set_error_literal (error, IMSG_ERROR, IMSG_ERROR_CORRUPT_DATA,
                           _("There is no e-mail message to read"));
      return NULL;
    }
  *source = GMIME_STREAM (g_steal_pointer (&stream));
  return GMIME_MESSAGE (g_steal_pointer (&mime));
}

static IMsgMessage *
import_parsed (IMsgSession     *session,
               IMsgMimeImport  *import,
               GMimeMessage    *mime,
               GMimeStream     *source,
               GError         **error)
{
  g_autoptr(IMsgMessage) message = imsg_session_create_message (session, "IPM.Note", error);
  gboolean is_whole;

  if (message == NULL)
    return NULL;
  is_whole = _imsg_mime_import_message (import, message, mime, error);
  /* what could not be read looks like an end to all who read it */
  if (_imsg_mime_source_check (source, error) && is_whole)
    return g_steal_pointer (&message);
  imsg_message_close (message);
  return NULL;
}

/* From a stream that can be sought, of one e-mail and nothing else. */
static IMsgMessage *
import_one (IMsgSession   *session,
            GInputStream  *stream,
            GCancellable  *cancellable,
            GError       **error)
{
  g_autoptr(GInputStream) mended = _imsg_mime_mend_line_ends (stream, cancellable, error);
  IMsgMimeImport import = {
    .stream = mended,
    .cancellable = cancellable,
    .max_parts = imsg_session_get_limit (session, IMSG_LIMIT_IMPORT_PARTS),
    .max_depth = imsg_session_get_limit (session, IMSG_LIMIT_NESTING),
    .max_header_bytes = imsg_session_get_limit (session, IMSG_LIMIT_HEADER_BYTES),
  };
  GMimeStream *source = NULL;
  GMimeMessage *mime = mended != NULL ? _imsg_mime_parse (&import, &source, error) : NULL;
  IMsgMessage *message =
    mime != NULL ? import_parsed (session, &import, mime, source, error) : NULL;

  g_clear_object (&mime);
  g_clear_object (&source);
  return message;
}

/**
 * imsg_session_import_mime:
 * @self: a session
 * @stream: an e-mail as MIME
 * @cancellable: (nullable): cancels it
 * @error: return location for an error
 *
 * Makes a new, unsaved message from an e-mail.
 *
 * Anything that a mail program may have written is read: broken headers, 8-bit text with no
 * charset, messages nested in messages. A clear-signed message keeps its signed bytes.
 * Attachments are not held in memory.
 *
 * Fails with `IMSG_ERROR_CORRUPT_DATA` when there is no message at all, `IMSG_ERROR_TOO_BIG` past
 * a limit of @self, `IMSG_ERROR_CLOSED` once @self is closed, a %G_IO_ERROR when reading fails or
 * is cancelled.
 * Source: [MS-OXCMAIL] 2.2.
 *
 * Returns: (transfer full): the message, open in @self
 * Since: 1.0
 */
IMsgMessage *
imsg_session_import_mime (IMsgSession   *self,
                          GInputStream  *stream,
                          GCancellable  *cancellable,
                          GError       **error)
{
  g_autoptr(GInputStream) seekable = NULL;

  g_return_val_if_fail (IMSG_IS_SESSION (self), NULL);
  g_return_val_if_fail (G_IS_INPUT_STREAM (stream), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  _imsg_mime_init ();
  seekable = open_seekable (stream, cancellable, error);
  return seekable != NULL ? import_one (self, seekable, cancellable, error) : NULL;
}

/* Of an entry that is no more than the line it begins with. */
static gboolean
is_blank (IMsgBlob *entry)
{
  char bytes[64];
  gssize n_bytes = _imsg_blob_read (entry, 0, bytes, sizeof bytes, NULL, NULL);

  if (n_bytes < 0 || (guint64) n_bytes < _imsg_blob_get_size (entry))
    return FALSE;
  for (gssize i = 0; i < n_bytes; i++)
    if (!g_ascii_isspace (bytes[i]))
      return FALSE;
  return TRUE;
}

/* One entry of a mailbox file, as a stream of its own. */
static gboolean
import_entry (IMsgSession   *session,
              IMsgSpool     *entry,
              GPtrArray     *messages,
              GCancellable  *cancellable,
              GError       **error)
{
  g_autoptr(IMsgBlob) blob = _imsg_spool_snapshot (entry, error);
  g_autoptr(GInputStream) stream = NULL;
  IMsgMessage *message;

  if (blob == NULL)
    return FALSE;
  if (is_blank (blob))
    return TRUE;
  stream = _imsg_blob_open_stream (blob);
  message = import_one (session, stream, cancellable, error);
  if (message == NULL)
    return FALSE;
  g_ptr_array_add (messages, message);
  return TRUE;
}

/**
 * imsg_session_import_mbox:
 * @self: a session
 * @stream: a mailbox file in the mbox format
 * @cancellable: (nullable): cancels it
 * @error: return location for an error
 *
 * Makes a new, unsaved message from each entry of an mbox.
 *
 * An entry begins with a line `From …` at the start or behind an empty line, with a time in it if the
 * first one has one, and headers behind it; lines that were quoted for it lose one `>` (the mboxrd
 * form). One of nothing but white space is no message.
 *
 * Fails as [method@IMsg.Session.import_mime] does; the messages made before that stay open in
 * @self.
 *
 * Returns: (transfer container) (element-type IMsgMessage): the messages, in their order
 * Since: 1.0
 */
GPtrArray *
imsg_session_import_mbox (IMsgSession   *self,
                          GInputStream  *stream,
                          GCancellable  *cancellable,
                          GError       **error)
{
  g_autoptr(GPtrArray) messages = NULL;
  g_autoptr(IMsgMboxReader) reader = NULL;

  g_return_val_if_fail (IMSG_IS_SESSION (self), NULL);
  g_return_val_if_fail (G_IS_INPUT_STREAM (stream), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  _imsg_mime_init ();
  messages = g_ptr_array_new_with_free_func (g_object_unref);
  reader = _imsg_mbox_reader_new (stream);
  for (;;)
    {
      g_autoptr(GError) local_error = NULL;
      g_autoptr(IMsgSpool) entry = _imsg_mbox_reader_next (reader, cancellable, &local_error);

      if (local_error != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return NULL;
        }
      if (entry == NULL)
        break;
      if (!import_entry (self, entry, messages, cancellable, error))
        return NULL;
    }
  if (messages->len == 0)
    {
      g_set_error_literal (error, IMSG_ERROR, IMSG_ERROR_CORRUPT_DATA,
                           _("There is no message in the mailbox file"));
      return NULL;
    }
  return g_steal_pointer (&messages);
}
