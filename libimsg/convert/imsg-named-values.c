/* imsg-named-values.c - setting named properties by set and number
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-named-values-private.h"
#include "imsg-property-tags.h"

#define MESSAGE_FLAG_READ 0x1

static guint32
create_tag (IMsgMessage       *message,
            const char        *set,
            guint32            id,
            IMsgPropertyType   type,
            GError           **error)
{
  g_autoptr(IMsgPropertyName) name = imsg_property_name_new_id (set, id);
  guint property = imsg_property_object_resolve_property_name (IMSG_PROPERTY_OBJECT (message), name,
                                                               TRUE, error);

  return property != 0 ? imsg_property_tag (type, property) : 0;
}

gboolean
_imsg_named_set_int (IMsgMessage  *message,
                     const char   *set,
                     guint32       id,
                     gint64        value,
                     GError      **error)
{
  guint32 tag = create_tag (message, set, id, IMSG_PROPERTY_TYPE_LONG, error);

  return tag != 0 &&
         imsg_property_object_set_int (IMSG_PROPERTY_OBJECT (message), tag, value, error);
}

gboolean
_imsg_named_set_boolean (IMsgMessage  *message,
                         const char   *set,
                         guint32       id,
                         gboolean      value,
                         GError      **error)
{
  guint32 tag = create_tag (message, set, id, IMSG_PROPERTY_TYPE_BOOLEAN, error);

  return tag != 0 &&
         imsg_property_object_set_boolean (IMSG_PROPERTY_OBJECT (message), tag, value, error);
}

gboolean
_imsg_named_set_double (IMsgMessage  *message,
                        const char   *set,
                        guint32       id,
                        double        value,
                        GError      **error)
{
  guint32 tag = create_tag (message, set, id, IMSG_PROPERTY_TYPE_DOUBLE, error);

  return tag != 0 && imsg_property_object_set_value (IMSG_PROPERTY_OBJECT (message), tag,
                                                     g_variant_new_double (value), error);
}

gboolean
_imsg_named_set_text (IMsgMessage  *message,
                      const char   *set,
                      guint32       id,
                      const char   *value,
                      GError      **error)
{
  guint32 tag;

  if (value == NULL || *value == '\0')
    return TRUE;
  tag = create_tag (message, set, id, IMSG_PROPERTY_TYPE_UNICODE, error);
  return tag != 0 &&
         imsg_property_object_set_string (IMSG_PROPERTY_OBJECT (message), tag, value, error);
}

gboolean
_imsg_named_set_time (IMsgMessage  *message,
                      const char   *set,
                      guint32       id,
                      GDateTime    *value,
                      GError      **error)
{
  guint32 tag;

  if (value == NULL)
    return TRUE;
  tag = create_tag (message, set, id, IMSG_PROPERTY_TYPE_SYSTIME, error);
  return tag != 0 &&
         imsg_property_object_set_datetime (IMSG_PROPERTY_OBJECT (message), tag, value, error);
}

gboolean
_imsg_named_set_bytes (IMsgMessage  *message,
                       const char   *set,
                       guint32       id,
                       GBytes       *value,
                       GError      **error)
{
  guint32 tag = create_tag (message, set, id, IMSG_PROPERTY_TYPE_BINARY, error);

  return tag != 0 &&
         imsg_property_object_set_bytes (IMSG_PROPERTY_OBJECT (message), tag, value, error);
}

static gboolean
set_texts (IMsgMessage  *message,
           guint         property,
           GPtrArray    *values,
           GError      **error)
{
  return property != 0 &&
         imsg_property_object_set_value (
           IMSG_PROPERTY_OBJECT (message),
           imsg_property_tag (IMSG_PROPERTY_TYPE_MV_UNICODE, property),
           g_variant_new_strv ((const char *const *) values->pdata, values->len), error);
}

gboolean
_imsg_named_set_texts (IMsgMessage  *message,
                       const char   *set,
                       guint32       id,
                       GPtrArray    *values,
                       GError      **error)
{
  g_autoptr(IMsgPropertyName) name = imsg_property_name_new_id (set, id);

  return values->len == 0 ||
         set_texts (message,
                    imsg_property_object_resolve_property_name (IMSG_PROPERTY_OBJECT (message), name,
                                                                TRUE, error),
                    values, error);
}

gboolean
_imsg_named_set_keywords (IMsgMessage  *message,
                          GPtrArray    *values,
                          GError      **error)
{
  return values->len == 0 ||
         set_texts (message,
                    imsg_property_object_resolve_name (IMSG_PROPERTY_OBJECT (message),
                                                       IMSG_PS_PUBLIC_STRINGS, "Keywords", TRUE,
                                                       error),
                    values, error);
}

gboolean
_imsg_message_set_item_times (IMsgMessage  *message,
                              GError      **error)
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (message);
  g_autoptr(GDateTime) now = g_date_time_new_now_utc ();

  return imsg_property_object_set_int (object, IMSG_PR_MESSAGE_FLAGS, MESSAGE_FLAG_READ, error) &&
         imsg_property_object_set_datetime (object, IMSG_PR_CLIENT_SUBMIT_TIME, now, error) &&
         imsg_property_object_set_datetime (object, IMSG_PR_MESSAGE_DELIVERY_TIME, now, error);
}
