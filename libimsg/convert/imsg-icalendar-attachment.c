/* imsg-icalendar-attachment.c - attachments inside a calendar
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-icalendar-private.h"
#include "imsg-limits-private.h"
#include "imsg-property-tags.h"

#include <glib/gi18n-lib.h>

static void
free_data (char *data,
           void *user_data)
{
  g_free (data);
}

static void
add_link (IMsgAttachment *attachment,
          icalcomponent  *component)
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (attachment);
  g_autofree char *path =
    imsg_property_object_get_string (object, IMSG_PR_ATTACH_LONG_PATHNAME);
  icalattach *attach;

  if (path == NULL)
    return;
  g_strdelimit (path, "\r\n", '_');
  attach = icalattach_new_from_url (path);
  icalcomponent_add_property (component, icalproperty_new_attach (attach));
  icalattach_unref (attach);
}

static void
add_file (IMsgAttachment *attachment,
          GBytes         *bytes,
          icalcomponent  *component)
{
  const char *type = imsg_attachment_get_mime_type (attachment);
  g_autofree char *name = imsg_attachment_dup_safe_file_name (attachment);
  char *encoded = g_base64_encode (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  icalattach *attach = icalattach_new_from_data (encoded, free_data, NULL);
  icalproperty *property = icalproperty_new_attach (attach);

  icalattach_unref (attach);
  icalproperty_add_parameter (property, icalparameter_new_value (ICAL_VALUE_BINARY));
  icalproperty_add_parameter (property, icalparameter_new_encoding (ICAL_ENCODING_BASE64));
  if (type != NULL && strpbrk (type, "\"\r\n\t;:,") == NULL)
    icalproperty_add_parameter (property, icalparameter_new_fmttype (type));
  g_strdelimit (name, "\"\r\n\t", '_');
  icalproperty_add_parameter (property, icalparameter_new_filename (name));
  icalcomponent_add_property (component, property);
}

/* The changed occurrences of a series, which become components of their own. */
static gboolean
is_exception (IMsgAttachment *attachment)
{
  return imsg_attachment_is_hidden (attachment) &&
         imsg_attachment_get_method (attachment) == IMSG_ATTACHMENT_METHOD_EMBEDDED_MESSAGE;
}

void
_imsg_calendar_add_attachments (IMsgCalendarExport *export,
                                IMsgMessage        *message,
                                icalcomponent      *component)
{
  GListModel *attachments = imsg_message_get_attachments (message);
  guint n_attachments = g_list_model_get_n_items (attachments);

  for (guint i = 0; i < n_attachments && !export->is_part; i++)
    {
      g_autoptr(IMsgAttachment) attachment = g_list_model_get_item (attachments, i);
      IMsgAttachmentMethod method = imsg_attachment_get_method (attachment);
      guint64 size = imsg_attachment_get_size (attachment);
      g_autoptr(GBytes) bytes = NULL;

      if (is_exception (attachment) || method == IMSG_ATTACHMENT_METHOD_NONE)
        continue;
      if (method == IMSG_ATTACHMENT_METHOD_BY_WEB_REFERENCE)
        {
          add_link (attachment, component);
          continue;
        }
      if (method == IMSG_ATTACHMENT_METHOD_BY_VALUE &&
          size <= IMSG_MAX_CALENDAR_ATTACHMENT_BYTES - export->n_attachment_bytes)
        bytes = imsg_property_object_get_bytes (IMSG_PROPERTY_OBJECT (attachment),
                                                IMSG_PR_ATTACH_DATA_BIN);
      if (bytes != NULL)
        {
          export->n_attachment_bytes +=
            MIN (g_bytes_get_size (bytes),
                 IMSG_MAX_CALENDAR_ATTACHMENT_BYTES - export->n_attachment_bytes);
          add_file (attachment, bytes, component);
        }
      else
        _imsg_problem_list_tell (export->losses, "ATTACH", IMSG_ERROR_NO_SUPPORT,
                                 _("“%s” is no file, or too large for a calendar"),
                                 imsg_attachment_get_file_name (attachment));
    }
}
