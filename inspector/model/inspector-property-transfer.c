/* inspector-property-transfer.c - a property as bytes that another message can take over
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "inspector-property-transfer.h"

#include "inspector-edit.h"

#include <glib/gi18n.h>

/* Tag; set of a named property, else ""; its text, or its number as "0x8005"; the value */
#define TRANSFER_TYPE "(ussv)"

GBytes *
inspector_property_to_transfer (IMsgProperty *property)
{
  IMsgPropertyName *name = imsg_property_get_property_name (property);
  g_autoptr(GVariant) value = NULL;
  g_autoptr(GVariant) whole = NULL;
  g_autofree char *key = NULL;

  if (imsg_property_get_size (property) <= INSPECTOR_MAX_TRANSFER_BYTES)
    value = imsg_property_get_value (property, NULL);
  if (value == NULL || g_variant_get_size (value) > INSPECTOR_MAX_TRANSFER_BYTES)
    return NULL;
  if (name != NULL)
    key = imsg_property_name_get_kind (name) == IMSG_PROPERTY_NAME_ID
            ? g_strdup_printf ("0x%04X", imsg_property_name_get_id (name))
            : g_strdup (imsg_property_name_get_string (name));
  whole = g_variant_ref_sink (g_variant_new (TRANSFER_TYPE, imsg_property_get_tag (property),
                                             name != NULL ? imsg_property_name_get_set (name) : "",
                                             key != NULL ? key : "", value));
  return g_variant_get_data_as_bytes (whole);
}

/* What is on a clipboard may come from anybody */
static gboolean
is_plausible (guint32   tag,
              GVariant *value)
{
  const char *type =
    imsg_property_type_get_variant_type (imsg_property_tag_get_property_type (tag));

  return type != NULL && g_variant_is_of_type (value, G_VARIANT_TYPE (type)) &&
         imsg_property_tag_get_id (tag) != 0;
}

gboolean
inspector_property_from_transfer (InspectorHistory    *history,
                                  IMsgPropertyObject  *object,
                                  GBytes              *bytes,
                                  guint32             *tag,
                                  GError             **error)
{
  g_autoptr(GVariant) data = NULL;
  g_autoptr(GVariant) whole = NULL;
  g_autoptr(GVariant) value = NULL;
  const char *set = NULL;
  const char *key = NULL;

  if (g_bytes_get_size (bytes) <= INSPECTOR_MAX_TRANSFER_BYTES + 1024)
    {
      data = g_variant_ref_sink (g_variant_new_from_bytes (G_VARIANT_TYPE (TRANSFER_TYPE), bytes,
                                                           FALSE));
      whole = g_variant_get_normal_form (data);
      g_variant_get (whole, "(u&s&sv)", tag, &set, &key, &value);
    }
  if (whole == NULL || !is_plausible (*tag, value))
    {
      g_set_error_literal (error, IMSG_ERROR, IMSG_ERROR_CORRUPT_DATA,
                           _("There is no property on the clipboard."));
      return FALSE;
    }

  if (*set != '\0')
    {
      g_autoptr(IMsgPropertyName) name = imsg_property_name_parse (set, key, error);
      guint id = 0;

      if (name != NULL)
        id = imsg_property_object_resolve_property_name (object, name, TRUE, error);
      if (id == 0)
        return FALSE;
      *tag = imsg_property_tag (imsg_property_tag_get_property_type (*tag), id);
    }
  if (!inspector_edit_set_value (history, object, *tag, value, error))
    return FALSE;
  inspector_history_stop_merging (history);
  return TRUE;
}
