/* imsg-mime-header.c - writing one header, and reading those a message came with
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-mime-header-private.h"
#include "imsg-mime-words-private.h"

/* Headers that properties speak for: never taken from PR_TRANSPORT_MESSAGE_HEADERS or from named
 * properties. Content-… and MIME-Version belong to the new structure. */
static const char *const produced_headers[] = {
  "Subject", "Date", "Message-ID", "In-Reply-To", "References", "Thread-Topic", "Thread-Index",
  "Importance", "X-Priority", "X-MSMail-Priority", "Priority", "Sensitivity", "Keywords",
  "Expires", "Expiry-Date", "Reply-By", "X-Message-Flag", "X-Auto-Response-Suppress", "List-Help",
  "List-Subscribe", "List-Unsubscribe", "X-MS-TNEF-Correlator", "X-MS-Has-Attach", "X-Unsent", "From",
  "Sender", "To", "Cc", "Bcc", "Reply-To", "Disposition-Notification-To", "Return-Receipt-To",
  "MIME-Version", "X-Microsoft-Classified", "X-Microsoft-Classification", "X-Microsoft-ClassDesc",
  "X-Microsoft-ClassID", "X-Microsoft-ClassKeep",
};

/* A header never holds a line end or NUL, whatever the property holds. */
char *
_imsg_mime_clean_value (const char *value)
{
  char *clean = g_strdup (value);

  g_strdelimit (clean, "\r\n", ' ');
  return g_strstrip (clean);
}

gboolean
_imsg_mime_is_header_name (const char *name)
{
  if (*name == '\0')
    return FALSE;
  for (; *name != '\0'; name++)
    if (*name <= ' ' || *name >= 0x7F || *name == ':')
      return FALSE;
  return TRUE;
}

gboolean
_imsg_mime_is_produced (const char *name)
{
  if (g_ascii_strncasecmp (name, "Content-", 8) == 0)
    return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (produced_headers); i++)
    if (g_ascii_strcasecmp (name, produced_headers[i]) == 0)
      return TRUE;
  return FALSE;
}

void
_imsg_mime_add_raw_header (GMimeMessage *mime,
                           const char   *name,
                           const char   *value)
{
  GMimeHeaderList *headers = g_mime_object_get_header_list (GMIME_OBJECT (mime));
  g_autofree char *raw = g_strconcat (" ", value, "\n", NULL);

  g_mime_header_list_append (headers, name, "", NULL);
  g_mime_header_set_raw_value (
    g_mime_header_list_get_header_at (headers, g_mime_header_list_get_count (headers) - 1), raw);
}

void
_imsg_mime_add_header (GMimeMessage *mime,
                       const char   *name,
                       const char   *value)
{
  g_autofree char *clean = _imsg_mime_clean_value (value);
  g_autofree char *encoded = *clean != '\0' ? _imsg_mime_encode_text (clean) : NULL;

  if (encoded != NULL)
    _imsg_mime_add_raw_header (mime, name, encoded);
}

gboolean
_imsg_mime_has_header (GMimeMessage *mime,
                       const char   *name)
{
  return g_mime_header_list_contains (g_mime_object_get_header_list (GMIME_OBJECT (mime)), name);
}

void
_imsg_mime_add_date_header (GMimeMessage *mime,
                            const char   *name,
                            GDateTime    *date)
{
  g_autofree char *text = g_mime_utils_header_format_date (date);

  g_mime_object_append_header (GMIME_OBJECT (mime), name, text, NULL);
}

typedef void (*HeaderFunc) (const char *name,
                            const char *value,
                            gpointer    user_data);

/* Calls func for each header of a block, its continuation lines kept as they are; stops at the
 * empty line, past which a block may hold the headers of parts. */
static void
foreach_header (const char *block,
                HeaderFunc  func,
                gpointer    user_data)
{
  const char *line = block;

  while (line != NULL && *line != '\0' && *line != '\n' && *line != '\r')
    {
      const char *end = strchr (line, '\n');
      const char *colon;

      while (end != NULL && (end[1] == ' ' || end[1] == '\t'))
        end = strchr (end + 1, '\n');
      colon = memchr (line, ':', end != NULL ? (gsize) (end - line) : strlen (line));
      if (colon != NULL)
        {
          g_autofree char *name = g_strndup (line, (gsize) (colon - line));
          g_autofree char *value =
            end != NULL ? g_strndup (colon + 1, (gsize) (end - colon - 1)) : g_strdup (colon + 1);

          if (_imsg_mime_is_header_name (name))
            func (name, value, user_data);
        }
      line = end != NULL ? end + 1 : NULL;
    }
}

typedef struct
{
  const char *name;
  char       *value;
} FindHeader;

static void
find_header_cb (const char *name,
                const char *value,
                gpointer    user_data)
{
  FindHeader *find = user_data;

  if (find->value == NULL && g_ascii_strcasecmp (name, find->name) == 0)
    find->value = _imsg_mime_clean_value (value);
}

char *
_imsg_mime_find_transport_header (const char *block,
                                  const char *name)
{
  FindHeader find = { name, NULL };

  if (block != NULL)
    foreach_header (block, find_header_cb, &find);
  return find.value;
}

static void
add_transport_header_cb (const char *name,
                         const char *value,
                         gpointer    user_data)
{
  g_autoptr(GString) lines = NULL;

  if (_imsg_mime_is_produced (name))
    return;
  if (!g_str_is_ascii (value))
    {
      _imsg_mime_add_header (user_data, name, value);
      return;
    }
  /* folded as it came; lines end in LF here, the whole output gets CR LF */
  lines = g_string_sized_new (strlen (value));
  for (const char *c = value; *c != '\0'; c++)
    if (*c != '\r')
      g_string_append_c (lines, *c);
  _imsg_mime_add_raw_header (user_data, name, g_strchug (lines->str));
}

void
_imsg_mime_add_transport_headers (const char   *block,
                                  GMimeMessage *mime)
{
  foreach_header (block, add_transport_header_cb, mime);
}
