/* mapi-prop-copy.c - IMAPIProp::CopyTo, CopyProps
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "mapi-copy-private.h"

#include <glib/gi18n-lib.h>

#define SELF(iface) ((MapiObject *) (iface))

#define COPY_FLAGS (MAPI_MOVE | MAPI_NOREPLACE | MAPI_DECLINE_OK | MAPI_DIALOG)

static gboolean
is_bad_tag_array (LPSPropTagArray tags)
{
  if (tags->cValues == 0)
    return TRUE;
  for (ULONG i = 0; i < tags->cValues; i++)
    {
      if (tags->aulPropTag[i] == PR_NULL)
        return TRUE;
    }
  return FALSE;
}

/* The destination through the interface that was named; counted. */
static HRESULT
find_destination (MapiObject  *self,
                  LPCIID       iid,
                  LPVOID       destination,
                  IMAPIProp  **out)
{
  IUnknown *unknown = destination;
  LPVOID object = NULL;

  *out = NULL;
  if (iid == NULL || destination == NULL)
    return mapi_object_fail (self, MAPI_E_INVALID_PARAMETER, _("There is no destination"));
  if (FAILED (unknown->lpVtbl->QueryInterface (unknown, iid, &object)) || object == NULL)
    return mapi_object_fail (self, MAPI_E_INTERFACE_NOT_SUPPORTED,
                             _("The destination is no such thing"));
  UlRelease (object);
  if (FAILED (unknown->lpVtbl->QueryInterface (unknown, &IID_IMAPIProp, &object)) ||
      object == NULL)
    return mapi_object_fail (self, MAPI_E_INTERFACE_NOT_SUPPORTED,
                             _("The destination has no properties"));
  *out = object;
  return S_OK;
}

static HRESULT
check_destination (MapiObject *self,
                   IMAPIProp  *destination,
                   ULONG       flags)
{
  MapiObject *own = mapi_object_peek (destination);

  if ((flags & ~(ULONG) COPY_FLAGS) != 0)
    return mapi_object_fail (self, MAPI_E_UNKNOWN_FLAGS, _("Unknown flags for a copy"));
  if ((flags & MAPI_MOVE) != 0 && !self->is_writable)
    return mapi_object_fail (self, MAPI_E_NO_ACCESS, _("Nothing can be moved out of it"));
  if (own == NULL)
    return S_OK;
  if (own == self || own->object == self->object)
    return mapi_object_fail (self, MAPI_E_NO_ACCESS, _("It cannot be copied onto itself"));
  if (FAILED (mapi_object_check (own)))
    return mapi_object_check (own);
  if (!own->is_writable)
    return mapi_object_fail (self, MAPI_E_NO_ACCESS, _("The destination was opened for reading"));
  for (MapiObject *outer = own->parent; outer != NULL; outer = outer->parent)
    {
      if (outer == self || outer->object == self->object)
        return mapi_object_fail (self, MAPI_E_FOLDER_CYCLE, _("The destination lies inside it"));
    }
  return S_OK;
}

/* --- between objects of ours --- */

static void
take_problems (GPtrArray *from,
               GArray    *problems)
{
  for (guint i = 0; from != NULL && i < from->len; i++)
    {
      IMsgProblem *problem = from->pdata[i];

      mapi_problems_add (problems, imsg_problem_get_index (problem), imsg_problem_get_tag (problem),
                         mapi_code_to_scode (imsg_problem_get_code (problem)));
    }
}

static GHashTable *
list_attachments (MapiObject *object)
{
  GHashTable *numbers = g_hash_table_new (NULL, NULL);
  GListModel *attachments;

  if (object->kind != MAPI_KIND_MESSAGE)
    return numbers;
  attachments = imsg_message_get_attachments (IMSG_MESSAGE (object->object));
  for (guint i = 0; i < g_list_model_get_n_items (attachments); i++)
    {
      g_autoptr(IMsgAttachment) attachment = g_list_model_get_item (attachments, i);

      g_hash_table_add (numbers, GUINT_TO_POINTER (imsg_attachment_get_number (attachment)));
    }
  return numbers;
}

/* The places among the attachments of those that were made here and not saved even once */
static GHashTable *
list_unsaved (MapiObject *object)
{
  GHashTable *places = g_hash_table_new (NULL, NULL);
  GListModel *attachments;

  if (object->kind != MAPI_KIND_MESSAGE)
    return places;
  attachments = imsg_message_get_attachments (IMSG_MESSAGE (object->object));
  for (guint i = 0; i < g_list_model_get_n_items (attachments); i++)
    {
      g_autoptr(IMsgAttachment) attachment = g_list_model_get_item (attachments, i);

      if (mapi_message_is_unsaved (object, imsg_attachment_get_number (attachment)))
        g_hash_table_add (places, GUINT_TO_POINTER (i));
    }
  return places;
}

/* A copy hands over what it made: the next save of the destination takes it along. What was not
 * saved in the source is no part of it yet. */
static HRESULT
save_new_attachments (MapiObject *destination,
                      GHashTable *before,
                      GHashTable *unsaved)
{
  g_autoptr(GPtrArray) made = g_ptr_array_new_with_free_func (g_object_unref);
  GListModel *attachments;

  if (destination->kind != MAPI_KIND_MESSAGE)
    return S_OK;
  attachments = imsg_message_get_attachments (IMSG_MESSAGE (destination->object));
  for (guint i = 0; i < g_list_model_get_n_items (attachments); i++)
    {
      g_autoptr(IMsgAttachment) attachment = g_list_model_get_item (attachments, i);

      if (!g_hash_table_contains (before,
                                  GUINT_TO_POINTER (imsg_attachment_get_number (attachment))))
        g_ptr_array_add (made, g_steal_pointer (&attachment));
    }
  for (guint i = 0; i < made->len; i++)
    {
      IMsgAttachment *attachment = made->pdata[i];
      gpointer number = GUINT_TO_POINTER (imsg_attachment_get_number (attachment));
      g_autoptr(GError) error = NULL;

      if (g_hash_table_contains (unsaved, GUINT_TO_POINTER (i)))
        {
          imsg_message_delete_attachment (IMSG_MESSAGE (destination->object),
                                          GPOINTER_TO_UINT (number), NULL);
          continue;
        }
      if (!imsg_attachment_save (attachment, IMSG_SAVE_KEEP_OPEN_READWRITE, NULL, &error))
        return mapi_object_take_error (destination, &error);
      g_hash_table_add (destination->hidden, number);
      g_hash_table_add (destination->half_saved, number);
    }
  return S_OK;
}

static HRESULT
copy_own (MapiObject    *self,
          MapiObject    *destination,
          const guint32 *tags,
          gsize          n_tags,
          gboolean       included,
          ULONG          flags,
          GArray        *problems)
{
  IMsgCopyFlags copy_flags = IMSG_COPY_NONE;
  g_autoptr(GHashTable) before = list_attachments (destination);
  g_autoptr(GHashTable) unsaved = list_unsaved (self);
  g_autoptr(GPtrArray) found = NULL;
  g_autoptr(GError) error = NULL;
  gboolean ok;

  if ((flags & MAPI_MOVE) != 0)
    copy_flags |= IMSG_COPY_MOVE;
  if ((flags & MAPI_NOREPLACE) != 0)
    copy_flags |= IMSG_COPY_NO_REPLACE;
  if (destination->kind == MAPI_KIND_MESSAGE)
    mapi_message_begin_batch (destination);
  if (included)
    ok = imsg_property_object_copy_properties (self->object, destination->object, tags, n_tags,
                                               copy_flags, NULL, &found, &error);
  else
    ok = imsg_property_object_copy_to (self->object, destination->object, tags, n_tags,
                                       copy_flags, NULL, &found, &error);
  if (ok && FAILED (save_new_attachments (destination, before, unsaved)))
    ok = FALSE;
  if (destination->kind == MAPI_KIND_MESSAGE)
    {
      mapi_message_sweep_attachments (destination);
      mapi_message_refresh_tables (destination);
      mapi_message_end_batch (destination);
    }
  if ((flags & MAPI_MOVE) != 0 && self->kind == MAPI_KIND_MESSAGE)
    mapi_message_sweep_attachments (self);
  if (!ok)
    return error != NULL ? mapi_object_take_error (self, &error) : destination->last_result;
  take_problems (found, problems);
  return S_OK;
}

static HRESULT
copy (MapiObject          *self,
      IMAPIProp           *destination,
      const guint32       *tags,
      gsize                n_tags,
      gboolean             included,
      ULONG                flags,
      LPSPropProblemArray *lppProblems)
{
  g_autoptr(GArray) problems = g_array_new (FALSE, FALSE, sizeof (SPropProblem));
  MapiObject *own = mapi_object_peek (destination);
  HRESULT hr;

  /* A message and an attachment have nothing in common but being objects with properties. */
  if (own != NULL && own->kind == self->kind)
    hr = copy_own (self, own, tags, n_tags, included, flags, problems);
  else
    hr = mapi_copy_to_other (self, destination, tags, n_tags, included, flags, problems);
  return FAILED (hr) ? hr : mapi_problems_give (self, problems, lppProblems);
}

HRESULT
mapi_prop_copy_to (IMAPIProp           *iface,
                   ULONG                ciidExclude,
                   LPCIID               rgiidExclude,
                   LPSPropTagArray      lpExcludeProps,
                   ULONG_PTR            ulUIParam,
                   LPMAPIPROGRESS       lpProgress,
                   LPCIID               lpInterface,
                   LPVOID               lpDestObj,
                   ULONG                ulFlags,
                   LPSPropProblemArray *lppProblems)
{
  MapiObject *self = SELF (iface);
  g_autoptr(GArray) excluded = g_array_new (FALSE, FALSE, sizeof (guint32));
  IMAPIProp *destination;
  HRESULT hr = mapi_object_check (self);

  if (lppProblems != NULL)
    *lppProblems = NULL;
  if (FAILED (hr))
    return hr;
  if ((ciidExclude > 0 && rgiidExclude == NULL) ||
      (lpExcludeProps != NULL && is_bad_tag_array (lpExcludeProps)))
    return mapi_object_fail (self, MAPI_E_INVALID_PARAMETER, _("CopyTo: nothing to exclude"));
  for (ULONG i = 0; i < ciidExclude; i++)
    {
      guint32 tables[] = { PR_MESSAGE_RECIPIENTS, PR_MESSAGE_ATTACHMENTS };

      if (IsEqualIID (&rgiidExclude[i], &IID_IUnknown) ||
          IsEqualIID (&rgiidExclude[i], &IID_IMAPIProp))
        return mapi_object_fail (self, MAPI_E_INTERFACE_NOT_SUPPORTED,
                                 _("CopyTo: with that excluded nothing is left"));
      if (IsEqualIID (&rgiidExclude[i], &IID_IMessage))
        g_array_append_vals (excluded, tables, 2);
    }
  hr = find_destination (self, lpInterface, lpDestObj, &destination);
  if (FAILED (hr))
    return hr;
  if (lpExcludeProps != NULL)
    g_array_append_vals (excluded, lpExcludeProps->aulPropTag, lpExcludeProps->cValues);
  hr = check_destination (self, destination, ulFlags);
  if (SUCCEEDED (hr))
    hr = copy (self, destination, (const guint32 *) (gpointer) excluded->data, excluded->len,
               FALSE, ulFlags, lppProblems);
  UlRelease (destination);
  return hr;
}

HRESULT
mapi_prop_copy_props (IMAPIProp           *iface,
                      LPSPropTagArray      lpIncludeProps,
                      ULONG_PTR            ulUIParam,
                      LPMAPIPROGRESS       lpProgress,
                      LPCIID               lpInterface,
                      LPVOID               lpDestObj,
                      ULONG                ulFlags,
                      LPSPropProblemArray *lppProblems)
{
  MapiObject *self = SELF (iface);
  IMAPIProp *destination;
  HRESULT hr = mapi_object_check (self);

  if (lppProblems != NULL)
    *lppProblems = NULL;
  if (FAILED (hr))
    return hr;
  if (lpIncludeProps == NULL || is_bad_tag_array (lpIncludeProps))
    return mapi_object_fail (self, MAPI_E_INVALID_PARAMETER, _("CopyProps: nothing to copy"));
  hr = find_destination (self, lpInterface, lpDestObj, &destination);
  if (FAILED (hr))
    return hr;
  hr = check_destination (self, destination, ulFlags);
  if (SUCCEEDED (hr))
    hr = copy (self, destination, lpIncludeProps->aulPropTag, lpIncludeProps->cValues, TRUE,
               ulFlags, lppProblems);
  UlRelease (destination);
  return hr;
}
