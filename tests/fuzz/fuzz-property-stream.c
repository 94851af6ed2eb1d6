/* fuzz-property-stream.c - property streams and values of any bytes
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "fuzz-main.h"

#include "imsg-property-private.h"

static const IMsgStreamHeader headers[] = {
  IMSG_STREAM_MESSAGE, IMSG_STREAM_EMBEDDED, IMSG_STREAM_SUBOBJECT,
};

/* For each kind of header a stream with a property of each type, the value of which is of what stands
 * at the beginning. */
void
fuzz_add_seeds (GPtrArray *seeds)
{
  static const guint16 types[] = {
    0x0002, 0x0003, 0x0004, 0x0005, 0x0006, 0x0007, 0x000A, 0x000B, 0x000D, 0x0014, 0x001E,
    0x001F, 0x0040, 0x0048, 0x0102, 0x1002, 0x1003, 0x1004, 0x1005, 0x1006, 0x1007, 0x1014,
    0x101E, 0x101F, 0x1040, 0x1048, 0x1102,
  };
  IMsgPropertyEntry entries[G_N_ELEMENTS (types)];
  IMsgStreamCounts counts = { 1, 1, 1, 1 };

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    {
      memset (&entries[i], 0, sizeof entries[i]);
      entries[i].tag = (0x6600u + i) << 16 | types[i];
      entries[i].attributes = 6;
      entries[i].value[0] = 32;
    }
  for (guint8 i = 0; i < G_N_ELEMENTS (headers); i++)
    {
      g_autoptr(GBytes) stream = _imsg_property_stream_write (entries, G_N_ELEMENTS (entries),
                                                              headers[i], &counts);
      GByteArray *seed = g_byte_array_new ();

      g_byte_array_append (seed, &i, 1);
      g_byte_array_append (seed, g_bytes_get_data (stream, NULL), g_bytes_get_size (stream));
      g_ptr_array_add (seeds, g_byte_array_free_to_bytes (seed));
    }
}

/* What decodes must show, and code again to something that decodes to the same. */
static void
try_value (const IMsgStoredValue *stored,
           guint                  code_page)
{
  g_autoptr(GVariant) value = _imsg_value_decode (stored, code_page, NULL, NULL);
  g_autoptr(GVariant) again = NULL;
  g_autofree char *text = NULL;
  IMsgStoredValue coded;

  if (value == NULL)
    return;
  g_assert_true (g_variant_is_normal_form (value));
  text = _imsg_value_to_display (stored->tag, value, 100);
  g_assert_true (g_utf8_validate (text, -1, NULL));
  g_assert_cmpuint (g_utf8_strlen (text, -1), <=, 100);
  if (!_imsg_value_encode (stored->tag, value, code_page, &coded, NULL))
    return;
  again = _imsg_value_decode (&coded, code_page, NULL, NULL);
  g_assert_nonnull (again);
  /* A character may have two codes in a page; only Unicode text has one form. */
  if (!imsg_property_tag_is_text (stored->tag) || (stored->tag & 1) != 0)
    g_assert_true (g_variant_equal (value, again));
  _imsg_stored_value_clear (&coded);
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         n_bytes)
{
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GBytes) again = NULL;
  g_autoptr(GPtrArray) problems = _imsg_problem_list_new ();
  g_autoptr(GArray) entries = NULL;
  IMsgStreamHeader header;
  IMsgStreamCounts counts;

  if (n_bytes < 1)
    return 0;
  header = headers[data[0] % G_N_ELEMENTS (headers)];
  bytes = g_bytes_new (data + 1, n_bytes - 1);
  entries = _imsg_property_stream_read (bytes, header, &counts, "fuzz", _imsg_limits_get_default (),
                                        problems, NULL);
  if (entries == NULL)
    return 0;
  again = _imsg_property_stream_write ((const IMsgPropertyEntry *) (gpointer) entries->data,
                                       entries->len, header, &counts);
  g_assert_cmpuint (g_bytes_get_size (again), ==, (gsize) header + entries->len * 16u);

  for (guint i = 0; i < MIN (entries->len, 64); i++)
    {
      const IMsgPropertyEntry *entry = &g_array_index (entries, IMsgPropertyEntry, i);
      gsize n_value = MIN (n_bytes - 1, (gsize) entry->value[0] | (gsize) entry->value[1] << 8);
      guint size = _imsg_type_get_value_size (IMSG_TAG_TYPE (entry->tag));
      IMsgStoredValue stored = { entry->tag, NULL, NULL };

      if (_imsg_type_get_stored_form (IMSG_TAG_TYPE (entry->tag)) == IMSG_STORED_INLINE)
        stored.bytes = g_bytes_new (entry->value, size);
      else
        stored.bytes = g_bytes_new_from_bytes (bytes, 0, n_value);
      if (_imsg_type_get_stored_form (IMSG_TAG_TYPE (entry->tag)) == IMSG_STORED_STREAMS)
        {
          stored.values = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
          for (guint j = 0; j < 3; j++)
            g_ptr_array_add (stored.values,
                             g_bytes_new_from_bytes (bytes, 0, n_value >> j));
        }
      try_value (&stored, 1252);
      try_value (&stored, entry->attributes);
      _imsg_stored_value_clear (&stored);
      imsg_property_tag_get_name (entry->tag);
    }
  return 0;
}
