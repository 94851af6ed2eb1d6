/* test-stored-value.c - values in the storage of their object
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-property-private.h"
#include "test-util.h"

static guint32
get_size (const IMsgPropertyEntry *entry)
{
  guint32 word;

  memcpy (&word, entry->value, 4);
  return GUINT32_FROM_LE (word);
}

static gboolean
has_stream (IMsgStorage *storage,
            const char  *name)
{
  IMsgStorageEntryKind kind;
  guint64 n_bytes;

  return _imsg_storage_lookup (storage, name, &kind, &n_bytes);
}

static void
put (IMsgStorage *storage,
     const char  *name,
     const char  *data,
     gsize        n_bytes)
{
  g_autoptr(GBytes) bytes = g_bytes_new (data, n_bytes);
  g_autoptr(GError) error = NULL;

  g_assert_true (imsg_storage_write_stream (storage, name, bytes, &error));
  g_assert_no_error (error);
}

static void
write_value (IMsgStorage       *storage,
             guint32            tag,
             const char        *text,
             IMsgPropertyEntry *entry)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) value = g_variant_parse (NULL, text, NULL, NULL, &error);
  IMsgStoredValue stored;

  g_assert_no_error (error);
  g_assert_true (_imsg_value_encode (tag, value, 1252, &stored, &error));
  g_assert_no_error (error);
  memset (entry, 0xAA, sizeof *entry);
  entry->attributes = 6;
  g_assert_true (_imsg_stored_value_write (storage, &stored, entry, &error));
  g_assert_no_error (error);
  g_assert_cmphex (entry->tag, ==, tag);
  g_assert_cmphex (entry->attributes, ==, 6);
  _imsg_stored_value_clear (&stored);
}

static GVariant *
read_value (IMsgStorage             *storage,
            const IMsgPropertyEntry *entry)
{
  g_autoptr(GError) error = NULL;
  IMsgStoredValue stored;
  GVariant *value;

  g_assert_true (_imsg_stored_value_read (storage, entry, _imsg_limits_get_default (), &stored,
                                          &error));
  g_assert_no_error (error);
  value = _imsg_value_decode (&stored, 1252, NULL, &error);
  g_assert_no_error (error);
  _imsg_stored_value_clear (&stored);
  return value;
}

static const struct
{
  const char *path;
  guint       type;
  const char *value;
  const char *entry_hex; /* the 8 bytes */
  guint64     n_bytes;   /* as it is counted for people */
  gboolean    has_stream;
} values[] = {
  { "i2", 0x0002, "int16 -2", "FEFF000000000000", 2, FALSE },
  { "long", 0x0003, "-1", "FFFFFFFF00000000", 4, FALSE },
  { "boolean", 0x000B, "true", "0100000000000000", 2, FALSE },
  { "double", 0x0005, "1.5", "000000000000F83F", 8, FALSE },
  { "systime", 0x0040, "uint64 1", "0100000000000000", 8, FALSE },
  { "string8", 0x001E, "'abc'", "0400000000000000", 3, TRUE },
  { "string8-empty", 0x001E, "''", "0100000000000000", 0, TRUE },
  { "unicode", 0x001F, "'abc'", "0800000000000000", 6, TRUE },
  { "unicode-empty", 0x001F, "''", "0200000000000000", 0, TRUE },
  { "binary", 0x0102, "[byte 1, 2, 3]", "0300000000000000", 3, TRUE },
  { "binary-empty", 0x0102, "@ay []", "0000000000000000", 0, TRUE },
  { "clsid", 0x0048, "'00020d0b-0000-0000-c000-000000000046'", "1000000000000000", 16, TRUE },
  { "svreid", 0x00FB, "[byte 1]", "0100000000000000", 1, TRUE },
  { "mv-long", 0x1003, "[1, 2, 3]", "0C00000000000000", 12, TRUE },
  { "mv-string8", 0x101E, "['a', 'bc']", "0800000000000000", 13, TRUE },
  { "mv-unicode", 0x101F, "['a', 'bc']", "0800000000000000", 18, TRUE },
  { "mv-binary", 0x1102, "[[byte 1], [2, 3]]", "1000000000000000", 19, TRUE },
  { "unknown-inline", 0x0099, "[byte 1, 2, 3, 4, 5, 6, 7, 8]", "0102030405060708", 8, FALSE },
  { "unknown-stream", 0x0099, "[byte 1, 2, 3]", "0300000000000000", 3, TRUE },
};

static void
test_round_trip (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  guint32 tag = IMSG_TAG (values[i].type, 0x6001);
  g_autoptr(IMsgStorage) storage = imsg_storage_new_memory (IMSG_STORAGE_READ_WRITE);
  g_autoptr(GVariant) expected = g_variant_parse (NULL, values[i].value, NULL, NULL, NULL);
  g_autoptr(GVariant) value = NULL;
  g_autoptr(GPtrArray) problems = _imsg_problem_list_new ();
  g_autoptr(GError) error = NULL;
  IMsgPropertyEntry entry;
  GString *hex = g_string_new (NULL);
  char name[IMSG_SUBSTG_NAME_SIZE];

  write_value (storage, tag, values[i].value, &entry);
  for (guint j = 0; j < 8; j++)
    g_string_append_printf (hex, "%02X", entry.value[j]);
  g_assert_cmpstr (hex->str, ==, values[i].entry_hex);
  g_string_free (hex, TRUE);
  _imsg_substg_name (tag, name);
  g_assert_true (has_stream (storage, name) == values[i].has_stream);
  g_assert_cmpuint (_imsg_property_entry_get_size (storage, &entry), ==, values[i].n_bytes);

  value = read_value (storage, &entry);
  g_assert_cmpvariant (value, expected);
  _imsg_property_entry_check (storage, &entry, "x", problems);
  g_assert_cmpuint (problems->len, ==, 0);

  g_assert_true (_imsg_stored_value_remove (storage, tag, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (g_list_model_get_n_items (imsg_storage_get_entries (storage)), ==, 0);
}

/* A list that became shorter leaves no values behind. */
static void
test_shorter_list (void)
{
  g_autoptr(IMsgStorage) storage = imsg_storage_new_memory (IMSG_STORAGE_READ_WRITE);
  g_autoptr(GVariant) value = NULL;
  g_autofree const char **texts = NULL;
  gsize n_texts;
  IMsgPropertyEntry entry;

  write_value (storage, 0x8001101F, "['a', 'b', 'c', 'd']", &entry);
  put (storage, "__substg1.0_8001101F-00000004", "xx", 2);
  write_value (storage, 0x8001101F, "['e']", &entry);
  g_assert_true (has_stream (storage, "__substg1.0_8001101F-00000000"));
  for (guint i = 1; i < 5; i++)
    {
      char name[IMSG_SUBSTG_NAME_SIZE];

      _imsg_substg_value_name (0x8001101F, i, name);
      g_assert_false (has_stream (storage, name));
    }
  value = read_value (storage, &entry);
  texts = g_variant_get_strv (value, &n_texts);
  g_assert_cmpuint (n_texts, ==, 1);
  g_assert_cmpstr (texts[0], ==, "e");
}

/* A stream that takes the place of 8 bytes, and the other way about */
static void
test_unknown_changes_form (void)
{
  g_autoptr(IMsgStorage) storage = imsg_storage_new_memory (IMSG_STORAGE_READ_WRITE);
  g_autoptr(GVariant) value = NULL;
  IMsgPropertyEntry entry;

  write_value (storage, 0x60010099, "[byte 1]", &entry);
  write_value (storage, 0x60010099, "[byte 8, 7, 6, 5, 4, 3, 2, 1]", &entry);
  g_assert_false (has_stream (storage, "__substg1.0_60010099"));
  value = read_value (storage, &entry);
  g_assert_cmpuint (g_variant_n_children (value), ==, 8);
}

static void
test_missing (void)
{
  g_autoptr(IMsgStorage) storage = imsg_storage_new_memory (IMSG_STORAGE_READ_WRITE);
  IMsgPropertyEntry text = { 0x0037001F, 6, { 10 } };
  IMsgPropertyEntry binary = { 0x60010102, 6, { 10 } };
  IMsgPropertyEntry list = { 0x8001101F, 6, { 8 } };
  IMsgPropertyEntry object = { 0x3701000D, 6, { 0xFF, 0xFF, 0xFF, 0xFF, 1 } };
  g_autoptr(GVariant) empty = NULL;
  g_autoptr(GVariant) values_read = NULL;
  g_autoptr(GPtrArray) problems = _imsg_problem_list_new ();
  g_autoptr(GError) error = NULL;
  IMsgStoredValue stored;

  empty = read_value (storage, &text);
  g_assert_cmpstr (g_variant_get_string (empty, NULL), ==, "");
  g_assert_false (_imsg_stored_value_read (storage, &binary, _imsg_limits_get_default (), &stored,
                                           &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_false (_imsg_stored_value_read (storage, &object, _imsg_limits_get_default (), &stored,
                                           &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_NO_SUPPORT);

  put (storage, "__substg1.0_8001101F", "\4\0\0\0\4\0\0\0", 8);
  put (storage, "__substg1.0_8001101F-00000001", "a\0\0\0", 4);
  values_read = read_value (storage, &list);
  g_assert_cmpuint (g_variant_n_children (values_read), ==, 2);

  _imsg_property_entry_check (storage, &text, "x", problems);
  _imsg_property_entry_check (storage, &binary, "x", problems);
  _imsg_property_entry_check (storage, &list, "x", problems);
  _imsg_property_entry_check (storage, &object, "x", problems);
  g_assert_cmpuint (problems->len, ==, 4);
}

static const struct
{
  const char *path;
  guint32     tag;
  gsize       n_stored;
  guint8      size;
  guint       n_problems;
} sizes[] = {
  { "unicode-as-specified", 0x0037001F, 6, 8, 0 },
  { "unicode-with-terminator", 0x0037001F, 6, 6, 0 },
  { "unicode-wrong", 0x0037001F, 6, 7, 1 },
  { "string8-as-specified", 0x0037001E, 6, 7, 0 },
  { "string8-wrong", 0x0037001E, 6, 8, 1 },
  { "binary-as-specified", 0x60010102, 6, 6, 0 },
  { "binary-wrong", 0x60010102, 6, 10, 1 },
};

static void
test_size (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr(IMsgStorage) storage = imsg_storage_new_memory (IMSG_STORAGE_READ_WRITE);
  IMsgPropertyEntry entry = { sizes[i].tag, 6, { sizes[i].size } };
  g_autoptr(GPtrArray) problems = _imsg_problem_list_new ();
  g_autoptr(GVariant) value = NULL;
  char name[IMSG_SUBSTG_NAME_SIZE];

  _imsg_substg_name (sizes[i].tag, name);
  put (storage, name, "abcdefghij", sizes[i].n_stored);
  value = read_value (storage, &entry);
  _imsg_property_entry_check (storage, &entry, "x", problems);
  g_assert_cmpuint (problems->len, ==, sizes[i].n_problems);
  g_assert_cmpuint (_imsg_property_entry_get_size (storage, &entry), ==, sizes[i].n_stored);
}

static void
test_value_limit (void)
{
  g_autoptr(IMsgStorage) storage = imsg_storage_new_memory (IMSG_STORAGE_READ_WRITE);
  IMsgLimits limits = *_imsg_limits_get_default ();
  IMsgPropertyEntry entry;
  IMsgStoredValue stored;
  g_autoptr(GError) error = NULL;

  limits.values[IMSG_LIMIT_VALUE_BYTES] = 8;
  write_value (storage, 0x60010102, "[byte 1, 2, 3, 4, 5, 6, 7, 8]", &entry);
  g_assert_true (_imsg_stored_value_read (storage, &entry, &limits, &stored, &error));
  _imsg_stored_value_clear (&stored);
  write_value (storage, 0x60010102, "[byte 1, 2, 3, 4, 5, 6, 7, 8, 9]", &entry);
  g_assert_false (_imsg_stored_value_read (storage, &entry, &limits, &stored, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_TOO_BIG);
  g_clear_error (&error);

  /* The values of a list count together. */
  write_value (storage, 0x8001101F, "['a', 'b']", &entry);
  g_assert_true (_imsg_stored_value_read (storage, &entry, &limits, &stored, &error));
  _imsg_stored_value_clear (&stored);
  write_value (storage, 0x8001101F, "['a', 'bc']", &entry);
  g_assert_false (_imsg_stored_value_read (storage, &entry, &limits, &stored, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_TOO_BIG);
  g_assert_null (stored.bytes);
  g_assert_null (stored.values);
}

static void
test_list_limit (void)
{
  g_autoptr(IMsgStorage) storage = imsg_storage_new_memory (IMSG_STORAGE_READ_WRITE);
  IMsgLimits limits = *_imsg_limits_get_default ();
  IMsgPropertyEntry entry = { 0x8001101F, 6, { 8 } };
  IMsgStoredValue stored;
  g_autoptr(GError) error = NULL;

  limits.values[IMSG_LIMIT_DIRECTORY_ENTRIES] = 2;
  put (storage, "__substg1.0_8001101F", "\0\0\0\0\0\0\0\0", 8);
  g_assert_true (_imsg_stored_value_read (storage, &entry, &limits, &stored, &error));
  g_assert_cmpuint (stored.values->len, ==, 2);
  _imsg_stored_value_clear (&stored);
  put (storage, "__substg1.0_8001101F", "\0\0\0\0\0\0\0\0\0\0\0\0", 12);
  g_assert_false (_imsg_stored_value_read (storage, &entry, &limits, &stored, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_TOO_BIG);
}

static void
test_blob (void)
{
  g_autoptr(IMsgStorage) storage = imsg_storage_new_memory (IMSG_STORAGE_READ_WRITE);
  g_autoptr(GBytes) bytes = g_bytes_new_static ("a\0b\0", 4);
  g_autoptr(IMsgBlob) blob = _imsg_blob_new_for_bytes (bytes);
  g_autoptr(GVariant) value = NULL;
  g_autoptr(GError) error = NULL;
  IMsgPropertyEntry entry = { 0, 6, { 0 } };

  g_assert_true (_imsg_stored_blob_write (storage, 0x1000001F, blob, &entry, &error));
  g_assert_no_error (error);
  g_assert_cmphex (entry.tag, ==, 0x1000001F);
  g_assert_cmpuint (get_size (&entry), ==, 6);
  value = read_value (storage, &entry);
  g_assert_cmpstr (g_variant_get_string (value, NULL), ==, "ab");
  g_assert_false (_imsg_stored_blob_write (storage, 0x10000003, blob, &entry, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_INVALID_TYPE);
}

/* --- samples --- */

typedef struct
{
  guint n_streams;
  guint n_entries;
  guint n_values;
  guint n_same;    /* values that come out again as the bytes they were */
  guint n_stray;   /* streams with a tail that makes no entry */
} Counts;

/* Decodes, and codes again: but for terminators that were stored nothing may change. */
static void
check_value (IMsgStorage             *storage,
             const IMsgPropertyEntry *entry,
             Counts                  *counts)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) value = NULL;
  g_autoptr(GBytes) before = NULL;
  g_autoptr(GBytes) after = NULL;
  IMsgStoredValue stored, coded;
  gsize n_replaced;

  if (!_imsg_stored_value_read (storage, entry, _imsg_limits_get_default (), &stored, &error))
    {
      g_assert_cmpint (IMSG_TAG_TYPE (entry->tag), ==, IMSG_PROPERTY_TYPE_OBJECT);
      return;
    }
  counts->n_values++;
  value = _imsg_value_decode (&stored, 1252, &n_replaced, &error);
  g_assert_no_error (error);
  before = _imsg_stored_value_to_raw (&stored);
  g_assert_cmpuint (g_bytes_get_size (before), ==, _imsg_property_entry_get_size (storage, entry));
  if (_imsg_value_encode (entry->tag, value, 1252, &coded, &error))
    {
      after = _imsg_stored_value_to_raw (&coded);
      counts->n_same += g_bytes_equal (before, after);
      if (n_replaced == 0 && !imsg_property_tag_is_text (entry->tag) &&
          IMSG_TAG_TYPE (entry->tag) != IMSG_PROPERTY_TYPE_BOOLEAN)
        g_assert_true (g_bytes_equal (before, after));
      _imsg_stored_value_clear (&coded);
    }
  _imsg_stored_value_clear (&stored);
}

static gboolean
list_storages (const char           *name,
               IMsgStorageEntryKind  kind,
               guint64               n_bytes,
               gpointer              user_data)
{
  GPtrArray *names = user_data;

  if (kind == IMSG_STORAGE_ENTRY_STORAGE)
    g_ptr_array_add (names, g_strdup (name));
  return TRUE;
}

static void
check_object (IMsgStorage      *storage,
              IMsgStreamHeader  header,
              guint             depth,
              Counts           *counts)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) bytes = imsg_storage_read_stream (storage, IMSG_PROPERTIES_STREAM, NULL,
                                                      &error);
  g_autoptr(GBytes) again = NULL;
  g_autoptr(GArray) entries = NULL;
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  IMsgStreamCounts stream_counts;
  gsize n_same;

  g_assert_cmpuint (depth, <, 10);
  if (bytes == NULL)
    return;
  entries = _imsg_property_stream_read (bytes, header, &stream_counts, "x",
                                        _imsg_limits_get_default (), NULL, &error);
  g_assert_no_error (error);
  again = _imsg_property_stream_write ((const IMsgPropertyEntry *) (gpointer) entries->data,
                                       entries->len, header, &stream_counts);
  n_same = g_bytes_get_size (again);
  g_assert_cmpuint (g_bytes_get_size (bytes) - n_same, <, 16);
  g_assert_cmpmem (g_bytes_get_data (again, NULL), n_same, g_bytes_get_data (bytes, NULL), n_same);
  counts->n_stray += g_bytes_get_size (bytes) != n_same;
  counts->n_streams++;
  counts->n_entries += entries->len;
  for (guint i = 0; i < entries->len; i++)
    check_value (storage, &g_array_index (entries, IMsgPropertyEntry, i), counts);

  _imsg_storage_foreach (storage, 0, list_storages, names);
  for (guint i = 0; i < names->len; i++)
    {
      g_autoptr(IMsgStorage) child = NULL;
      guint32 tag = 0, index;
      IMsgElementKind kind = _imsg_element_parse_name (g_ptr_array_index (names, i), &tag, &index);

      if (kind == IMSG_ELEMENT_FOREIGN || kind == IMSG_ELEMENT_NAMEID)
        continue;
      child = imsg_storage_open_storage (storage, g_ptr_array_index (names, i), IMSG_STORAGE_READ,
                                         &error);
      g_assert_no_error (error);
      check_object (child,
                    kind == IMSG_ELEMENT_SUBSTG ? IMSG_STREAM_EMBEDDED : IMSG_STREAM_SUBOBJECT,
                    depth + 1, counts);
    }
}

static void
test_samples (void)
{
  g_autoptr(GPtrArray) paths = test_list_samples ("msg");
  Counts counts = { 0 };

  if (paths->len == 0)
    {
      g_test_skip ("IMSG_SAMPLES names no samples");
      return;
    }
  for (guint i = 0; i < paths->len; i++)
    {
      g_autoptr(GFile) file = g_file_new_for_path (paths->pdata[i]);
      g_autoptr(IMsgStorage) root = imsg_storage_open_file (file, IMSG_STORAGE_READ, NULL, NULL);

      if (root != NULL)
        check_object (root, IMSG_STREAM_MESSAGE, 0, &counts);
    }
  g_test_message ("%u streams, %u with a stray tail; %u entries, %u values, %u the same when coded "
                  "again", counts.n_streams, counts.n_stray, counts.n_entries, counts.n_values,
                  counts.n_same);
  g_assert_cmpuint (counts.n_streams, >, 500);
  g_assert_cmpuint (counts.n_same, >, counts.n_values * 95 / 100);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  TEST_ADD_TABLE ("/imsg/stored-value/round-trip", values, test_round_trip)
  TEST_ADD_TABLE ("/imsg/stored-value/size", sizes, test_size)
  g_test_add_func ("/imsg/stored-value/shorter-list", test_shorter_list);
  g_test_add_func ("/imsg/stored-value/unknown-changes-form", test_unknown_changes_form);
  g_test_add_func ("/imsg/stored-value/missing", test_missing);
  g_test_add_func ("/imsg/stored-value/value-limit", test_value_limit);
  g_test_add_func ("/imsg/stored-value/list-limit", test_list_limit);
  g_test_add_func ("/imsg/stored-value/blob", test_blob);
  g_test_add_func ("/imsg/stored-value/samples", test_samples);
  return g_test_run ();
}
