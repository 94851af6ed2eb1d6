/* imsg-mime-import-headers.c - the headers of an imported message ([MS-OXCMAIL] 2.2.1)
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-language-private.h"
#include "imsg-mime-date-private.h"
#include "imsg-mime-header-private.h"
#include "imsg-mime-import-private.h"
#include "imsg-property-tags.h"

/* PR_INTERNET_REFERENCES may be cut here: [MS-OXCMAIL] 2.2.1.10 */
#define MAX_REFERENCES 65536

/* A header as text for people: decoded, unfolded, valid UTF-8. */
char *
_imsg_mime_get_header (GMimeMessage *mime,
                       const char   *name)
{
  GMimeObject *content = g_mime_message_get_mime_part (mime);
  const char *value = g_mime_object_get_header (GMIME_OBJECT (mime), name);
  char *text;

  /* GMime hands what is called Content-… to the content */
  if (value == NULL && content != NULL)
    value = g_mime_object_get_header (content, name);
  if (value == NULL)
    return NULL;
  text = g_utf8_make_valid (value, -1);
  g_strdelimit (text, "\r\n\t", ' ');
  g_strstrip (text);
  if (*text == '\0')
    g_clear_pointer (&text, g_free);
  return text;
}

gboolean
_imsg_mime_set_text (IMsgMessage *message,
                     guint32      tag,
                     const char  *text,
                     GError     **error)
{
  return text == NULL || *text == '\0' ||
         imsg_property_object_set_string (IMSG_PROPERTY_OBJECT (message), tag, text, error);
}

gboolean
_imsg_mime_set_int (IMsgMessage *message,
                    guint32      tag,
                    gint64       value,
                    GError     **error)
{
  return imsg_property_object_set_int (IMSG_PROPERTY_OBJECT (message), tag, value, error);
}

/* --- time --- */

/* The topmost Received header ends in the time the message arrived. */
static GDateTime *
get_received_time (GMimeMessage *mime)
{
  const char *received = g_mime_object_get_header (GMIME_OBJECT (mime), "Received");
  const char *semicolon = received != NULL ? strrchr (received, ';') : NULL;

  return semicolon != NULL ? _imsg_mime_decode_date (semicolon + 1) : NULL;
}

static gboolean
set_date_header (IMsgMessage  *message,
                 GMimeMessage *mime,
                 const char   *header,
                 guint32       tag,
                 GError      **error)
{
  const char *value = g_mime_object_get_header (GMIME_OBJECT (mime), header);
  g_autoptr(GDateTime) time = _imsg_mime_decode_date (value);

  return time == NULL ||
         imsg_property_object_set_datetime (IMSG_PROPERTY_OBJECT (message), tag, time, error);
}

static gboolean
import_times (IMsgMessage  *message,
              GMimeMessage *mime,
              GError      **error)
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (message);
  g_autofree char *date = _imsg_mime_get_header (mime, "Date");
  g_autoptr(GDateTime) sent = _imsg_mime_decode_date (date);
  g_autoptr(GDateTime) received = get_received_time (mime);
  GDateTime *delivered = received != NULL ? received : sent;

  if (sent != NULL &&
      !imsg_property_object_set_datetime (object, IMSG_PR_CLIENT_SUBMIT_TIME, sent, error))
    return FALSE;
  if (delivered != NULL &&
      !imsg_property_object_set_datetime (object, IMSG_PR_MESSAGE_DELIVERY_TIME, delivered, error))
    return FALSE;
  return set_date_header (message, mime, "Expiry-Date", IMSG_PR_EXPIRY_TIME, error) &&
         set_date_header (message, mime, "Expires", IMSG_PR_EXPIRY_TIME, error) &&
         set_date_header (message, mime, "Reply-By", IMSG_PR_REPLY_TIME, error);
}

/* --- thread and weight --- */

static gboolean
import_thread (IMsgMessage  *message,
               GMimeMessage *mime,
               GError      **error)
{
  g_autofree char *id = _imsg_mime_get_header (mime, "Message-ID");
  g_autofree char *index = _imsg_mime_get_header (mime, "Thread-Index");

  if (!_imsg_mime_set_text (message, IMSG_PR_INTERNET_MESSAGE_ID, id, error))
    return FALSE;
  for (const IMsgMimeTextHeader *header = _imsg_mime_text_headers; header->name != NULL; header++)
    {
      g_autofree char *text = _imsg_mime_get_header (mime, header->name);

      if (text != NULL && strlen (text) > MAX_REFERENCES)
        *(g_utf8_find_prev_char (text, text + MAX_REFERENCES)) = '\0';
      if (!_imsg_mime_set_text (message, header->tag, text, error))
        return FALSE;
    }
  if (index != NULL)
    {
      gsize n_bytes;
      guint8 *decoded = g_base64_decode (index, &n_bytes);
      g_autoptr(GBytes) bytes = g_bytes_new_take (decoded, n_bytes);

      if (n_bytes >= 22 &&
          !imsg_property_object_set_bytes (IMSG_PROPERTY_OBJECT (message),
                                           IMSG_PR_CONVERSATION_INDEX, bytes, error))
        return FALSE;
    }
  return TRUE;
}

/* 0 low, 1 normal, 2 high; -1 when no header says. */
static int
find_importance (GMimeMessage *mime)
{
  static const struct
  {
    const char *header;
    const char *low;
    const char *high;
  } words[] = { { "Importance", "low", "high" }, { "X-MSMail-Priority", "low", "high" },
                { "Priority", "non-urgent", "urgent" } };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      g_autofree char *value = _imsg_mime_get_header (mime, words[i].header);
      g_autofree char *number = i == 0 ? NULL : _imsg_mime_get_header (mime, "X-Priority");

      if (i == 1 && number != NULL && g_ascii_isdigit (*number))
        return *number <= '2' ? 2 : *number >= '4' ? 0 : 1;
      if (value == NULL)
        continue;
      return g_ascii_strcasecmp (value, words[i].high) == 0  ? 2
             : g_ascii_strcasecmp (value, words[i].low) == 0 ? 0
                                                             : 1;
    }
  return -1;
}

static gboolean
import_weight (IMsgMessage  *message,
               GMimeMessage *mime,
               GError      **error)
{
  static const char *const sensitivities[] = { "Normal", "Personal", "Private",
                                               "Company-Confidential" };
  g_autofree char *sensitivity = _imsg_mime_get_header (mime, "Sensitivity");
  g_autofree char *priority = _imsg_mime_get_header (mime, "Priority");
  int importance = find_importance (mime);

  if (importance >= 0 && !_imsg_mime_set_int (message, IMSG_PR_IMPORTANCE, importance, error))
    return FALSE;
  if (priority != NULL &&
      !_imsg_mime_set_int (message, IMSG_PR_PRIORITY,
                g_ascii_strcasecmp (priority, "urgent") == 0       ? 1
                : g_ascii_strcasecmp (priority, "non-urgent") == 0 ? -1
                                                                   : 0,
                error))
    return FALSE;
  for (guint i = 1; sensitivity != NULL && i < G_N_ELEMENTS (sensitivities); i++)
    if (g_ascii_strcasecmp (sensitivity, sensitivities[i]) == 0)
      return _imsg_mime_set_int (message, IMSG_PR_SENSITIVITY, i, error);
  return TRUE;
}

static gboolean
import_suppressed_responses (IMsgMessage  *message,
                             GMimeMessage *mime,
                             GError      **error)
{
  static const char *const names[] = { "DR", "NDR", "RN", "NRN", "OOF", "AutoReply" };
  g_autofree char *value = _imsg_mime_get_header (mime, "X-Auto-Response-Suppress");
  g_auto(GStrv) words = NULL;
  guint32 bits = 0;

  if (value == NULL)
    return TRUE;
  words = g_strsplit_set (value, ", ", 32);
  for (guint i = 0; words[i] != NULL; i++)
    {
      if (g_ascii_strcasecmp (words[i], "All") == 0)
        bits = G_MAXUINT32;
      for (guint j = 0; j < G_N_ELEMENTS (names); j++)
        if (g_ascii_strcasecmp (words[i], names[j]) == 0)
          bits |= 1u << j;
    }
  return _imsg_mime_set_int (message, IMSG_PR_AUTO_RESPONSE_SUPPRESS, (gint32) bits, error);
}

static gboolean
import_content_facts (IMsgMessage   *message,
                      GMimeMessage  *mime,
                      GError       **error)
{
  g_autofree char *languages = _imsg_mime_get_header (mime, "Content-Language");
  g_autofree char *correlator = _imsg_mime_get_header (mime, "X-MS-TNEF-Correlator");
  guint32 locale = languages != NULL ? _imsg_language_find_locale (languages) : 0;
  g_autoptr(GBytes) key =
    correlator != NULL ? g_bytes_new (correlator, strlen (correlator) + 1) : NULL;

  return (locale == 0 || _imsg_mime_set_int (message, IMSG_PR_MESSAGE_LOCALE_ID, locale, error)) &&
         (key == NULL ||
          imsg_property_object_set_bytes (IMSG_PROPERTY_OBJECT (message),
                                          IMSG_PR_TNEF_CORRELATION_KEY, key, error));
}

gboolean
_imsg_mime_import_headers (IMsgMimeImport *import,
                           IMsgMessage    *message,
                           GMimeMessage   *mime,
                           GError        **error)
{
  /* of several the first, which readers show; GMime keeps the last */
  g_autofree char *subject = _imsg_mime_get_header (mime, "Subject");
  gboolean is_empty = subject == NULL && g_mime_message_get_subject (mime) != NULL;

  if ((subject != NULL || is_empty) &&
      !imsg_message_set_subject (message, subject != NULL ? subject : "", error))
    return FALSE;
  return _imsg_mime_import_people (import, message, mime, error) &&
         import_times (message, mime, error) &&
         import_thread (message, mime, error) && import_weight (message, mime, error) &&
         import_suppressed_responses (message, mime, error) &&
         import_content_facts (message, mime, error) &&
         _imsg_mime_import_named (message, mime, error);
}
