/* imsg-property-stream.c - the stream of property entries, and the names of what is beside it
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-little-endian-private.h"
#include "imsg-property-private.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>

#define ENTRY_BYTES 16
#define SUBSTG_PREFIX "__substg1.0_"
#define RECIPIENT_PREFIX "__recip_version1.0_#"
#define ATTACHMENT_PREFIX "__attach_version1.0_#"

/* Below this many entries looking at each is quicker than clearing a bit for every id */
#define BITS_FROM 48

/* Whether a tag came before. Ids hardly ever repeat, so a bit each is enough until one does. */
typedef struct
{
  guint64    *ids;  /* 65536 bits; NULL for a few entries */
  GHashTable *tags; /* (nullable): from the first id that repeated on */
} SeenTags;

static gboolean
see_tag (SeenTags *seen,
         GArray   *entries,
         guint32   tag)
{
  guint64 bit = G_GUINT64_CONSTANT (1) << (tag >> 16 & 63);

  if (seen->ids == NULL)
    {
      for (guint i = 0; i < entries->len; i++)
        if (g_array_index (entries, IMsgPropertyEntry, i).tag == tag)
          return TRUE;
      return FALSE;
    }
  if (seen->tags == NULL)
    {
      guint64 *word = &seen->ids[tag >> 22];

      if ((*word & bit) == 0)
        {
          *word |= bit;
          return FALSE;
        }
      seen->tags = g_hash_table_new (g_direct_hash, g_direct_equal);
      for (guint i = 0; i < entries->len; i++)
        g_hash_table_add (seen->tags,
                          GUINT_TO_POINTER (g_array_index (entries, IMsgPropertyEntry, i).tag));
    }
  return !g_hash_table_add (seen->tags, GUINT_TO_POINTER (tag));
}

static void
read_counts (const guint8     *data,
             IMsgStreamHeader  header,
             IMsgStreamCounts *counts)
{
  if (header == IMSG_STREAM_SUBOBJECT)
    return;
  counts->next_recipient_id = _imsg_get_u32 (data + 8);
  counts->next_attachment_id = _imsg_get_u32 (data + 12);
  counts->n_recipients = _imsg_get_u32 (data + 16);
  counts->n_attachments = _imsg_get_u32 (data + 20);
}

GArray *
_imsg_property_stream_read (GBytes            *bytes,
                            IMsgStreamHeader   header,
                            IMsgStreamCounts  *counts,
                            const char        *where,
                            const IMsgLimits  *limits,
                            GPtrArray         *problems,
                            GError           **error)
{
  gsize n_bytes;
  const guint8 *data = g_bytes_get_data (bytes, &n_bytes);

  return _imsg_property_stream_parse (data, n_bytes, header, counts, where, limits, problems,
                                      error);
}

GArray *
_imsg_property_stream_parse (const guint8      *data,
                             gsize              n_bytes,
                             IMsgStreamHeader   header,
                             IMsgStreamCounts  *counts,
                             const char        *where,
                             const IMsgLimits  *limits,
                             GPtrArray         *problems,
                             GError           **error)
{
  gsize n_entries;
  g_autoptr(GArray) entries = NULL;
  SeenTags seen = { 0 };

  if (counts != NULL)
    memset (counts, 0, sizeof *counts);
  if (n_bytes < (gsize) header)
    {
      _imsg_problem_list_tell (problems, where, IMSG_ERROR_CORRUPT_DATA,
                               g_dngettext (GETTEXT_PACKAGE,
                                            "The property stream has %zu byte, fewer than the %d "
                                              "of its header",
                                            "The property stream has %zu bytes, fewer than the %d "
                                              "of its header",
                                            n_bytes),
                               n_bytes, (int) header);
      return g_array_new (FALSE, FALSE, sizeof (IMsgPropertyEntry));
    }
  if (counts != NULL)
    read_counts (data, header, counts);
  data += header;
  n_bytes -= (gsize) header;
  n_entries = n_bytes / ENTRY_BYTES;
  if (n_entries > limits->values[IMSG_LIMIT_PROPERTIES])
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_TOO_BIG,
                   g_dngettext (GETTEXT_PACKAGE,
                                "%s: %zu property, and the limit is %" PRIu64,
                                "%s: %zu properties, and the limit is %" PRIu64,
                                n_entries),
                   where, n_entries, limits->values[IMSG_LIMIT_PROPERTIES]);
      return NULL;
    }
  if (n_bytes % ENTRY_BYTES != 0)
    _imsg_problem_list_tell (problems, where, IMSG_ERROR_CORRUPT_DATA,
                             g_dngettext (GETTEXT_PACKAGE,
                                          "The property stream ends with %zu byte that makes no "
                                            "entry",
                                          "The property stream ends with %zu bytes that make no "
                                            "entry",
                                          n_bytes % ENTRY_BYTES),
                             n_bytes % ENTRY_BYTES);

  if (n_entries >= BITS_FROM)
    seen.ids = g_new0 (guint64, 65536 / 64);
  entries = g_array_sized_new (FALSE, FALSE, sizeof (IMsgPropertyEntry), (guint) n_entries);
  for (gsize i = 0; i < n_entries; i++, data += ENTRY_BYTES)
    {
      IMsgPropertyEntry entry = { _imsg_get_u32 (data), _imsg_get_u32 (data + 4), { 0 } };

      memcpy (entry.value, data + 8, IMSG_INLINE_BYTES);
      if (see_tag (&seen, entries, entry.tag))
        _imsg_problem_list_tell (problems, where, IMSG_ERROR_CORRUPT_DATA,
                                 _("Property 0x%08X is there twice; the first counts"), entry.tag);
      else
        g_array_append_val (entries, entry);
    }
  g_clear_pointer (&seen.tags, g_hash_table_unref);
  g_free (seen.ids);
  return g_steal_pointer (&entries);
}

GBytes *
_imsg_property_stream_write (const IMsgPropertyEntry *entries,
                             gsize                    n_entries,
                             IMsgStreamHeader         header,
                             const IMsgStreamCounts  *counts)
{
  gsize n_bytes = (gsize) header + n_entries * ENTRY_BYTES;
  guint8 *data = g_malloc0 (n_bytes);
  guint8 *at = data + header;

  if (header != IMSG_STREAM_SUBOBJECT && counts != NULL)
    {
      _imsg_put_u32 (data + 8, counts->next_recipient_id);
      _imsg_put_u32 (data + 12, counts->next_attachment_id);
      _imsg_put_u32 (data + 16, counts->n_recipients);
      _imsg_put_u32 (data + 20, counts->n_attachments);
    }
  for (gsize i = 0; i < n_entries; i++, at += ENTRY_BYTES)
    {
      _imsg_put_u32 (at, entries[i].tag);
      _imsg_put_u32 (at + 4, entries[i].attributes);
      memcpy (at + 8, entries[i].value, IMSG_INLINE_BYTES);
    }
  return g_bytes_new_take (data, n_bytes);
}

static char *
write_hex (char    *text,
           guint32  number)
{
  static const char digits[] = "0123456789ABCDEF";

  for (int shift = 28; shift >= 0; shift -= 4)
    *text++ = digits[number >> shift & 15];
  *text = '\0';
  return text;
}

void
_imsg_substg_name (guint32 tag,
                   char    name[IMSG_SUBSTG_NAME_SIZE])
{
  memcpy (name, SUBSTG_PREFIX, strlen (SUBSTG_PREFIX));
  write_hex (name + strlen (SUBSTG_PREFIX), tag);
}

void
_imsg_substg_value_name (guint32 tag,
                         guint32 index,
                         char    name[IMSG_SUBSTG_NAME_SIZE])
{
  char *at;

  memcpy (name, SUBSTG_PREFIX, strlen (SUBSTG_PREFIX));
  at = write_hex (name + strlen (SUBSTG_PREFIX), tag);
  *at++ = '-';
  write_hex (at, index);
}

void
_imsg_recipient_name (guint32 index,
                      char    name[IMSG_SUBSTG_NAME_SIZE])
{
  memcpy (name, RECIPIENT_PREFIX, strlen (RECIPIENT_PREFIX));
  write_hex (name + strlen (RECIPIENT_PREFIX), index);
}

void
_imsg_attachment_name (guint32 index,
                       char    name[IMSG_SUBSTG_NAME_SIZE])
{
  memcpy (name, ATTACHMENT_PREFIX, strlen (ATTACHMENT_PREFIX));
  write_hex (name + strlen (ATTACHMENT_PREFIX), index);
}

/* Eight digits of either case; what follows them, or NULL. */
static const char *
read_hex (const char *text,
          guint32    *number)
{
  guint32 value = 0;

  for (guint i = 0; i < 8; i++)
    {
      int digit = g_ascii_xdigit_value (text[i]);

      if (digit < 0)
        return NULL;
      value = value << 4 | (guint32) digit;
    }
  *number = value;
  return text + 8;
}

static gboolean
has_prefix (const char *name,
            const char *prefix)
{
  return g_ascii_strncasecmp (name, prefix, strlen (prefix)) == 0;
}

static gboolean
parse_index (const char *digits,
             guint32    *index)
{
  guint32 number;
  const char *end = read_hex (digits, &number);

  if (end == NULL || *end != '\0')
    return FALSE;
  *index = number;
  return TRUE;
}

IMsgElementKind
_imsg_element_parse_name (const char *name,
                          guint32    *tag,
                          guint32    *index)
{
  if (name[0] != '_' || name[1] != '_')
    return IMSG_ELEMENT_FOREIGN;

  if (has_prefix (name, SUBSTG_PREFIX))
    {
      guint32 number;
      const char *end = read_hex (name + strlen (SUBSTG_PREFIX), &number);

      if (end == NULL || (*end != '\0' && (*end != '-' || !parse_index (end + 1, index))))
        return IMSG_ELEMENT_FOREIGN;
      *tag = number;
      return *end == '\0' ? IMSG_ELEMENT_SUBSTG : IMSG_ELEMENT_SUBSTG_VALUE;
    }
  if (has_prefix (name, RECIPIENT_PREFIX))
    return parse_index (name + strlen (RECIPIENT_PREFIX), index) ? IMSG_ELEMENT_RECIPIENT
                                                                 : IMSG_ELEMENT_FOREIGN;
  if (has_prefix (name, ATTACHMENT_PREFIX))
    return parse_index (name + strlen (ATTACHMENT_PREFIX), index) ? IMSG_ELEMENT_ATTACHMENT
                                                                  : IMSG_ELEMENT_FOREIGN;
  if (g_ascii_strcasecmp (name, IMSG_PROPERTIES_STREAM) == 0)
    return IMSG_ELEMENT_PROPERTIES;
  if (g_ascii_strcasecmp (name, IMSG_NAMEID_STORAGE) == 0)
    return IMSG_ELEMENT_NAMEID;
  return IMSG_ELEMENT_FOREIGN;
}
