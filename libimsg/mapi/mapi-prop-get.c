/* mapi-prop-get.c - IMAPIProp::GetProps, GetPropList
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "mapi-object-private.h"

#include <glib/gi18n-lib.h>

#define SELF(iface) ((MapiObject *) (iface))

gboolean
mapi_is_text_type (ULONG type)
{
  type &= ~(ULONG) MVI_FLAG;
  return type == PT_STRING8 || type == PT_UNICODE;
}

ULONG
mapi_tag_with_width (ULONG tag,
                     ULONG flags)
{
  ULONG type = PROP_TYPE (tag);

  if (!mapi_is_text_type (type))
    return tag;
  return CHANGE_PROP_TYPE (tag, (type & MV_FLAG) | ((flags & MAPI_UNICODE) != 0 ? PT_UNICODE
                                                                                : PT_STRING8));
}

/* Text and bytes are two kinds of value, and so is everything else. */
static gboolean
is_text_against_bytes (ULONG wanted,
                       ULONG stored)
{
  return (mapi_is_text_type (wanted) && (stored & ~(ULONG) MV_FLAG) == PT_BINARY) ||
         ((wanted & ~(ULONG) MV_FLAG) == PT_BINARY && mapi_is_text_type (stored));
}

static SCODE
mismatch_code (ULONG wanted,
               ULONG stored)
{
  return is_text_against_bytes (wanted, stored) ? MAPI_E_NOT_FOUND : MAPI_E_UNEXPECTED_TYPE;
}

gboolean
mapi_object_is_hidden (MapiObject *self,
                       ULONG       tag)
{
  g_autoptr(GError) error = NULL;
  IMsgPropertyAttributes attributes =
    imsg_property_object_get_attributes (self->object, tag, &error);

  return error == NULL && (attributes & IMSG_PROPERTY_ATTRIBUTES_NOT_PRESENT) == 0 &&
         (attributes & IMSG_PROPERTY_ATTRIBUTES_READABLE) == 0;
}

/* What depends on how this pointer was opened, not on the object */
static gboolean
read_access (MapiObject *self,
             ULONG       tag,
             SPropValue *value)
{
  if (self->kind == MAPI_KIND_BAG ||
      (PROP_ID (tag) != PROP_ID (PR_ACCESS) && PROP_ID (tag) != PROP_ID (PR_ACCESS_LEVEL)))
    return FALSE;
  if (PROP_TYPE (tag) != PT_LONG && PROP_TYPE (tag) != PT_UNSPECIFIED)
    return FALSE;
  memset (value, 0, sizeof *value);
  value->ulPropTag = CHANGE_PROP_TYPE (tag, PT_LONG);
  if (PROP_ID (tag) == PROP_ID (PR_ACCESS))
    value->Value.l = MAPI_ACCESS_READ | (self->is_writable ? MAPI_ACCESS_MODIFY : 0);
  else
    value->Value.l = self->is_writable ? MAPI_MODIFY : 0;
  return TRUE;
}

/* Why a property that is stored cannot be given as the type wanted; S_OK when it can, read whole. */
static SCODE
check_readable (MapiObject *self,
                ULONG       tag,
                ULONG       stored)
{
  ULONG wanted = PROP_TYPE (tag);

  if (stored == PT_OBJECT)
    return wanted == PT_OBJECT   ? S_OK
           : wanted == PT_BINARY ? MAPI_E_NOT_FOUND
                                 : MAPI_E_UNEXPECTED_TYPE;
  if (wanted != stored && !(mapi_is_text_type (wanted) && mapi_is_text_type (stored) &&
                            (wanted & MV_FLAG) == (stored & MV_FLAG)))
    return mismatch_code (wanted, stored);
  /* Lists have no stream to read them by instead */
  if ((mapi_is_text_type (wanted) || wanted == PT_BINARY) && (wanted & MV_FLAG) == 0 &&
      self->tree->value_limit != 0 &&
      imsg_property_object_get_value_size (self->object, tag) > self->tree->value_limit)
    return MAPI_E_NOT_ENOUGH_MEMORY;
  return S_OK;
}

static SCODE
read_variant (MapiObject *self,
              ULONG       tag,
              gpointer    base,
              SPropValue *value)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) variant = imsg_property_object_get_value (self->object, tag, &error);

  if (variant != NULL && mapi_text_is_doubtful (tag, variant) &&
      mapi_value_read_text (self->object, tag, &self->tree->allocators, base, value))
    return S_OK;
  if (variant != NULL)
    return mapi_value_from_variant (tag, variant, mapi_object_get_code_page (self),
                                    &self->tree->allocators, base, value);
  return g_error_matches (error, IMSG_ERROR, IMSG_ERROR_TOO_BIG) ? MAPI_E_NOT_ENOUGH_MEMORY
                                                                 : mapi_error_to_scode (error);
}

gboolean
mapi_object_read_value (MapiObject *self,
                        ULONG       tag,
                        ULONG       flags,
                        gpointer    base,
                        SPropValue *value)
{
  ULONG stored_tag;
  SCODE scode = S_OK;

  memset (value, 0, sizeof *value);
  if (tag == PR_NULL)
    {
      value->ulPropTag = PR_NULL;
      return TRUE;
    }
  if (read_access (self, tag, value))
    return TRUE;
  stored_tag = imsg_property_object_find_tag (self->object, tag);
  if (stored_tag == 0)
    scode = MAPI_E_NOT_FOUND;
  else if (mapi_object_is_hidden (self, stored_tag))
    scode = MAPI_E_NO_ACCESS;
  else
    {
      if (PROP_TYPE (tag) == PT_UNSPECIFIED)
        tag = mapi_tag_with_width (stored_tag, flags);
      scode = check_readable (self, tag, PROP_TYPE (stored_tag));
      if (SUCCEEDED (scode) && PROP_TYPE (stored_tag) == PT_OBJECT)
        {
          value->ulPropTag = tag;
          return TRUE;
        }
      if (SUCCEEDED (scode) && PROP_TYPE (tag) == PT_STRING8 &&
          mapi_value_read_text (self->object, tag, &self->tree->allocators, base, value))
        return TRUE;
      if (SUCCEEDED (scode))
        scode = read_variant (self, tag, base, value);
    }
  if (FAILED (scode))
    mapi_value_set_error (value, tag, scode);
  return SUCCEEDED (scode);
}

/* Everything that is there, tables of a message included, what is hidden left out */
static GArray *
list_tags (MapiObject *self,
           ULONG       flags)
{
  gsize n_tags = 0;
  g_autofree guint32 *tags = imsg_property_object_list_tags (self->object, &n_tags);
  GArray *list = g_array_new (FALSE, FALSE, sizeof (ULONG));
  ULONG tables[2] = { PR_MESSAGE_RECIPIENTS, PR_MESSAGE_ATTACHMENTS };
  gboolean has_table[2] = { FALSE, FALSE };

  for (gsize i = 0; i < n_tags; i++)
    {
      ULONG tag = mapi_tag_with_width (tags[i], flags);

      if (mapi_object_is_hidden (self, tags[i]))
        continue;
      for (int j = 0; j < 2; j++)
        has_table[j] |= tag == tables[j];
      g_array_append_val (list, tag);
    }
  for (int j = 0; j < 2 && self->kind == MAPI_KIND_MESSAGE; j++)
    {
      if (!has_table[j])
        g_array_append_val (list, tables[j]);
    }
  if (self->object_tags != NULL && self->object_tags->len > 0)
    g_array_append_vals (list, self->object_tags->data, self->object_tags->len);
  return list;
}

HRESULT
mapi_prop_get_prop_list (IMAPIProp       *iface,
                         ULONG            ulFlags,
                         LPSPropTagArray *lppPropTagArray)
{
  MapiObject *self = SELF (iface);
  g_autoptr(GArray) list = NULL;
  LPSPropTagArray tags;
  HRESULT hr = mapi_object_check (self);

  if (lppPropTagArray != NULL)
    *lppPropTagArray = NULL;
  if (FAILED (hr))
    return hr;
  if (lppPropTagArray == NULL)
    return MAPI_E_INVALID_PARAMETER;
  if ((ulFlags & ~(ULONG) MAPI_UNICODE) != 0)
    return MAPI_E_UNKNOWN_FLAGS;
  list = list_tags (self, ulFlags);
  tags = mapi_allocate (&self->tree->allocators, NULL, CbNewSPropTagArray (list->len));
  if (tags == NULL)
    return MAPI_E_NOT_ENOUGH_MEMORY;
  tags->cValues = list->len;
  if (list->len > 0)
    memcpy (tags->aulPropTag, list->data, list->len * sizeof (ULONG));
  *lppPropTagArray = tags;
  return S_OK;
}

HRESULT
mapi_prop_get_props (IMAPIProp       *iface,
                     LPSPropTagArray  lpPropTagArray,
                     ULONG            ulFlags,
                     ULONG           *lpcValues,
                     LPSPropValue    *lppPropArray)
{
  MapiObject *self = SELF (iface);
  g_autoptr(GArray) list = NULL;
  LPSPropValue values;
  gboolean failed = FALSE;
  HRESULT hr = mapi_object_check (self);

  if (lpcValues != NULL)
    *lpcValues = 0;
  if (lppPropArray != NULL)
    *lppPropArray = NULL;
  if (FAILED (hr))
    return hr;
  if (lpcValues == NULL || lppPropArray == NULL ||
      (lpPropTagArray != NULL && lpPropTagArray->cValues == 0))
    return mapi_object_fail (self, MAPI_E_INVALID_PARAMETER, _("GetProps: no tags, or no result"));
  if ((ulFlags & ~(ULONG) MAPI_UNICODE) != 0)
    return mapi_object_fail (self, MAPI_E_UNKNOWN_FLAGS, _("GetProps: unknown flags"));
  if (lpPropTagArray == NULL)
    {
      list = list_tags (self, ulFlags);
    }
  else
    {
      list = g_array_new (FALSE, FALSE, sizeof (ULONG));
      g_array_append_vals (list, lpPropTagArray->aulPropTag, lpPropTagArray->cValues);
    }
  if (list->len == 0)
    return S_OK;
  values = mapi_allocate (&self->tree->allocators, NULL, (gsize) list->len * sizeof (SPropValue));
  if (values == NULL)
    return mapi_object_fail (self, MAPI_E_NOT_ENOUGH_MEMORY, _("GetProps: no memory"));
  for (guint i = 0; i < list->len; i++)
    {
      if (!mapi_object_read_value (self, g_array_index (list, ULONG, i), ulFlags, values,
                                   &values[i]))
        failed = TRUE;
    }
  *lpcValues = list->len;
  *lppPropArray = values;
  return failed ? MAPI_W_ERRORS_RETURNED : S_OK;
}
