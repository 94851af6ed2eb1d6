/* fuzz-name-map.c - tables of names of any bytes
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "fuzz-main.h"

#include "imsg-property-private.h"

static const char *const streams[] = {
  "__substg1.0_00020102", "__substg1.0_00030102", "__substg1.0_00040102",
};

/* Names of known sets and of a new one, by number and by text, as a message has them */
void
fuzz_add_seeds (GPtrArray *seeds)
{
  static const struct
  {
    const char *set;
    const char *string;
    guint32     id;
  } names[] = {
    { IMSG_PSETID_Common, NULL, 0x8503 },
    { IMSG_PSETID_Common, NULL, 0x8554 },
    { IMSG_PS_PUBLIC_STRINGS, "Keywords", 0 },
    { IMSG_PS_INTERNET_HEADERS, "X-Seed", 0 },
    { "11112222-3333-4444-5555-666677778888", "\303\244\360\237\230\200", 0 },
    { "11112222-3333-4444-5555-666677778888", NULL, 1 },
  };
  g_autoptr(IMsgStorage) root = imsg_storage_new_memory (IMSG_STORAGE_READ_WRITE);
  g_autoptr(GPtrArray) problems = _imsg_problem_list_new ();
  g_autoptr(IMsgNameMap) map = _imsg_name_map_read (root, _imsg_limits_get_default (), problems);
  g_autoptr(IMsgStorage) storage = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr(IMsgPropertyName) name =
        names[i].string != NULL ? imsg_property_name_new_string (names[i].set, names[i].string)
                                : imsg_property_name_new_id (names[i].set, names[i].id);

      g_assert_cmpuint (_imsg_name_map_resolve (map, name, TRUE, NULL), >=, 0x8000);
    }
  g_assert_true (_imsg_name_map_write (map, root, NULL));
  storage = imsg_storage_open_storage (root, IMSG_NAMEID_STORAGE, IMSG_STORAGE_READ, NULL);
  for (guint n_streams = 1; n_streams <= G_N_ELEMENTS (streams); n_streams++)
    {
      GByteArray *seed = g_byte_array_new ();
      guint8 sizes[4] = { 0, 0, 0, 0 };

      g_byte_array_append (seed, sizes, sizeof sizes);
      for (guint i = 0; i < n_streams; i++)
        {
          g_autoptr(GBytes) bytes = imsg_storage_read_stream (storage, streams[i], NULL, NULL);
          gsize n_bytes = g_bytes_get_size (bytes);

          if (i < 2)
            {
              seed->data[2 * i] = (guint8) n_bytes;
              seed->data[2 * i + 1] = (guint8) (n_bytes >> 8);
            }
          g_byte_array_append (seed, g_bytes_get_data (bytes, NULL), n_bytes);
        }
      g_ptr_array_add (seeds, g_byte_array_free_to_bytes (seed));
    }
}

/* Whether the names that could be read are still what they were. */
static void
compare (IMsgNameMap *before,
         IMsgNameMap *after)
{
  gsize n_ids;
  g_autofree guint *ids = _imsg_name_map_list (before, &n_ids);

  for (gsize i = 0; i < n_ids; i++)
    {
      const IMsgPropertyName *name = _imsg_name_map_lookup (after, ids[i]);

      g_assert_nonnull (name);
      g_assert_true (imsg_property_name_equal (_imsg_name_map_lookup (before, ids[i]), name));
      g_assert_cmpuint (_imsg_name_map_resolve (after, name, FALSE, NULL), <=, ids[i]);
    }
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         n_bytes)
{
  g_autoptr(IMsgStorage) root = imsg_storage_new_memory (IMSG_STORAGE_READ_WRITE);
  g_autoptr(IMsgStorage) storage = NULL;
  g_autoptr(IMsgNameMap) map = NULL;
  g_autoptr(IMsgNameMap) again = NULL;
  g_autoptr(IMsgPropertyName) number = NULL;
  g_autoptr(IMsgPropertyName) string = NULL;
  g_autoptr(GPtrArray) problems = _imsg_problem_list_new ();
  guint number_id, string_id;
  gsize at = 4;

  if (n_bytes < at)
    return 0;
  storage = imsg_storage_create_storage (root, IMSG_NAMEID_STORAGE, IMSG_STORAGE_READ_WRITE, NULL);
  g_assert_nonnull (storage);
  for (guint i = 0; i < G_N_ELEMENTS (streams); i++)
    {
      /* The first bytes tell the sizes of the first two streams; the third has the rest. */
      gsize size = i < 2 ? (gsize) data[2 * i] | (gsize) data[2 * i + 1] << 8 : n_bytes;
      g_autoptr(GBytes) bytes = NULL;

      size = MIN (size, n_bytes - at);
      bytes = g_bytes_new (data + at, size);
      at += size;
      g_assert_true (imsg_storage_write_stream (storage, streams[i], bytes, NULL));
    }

  map = _imsg_name_map_read (root, _imsg_limits_get_default (), problems);
  number = imsg_property_name_new_id (IMSG_PSETID_Common, 0x8503);
  string = imsg_property_name_new_string (IMSG_PS_INTERNET_HEADERS, "X-Fuzz");
  number_id = _imsg_name_map_resolve (map, number, TRUE, NULL);
  string_id = _imsg_name_map_resolve (map, string, TRUE, NULL);
  g_assert_true (_imsg_name_map_write (map, root, NULL));

  again = _imsg_name_map_read (root, _imsg_limits_get_default (), problems);
  compare (map, again);
  g_assert_cmpuint (_imsg_name_map_resolve (again, number, FALSE, NULL), ==, number_id);
  g_assert_cmpuint (_imsg_name_map_resolve (again, string, FALSE, NULL), ==, string_id);
  return 0;
}
