/* mapi-prop-set.c - IMAPIProp::SetProps, DeleteProps, and the attributes of properties
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "mapi-object-private.h"

#include <glib/gi18n-lib.h>

#define SELF(iface) ((MapiObject *) (iface))

static gboolean
is_written (MapiObject *self,
            ULONG       tag)
{
  MapiOpenProperty *open = g_hash_table_lookup (self->open, GUINT_TO_POINTER (PROP_ID (tag)));

  return open != NULL && open->writes;
}

/* What a message says of itself once it was saved */
static gboolean
is_settled (MapiObject *self,
            ULONG       tag)
{
  return self->kind == MAPI_KIND_MESSAGE && PROP_ID (tag) == PROP_ID (PR_CREATION_TIME) &&
         imsg_property_object_find_tag (self->object, PR_MESSAGE_SIZE) != 0;
}

static gboolean
is_flags_of_another_type (MapiObject *self,
                          ULONG       tag)
{
  return self->kind == MAPI_KIND_MESSAGE && PROP_ID (tag) == PROP_ID (PR_MESSAGE_FLAGS) &&
         tag != PR_MESSAGE_FLAGS;
}

/* Whether there are attachments is not for the caller to say. */
static GVariant *
keep_attachment_flag (MapiObject *self,
                      GVariant   *flags)
{
  guint32 before = (guint32) imsg_property_object_get_int (self->object, PR_MESSAGE_FLAGS);
  guint32 after = (guint32) g_variant_get_int32 (flags);

  g_variant_unref (flags);
  return g_variant_ref_sink (g_variant_new_int32 (
    (gint32) ((after & ~MSGFLAG_HASATTACH) | (before & MSGFLAG_HASATTACH))));
}

static SCODE
set_one (MapiObject       *self,
         const SPropValue *value)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) raw = NULL;
  GVariant *variant = NULL;
  SCODE scode;

  if (is_written (self, value->ulPropTag))
    return MAPI_E_NO_ACCESS;
  if (PROP_ID (value->ulPropTag) == PROP_ID_NULL || PROP_ID (value->ulPropTag) == PROP_ID_INVALID)
    return MAPI_E_UNEXPECTED_ID;
  if (is_settled (self, value->ulPropTag))
    return MAPI_E_COMPUTED;
  if (is_flags_of_another_type (self, value->ulPropTag))
    return MAPI_E_UNEXPECTED_TYPE;
  scode = mapi_value_to_variant (value, mapi_object_get_code_page (self), &variant);
  if (FAILED (scode))
    return scode;
  g_variant_ref_sink (variant);
  if (self->kind == MAPI_KIND_MESSAGE && value->ulPropTag == PR_MESSAGE_FLAGS)
    variant = keep_attachment_flag (self, variant);
  raw = mapi_value_get_raw_text (value, mapi_object_get_code_page (self),
                                 imsg_property_object_is_unicode (self->object));
  if (raw != NULL)
    {
      if (!mapi_object_set_raw (self->object, value->ulPropTag, raw, &error))
        scode = mapi_object_take_error (self, &error);
    }
  else if (!imsg_property_object_set_value (self->object, value->ulPropTag, variant, &error))
    scode = mapi_object_take_error (self, &error);
  g_variant_unref (variant);
  return scode;
}

HRESULT
mapi_prop_set_props (IMAPIProp           *iface,
                     ULONG                cValues,
                     LPSPropValue         lpPropArray,
                     LPSPropProblemArray *lppProblems)
{
  MapiObject *self = SELF (iface);
  g_autoptr(GArray) problems = g_array_new (FALSE, FALSE, sizeof (SPropProblem));
  HRESULT hr = mapi_object_check (self);

  if (lppProblems != NULL)
    *lppProblems = NULL;
  if (FAILED (hr))
    return hr;
  if (cValues == 0 || lpPropArray == NULL)
    return mapi_object_fail (self, MAPI_E_INVALID_PARAMETER, _("SetProps: no values"));
  for (ULONG i = 0; i < cValues; i++)
    {
      ULONG tag = lpPropArray[i].ulPropTag;

      if (PROP_TYPE (tag) == PT_OBJECT ||
          ((tag & MV_FLAG) != 0 && lpPropArray[i].Value.MVi.cValues == 0))
        return mapi_object_fail (self, MAPI_E_INVALID_PARAMETER,
                                 _("SetProps: an object, or several values that are none"));
    }
  hr = mapi_object_check_write (self);
  if (FAILED (hr))
    return hr;
  for (ULONG i = 0; i < cValues; i++)
    {
      SCODE scode;

      if (lpPropArray[i].ulPropTag == PR_NULL ||
          PROP_TYPE (lpPropArray[i].ulPropTag) == PT_ERROR)
        continue;
      scode = set_one (self, &lpPropArray[i]);
      if (FAILED (scode))
        mapi_problems_add (problems, i, lpPropArray[i].ulPropTag, scode);
    }
  return mapi_problems_give (self, problems, lppProblems);
}

HRESULT
mapi_prop_delete_props (IMAPIProp           *iface,
                        LPSPropTagArray      lpPropTagArray,
                        LPSPropProblemArray *lppProblems)
{
  MapiObject *self = SELF (iface);
  g_autoptr(GArray) problems = g_array_new (FALSE, FALSE, sizeof (SPropProblem));
  HRESULT hr = mapi_object_check (self);

  if (lppProblems != NULL)
    *lppProblems = NULL;
  if (FAILED (hr))
    return hr;
  if (lpPropTagArray == NULL || lpPropTagArray->cValues == 0)
    return mapi_object_fail (self, MAPI_E_INVALID_PARAMETER, _("DeleteProps: no tags"));
  hr = mapi_object_check_write (self);
  if (FAILED (hr))
    return hr;
  for (ULONG i = 0; i < lpPropTagArray->cValues; i++)
    {
      ULONG tag = lpPropTagArray->aulPropTag[i];
      g_autoptr(GError) error = NULL;

      if (is_settled (self, tag))
        mapi_problems_add (problems, i, tag, MAPI_E_COMPUTED);
      else if (is_written (self, tag))
        mapi_problems_add (problems, i, tag, MAPI_E_NO_ACCESS);
      else if (!imsg_property_object_delete_value (self->object,
                                                   CHANGE_PROP_TYPE (tag, PT_UNSPECIFIED),
                                                   &error))
        mapi_problems_add (problems, i, tag, mapi_object_take_error (self, &error));
    }
  if (self->kind == MAPI_KIND_MESSAGE)
    mapi_message_sweep_attachments (self);
  return mapi_problems_give (self, problems, lppProblems);
}

/* --- attributes --- */

HRESULT
GetAttribIMsgOnIStg (LPVOID            lpObject,
                     LPSPropTagArray   lpPropTagArray,
                     LPSPropAttrArray *lppPropAttrArray)
{
  MapiObject *self = mapi_object_peek (lpObject);
  LPSPropAttrArray array;
  gboolean failed = FALSE;
  HRESULT hr;

  if (lppPropAttrArray != NULL)
    *lppPropAttrArray = NULL;
  if (lpObject == NULL || lpPropTagArray == NULL || lpPropTagArray->cValues == 0 ||
      lppPropAttrArray == NULL)
    return MAPI_E_INVALID_PARAMETER;
  if (self == NULL)
    return MAPI_E_INVALID_OBJECT;
  hr = mapi_object_check (self);
  if (FAILED (hr))
    return hr;
  array = mapi_allocate (&self->tree->allocators, NULL,
                         CbNewSPropAttrArray ((SIZE_T) lpPropTagArray->cValues));
  if (array == NULL)
    return MAPI_E_NOT_ENOUGH_MEMORY;
  array->cValues = lpPropTagArray->cValues;
  for (ULONG i = 0; i < array->cValues; i++)
    {
      ULONG tag = CHANGE_PROP_TYPE (lpPropTagArray->aulPropTag[i], PT_UNSPECIFIED);
      g_autoptr(GError) error = NULL;
      IMsgPropertyAttributes attributes = IMSG_PROPERTY_ATTRIBUTES_NOT_PRESENT;

      if (imsg_property_object_find_tag (self->object, tag) != 0)
        attributes = imsg_property_object_get_attributes (self->object, tag, &error);
      if (error != NULL)
        attributes = IMSG_PROPERTY_ATTRIBUTES_NOT_PRESENT;
      if ((attributes & IMSG_PROPERTY_ATTRIBUTES_NOT_PRESENT) != 0)
        failed = TRUE;
      array->aPropAttr[i] = (ULONG) attributes;
    }
  *lppPropAttrArray = array;
  return failed ? MAPI_W_ERRORS_RETURNED : S_OK;
}

HRESULT
SetAttribIMsgOnIStg (LPVOID               lpObject,
                     LPSPropTagArray      lpPropTags,
                     LPSPropAttrArray     lpPropAttrs,
                     LPSPropProblemArray *lppPropProblems)
{
  MapiObject *self = mapi_object_peek (lpObject);
  g_autoptr(GArray) problems = g_array_new (FALSE, FALSE, sizeof (SPropProblem));
  HRESULT hr;

  if (lppPropProblems != NULL)
    *lppPropProblems = NULL;
  if (lpObject == NULL || lpPropTags == NULL || lpPropAttrs == NULL || lpPropTags->cValues == 0 ||
      lpPropTags->cValues != lpPropAttrs->cValues)
    return MAPI_E_INVALID_PARAMETER;
  if (self == NULL)
    return MAPI_E_INVALID_OBJECT;
  hr = mapi_object_check_write (self);
  if (FAILED (hr))
    return hr;
  for (ULONG i = 0; i < lpPropTags->cValues; i++)
    {
      ULONG tag = lpPropTags->aulPropTag[i];
      ULONG attributes = lpPropAttrs->aPropAttr[i];
      g_autoptr(GError) error = NULL;

      if ((attributes & ~(PROPATTR_MANDATORY | PROPATTR_READABLE | PROPATTR_WRITEABLE)) != 0)
        mapi_problems_add (problems, i, tag, MAPI_E_INVALID_PARAMETER);
      else if (!imsg_property_object_set_attributes (self->object,
                                                     CHANGE_PROP_TYPE (tag, PT_UNSPECIFIED),
                                                     (IMsgPropertyAttributes) attributes, &error))
        mapi_problems_add (problems, i, tag, mapi_object_take_error (self, &error));
    }
  hr = mapi_problems_give (self, problems, lppPropProblems);
  return SUCCEEDED (hr) && problems->len > 0 ? MAPI_W_ERRORS_RETURNED : hr;
}
