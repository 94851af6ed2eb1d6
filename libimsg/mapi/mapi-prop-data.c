/* mapi-prop-data.c - IPropData: properties in memory, and who changed them
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "mapi-object-private.h"

#include <glib/gi18n-lib.h>

#define SELF(iface) ((MapiObject *) (iface))

#define ACCESS_BITS (IPROP_READONLY | IPROP_READWRITE)
#define STATE_BITS (IPROP_CLEAN | IPROP_DIRTY)

/* IPropDataVtbl with its first part taken from IMAPIProp's: the same slots in the same order */
typedef struct
{
  IMAPIPropVtbl prop;
  HRESULT     (*set_object_access)   (IPropData *, ULONG);
  HRESULT     (*set_property_access) (IPropData *, LPSPropTagArray, ULONG *);
  HRESULT     (*get_property_access) (IPropData *, LPSPropTagArray *, ULONG **);
  HRESULT     (*add_object_tags)     (IPropData *, LPSPropTagArray, LPSPropProblemArray *);
} PropDataVtbl;

G_STATIC_ASSERT (sizeof (PropDataVtbl) == sizeof (IPropDataVtbl));
G_STATIC_ASSERT (offsetof (PropDataVtbl, add_object_tags) ==
                 offsetof (IPropDataVtbl, HrAddObjProps));

/* Nothing is transacted here. */
static HRESULT
data_save_changes (IMAPIProp *iface,
                   ULONG      ulFlags)
{
  return mapi_object_check (SELF (iface));
}

static HRESULT
data_set_object_access (IPropData *iface,
                        ULONG      ulAccess)
{
  MapiObject *self = SELF (iface);

  if (ulAccess != IPROP_READONLY && ulAccess != IPROP_READWRITE)
    return mapi_object_fail (self, MAPI_E_INVALID_PARAMETER,
                             _("HrSetObjAccess: neither read-only nor read/write"));
  self->is_writable = ulAccess == IPROP_READWRITE;
  return S_OK;
}

static gpointer
key_of (ULONG tag)
{
  return GUINT_TO_POINTER (PROP_ID (tag));
}

static void
set_one_access (MapiObject *self,
                ULONG       tag,
                ULONG       access)
{
  ULONG stored = imsg_property_object_find_tag (self->object,
                                                CHANGE_PROP_TYPE (tag, PT_UNSPECIFIED));
  gboolean is_dirty = g_hash_table_contains (self->dirty, key_of (tag));

  if (stored != 0 && (access & ACCESS_BITS) != 0)
    imsg_property_object_set_attributes (
      self->object, stored,
      IMSG_PROPERTY_ATTRIBUTES_READABLE |
        ((access & IPROP_READWRITE) != 0 ? IMSG_PROPERTY_ATTRIBUTES_WRITEABLE : 0), NULL);
  if ((access & STATE_BITS) != 0)
    is_dirty = (access & IPROP_DIRTY) != 0;
  if (is_dirty)
    g_hash_table_insert (self->dirty, key_of (tag), GUINT_TO_POINTER (tag));
  else
    g_hash_table_remove (self->dirty, key_of (tag));
}

static HRESULT
data_set_property_access (IPropData       *iface,
                          LPSPropTagArray  lpPropTagArray,
                          ULONG           *rgulAccess)
{
  MapiObject *self = SELF (iface);
  HRESULT hr;

  if (lpPropTagArray == NULL || lpPropTagArray->cValues == 0 || rgulAccess == NULL)
    return mapi_object_fail (self, MAPI_E_INVALID_PARAMETER, _("HrSetPropAccess: no properties"));
  for (ULONG i = 0; i < lpPropTagArray->cValues; i++)
    {
      ULONG access = rgulAccess[i];

      if ((access & ~(ACCESS_BITS | STATE_BITS)) != 0 || (access & ACCESS_BITS) == ACCESS_BITS ||
          (access & STATE_BITS) == STATE_BITS)
        return mapi_object_fail (self, MAPI_E_INVALID_PARAMETER,
                                 _("HrSetPropAccess: both of what excludes one another"));
    }
  hr = mapi_object_check_write (self);
  for (ULONG i = 0; SUCCEEDED (hr) && i < lpPropTagArray->cValues; i++)
    set_one_access (self, lpPropTagArray->aulPropTag[i], rgulAccess[i]);
  return hr;
}

static ULONG
get_one_access (MapiObject *self,
                ULONG       tag,
                gboolean    with_deleted)
{
  ULONG stored = imsg_property_object_find_tag (self->object,
                                                CHANGE_PROP_TYPE (tag, PT_UNSPECIFIED));
  IMsgPropertyAttributes attributes;

  if (stored == 0 && !with_deleted)
    return 0;
  if (g_hash_table_contains (self->dirty, key_of (tag)))
    return IPROP_DIRTY;
  attributes = imsg_property_object_get_attributes (self->object, stored, NULL);
  return (attributes & IMSG_PROPERTY_ATTRIBUTES_WRITEABLE) != 0 ? IPROP_READWRITE
                                                                : IPROP_READONLY;
}

/* All that are there, and those that were */
static GArray *
list_known (MapiObject *self)
{
  GArray *known = g_array_new (FALSE, FALSE, sizeof (ULONG));
  gsize n_tags = 0;
  g_autofree guint32 *tags = imsg_property_object_list_tags (self->object, &n_tags);
  GHashTableIter iter;
  gpointer tag;

  g_array_append_vals (known, tags, (guint) n_tags);
  g_hash_table_iter_init (&iter, self->dirty);
  while (g_hash_table_iter_next (&iter, NULL, &tag))
    {
      ULONG gone = GPOINTER_TO_UINT (tag);

      if (imsg_property_object_find_tag (self->object,
                                         CHANGE_PROP_TYPE (gone, PT_UNSPECIFIED)) == 0)
        g_array_append_val (known, gone);
    }
  return known;
}

static HRESULT
data_get_property_access (IPropData        *iface,
                          LPSPropTagArray  *lppPropTagArray,
                          ULONG           **lprgulAccess)
{
  MapiObject *self = SELF (iface);
  const MapiAllocators *allocators = &self->tree->allocators;
  LPSPropTagArray tags;
  ULONG *access;

  if (lprgulAccess != NULL)
    *lprgulAccess = NULL;
  if (lppPropTagArray == NULL || lprgulAccess == NULL)
    return mapi_object_fail (self, MAPI_E_INVALID_PARAMETER, _("HrGetPropAccess: no result"));
  tags = *lppPropTagArray;
  if (tags == NULL)
    {
      g_autoptr(GArray) known = list_known (self);

      tags = mapi_allocate (allocators, NULL, CbNewSPropTagArray (known->len));
      if (tags == NULL)
        return MAPI_E_NOT_ENOUGH_MEMORY;
      tags->cValues = known->len;
      if (known->len > 0)
        memcpy (tags->aulPropTag, known->data, known->len * sizeof (ULONG));
    }
  access = mapi_allocate (allocators, NULL, MAX (tags->cValues, 1) * sizeof (ULONG));
  if (access == NULL)
    {
      if (*lppPropTagArray == NULL)
        allocators->free_buffer (tags);
      return MAPI_E_NOT_ENOUGH_MEMORY;
    }
  for (ULONG i = 0; i < tags->cValues; i++)
    access[i] = get_one_access (self, tags->aulPropTag[i], *lppPropTagArray == NULL);
  *lppPropTagArray = tags;
  *lprgulAccess = access;
  return S_OK;
}

static HRESULT
data_add_object_tags (IPropData           *iface,
                      LPSPropTagArray      lppPropTagArray,
                      LPSPropProblemArray *lprgulAccess)
{
  MapiObject *self = SELF (iface);
  g_autoptr(GArray) problems = g_array_new (FALSE, FALSE, sizeof (SPropProblem));
  HRESULT hr;

  if (lprgulAccess != NULL)
    *lprgulAccess = NULL;
  if (lppPropTagArray == NULL || lppPropTagArray->cValues == 0)
    return mapi_object_fail (self, MAPI_E_INVALID_PARAMETER, _("HrAddObjProps: no properties"));
  hr = mapi_object_check_write (self);
  if (FAILED (hr))
    return hr;
  for (ULONG i = 0; i < lppPropTagArray->cValues; i++)
    {
      ULONG tag = lppPropTagArray->aulPropTag[i];
      gboolean is_there = FALSE;

      if (PROP_TYPE (tag) != PT_OBJECT)
        {
          mapi_problems_add (problems, i, tag, MAPI_E_INVALID_TYPE);
          continue;
        }
      for (guint j = 0; j < self->object_tags->len; j++)
        is_there |= g_array_index (self->object_tags, ULONG, j) == tag;
      if (!is_there)
        g_array_append_val (self->object_tags, tag);
    }
  if (problems->len == lppPropTagArray->cValues)
    return mapi_object_fail (self, MAPI_E_INVALID_TYPE, _("HrAddObjProps: no objects"));
  hr = mapi_problems_give (self, problems, lprgulAccess);
  return SUCCEEDED (hr) && problems->len > 0 ? MAPI_W_PARTIAL_COMPLETION : hr;
}

static PropDataVtbl data_vtbl = {
  .set_object_access = data_set_object_access,
  .set_property_access = data_set_property_access,
  .get_property_access = data_get_property_access,
  .add_object_tags = data_add_object_tags,
};
static gsize vtbl_ready;

gconstpointer
mapi_prop_data_get_vtbl (void)
{
  if (g_once_init_enter (&vtbl_ready))
    {
      data_vtbl.prop = mapi_prop_methods;
      data_vtbl.prop.SaveChanges = data_save_changes;
      g_once_init_leave (&vtbl_ready, 1);
    }
  return &data_vtbl;
}

/* --- making one --- */

static void
property_changed_cb (IMsgPropertyObject *object,
                     guint               tag,
                     gpointer            user_data)
{
  g_hash_table_insert (SELF (user_data)->dirty, key_of (tag), GUINT_TO_POINTER (tag));
}

MapiObject *
mapi_prop_data_new (const MapiAllocators *allocators)
{
  MapiTree *tree = g_new0 (MapiTree, 1);
  MapiObject *self;

  tree->ref_count = 1;
  tree->allocators = *allocators;
  self = mapi_object_new (MAPI_KIND_BAG, tree, NULL,
                          IMSG_PROPERTY_OBJECT (imsg_property_bag_new (NULL)), TRUE);
  mapi_tree_unref (tree);
  self->dirty = g_hash_table_new (NULL, NULL);
  self->object_tags = g_array_new (FALSE, FALSE, sizeof (ULONG));
  g_signal_connect (self->object, "property-changed", G_CALLBACK (property_changed_cb), self);
  return self;
}

SCODE
CreateIProp (LPCIID          lpInterface,
             ALLOCATEBUFFER *lpAllocateBuffer,
             ALLOCATEMORE   *lpAllocateMore,
             FREEBUFFER     *lpFreeBuffer,
             LPVOID          lpvReserved,
             LPPROPDATA     *lppPropData)
{
  MapiAllocators allocators = { lpAllocateBuffer, lpAllocateMore, lpFreeBuffer };

  if (lppPropData != NULL)
    *lppPropData = NULL;
  if (lpAllocateBuffer == NULL || lpAllocateMore == NULL || lpFreeBuffer == NULL ||
      lpvReserved != NULL || lppPropData == NULL)
    return MAPI_E_INVALID_PARAMETER;
  if (lpInterface != NULL && !IsEqualIID (lpInterface, &IID_IMAPIPropData))
    return MAPI_E_INTERFACE_NOT_SUPPORTED;
  *lppPropData = (LPPROPDATA) mapi_prop_data_new (&allocators);
  return S_OK;
}
