/* test-name-map.c - which id stands for which name in a file
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-property-private.h"
#include "test-util.h"

#define GUID_STREAM "__substg1.0_00020102"
#define ENTRY_STREAM "__substg1.0_00030102"
#define STRING_STREAM "__substg1.0_00040102"
#define SET_A "00000001-0000-0000-0000-000000000000"
#define SET_A_HEX "01000000 0000 0000 0000000000000000"

static IMsgStorage *
make_root (GBytes *guids,
           GBytes *entries,
           GBytes *strings)
{
  IMsgStorage *root = imsg_storage_new_memory (IMSG_STORAGE_READ_WRITE);
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgStorage) storage = imsg_storage_create_storage (root, IMSG_NAMEID_STORAGE,
                                                                IMSG_STORAGE_READ_WRITE, &error);

  g_assert_no_error (error);
  if (guids != NULL)
    g_assert_true (imsg_storage_write_stream (storage, GUID_STREAM, guids, NULL));
  if (entries != NULL)
    g_assert_true (imsg_storage_write_stream (storage, ENTRY_STREAM, entries, NULL));
  if (strings != NULL)
    g_assert_true (imsg_storage_write_stream (storage, STRING_STREAM, strings, NULL));
  return root;
}

static GBytes *
read_stream (IMsgStorage *root,
             const char  *name)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgStorage) storage = imsg_storage_open_storage (root, IMSG_NAMEID_STORAGE,
                                                              IMSG_STORAGE_READ, &error);
  GBytes *bytes;

  g_assert_no_error (error);
  bytes = imsg_storage_read_stream (storage, name, NULL, &error);
  g_assert_no_error (error);
  return bytes;
}

static gboolean
has_stream (IMsgStorage *root,
            const char  *name)
{
  g_autoptr(IMsgStorage) storage = imsg_storage_open_storage (root, IMSG_NAMEID_STORAGE,
                                                              IMSG_STORAGE_READ, NULL);
  IMsgStorageEntryKind kind;
  guint64 n_bytes;

  return _imsg_storage_lookup (storage, name, &kind, &n_bytes);
}

static void
assert_stream (IMsgStorage *root,
               const char  *name,
               const char  *hex)
{
  g_autoptr(GBytes) bytes = read_stream (root, name);
  g_autoptr(GBytes) expected = test_bytes_from_hex (hex);

  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes),
                   g_bytes_get_data (expected, NULL), g_bytes_get_size (expected));
}

static guint
create (IMsgNameMap *map,
        const char  *set,
        const char  *name_or_id)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgPropertyName) name = imsg_property_name_parse (set, name_or_id, &error);
  guint id;

  g_assert_no_error (error);
  id = _imsg_name_map_resolve (map, name, TRUE, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (id, !=, 0);
  return id;
}

static void
write_map (IMsgNameMap *map,
           IMsgStorage *root)
{
  g_autoptr(GError) error = NULL;

  g_assert_true (_imsg_name_map_write (map, root, &error));
  g_assert_no_error (error);
  g_assert_false (_imsg_name_map_is_modified (map));
}

/* [MS-OXMSG] 2.2.3.2: the values that Outlook has for these names */
static const struct
{
  const char *path;
  const char *set; /* NULL: any */
  const char *name;
  guint       guid_index;
  guint32     first_word;
  guint16     field;
  guint       bucket;
} vectors[] = {
  { "x-mailer", IMSG_PS_INTERNET_HEADERS, "x-mailer", 3, 0xFF504E89, 0x0007, 0x100F },
  { "keywords", IMSG_PS_PUBLIC_STRINGS, "Keywords", 2, 0x2EDA4D3B, 0x0005, 0x1015 },
  { "content-type", IMSG_PS_INTERNET_HEADERS, "content-type", 3, 0x0450B859, 0x0007, 0x1017 },
  { "mixed-case-header", IMSG_PS_INTERNET_HEADERS, "Content-Type", 3, 0x0450B859, 0x0007, 0x1017 },
  { "acceptlanguage", NULL, "acceptlanguage", 3, 0x83E9539E, 0x0007, 0x1000 },
  { "lower", IMSG_PS_PUBLIC_STRINGS, "a", 2, 0x7CE65AE6, 0x0005, 0x100C },
  { "upper", IMSG_PS_PUBLIC_STRINGS, "A", 2, 0xE9627E44, 0x0005, 0x1006 },
  { "umlaut", IMSG_PS_PUBLIC_STRINGS, "\303\234berschrift", 2, 0xE8E994A5, 0x0005, 0x1004 },
  { "0x811C", NULL, "0x811C", 4, 0x811C, 0x0008, 0x101D },
  { "0x8580", NULL, "0x8580", 3, 0x8580, 0x0006, 0x1014 },
  { "0x8510", NULL, "0x8510", 3, 0x8510, 0x0006, 0x1001 },
  { "0x8554", NULL, "0x8554", 3, 0x8554, 0x0006, 0x101E },
  { "0x8501", NULL, "0x8501", 5, 0x8501, 0x000A, 0x1015 },
};

static void
test_vector (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr(IMsgNameMap) map = _imsg_name_map_new ();
  g_autoptr(IMsgStorage) root = imsg_storage_new_memory (IMSG_STORAGE_READ_WRITE);
  g_autoptr(GBytes) bucket = NULL;
  g_autofree char *set = NULL;
  char name[IMSG_SUBSTG_NAME_SIZE];
  const guint8 *entry;
  gsize n_bytes;
  guint id;

  /* Names of other sets come first, until the index is the wanted one. */
  for (guint j = 3; j < vectors[i].guid_index; j++)
    {
      g_autofree char *filler = g_strdup_printf ("%08x-0000-0000-0000-000000000000", j);

      create (map, filler, "0x1");
    }
  set = vectors[i].set != NULL ? g_strdup (vectors[i].set)
                               : g_strdup ("ffffffff-0000-0000-0000-000000000000");
  id = create (map, set, vectors[i].name);
  write_map (map, root);

  _imsg_substg_name (vectors[i].bucket << 16 | 0x0102, name);
  bucket = read_stream (root, name);
  entry = g_bytes_get_data (bucket, &n_bytes);
  g_assert_cmpuint (n_bytes, ==, 8);
  g_assert_cmphex ((guint32) (entry[0] | entry[1] << 8 | entry[2] << 16) | (guint32) entry[3] << 24,
                   ==, vectors[i].first_word);
  g_assert_cmphex (entry[4] | entry[5] << 8, ==, vectors[i].field);
  g_assert_cmphex (0x8000 + (entry[6] | entry[7] << 8), ==, id);
}

static void
test_empty (void)
{
  g_autoptr(IMsgNameMap) map = _imsg_name_map_new ();
  g_autoptr(IMsgStorage) root = imsg_storage_new_memory (IMSG_STORAGE_READ_WRITE);
  g_autofree guint *ids = NULL;
  gsize n_ids;

  write_map (map, root);
  assert_stream (root, GUID_STREAM, "");
  assert_stream (root, ENTRY_STREAM, "");
  assert_stream (root, STRING_STREAM, "");
  for (guint i = 0; i < 31; i++)
    {
      char name[IMSG_SUBSTG_NAME_SIZE];

      _imsg_substg_name ((0x1000 + i) << 16 | 0x0102, name);
      g_assert_false (has_stream (root, name));
    }
  ids = _imsg_name_map_list (map, &n_ids);
  g_assert_cmpuint (n_ids, ==, 0);
}

static void
test_streams (void)
{
  g_autoptr(IMsgNameMap) map = _imsg_name_map_new ();
  g_autoptr(IMsgStorage) root = imsg_storage_new_memory (IMSG_STORAGE_READ_WRITE);

  g_assert_cmphex (create (map, SET_A, "0x8005"), ==, 0x8000);
  g_assert_cmphex (create (map, IMSG_PS_PUBLIC_STRINGS, "abc"), ==, 0x8001);
  g_assert_cmphex (create (map, IMSG_PS_INTERNET_HEADERS, "X-A"), ==, 0x8002);
  g_assert_cmphex (create (map, IMSG_PS_INTERNET_HEADERS, "x-a"), ==, 0x8002);
  g_assert_cmphex (create (map, SET_A, "0x8005"), ==, 0x8000);
  g_assert_cmphex (create (map, IMSG_PS_MAPI, "text"), ==, 0x8003);
  write_map (map, root);

  assert_stream (root, GUID_STREAM, SET_A_HEX "86030200 0000 0000 C000000000000046");
  assert_stream (root, ENTRY_STREAM,
                 "05800000 0600 0000  00000000 0500 0100  0C000000 0900 0200  18000000 0300 0300");
  assert_stream (root, STRING_STREAM,
                 "06000000 6100 6200 6300 0000  06000000 7800 2D00 6100 0000"
                 "08000000 7400 6500 7800 7400");
}

static void
test_round_trip (void)
{
  g_autoptr(IMsgNameMap) map = _imsg_name_map_new ();
  g_autoptr(IMsgNameMap) again = NULL;
  g_autoptr(IMsgStorage) root = imsg_storage_new_memory (IMSG_STORAGE_READ_WRITE);
  g_autoptr(GPtrArray) problems = _imsg_problem_list_new ();
  g_autofree guint *ids = NULL;
  gsize n_ids;

  for (guint i = 0; i < 300; i++)
    {
      g_autofree char *set = g_strdup_printf ("%08x-0000-0000-0000-000000000000", i % 7);
      g_autofree char *name = g_strdup_printf (i % 2 == 0 ? "0x%x" : "name %u", i);

      g_assert_cmphex (create (map, set, name), ==, 0x8000 + i);
    }
  write_map (map, root);

  again = _imsg_name_map_read (root, _imsg_limits_get_default (), problems);
  g_assert_cmpuint (problems->len, ==, 0);
  ids = _imsg_name_map_list (again, &n_ids);
  g_assert_cmpuint (n_ids, ==, 300);
  for (guint i = 0; i < n_ids; i++)
    {
      const IMsgPropertyName *name = _imsg_name_map_lookup (again, ids[i]);

      g_assert_cmphex (ids[i], ==, 0x8000 + i);
      g_assert_true (imsg_property_name_equal (name, _imsg_name_map_lookup (map, ids[i])));
      g_assert_cmphex (_imsg_name_map_resolve (again, name, FALSE, NULL), ==, ids[i]);
    }
  g_assert_false (_imsg_name_map_is_modified (again));
  g_assert_null (_imsg_name_map_lookup (again, 0x7FFF));
  g_assert_null (_imsg_name_map_lookup (again, 0x8000 + 300));
}

/* What was read and not added to is not written, be it as odd as it may. */
static void
test_untouched (void)
{
  g_autoptr(GBytes) guids = test_bytes_from_hex (SET_A_HEX "AABB");
  g_autoptr(GBytes) entries = test_bytes_from_hex ("05800000 0600 0700 01");
  g_autoptr(IMsgStorage) root = make_root (guids, entries, NULL);
  g_autoptr(IMsgNameMap) map = _imsg_name_map_read (root, _imsg_limits_get_default (), NULL);
  g_autoptr(IMsgPropertyName) known = imsg_property_name_new_id (SET_A, 0x8005);
  g_autoptr(IMsgPropertyName) unknown = imsg_property_name_new_id (SET_A, 0x8006);
  g_autoptr(GError) error = NULL;

  g_assert_cmphex (_imsg_name_map_resolve (map, known, TRUE, &error), ==, 0x8000);
  g_assert_no_error (error);
  g_assert_cmphex (_imsg_name_map_resolve (map, unknown, FALSE, &error), ==, 0);
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_NOT_FOUND);
  g_assert_false (_imsg_name_map_is_modified (map));
  write_map (map, root);
  assert_stream (root, GUID_STREAM, SET_A_HEX "AABB");
  assert_stream (root, ENTRY_STREAM, "05800000 0600 0700 01");
  g_assert_false (has_stream (root, STRING_STREAM));
}

/* Damaged entries, odd tails and unused bytes stay where they are; new names come behind. */
static void
test_append_to_damage (void)
{
  g_autoptr(GBytes) guids = test_bytes_from_hex (SET_A_HEX "AABB");
  g_autoptr(GBytes) entries = test_bytes_from_hex ("05800000 0600 0900" /* says it is number 9 */
                                                   "06800000 FE00 0100" /* no such set */
                                                   "FFFF0000 0700 0200" /* no such string */
                                                   "00000000 0700 0300" /* "a" */
                                                   "010203");
  g_autoptr(GBytes) strings = test_bytes_from_hex ("02000000 6100 77");
  g_autoptr(IMsgStorage) root = make_root (guids, entries, strings);
  g_autoptr(GPtrArray) problems = _imsg_problem_list_new ();
  g_autoptr(IMsgNameMap) map = _imsg_name_map_read (root, _imsg_limits_get_default (), problems);
  g_autoptr(IMsgNameMap) again = NULL;

  g_assert_cmpuint (problems->len, ==, 5);
  g_assert_nonnull (_imsg_name_map_lookup (map, 0x8000));
  g_assert_null (_imsg_name_map_lookup (map, 0x8001));
  g_assert_null (_imsg_name_map_lookup (map, 0x8002));
  g_assert_nonnull (_imsg_name_map_lookup (map, 0x8003));

  g_assert_cmphex (create (map, SET_A, "b"), ==, 0x8005);
  g_assert_cmphex (create (map, "00000002-0000-0000-0000-000000000000", "0x7"), ==, 0x8006);
  g_assert_null (_imsg_name_map_lookup (map, 0x8004));
  write_map (map, root);
  assert_stream (root, GUID_STREAM, SET_A_HEX "AABB 0000 00000000 00000000 00000000"
                                    "02000000 0000 0000 0000000000000000");
  assert_stream (root, ENTRY_STREAM,
                 "05800000 0600 0900  06800000 FE00 0100  FFFF0000 0700 0200  00000000 0700 0300"
                 "01020300 0000 0000  08000000 0700 0500  07000000 0A00 0600");
  assert_stream (root, STRING_STREAM, "02000000 6100 7700  02000000 6200 0000");

  again = _imsg_name_map_read (root, _imsg_limits_get_default (), NULL);
  g_assert_cmphex (create (again, SET_A, "a"), ==, 0x8003);
  g_assert_cmphex (create (again, SET_A, "b"), ==, 0x8005);
  g_assert_cmphex (create (again, SET_A, "0x8005"), ==, 0x8000);
}

/* Unreadable names refer to what is not there; what is added must not become that. */
static void
test_dangling (void)
{
  g_autoptr(GBytes) guids = test_bytes_from_hex (SET_A_HEX);
  g_autoptr(GBytes) entries = test_bytes_from_hex ("07000000 0800 0000" /* the next set */
                                                   "00000000 0700 0100" /* the next string */
                                                   "0E000000 0700 0200" /* one inside it */
                                                   "FCFFFFFF 0700 0300"
                                                   "05000000 0600");    /* all but its number */
  g_autoptr(GBytes) strings = test_bytes_from_hex ("");
  g_autoptr(IMsgStorage) root = make_root (guids, entries, strings);
  g_autoptr(IMsgNameMap) map = _imsg_name_map_read (root, _imsg_limits_get_default (), NULL);
  g_autoptr(IMsgNameMap) again = NULL;

  g_assert_null (_imsg_name_map_lookup (map, 0x8004));
  g_assert_cmphex (create (map, "00000002-0000-0000-0000-000000000000", "0x7"), ==, 0x8005);
  g_assert_cmphex (create (map, SET_A, "text"), ==, 0x8006);
  g_assert_cmphex (create (map, SET_A, "0x5"), ==, 0x8004);
  write_map (map, root);
  assert_stream (root, GUID_STREAM, SET_A_HEX "00000000 0000 0000 0000000000000000"
                                    "02000000 0000 0000 0000000000000000");
  assert_stream (root, STRING_STREAM, "00000000 00000000 00000000 00000000 00000000"
                                      "08000000 7400 6500 7800 7400");
  again = _imsg_name_map_read (root, _imsg_limits_get_default (), NULL);
  g_assert_cmphex (create (again, "00000002-0000-0000-0000-000000000000", "0x7"), ==, 0x8005);
  g_assert_cmphex (create (again, SET_A, "text"), ==, 0x8006);
  g_assert_cmphex (create (again, SET_A, "0x5"), ==, 0x8004);
}

static void
test_long_name (void)
{
  g_autoptr(IMsgNameMap) map = _imsg_name_map_new ();
  const char *characters[] = { "x", "あ" };

  /* As many characters of any script, though of UTF-8 they are up to three times as many bytes */
  for (guint i = 0; i < G_N_ELEMENTS (characters); i++)
    {
      g_autoptr(GString) text = g_string_new (NULL);
      g_autoptr(IMsgPropertyName) name = NULL;
      g_autoptr(GError) error = NULL;

      while (g_utf8_strlen (text->str, -1) < 512)
        g_string_append (text, characters[i]);
      g_assert_cmphex (create (map, SET_A, text->str), ==, 0x8000 + i);
      g_string_append (text, characters[i]);
      name = imsg_property_name_new_string (SET_A, text->str);
      g_assert_cmphex (_imsg_name_map_resolve (map, name, TRUE, &error), ==, 0);
      g_assert_error (error, IMSG_ERROR, IMSG_ERROR_TOO_BIG);
    }
}

static const struct
{
  const char *path;
  const char *guids; /* NULL: no such stream */
  const char *entries;
  const char *strings;
  guint       n_names;
  guint       n_problems;
} damaged[] = {
  { "no-streams", NULL, NULL, NULL, 0, 3 },
  { "no-entries", SET_A_HEX, NULL, "", 0, 1 },
  { "no-guids", NULL, "05800000 0600 0000", "", 0, 2 },
  { "no-strings", SET_A_HEX, "00000000 0700 0000", NULL, 0, 2 },
  { "half-an-entry", SET_A_HEX, "05800000", "", 0, 1 },
  { "half-a-guid", "01000000 0000 0000", "05800000 0600 0000", "", 0, 2 },
  { "set-0", SET_A_HEX, "05800000 0000 0000", "", 0, 1 },
  { "set-past-the-end", SET_A_HEX, "05800000 0800 0000", "", 0, 1 },
  { "wrong-number", SET_A_HEX, "05800000 0600 0100", "", 1, 1 },
  { "twice", SET_A_HEX, "05800000 0600 0000 05800000 0600 0100", "", 2, 1 },
  { "string-at-the-end", SET_A_HEX, "00000000 0700 0000", "02000000 6100", 1, 0 },
  { "string-past-the-end", SET_A_HEX, "00000000 0700 0000", "03000000 6100", 0, 1 },
  { "offset-at-the-end", SET_A_HEX, "04000000 0700 0000", "02000000 00000000", 1, 0 },
  { "offset-past-the-end", SET_A_HEX, "05000000 0700 0000", "02000000 00000000", 0, 1 },
  { "offset-huge", SET_A_HEX, "FFFFFFFF 0700 0000", "02000000 6100", 0, 1 },
  { "length-huge", SET_A_HEX, "00000000 0700 0000", "FFFFFFFF 6100", 0, 1 },
  { "empty-strings", SET_A_HEX, "00000000 0700 0000", "", 0, 1 },
  { "three-bytes-of-strings", SET_A_HEX, "00000000 0700 0000", "020000", 0, 1 },
  { "odd-length", SET_A_HEX, "00000000 0700 0000", "03000000 6100 62", 1, 0 },
  { "nul-inside", SET_A_HEX, "00000000 0700 0000", "06000000 6100 0000 6200", 0, 1 },
  { "lone-surrogate", SET_A_HEX, "00000000 0700 0000", "02000000 00D8", 1, 0 },
};

static void
test_damaged (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr(GBytes) guids =
    damaged[i].guids != NULL ? test_bytes_from_hex (damaged[i].guids) : NULL;
  g_autoptr(GBytes) entries =
    damaged[i].entries != NULL ? test_bytes_from_hex (damaged[i].entries) : NULL;
  g_autoptr(GBytes) strings =
    damaged[i].strings != NULL ? test_bytes_from_hex (damaged[i].strings) : NULL;
  g_autoptr(IMsgStorage) root = make_root (guids, entries, strings);
  g_autoptr(GPtrArray) problems = _imsg_problem_list_new ();
  g_autoptr(IMsgNameMap) map = _imsg_name_map_read (root, _imsg_limits_get_default (), problems);
  g_autofree guint *ids = NULL;
  gsize n_ids;

  ids = _imsg_name_map_list (map, &n_ids);
  g_assert_cmpuint (n_ids, ==, damaged[i].n_names);
  g_assert_cmpuint (problems->len, ==, damaged[i].n_problems);
  for (guint j = 0; j < problems->len; j++)
    g_assert_cmpstr (imsg_problem_get_where (g_ptr_array_index (problems, j)), ==,
                     IMSG_NAMEID_STORAGE);
}

static void
test_no_storage (void)
{
  g_autoptr(IMsgStorage) root = imsg_storage_new_memory (IMSG_STORAGE_READ_WRITE);
  g_autoptr(GPtrArray) problems = _imsg_problem_list_new ();
  g_autoptr(IMsgNameMap) map = _imsg_name_map_read (root, _imsg_limits_get_default (), problems);
  IMsgStorageEntryKind kind;
  guint64 n_bytes;

  g_assert_cmpuint (problems->len, ==, 0);
  write_map (map, root);
  g_assert_false (_imsg_storage_lookup (root, IMSG_NAMEID_STORAGE, &kind, &n_bytes));
  create (map, SET_A, "0x1");
  write_map (map, root);
  g_assert_true (_imsg_storage_lookup (root, IMSG_NAMEID_STORAGE, &kind, &n_bytes));
}

/* A table that cannot be read must not be replaced by one of the new names alone. */
static void
test_not_a_storage (void)
{
  g_autoptr(IMsgStorage) root = imsg_storage_new_memory (IMSG_STORAGE_READ_WRITE);
  g_autoptr(GBytes) bytes = test_bytes_from_hex ("0102");
  g_autoptr(GPtrArray) problems = _imsg_problem_list_new ();
  g_autoptr(IMsgNameMap) map = NULL;
  g_autoptr(IMsgPropertyName) name = imsg_property_name_new_id (SET_A, 1);
  g_autoptr(GError) error = NULL;

  g_assert_true (imsg_storage_write_stream (root, IMSG_NAMEID_STORAGE, bytes, NULL));
  map = _imsg_name_map_read (root, _imsg_limits_get_default (), problems);
  g_assert_cmpuint (problems->len, ==, 1);
  g_assert_cmphex (_imsg_name_map_resolve (map, name, TRUE, &error), ==, 0);
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_CORRUPT_DATA);
}

static void
test_ps_mapi (void)
{
  g_autoptr(IMsgNameMap) map = _imsg_name_map_new ();
  g_autoptr(IMsgPropertyName) subject = imsg_property_name_new_id (IMSG_PS_MAPI, 0x0037);
  g_autoptr(IMsgPropertyName) large = imsg_property_name_new_id (IMSG_PS_MAPI, 0x8000);
  g_autoptr(IMsgPropertyName) zero = imsg_property_name_new_id (IMSG_PS_MAPI, 0);
  g_autoptr(GError) error = NULL;

  g_assert_cmphex (_imsg_name_map_resolve (map, subject, FALSE, NULL), ==, 0x0037);
  g_assert_cmphex (_imsg_name_map_resolve (map, subject, TRUE, NULL), ==, 0x0037);
  g_assert_cmphex (_imsg_name_map_resolve (map, large, TRUE, &error), ==, 0);
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_cmphex (_imsg_name_map_resolve (map, zero, TRUE, &error), ==, 0);
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_NOT_FOUND);
}

static void
test_ceiling (void)
{
  g_autoptr(IMsgNameMap) map = _imsg_name_map_new ();
  g_autoptr(IMsgNameMap) again = NULL;
  g_autoptr(IMsgStorage) root = imsg_storage_new_memory (IMSG_STORAGE_READ_WRITE);
  g_autoptr(IMsgPropertyName) past = imsg_property_name_new_id (SET_A, 0x7FFE);
  g_autoptr(GPtrArray) problems = _imsg_problem_list_new ();
  g_autoptr(GError) error = NULL;
  guint id = 0;

  for (guint i = 0; i < 0x7FFE; i++)
    {
      g_autoptr(IMsgPropertyName) name = imsg_property_name_new_id (SET_A, i);

      id = _imsg_name_map_resolve (map, name, TRUE, NULL);
    }
  g_assert_cmphex (id, ==, 0xFFFD);
  g_assert_cmphex (_imsg_name_map_resolve (map, past, TRUE, &error), ==, 0);
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_TOO_BIG);
  write_map (map, root);

  again = _imsg_name_map_read (root, _imsg_limits_get_default (), problems);
  g_assert_cmpuint (problems->len, ==, 0);
  g_assert_nonnull (_imsg_name_map_lookup (again, 0xFFFD));
  g_assert_null (_imsg_name_map_lookup (again, 0xFFFE));
}

static void
test_too_many_entries (void)
{
  gsize n_bytes = 0x7FFF * 8;
  guint8 *bytes = g_malloc0 (n_bytes);
  g_autoptr(GBytes) entries = g_bytes_new_take (bytes, n_bytes);
  g_autoptr(GBytes) guids = test_bytes_from_hex (SET_A_HEX);
  g_autoptr(GBytes) strings = test_bytes_from_hex ("");
  g_autoptr(IMsgStorage) root = NULL;
  g_autoptr(IMsgNameMap) map = NULL;
  g_autoptr(GPtrArray) problems = _imsg_problem_list_new ();
  g_autoptr(IMsgPropertyName) past = imsg_property_name_new_id (SET_A, 0xABCDEF);
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < 0x7FFF; i++)
    {
      bytes[i * 8] = bytes[i * 8 + 6] = (guint8) i;
      bytes[i * 8 + 1] = bytes[i * 8 + 7] = (guint8) (i >> 8);
      bytes[i * 8 + 4] = 6;
    }
  root = make_root (guids, entries, strings);
  map = _imsg_name_map_read (root, _imsg_limits_get_default (), problems);
  g_assert_cmpuint (problems->len, ==, 1);
  g_assert_nonnull (_imsg_name_map_lookup (map, 0xFFFD));
  g_assert_null (_imsg_name_map_lookup (map, 0xFFFE));
  g_assert_cmphex (_imsg_name_map_resolve (map, past, TRUE, &error), ==, 0);
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_TOO_BIG);
}

/* One long text under many entries would make a large map of a small file. */
static void
test_shared_long_string (void)
{
  static const guint sizes[] = { 1024, 1026 };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autofree guint8 *text = g_malloc0 (sizes[i] + 4);
      g_autoptr(GBytes) strings = NULL;
      g_autoptr(GBytes) guids = test_bytes_from_hex (SET_A_HEX SET_A_HEX);
      g_autoptr(GBytes) entries = test_bytes_from_hex ("00000000 0700 0000 00000000 0500 0100"
                                                       "00000000 0900 0200");
      g_autoptr(IMsgStorage) root = NULL;
      g_autoptr(IMsgNameMap) map = NULL;

      text[0] = (guint8) sizes[i];
      text[1] = (guint8) (sizes[i] >> 8);
      for (guint j = 0; j < sizes[i]; j += 2)
        text[4 + j] = 'x';
      strings = g_bytes_new (text, sizes[i] + 4);
      root = make_root (guids, entries, strings);
      map = _imsg_name_map_read (root, _imsg_limits_get_default (), NULL);
      g_assert_nonnull (_imsg_name_map_lookup (map, 0x8000));
      g_assert_true ((_imsg_name_map_lookup (map, 0x8001) != NULL) == (sizes[i] <= 1024));
      g_assert_true ((_imsg_name_map_lookup (map, 0x8002) != NULL) == (sizes[i] <= 1024));
    }
}

/* A header name that some writer stored in mixed case is found in any, and keeps its bytes. */
static void
test_mixed_case_header (void)
{
  g_autoptr(GBytes) guids = test_bytes_from_hex ("86030200 0000 0000 C000000000000046");
  g_autoptr(GBytes) entries = test_bytes_from_hex ("00000000 0700 0000");
  g_autoptr(GBytes) strings = test_bytes_from_hex ("06000000 5800 2D00 4100 0000");
  g_autoptr(IMsgStorage) root = make_root (guids, entries, strings);
  g_autoptr(IMsgNameMap) map = _imsg_name_map_read (root, _imsg_limits_get_default (), NULL);

  g_assert_cmphex (create (map, IMSG_PS_INTERNET_HEADERS, "x-a"), ==, 0x8000);
  g_assert_cmphex (create (map, IMSG_PS_INTERNET_HEADERS, "X-B"), ==, 0x8001);
  write_map (map, root);
  assert_stream (root, STRING_STREAM, "06000000 5800 2D00 4100 0000  06000000 7800 2D00 6200 0000");
}

/* --- samples --- */

/* Every bucket that a file has comes out again, with the added name behind. */
static void
check_sample_buckets (IMsgStorage *root,
                      guint       *n_checked)
{
  g_autoptr(IMsgNameMap) map = _imsg_name_map_read (root, _imsg_limits_get_default (), NULL);
  g_autoptr(IMsgStorage) copy = imsg_storage_new_memory (IMSG_STORAGE_READ_WRITE);
  gboolean has_buckets = FALSE;

  create (map, "12345678-0000-0000-0000-000000000000", "0x12345678");
  write_map (map, copy);

  for (guint i = 0; i < 31; i++)
    {
      char name[IMSG_SUBSTG_NAME_SIZE];
      g_autoptr(GBytes) old = NULL;
      g_autoptr(GBytes) new = NULL;
      gsize n_old;

      _imsg_substg_name ((0x1000 + i) << 16 | 0x0102, name);
      if (!has_stream (root, name))
        continue;
      has_buckets = TRUE;
      old = read_stream (root, name);
      new = read_stream (copy, name);
      n_old = g_bytes_get_size (old);
      g_assert_cmpuint (g_bytes_get_size (new), >=, n_old);
      g_assert_cmpmem (g_bytes_get_data (new, NULL), n_old, g_bytes_get_data (old, NULL), n_old);
      g_assert_cmpuint (g_bytes_get_size (new) - n_old, <=, 8);
    }
  *n_checked += has_buckets;
}

static void
test_samples (void)
{
  g_autoptr(GPtrArray) paths = test_list_samples ("msg");
  guint n_files = 0, n_checked = 0;

  if (paths->len == 0)
    {
      g_test_skip ("IMSG_SAMPLES names no samples");
      return;
    }
  for (guint i = 0; i < paths->len; i++)
    {
      g_autoptr(GFile) file = g_file_new_for_path (paths->pdata[i]);
      g_autoptr(IMsgStorage) root = imsg_storage_open_file (file, IMSG_STORAGE_READ, NULL, NULL);

      if (root == NULL)
        continue;
      n_files++;
      if (_imsg_storage_lookup (root, IMSG_NAMEID_STORAGE, &(IMsgStorageEntryKind){ 0 },
                                &(guint64){ 0 }))
        check_sample_buckets (root, &n_checked);
    }
  g_test_message ("%u files, %u with buckets", n_files, n_checked);
  g_assert_cmpuint (n_checked, >, 100);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  TEST_ADD_TABLE ("/imsg/name-map/vector", vectors, test_vector)
  TEST_ADD_TABLE ("/imsg/name-map/damaged", damaged, test_damaged)
  g_test_add_func ("/imsg/name-map/empty", test_empty);
  g_test_add_func ("/imsg/name-map/streams", test_streams);
  g_test_add_func ("/imsg/name-map/round-trip", test_round_trip);
  g_test_add_func ("/imsg/name-map/untouched", test_untouched);
  g_test_add_func ("/imsg/name-map/append-to-damage", test_append_to_damage);
  g_test_add_func ("/imsg/name-map/dangling", test_dangling);
  g_test_add_func ("/imsg/name-map/long-name", test_long_name);
  g_test_add_func ("/imsg/name-map/no-storage", test_no_storage);
  g_test_add_func ("/imsg/name-map/not-a-storage", test_not_a_storage);
  g_test_add_func ("/imsg/name-map/ps-mapi", test_ps_mapi);
  g_test_add_func ("/imsg/name-map/ceiling", test_ceiling);
  g_test_add_func ("/imsg/name-map/too-many-entries", test_too_many_entries);
  g_test_add_func ("/imsg/name-map/shared-long-string", test_shared_long_string);
  g_test_add_func ("/imsg/name-map/mixed-case-header", test_mixed_case_header);
  g_test_add_func ("/imsg/name-map/samples", test_samples);
  return g_test_run ();
}
