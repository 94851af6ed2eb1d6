/* imsg-mime-import-named.c - headers that become named properties, and those kept as they came
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-mime-import-private.h"
#include "imsg-mime-words-private.h"
#include "imsg-property-tags.h"

/* PR_TRANSPORT_MESSAGE_HEADERS is cut here: no honest header block comes near. */
#define MAX_HEADER_BLOCK (4 * 1024 * 1024)

/* Headers kept as named properties of one message. */
#define MAX_NAMED_HEADERS 256

/* Headers that other properties stand for, or that must not come in from outside. */
static const char *const unnamed_headers[] = {
  "Received", "Return-Path", "MIME-Version", "Bcc", "Comments", "Subject", "Date", "Message-ID",
  "In-Reply-To", "References", "Thread-Topic", "Thread-Index", "Importance", "X-Priority",
  "X-MSMail-Priority", "Priority", "Sensitivity", "Keywords", "Expires", "Expiry-Date", "Reply-By",
  "X-Message-Flag", "X-Auto-Response-Suppress", "List-Help", "List-Subscribe", "List-Unsubscribe",
  "From", "Sender", "To", "Cc", "Reply-To", "Disposition-Notification-To", "Return-Receipt-To",
  "X-MS-TNEF-Correlator", "X-MS-Has-Attach", "X-Microsoft-Classified",
  "X-Microsoft-Classification", "X-Microsoft-ClassDesc", "X-Microsoft-ClassID",
  "X-Microsoft-ClassKeep", "X-Unsent",
};
static const char *const unnamed_prefixes[] = {
  "Content-", "Resent-", "X-MS-Exchange-Organization-", "X-MS-Exchange-Forest-",
};

static guint
resolve_common (IMsgMessage  *message,
                guint32       id,
                GError      **error)
{
  g_autoptr(IMsgPropertyName) name = imsg_property_name_new_id ("PSETID_Common", id);

  return imsg_property_object_resolve_property_name (IMSG_PROPERTY_OBJECT (message), name, TRUE,
                                                     error);
}

/* A flag for follow-up: [MS-OXCMAIL] 2.2.1.17 */
static gboolean
import_message_flag (IMsgMessage  *message,
                     GMimeMessage *mime,
                     GError      **error)
{
  g_autofree char *text = _imsg_mime_get_header (mime, "X-Message-Flag");
  guint id;

  if (text == NULL)
    return TRUE;
  id = resolve_common (message, 0x8530, error);
  return id != 0 &&
         _imsg_mime_set_text (message, imsg_property_tag (IMSG_PROPERTY_TYPE_UNICODE, id), text,
                              error) &&
         _imsg_mime_set_int (message, IMSG_PR_FLAG_STATUS, 2, error);
}

/* How a document of a company is classified: text, or yes and no. */
static gboolean
import_classification (IMsgMessage  *message,
                       GMimeMessage *mime,
                       GError      **error)
{
  static const struct
  {
    const char *header;
    guint32     id;
    gboolean    is_boolean;
  } headers[] = {
    { "X-Microsoft-Classified", 0x85B5, TRUE }, { "X-Microsoft-Classification", 0x85B6, FALSE },
    { "X-Microsoft-ClassDesc", 0x85B7, FALSE }, { "X-Microsoft-ClassID", 0x85B8, FALSE },
    { "X-Microsoft-ClassKeep", 0x85BA, TRUE },
  };
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (message);

  for (guint i = 0; i < G_N_ELEMENTS (headers); i++)
    {
      g_autofree char *text = _imsg_mime_get_header (mime, headers[i].header);
      guint id;

      if (text == NULL)
        continue;
      id = resolve_common (message, headers[i].id, error);
      if (id == 0 ||
          !(headers[i].is_boolean
              ? imsg_property_object_set_boolean (
                  object, imsg_property_tag (IMSG_PROPERTY_TYPE_BOOLEAN, id),
                  g_ascii_strcasecmp (text, "true") == 0, error)
              : imsg_property_object_set_string (
                  object, imsg_property_tag (IMSG_PROPERTY_TYPE_UNICODE, id), text, error)))
        return FALSE;
    }
  return TRUE;
}

static gboolean
import_keywords (IMsgMessage  *message,
                 GMimeMessage *mime,
                 GError      **error)
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (message);
  g_autofree char *value = _imsg_mime_get_header (mime, "Keywords");
  g_auto(GStrv) words = NULL;
  GVariantBuilder builder;
  guint n_words = 0;
  guint id;

  if (value == NULL)
    return TRUE;
  words = g_strsplit_set (value, ",;", 256);
  g_variant_builder_init (&builder, G_VARIANT_TYPE_STRING_ARRAY);
  for (guint i = 0; words[i] != NULL; i++)
    if (*g_strstrip (words[i]) != '\0')
      {
        g_variant_builder_add (&builder, "s", words[i]);
        n_words++;
      }
  if (n_words == 0)
    {
      g_variant_builder_clear (&builder);
      return TRUE;
    }
  id = imsg_property_object_resolve_name (object, IMSG_PS_PUBLIC_STRINGS, "Keywords", TRUE, error);
  if (id == 0)
    {
      g_variant_builder_clear (&builder);
      return FALSE;
    }
  return imsg_property_object_set_value (
    object, imsg_property_tag (IMSG_PROPERTY_TYPE_MV_UNICODE, id), g_variant_builder_end (&builder),
    error);
}

static gboolean
is_unnamed (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (unnamed_headers); i++)
    if (g_ascii_strcasecmp (name, unnamed_headers[i]) == 0)
      return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (unnamed_prefixes); i++)
    if (g_ascii_strncasecmp (name, unnamed_prefixes[i], strlen (unnamed_prefixes[i])) == 0)
      return TRUE;
  return FALSE;
}

/* Every other header becomes a property named like it; of one that occurs twice the first. */
static gboolean
import_named_headers (IMsgMessage  *message,
                      GMimeMessage *mime,
                      GError      **error)
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (message);
  GMimeHeaderList *headers = g_mime_object_get_header_list (GMIME_OBJECT (mime));
  int n_headers = g_mime_header_list_get_count (headers);
  g_autoptr(GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (int i = 0; i < n_headers && g_hash_table_size (seen) < MAX_NAMED_HEADERS; i++)
    {
      GMimeHeader *header = g_mime_header_list_get_header_at (headers, i);
      const char *name = g_mime_header_get_name (header);
      const char *value = g_mime_header_get_value (header);
      g_autoptr(IMsgPropertyName) property = NULL;
      g_autofree char *text = NULL;
      guint id;

      if (name == NULL || value == NULL || is_unnamed (name) || !g_str_is_ascii (name) ||
          !g_hash_table_add (seen, g_ascii_strdown (name, -1)))
        continue;
      text = g_utf8_make_valid (value, -1);
      property = imsg_property_name_new_string (IMSG_PS_INTERNET_HEADERS, name);
      id = imsg_property_object_resolve_property_name (object, property, TRUE, error);
      if (id == 0 ||
          !imsg_property_object_set_string (
            object, imsg_property_tag (IMSG_PROPERTY_TYPE_UNICODE, id), g_strstrip (text), error))
        return FALSE;
    }
  return TRUE;
}

gboolean
_imsg_mime_set_named_header (IMsgMessage *message,
                             const char  *name,
                             const char  *value,
                             GError     **error)
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (message);
  g_autofree char *valid = value != NULL ? g_utf8_make_valid (value, -1) : NULL;
  guint id;

  if (valid == NULL)
    return TRUE;
  id = imsg_property_object_resolve_name (object, IMSG_PS_INTERNET_HEADERS, name, TRUE, error);
  return id != 0 && imsg_property_object_set_string (
                      object, imsg_property_tag (IMSG_PROPERTY_TYPE_UNICODE, id), valid, error);
}

/* The one header of the content that says more than what the content is. */
static gboolean
import_content_class (IMsgMessage  *message,
                      GMimeMessage *mime,
                      GError      **error)
{
  g_autofree char *value = _imsg_mime_get_header (mime, "Content-Class");

  return _imsg_mime_set_named_header (message, "content-class", value, error);
}

/* Line by line, as each may be of another mailer and in another charset. */
gboolean
_imsg_mime_import_header_block (IMsgMimeImport  *import,
                                IMsgMessage     *message,
                                GMimeMessage    *mime,
                                GError         **error)
{
  g_autofree char *block = g_mime_object_get_headers (GMIME_OBJECT (mime), NULL);
  g_auto(GStrv) lines = NULL;
  g_autoptr(GString) text = NULL;

  if (block == NULL || *block == '\0')
    return TRUE;
  if (strlen (block) > MAX_HEADER_BLOCK)
    block[MAX_HEADER_BLOCK] = '\0';
  lines = g_strsplit (block, "\n", -1);
  text = g_string_new (NULL);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_autofree char *decoded = _imsg_mime_decode_raw (lines[i], import->charset);

      for (const char *c = decoded != NULL ? decoded : lines[i]; *c != '\0'; c++)
        if (*c != '\r')
          g_string_append_c (text, *c);
      g_string_append (text, "\r\n");
    }
  return imsg_property_object_set_string (IMSG_PROPERTY_OBJECT (message),
                                          IMSG_PR_TRANSPORT_MESSAGE_HEADERS, text->str, error);
}

gboolean
_imsg_mime_import_named (IMsgMessage   *message,
                         GMimeMessage  *mime,
                         GError       **error)
{
  return import_message_flag (message, mime, error) &&
         import_classification (message, mime, error) && import_keywords (message, mime, error) &&
         import_named_headers (message, mime, error) &&
         import_content_class (message, mime, error);
}
