/* fuzz-json.c - JSON of any bytes as a message, and that message as JSON
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "fuzz-main.h"

#include "imsg-body.h"
#include "imsg-json.h"
#include "imsg-property-tags.h"

/* A property of each type; values are as GVariant's text. */
static const struct
{
  guint32     tag;
  const char *value;
} typed[] = {
  { 0x6600 << 16 | 0x0002, "int16 -2" },
  { 0x6601 << 16 | 0x0003, "-3" },
  { 0x6602 << 16 | 0x0005, "0.5" },
  { 0x6603 << 16 | 0x0006, "int64 -10000" },
  { 0x6604 << 16 | 0x000B, "true" },
  { 0x6605 << 16 | 0x0014, "int64 9007199254740993" },
  { 0x6606 << 16 | 0x001E, "'eight \303\244'" },
  { 0x6607 << 16 | 0x001F, "'text \\u20ac'" },
  { 0x6608 << 16 | 0x0040, "uint64 133490000000000000" },
  { 0x6609 << 16 | 0x0048, "'11112222-3333-4444-5555-666677778888'" },
  { 0x660A << 16 | 0x0102, "[byte 0,1,255]" },
  { 0x660B << 16 | 0x1003, "[1,2,3]" },
  { 0x660C << 16 | 0x101F, "['a','b']" },
  { 0x660D << 16 | 0x1102, "[[byte 1],[byte 2,3]]" },
};

static IMsgMessage *
make_message (IMsgSession *session,
              const char  *message_class)
{
  g_autoptr(GError) error = NULL;
  IMsgMessage *message = imsg_session_create_message (session, message_class, &error);
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (message);
  guint keywords = imsg_property_object_resolve_name (object, IMSG_PS_PUBLIC_STRINGS, "Keywords",
                                                      TRUE, &error);

  imsg_message_set_subject (message, "Re: seed", &error);
  imsg_message_set_body (message, IMSG_BODY_FORMAT_TEXT, "plain\r\n\"quoted\"", &error);
  imsg_message_set_body (message, IMSG_BODY_FORMAT_HTML, "<p>caf&eacute;</p>", &error);
  g_object_unref (imsg_message_add_recipient (message, IMSG_RECIPIENT_TYPE_CC, "Cc",
                                              "cc@example.org", &error));
  imsg_property_object_set_value (object, keywords << 16 | 0x101F,
                                  g_variant_new_parsed ("['red','blue']"), &error);
  for (guint i = 0; i < G_N_ELEMENTS (typed); i++)
    {
      g_autoptr(GVariant) value =
        g_variant_ref_sink (g_variant_parse (NULL, typed[i].value, NULL, NULL, &error));

      g_assert_no_error (error);
      imsg_property_object_set_value (object, typed[i].tag, value, &error);
      g_assert_no_error (error);
    }
  return message;
}

void
fuzz_add_seeds (GPtrArray *seeds)
{
  static const IMsgJsonFlags flags[] = { 0, IMSG_JSON_BODIES, IMSG_JSON_COMPLETE | IMSG_JSON_BODIES };
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) plain = make_message (session, "IPM.Note");
  g_autoptr(IMsgMessage) nested = make_message (session, "IPM.Task");
  g_autoptr(GBytes) data = g_bytes_new_static ("bytes", 5);
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgAttachment) attachment = imsg_message_create_attachment (nested, &error);
  g_autoptr(IMsgAttachment) outer = imsg_message_create_attachment (nested, &error);
  g_autoptr(IMsgMessage) embedded = imsg_attachment_create_message (outer, &error);

  imsg_attachment_set_bytes (attachment, data, &error);
  imsg_message_set_subject (embedded, "inner", &error);
  for (guint i = 0; i < G_N_ELEMENTS (flags); i++)
    {
      char *texts[] = { imsg_message_to_json (plain, flags[i], NULL, &error),
                        imsg_message_to_json (nested, flags[i], NULL, &error) };

      g_assert_no_error (error);
      for (guint j = 0; j < G_N_ELEMENTS (texts); j++)
        g_ptr_array_add (seeds, g_bytes_new_take (texts[j], strlen (texts[j])));
    }
  imsg_session_close (session);
}

static IMsgMessage *
import (IMsgSession  *session,
        const void   *data,
        gsize         n_bytes,
        GError      **error)
{
  g_autoptr(GInputStream) stream = g_memory_input_stream_new_from_data (data, n_bytes, NULL);

  return imsg_session_import_json (session, stream, NULL, error);
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         n_bytes)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgMessage) message = import (session, data, n_bytes, &error);
  g_autoptr(IMsgMessage) again = NULL;
  g_autofree char *json = NULL;

  if (message != NULL)
    {
      json = imsg_message_to_json (message, IMSG_JSON_COMPLETE | IMSG_JSON_BODIES, NULL, &error);
      g_assert_no_error (error);
      /* What was written must be read again */
      again = import (session, json, strlen (json), &error);
      g_assert_no_error (error);
      g_assert_cmpstr (imsg_message_get_subject (again), ==, imsg_message_get_subject (message));
    }
  else
    g_assert_nonnull (error);
  imsg_session_close (session);
  return 0;
}
