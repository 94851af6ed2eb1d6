/* inspector-example.c - a message to try things on
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "inspector-example.h"

#include <glib/gi18n.h>
#include <string.h>

#define EXAMPLE_SET "00020329-0000-0000-c000-000000000046"

static gboolean
add_text_file (IMsgMessage  *message,
               const char   *name,
               const char   *content,
               GError      **error)
{
  g_autoptr(IMsgAttachment) attachment = imsg_message_create_attachment (message, error);
  g_autoptr(GBytes) bytes = g_bytes_new (content, strlen (content));

  return attachment != NULL && imsg_attachment_set_file_name (attachment, name, error) &&
         imsg_attachment_set_bytes (attachment, bytes, error);
}

static gboolean
add_embedded (IMsgMessage  *message,
              GError      **error)
{
  g_autoptr(IMsgAttachment) attachment = imsg_message_create_attachment (message, error);
  g_autoptr(IMsgMessage) embedded = NULL;

  if (attachment == NULL)
    return FALSE;
  embedded = imsg_attachment_create_message (attachment, error);
  return embedded != NULL && imsg_message_set_subject (embedded, _("The first draft"), error) &&
         imsg_message_set_body (embedded, IMSG_BODY_FORMAT_TEXT,
                                _("An embedded message opens in the tree, at any depth."), error);
}

static gboolean
fill (IMsgMessage  *message,
      GError      **error)
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (message);
  g_autoptr(GDateTime) now = g_date_time_new_now_utc ();
  g_autoptr(IMsgRecipient) to = NULL;
  g_autoptr(IMsgRecipient) cc = NULL;
  guint id = 0;

  to = imsg_message_add_recipient (message, IMSG_RECIPIENT_TYPE_TO, "Ada Example",
                                   "ada@example.org", error);
  if (to == NULL)
    return FALSE;
  cc = imsg_message_add_recipient (message, IMSG_RECIPIENT_TYPE_CC, "Ben Example",
                                   "ben@example.org", error);
  if (cc == NULL)
    return FALSE;
  id = imsg_property_object_resolve_name (object, EXAMPLE_SET, "Keywords", TRUE, error);
  if (id == 0)
    return FALSE;
  return imsg_message_set_subject (message, _("A message to try things on"), error) &&
         imsg_property_object_set_string (object, IMSG_PR_SENDER_NAME, "Carla Example", error) &&
         imsg_property_object_set_string (object, IMSG_PR_SENDER_EMAIL_ADDRESS,
                                          "carla@example.org", error) &&
         imsg_property_object_set_string (object, IMSG_PR_SENDER_ADDRTYPE, "SMTP", error) &&
         imsg_property_object_set_datetime (object, IMSG_PR_CLIENT_SUBMIT_TIME, now, error) &&
         imsg_property_object_set_int (object, IMSG_PR_IMPORTANCE, 2, error) &&
         imsg_property_object_set_value (object,
                                         imsg_property_tag (IMSG_PROPERTY_TYPE_MV_UNICODE, id),
                                         g_variant_new_parsed ("['example', 'inspector']"),
                                         error) &&
         imsg_message_set_body (message, IMSG_BODY_FORMAT_TEXT,
                                _("Everything in this message can be changed, undone and saved. "
                                  "Open the Properties page to see what it is made of."), error) &&
         add_text_file (message, "notes.txt", _("Some notes.\n"), error) &&
         add_embedded (message, error);
}

IMsgMessage *
inspector_example_create (IMsgSession  *session,
                          GError      **error)
{
  g_autoptr(IMsgMessage) message = imsg_session_create_message (session, "IPM.Note", error);

  if (message == NULL)
    return NULL;
  if (!fill (message, error))
    {
      imsg_message_close (message);
      return NULL;
    }
  return g_steal_pointer (&message);
}
