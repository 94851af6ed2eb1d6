/* body-message.c - messages with bodies, for tests of them
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "body-message.h"

/* They must outlive their messages, and hold them: so they go last. */
static GPtrArray *sessions;

IMsgMessage *
new_message (gboolean unicode)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgSession) session = imsg_session_open (unicode ? IMSG_SESSION_UNICODE : 0, &error);
  IMsgMessage *message;

  g_assert_no_error (error);
  message = imsg_session_create_message (session, "IPM.Note", &error);
  g_assert_no_error (error);
  g_ptr_array_add (sessions, g_steal_pointer (&session));
  return message;
}

void
set_bytes (IMsgMessage *message,
           guint32      tag,
           const void  *bytes,
           gsize        n_bytes)
{
  g_autoptr(GError) error = NULL;

  imsg_property_object_set_value (
    IMSG_PROPERTY_OBJECT (message), tag,
    g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, bytes, n_bytes, 1), &error);
  g_assert_no_error (error);
}

void
set_string (IMsgMessage *message,
            guint32      tag,
            const char  *text)
{
  g_autoptr(GError) error = NULL;

  imsg_property_object_set_string (IMSG_PROPERTY_OBJECT (message), tag, text, &error);
  g_assert_no_error (error);
}

void
set_int (IMsgMessage *message,
         guint32      tag,
         gint64       value)
{
  g_autoptr(GError) error = NULL;

  imsg_property_object_set_int (IMSG_PROPERTY_OBJECT (message), tag, value, &error);
  g_assert_no_error (error);
}

void
set_rtf (IMsgMessage *message,
         const char  *rtf)
{
  g_autoptr(GBytes) bytes = g_bytes_new_static (rtf, strlen (rtf));
  g_autoptr(GBytes) compressed = imsg_rtf_compress (bytes);

  set_bytes (message, IMSG_PR_RTF_COMPRESSED, g_bytes_get_data (compressed, NULL),
             g_bytes_get_size (compressed));
}

void
assert_body (IMsgMessage    *message,
             IMsgBodyFormat  format,
             IMsgBodyOrigin  origin,
             const char     *expected)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgBody) body = imsg_message_read_body (message, format, NULL, &error);
  g_autofree char *text = NULL;
  g_auto(GStrv) trace = NULL;

  g_assert_no_error (error);
  text = imsg_body_dup_text (body);
  g_assert_cmpstr (text, ==, expected);
  g_assert_cmpint (imsg_body_get_format (body), ==, format);
  g_assert_cmpint (imsg_body_get_origin (body), ==, origin);
  trace = imsg_body_get_trace (body);
  g_assert_cmpuint (g_strv_length (trace), >, 0);
}

int
body_message_run_tests (void)
{
  int status;

  sessions = g_ptr_array_new_with_free_func (g_object_unref);
  status = g_test_run ();
  g_ptr_array_unref (sessions);
  return status;
}
