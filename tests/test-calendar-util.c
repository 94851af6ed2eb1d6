/* test-calendar-util.c - what the tests of calendars need
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-calendar-util.h"

#include <string.h>

GPtrArray *
test_import_calendar (IMsgSession *session,
             const char  *text,
             gssize       length)
{
  g_autoptr(GInputStream) stream = g_memory_input_stream_new_from_data (
    text, length < 0 ? (gssize) strlen (text) : length, NULL);
  g_autoptr(GError) error = NULL;
  GPtrArray *messages = imsg_session_import_icalendar (session, stream, NULL, &error);

  g_assert_no_error (error);
  return messages;
}

IMsgMessage *
test_import_component (IMsgSession *session,
            const char  *component)
{
  g_autofree char *text =
    g_strconcat ("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n" TEST_ZONE_BERLIN, component,
                 "END:VCALENDAR\r\n", NULL);
  g_autoptr(GPtrArray) messages = test_import_calendar (session, text, -1);

  g_assert_cmpuint (messages->len, ==, 1);
  return g_object_ref (messages->pdata[0]);
}

static char *
get_time (IMsgMessage *message,
          const char  *set,
          guint32      id)
{
  g_autoptr(GDateTime) time =
    imsg_property_object_get_datetime (IMSG_PROPERTY_OBJECT (message),
                                       test_find_named (message, set, id));

  return time != NULL ? g_date_time_format (time, "%Y-%m-%dT%H:%MZ") : NULL;
}

void
test_assert_time (IMsgMessage *message,
             const char  *set,
             guint32      id,
             const char  *expected)
{
  g_autofree char *text = get_time (message, set, id);

  g_assert_cmpstr (text, ==, expected);
}

gint64
test_get_int (IMsgMessage *message,
         const char  *set,
         guint32      id)
{
  guint32 tag = test_find_named (message, set, id);

  g_assert_cmpuint (tag, !=, 0);
  return imsg_property_tag_get_property_type (tag) == IMSG_PROPERTY_TYPE_BOOLEAN
           ? imsg_property_object_get_boolean (IMSG_PROPERTY_OBJECT (message), tag)
           : imsg_property_object_get_int (IMSG_PROPERTY_OBJECT (message), tag);
}

void
test_assert_losses (IMsgMessage *message,
               const char  *expected)
{
  g_autofree char *losses = test_list_problems (message);

  g_assert_cmpstr (losses, ==, expected);
}

icalcomponent *
test_export_calendar (IMsgMessage *message)
{
  g_autoptr(GOutputStream) memory = g_memory_output_stream_new_resizable ();
  g_autoptr(GPtrArray) losses = NULL;
  g_autoptr(GError) error = NULL;
  icalcomponent *calendar;

  imsg_message_export_icalendar (message, memory, NULL, &losses, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (losses->len, ==, 0);
  g_output_stream_write_all (memory, "", 1, NULL, NULL, NULL);
  calendar =
    icalparser_parse_string (g_memory_output_stream_get_data (G_MEMORY_OUTPUT_STREAM (memory)));
  g_assert_nonnull (calendar);
  g_assert_cmpint (icalcomponent_count_errors (calendar), ==, 0);
  return calendar;
}
