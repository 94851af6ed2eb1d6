/* fuzz-contact.c - a contact or a list of people with any values, as vCard
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "fuzz-main.h"

#include "imsg-property-tags.h"
#include "imsg-session.h"
#include "imsg-vcard.h"

#define LINE_MAX_BYTES 75

static const guint32 tags[] = {
  IMSG_PR_DISPLAY_NAME, IMSG_PR_SURNAME, IMSG_PR_GIVEN_NAME, IMSG_PR_NICKNAME, IMSG_PR_TITLE,
  IMSG_PR_COMPANY_NAME, IMSG_PR_HOME_TELEPHONE_NUMBER, IMSG_PR_HOME_ADDRESS_STREET,
  IMSG_PR_HOME_ADDRESS_CITY, IMSG_PR_PERSONAL_HOME_PAGE, IMSG_PR_SUBJECT, IMSG_PR_BODY,
};
/* In PSETID_Address: addresses of e-mail, the work address, free text, members and birthdays */
static const guint16 ids[] = {
  0x8080, 0x8082, 0x8083, 0x8084, 0x8085, 0x8090, 0x8092, 0x8093, 0x8005, 0x8045, 0x8046, 0x804A,
  0x801B, 0x8062, 0x80D8, 0x804F, 0x8053, 0x8054, 0x8055, 0x80DE, 0x80DF,
};
static const IMsgPropertyType types[] = {
  IMSG_PROPERTY_TYPE_UNICODE, IMSG_PROPERTY_TYPE_STRING8, IMSG_PROPERTY_TYPE_BINARY,
  IMSG_PROPERTY_TYPE_SYSTIME, IMSG_PROPERTY_TYPE_MV_BINARY,
};

/* Records: which property, its type, a length, and so many bytes */
void
fuzz_add_seeds (GPtrArray *seeds)
{
  static const char contact[] = "\0\0\0\5A; B,\1\0\0\2Lee\14\0\0\5a@b.c\24\3\0\10\0\0\1\2\3\4\5\6";
  static const char list[] = "\1\35\4\0\30\0\0\0\0\x2B\x1F\xA4\xBE\xA3\x10\x19\x9D\x6E\0\xDD\x01\x0F\x54\2";

  g_ptr_array_add (seeds, g_bytes_new_static (contact, sizeof contact));
  g_ptr_array_add (seeds, g_bytes_new_static (list, sizeof list));
}

static void
set_raw (IMsgPropertyObject *object,
         guint               which,
         IMsgPropertyType    type,
         const guint8       *data,
         gsize               n_bytes)
{
  g_autofree char *text = g_strndup ((const char *) data, n_bytes);
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  guint id = 0;
  guint64 ticks = 0;
  GVariant *value = NULL;

  if (which < G_N_ELEMENTS (tags))
    id = tags[which] >> 16;
  else
    {
      g_autoptr(IMsgPropertyName) name = imsg_property_name_new_id (
        "PSETID_Address", ids[(which - G_N_ELEMENTS (tags)) % G_N_ELEMENTS (ids)]);

      id = imsg_property_object_resolve_property_name (object, name, TRUE, NULL);
    }
  memcpy (&ticks, data, MIN (n_bytes, sizeof ticks));
  if (type == IMSG_PROPERTY_TYPE_SYSTIME)
    value = g_variant_new_uint64 (ticks);
  else if (type == IMSG_PROPERTY_TYPE_BINARY)
    value = g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, data, n_bytes, 1);
  else if (type == IMSG_PROPERTY_TYPE_MV_BINARY)
    {
      GVariant *one = g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, data, n_bytes, 1);

      value = g_variant_new_array (G_VARIANT_TYPE_BYTESTRING, &one, 1);
    }
  else
    value = g_variant_new_string (valid);
  g_variant_ref_sink (value);
  imsg_property_object_set_value (object, imsg_property_tag (type, id), value, NULL);
  g_variant_unref (value);
}

/* Text in UTF-8, in lines that are ended and not too long */
static void
check_lines (const char *data,
             gsize       n_bytes)
{
  gsize start = 0;

  g_assert_true (n_bytes == 0 || g_utf8_validate (data, (gssize) n_bytes, NULL));
  for (gsize i = 0; i < n_bytes; i++)
    if (data[i] == '\n')
      {
        g_assert_true (i > 0 && data[i - 1] == '\r');
        g_assert_cmpuint (i - 1 - start, <=, LINE_MAX_BYTES);
        start = i + 1;
      }
  g_assert_cmpuint (start, ==, n_bytes);
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         n_bytes)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(GOutputStream) memory = g_memory_output_stream_new_resizable ();
  GMemoryOutputStream *out = G_MEMORY_OUTPUT_STREAM (memory);
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgMessage) message = imsg_session_create_message (
    session, n_bytes > 0 && (data[0] & 1) != 0 ? "IPM.DistList" : "IPM.Contact", &error);

  g_assert_no_error (error);
  for (gsize at = 1; at + 3 <= n_bytes;)
    {
      guint which = data[at] % (G_N_ELEMENTS (tags) + G_N_ELEMENTS (ids));
      IMsgPropertyType type = types[data[at + 1] % G_N_ELEMENTS (types)];
      gsize length = data[at + 2];

      at += 3;
      length = MIN (length, n_bytes - at);
      set_raw (IMSG_PROPERTY_OBJECT (message), which, type, data + at, length);
      at += length;
    }
  imsg_message_export_vcard (message, memory, NULL, NULL, &error);
  g_assert_no_error (error);
  check_lines (g_memory_output_stream_get_data (out), g_memory_output_stream_get_data_size (out));
  imsg_session_close (session);
  return 0;
}
