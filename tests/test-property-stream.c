/* test-property-stream.c - streams of property entries, and the names beside them
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-property-private.h"
#include "test-util.h"

/* One recipient, no attachment, three properties: [MS-OXMSG] 2.4 */
#define WORKED_HEADER \
  "00000000 00000000  01000000 00000000  01000000 00000000  00000000 00000000"
#define WORKED_ENTRIES                         \
  "03000D34 02000000 790E0400 00000000"        \
  "1F001A00 06000000 12000000 03000000"        \
  "0B002300 06000000 00000000 00000000"

static void
test_worked (void)
{
  g_autoptr(GBytes) bytes = test_bytes_from_hex (WORKED_HEADER WORKED_ENTRIES);
  g_autoptr(GBytes) written = NULL;
  g_autoptr(GPtrArray) problems = _imsg_problem_list_new ();
  g_autoptr(GError) error = NULL;
  g_autoptr(GArray) entries = NULL;
  IMsgStreamCounts counts;
  const IMsgPropertyEntry *entry;

  entries = _imsg_property_stream_read (bytes, IMSG_STREAM_MESSAGE, &counts, "root",
                                        _imsg_limits_get_default (), problems, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (problems->len, ==, 0);
  g_assert_cmpuint (counts.next_recipient_id, ==, 1);
  g_assert_cmpuint (counts.next_attachment_id, ==, 0);
  g_assert_cmpuint (counts.n_recipients, ==, 1);
  g_assert_cmpuint (counts.n_attachments, ==, 0);
  g_assert_cmpuint (entries->len, ==, 3);
  entry = &g_array_index (entries, IMsgPropertyEntry, 0);
  g_assert_cmphex (entry->tag, ==, 0x340D0003);
  g_assert_cmphex (entry->attributes, ==, IMSG_PROPERTY_ATTRIBUTES_READABLE);
  g_assert_cmpmem (entry->value, 8, "\x79\x0E\x04\0\0\0\0\0", 8);
  entry = &g_array_index (entries, IMsgPropertyEntry, 1);
  g_assert_cmphex (entry->tag, ==, 0x001A001F);
  entry = &g_array_index (entries, IMsgPropertyEntry, 2);
  g_assert_cmphex (entry->tag, ==, 0x0023000B);
  g_assert_cmphex (entry->attributes, ==, 6);

  written = _imsg_property_stream_write ((const IMsgPropertyEntry *) (gpointer) entries->data,
                                         entries->len, IMSG_STREAM_MESSAGE, &counts);
  g_assert_true (g_bytes_equal (bytes, written));
}

static const struct
{
  const char       *path;
  IMsgStreamHeader  header;
  const char       *hex;
} shapes[] = {
  { "message", IMSG_STREAM_MESSAGE, WORKED_HEADER WORKED_ENTRIES },
  { "message-without-properties", IMSG_STREAM_MESSAGE, WORKED_HEADER },
  { "embedded", IMSG_STREAM_EMBEDDED,
    "00000000 00000000 03000000 04000000 01000000 02000000" WORKED_ENTRIES },
  { "subobject", IMSG_STREAM_SUBOBJECT, "00000000 00000000" WORKED_ENTRIES },
  { "subobject-without-properties", IMSG_STREAM_SUBOBJECT, "00000000 00000000" },
};

static void
test_shape (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr(GBytes) bytes = test_bytes_from_hex (shapes[i].hex);
  g_autoptr(GBytes) written = NULL;
  g_autoptr(GPtrArray) problems = _imsg_problem_list_new ();
  g_autoptr(GArray) entries = NULL;
  IMsgStreamCounts counts;

  entries = _imsg_property_stream_read (bytes, shapes[i].header, &counts, "x",
                                        _imsg_limits_get_default (), problems, NULL);
  g_assert_cmpuint (problems->len, ==, 0);
  g_assert_cmpuint (entries->len, ==,
                    (g_bytes_get_size (bytes) - (gsize) shapes[i].header) / 16);
  written = _imsg_property_stream_write ((const IMsgPropertyEntry *) (gpointer) entries->data,
                                         entries->len, shapes[i].header, &counts);
  g_assert_true (g_bytes_equal (bytes, written));
}

static const struct
{
  const char       *path;
  IMsgStreamHeader  header;
  const char       *hex;
  guint             n_entries;
  guint             n_problems;
} damaged[] = {
  { "empty", IMSG_STREAM_MESSAGE, "", 0, 1 },
  { "half-a-header", IMSG_STREAM_MESSAGE, "00000000 00000000", 0, 1 },
  { "one-byte-short-of-a-header", IMSG_STREAM_SUBOBJECT, "00000000 000000", 0, 1 },
  { "half-an-entry", IMSG_STREAM_SUBOBJECT, "00000000 00000000 1F003700 06000000 0E00", 0, 1 },
  { "one-byte-short", IMSG_STREAM_SUBOBJECT,
    "00000000 00000000 0B002300 06000000 01000000 00000000"
    "0B002400 06000000 01000000 000000", 1, 1 },
  { "four-stray-bytes", IMSG_STREAM_SUBOBJECT,
    "00000000 00000000" WORKED_ENTRIES "DEADBEEF", 3, 1 },
  { "duplicate", IMSG_STREAM_SUBOBJECT,
    "00000000 00000000 0B002300 06000000 01000000 00000000"
    "0B002300 06000000 00000000 00000000", 1, 1 },
  { "three-duplicates", IMSG_STREAM_SUBOBJECT,
    "00000000 00000000" WORKED_ENTRIES WORKED_ENTRIES, 3, 3 },
  { "same-id-other-type", IMSG_STREAM_SUBOBJECT,
    "00000000 00000000 1E003700 06000000 01000000 00000000"
    "1F003700 06000000 02000000 00000000 1E003700 06000000 05000000 00000000", 2, 1 },
};

static void
test_damaged (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr(GBytes) bytes = test_bytes_from_hex (damaged[i].hex);
  g_autoptr(GPtrArray) problems = _imsg_problem_list_new ();
  g_autoptr(GError) error = NULL;
  g_autoptr(GArray) entries = NULL;
  IMsgStreamCounts counts = { 9, 9, 9, 9 };

  entries = _imsg_property_stream_read (bytes, damaged[i].header, &counts, "somewhere",
                                        _imsg_limits_get_default (), problems, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (entries->len, ==, damaged[i].n_entries);
  g_assert_cmpuint (problems->len, ==, damaged[i].n_problems);
  g_assert_cmpuint (counts.n_recipients, ==, 0);
  for (guint j = 0; j < problems->len; j++)
    {
      const IMsgProblem *problem = g_ptr_array_index (problems, j);

      g_assert_cmpint (imsg_problem_get_code (problem), ==, IMSG_ERROR_CORRUPT_DATA);
      g_assert_cmpstr (imsg_problem_get_where (problem), ==, "somewhere");
    }
}

static void
test_duplicate_keeps_first (void)
{
  g_autoptr(GBytes) bytes = test_bytes_from_hex (damaged[6].hex);
  g_autoptr(GArray) entries = NULL;

  entries = _imsg_property_stream_read (bytes, IMSG_STREAM_SUBOBJECT, NULL, "x",
                                        _imsg_limits_get_default (), NULL, NULL);
  g_assert_cmpuint (g_array_index (entries, IMsgPropertyEntry, 0).value[0], ==, 1);
}

static GBytes *
make_stream (guint    n_entries,
             gboolean same_id)
{
  g_autofree IMsgPropertyEntry *entries = g_new0 (IMsgPropertyEntry, n_entries);

  for (guint i = 0; i < n_entries; i++)
    entries[i].tag = same_id ? IMSG_TAG (i, 0x37) : IMSG_TAG (IMSG_PROPERTY_TYPE_LONG, i);
  return _imsg_property_stream_write (entries, n_entries, IMSG_STREAM_SUBOBJECT, NULL);
}

static void
test_limit (void)
{
  IMsgLimits limits = *_imsg_limits_get_default ();
  g_autoptr(GBytes) at = make_stream (100, FALSE);
  g_autoptr(GBytes) past = make_stream (101, FALSE);
  g_autoptr(GError) error = NULL;
  g_autoptr(GArray) entries = NULL;

  limits.values[IMSG_LIMIT_PROPERTIES] = 100;
  entries = _imsg_property_stream_read (at, IMSG_STREAM_SUBOBJECT, NULL, "x", &limits, NULL,
                                        &error);
  g_assert_no_error (error);
  g_assert_cmpuint (entries->len, ==, 100);
  g_assert_null (_imsg_property_stream_read (past, IMSG_STREAM_SUBOBJECT, NULL, "x", &limits, NULL,
                                             &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_TOO_BIG);
}

/* As many types of one id as there are: every tag but the first meets an id seen before. */
static void
test_one_id (void)
{
  g_autoptr(GBytes) bytes = make_stream (65536, TRUE);
  g_autoptr(GPtrArray) problems = _imsg_problem_list_new ();
  g_autoptr(GArray) entries = NULL;

  entries = _imsg_property_stream_read (bytes, IMSG_STREAM_SUBOBJECT, NULL, "x",
                                        _imsg_limits_get_default (), problems, NULL);
  g_assert_cmpuint (entries->len, ==, 65536);
  g_assert_cmpuint (problems->len, ==, 0);
}

static const struct
{
  const char      *name;
  IMsgElementKind  kind;
  guint32          tag;
  guint32          index;
} elements[] = {
  { "__properties_version1.0", IMSG_ELEMENT_PROPERTIES, 0, 0 },
  { "__PROPERTIES_VERSION1.0", IMSG_ELEMENT_PROPERTIES, 0, 0 },
  { "__nameid_version1.0", IMSG_ELEMENT_NAMEID, 0, 0 },
  { "__substg1.0_0037001F", IMSG_ELEMENT_SUBSTG, 0x0037001F, 0 },
  { "__substg1.0_0e1d001f", IMSG_ELEMENT_SUBSTG, 0x0E1D001F, 0 },
  { "__SUBSTG1.0_0E1D001F", IMSG_ELEMENT_SUBSTG, 0x0E1D001F, 0 },
  { "__substg1.0_8001101F-0000000A", IMSG_ELEMENT_SUBSTG_VALUE, 0x8001101F, 10 },
  { "__substg1.0_8001101F-0000000a", IMSG_ELEMENT_SUBSTG_VALUE, 0x8001101F, 10 },
  { "__recip_version1.0_#0000000F", IMSG_ELEMENT_RECIPIENT, 0, 15 },
  { "__attach_version1.0_#ffffffff", IMSG_ELEMENT_ATTACHMENT, 0, 0xFFFFFFFF },
  { "", IMSG_ELEMENT_FOREIGN, 0, 0 },
  { "_", IMSG_ELEMENT_FOREIGN, 0, 0 },
  { "__", IMSG_ELEMENT_FOREIGN, 0, 0 },
  { "\005SummaryInformation", IMSG_ELEMENT_FOREIGN, 0, 0 },
  { "__substg1.0_0037001", IMSG_ELEMENT_FOREIGN, 0, 0 },
  { "__substg1.0_0037001FF", IMSG_ELEMENT_FOREIGN, 0, 0 },
  { "__substg1.0_0037001G", IMSG_ELEMENT_FOREIGN, 0, 0 },
  { "__substg1.0_8001101F-", IMSG_ELEMENT_FOREIGN, 0, 0 },
  { "__substg1.0_8001101F-0000", IMSG_ELEMENT_FOREIGN, 0, 0 },
  { "__substg1.0_8001101F-0000000A0", IMSG_ELEMENT_FOREIGN, 0, 0 },
  { "__recip_version1.0_#", IMSG_ELEMENT_FOREIGN, 0, 0 },
  { "__recip_version1.0_#0000001", IMSG_ELEMENT_FOREIGN, 0, 0 },
  { "__attach_version1.0_00000000", IMSG_ELEMENT_FOREIGN, 0, 0 },
  { "__properties_version1.00", IMSG_ELEMENT_FOREIGN, 0, 0 },
};

static void
test_element_names (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (elements); i++)
    {
      guint32 tag = 0, index = 0;

      g_assert_cmpint (_imsg_element_parse_name (elements[i].name, &tag, &index), ==,
                       elements[i].kind);
      if (elements[i].kind == IMSG_ELEMENT_FOREIGN)
        continue;
      g_assert_cmphex (tag, ==, elements[i].tag);
      g_assert_cmphex (index, ==, elements[i].index);
    }
}

static void
test_make_names (void)
{
  char name[IMSG_SUBSTG_NAME_SIZE];

  _imsg_substg_name (0x0E1D001F, name);
  g_assert_cmpstr (name, ==, "__substg1.0_0E1D001F");
  _imsg_substg_value_name (0x8001101F, 0xABCDEF01, name);
  g_assert_cmpstr (name, ==, "__substg1.0_8001101F-ABCDEF01");
  _imsg_recipient_name (31, name);
  g_assert_cmpstr (name, ==, "__recip_version1.0_#0000001F");
  _imsg_attachment_name (0, name);
  g_assert_cmpstr (name, ==, "__attach_version1.0_#00000000");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/imsg/property-stream/worked", test_worked);
  TEST_ADD_TABLE ("/imsg/property-stream/shape", shapes, test_shape)
  TEST_ADD_TABLE ("/imsg/property-stream/damaged", damaged, test_damaged)
  g_test_add_func ("/imsg/property-stream/duplicate-keeps-first", test_duplicate_keeps_first);
  g_test_add_func ("/imsg/property-stream/limit", test_limit);
  g_test_add_func ("/imsg/property-stream/one-id", test_one_id);
  g_test_add_func ("/imsg/property-stream/element-names", test_element_names);
  g_test_add_func ("/imsg/property-stream/make-names", test_make_names);
  return g_test_run ();
}
