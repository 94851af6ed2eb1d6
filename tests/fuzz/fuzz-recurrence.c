/* fuzz-recurrence.c - any bytes as the blobs of an appointment: recurrence, time zone, people
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "fuzz-main.h"

#include "imsg-entry-id-private.h"
#include "imsg-icalendar-private.h"
#include "imsg-property-tags.h"
#include "imsg-session.h"

#define APPOINTMENT "PSETID_Appointment"
#define TASK "PSETID_Task"

/* Weekly on Mondays, five times, one of them elsewhere ([MS-OXOCAL] 2.2.1.44), and a zone */
static const char *const seeds_hex[] = {
  "04300430" "0B20" "0100" "0000" "00000000" "01000000" "00000000" "02000000" "22200000" "05000000"
  "01000000" "01000000" "60A5450D" "01000000" "60A5450D" "60A5450D" "E03C460D" "06300000" "09300000"
  "1C020000" "58020000" "0100" "7CA7450D" "B8A7450D" "7CA7450D" "1100" "0300" "0200" "6162"
  "0300" "0200" "6364" "00000000" "04000000" "00000000" "00000000",
  "C4FFFFFF" "00000000" "C4FFFFFF" "0000" "0000" "0A00" "0000" "0500" "0300" "0000" "0000" "0000"
  "0000" "0000" "0300" "0000" "0500" "0200" "0000" "0000" "0000",
  "02013000" "0200" "0300" "5A00" "0000" "0000" "0100" "02013E00" "0200" "0640" "0000" "0000" "0000"
  "0000" "0000" "0000" "0000" "C4FFFFFF" "00000000" "C4FFFFFF" "0000" "0A00" "0000" "0500" "0300"
  "0000" "0000" "0000" "0000" "0300" "0000" "0500" "0200" "0000" "0000" "0000",
};

void
fuzz_add_seeds (GPtrArray *seeds)
{
  for (guint i = 0; i < G_N_ELEMENTS (seeds_hex); i++)
    {
      GByteArray *bytes = g_byte_array_new ();

      for (const char *at = seeds_hex[i]; *at != '\0'; at += 2)
        {
          guint8 byte = g_ascii_xdigit_value (at[0]) << 4 | g_ascii_xdigit_value (at[1]);

          g_byte_array_append (bytes, &byte, 1);
        }
      g_ptr_array_add (seeds, g_byte_array_free_to_bytes (bytes));
    }
}

static void
try_parsers (GBytes *bytes)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgRecurrence) recurrence = _imsg_recurrence_parse (bytes, 1252, &error);
  g_autoptr(IMsgTimeZone) zone = _imsg_time_zone_parse_struct (bytes, NULL);
  g_autoptr(IMsgTimeZone) definition = _imsg_time_zone_parse_definition (bytes, NULL);
  g_autoptr(GPtrArray) entry_ids = _imsg_flat_entry_list_parse (bytes);
  IMsgEntryIdPerson person = { NULL, NULL, NULL };

  g_assert_true ((recurrence == NULL) == (error != NULL));
  if (recurrence != NULL)
    g_free (_imsg_recurrence_to_rrule (recurrence, NULL));
  if (zone != NULL)
    {
      g_autoptr(GTimeZone) glib_zone = _imsg_time_zone_to_glib (zone);

      g_autoptr(GDateTime) date =
        _imsg_recurrence_to_date (recurrence != NULL ? recurrence->start_date : 0, glib_zone);

      g_free (_imsg_time_zone_get_id (zone));
      g_assert_true (date == NULL || g_date_time_get_year (date) >= 1601);
    }
  if (definition != NULL)
    g_time_zone_unref (_imsg_time_zone_to_glib (definition));
  if (entry_ids != NULL)
    g_bytes_unref (_imsg_flat_entry_list_build (entry_ids));
  if (_imsg_entry_id_parse (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), 932, &person))
    _imsg_entry_id_person_clear (&person);
}

static void
set_blob (IMsgMessage *message,
          const char  *set,
          guint32      id,
          GBytes      *bytes)
{
  g_autoptr(IMsgPropertyName) name = imsg_property_name_new_id (set, id);
  guint property = imsg_property_object_resolve_property_name (IMSG_PROPERTY_OBJECT (message), name,
                                                               TRUE, NULL);

  imsg_property_object_set_bytes (IMSG_PROPERTY_OBJECT (message),
                                  imsg_property_tag (IMSG_PROPERTY_TYPE_BINARY, property), bytes,
                                  NULL);
}

/* What reads the blobs together: an event or a task with them, as iCalendar */
static void
export (GBytes     *first,
        GBytes     *second,
        const char *message_class)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(GOutputStream) memory = g_memory_output_stream_new_resizable ();
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgMessage) message = imsg_session_create_message (session, message_class, &error);

  g_assert_no_error (error);
  set_blob (message, APPOINTMENT, 0x8216, first);
  set_blob (message, TASK, 0x8116, first);
  set_blob (message, APPOINTMENT, 0x8233, second);
  set_blob (message, APPOINTMENT, 0x8260, second);
  imsg_message_export_icalendar (message, memory, NULL, NULL, &error);
  g_assert_no_error (error);
  imsg_session_close (session);
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         n_bytes)
{
  g_autoptr(GBytes) bytes = g_bytes_new (data, n_bytes);
  gsize n_first = n_bytes > 0 ? data[n_bytes - 1] * n_bytes / 255 : 0;
  g_autoptr(GBytes) first = g_bytes_new_from_bytes (bytes, 0, n_first);
  g_autoptr(GBytes) second = g_bytes_new_from_bytes (bytes, n_first, n_bytes - n_first);

  try_parsers (bytes);
  export (bytes, bytes, "IPM.Appointment");
  export (first, second, "IPM.Appointment");
  export (first, second, "IPM.Task");
  return 0;
}
