/* imsg-property-names.c - named properties and attributes of a property object
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-message-private.h"
#include "imsg-property-object-private.h"

#include <glib/gi18n-lib.h>

/* Bindings can make a recipient or an attachment that is in no message. */
static IMsgNameMap *
get_name_map (IMsgPropertyObject  *self,
              GError             **error)
{
  IMsgNameMap *map = _imsg_property_object_get_name_map (self);

  if (map == NULL)
    g_set_error (error, IMSG_ERROR, IMSG_ERROR_CLOSED, _("The object was closed"));
  return map;
}

/**
 * imsg_property_object_resolve_property_name:
 * @self: a property object
 * @name: a name
 * @create: whether to give an unknown name an id
 * @error: return location for an error
 *
 * Finds the id that a name has in this file.
 *
 * The names belong to the outermost message, and serve everything in it. An id means nothing in
 * another file. Numbers in `PS_MAPI` are the ids of tagged properties themselves.
 *
 * Fails with %IMSG_ERROR_NOT_FOUND for an unknown name without @create, %IMSG_ERROR_NO_ACCESS
 * when @self is read-only, %IMSG_ERROR_TOO_BIG when all ids are taken, %IMSG_ERROR_CLOSED once
 * @self is closed. Source: `IMAPIProp::GetIDsFromNames`; [MS-OXMSG] 2.2.3.
 *
 * Returns: an id from 0x8000 (below for `PS_MAPI`), or 0 on error
 * Since: 1.0
 */
guint
imsg_property_object_resolve_property_name (IMsgPropertyObject      *self,
                                            const IMsgPropertyName  *name,
                                            gboolean                 create,
                                            GError                 **error)
{
  g_autoptr(GError) local_error = NULL;
  IMsgNameMap *map;
  guint id;

  g_return_val_if_fail (IMSG_IS_PROPERTY_OBJECT (self), 0);
  g_return_val_if_fail (name != NULL, 0);
  g_return_val_if_fail (error == NULL || *error == NULL, 0);

  if (!_imsg_property_object_check (self, error))
    return 0;
  if (imsg_property_name_get_kind (name) == IMSG_PROPERTY_NAME_ID &&
      g_ascii_strcasecmp (imsg_property_name_get_set (name), IMSG_PS_MAPI) == 0 &&
      imsg_property_name_get_id (name) > 0 && imsg_property_name_get_id (name) < 0x8000)
    return imsg_property_name_get_id (name);

  map = get_name_map (self, error);
  if (map == NULL)
    return 0;
  id = _imsg_name_map_resolve (map, name, FALSE, &local_error);
  if (id != 0 || !create)
    {
      if (id == 0)
        g_propagate_error (error, g_steal_pointer (&local_error));
      return id;
    }
  if (!_imsg_property_object_check_writable (self, error))
    return 0;
  return _imsg_name_map_resolve (map, name, TRUE, error);
}

/**
 * imsg_property_object_resolve_name:
 * @self: a property object
 * @set: the property set: a GUID, or its name such as `PSETID_Appointment`
 * @name_or_id: the name, or a number such as `0x8233`
 * @create: whether to give an unknown name an id
 * @error: return location for an error
 *
 * Finds the id that a name has in this file, see
 * [method@PropertyObject.resolve_property_name].
 *
 * Fails as that does, and with %IMSG_ERROR_INVALID_PARAMETER when @set is no property set.
 *
 * Returns: an id, or 0 on error
 * Since: 1.0
 */
guint
imsg_property_object_resolve_name (IMsgPropertyObject  *self,
                                   const char          *set,
                                   const char          *name_or_id,
                                   gboolean             create,
                                   GError             **error)
{
  g_autoptr(IMsgPropertyName) name = NULL;

  g_return_val_if_fail (IMSG_IS_PROPERTY_OBJECT (self), 0);
  g_return_val_if_fail (set != NULL && name_or_id != NULL, 0);
  g_return_val_if_fail (error == NULL || *error == NULL, 0);

  name = imsg_property_name_parse (set, name_or_id, error);
  return name != NULL ? imsg_property_object_resolve_property_name (self, name, create, error) : 0;
}

/**
 * imsg_property_object_lookup_name:
 * @self: a property object
 * @id: a property id
 *
 * Finds the name behind an id.
 *
 * An id below 0x8000 has its own number in `PS_MAPI` as its name.
 * Source: `IMAPIProp::GetNamesFromIDs`.
 *
 * Returns: (transfer full) (nullable): the name, or %NULL when the id has none
 * Since: 1.0
 */
IMsgPropertyName *
imsg_property_object_lookup_name (IMsgPropertyObject *self,
                                  guint               id)
{
  const IMsgPropertyName *name;
  IMsgNameMap *map;

  g_return_val_if_fail (IMSG_IS_PROPERTY_OBJECT (self), NULL);

  if (!_imsg_property_object_check (self, NULL) || id == 0 || id > 0xFFFF)
    return NULL;
  if (id < 0x8000)
    return imsg_property_name_new_id (IMSG_PS_MAPI, id);
  map = get_name_map (self, NULL);
  name = map != NULL ? _imsg_name_map_lookup (map, id) : NULL;
  return name != NULL ? imsg_property_name_ref ((IMsgPropertyName *) name) : NULL;
}

/**
 * imsg_property_object_list_named_ids:
 * @self: a property object
 * @n_ids: (out): how many there are
 *
 * Lists the ids that have names in this file, whether a property uses them or not.
 *
 * Returns: (transfer full) (array length=n_ids): ids, ascending
 * Since: 1.0
 */
guint *
imsg_property_object_list_named_ids (IMsgPropertyObject *self,
                                     gsize              *n_ids)
{
  IMsgNameMap *map;

  g_return_val_if_fail (IMSG_IS_PROPERTY_OBJECT (self), NULL);
  g_return_val_if_fail (n_ids != NULL, NULL);

  *n_ids = 0;
  map = _imsg_property_object_check (self, NULL) ? get_name_map (self, NULL) : NULL;
  return map != NULL ? _imsg_name_map_list (map, n_ids) : g_new0 (guint, 1);
}

/**
 * imsg_property_object_get_attributes:
 * @self: a property object
 * @tag: a tag; only its id counts
 * @error: return location for an error
 *
 * Gives the attributes that are stored with a property.
 *
 * An absent property has %IMSG_PROPERTY_ATTRIBUTES_NOT_PRESENT; a computed one that is not stored
 * can be read only. Bits that nobody defines are left out. Reading does not enforce them: many
 * files get them wrong.
 *
 * Fails with %IMSG_ERROR_CLOSED once @self is closed.
 * Source: `GetAttribIMsgOnIStg`; [MS-OXMSG] 2.4.2.1.
 *
 * Returns: the attributes
 * Since: 1.0
 */
IMsgPropertyAttributes
imsg_property_object_get_attributes (IMsgPropertyObject  *self,
                                     guint32              tag,
                                     GError             **error)
{
  IMsgPropertySlot slot;

  g_return_val_if_fail (IMSG_IS_PROPERTY_OBJECT (self), IMSG_PROPERTY_ATTRIBUTES_NOT_PRESENT);
  g_return_val_if_fail (error == NULL || *error == NULL, IMSG_PROPERTY_ATTRIBUTES_NOT_PRESENT);

  if (!_imsg_property_object_check (self, error))
    return IMSG_PROPERTY_ATTRIBUTES_NOT_PRESENT;
  if (_imsg_property_object_lookup (self, tag, &slot))
    return slot.attributes & 7;
  if (imsg_property_object_find_tag (self, tag) != 0)
    return IMSG_PROPERTY_ATTRIBUTES_READABLE;
  return IMSG_PROPERTY_ATTRIBUTES_NOT_PRESENT;
}

/**
 * imsg_property_object_set_attributes:
 * @self: a property object
 * @tag: a tag; only its id counts
 * @attributes: the attributes
 * @error: return location for an error
 *
 * Sets the attributes that are stored with a property.
 *
 * They hold at once: a property that is not writable can then not be set, a mandatory one not be
 * deleted. They are kept by the next save.
 *
 * Fails with %IMSG_ERROR_NOT_FOUND when the property is absent, %IMSG_ERROR_COMPUTED when it is
 * computed and not stored, %IMSG_ERROR_INVALID_PARAMETER for
 * %IMSG_PROPERTY_ATTRIBUTES_NOT_PRESENT and unknown bits, %IMSG_ERROR_NO_ACCESS when @self is
 * read-only, %IMSG_ERROR_CLOSED once it is closed. Source: `SetAttribIMsgOnIStg`.
 *
 * Returns: whether they were set
 * Since: 1.0
 */
gboolean
imsg_property_object_set_attributes (IMsgPropertyObject      *self,
                                     guint32                  tag,
                                     IMsgPropertyAttributes   attributes,
                                     GError                 **error)
{
  IMsgPropertySlot slot;

  g_return_val_if_fail (IMSG_IS_PROPERTY_OBJECT (self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (!_imsg_property_object_check_writable (self, error))
    return FALSE;
  if ((attributes & ~7u) != 0)
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_INVALID_PARAMETER,
                   _("0x%X are no attributes that can be set"), (guint) attributes);
      return FALSE;
    }
  if (!_imsg_property_object_lookup (self, tag, &slot))
    {
      gboolean computed = imsg_property_object_find_tag (self, tag) != 0;

      g_set_error (error, IMSG_ERROR, computed ? IMSG_ERROR_COMPUTED : IMSG_ERROR_NOT_FOUND,
                   computed ? _("Property 0x%08X is computed, not stored")
                            : _("There is no property 0x%08X"), tag);
      return FALSE;
    }
  if ((slot.attributes & 7) == (guint) attributes)
    return TRUE;
  _imsg_property_object_put_attributes (self, &slot, (slot.attributes & ~7u) | attributes);
  return TRUE;
}
