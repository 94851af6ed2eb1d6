/* imsg-mime-inline.c - which attachments an HTML body shows
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-mime-private.h"
#include "imsg-property-tags.h"

/* References longer than this are data, and refer to nothing. */
#define MAX_REFERENCE 4096

/* What the references are looked up in, so that the HTML is walked once. */
typedef struct
{
  GHashTable *needles; /* (element-type utf8 IMsgAttachment): what would refer to an attachment */
  const char *base;    /* what relative references start from, or NULL */
  GHashTable *shown;   /* (element-type IMsgAttachment), unowned: those found */
} Search;

static void
add_needle (Search         *search,
            char           *needle,
            IMsgAttachment *attachment)
{
  /* of several the first one is meant */
  if (needle == NULL || *needle == '\0' || g_hash_table_contains (search->needles, needle))
    g_free (needle);
  else
    g_hash_table_insert (search->needles, needle, attachment);
}

static void
add_needles (Search         *search,
             IMsgAttachment *attachment)
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (attachment);
  g_autofree char *id = g_strdup (imsg_attachment_get_content_id (attachment));
  g_autofree char *location = imsg_property_object_get_string (object,
                                                               IMSG_PR_ATTACH_CONTENT_LOCATION);
  g_autofree char *base = imsg_property_object_get_string (object, IMSG_PR_ATTACH_CONTENT_BASE);

  if (id != NULL)
    {
      g_autofree char *folded = NULL;

      g_strdelimit (id, "<> \t\r\n", ' ');
      folded = g_utf8_casefold (g_strstrip (id), -1);
      add_needle (search, *folded != '\0' ? g_strconcat ("cid:", folded, NULL) : NULL, attachment);
    }
  if (location != NULL)
    {
      add_needle (search, g_strdup (location), attachment);
      if (base != NULL)
        add_needle (search, g_uri_resolve_relative (base, location, G_URI_FLAGS_NONE, NULL),
                    attachment);
    }
  add_needle (search, g_strdup (imsg_attachment_get_file_name (attachment)), attachment);
}

static void
look_up (Search     *search,
         const char *reference)
{
  g_autofree char *key = NULL;
  IMsgAttachment *attachment = NULL;

  if (g_ascii_strncasecmp (reference, "cid:", 4) == 0)
    {
      g_autofree char *id = g_uri_unescape_string (reference + 4, NULL);
      g_autofree char *folded = g_utf8_casefold (id != NULL ? id : reference + 4, -1);

      key = g_strconcat ("cid:", folded, NULL);
      attachment = g_hash_table_lookup (search->needles, key);
    }
  else
    {
      attachment = g_hash_table_lookup (search->needles, reference);
      if (attachment == NULL && search->base != NULL)
        key = g_uri_resolve_relative (search->base, reference, G_URI_FLAGS_NONE, NULL);
      if (key != NULL)
        attachment = g_hash_table_lookup (search->needles, key);
    }
  if (attachment != NULL)
    g_hash_table_add (search->shown, attachment);
}

/* "background:url(a.png)", the value of a style */
static void
look_up_style (Search *search,
               char   *style)
{
  for (char *url = strstr (style, "url("); url != NULL; url = strstr (url, "url("))
    {
      char *reference = url + 4 + strspn (url + 4, " \t\"'");
      gsize length = strcspn (reference, " \t\"')");

      url = reference + length;
      if (*url == '\0')
        break;
      *url++ = '\0';
      look_up (search, reference);
    }
}

/* "a.png 1x, b.png 2x", a srcset */
static void
look_up_set (Search     *search,
             const char *set)
{
  g_auto(GStrv) items = g_strsplit (set, ",", 64);

  for (guint i = 0; items[i] != NULL; i++)
    {
      char *item = g_strstrip (items[i]);

      item[strcspn (item, " \t")] = '\0';
      look_up (search, item);
    }
}

static void
look_up_value (Search     *search,
               const char *value,
               gsize       length)
{
  g_autoptr(GString) text = NULL;

  if (length == 0 || length > MAX_REFERENCE || !g_utf8_validate (value, (gssize) length, NULL))
    return;
  text = g_string_new_len (value, (gssize) length);
  g_string_replace (text, "&amp;", "&", 0);
  look_up (search, g_strstrip (text->str));
  if (strstr (text->str, "url(") != NULL)
    look_up_style (search, text->str);
  else if (strpbrk (text->str, " ,") != NULL)
    look_up_set (search, text->str);
}

/* Behind an = of an attribute, or the ( of a CSS url(): where the value ends. */
static const char *
walk_value (Search     *search,
            const char *start,
            const char *stops)
{
  const char *value = start + strspn (start, " \t\r\n");
  const char *end;

  if (*value == '"' || *value == '\'')
    {
      const char quote[] = { *value, '\0' };

      value++;
      end = value;
      while (*end != '\0' && *end != *quote && end - value <= MAX_REFERENCE)
        end++;
      if (*end != *quote)
        return start;
    }
  else
    {
      end = value;
      while (*end != '\0' && strchr (stops, *end) == NULL && end - value <= MAX_REFERENCE)
        end++;
    }
  look_up_value (search, value, (gsize) (end - value));
  return end;
}

void
_imsg_mime_find_shown (IMsgMessage *message,
                       const char  *html,
                       GHashTable  *shown)
{
  GListModel *attachments = imsg_message_get_attachments (message);
  guint n_attachments = g_list_model_get_n_items (attachments);
  g_autoptr(GHashTable) needles = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree char *base = _imsg_mime_get_text (message, IMSG_PR_BODY_CONTENT_LOCATION);
  Search search = { needles, base, shown };
  const char *c = html;

  for (guint i = 0; i < n_attachments; i++)
    {
      g_autoptr(IMsgAttachment) attachment = g_list_model_get_item (attachments, i);

      if (imsg_attachment_get_method (attachment) == IMSG_ATTACHMENT_METHOD_BY_VALUE)
        add_needles (&search, attachment);
    }
  if (g_hash_table_size (needles) == 0)
    return;
  while ((c = strpbrk (c, "=(")) != NULL)
    {
      gboolean is_url = *c == '(' && c - html >= 3 && g_ascii_strncasecmp (c - 3, "url", 3) == 0;

      if (*c == '=' || is_url)
        c = walk_value (&search, c + 1, is_url ? ") \t\r\n" : " \t\r\n>");
      else
        c++;
    }
}
