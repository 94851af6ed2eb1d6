/* fuzz-text.c - any text as what the command and the editors read: properties, values, people
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "fuzz-main.h"

#include "../../inspector/model/inspector-recipient-list.h"
#include "../../inspector/model/inspector-value.h"
#include "../../tools/tool.h"

#include <string.h>

static const guint32 tags[] = {
  0x67000002, 0x67010003, 0x67020004, 0x67030005, 0x67040006, 0x67050007, 0x6706000A, 0x6707000B,
  0x67080014, 0x6709001E, 0x670A001F, 0x670B0040, 0x670C0048, 0x670D0102, 0x670E1003, 0x670F101F,
  0x67101102, 0x67110000,
};
static const char *const texts[] = {
  "0x80000000", "-1", "1e308", "922337203685477.5807", "true", "2024-02-29T23:59:59.9999999Z",
  "2024-01-08T10:00:00+01:00", "{00020329-0000-0000-C000-000000000046}", "PS_PUBLIC_STRINGS", "00 ff 1A",
  "PS_PUBLIC_STRINGS/Keywords", "PSETID_Common:0x8503:PT_BOOLEAN", "0x0037001F", "PR_SUBJECT:PT_STRING8",
  "PidTagSubject", "\"Lee, Ann\" <ann@example.org>; b@example.org", "dispidReminderSet", "0x0037",
};

void
fuzz_add_seeds (GPtrArray *seeds)
{
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    g_ptr_array_add (seeds, g_bytes_new_static (texts[i], strlen (texts[i])));
}

/* What a value is shown as reads as that value again. */
static void
check_value (guint32     tag,
             const char *text)
{
  IMsgPropertyType type = tag & 0xFFFF & ~IMSG_MULTI_VALUE_FLAG;
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) value = inspector_value_parse (type, text, &error);
  g_autoptr(GVariant) again = NULL;
  g_autofree char *shown = NULL;
  g_autofree char *reshown = NULL;
  g_autofree char *other = NULL;

  g_assert_true ((value == NULL) == (error != NULL));
  if (value == NULL)
    return;
  shown = inspector_value_format (type, value);
  other = inspector_value_format_other (type, value);
  again = inspector_value_parse (type, shown, &error);
  g_assert_no_error (error);
  reshown = inspector_value_format (type, again);
  g_assert_cmpstr (shown, ==, reshown);
}

static void
check_property (IMsgMessage *message,
                const char  *text)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgPropertyName) name = imsg_property_name_parse ("PS_PUBLIC_STRINGS", text, NULL);
  g_autoptr(IMsgPropertyName) number = imsg_property_name_parse (text, "0x8503", NULL);
  g_autofree char *written = name != NULL ? imsg_property_name_to_text (name) : NULL;
  IMsgPropertyType type = IMSG_PROPERTY_TYPE_UNSPECIFIED;
  guint32 tag = 0;

  g_assert_true (number == NULL || imsg_property_name_get_id (number) == 0x8503);
  g_assert_true (written == NULL || g_utf8_validate (written, -1, NULL));

  if (!tool_parse_property (IMSG_PROPERTY_OBJECT (message), text, TRUE, &tag, &error))
    g_assert_nonnull (error);
  g_clear_error (&error);
  if (!inspector_value_parse_tag (text, &tag, &error))
    g_assert_nonnull (error);
  imsg_property_tag_from_name (text);
  imsg_property_type_from_name (text, &type);
}

static void
check_people (const char *text)
{
  g_autoptr(GPtrArray) people = inspector_recipient_list_parse (text);
  g_autofree char *name = NULL;
  g_autofree char *address = NULL;

  for (guint i = 0; i < people->len; i++)
    g_assert_nonnull (strchr (((InspectorPerson *) people->pdata[i])->address, '@'));
  tool_parse_address (text, &name, &address);
}

static void
check_set (IMsgMessage *message,
           const char  *text)
{
  for (guint i = 0; i < G_N_ELEMENTS (tags); i++)
    {
      char *values[] = { (char *) text, NULL };
      g_autoptr(GError) error = NULL;
      GVariant *value = NULL;

      check_value (tags[i], text);
      /* A text that begins so names a file. */
      if (text[0] == '@')
        continue;
      value = tool_parse_value (tags[i], values, &error);
      g_assert_true ((value == NULL) == (error != NULL));
      if (value == NULL)
        continue;
      g_variant_ref_sink (value);
      if (!imsg_property_object_set_value (IMSG_PROPERTY_OBJECT (message), tags[i], value, &error))
        g_assert_nonnull (error);
      g_variant_unref (value);
    }
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         n_bytes)
{
  g_autofree char *text = g_strndup ((const char *) data, n_bytes);
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  g_autofree char *line = inspector_value_to_line (valid, 40);
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgMessage) message = imsg_session_create_message (session, "IPM.Note", &error);

  g_assert_no_error (error);
  g_assert_true (g_utf8_validate (line, -1, NULL));
  g_assert_null (strpbrk (line, "\r\n\033"));
  check_set (message, valid);
  check_property (message, valid);
  check_people (valid);
  imsg_session_close (session);
  return 0;
}
