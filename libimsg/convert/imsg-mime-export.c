/* imsg-mime-export.c - a message as MIME ([MS-OXCMAIL] 2.1)
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-icalendar.h"
#include "imsg-mime-header-private.h"
#include "imsg-mime-stream-private.h"
#include "imsg-property-tags.h"

#include <glib/gi18n-lib.h>

/* How much of a signed entity is looked at to tell a header from DER. */
#define ENTITY_PEEK_BYTES 4096

/**
 * IMsgMimeExportFlags:
 * @IMSG_MIME_EXPORT_ARCHIVE: keep all that can be kept: Bcc, Received and unknown headers
 * @IMSG_MIME_EXPORT_SEND: make it ready to be sent: no Bcc, no trace of an earlier journey
 *
 * What an exported message is for.
 *
 * Since: 1.0
 */

void
_imsg_mime_init (void)
{
  static gsize is_done;

  if (g_once_init_enter (&is_done))
    {
      g_mime_init ();
      g_once_init_leave (&is_done, 1);
    }
}

char *
_imsg_mime_get_text (IMsgMessage *message,
                     guint32      tag)
{
  char *text = imsg_property_object_get_string (IMSG_PROPERTY_OBJECT (message), tag);

  if (text != NULL && *text == '\0')
    g_clear_pointer (&text, g_free);
  return text;
}

gboolean
_imsg_mime_class_is (IMsgMessage *message,
                     const char  *message_class)
{
  const char *own = imsg_message_get_message_class (message);
  gsize length = strlen (message_class);

  return own != NULL && g_ascii_strncasecmp (own, message_class, length) == 0 &&
         (own[length] == '\0' || own[length] == '.');
}

/* --- S/MIME --- */

static gboolean
is_smime (IMsgMessage *message)
{
  const char *own = imsg_message_get_message_class (message);
  g_autofree char *lower = own != NULL ? g_ascii_strdown (own, -1) : NULL;

  if (lower == NULL)
    return FALSE;
  return g_str_has_prefix (lower, "ipm.note.smime") || g_str_has_prefix (lower, "ipm.note.secure") ||
         (g_str_has_prefix (lower, "ipm.infopathform.") && strstr (lower, ".smime") != NULL);
}

/* A signed or encrypted message holds its content in its only attachment. */
static IMsgAttachment *
find_only_attachment (IMsgMessage *message)
{
  GListModel *attachments = imsg_message_get_attachments (message);
  g_autoptr(IMsgAttachment) attachment = NULL;

  if (g_list_model_get_n_items (attachments) != 1)
    return NULL;
  attachment = g_list_model_get_item (attachments, 0);
  /* the message holds it as well */
  return imsg_attachment_get_method (attachment) == IMSG_ATTACHMENT_METHOD_BY_VALUE ? attachment
                                                                                     : NULL;
}

/* Who opens a stream twice has one stream, with one position: each reader goes to the start. */
static GInputStream *
open_entity (IMsgAttachment  *attachment,
             GCancellable    *cancellable,
             GError         **error)
{
  g_autoptr(GInputStream) stream = imsg_attachment_open_stream (attachment, cancellable, error);

  if (stream == NULL ||
      !g_seekable_seek (G_SEEKABLE (stream), 0, G_SEEK_SET, cancellable, error))
    return NULL;
  return g_steal_pointer (&stream);
}

static gsize
peek_entity (IMsgAttachment *attachment,
             char           *buffer,
             gsize           n_bytes)
{
  g_autoptr(GInputStream) stream = open_entity (attachment, NULL, NULL);
  gsize n_read = 0;

  if (stream != NULL)
    g_input_stream_read_all (stream, buffer, n_bytes, &n_read, NULL, NULL);
  return n_read;
}

/* In lower case. */
static char *
dup_entity_start (IMsgAttachment *attachment)
{
  char start[ENTITY_PEEK_BYTES + 1];

  start[peek_entity (attachment, start, ENTITY_PEEK_BYTES)] = '\0';
  return g_ascii_strdown (start, -1);
}

IMsgAttachment *
_imsg_mime_find_signed_entity (IMsgMessage *message)
{
  IMsgAttachment *attachment;
  g_autofree char *lower = NULL;

  if (!is_smime (message) || (attachment = find_only_attachment (message)) == NULL)
    return NULL;
  lower = dup_entity_start (attachment);
  return (g_str_has_prefix (lower, "mime-version:") || g_str_has_prefix (lower, "content-")) &&
             strstr (lower, "multipart/signed") != NULL
           ? attachment
           : NULL;
}

/* By the content type OID at the start of a CMS structure. */
static const char *
guess_smime_type (IMsgAttachment *attachment)
{
  static const struct
  {
    guint8      oid[13];
    gsize       length;
    const char *smime_type;
  } types[] = {
    { { 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x02 }, 11, "signed-data" },
    { { 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x03 }, 11, "enveloped-data" },
    { { 0x06, 0x0B, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x10, 0x01, 0x09 },
      13, "compressed-data" },
    { { 0x06, 0x0B, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x10, 0x01, 0x17 },
      13, "authEnveloped-data" },
  };
  char start[32];
  gsize n_read = peek_entity (attachment, start, sizeof start);

  for (gsize offset = 0; offset < n_read && offset < 16; offset++)
    for (guint i = 0; i < G_N_ELEMENTS (types); i++)
      if (n_read - offset >= types[i].length &&
          memcmp (start + offset, types[i].oid, types[i].length) == 0)
        return types[i].smime_type;
  return NULL;
}

/* DER, or what is called so; anything else in that class is an ordinary attachment. */
static gboolean
is_cms (IMsgAttachment *attachment)
{
  const char *mime_type = imsg_attachment_get_mime_type (attachment);
  char start;

  return (peek_entity (attachment, &start, 1) == 1 && start == 0x30) ||
         (mime_type != NULL && (g_ascii_strcasecmp (mime_type, "application/pkcs7-mime") == 0 ||
                                g_ascii_strcasecmp (mime_type, "application/x-pkcs7-mime") == 0));
}

/* The type as it came says more than the bytes do, "certs-only" for one. */
static char *
dup_kept_smime_type (IMsgMessage *message)
{
  g_autofree char *kept = _imsg_mime_dup_named_header (message, "Content-Type");
  g_autofree char *clean = kept != NULL ? _imsg_mime_clean_value (kept) : NULL;
  g_autoptr(GObject) type = NULL;

  if (clean == NULL || strlen (clean) > IMSG_MAX_MIME_TYPE_BYTES)
    return NULL;
  type = G_OBJECT (g_mime_content_type_parse (NULL, clean));
  return g_mime_content_type_is_type (GMIME_CONTENT_TYPE (type), "application", "*")
           ? g_strdup (g_mime_content_type_get_parameter (GMIME_CONTENT_TYPE (type), "smime-type"))
           : NULL;
}

static GMimeObject *
build_opaque (IMsgMimeExport *export,
              IMsgMessage    *message,
              IMsgAttachment *attachment)
{
  g_autofree char *kept = dup_kept_smime_type (message);
  const char *smime_type = kept != NULL ? kept : guess_smime_type (attachment);
  g_autoptr(GInputStream) stream = open_entity (attachment, export->cancellable, NULL);
  GMimePart *part;

  if (stream == NULL)
    return NULL;
  part = _imsg_mime_file_part_new (export, "application/pkcs7-mime", GMIME_CONTENT_ENCODING_BASE64,
                                   stream, imsg_attachment_get_file_name (attachment));
  if (smime_type != NULL)
    g_mime_object_set_content_type_parameter (GMIME_OBJECT (part), "smime-type", smime_type);
  g_mime_object_set_disposition (GMIME_OBJECT (part), "attachment");
  g_mime_part_set_filename (part, "smime.p7m");
  return GMIME_OBJECT (part);
}

/* --- the tree --- */

/* A changed occurrence of a series is in the text/calendar part, and no attachment. */
static gboolean
is_exception (IMsgMessage    *message,
              IMsgAttachment *attachment)
{
  return imsg_attachment_get_method (attachment) == IMSG_ATTACHMENT_METHOD_EMBEDDED_MESSAGE &&
         imsg_attachment_is_hidden (attachment) && imsg_message_is_calendar (message);
}

/* The two parts of an e-mail in PGP/MIME (RFC 3156 4), which are but files to Outlook. */
static gboolean
is_pgp_encrypted (IMsgMessage *message)
{
  GListModel *attachments = imsg_message_get_attachments (message);
  g_autofree char *text = _imsg_mime_get_text (message, IMSG_PR_BODY);
  g_autoptr(IMsgAttachment) first = NULL;
  g_autoptr(IMsgAttachment) second = NULL;
  const char *mime_type;

  if (g_list_model_get_n_items (attachments) != 2 ||
      (text != NULL && text[strspn (text, " \t\r\n")] != '\0') ||
      imsg_property_object_has_value (IMSG_PROPERTY_OBJECT (message), IMSG_PR_HTML))
    return FALSE;
  first = g_list_model_get_item (attachments, 0);
  second = g_list_model_get_item (attachments, 1);
  mime_type = imsg_attachment_get_mime_type (first);
  return mime_type != NULL && g_ascii_strcasecmp (mime_type, "application/pgp-encrypted") == 0 &&
         imsg_attachment_get_method (first) == IMSG_ATTACHMENT_METHOD_BY_VALUE &&
         imsg_attachment_get_method (second) == IMSG_ATTACHMENT_METHOD_BY_VALUE;
}

static GMimeObject *
build_pgp_encrypted (IMsgMimeExport *export,
                     IMsgMessage    *message)
{
  GListModel *attachments = imsg_message_get_attachments (message);
  GMimeMultipart *encrypted = g_mime_multipart_new_with_subtype ("encrypted");

  g_mime_object_set_content_type_parameter (GMIME_OBJECT (encrypted), "protocol",
                                            "application/pgp-encrypted");
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr(IMsgAttachment) attachment = g_list_model_get_item (attachments, i);
      g_autoptr(GObject) part = G_OBJECT (_imsg_mime_build_attachment (export, attachment, FALSE));

      if (part != NULL)
        g_mime_multipart_add (encrypted, GMIME_OBJECT (part));
    }
  return GMIME_OBJECT (encrypted);
}

/* What an e-mail cannot be comes back as an ordinary one. */
static void
tell_class (IMsgMimeExport *export,
            IMsgMessage    *message,
            gboolean        is_report)
{
  const char *own = imsg_message_get_message_class (message);
  g_autofree char *content_class = own != NULL ? _imsg_mime_class_to_content (own) : NULL;

  if (own == NULL || *own == '\0' || g_ascii_strcasecmp (own, "IPM.Note") == 0 ||
      content_class != NULL || is_smime (message) || is_report ||
      imsg_message_is_calendar (message))
    return;
  _imsg_mime_add_loss (export, "PR_MESSAGE_CLASS", _("%s goes out as an ordinary message"), own);
}

/* The text/calendar part has the changed occurrence, and no place for what is attached to it. */
static void
tell_exception (IMsgMimeExport *export,
                IMsgAttachment *attachment)
{
  g_autoptr(IMsgMessage) occurrence =
    imsg_attachment_open_message (attachment, export->cancellable, NULL);
  guint n_attachments =
    occurrence != NULL ? g_list_model_get_n_items (imsg_message_get_attachments (occurrence)) : 0;

  if (n_attachments > 0)
    _imsg_mime_add_loss (export, imsg_attachment_get_file_name (attachment),
                         _("Attachments of a changed occurrence stay behind: %u"), n_attachments);
}

static GMimeObject *
build_content (IMsgMimeExport *export,
               IMsgMessage    *message)
{
  GListModel *attachments = imsg_message_get_attachments (message);
  guint n_attachments = g_list_model_get_n_items (attachments);
  g_autoptr(GHashTable) inlined = g_hash_table_new (NULL, NULL);
  const char *report_type = NULL;
  IMsgAttachment *kept = NULL;
  g_autoptr(GObject) report = G_OBJECT (_imsg_mime_build_report_part (export, message,
                                                                      &report_type, &kept));
  GMimeObject *body;
  GMimeMultipart *mixed = NULL;

  if (is_smime (message))
    {
      IMsgAttachment *only = find_only_attachment (message);
      GMimeObject *opaque = only != NULL && is_cms (only) ? build_opaque (export, message, only)
                                                           : NULL;

      if (opaque != NULL)
        return opaque;
    }

  tell_class (export, message, report != NULL);
  if (report == NULL && is_pgp_encrypted (message))
    return build_pgp_encrypted (export, message);
  body = _imsg_mime_build_body (export, message, inlined);
  if (report != NULL)
    {
      mixed = g_mime_multipart_new_with_subtype ("report");
      g_mime_object_set_content_type_parameter (GMIME_OBJECT (mixed), "report-type", report_type);
      g_mime_multipart_add (mixed, body);
      g_mime_multipart_add (mixed, GMIME_OBJECT (report));
      g_object_unref (body);
    }
  for (guint i = 0; i < n_attachments; i++)
    {
      g_autoptr(IMsgAttachment) attachment = g_list_model_get_item (attachments, i);
      g_autoptr(GObject) part = NULL;

      if (is_exception (message, attachment))
        tell_exception (export, attachment);
      if (g_hash_table_contains (inlined, attachment) || attachment == kept ||
          is_exception (message, attachment))
        continue;
      part = G_OBJECT (_imsg_mime_build_attachment (export, attachment, FALSE));
      if (part == NULL)
        continue;
      if (mixed == NULL)
        {
          mixed = g_mime_multipart_new_with_subtype ("mixed");
          g_mime_multipart_add (mixed, body);
          g_object_unref (body);
        }
      g_mime_multipart_add (mixed, GMIME_OBJECT (part));
    }
  return mixed != NULL ? GMIME_OBJECT (mixed) : body;
}

static void
tell_named_properties (IMsgMimeExport *export,
                       IMsgMessage    *message)
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (message);
  gsize n_ids;
  g_autofree guint *ids = imsg_property_object_list_named_ids (object, &n_ids);
  guint n_lost = 0;

  for (gsize i = 0; i < n_ids; i++)
    {
      g_autoptr(IMsgPropertyName) name = imsg_property_object_lookup_name (object, ids[i]);

      if (imsg_property_object_find_tag (object, imsg_property_tag (0, ids[i])) == 0)
        continue;
      if (name == NULL || !_imsg_mime_carries (message, name))
        n_lost++;
    }
  if (n_lost > 0)
    _imsg_mime_add_loss (export, "named properties",
                         g_dngettext (GETTEXT_PACKAGE,
                                      "%u named property stays behind",
                                      "%u named properties stay behind",
                                      n_lost),
                         n_lost);
}

GMimeMessage *
_imsg_mime_build_message (IMsgMimeExport  *export,
                          IMsgMessage     *message,
                          GError         **error)
{
  GMimeMessage *mime;
  GMimeObject *content;

  if (g_cancellable_set_error_if_cancelled (export->cancellable, error))
    return NULL;
  if (imsg_property_object_is_closed (IMSG_PROPERTY_OBJECT (message)))
    {
      g_set_error_literal (error, IMSG_ERROR, IMSG_ERROR_CLOSED, _("The message is closed"));
      return NULL;
    }
  mime = g_mime_message_new (FALSE);
  _imsg_mime_fill_headers (export, message, mime);
  g_mime_object_set_header (GMIME_OBJECT (mime), "MIME-Version", "1.0", NULL);
  content = build_content (export, message);
  g_mime_message_set_mime_part (mime, content);
  g_object_unref (content);
  tell_named_properties (export, message);
  return mime;
}

/* --- writing --- */

/* Whether the entity, in lower case, brings that header along. */
static gboolean
has_own_header (const char *entity,
                const char *name)
{
  gsize n_name = strlen (name);

  for (const char *line = entity; line != NULL && *line != '\0' && *line != '\r' && *line != '\n';)
    {
      if (strncmp (line, name, n_name) == 0 && line[n_name] == ':')
        return TRUE;
      line = strchr (line, '\n');
      line = line != NULL ? line + 1 : NULL;
    }
  return FALSE;
}

/* Headers of ours, then the entity as it was signed, its own headers first. */
static gboolean
write_signed (IMsgMimeExport  *export,
              IMsgMessage     *message,
              IMsgAttachment  *entity,
              GOutputStream   *stream,
              GError         **error)
{
  g_autoptr(GObject) sink = G_OBJECT (_imsg_mime_sink_new (stream, TRUE, export->cancellable));
  g_autoptr(GObject) mime = G_OBJECT (g_mime_message_new (FALSE));
  static const char *const content_facts[] = { "content-language", "content-class" };
  g_autoptr(GInputStream) input = NULL;
  g_autofree char *start = dup_entity_start (entity);

  _imsg_mime_fill_headers (export, message, GMIME_MESSAGE (mime));
  for (guint i = 0; i < G_N_ELEMENTS (content_facts); i++)
    if (has_own_header (start, content_facts[i]))
      g_mime_header_list_remove (g_mime_object_get_header_list (GMIME_OBJECT (mime)),
                                 content_facts[i]);
  if (!has_own_header (start, "mime-version"))
    g_mime_object_set_header (GMIME_OBJECT (mime), "MIME-Version", "1.0", NULL);
  g_mime_header_list_write_to_stream (g_mime_object_get_header_list (GMIME_OBJECT (mime)), NULL,
                                      GMIME_STREAM (sink));
  if (!_imsg_mime_sink_finish (GMIME_STREAM (sink), error))
    return FALSE;
  input = open_entity (entity, export->cancellable, error);
  return input != NULL &&
         g_output_stream_splice (stream, input, G_OUTPUT_STREAM_SPLICE_NONE, export->cancellable,
                                 error) >= 0;
}

/**
 * imsg_message_export_mime_full:
 * @self: a message
 * @stream: where to write
 * @flags: what the export is for
 * @cancellable: (nullable): cancels it
 * @losses: (out) (optional) (transfer container) (element-type IMsgProblem): what MIME cannot
 *   carry
 * @error: return location for an error
 *
 * Writes the message as MIME, and tells what that could not carry.
 *
 * Lines end in CR LF. Attachments are streamed: memory does not grow with them. A clear-signed
 * message goes out with the signed entity byte for byte, so that its signature still verifies;
 * references to files are told, never followed.
 *
 * Fails with a %G_IO_ERROR when writing fails or is cancelled, `IMSG_ERROR_CLOSED` once @self is
 * closed. What cannot be read of the message is a loss, not a failure.
 * Source: [MS-OXCMAIL] 2.1.
 *
 * Returns: %TRUE when all was written
 * Since: 1.0
 */
gboolean
imsg_message_export_mime_full (IMsgMessage          *self,
                               GOutputStream        *stream,
                               IMsgMimeExportFlags   flags,
                               GCancellable         *cancellable,
                               GPtrArray           **losses,
                               GError              **error)
{
  g_autoptr(GPtrArray) told = _imsg_problem_list_new ();
  IMsgMimeExport export = { flags, cancellable, told, 0 };
  IMsgAttachment *signed_entity;
  gboolean is_written = FALSE;

  g_return_val_if_fail (IMSG_IS_MESSAGE (self), FALSE);
  g_return_val_if_fail (G_IS_OUTPUT_STREAM (stream), FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  _imsg_mime_init ();
  signed_entity = _imsg_mime_find_signed_entity (self);
  if (signed_entity != NULL)
    is_written = write_signed (&export, self, signed_entity, stream, error);
  else
    {
      g_autoptr(GObject) mime = G_OBJECT (_imsg_mime_build_message (&export, self, error));

      if (mime != NULL)
        {
          g_autoptr(GObject) sink = G_OBJECT (_imsg_mime_sink_new (stream, TRUE, cancellable));

          g_mime_object_write_to_stream (GMIME_OBJECT (mime), NULL, GMIME_STREAM (sink));
          is_written = _imsg_mime_sink_finish (GMIME_STREAM (sink), error);
        }
    }
  if (is_written && losses != NULL)
    *losses = g_steal_pointer (&told);
  else if (losses != NULL)
    *losses = NULL;
  return is_written;
}

/**
 * imsg_message_export_mime:
 * @self: a message
 * @stream: where to write
 * @cancellable: (nullable): cancels it
 * @error: return location for an error
 *
 * Writes the message as MIME, to be kept as an `.eml` file.
 *
 * The same as [method@IMsg.Message.export_mime_full] with
 * [flags@IMsg.MimeExportFlags.ARCHIVE], and fails as that does.
 *
 * Returns: %TRUE when all was written
 * Since: 1.0
 */
gboolean
imsg_message_export_mime (IMsgMessage    *self,
                          GOutputStream  *stream,
                          GCancellable   *cancellable,
                          GError        **error)
{
  return imsg_message_export_mime_full (self, stream, IMSG_MIME_EXPORT_ARCHIVE, cancellable, NULL,
                                        error);
}
