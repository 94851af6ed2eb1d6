/* fuzz-message.c - any bytes as a message file: every value read, edited, converted and saved
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "fuzz-main.h"
#include "imsg-body.h"
#include "imsg-json.h"
#include "imsg-mime.h"
#include "imsg-property-tags.h"
#include "imsg-session.h"

/* A small message of each kind of thing, so that mutations start behind the container. */
void
fuzz_add_seeds (GPtrArray *seeds)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgMessage) message = imsg_session_create_message (session, "IPM.Note", &error);
  g_autoptr(IMsgRecipient) recipient = imsg_message_add_recipient (
    message, IMSG_RECIPIENT_TYPE_TO, "To", "to@example.org", &error);
  g_autoptr(IMsgAttachment) attachment = imsg_message_create_attachment (message, &error);
  g_autoptr(IMsgAttachment) outer = imsg_message_create_attachment (message, &error);
  g_autoptr(IMsgMessage) embedded = imsg_attachment_create_message (outer, &error);
  g_autoptr(GBytes) data = g_bytes_new_static ("bytes", 5);

  g_assert_no_error (error);
  imsg_message_set_subject (message, "Re: seed", &error);
  imsg_message_set_body (message, IMSG_BODY_FORMAT_HTML, "<p>body <b>bold</b></p>", &error);
  imsg_message_set_subject (embedded, "inner", &error);
  imsg_attachment_set_bytes (attachment, data, &error);
  imsg_property_object_resolve_name (IMSG_PROPERTY_OBJECT (message), IMSG_PS_PUBLIC_STRINGS,
                                     "Keywords", TRUE, &error);
  g_assert_no_error (error);
  g_ptr_array_add (seeds, imsg_message_write_to_bytes (message, NULL, &error));
  g_assert_no_error (error);
  imsg_session_close (session);
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         n_bytes)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(GBytes) bytes = g_bytes_new (data, n_bytes);
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgMessage) message = imsg_session_open_message_from_bytes (
    session, bytes, IMSG_OPEN_MODIFY, NULL, &error);
  g_autoptr(GOutputStream) mime = NULL;
  g_autoptr(GBytes) saved = NULL;
  g_autofree char *json = NULL;

  if (message == NULL)
    {
      g_assert_nonnull (error);
      return 0;
    }
  json = imsg_message_to_json (message, IMSG_JSON_COMPLETE | IMSG_JSON_BODIES, NULL, NULL);
  mime = g_memory_output_stream_new_resizable ();
  imsg_message_export_mime (message, mime, NULL, NULL);
  imsg_message_set_subject (message, "edited", NULL);
  saved = imsg_message_write_to_bytes (message, NULL, &error);
  if (saved != NULL)
    {
      g_autoptr(IMsgMessage) again = imsg_session_open_message_from_bytes (
        session, saved, IMSG_OPEN_READ_ONLY, NULL, &error);

      g_assert_no_error (error);
      g_assert_nonnull (again);
    }
  imsg_session_close (session);
  return 0;
}
