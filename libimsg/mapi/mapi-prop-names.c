/* mapi-prop-names.c - IMAPIProp::GetIDsFromNames, GetNamesFromIDs
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "mapi-object-private.h"

#include <glib/gi18n-lib.h>

#define SELF(iface) ((MapiObject *) (iface))

#define FIRST_NAMED_ID 0x8000

/* The id as an error slot; here it really is 0. */
#define NO_SUCH_NAME PROP_TAG (PT_ERROR, PROP_ID_NULL)

static IMsgPropertyName *
take_name (const MAPINAMEID *name)
{
  char set[MAPI_GUID_TEXT_SIZE];
  g_autofree char *text = NULL;

  mapi_guid_to_text (name->lpguid, set);
  if (name->ulKind == MNID_ID)
    return imsg_property_name_new_id (set, (guint32) name->Kind.lID);
  text = mapi_wide_to_utf8 (name->Kind.lpwstrName);
  return imsg_property_name_new_string (set, text);
}

static LPSPropTagArray
new_tags (MapiObject *self,
          gsize       n_tags)
{
  LPSPropTagArray tags = mapi_allocate (&self->tree->allocators, NULL,
                                        CbNewSPropTagArray (n_tags));

  if (tags != NULL)
    tags->cValues = (ULONG) n_tags;
  return tags;
}

HRESULT
mapi_prop_get_ids (IMAPIProp       *iface,
                   ULONG            cPropNames,
                   LPMAPINAMEID    *lppPropNames,
                   ULONG            ulFlags,
                   LPSPropTagArray *lppPropTags)
{
  MapiObject *self = SELF (iface);
  gboolean creates = (ulFlags & MAPI_CREATE) != 0;
  LPSPropTagArray tags;
  gboolean failed = FALSE;
  HRESULT hr = mapi_object_check (self);

  if (lppPropTags != NULL)
    *lppPropTags = NULL;
  if (FAILED (hr))
    return hr;
  if (lppPropTags == NULL || (lppPropNames == NULL) != (cPropNames == 0) ||
      (lppPropNames == NULL && creates))
    return mapi_object_fail (self, MAPI_E_INVALID_PARAMETER, _("GetIDsFromNames: no names"));
  if ((ulFlags & ~(ULONG) MAPI_CREATE) != 0)
    return mapi_object_fail (self, MAPI_E_UNKNOWN_FLAGS, _("GetIDsFromNames: unknown flags"));
  if (lppPropNames == NULL)
    {
      gsize n_ids = 0;
      g_autofree guint *ids = imsg_property_object_list_named_ids (self->object, &n_ids);

      tags = new_tags (self, n_ids);
      if (tags == NULL)
        return MAPI_E_NOT_ENOUGH_MEMORY;
      for (gsize i = 0; i < n_ids; i++)
        tags->aulPropTag[i] = PROP_TAG (PT_UNSPECIFIED, ids[i]);
      *lppPropTags = tags;
      return S_OK;
    }
  if (FBadRglpNameID (lppPropNames, cPropNames))
    return mapi_object_fail (self, MAPI_E_INVALID_PARAMETER, _("GetIDsFromNames: a name is none"));

  tags = new_tags (self, cPropNames);
  if (tags == NULL)
    return MAPI_E_NOT_ENOUGH_MEMORY;
  for (ULONG i = 0; i < cPropNames; i++)
    {
      const MAPINAMEID *name = lppPropNames[i];
      g_autoptr(IMsgPropertyName) own = NULL;
      g_autoptr(GError) error = NULL;
      guint id;

      if (mapi_guid_equal (name->lpguid, &PS_MAPI) && name->ulKind == MNID_ID)
        {
          id = (guint) name->Kind.lID < FIRST_NAMED_ID ? (guint) name->Kind.lID : 0;
        }
      else
        {
          own = take_name (name);
          id = own == NULL ? 0
                           : imsg_property_object_resolve_property_name (
                               self->object, own, creates && self->is_writable, &error);
        }
      if (id == 0 && error != NULL && g_error_matches (error, IMSG_ERROR, IMSG_ERROR_TOO_BIG))
        {
          self->tree->allocators.free_buffer (tags);
          return mapi_object_take_error (self, &error);
        }
      if (id == 0)
        failed = TRUE;
      tags->aulPropTag[i] = id != 0 ? PROP_TAG (PT_UNSPECIFIED, id) : NO_SUCH_NAME;
    }
  *lppPropTags = tags;
  return failed ? MAPI_W_ERRORS_RETURNED : S_OK;
}

/* A name linked to base; NULL when the id has none. *failed is set when memory runs out. */
static LPMAPINAMEID
give_name (MapiObject *self,
           guint       id,
           gpointer    base,
           gboolean   *failed)
{
  const MapiAllocators *allocators = &self->tree->allocators;
  g_autoptr(IMsgPropertyName) name = NULL;
  LPMAPINAMEID out;
  GUID set;

  if (id < FIRST_NAMED_ID)
    set = PS_MAPI;
  else if ((name = imsg_property_object_lookup_name (self->object, id)) == NULL ||
           !mapi_guid_from_text (imsg_property_name_get_set (name), &set))
    return NULL;
  out = mapi_allocate (allocators, base, sizeof *out);
  if (out != NULL)
    out->lpguid = mapi_allocate (allocators, base, sizeof (GUID));
  if (out == NULL || out->lpguid == NULL)
    {
      *failed = TRUE;
      return NULL;
    }
  *out->lpguid = set;
  if (name != NULL && imsg_property_name_get_kind (name) == IMSG_PROPERTY_NAME_STRING)
    {
      out->ulKind = MNID_STRING;
      out->Kind.lpwstrName = mapi_utf8_to_wide (imsg_property_name_get_string (name), allocators,
                                                base);
      if (out->Kind.lpwstrName == NULL)
        {
          *failed = TRUE;
          return NULL;
        }
    }
  else
    {
      out->ulKind = MNID_ID;
      out->Kind.lID = name != NULL ? (LONG) imsg_property_name_get_id (name) : (LONG) id;
    }
  return out;
}

static gboolean
is_wanted (LPMAPINAMEID name,
           const GUID  *set,
           ULONG        flags)
{
  if (name == NULL)
    return FALSE;
  if (set != NULL && !mapi_guid_equal (name->lpguid, set))
    return FALSE;
  if ((flags & MAPI_NO_STRINGS) != 0 && name->ulKind == MNID_STRING)
    return FALSE;
  return (flags & MAPI_NO_IDS) == 0 || name->ulKind != MNID_ID;
}

/* All names of the mapping that are wanted, with a new array of their ids */
static HRESULT
give_all_names (MapiObject       *self,
                LPSPropTagArray  *tags,
                const GUID       *set,
                ULONG             flags,
                ULONG            *n_names,
                LPMAPINAMEID    **names)
{
  const MapiAllocators *allocators = &self->tree->allocators;
  gsize n_ids = 0;
  g_autofree guint *ids = imsg_property_object_list_named_ids (self->object, &n_ids);
  LPSPropTagArray array = new_tags (self, n_ids);
  LPMAPINAMEID *list = mapi_allocate (allocators, NULL, MAX (n_ids, 1) * sizeof *list);
  gboolean failed = array == NULL || list == NULL;
  ULONG n = 0;

  for (gsize i = 0; i < n_ids && !failed; i++)
    {
      LPMAPINAMEID name = give_name (self, ids[i], list, &failed);

      if (!is_wanted (name, set, flags))
        continue;
      array->aulPropTag[n] = PROP_TAG (PT_UNSPECIFIED, ids[i]);
      list[n++] = name;
    }
  if (failed || n == 0)
    {
      allocators->free_buffer (list);
      list = NULL;
    }
  if (failed)
    {
      allocators->free_buffer (array);
      return mapi_object_fail (self, MAPI_E_NOT_ENOUGH_MEMORY, _("GetNamesFromIDs: no memory"));
    }
  array->cValues = n;
  *tags = array;
  *n_names = n;
  *names = list;
  return S_OK;
}

HRESULT
mapi_prop_get_names (IMAPIProp        *iface,
                     LPSPropTagArray  *lppPropTags,
                     LPGUID            lpPropSetGuid,
                     ULONG             ulFlags,
                     ULONG            *lpcPropNames,
                     LPMAPINAMEID    **lpppPropNames)
{
  MapiObject *self = SELF (iface);
  LPSPropTagArray tags;
  LPMAPINAMEID *list;
  gboolean missing = FALSE;
  gboolean failed = FALSE;
  HRESULT hr = mapi_object_check (self);

  if (lpcPropNames != NULL)
    *lpcPropNames = 0;
  if (lpppPropNames != NULL)
    *lpppPropNames = NULL;
  if (FAILED (hr))
    return hr;
  if (lppPropTags == NULL || lpcPropNames == NULL || lpppPropNames == NULL ||
      (*lppPropTags != NULL && (*lppPropTags)->cValues == 0))
    return mapi_object_fail (self, MAPI_E_INVALID_PARAMETER, _("GetNamesFromIDs: no ids"));
  if ((ulFlags & ~(ULONG) (MAPI_NO_STRINGS | MAPI_NO_IDS)) != 0)
    return mapi_object_fail (self, MAPI_E_UNKNOWN_FLAGS, _("GetNamesFromIDs: unknown flags"));
  if (*lppPropTags == NULL)
    return give_all_names (self, lppPropTags, lpPropSetGuid, ulFlags, lpcPropNames,
                           lpppPropNames);

  tags = *lppPropTags;
  list = mapi_allocate (&self->tree->allocators, NULL, tags->cValues * sizeof *list);
  if (list == NULL)
    return mapi_object_fail (self, MAPI_E_NOT_ENOUGH_MEMORY, _("GetNamesFromIDs: no memory"));
  for (ULONG i = 0; i < tags->cValues && !failed; i++)
    {
      list[i] = give_name (self, PROP_ID (tags->aulPropTag[i]), list, &failed);
      if (!is_wanted (list[i], NULL, ulFlags))
        {
          list[i] = NULL;
          tags->aulPropTag[i] = CHANGE_PROP_TYPE (tags->aulPropTag[i], PT_ERROR);
          missing = TRUE;
        }
    }
  if (failed)
    {
      self->tree->allocators.free_buffer (list);
      return mapi_object_fail (self, MAPI_E_NOT_ENOUGH_MEMORY, _("GetNamesFromIDs: no memory"));
    }
  *lpcPropNames = tags->cValues;
  *lpppPropNames = list;
  return missing ? MAPI_W_ERRORS_RETURNED : S_OK;
}
