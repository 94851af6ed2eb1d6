/* test-property-tag.c - tags, types and names of properties
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include <imsg.h>

static void
test_halves (void)
{
  g_assert_cmphex (imsg_property_tag (IMSG_PROPERTY_TYPE_UNICODE, 0x37), ==, 0x0037001F);
  g_assert_cmphex (imsg_property_tag (IMSG_PROPERTY_TYPE_LONG, 0xFFFE), ==, 0xFFFE0003);
  g_assert_cmphex (imsg_property_tag_get_id (0x8023101E), ==, 0x8023);
  g_assert_cmphex (imsg_property_tag_get_property_type (0x8023101E), ==,
                   IMSG_PROPERTY_TYPE_MV_STRING8);
  g_assert_cmphex (imsg_property_tag_change_type (IMSG_PR_SUBJECT, IMSG_PROPERTY_TYPE_STRING8), ==,
                   0x0037001E);
  g_assert_false (imsg_property_tag_is_named (0x7FFF0003));
  g_assert_true (imsg_property_tag_is_named (0x80000003));
  g_assert_true (imsg_property_tag_is_multi_valued (0x80001003));
  g_assert_false (imsg_property_tag_is_multi_valued (0x80000003));
  g_assert_true (imsg_property_tag_is_text (0x0037001E));
  g_assert_true (imsg_property_tag_is_text (0x0037101F));
  g_assert_false (imsg_property_tag_is_text (0x00370102));
}

static const struct
{
  const char *name;
  guint32     tag;
} names[] = {
  { "PR_SUBJECT", 0x0037001F },
  { "pr_subject", 0x0037001F },
  { "PR_SUBJECT_W", 0x0037001F },
  { "PR_SUBJECT_A", 0x0037001E },
  { "PidTagSubject", 0x0037001F },
  { "ptagSubject", 0x0037001F },
  { "0x0037001F", 0x0037001F },
  { "0X8001101e", 0x8001101E },
  { "PR_BODY", 0x1000001F },
  { "PR_HTML", 0x10130102 },
  { "PR_RTF_COMPRESSED", 0x10090102 },
  { "PR_MESSAGE_FLAGS", 0x0E070003 },
  { "PR_ATTACH_DATA_OBJ", 0x3701000D },
  { "PR_ATTACH_DATA_BIN", 0x37010102 },
  { "PR_CLIENT_SUBMIT_TIME", 0x00390040 },
  { "PR_OFFICE_TELEPHONE_NUMBER_A", 0x3A08001E },
  { "PR_MESSAGE_FLAGS_A", 0 },
  { "PR_SUBJEC", 0 },
  { "PR_SUBJECT_", 0 },
  { "_W", 0 },
  { "", 0 },
  { "0x37001F", 0 },
  { "0x0037001G", 0 },
  { "0x0037001F0", 0 },
};

static void
test_from_name (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    g_assert_cmphex (imsg_property_tag_from_name (names[i].name), ==, names[i].tag);
}

static void
test_get_name (void)
{
  g_assert_cmpstr (imsg_property_tag_get_name (0x0037001F), ==, "PR_SUBJECT");
  g_assert_cmpstr (imsg_property_tag_get_name (0x0037001E), ==, "PR_SUBJECT");
  g_assert_cmpstr (imsg_property_tag_get_name (0x00370000), ==, "PR_SUBJECT");
  g_assert_cmpstr (imsg_property_tag_get_canonical_name (0x0037001E), ==, "PidTagSubject");
  g_assert_cmpstr (imsg_property_tag_get_name (0x10000000), ==, "PR_BODY");
  g_assert_cmpstr (imsg_property_tag_get_name (0x10130102), ==, "PR_HTML");
  g_assert_cmpstr (imsg_property_tag_get_name (0x1013001E), ==, "PR_BODY_HTML");
  g_assert_null (imsg_property_tag_get_name (0x00370003));
  g_assert_null (imsg_property_tag_get_name (0x80010003));
  g_assert_null (imsg_property_tag_get_name (0x7FF00003));
  g_assert_null (imsg_property_tag_get_name (0xFFFFFFFF));
}

static void
test_list_names (void)
{
  g_auto(GStrv) subject = imsg_property_tag_list_names (IMSG_PR_SUBJECT);
  g_auto(GStrv) unknown = imsg_property_tag_list_names (0x7FF00003);

  g_assert_cmpstr (subject[0], ==, "PR_SUBJECT");
  g_assert_cmpstr (subject[1], ==, "PidTagSubject");
  g_assert_cmpuint (g_strv_length (unknown), ==, 0);
}

static void
test_list_known (void)
{
  gsize n_tags;
  g_autofree guint32 *tags = imsg_property_tag_list_known (&n_tags);
  gboolean has_subject = FALSE;

  g_assert_cmpuint (n_tags, >, 1000);
  for (gsize i = 0; i < n_tags; i++)
    {
      g_assert_cmphex (tags[i], <, 0x80000000);
      if (i > 0)
        g_assert_cmphex (tags[i - 1], <, tags[i]);
      has_subject |= tags[i] == IMSG_PR_SUBJECT;
    }
  g_assert_true (has_subject);
}

static const IMsgValueName *
find_value_name (GPtrArray  *list,
                 const char *name)
{
  for (guint i = 0; i < list->len; i++)
    {
      if (g_str_equal (imsg_value_name_get_name (g_ptr_array_index (list, i)), name))
        return g_ptr_array_index (list, i);
    }
  return NULL;
}

static void
test_value_names (void)
{
  g_autoptr(GPtrArray) flags = imsg_value_name_list (IMSG_PR_MESSAGE_FLAGS, NULL);
  g_autoptr(GPtrArray) importance = imsg_value_name_list (IMSG_PR_IMPORTANCE, NULL);
  g_autoptr(GPtrArray) codes = imsg_value_name_list (0x0037000A, NULL);
  g_autoptr(GPtrArray) none = imsg_value_name_list (IMSG_PR_SUBJECT, NULL);
  g_autoptr(GPtrArray) unnamed = imsg_value_name_list (0x80010003, NULL);
  g_autoptr(IMsgPropertyName) busy = imsg_property_name_from_known_name ("PidLidBusyStatus");
  g_autoptr(GPtrArray) named = imsg_value_name_list (0x80010003, busy);
  const IMsgValueName *name = find_value_name (flags, "MSGFLAG_READ");

  g_assert_nonnull (name);
  g_assert_true (imsg_value_name_is_flag (name));
  g_assert_cmphex (imsg_value_name_get_value (name), ==, 1);
  g_assert_cmphex (imsg_value_name_get_mask (name), ==, 1);
  g_assert_true (imsg_value_name_matches (name, 0x4001));
  g_assert_false (imsg_value_name_matches (name, 0x4000));

  name = find_value_name (importance, "IMPORTANCE_HIGH");
  g_assert_nonnull (name);
  g_assert_false (imsg_value_name_is_flag (name));
  g_assert_cmphex (imsg_value_name_get_mask (name), ==, 0xFFFFFFFF);
  g_assert_true (imsg_value_name_matches (name, 2));
  g_assert_false (imsg_value_name_matches (name, 3));

  name = find_value_name (codes, "MAPI_E_NOT_FOUND");
  g_assert_nonnull (name);
  g_assert_cmphex (imsg_value_name_get_value (name), ==, 0x8004010F);
  g_assert_cmpuint (named->len, >, 2);
  g_assert_cmpuint (unnamed->len, ==, 0);
  g_assert_cmpuint (none->len, ==, 0);
}

static void
test_list_known_names (void)
{
  g_auto(GStrv) known = imsg_property_name_list_known ();

  g_assert_cmpuint (g_strv_length (known), >, 300);
  g_assert_true (g_strv_contains ((const char * const *) known, "PidLidReminderSet"));
  for (guint i = 0; known[i] != NULL; i++)
    {
      g_autoptr(IMsgPropertyName) name = imsg_property_name_from_known_name (known[i]);

      g_assert_nonnull (name);
    }
}

static const guint all_types[] = {
  0x0000, 0x0001, 0x0002, 0x0003, 0x0004, 0x0005, 0x0006, 0x0007, 0x000A, 0x000B, 0x000D,
  0x0014, 0x001E, 0x001F, 0x0040, 0x0048, 0x00FB, 0x00FD, 0x00FE, 0x0102, 0x1002, 0x1003,
  0x1004, 0x1005, 0x1006, 0x1007, 0x1014, 0x101E, 0x101F, 0x1040, 0x1048, 0x1102,
};

static void
test_types (void)
{
  IMsgPropertyType type;

  for (gsize i = 0; i < G_N_ELEMENTS (all_types); i++)
    {
      const char *name = imsg_property_type_get_name ((IMsgPropertyType) all_types[i]);

      g_assert_nonnull (name);
      g_assert_true (imsg_property_type_from_name (name, &type));
      g_assert_cmphex (type, ==, all_types[i]);
      if (all_types[i] != IMSG_PROPERTY_TYPE_OBJECT)
        g_assert_true (g_variant_type_string_is_valid (imsg_property_type_get_variant_type (type)));
    }
  g_assert_true (imsg_property_type_from_name ("pt_i4", &type));
  g_assert_cmphex (type, ==, IMSG_PROPERTY_TYPE_LONG);
  g_assert_false (imsg_property_type_from_name ("PT_NOTHING", &type));
  g_assert_null (imsg_property_type_get_name ((IMsgPropertyType) 0x0099));
  g_assert_null (imsg_property_type_get_variant_type (IMSG_PROPERTY_TYPE_OBJECT));
  g_assert_cmpstr (imsg_property_type_get_variant_type ((IMsgPropertyType) 0x0099), ==, "ay");
}

static void
test_name_sets (void)
{
  g_autoptr(IMsgPropertyName) plain = imsg_property_name_new_id (IMSG_PSETID_Common, 0x8503);
  g_autoptr(IMsgPropertyName) braces =
    imsg_property_name_new_id ("{00062008-0000-0000-C000-000000000046}", 0x8503);
  g_autoptr(IMsgPropertyName) known = imsg_property_name_new_id ("PSETID_Common", 0x8503);
  g_autoptr(IMsgPropertyName) found = imsg_property_name_from_known_name ("dispidReminderSet");
  g_autofree char *text = imsg_property_name_to_text (plain);

  g_assert_true (imsg_property_name_equal (plain, braces));
  g_assert_true (imsg_property_name_equal (plain, known));
  g_assert_true (imsg_property_name_equal (plain, found));
  g_assert_cmpuint (imsg_property_name_hash (plain), ==, imsg_property_name_hash (braces));
  g_assert_cmpstr (imsg_property_name_get_set (braces), ==, IMSG_PSETID_Common);
  g_assert_cmpstr (imsg_property_name_get_set_name (braces), ==, "PSETID_Common");
  g_assert_cmpstr (imsg_property_name_get_known_name (plain), ==, "PidLidReminderSet");
  g_assert_cmphex (imsg_property_name_get_known_type (plain), ==, IMSG_PROPERTY_TYPE_BOOLEAN);
  g_assert_cmpstr (text, ==, "PSETID_Common:0x8503");
  g_assert_null (imsg_property_name_get_string (plain));

  g_assert_null (imsg_property_name_new_id ("PSETID_Nothing", 1));
  g_assert_null (imsg_property_name_new_string ("00062008", "x"));
}

static void
test_name_equal (void)
{
  g_autoptr(IMsgPropertyName) lower = imsg_property_name_new_string (IMSG_PS_INTERNET_HEADERS,
                                                                     "x-mailer");
  g_autoptr(IMsgPropertyName) mixed = imsg_property_name_new_string (IMSG_PS_INTERNET_HEADERS,
                                                                     "X-Mailer");
  g_autoptr(IMsgPropertyName) key = imsg_property_name_new_string (IMSG_PS_PUBLIC_STRINGS,
                                                                   "Keywords");
  g_autoptr(IMsgPropertyName) lower_key = imsg_property_name_new_string (IMSG_PS_PUBLIC_STRINGS,
                                                                         "keywords");
  g_autoptr(IMsgPropertyName) number = imsg_property_name_new_id (IMSG_PS_PUBLIC_STRINGS, 0);
  g_autoptr(IMsgPropertyName) empty = imsg_property_name_new_string (IMSG_PS_PUBLIC_STRINGS, "");
  g_autoptr(IMsgPropertyName) other =
    imsg_property_name_new_string ("01234567-89ab-cdef-0123-456789abcdef", "Keywords");
  g_autofree char *text = imsg_property_name_to_text (other);

  g_assert_true (imsg_property_name_equal (lower, mixed));
  g_assert_cmpuint (imsg_property_name_hash (lower), ==, imsg_property_name_hash (mixed));
  g_assert_cmpstr (imsg_property_name_get_string (mixed), ==, "X-Mailer");
  g_assert_false (imsg_property_name_equal (key, lower_key));
  g_assert_false (imsg_property_name_equal (key, other));
  g_assert_false (imsg_property_name_equal (number, empty));
  g_assert_cmpstr (text, ==, "01234567-89ab-cdef-0123-456789abcdef:Keywords");
  g_assert_null (imsg_property_name_get_set_name (other));
  g_assert_null (imsg_property_name_get_known_name (other));
}

static const struct
{
  const char *path;
  const char *set;
  const char *text;
  int         kind; /* -1: refused */
  guint32     id;
} parses[] = {
  { "number", "PSETID_Common", "0x8233", IMSG_PROPERTY_NAME_ID, 0x8233 },
  { "largest-number", "PSETID_Common", "0xFFFFFFFF", IMSG_PROPERTY_NAME_ID, 0xFFFFFFFF },
  { "too-many-digits", "PSETID_Common", "0x100000000", IMSG_PROPERTY_NAME_STRING, 0 },
  { "no-digits", "PSETID_Common", "0x", IMSG_PROPERTY_NAME_STRING, 0 },
  { "decimal-is-text", "PSETID_Common", "8233", IMSG_PROPERTY_NAME_STRING, 0 },
  { "text", "PS_PUBLIC_STRINGS", "Keywords", IMSG_PROPERTY_NAME_STRING, 0 },
  { "empty", "PS_PUBLIC_STRINGS", "", -1, 0 },
  { "not-utf-8", "PS_PUBLIC_STRINGS", "\xFF", -1, 0 },
  { "unknown-set", "PS_NOTHING", "Keywords", -1, 0 },
};

static void
test_parse (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgPropertyName) name = imsg_property_name_parse (parses[i].set, parses[i].text,
                                                               &error);

  if (parses[i].kind < 0)
    {
      g_assert_error (error, IMSG_ERROR, IMSG_ERROR_INVALID_PARAMETER);
      g_assert_null (name);
      return;
    }
  g_assert_no_error (error);
  g_assert_cmpint (imsg_property_name_get_kind (name), ==, parses[i].kind);
  g_assert_cmphex (imsg_property_name_get_id (name), ==, parses[i].id);
  if (parses[i].kind == IMSG_PROPERTY_NAME_STRING)
    g_assert_cmpstr (imsg_property_name_get_string (name), ==, parses[i].text);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/imsg/property-tag/halves", test_halves);
  g_test_add_func ("/imsg/property-tag/from-name", test_from_name);
  g_test_add_func ("/imsg/property-tag/get-name", test_get_name);
  g_test_add_func ("/imsg/property-tag/list-names", test_list_names);
  g_test_add_func ("/imsg/property-tag/list-known", test_list_known);
  g_test_add_func ("/imsg/property-tag/types", test_types);
  g_test_add_func ("/imsg/value-name/list", test_value_names);
  g_test_add_func ("/imsg/property-name/list-known", test_list_known_names);
  g_test_add_func ("/imsg/property-name/sets", test_name_sets);
  g_test_add_func ("/imsg/property-name/equal", test_name_equal);
  for (gsize i = 0; i < G_N_ELEMENTS (parses); i++)
    {
      g_autofree char *path = g_strconcat ("/imsg/property-name/parse/", parses[i].path, NULL);

      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_parse);
    }
  return g_test_run ();
}
