/* test-restriction.c - conditions: written, read, evaluated
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include <imsg.h>

#define TAG_NAMES 0x6800101F
#define TAG_NUMBER 0x68010003
#define TAG_OTHER 0x68020003
#define TAG_BYTES 0x68030102
#define TAG_TIME 0x68040040
#define TAG_FLAG 0x6805000B
#define TAG_DOUBLE 0x68060005

static IMsgMessage *
make_message (void)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(GError) error = NULL;
  IMsgMessage *message = imsg_session_create_message (session, "IPM.Note", &error);
  IMsgPropertyObject *object;
  static const char *const names[] = { "red", "Green", NULL };
  static const guint8 bytes[] = { 1, 2, 3, 255 };

  g_assert_no_error (error);
  object = IMSG_PROPERTY_OBJECT (message);
  g_object_set_data_full (G_OBJECT (message), "session", g_object_ref (session), g_object_unref);
  imsg_property_object_set_string (object, IMSG_PR_SUBJECT, "The Café report", &error);
  imsg_property_object_set_value (object, TAG_NAMES, g_variant_new_strv (names, -1), &error);
  imsg_property_object_set_int (object, TAG_NUMBER, -5, &error);
  imsg_property_object_set_int (object, TAG_OTHER, 7, &error);
  imsg_property_object_set_value (object, TAG_BYTES,
                                  g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, bytes,
                                                             sizeof bytes, 1), &error);
  imsg_property_object_set_value (object, TAG_TIME,
                                  g_variant_new_uint64 (G_GUINT64_CONSTANT (133500000000000000)),
                                  &error);
  imsg_property_object_set_boolean (object, TAG_FLAG, TRUE, &error);
  imsg_property_object_set_value (object, TAG_DOUBLE, g_variant_new_double (2.5), &error);
  g_assert_no_error (error);
  g_object_unref (imsg_message_add_recipient (message, IMSG_RECIPIENT_TYPE_TO, "Anna",
                                              "anna@example.org", &error));
  g_object_unref (imsg_message_add_recipient (message, IMSG_RECIPIENT_TYPE_CC, "Bert",
                                              "bert@example.org", &error));
  g_assert_no_error (error);
  return message;
}

static void
close_message (IMsgMessage *message)
{
  imsg_session_close (g_object_get_data (G_OBJECT (message), "session"));
  g_object_unref (message);
}

static const struct { const char *name; const char *text; gboolean matches; } conditions[] = {
  { "contains", "PR_SUBJECT ~ \"REPORT\"", TRUE },
  { "contains-accents", "PR_SUBJECT ~ \"cafe\"", TRUE },
  { "contains-exactly", "PR_SUBJECT ~~ \"cafe\"", FALSE },
  { "contains-exactly-too", "PR_SUBJECT ~~ \"Café\"", TRUE },
  { "begins", "PR_SUBJECT ^= \"the c\"", TRUE },
  { "begins-not", "PR_SUBJECT ^= \"report\"", FALSE },
  { "equals", "PR_SUBJECT = \"The Café report\"", TRUE },
  { "equals-case", "PR_SUBJECT = \"the café report\"", FALSE },
  { "canonical-name", "PidTagSubject ~ report", TRUE },
  { "eight-bit-tag", "0x0037001E ~ \"report\"", TRUE },
  { "any-of-several", "0x6800101F = \"Green\"", TRUE },
  { "any-of-several-contains", "0x6800101F ~ \"gre\"", TRUE },
  { "none-of-several", "0x6800101F = \"blue\"", FALSE },
  { "signed", "0x68010003 < 0", TRUE },
  { "greater", "0x68010003 >= -5 and 0x68010003 <= -5", TRUE },
  { "not-equal", "0x68010003 != -5", FALSE },
  { "absent-equal", "0x6FFF0003 = 1", FALSE },
  { "absent-not-equal", "0x6FFF0003 != 1", FALSE },
  { "not-absent", "not 0x6FFF0003 = 1", TRUE },
  { "another-property", "PR_SUBJECT = property(0x0037001E)", TRUE },
  { "another-property-of-no-name", "0x68010003 != property(0x68020003)", TRUE },
  { "another-property-of-an-unusual-name", "0x68010003 = property(ptagLISUnreadCount)", FALSE },
  { "bits", "0x68020003 & 4", TRUE },
  { "bits-none", "0x68020003 !& 0x8", TRUE },
  { "bits-both", "0x68020003 & 0xC", TRUE },
  { "bytes", "0x68030102 = x\"010203FF\"", TRUE },
  { "bytes-part", "0x68030102 ~ x\"0203\"", TRUE },
  { "bytes-order", "0x68030102 > x\"0102\"", TRUE },
  { "time", "0x68040040 > 2024-01-01", TRUE },
  { "time-before", "0x68040040 < 2024-01-01T00:00:00Z", FALSE },
  { "boolean", "0x6805000B = true", TRUE },
  { "double", "0x68060005 > 2.25", TRUE },
  { "exists", "exists(PR_SUBJECT)", TRUE },
  { "exists-not", "exists(PR_BODY)", FALSE },
  { "size", "size(0x68030102) = 4", TRUE },
  { "size-absent", "size(PR_BODY) < 100", FALSE },
  { "or-and", "exists(PR_BODY) or exists(PR_SUBJECT) and 0x68020003 = 7", TRUE },
  { "parentheses", "(exists(PR_BODY) or exists(PR_SUBJECT)) and 0x68020003 = 8", FALSE },
  { "recipients", "recipients(PR_DISPLAY_NAME = \"Bert\" and PR_RECIPIENT_TYPE = 2)", TRUE },
  { "recipients-none", "recipients(PR_DISPLAY_NAME = \"Bert\" and PR_RECIPIENT_TYPE = 1)", FALSE },
  { "attachments", "attachments(exists(PR_ATTACH_METHOD))", FALSE },
  { "escapes", "PR_SUBJECT = \"\\\"\\\\\"", FALSE },
};

static void
test_matches (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgRestriction) restriction = imsg_restriction_parse (conditions[i].text, &error);
  g_autoptr(IMsgRestriction) again = NULL;
  g_autofree char *text = NULL;
  IMsgMessage *message = make_message ();

  g_assert_no_error (error);
  g_assert_cmpint (imsg_restriction_matches (restriction, IMSG_PROPERTY_OBJECT (message), &error),
                   ==, conditions[i].matches);
  g_assert_no_error (error);
  text = imsg_restriction_to_text (restriction);
  again = imsg_restriction_parse (text, &error);
  g_assert_no_error (error);
  g_assert_cmpint (imsg_restriction_matches (again, IMSG_PROPERTY_OBJECT (message), &error), ==,
                   conditions[i].matches);
  close_message (message);
}

static const struct { const char *name; const char *text; int code; } wrong[] = {
  { "nothing", "", IMSG_ERROR_INVALID_PARAMETER },
  { "half", "PR_SUBJECT ~", IMSG_ERROR_INVALID_PARAMETER },
  { "no-operator", "PR_SUBJECT \"a\"", IMSG_ERROR_INVALID_PARAMETER },
  { "unknown", "PR_NO_SUCH_THING = 1", IMSG_ERROR_INVALID_PARAMETER },
  { "no-quote", "PR_SUBJECT ~ \"a", IMSG_ERROR_INVALID_PARAMETER },
  { "no-parenthesis", "(exists(PR_SUBJECT)", IMSG_ERROR_INVALID_PARAMETER },
  { "more", "exists(PR_SUBJECT) exists(PR_BODY)", IMSG_ERROR_INVALID_PARAMETER },
  { "type", "0x68010003 = \"a\"", IMSG_ERROR_INVALID_PARAMETER },
  { "range", "0x68010003 = 5000000000", IMSG_ERROR_INVALID_PARAMETER },
  { "odd-bytes", "0x68030102 = x\"012\"", IMSG_ERROR_INVALID_PARAMETER },
  { "sign", "PR_SUBJECT % 1", IMSG_ERROR_INVALID_PARAMETER },
  { "tag-digits", "0x1003 = 1", IMSG_ERROR_INVALID_PARAMETER },
  { "tag-below-zero", "0x-7FFFFFD = 1", IMSG_ERROR_INVALID_PARAMETER },
  { "bits-of-text", "PR_SUBJECT & 1", IMSG_ERROR_TOO_COMPLEX },
  { "text-in-number", "0x68010003 ~ 1", IMSG_ERROR_TOO_COMPLEX },
  { "types-differ", "PR_SUBJECT = PR_MESSAGE_SIZE", IMSG_ERROR_TOO_COMPLEX },
};

static void
test_wrong (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr(GError) error = NULL;

  g_assert_null (imsg_restriction_parse (wrong[i].text, &error));
  g_assert_error (error, IMSG_ERROR, wrong[i].code);
}

static IMsgRestriction *
nest (guint depth)
{
  IMsgRestriction *restriction = imsg_restriction_new_exist (IMSG_PR_SUBJECT);

  for (guint i = 1; i < depth; i++)
    {
      IMsgRestriction *outer = imsg_restriction_new_not (restriction);

      imsg_restriction_unref (restriction);
      restriction = outer;
    }
  return restriction;
}

static void
test_nesting (void)
{
  guint limit = (guint) imsg_limit_get_default (IMSG_LIMIT_RESTRICTION_NESTING);
  g_autoptr(IMsgRestriction) at = nest (limit);
  g_autoptr(IMsgRestriction) over = nest (limit + 1);
  g_autoptr(IMsgRestriction) far = nest (200000);
  g_autoptr(GError) error = NULL;
  g_autofree char *deep = NULL;
  GString *text = g_string_new (NULL);

  g_assert_true (imsg_restriction_check (at, &error));
  g_assert_no_error (error);
  g_assert_false (imsg_restriction_check (over, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_TOO_COMPLEX);
  g_clear_error (&error);
  g_assert_false (imsg_restriction_check (far, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_TOO_COMPLEX);
  g_clear_error (&error);
  for (guint i = 0; i < 100000; i++)
    g_string_append (text, i % 2 ? "(" : "not ");
  deep = g_string_free (text, FALSE);
  g_assert_null (imsg_restriction_parse (deep, &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_TOO_COMPLEX);
}

static void
test_refusals (void)
{
  g_autoptr(IMsgRestriction) relation =
    imsg_restriction_new_property (TAG_NUMBER, IMSG_RELATION_RE, TAG_NUMBER,
                                   g_variant_new_int32 (1));
  g_autoptr(IMsgRestriction) types =
    imsg_restriction_new_property (TAG_NUMBER, IMSG_RELATION_EQ, IMSG_PR_SUBJECT,
                                   g_variant_new_string ("a"));
  g_autoptr(IMsgRestriction) fuzzy =
    imsg_restriction_new_content (IMSG_PR_SUBJECT, (IMsgFuzzyLevel) 3, IMSG_PR_SUBJECT,
                                  g_variant_new_string ("a"));
  g_autoptr(IMsgRestriction) variant =
    imsg_restriction_new_property (TAG_NUMBER, IMSG_RELATION_EQ, TAG_NUMBER,
                                   g_variant_new_string ("a"));
  g_autoptr(IMsgRestriction) object =
    imsg_restriction_new_exist (IMSG_PR_MESSAGE_RECIPIENTS);
  g_autoptr(IMsgRestriction) leaf = imsg_restriction_new_exist (IMSG_PR_SUBJECT);
  g_autoptr(IMsgRestriction) count = imsg_restriction_new_count (1, leaf);
  g_autoptr(IMsgRestriction) inner_count = imsg_restriction_new_not (count);
  IMsgRestriction *all[] = { relation, types, fuzzy, variant, object, inner_count };

  for (gsize i = 0; i < G_N_ELEMENTS (all); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_false (imsg_restriction_check (all[i], &error));
      g_assert_error (error, IMSG_ERROR, IMSG_ERROR_TOO_COMPLEX);
    }
  g_assert_true (imsg_restriction_check (count, NULL));
}

static void
test_empty (void)
{
  IMsgMessage *message = make_message ();
  g_autoptr(IMsgRestriction) all = imsg_restriction_new_and (NULL, 0);
  g_autoptr(IMsgRestriction) any = imsg_restriction_new_or (NULL, 0);
  g_autoptr(IMsgRestriction) comment = imsg_restriction_new_comment (NULL);
  g_autoptr(GError) error = NULL;

  g_assert_true (imsg_restriction_matches (all, IMSG_PROPERTY_OBJECT (message), &error));
  g_assert_false (imsg_restriction_matches (any, IMSG_PROPERTY_OBJECT (message), &error));
  g_assert_true (imsg_restriction_matches (comment, IMSG_PROPERTY_OBJECT (message), &error));
  g_assert_no_error (error);
  imsg_session_close (g_object_get_data (G_OBJECT (message), "session"));
  g_assert_false (imsg_restriction_matches (all, IMSG_PROPERTY_OBJECT (message), &error));
  g_assert_error (error, IMSG_ERROR, IMSG_ERROR_CLOSED);
  g_object_unref (message);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (conditions); i++)
    {
      g_autofree char *path = g_strconcat ("/imsg/restriction/matches/", conditions[i].name, NULL);

      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_matches);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autofree char *path = g_strconcat ("/imsg/restriction/wrong/", wrong[i].name, NULL);

      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_wrong);
    }
  g_test_add_func ("/imsg/restriction/nesting", test_nesting);
  g_test_add_func ("/imsg/restriction/refusals", test_refusals);
  g_test_add_func ("/imsg/restriction/empty", test_empty);
  return g_test_run ();
}
