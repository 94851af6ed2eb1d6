/* test-structure.c - the structures in binary properties, as trees
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-util.h"

#include <string.h>

static const char *const recurrence =
  "04300430 0B200100 0000 C0210000 01000000 00000000 02000000 22200000 05000000 00000000"
  "01000000 6004430D 01000000 000A430D 00DD420D 807A430D 06300000 09300000 58020000 76020000"
  "0100 940C430D B20C430D B806430D 0100 03000200 4869 00000000 04000000 00000000 00000000"
  "940C430D B20C430D B806430D 02004800 6900 00000000 00000000";

/* Each whole structure reads to its last byte, with nothing damaged and nothing left over. */
static const struct
{
  const char *name;
  guint32     tag; /* 0: a named one */
  const char *set;
  guint32     id;
  const char *hex;
  const char *expected; /* a line of the tree */
} structures[] = {
  { "conversation-index", 0x00710102, NULL, 0,
    "01DA42110F55 00112233445566778899AABBCCDDEEFF 0004B6FE5A", "Seconds later: 8099" },
  { "one-off", 0x0FFF0102, NULL, 0,
    "00000000 812B1FA4 BEA31019 9D6E00DD 010F5402 00000180 4100 2000 4200 0000 5300 4D00 5400 5000"
    "0000 6100 4000 6200 2E00 6300 0000", "Address: “a@b.c”" },
  { "address-book", 0x00410102, NULL, 0,
    "00000000 DCA740C8 C042101A B4B90800 2B2FE182 01000000 00000000 2F6F3D58 2F636E3D 6100",
    "X.500 name: “/o=X/cn=a”" },
  { "reply-to", 0x004F0102, NULL, 0,
    "01000000 38000000 32000000  00000000 812B1FA4 BEA31019 9D6E00DD 010F5402 00000180 4100 0000"
    "5300 4D00 5400 5000 0000  6100 4000 6200 2E00 6300 0000  0000", "Display name: “A”" },
  { "global-object-id", 0, "PSETID_Meeting", 0x0003,
    "04000000 8200E000 74C5B710 1A82E008 00000000 00000000 00000000 00000000 00000000 20000000"
    "7643616C 2D556964 01000000 6576656E 742D3140 6578616D 706C652E 6F726700",
    "UID: “event-1@example.org”" },
  { "global-object-id-without-end", 0, "PSETID_Meeting", 0x0003,
    "04000000 8200E000 74C5B710 1A82E008 00000000 00000000 00000000 00000000 00000000 0E000000"
    "7643616C 2D556964 01000000 4142", "UID: “AB”" },
  { "global-object-id-of-text", 0, "PSETID_Meeting", 0x0003, "6576656E 742D31",
    "Foreign id: “event-1”" },
  { "global-object-id-of-bytes", 0, "PSETID_Meeting", 0x0003, "0102031B", "Foreign id: 01 02 03 1B" },
  { "recurrence", 0, "PSETID_Appointment", 0x8216, recurrence, "Subject: “Hi”" },
  { "zone-definition", 0, "PSETID_Appointment", 0x8260,
    "02010C00 02000300 55005400 4300 0100 02013E00 0200 41060100 00000100 00000000 00000000"
    "00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000"
    "00000000", "Name: “UTC”" },
  { "report-tag", 0x00310102, NULL, 0,
    "50434446 45423039 00 01000200 00000000 00000000 00000000 18000000 00000000 00112233 44556677"
    "8899AABB CCDDEEFF C2800000 10000000 FFEEDDCC BBAA9988 77665544 33221100 01000000 00",
    "Node: 0x000080C2" },
  /* version 1, which says that there is no search folder */
  { "report-tag-of-five", 0x00310102, NULL, 0,
    "50434446 45423039 00 01000100 00000000 00000000 00000000 10000000 FFEEDDCC BBAA9988 77665544"
    "33221100 02000000 4100", "Text: “A”" },
  { "report-tag-of-six", 0x00310102, NULL, 0,
    "50434446 45423039 00 01000100 00000000 00000000 00000000 00000000 10000000 FFEEDDCC BBAA9988"
    "77665544 33221100 02000000 4100", "Text: “A”" },
  { "report-tag-of-another", 0x00310102, NULL, 0,
    "11111111 11111111 11 11111111 11111111", "Foreign report tag: 11 11" },
  { "verb-stream", 0, "PSETID_Common", 0x8520,
    "02010100 0000 04000000 024F4B 0849504D 2E4E6F74 65 00 024F4B 00000000 00 00000000 01000000"
    "02000000 02000000 01000000 FFFFFFFF 0401 024F004B 00 024F004B 00", "Name: “OK”" },
  { "task-assigners", 0, "PSETID_Task", 0x8117,
    "01000000 30000000 26000000 00000000 DCA740C8 C042101A B4B90800 2B2FE182 01000000 00000000"
    "2F6F3D58 2F636E3D 6100 4100 41000000", "Name: “A”" },
  { "field-definitions", 0, "PSETID_Common", 0x8540,
    "03010100 0000 45000000 0800 00000000 0100 4600 0146 00 00 00 00 00000000 03000000 014600"
    "00000000", "Unicode name: “F”" },
  { "sid", 0x0E4D0102, NULL, 0, "0102 0000 0000 0005 20000000 20020000",
    "Security identifier: S-1-5-32-544" },
  { "security-descriptor", 0x0E270102, NULL, 0,
    "08000300 00000000 01000480 30000000 40000000 00000000 14000000 02001C00 01000000 00001400"
    "01000000 01010000 00000001 00000000 01020000 00000005 20000000 20020000 01020000 00000005"
    "20000000 20020000", "Who: S-1-1-0" },
  /* an entry for a kind of object; the second does not say that two kinds stand before its SID */
  { "object-ace", 0x0E270102, NULL, 0,
    "08000300 00000000 01000480 00000000 00000000 00000000 14000000 04007000 02000000 05002C00"
    "01000000 01000000 00112233 44556677 8899AABB CCDDEEFF 01020000 00000005 20000000 20020000"
    "06003C00 01000000 00000000 00112233 44556677 8899AABB CCDDEEFF 00112233 44556677 8899AABB"
    "CCDDEEFF 01020000 00000005 20000000 21020000", "Who: S-1-5-32-545" },
  { "restriction", 0x0E9A0102, NULL, 0,
    "0000 00 02000000 08 1F003700 04 04 03001700 03001700 02000000",
    "Property: 0x0037001F (PR_SUBJECT)" },
  { "change-list", 0x65E30102, NULL, 0,
    "14 00112233 44556677 8899AABB CCDDEEFF 00003C1C 16 FFEEDDCC BBAA9988 77665544 33221100"
    "00023AD5 4737", "Counter: 00 00 3C 1C" },
  { "search-key", 0x0C1D0102, NULL, 0, "534D5450 3A414042 2E4300", "Text: “SMTP:A@B.C”" },
  { "search-key-with-a-colon", 0x300B0102, NULL, 0, "413A9F00 11223344 55667788 99AABBCC",
    "Key: 009f3a41-2211-4433-5566-778899aabbcc" },
  { "search-key-of-attachment", 0x300B0102, NULL, 0, "5F0E0000", "Key: 5F 0E 00 00" },
  { "server-id", 0x674000FB, NULL, 0, "01 0100000000001111 0100000000002222 03000000",
    "Instance: 3" },
  { "server-id-of-client", 0x674000FB, NULL, 0, "00 0102", "Data: 01 02" },
  { "attachment-tag", 0x370A0102, NULL, 0, "2A864886F714030A04", "Attachment tag: MIME" },
};

static IMsgStructureNode *
parse (guint   row,
       GBytes *bytes)
{
  g_autoptr(IMsgPropertyName) name =
    structures[row].set != NULL
      ? imsg_property_name_new_id (structures[row].set, structures[row].id)
      : NULL;
  IMsgStructureNode *root =
    imsg_structure_parse (structures[row].tag != 0 ? structures[row].tag : 0x80000102, name, bytes,
                          1252);

  g_assert_nonnull (root);
  return root;
}

static gboolean
has_damage (IMsgStructureNode *node,
            gsize              n_bytes)
{
  GListModel *children = imsg_structure_node_get_children (node);
  guint n_children = children != NULL ? g_list_model_get_n_items (children) : 0;

  g_assert_cmpuint (imsg_structure_node_get_offset (node), <=, n_bytes);
  g_assert_cmpuint (imsg_structure_node_get_size (node), <=,
                    n_bytes - imsg_structure_node_get_offset (node));
  if (imsg_structure_node_is_damaged (node))
    return TRUE;
  for (guint i = 0; i < n_children; i++)
    {
      g_autoptr(IMsgStructureNode) child = g_list_model_get_item (children, i);

      if (has_damage (child, n_bytes))
        return TRUE;
    }
  return FALSE;
}

static void
test_whole (gconstpointer data)
{
  guint row = GPOINTER_TO_UINT (data);
  g_autoptr(GBytes) bytes = test_bytes_from_hex (structures[row].hex);
  g_autoptr(IMsgStructureNode) root = parse (row, bytes);
  g_autofree char *text = imsg_structure_node_to_text (root);

  g_test_message ("%s", text);
  g_assert_false (has_damage (root, g_bytes_get_size (bytes)));
  g_assert_null (strstr (text, "Trailing data"));
  g_assert_nonnull (strstr (text, structures[row].expected));
}

/* Cut at every byte: what was read stays, and every node lies inside the bytes. */
static void
test_cut (gconstpointer data)
{
  guint row = GPOINTER_TO_UINT (data);
  g_autoptr(GBytes) whole = test_bytes_from_hex (structures[row].hex);

  for (gsize size = 0; size < g_bytes_get_size (whole); size++)
    {
      g_autoptr(GBytes) cut = g_bytes_new_from_bytes (whole, 0, size);
      g_autoptr(IMsgStructureNode) root = parse (row, cut);

      has_damage (root, size);
    }
}

/* Any byte may be anything. */
static void
test_mutated (gconstpointer data)
{
  guint row = GPOINTER_TO_UINT (data);
  g_autoptr(GBytes) whole = test_bytes_from_hex (structures[row].hex);
  gsize n_bytes = g_bytes_get_size (whole);

  for (gsize i = 0; i < n_bytes; i++)
    for (guint value = 0; value < 256; value += 51)
      {
        g_autofree guint8 *copy = g_memdup2 (g_bytes_get_data (whole, NULL), n_bytes);
        g_autoptr(GBytes) mutated = NULL;
        g_autoptr(IMsgStructureNode) root = NULL;

        copy[i] = (guint8) value;
        mutated = g_bytes_new (copy, n_bytes);
        root = parse (row, mutated);
        has_damage (root, n_bytes);
      }
}

/* Entry ids wrapped in entry ids are followed so far and no further. */
static void
test_nested_too_deep (void)
{
  static const guint8 wrapper[21] = { 0,    0,    0,    0,    0xC0, 0x91, 0xAD,
                                      0xD3, 0x51, 0x9D, 0xCF, 0x11, 0xA4, 0xA9,
                                      0x00, 0xAA, 0x00, 0x47, 0xFA, 0xA4, 0xC3 };
  g_autoptr(GByteArray) array = g_byte_array_new ();
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(IMsgStructureNode) root = NULL;
  g_autofree char *text = NULL;

  for (guint i = 0; i < 100000; i++)
    g_byte_array_append (array, wrapper, sizeof wrapper);
  bytes = g_byte_array_free_to_bytes (g_steal_pointer (&array));
  root = imsg_structure_parse (0x0FFF0102, NULL, bytes, 1252);
  text = imsg_structure_node_to_text (root);
  g_assert_nonnull (strstr (text, "nested too deep"));
}

/* A tree is a field a line, whatever is in the text. */
static void
test_text_in_a_line (void)
{
  static const char text[] = "A\nFlags: 0\x1b[31m";
  g_autoptr(GString) longer = g_string_new (NULL);
  g_autoptr(GString) of_four = g_string_new (NULL);
  const char *texts[] = { text, NULL, NULL };
  const char *expected[] = { "Text: “A\\nFlags: 0\\x1B[31m”\n", "AA…”\n", "😀…”\n" };

  while (longer->len < 3000)
    g_string_append_c (longer, 'A');
  texts[1] = longer->str;
  while (of_four->len < 4100)
    g_string_append (of_four, "😀");
  texts[2] = of_four->str;
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr(GBytes) bytes = g_bytes_new (texts[i], strlen (texts[i]));
      g_autoptr(IMsgStructureNode) root = imsg_structure_parse (0x007F0102, NULL, bytes, 65001);
      g_autofree char *lines = imsg_structure_node_to_text (root);

      g_assert_true (g_str_has_suffix (lines, expected[i]));
    }
}

static void
test_unknown (void)
{
  g_autoptr(GBytes) bytes = g_bytes_new ("x", 1);
  g_autoptr(IMsgPropertyName) name = imsg_property_name_new_string ("PS_PUBLIC_STRINGS", "x");

  g_assert_null (imsg_structure_parse (IMSG_PR_RTF_COMPRESSED, NULL, bytes, 1252));
  g_assert_null (imsg_structure_parse (0x80000102, name, bytes, 1252));
}

static void
add (const char     *kind,
     guint           row,
     GTestDataFunc   func)
{
  g_autofree char *path = g_strdup_printf ("/imsg/structure/%s/%s", kind, structures[row].name);

  g_test_add_data_func (path, GUINT_TO_POINTER (row), func);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (structures); i++)
    {
      add ("whole", i, test_whole);
      add ("cut", i, test_cut);
      add ("mutated", i, test_mutated);
    }
  g_test_add_func ("/imsg/structure/nested-too-deep", test_nested_too_deep);
  g_test_add_func ("/imsg/structure/text-in-a-line", test_text_in_a_line);
  g_test_add_func ("/imsg/structure/unknown", test_unknown);
  return g_test_run ();
}
