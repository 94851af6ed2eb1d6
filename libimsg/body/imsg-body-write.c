/* imsg-body-write.c - setting the body of a message
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-body.h"

#include "imsg-body-source-private.h"
#include "imsg-code-page-private.h"
#include "imsg-html-private.h"
#include "imsg-property-tags.h"
#include "imsg-rtf-compression.h"

#include <glib/gi18n-lib.h>

/* The editor formats of PR_MSG_EDITOR_FORMAT, where RTF and HTML stand the other way round */
enum
{
  EDITOR_TEXT = 1,
  EDITOR_HTML = 2,
  EDITOR_RTF = 3,
};

static gboolean
delete_if_there (IMsgMessage  *message,
                 guint32       tag,
                 GError      **error)
{
  g_autoptr(GError) local_error = NULL;
  guint32 stored_tag = imsg_property_object_find_tag (IMSG_PROPERTY_OBJECT (message), tag);

  if (stored_tag == 0 ||
      imsg_property_object_delete_value (IMSG_PROPERTY_OBJECT (message), stored_tag,
                                         &local_error) ||
      g_error_matches (local_error, IMSG_ERROR, IMSG_ERROR_NOT_FOUND))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

/* Bookkeeping between RTF and text that holds no longer. */
static gboolean
drop_synchronization (IMsgMessage  *message,
                      GError      **error)
{
  static const guint32 tags[] = {
    IMSG_PR_RTF_IN_SYNC, IMSG_PR_RTF_SYNC_BODY_CRC, IMSG_PR_RTF_SYNC_BODY_COUNT,
    IMSG_PR_RTF_SYNC_BODY_TAG, IMSG_PR_RTF_SYNC_PREFIX_COUNT, IMSG_PR_RTF_SYNC_TRAILING_COUNT,
  };

  for (guint i = 0; i < G_N_ELEMENTS (tags); i++)
    {
      if (!delete_if_there (message, tags[i], error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
set_binary (IMsgMessage  *message,
            guint32       tag,
            GBytes       *bytes,
            GError      **error)
{
  g_autoptr(GVariant) value = g_variant_ref_sink (
    g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, bytes, TRUE));

  return imsg_property_object_set_value (IMSG_PROPERTY_OBJECT (message), tag, value, error);
}

static gboolean
set_formats (IMsgMessage     *message,
             IMsgBodyFormat   native,
             int              editor,
             GError         **error)
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (message);

  if (!imsg_property_object_set_int (object, IMSG_PR_NATIVE_BODY_INFO, native, error))
    return FALSE;
  /* Outlook's own note; kept true where it is, not made up where it is not. */
  return !imsg_property_object_has_value (object, IMSG_PR_MSG_EDITOR_FORMAT) ||
         imsg_property_object_set_int (object, IMSG_PR_MSG_EDITOR_FORMAT, editor, error);
}

/* PR_BODY of what another format says. In a message of 8-bit text a character may have no place;
 * then there is none, which readers make up from the body that is. */
static gboolean
set_derived_text (IMsgMessage  *message,
                  const char   *text,
                  GError      **error)
{
  g_autoptr(GError) local_error = NULL;

  if (imsg_property_object_set_string (IMSG_PROPERTY_OBJECT (message), IMSG_PR_BODY, text,
                                       &local_error))
    return TRUE;
  if (g_error_matches (local_error, IMSG_ERROR, IMSG_ERROR_BAD_CHARWIDTH))
    return delete_if_there (message, IMSG_PR_BODY, error);
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

/* 8-bit text whose only witness the old page was stays in it. */
static gboolean
declare_utf8 (IMsgMessage  *message,
              GError      **error)
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (message);
  guint code_page = imsg_message_get_code_page (message);

  if (!imsg_property_object_set_int (object, IMSG_PR_INTERNET_CPID, IMSG_CODE_PAGE_UTF8, error))
    return FALSE;
  return imsg_property_object_is_unicode (object) ||
         imsg_message_get_code_page (message) == code_page ||
         imsg_property_object_set_int (object, IMSG_PR_MESSAGE_CODEPAGE, code_page, error);
}

static gboolean
set_text (IMsgMessage  *message,
          const char   *text,
          GError      **error)
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (message);
  guint code_page;

  if (!imsg_property_object_set_string (object, IMSG_PR_BODY, text, error) ||
      !delete_if_there (message, IMSG_PR_HTML, error) ||
      !delete_if_there (message, IMSG_PR_RTF_COMPRESSED, error) ||
      !drop_synchronization (message, error) ||
      !set_formats (message, IMSG_BODY_FORMAT_TEXT, EDITOR_TEXT, error))
    return FALSE;

  /* It is how the text is to go out by mail: a page that lacks its characters would lose them. */
  code_page = imsg_property_object_get_int (object, IMSG_PR_INTERNET_CPID);
  if (code_page != 0)
    {
      g_autoptr(GBytes) encoded = _imsg_code_page_encode (code_page, text, strlen (text), NULL);

      if (encoded == NULL)
        return declare_utf8 (message, error);
    }
  return TRUE;
}

static gboolean
set_html (IMsgMessage  *message,
          const char   *html,
          GError      **error)
{
  g_autoptr(GBytes) content = g_bytes_new (html, strlen (html));
  /* It is stored as UTF-8, so an element that names another charset must not stay. */
  g_autoptr(GBytes) bytes = _imsg_html_declare_utf8 (content);
  g_autofree char *text = NULL;
  gsize text_length;

  text = _imsg_html_to_text (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), G_MAXSIZE,
                             &text_length, NULL);

  /* As bytes, whatever it was: HTML as text has the same id. */
  if (imsg_property_object_find_tag (IMSG_PROPERTY_OBJECT (message), IMSG_PR_HTML) != IMSG_PR_HTML &&
      !delete_if_there (message, IMSG_PR_HTML, error))
    return FALSE;
  return set_binary (message, IMSG_PR_HTML, bytes, error) &&
         declare_utf8 (message, error) && delete_if_there (message, IMSG_PR_RTF_COMPRESSED, error) &&
         drop_synchronization (message, error) && set_derived_text (message, text, error) &&
         set_formats (message, IMSG_BODY_FORMAT_HTML, EDITOR_HTML, error);
}

/* RTF is 7-bit: what is not is written as the character's number. */
static GBytes *
make_seven_bit (const char *rtf)
{
  GString *out = g_string_sized_new (strlen (rtf) + 1);

  for (const char *at = rtf; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar character = g_utf8_get_char (at);

      if (character < 0x80)
        g_string_append_c (out, character);
      else if (character < 0x10000)
        g_string_append_printf (out, "{\\uc1\\u%d?}", (gint16) character);
      else
        g_string_append_printf (out, "{\\uc1\\u%d?\\u%d?}",
                                (gint16) (0xD800 + ((character - 0x10000) >> 10)),
                                (gint16) (0xDC00 + ((character - 0x10000) & 0x3FF)));
    }
  return g_string_free_to_bytes (out);
}

static gboolean
set_rtf (IMsgMessage  *message,
         const char   *rtf,
         GError      **error)
{
  g_autoptr(GBytes) bytes = make_seven_bit (rtf);
  g_autoptr(GBytes) compressed = NULL;
  g_autofree char *text = NULL;
  IMsgRtfContent content = imsg_rtf_get_content (bytes);

  text = imsg_rtf_to_text (bytes, NULL, NULL);
  if (text == NULL)
    {
      g_set_error_literal (error, IMSG_ERROR, IMSG_ERROR_BAD_VALUE,
                           _("An RTF body must begin with {\\rtf"));
      return FALSE;
    }
  compressed = imsg_rtf_compress (bytes);
  if (!set_binary (message, IMSG_PR_RTF_COMPRESSED, compressed, error) ||
      !delete_if_there (message, IMSG_PR_HTML, error) ||
      !drop_synchronization (message, error) || !set_derived_text (message, text, error) ||
      !imsg_property_object_set_boolean (IMSG_PROPERTY_OBJECT (message), IMSG_PR_RTF_IN_SYNC,
                                         imsg_property_object_has_value (
                                           IMSG_PROPERTY_OBJECT (message), IMSG_PR_BODY), error))
    return FALSE;
  switch (content)
    {
    case IMSG_RTF_CONTENT_HTML:
      return set_formats (message, IMSG_BODY_FORMAT_HTML, EDITOR_HTML, error);
    case IMSG_RTF_CONTENT_TEXT:
      return set_formats (message, IMSG_BODY_FORMAT_TEXT, EDITOR_TEXT, error);
    default:
      return set_formats (message, IMSG_BODY_FORMAT_RTF, EDITOR_RTF, error);
    }
}

static gboolean
set_none (IMsgMessage  *message,
          GError      **error)
{
  return delete_if_there (message, IMSG_PR_BODY, error) &&
         delete_if_there (message, IMSG_PR_HTML, error) &&
         delete_if_there (message, IMSG_PR_RTF_COMPRESSED, error) &&
         drop_synchronization (message, error) &&
         delete_if_there (message, IMSG_PR_NATIVE_BODY_INFO, error);
}

/**
 * imsg_message_set_body:
 * @self: a message that is open for changes
 * @format: the format of @content
 * @content: (nullable): the body in UTF-8; %NULL for none at all
 * @error: return location for an error
 *
 * Sets the body of a message, and brings its other forms in step.
 *
 * - Text replaces `PR_BODY`; RTF and HTML are deleted.
 * - HTML replaces `PR_HTML`, as UTF-8 with `PR_INTERNET_CPID` 65001; a `meta` element that names
 *   another charset is corrected; `PR_BODY` is made of it and RTF deleted.
 * - RTF replaces `PR_RTF_COMPRESSED`, characters over 127 written as `\u`; `PR_BODY` is made of it
 *   and HTML deleted.
 *
 * `PR_NATIVE_BODY_INFO` and `PR_RTF_IN_SYNC` tell what then holds. In a message of 8-bit text,
 * a `PR_BODY` that is only derived is left out when its characters have no place there.
 *
 * Fails with `IMSG_ERROR_BAD_VALUE` when @content is no RTF where it should be,
 * `IMSG_ERROR_BAD_CHARWIDTH` when text has no place in a message of 8-bit text,
 * `IMSG_ERROR_NO_ACCESS` when @self is read-only and `IMSG_ERROR_CLOSED` once it is closed.
 * Source: [MS-OXBBODY]; [MS-OXCMSG] 2.2.1.58.
 *
 * Returns: whether the body was set
 * Since: 1.0
 */
gboolean
imsg_message_set_body (IMsgMessage     *self,
                       IMsgBodyFormat   format,
                       const char      *content,
                       GError         **error)
{
  g_autoptr(GPtrArray) unnamed = NULL;
  gboolean is_set;

  g_return_val_if_fail (IMSG_IS_MESSAGE (self), FALSE);
  g_return_val_if_fail (format >= IMSG_BODY_FORMAT_TEXT && format <= IMSG_BODY_FORMAT_HTML, FALSE);
  g_return_val_if_fail (content == NULL || g_utf8_validate (content, -1, NULL), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  unnamed = _imsg_body_list_unnamed (self);
  if (content == NULL)
    is_set = set_none (self, error);
  else if (format == IMSG_BODY_FORMAT_TEXT)
    is_set = set_text (self, content, error);
  else if (format == IMSG_BODY_FORMAT_HTML)
    is_set = set_html (self, content, error);
  else
    is_set = set_rtf (self, content, error);
  return is_set && _imsg_body_clear_unnamed (self, unnamed, error);
}
