/* imsg-mime-named.c - named properties as headers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-mime-header-private.h"
#include "imsg-property-tags.h"

static guint32
find_named (IMsgMessage *message,
            const char  *set,
            const char  *name)
{
  guint id = imsg_property_object_resolve_name (IMSG_PROPERTY_OBJECT (message), set, name, FALSE,
                                                NULL);

  return id != 0 ? imsg_property_object_find_tag (IMSG_PROPERTY_OBJECT (message),
                                                  imsg_property_tag (0, id))
                 : 0;
}

char *
_imsg_mime_dup_named_header (IMsgMessage *message,
                             const char  *header)
{
  g_autofree char *lower = g_ascii_strdown (header, -1);
  guint32 tag = find_named (message, IMSG_PS_INTERNET_HEADERS, header);

  if (tag == 0)
    tag = find_named (message, IMSG_PS_INTERNET_HEADERS, lower);
  return tag != 0 ? imsg_property_object_get_string (IMSG_PROPERTY_OBJECT (message), tag) : NULL;
}

static void
add_keywords (IMsgMessage  *message,
              GMimeMessage *mime)
{
  guint32 tag = find_named (message, IMSG_PS_PUBLIC_STRINGS, "Keywords");
  g_autoptr(GVariant) value = NULL;
  g_autofree const char **keywords = NULL;
  g_autofree char *joined = NULL;

  if (tag == 0)
    return;
  value = imsg_property_object_get_value (IMSG_PROPERTY_OBJECT (message), tag, NULL);
  if (value == NULL || !g_variant_is_of_type (value, G_VARIANT_TYPE_STRING_ARRAY))
    return;
  keywords = g_variant_get_strv (value, NULL);
  joined = g_strjoinv (", ", (char **) keywords);
  _imsg_mime_add_header (mime, "Keywords", joined);
}

/* How a document of a company is classified: text, or yes and no. */
static const struct
{
  const char *header;
  guint32     id;
} classifications[] = {
  { "X-Microsoft-Classified", 0x85B5 },  { "X-Microsoft-Classification", 0x85B6 },
  { "X-Microsoft-ClassDesc", 0x85B7 },   { "X-Microsoft-ClassID", 0x85B8 },
  { "X-Microsoft-ClassKeep", 0x85BA },
};

static guint32
find_common (IMsgMessage *message,
             guint32      id)
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (message);
  g_autoptr(IMsgPropertyName) name = imsg_property_name_new_id ("PSETID_Common", id);
  guint property = imsg_property_object_resolve_property_name (object, name, FALSE, NULL);

  return property != 0 ? imsg_property_object_find_tag (object, imsg_property_tag (0, property))
                       : 0;
}

static void
add_classification (IMsgMessage  *message,
                    GMimeMessage *mime)
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (message);

  for (guint i = 0; i < G_N_ELEMENTS (classifications); i++)
    {
      guint32 tag = find_common (message, classifications[i].id);
      g_autofree char *text = NULL;

      if ((tag & 0xFFFF) == IMSG_PROPERTY_TYPE_BOOLEAN)
        text = imsg_property_object_get_boolean (object, tag) ? g_strdup ("true") : NULL;
      else if (tag != 0)
        text = imsg_property_object_get_string (object, tag);
      if (text != NULL)
        _imsg_mime_add_header (mime, classifications[i].header, text);
    }
}

/* What a message is flagged for, while it is flagged. */
static void
add_message_flag (IMsgMessage  *message,
                  GMimeMessage *mime)
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (message);
  guint32 tag = find_common (message, 0x8530);
  g_autofree char *text = tag != 0 ? imsg_property_object_get_string (object, tag) : NULL;

  if (text != NULL && imsg_property_object_get_int (object, IMSG_PR_FLAG_STATUS) == 2)
    _imsg_mime_add_header (mime, "X-Message-Flag", text);
}

/* Headers kept as named properties when the message was received; those that came along in
 * PR_TRANSPORT_MESSAGE_HEADERS are there already. */
void
_imsg_mime_add_named_headers (IMsgMessage  *message,
                              GMimeMessage *mime)
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (message);
  gsize n_ids;
  g_autofree guint *ids = imsg_property_object_list_named_ids (object, &n_ids);

  for (gsize i = 0; i < n_ids; i++)
    {
      g_autoptr(IMsgPropertyName) name = imsg_property_object_lookup_name (object, ids[i]);
      g_autofree char *value = NULL;
      const char *header;
      guint32 tag;

      if (name == NULL || imsg_property_name_get_kind (name) != IMSG_PROPERTY_NAME_STRING ||
          strcmp (imsg_property_name_get_set (name), IMSG_PS_INTERNET_HEADERS) != 0)
        continue;
      header = imsg_property_name_get_string (name);
      tag = imsg_property_object_find_tag (object, imsg_property_tag (0, ids[i]));
      if (tag == 0 || !_imsg_mime_is_header_name (header) || _imsg_mime_is_produced (header) ||
          _imsg_mime_has_header (mime, header))
        continue;
      value = imsg_property_object_get_string (object, tag);
      if (value != NULL)
        _imsg_mime_add_header (mime, header, value);
    }
}

void
_imsg_mime_add_named (IMsgMessage  *message,
                      GMimeMessage *mime)
{
  add_keywords (message, mime);
  add_message_flag (message, mime);
  add_classification (message, mime);
}
