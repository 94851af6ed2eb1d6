/* test-value-codec.c - values of every type to stored bytes and back
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "imsg-property-private.h"
#include "test-util.h"

static void
assert_bytes (GBytes     *bytes,
              const char *hex)
{
  g_autoptr(GBytes) expected = test_bytes_from_hex (hex);
  gsize n_bytes, n_expected;
  const void *data = g_bytes_get_data (bytes, &n_bytes);
  const void *expected_data = g_bytes_get_data (expected, &n_expected);

  g_assert_cmpmem (data, n_bytes, expected_data, n_expected);
}

/* Values of a list are parted by '|' after the stream of lengths. */
static void
make_stored (guint32          tag,
             const char      *hex,
             IMsgStoredValue *stored)
{
  g_auto(GStrv) parts = g_strsplit (hex, "|", -1);

  memset (stored, 0, sizeof *stored);
  stored->tag = tag;
  stored->bytes = test_bytes_from_hex (parts[0] != NULL ? parts[0] : "");
  if (_imsg_type_get_stored_form (IMSG_TAG_TYPE (tag)) != IMSG_STORED_STREAMS)
    return;
  stored->values = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  for (guint i = 1; i < g_strv_length (parts); i++)
    g_ptr_array_add (stored->values, test_bytes_from_hex (parts[i]));
}

static const struct
{
  const char *path;
  guint       type;
  const char *value;
  const char *hex;
} pairs[] = {
  { "null", 0x0001, "@ay [0, 0, 0, 0, 0, 0, 0, 0]", "0000000000000000" },
  { "null-rubbish", 0x0001, "[byte 1, 2, 3, 4, 5, 6, 7, 8]", "0102030405060708" },
  { "i2", 0x0002, "int16 -2", "FEFF" },
  { "long", 0x0003, "-1234567890", "2EFD69B6" },
  { "r4", 0x0004, "-0.5", "000000BF" },
  { "double", 0x0005, "0.1", "9A9999999999B93F" },
  { "currency", 0x0006, "int64 -12345", "C7CFFFFFFFFFFFFF" },
  { "apptime", 0x0007, "36526.5", "00000000D0D5E140" },
  { "error", 0x000A, "uint32 0x8004010F", "0F010480" },
  { "true", 0x000B, "true", "0100" },
  { "false", 0x000B, "false", "0000" },
  { "i8", 0x0014, "int64 -9223372036854775808", "0000000000000080" },
  { "string8", 0x001E, "'Gr\303\274\303\237e \342\202\254'", "4772FCDF65 2080" },
  { "string8-empty", 0x001E, "''", "" },
  { "unicode", 0x001F, "'A\303\274\360\237\230\200'", "4100 FC00 3DD800DE" },
  { "unicode-empty", 0x001F, "''", "" },
  { "systime", 0x0040, "uint64 0x0CB34557A3DD4000", "0040DDA35745B30C" },
  { "clsid", 0x0048, "'00020d0b-0000-0000-c000-000000000046'", "0B0D020000000000C000000000000046" },
  { "svreid", 0x00FB, "[byte 0x15, 0x00]", "1500" },
  { "srestriction", 0x00FD, "[byte 0x01]", "01" },
  { "actions", 0x00FE, "[byte 0x02]", "02" },
  { "binary", 0x0102, "[byte 0x00, 0xFF]", "00FF" },
  { "binary-empty", 0x0102, "@ay []", "" },
  { "unknown", 0x0099, "[byte 1, 2, 3, 4, 5, 6, 7, 8]", "0102030405060708" },
  { "unknown-list", 0x100B, "[byte 1, 0]", "0100" },
  { "mv-i2", 0x1002, "[int16 1, -1]", "0100FFFF" },
  { "mv-long", 0x1003, "[1, -1]", "01000000FFFFFFFF" },
  { "mv-r4", 0x1004, "[1.5, -2.0]", "0000C03F000000C0" },
  { "mv-double", 0x1005, "[1.5]", "000000000000F83F" },
  { "mv-currency", 0x1006, "[int64 10000]", "1027000000000000" },
  { "mv-apptime", 0x1007, "[1.0]", "000000000000F03F" },
  { "mv-i8", 0x1014, "[int64 -1, 2]", "FFFFFFFFFFFFFFFF0200000000000000" },
  { "mv-systime", 0x1040, "[uint64 1]", "0100000000000000" },
  { "mv-clsid", 0x1048,
    "['00020d0b-0000-0000-c000-000000000046', '01234567-89ab-cdef-0123-456789abcdef']",
    "0B0D020000000000C000000000000046 67452301AB89EFCD0123456789ABCDEF" },
  { "mv-string8", 0x101E, "['a', 'b\303\274']", "0200000003000000|6100|62FC00" },
  { "mv-unicode", 0x101F, "['Red', '']", "0800000002000000|5200650064000000|0000" },
  { "mv-binary", 0x1102, "[b'\\001\\002', b'']", "03000000 00000000 01000000 00000000|010200|00" },
};

static void
test_pair (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  guint32 tag = IMSG_TAG (pairs[i].type, 0x6001);
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) value = g_variant_parse (NULL, pairs[i].value, NULL, NULL, &error);
  g_autoptr(GVariant) decoded = NULL;
  g_auto(GStrv) parts = g_strsplit (pairs[i].hex, "|", -1);
  g_autofree char *all = g_strjoinv ("", parts);
  g_autoptr(GBytes) raw = NULL;
  IMsgStoredValue stored;
  gsize n_replaced = 99;

  g_assert_no_error (error);
  g_assert_true (_imsg_value_encode (tag, value, 1252, &stored, &error));
  g_assert_no_error (error);
  g_assert_cmphex (stored.tag, ==, tag);
  assert_bytes (stored.bytes, parts[0] != NULL ? parts[0] : "");
  raw = _imsg_stored_value_to_raw (&stored);
  assert_bytes (raw, all);
  _imsg_stored_value_clear (&stored);

  make_stored (tag, pairs[i].hex, &stored);
  decoded = _imsg_value_decode (&stored, 1252, &n_replaced, &error);
  g_assert_no_error (error);
  g_assert_false (g_variant_is_floating (decoded));
  g_assert_cmpvariant (decoded, value);
  g_assert_cmpuint (n_replaced, ==, 0);
  g_assert_cmpstr (g_variant_get_type_string (decoded), ==,
                   imsg_property_type_get_variant_type ((IMsgPropertyType) pairs[i].type));
  _imsg_stored_value_clear (&stored);
}

/* What files hold and we do not write */
static const struct
{
  const char *path;
  guint       type;
  const char *hex;
  const char *value; /* NULL: CORRUPT_DATA */
  gsize       n_replaced;
} foreign[] = {
  { "null-without-bytes", 0x0001, "", "@ay []", 0 },
  { "unspecified", 0x0000, "0102030405060708", "[byte 1, 2, 3, 4, 5, 6, 7, 8]", 0 },
  { "boolean-is-any-bit", 0x000B, "0002", "true", 0 },
  { "stored-terminators-8", 0x001E, "414200 00", "'AB'", 0 },
  { "stored-terminators-16", 0x001F, "4100 0000 0000", "'A'", 0 },
  { "only-terminators", 0x001F, "0000 0000", "''", 0 },
  { "odd-length", 0x001F, "4100 42", "'A'", 0 },
  { "odd-length-after-terminator", 0x001F, "4100 0000 00", "'A'", 0 },
  { "lone-surrogate", 0x001F, "4100 3DD8 4200", "'A\357\277\275B'", 1 },
  { "inner-nul-16", 0x001F, "4100 0000 4200", "'A\357\277\275B'", 1 },
  { "inner-nul-8", 0x001E, "41004200", "'A\357\277\275B'", 1 },
  { "unicode-low-byte-zero", 0x001F, "0001", "'\304\200'", 0 },
  { "mv-unicode-without-terminator", 0x101F, "02000000|4100", "['A']", 0 },
  { "mv-unicode-empty-stream", 0x101F, "02000000|", "['']", 0 },
  { "mv-unicode-no-values", 0x101F, "", "@as []", 0 },
  { "mv-binary-no-values", 0x1102, "", "@aay []", 0 },
  { "mv-long-no-values", 0x1003, "", "@ai []", 0 },
  { "short-i2", 0x0002, "01", NULL, 0 },
  { "short-long", 0x0003, "010203", NULL, 0 },
  { "long-long", 0x0003, "0102030405", NULL, 0 },
  { "short-clsid", 0x0048, "0B0D020000000000C0000000000000", NULL, 0 },
  { "empty-clsid", 0x0048, "", NULL, 0 },
  { "mv-long-and-a-half", 0x1003, "010000000200", NULL, 0 },
  { "mv-clsid-and-a-half", 0x1048, "0B0D020000000000C00000000000004600", NULL, 0 },
};

static void
test_foreign (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  IMsgStoredValue stored;
  g_autoptr(GVariant) decoded = NULL;
  g_autoptr(GVariant) value = NULL;
  g_autoptr(GError) error = NULL;
  gsize n_replaced = 99;

  make_stored (IMSG_TAG (foreign[i].type, 0x6001), foreign[i].hex, &stored);
  decoded = _imsg_value_decode (&stored, 1252, &n_replaced, &error);
  _imsg_stored_value_clear (&stored);
  if (foreign[i].value == NULL)
    {
      g_assert_error (error, IMSG_ERROR, IMSG_ERROR_CORRUPT_DATA);
      g_assert_null (decoded);
      return;
    }
  g_assert_no_error (error);
  value = g_variant_parse (NULL, foreign[i].value, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpvariant (decoded, value);
  g_assert_cmpuint (n_replaced, ==, foreign[i].n_replaced);
}

static const struct
{
  const char *path;
  guint       type;
  const char *value;
  guint       code_page;
  int         code;
} refused[] = {
  { "object", 0x000D, "@ay []", 1252, IMSG_ERROR_INVALID_TYPE },
  { "unspecified", 0x0000, "@ay []", 1252, IMSG_ERROR_INVALID_TYPE },
  { "null-of-three-bytes", 0x0001, "[byte 1, 2, 3]", 1252, IMSG_ERROR_BAD_VALUE },
  { "wrong-type", 0x0003, "'x'", 1252, IMSG_ERROR_BAD_VALUE },
  { "wrong-width", 0x0002, "5", 1252, IMSG_ERROR_BAD_VALUE },
  { "single-for-list", 0x1003, "5", 1252, IMSG_ERROR_BAD_VALUE },
  { "empty-list", 0x1003, "@ai []", 1252, IMSG_ERROR_BAD_VALUE },
  { "empty-text-list", 0x101F, "@as []", 1252, IMSG_ERROR_BAD_VALUE },
  { "empty-binary-list", 0x1102, "@aay []", 1252, IMSG_ERROR_BAD_VALUE },
  { "no-guid", 0x0048, "'0B0D0200'", 1252, IMSG_ERROR_BAD_VALUE },
  { "no-guid-in-list", 0x1048, "['']", 1252, IMSG_ERROR_BAD_VALUE },
  { "large-r4", 0x0004, "1e39", 1252, IMSG_ERROR_BAD_VALUE },
  { "large-r4-in-list", 0x1004, "[1.0, -1e39]", 1252, IMSG_ERROR_BAD_VALUE },
  { "bad-charwidth", 0x001E, "'\316\251'", 1252, IMSG_ERROR_BAD_CHARWIDTH },
  { "bad-charwidth-in-list", 0x101E, "['a', '\316\251']", 1252, IMSG_ERROR_BAD_CHARWIDTH },
};

static void
test_refused (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) value = g_variant_parse (NULL, refused[i].value, NULL, NULL, &error);
  IMsgStoredValue stored;

  g_assert_no_error (error);
  g_assert_false (_imsg_value_encode (IMSG_TAG (refused[i].type, 0x6001), value,
                                      refused[i].code_page, &stored, &error));
  g_assert_error (error, IMSG_ERROR, refused[i].code);
  g_assert_null (stored.bytes);
  g_assert_null (stored.values);
}

static void
test_object (void)
{
  IMsgStoredValue stored = { 0x3701000D, NULL, NULL };
  g_autoptr(GError) error = NULL;

  g_assert_null (_imsg_value_decode (&stored, 1252, NULL, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_NO_SUPPORT);
}

/* A caller's floating value stays his. */
static void
test_floating (void)
{
  gint32 numbers[] = { 1, 2 };
  GVariant *value = g_variant_new_fixed_array (G_VARIANT_TYPE_INT32, numbers, 2, 4);
  IMsgStoredValue stored;

  g_assert_true (_imsg_value_encode (0x60011003, value, 1252, &stored, NULL));
  g_assert_true (g_variant_is_floating (value));
  _imsg_stored_value_clear (&stored);
  g_variant_unref (g_variant_ref_sink (value));
}

static void
test_infinity (void)
{
  g_autoptr(GVariant) value = g_variant_ref_sink (g_variant_new_double (-INFINITY));
  IMsgStoredValue stored;

  g_assert_true (_imsg_value_encode (0x60010004, value, 1252, &stored, NULL));
  assert_bytes (stored.bytes, "000080FF");
  _imsg_stored_value_clear (&stored);
}

static const struct
{
  const char *path;
  guint       type;
  const char *value;
  gsize       max_chars;
  const char *text;
} displays[] = {
  { "text", 0x001F, "'Hello'", 0, "Hello" },
  { "text-cut", 0x001F, "'Hello'", 4, "Hel…" },
  { "text-fits", 0x001F, "'Hello'", 5, "Hello" },
  { "text-cut-to-one", 0x001F, "'Hello'", 1, "…" },
  { "text-wide", 0x001F, "'\303\274\303\274\303\274'", 2, "ü…" },
  { "text-empty", 0x001F, "''", 0, "" },
  { "text-controls", 0x001F, "'a\\r\\n\\tb\\u0001'", 0, "a\\r\\n\\tb\\x01" },
  { "text-bidi", 0x001F, "'a\\u202eb'", 0, "a\\u202Eb" },
  { "long", 0x0003, "-5", 0, "-5" },
  { "boolean", 0x000B, "true", 0, "true" },
  { "error", 0x000A, "uint32 0x8004010F", 0, "0x8004010F" },
  { "double", 0x0005, "0.1", 0, "0.1" },
  { "apptime", 0x0007, "36526.5", 0, "2000-01-01 12:00:00" },
  { "apptime-zero", 0x0007, "0.0", 0, "1899-12-30 00:00:00" },
  { "apptime-before-day-0", 0x0007, "-1.25", 0, "1899-12-29 06:00:00" },
  { "apptime-absurd", 0x0007, "1e300", 0, "1e+300" },
  { "currency", 0x0006, "int64 -12345", 0, "-1.2345" },
  { "currency-least", 0x0006, "int64 -9223372036854775808", 0, "-922337203685477.5808" },
  { "i8", 0x0014, "int64 -12345", 0, "-12345" },
  { "systime", 0x0040, "uint64 133590384000000000", 0, "2024-05-01 12:00:00 UTC" },
  { "systime-none", 0x0040, "uint64 0x0CB34557A3DD4000", 0, "not set (915151392000000000)" },
  { "systime-largest", 0x0040, "uint64 0xFFFFFFFFFFFFFFFF", 0, "not set (18446744073709551615)" },
  { "binary", 0x0102, "[byte 0x01, 0xAB]", 0, "2 B  01 AB" },
  { "binary-empty", 0x0102, "@ay []", 0, "0 B" },
  { "binary-cut", 0x0102, "[byte 1, 2, 3, 4]", 8, "4 B  01…" },
  { "list", 0x1003, "[1, -2, 3]", 0, "3 × 1; -2; 3" },
  { "list-of-text", 0x101F, "['a', 'b']", 0, "2 × a; b" },
  { "list-of-bytes", 0x1102, "[[byte 1], [2]]", 0, "2 × 1 B  01; 1 B  02" },
  { "list-empty", 0x1003, "@ai []", 0, "0 ×" },
  { "list-of-currency", 0x1006, "[int64 10000]", 0, "1 × 1.0000" },
};

static void
test_display (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) value = g_variant_parse (NULL, displays[i].value, NULL, NULL, &error);
  g_autofree char *text = NULL;

  g_assert_no_error (error);
  text = _imsg_value_to_display (IMSG_TAG (displays[i].type, 0x6001), value, displays[i].max_chars);
  g_assert_cmpstr (text, ==, displays[i].text);
}

/* A cell of a gigabyte of data costs no more than what it shows. */
static void
test_display_large (void)
{
  gsize n_bytes = 1000000;
  g_autoptr(GBytes) bytes = g_bytes_new_take (g_malloc0 (n_bytes), n_bytes);
  g_autoptr(GVariant) value = g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, bytes, TRUE);
  g_autofree char *text = _imsg_value_to_display (0x60010102, g_variant_ref_sink (value), 0);

  g_assert_true (g_str_has_prefix (text, "1000000 B  00 00"));
  g_assert_true (g_str_has_suffix (text, "00…"));
  g_assert_cmpuint (strlen (text), <, 20000);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  TEST_ADD_TABLE ("/imsg/value-codec/round-trip", pairs, test_pair)
  TEST_ADD_TABLE ("/imsg/value-codec/foreign", foreign, test_foreign)
  TEST_ADD_TABLE ("/imsg/value-codec/refused", refused, test_refused)
  TEST_ADD_TABLE ("/imsg/value-codec/display", displays, test_display)
  g_test_add_func ("/imsg/value-codec/object", test_object);
  g_test_add_func ("/imsg/value-codec/floating", test_floating);
  g_test_add_func ("/imsg/value-codec/infinity", test_infinity);
  g_test_add_func ("/imsg/value-codec/display/large", test_display_large);
  return g_test_run ();
}
