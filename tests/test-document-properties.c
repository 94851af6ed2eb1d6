/* test-document-properties.c - property sets as Office and others write them
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-util.h"

#include <imsg-gsf.h>
#include <imsg.h>
#include <string.h>

#define TITLE 2
#define COMMENTS 6
#define PAGES 14
#define CHARACTERS 16
#define THUMBNAIL 17
#define HEADING_PAIRS 12 /* of the second set, as the next */
#define DOCUMENT_PARTS 13

typedef struct
{
  guint32     id;
  const char *hex; /* type and value; NULL: no more */
} Property;

typedef struct
{
  const char *name;
  gboolean    is_second;
  Property    properties[4];
  const char *expected; /* names and values in the order of the names, without the code page */
} Case;

#define CODE_PAGE(hex) { 1, "02000000" hex "0000" }

/* Nothing is ever printed: a test that logs a warning fails */
static const Case cases[] = {
  { "text", FALSE, { CODE_PAGE ("E404"), { TITLE, "1E000000 04000000 61E96300" } },
    "dc:title=aéc" },
  { "latin-1", FALSE, { CODE_PAGE ("AF6F"), { TITLE, "1E000000 03000000 61E900" } },
    "dc:title=aé" },
  { "code-page-of-two-bytes", FALSE,
    { { TITLE, "1E000000 02000000 6100" }, { 1, "02000000 E404" } }, "dc:title=a" },
  /* The text goes, the number does not */
  { "unknown-code-page", FALSE,
    { CODE_PAGE ("1127"), { TITLE, "1E000000 02000000 6100" }, { PAGES, "03000000 07000000" } },
    "gsf:page-count=7" },
  { "code-page-0", FALSE, { CODE_PAGE ("0000"), { PAGES, "03000000 07000000" } },
    "gsf:page-count=7" },
  { "no-such-character", FALSE,
    { CODE_PAGE ("E404"), { TITLE, "1E000000 03000000 618100" }, { PAGES, "03000000 07000000" } },
    "gsf:page-count=7" },
  { "half-a-character", FALSE,
    { CODE_PAGE ("A403"), { TITLE, "1E000000 02000000 93FA" }, { PAGES, "03000000 07000000" } },
    "gsf:page-count=7" },
  { "wide-without-padding", FALSE,
    { CODE_PAGE ("B004"), { PAGES, "03000000 07000000" },
      { TITLE, "1E000000 06000000 610062000000" } },
    "gsf:page-count=7" },
  { "numbers", FALSE,
    { CODE_PAGE ("E404"), { PAGES, "13000000 07000000" }, { CHARACTERS, "04000000 0000803F" } },
    "gsf:character-count=1.000000 gsf:page-count=7" },
  { "thumbnail", FALSE,
    { CODE_PAGE ("E404"), { THUMBNAIL, "47000000 0C000000 FFFFFFFF 03000000 01020304" } },
    "gsf:thumbnail=GsfClipData" },
  { "thumbnail-too-long", FALSE,
    { CODE_PAGE ("E404"), { THUMBNAIL, "47000000 0D000000 FFFFFFFF 03000000 01020304" } }, "" },
  { "thumbnail-empty", FALSE,
    { CODE_PAGE ("E404"), { THUMBNAIL, "47000000 04000000 FFFFFFFF" } }, "" },
  /* As Excel writes it, one after the other without padding */
  { "heading-pairs", TRUE,
    { CODE_PAGE ("E404"),
      { HEADING_PAIRS, "0C100000 02000000 1E000000 07000000 53686565747300 03000000 02000000" } },
    "gsf:heading-pairs=\"Sheets\",2," },
  { "document-parts", TRUE,
    { CODE_PAGE ("E404"),
      { DOCUMENT_PARTS, "1E100000 02000000 07000000 53686565743100 03000000 414200" } },
    "gsf:document-parts=\"Sheet1\",\"AB\"," },
  { "heading-pairs-padded", TRUE,
    { CODE_PAGE ("E404"),
      { HEADING_PAIRS, "0C100000 02000000 1E000000 07000000 5368656574730000 03000000 02000000" } },
    "" },
  { "vector-of-nothing-known", TRUE,
    { CODE_PAGE ("E404"), { HEADING_PAIRS, "0C100090 00000000" } }, "" },
  { "small-numbers-padded", TRUE,
    { CODE_PAGE ("E404"),
      { HEADING_PAIRS, "0C100000 02000000 02000000 05000000 1E000000 02000000 6100" } },
    "" },
};

static void
append_u32 (GByteArray *bytes,
            guint32     value)
{
  guint32 little = GUINT32_TO_LE (value);

  g_byte_array_append (bytes, (const guint8 *) &little, sizeof little);
}

/* One section, whose properties begin at multiples of 4 */
static GBytes *
new_property_set (gboolean       is_second,
                  const Property properties[4],
                  GBytes        *values[4])
{
  static const char *const formats[] = { "E0859FF2F94F6810AB9108002B27B3D9",
                                         "02D5CDD59C2E1B10939708002B2CF9AE" };
  g_autoptr(GBytes) format = test_bytes_from_hex (formats[is_second]);
  g_autoptr(GByteArray) section = g_byte_array_new ();
  GByteArray *set = g_byte_array_new ();
  const guint8 zeros[16] = { 0 };
  guint n = 0;

  while (n < 4 && values[n] != NULL)
    n++;
  for (guint i = 0; i < n; i++)
    {
      g_byte_array_append (section, zeros, -section->len & 3);
      g_byte_array_append (section, g_bytes_get_data (values[i], NULL),
                           (guint) g_bytes_get_size (values[i]));
    }
  append_u32 (set, 0xFFFE);
  append_u32 (set, 0x00020005);
  g_byte_array_append (set, zeros, 16);
  append_u32 (set, 1);
  g_byte_array_append (set, g_bytes_get_data (format, NULL), 16);
  append_u32 (set, 48);
  append_u32 (set, 8 + 8 * n + section->len);
  append_u32 (set, n);
  for (guint i = 0, offset = 8 + 8 * n; i < n; i++)
    {
      append_u32 (set, properties[i].id);
      append_u32 (set, offset);
      offset += ((guint) g_bytes_get_size (values[i]) + 3) & ~3u;
    }
  g_byte_array_append (set, section->data, section->len);
  return g_byte_array_free_to_bytes (set);
}

static GsfDocMetaData *
read_property_set (gboolean  is_second,
                   GBytes   *bytes)
{
  g_autoptr(IMsgStorage) storage = imsg_storage_new_memory (0);
  g_autoptr(GError) error = NULL;
  GsfDocMetaData *properties = NULL;

  imsg_storage_write_stream (storage, is_second ? "\005DocumentSummaryInformation"
                                                : "\005SummaryInformation", bytes, &error);
  g_assert_no_error (error);
  properties = imsg_storage_read_document_properties (storage, NULL, &error);
  g_assert_no_error (error);
  return properties;
}

/* As gsf_docprop_vector_as_string() does, which loses the text of each value. */
static char *
describe_vector (const GValue *vector)
{
  /* libgsf 1.14.50 declares the one that is to come after it, and does not have it. */
  G_GNUC_BEGIN_IGNORE_DEPRECATIONS
  const GValueArray *values = gsf_value_get_docprop_varray (vector);
  G_GNUC_END_IGNORE_DEPRECATIONS
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < values->n_values; i++)
    {
      g_autofree char *value = g_strdup_value_contents (values->values + i);

      g_string_append_printf (text, "%s,", value);
    }
  return g_string_free (text, FALSE);
}

static void
add_property (gpointer name,
              gpointer property,
              gpointer list)
{
  const GValue *value = gsf_doc_prop_get_val (property);
  g_autofree char *text = NULL;

  if (g_str_equal (name, GSF_META_NAME_CODEPAGE))
    return;
  if (G_VALUE_HOLDS_STRING (value))
    text = g_value_dup_string (value);
  else if (G_VALUE_HOLDS_OBJECT (value) && !IS_GSF_DOCPROP_VECTOR (g_value_get_object (value)))
    text = g_strdup (G_OBJECT_TYPE_NAME (g_value_get_object (value)));
  else if (G_VALUE_HOLDS_OBJECT (value))
    text = describe_vector (value);
  else
    text = g_strdup_value_contents (value);
  g_ptr_array_add (list, g_strdup_printf ("%s=%s", (const char *) name, text));
}

static int
compare_texts (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static char *
describe (GsfDocMetaData *properties)
{
  g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func (g_free);

  gsf_doc_meta_data_foreach (properties, add_property, list);
  g_ptr_array_sort (list, compare_texts);
  g_ptr_array_add (list, NULL);
  return g_strjoinv (" ", (char **) list->pdata);
}

static void
test_case (gconstpointer data)
{
  const Case *row = data;
  GBytes *values[4] = { NULL };
  g_autoptr(GBytes) bytes = NULL;
  g_autofree char *text = NULL;
  GsfDocMetaData *properties = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (values) && row->properties[i].hex != NULL; i++)
    values[i] = test_bytes_from_hex (row->properties[i].hex);
  bytes = new_property_set (row->is_second, row->properties, values);
  properties = read_property_set (row->is_second, bytes);
  text = describe (properties);
  g_assert_cmpstr (text, ==, row->expected);
  g_object_unref (properties);
  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    g_clear_pointer (&values[i], g_bytes_unref);
}

/* Text that is longer than libgsf reads, with one byte and with two a character */
static void
test_long_text (void)
{
  const Property rows[4] = { { 1, NULL }, { COMMENTS, NULL }, { PAGES, NULL } };
  const guint32 types[] = { 0x1E, 0x1F };

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    for (guint32 length = 0xFFFF; length <= 0x10000; length++)
      {
        GByteArray *comments = g_byte_array_new ();
        GBytes *values[4] = { test_bytes_from_hex ("02000000 E4040000"), NULL,
                              test_bytes_from_hex ("03000000 07000000"), NULL };
        g_autoptr(GBytes) bytes = NULL;
        GsfDocMetaData *properties = NULL;

        append_u32 (comments, types[i]);
        append_u32 (comments, length);
        g_byte_array_set_size (comments, 8 + length * (i + 1));
        memset (comments->data + 8, 0, length * (i + 1));
        comments->data[8] = 'x';
        values[1] = g_byte_array_free_to_bytes (comments);
        bytes = new_property_set (FALSE, rows, values);
        properties = read_property_set (FALSE, bytes);
        g_assert_nonnull (gsf_doc_meta_data_lookup (properties, GSF_META_NAME_PAGE_COUNT));
        g_assert_true ((gsf_doc_meta_data_lookup (properties, GSF_META_NAME_DESCRIPTION) != NULL) ==
                       (length < 0x10000));
        g_object_unref (properties);
        for (guint j = 0; j < G_N_ELEMENTS (values); j++)
          g_clear_pointer (&values[j], g_bytes_unref);
      }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/imsg/document-properties/%s", cases[i].name);

      g_test_add_data_func (path, &cases[i], test_case);
    }
  g_test_add_func ("/imsg/document-properties/long-text", test_long_text);

  return g_test_run ();
}
