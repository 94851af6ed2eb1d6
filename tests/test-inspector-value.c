/* test-inspector-value.c - what a person types into the value editors
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "inspector-value.h"

#define OK(name, type, text, variant) { name, IMSG_PROPERTY_TYPE_##type, text, variant }
#define BAD(name, type, text) { name, IMSG_PROPERTY_TYPE_##type, text, NULL }

static const struct
{
  const char       *name;
  IMsgPropertyType  type;
  const char       *text;
  const char       *variant;
} inputs[] = {
  OK ("short", I2, " -32768 ", "int16 -32768"),
  OK ("short-hex", I2, "0xFFFF", "int16 -1"),
  BAD ("short-too-large", I2, "32768"),
  BAD ("short-hex-too-large", I2, "0x10000"),
  OK ("long", LONG, "2147483647", "2147483647"),
  OK ("long-hex", LONG, "0x80000000", "-2147483648"),
  BAD ("long-word", LONG, "twelve"),
  BAD ("long-empty", LONG, ""),
  BAD ("long-tail", LONG, "12x"),
  OK ("i8-exact", I8, "9007199254740993", "int64 9007199254740993"),
  OK ("i8-hex", I8, "0xFFFFFFFFFFFFFFFF", "int64 -1"),
  OK ("currency", CURRENCY, "12.5", "int64 125000"),
  OK ("currency-minus", CURRENCY, "-0.0001", "int64 -1"),
  OK ("currency-least", CURRENCY, "-922337203685477.5808", "int64 -9223372036854775808"),
  BAD ("currency-too-large", CURRENCY, "922337203685477.5808"),
  BAD ("currency-five-places", CURRENCY, "1.00001"),
  BAD ("currency-point", CURRENCY, "."),
  BAD ("currency-sign", CURRENCY, "1.-5"),
  OK ("double", DOUBLE, "1e3", "1000.0"),
  BAD ("double-comma", DOUBLE, "1,5"),
  BAD ("double-too-large", DOUBLE, "1e999"),
  OK ("boolean", BOOLEAN, "Yes", "true"),
  BAD ("boolean-number", BOOLEAN, "2"),
  OK ("error", ERROR, "0x8004010F", "uint32 2147746063"),
  OK ("text", UNICODE, " kept as is\n", "' kept as is\\n'"),
  OK ("guid", CLSID, "{00062008-0000-0000-C000-000000000046}",
      "'00062008-0000-0000-c000-000000000046'"),
  BAD ("guid-short", CLSID, "00062008-0000-0000-c000-00000000046"),
  OK ("time", SYSTIME, "1601-01-01 00:00:01Z", "uint64 10000000"),
  OK ("time-fraction", SYSTIME, "1601-01-01T00:00:00.0000001Z", "uint64 1"),
  OK ("time-zone", SYSTIME, "2026-01-31 12:30:00 +02:00", "uint64 134143290000000000"),
  OK ("time-date-only", SYSTIME, "1601-01-02", "uint64 864000000000"),
  OK ("time-ticks", SYSTIME, "0x7FFFFFFFFFFFFFFF", "uint64 9223372036854775807"),
  BAD ("time-eight-places", SYSTIME, "1601-01-01 00:00:00.00000001"),
  BAD ("time-too-early", SYSTIME, "1600-12-31 23:59:59"),
  BAD ("time-month", SYSTIME, "2026-13-01 00:00:00"),
  BAD ("time-word", SYSTIME, "yesterday"),
  BAD ("time-point", SYSTIME, "2026-01-01 00:00:00."),
  OK ("binary", BINARY, "01 aF:00-7f", "[byte 0x01, 0xaf, 0x00, 0x7f]"),
  OK ("binary-empty", BINARY, "", "@ay []"),
  BAD ("binary-half", BINARY, "01 A"),
  BAD ("binary-split", BINARY, "0 1"),
  BAD ("binary-letter", BINARY, "0g"),
  BAD ("object", OBJECT, "1"),
};

static void
test_parse (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) value = inspector_value_parse (inputs[i].type, inputs[i].text, &error);
  g_autoptr(GVariant) expected = NULL;

  if (inputs[i].variant == NULL)
    {
      g_assert_error (error, IMSG_ERROR, IMSG_ERROR_BAD_VALUE);
      g_assert_null (value);
      return;
    }

  g_assert_no_error (error);
  expected = g_variant_parse (NULL, inputs[i].variant, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpvariant (value, expected);
}

/* What is shown can be typed back */
static void
test_round_trip (void)
{
  static const struct { IMsgPropertyType type; const char *variant; const char *text; } values[] = {
    { IMSG_PROPERTY_TYPE_I2, "int16 -5", "-5" },
    { IMSG_PROPERTY_TYPE_LONG, "int32 -5", "-5" },
    { IMSG_PROPERTY_TYPE_I8, "int64 -9223372036854775808", "-9223372036854775808" },
    { IMSG_PROPERTY_TYPE_CURRENCY, "int64 -9223372036854775808", "-922337203685477.5808" },
    { IMSG_PROPERTY_TYPE_DOUBLE, "0.1", "0.10000000000000001" },
    { IMSG_PROPERTY_TYPE_ERROR, "uint32 2147746063", "0x8004010F" },
    { IMSG_PROPERTY_TYPE_BOOLEAN, "true", "true" },
    { IMSG_PROPERTY_TYPE_SYSTIME, "uint64 134143290001234500", "2026-01-31 10:30:00.12345 Z" },
    { IMSG_PROPERTY_TYPE_SYSTIME, "uint64 18446744073709551615", "18446744073709551615" },
    { IMSG_PROPERTY_TYPE_BINARY, "[byte 0x01, 0xaf]", "01 AF" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    {
      g_autoptr(GVariant) value = g_variant_parse (NULL, values[i].variant, NULL, NULL, NULL);
      g_autofree char *text = inspector_value_format (values[i].type, value);
      g_autoptr(GVariant) again = inspector_value_parse (values[i].type, text, NULL);

      g_assert_cmpstr (text, ==, values[i].text);
      g_assert_cmpvariant (again, value);
    }
}

static void
test_tag (void)
{
  guint32 tag = 0;

  g_assert_true (inspector_value_parse_tag (" 0x0037001F ", &tag, NULL));
  g_assert_cmphex (tag, ==, 0x0037001F);
  g_assert_true (inspector_value_parse_tag ("PR_SUBJECT", &tag, NULL));
  g_assert_cmphex (tag, ==, 0x0037001F);
  g_assert_false (inspector_value_parse_tag ("0x0037", &tag, NULL));
  g_assert_false (inspector_value_parse_tag ("PR_NO_SUCH_THING", &tag, NULL));
  g_assert_false (inspector_value_parse_tag ("", &tag, NULL));
}

static void
test_line (void)
{
  g_autofree char *line = inspector_value_to_line ("one\r\ntwo\tthree\x01\xe2\x80\xae!", 100);
  g_autofree char *cut = inspector_value_to_line ("äöüß", 3);

  g_assert_cmpstr (line, ==, "one↵two⇥three\\u0001\\u202E!");
  g_assert_cmpstr (cut, ==, "äöü…");
}

static void
test_empty (void)
{
  static const IMsgPropertyType types[] = {
    IMSG_PROPERTY_TYPE_I2, IMSG_PROPERTY_TYPE_LONG, IMSG_PROPERTY_TYPE_R4, IMSG_PROPERTY_TYPE_I8,
    IMSG_PROPERTY_TYPE_BOOLEAN, IMSG_PROPERTY_TYPE_UNICODE, IMSG_PROPERTY_TYPE_SYSTIME,
    IMSG_PROPERTY_TYPE_CLSID, IMSG_PROPERTY_TYPE_BINARY, IMSG_PROPERTY_TYPE_MV_LONG,
    IMSG_PROPERTY_TYPE_MV_UNICODE, IMSG_PROPERTY_TYPE_MV_BINARY, IMSG_PROPERTY_TYPE_CURRENCY,
  };

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    {
      g_autoptr(GVariant) value = g_variant_ref_sink (inspector_value_new_empty (types[i]));

      g_assert_cmpstr (g_variant_get_type_string (value), ==,
                       imsg_property_type_get_variant_type (types[i]));
    }
}

static void
test_text_exact (void)
{
  static const struct { IMsgPropertyType type; guint code_page; const char *hex; gboolean exact; }
  texts[] = {
    { IMSG_PROPERTY_TYPE_UNICODE, 0, "48 00 69 00", TRUE },
    { IMSG_PROPERTY_TYPE_UNICODE, 0, "48 00 69 00 00 00", TRUE },
    { IMSG_PROPERTY_TYPE_UNICODE, 0, "3D D8 00 DE", TRUE },
    { IMSG_PROPERTY_TYPE_UNICODE, 0, "3D D8", FALSE },
    { IMSG_PROPERTY_TYPE_UNICODE, 0, "00 DE 3D D8", FALSE },
    { IMSG_PROPERTY_TYPE_UNICODE, 0, "48 00 69", FALSE },
    { IMSG_PROPERTY_TYPE_UNICODE, 0, "48 00 00 00 69 00", FALSE },
    { IMSG_PROPERTY_TYPE_UNICODE, 0, "", TRUE },
    { IMSG_PROPERTY_TYPE_STRING8, 1252, "47 72 FC DF 65", TRUE },
    { IMSG_PROPERTY_TYPE_STRING8, 65001, "47 72 C3 BC", TRUE },
    { IMSG_PROPERTY_TYPE_STRING8, 65001, "47 72 FC", FALSE },
    { IMSG_PROPERTY_TYPE_STRING8, 932, "81", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr(GBytes) bytes = inspector_value_parse_hex (texts[i].hex, NULL);

      g_test_message ("%u: %s", i, texts[i].hex);
      g_assert_cmpint (inspector_value_is_text_exact (texts[i].type, texts[i].code_page, bytes), ==,
                       texts[i].exact);
    }
  g_assert_cmpuint (inspector_value_count_text_bytes (IMSG_PROPERTY_TYPE_UNICODE, 0, "a😀"), ==, 6);
  g_assert_cmpuint (inspector_value_count_text_bytes (IMSG_PROPERTY_TYPE_STRING8, 1252, "aü"), ==,
                    2);
}

/* Another day keeps the time of day, to the tick */
static void
test_move_to_day (void)
{
  g_autoptr(GDateTime) day = g_date_time_new_utc (2025, 2, 28, 0, 0, 0);
  g_autofree char *text = NULL;

  text = inspector_value_format_time (inspector_value_move_to_day (134143290001234501, day, FALSE),
                                      FALSE);
  g_assert_cmpstr (text, ==, "2025-02-28 10:30:00.1234501 Z");
}

static void
test_bits (void)
{
  g_autoptr(GVariant) number = g_variant_ref_sink (g_variant_new_int16 (-1));
  g_autoptr(GVariant) large = g_variant_ref_sink (g_variant_new_int64 (1));
  guint32 bits = 0;
  g_autofree char *decimal = NULL;
  g_autofree char *hexadecimal = NULL;

  g_assert_true (inspector_value_get_bits (number, &bits));
  g_assert_cmphex (bits, ==, 0xFFFF);
  g_assert_false (inspector_value_get_bits (large, &bits));
  decimal = inspector_value_format_bits (IMSG_PROPERTY_TYPE_I2, 0xFFFE, FALSE);
  hexadecimal = inspector_value_format_bits (IMSG_PROPERTY_TYPE_LONG, 0x11, TRUE);
  g_assert_cmpstr (decimal, ==, "-2");
  g_assert_cmpstr (hexadecimal, ==, "0x00000011");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (inputs); i++)
    {
      g_autofree char *path = g_strconcat ("/imsg/inspector/value/parse/", inputs[i].name, NULL);

      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_parse);
    }
  g_test_add_func ("/imsg/inspector/value/round-trip", test_round_trip);
  g_test_add_func ("/imsg/inspector/value/tag", test_tag);
  g_test_add_func ("/imsg/inspector/value/line", test_line);
  g_test_add_func ("/imsg/inspector/value/empty", test_empty);
  g_test_add_func ("/imsg/inspector/value/text-exact", test_text_exact);
  g_test_add_func ("/imsg/inspector/value/move-to-day", test_move_to_day);
  g_test_add_func ("/imsg/inspector/value/bits", test_bits);
  return g_test_run ();
}
