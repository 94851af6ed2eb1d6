/* mapi-object.c - the life of messages and attachments, and what goes wrong with them
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "mapi-object-private.h"

#include <glib/gi18n-lib.h>

#define SELF(iface) ((MapiObject *) (iface))

/* Component that GetLastError names; kept short */
#define COMPONENT "libimsg"

MapiObject *
mapi_object_peek (gconstpointer iface)
{
  const MapiObject *self = iface;

  if (self != NULL && (self->vtbl == mapi_message_get_vtbl () ||
                       self->vtbl == mapi_attach_get_vtbl () ||
                       self->vtbl == mapi_prop_data_get_vtbl ()))
    return (MapiObject *) self;
  return NULL;
}

static gconstpointer
get_vtbl (MapiKind kind)
{
  switch (kind)
    {
    case MAPI_KIND_MESSAGE:
      return mapi_message_get_vtbl ();
    case MAPI_KIND_ATTACH:
      return mapi_attach_get_vtbl ();
    case MAPI_KIND_BAG:
    default:
      return mapi_prop_data_get_vtbl ();
    }
}

MapiObject *
mapi_object_new (MapiKind            kind,
                 MapiTree           *tree,
                 MapiObject         *parent,
                 IMsgPropertyObject *object,
                 gboolean            is_writable)
{
  MapiObject *self = g_new0 (MapiObject, 1);

  self->vtbl = get_vtbl (kind);
  self->ref_count = 1;
  self->kind = kind;
  self->tree = mapi_tree_ref (tree);
  self->parent = parent;
  UlAddRef (parent);
  self->object = object;
  self->is_writable = is_writable;
  self->open = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  self->attachments = g_hash_table_new (NULL, NULL);
  self->hidden = g_hash_table_new (NULL, NULL);
  self->half_saved = g_hash_table_new (NULL, NULL);
  self->tables = g_ptr_array_new ();
  return self;
}

HRESULT
mapi_object_check (MapiObject *self)
{
  if (self->tree->is_dead || self->is_dead)
    return MAPI_E_INVALID_OBJECT;
  for (MapiObject *object = self; object != NULL; object = object->parent)
    {
      if (object->is_deleted)
        return MAPI_E_OBJECT_DELETED;
    }
  if (imsg_property_object_is_closed (self->object))
    return MAPI_E_INVALID_OBJECT;
  return S_OK;
}

HRESULT
mapi_object_check_write (MapiObject *self)
{
  HRESULT hr = mapi_object_check (self);

  if (FAILED (hr))
    return hr;
  return self->is_writable ? S_OK : mapi_object_fail (self, MAPI_E_NO_ACCESS,
                                                      _("The object was opened for reading"));
}

void
mapi_object_kill (MapiObject *self,
                  HRESULT     code)
{
  g_autoptr(GPtrArray) pending = g_ptr_array_new ();

  g_ptr_array_add (pending, self);
  while (pending->len > 0)
    {
      MapiObject *object = g_ptr_array_steal_index_fast (pending, pending->len - 1);
      GHashTableIter iter;
      gpointer item;

      g_hash_table_iter_init (&iter, object->open);
      while (g_hash_table_iter_next (&iter, NULL, &item))
        {
          MapiOpenProperty *open = item;

          if (open->content != NULL)
            {
              mapi_content_revert (open->content, code);
            }
          else if (IsEqualIID (&open->iid, &IID_IStorage))
            {
              MapiStorage *storage = open->pointer;

              storage->is_reverted = TRUE;
              storage->dead_code = code;
              mapi_storage_revert_tree (storage, code);
            }
          else
            {
              g_ptr_array_add (pending, open->pointer);
            }
        }
      g_hash_table_iter_init (&iter, object->attachments);
      while (g_hash_table_iter_next (&iter, NULL, &item))
        g_ptr_array_add (pending, item);
    }
}

guint
mapi_object_get_code_page (MapiObject *self)
{
  IMsgMessage *message = NULL;

  if (self->kind == MAPI_KIND_MESSAGE)
    message = IMSG_MESSAGE (self->object);
  else if (self->kind == MAPI_KIND_ATTACH)
    message = imsg_attachment_get_message (IMSG_ATTACHMENT (self->object));
  return message != NULL ? imsg_message_get_code_page (message) : 1252;
}

/* --- errors --- */

HRESULT
mapi_object_fail (MapiObject *self,
                  HRESULT     code,
                  const char *text)
{
  self->last_result = code;
  g_free (self->last_text);
  self->last_text = g_strdup (text);
  return code;
}

HRESULT
mapi_object_take_error (MapiObject  *self,
                        GError     **error)
{
  HRESULT hr = mapi_error_to_scode (*error);

  mapi_object_fail (self, hr, *error != NULL ? (*error)->message : NULL);
  g_clear_error (error);
  return hr;
}

HRESULT
mapi_make_last_error (const MapiAllocators *allocators,
                      HRESULT               result,
                      const char           *text,
                      ULONG                 flags,
                      LPMAPIERROR          *out)
{
  LPMAPIERROR last;
  gpointer strings[2];
  const char *texts[2] = { text, COMPONENT };

  if (out == NULL)
    return MAPI_E_INVALID_PARAMETER;
  *out = NULL;
  if ((flags & ~(ULONG) MAPI_UNICODE) != 0)
    return MAPI_E_UNKNOWN_FLAGS;
  if (text == NULL || SUCCEEDED (result))
    return S_OK;
  last = mapi_allocate (allocators, NULL, sizeof *last);
  if (last == NULL)
    return MAPI_E_NOT_ENOUGH_MEMORY;
  for (int i = 0; i < 2; i++)
    {
      if ((flags & MAPI_UNICODE) != 0)
        {
          strings[i] = mapi_utf8_to_wide (texts[i], allocators, last);
        }
      else
        {
          strings[i] = mapi_allocate (allocators, last, strlen (texts[i]) + 1);
          if (strings[i] != NULL)
            memcpy (strings[i], texts[i], strlen (texts[i]) + 1);
        }
    }
  if (strings[0] == NULL || strings[1] == NULL)
    {
      allocators->free_buffer (last);
      return MAPI_E_NOT_ENOUGH_MEMORY;
    }
  last->ulVersion = MAPI_ERROR_VERSION;
  last->lpszError = strings[0];
  last->lpszComponent = strings[1];
  last->ulLowLevelError = (ULONG) result;
  last->ulContext = (ULONG) result & 0xFFFF;
  *out = last;
  return S_OK;
}

void
mapi_problems_add (GArray *problems,
                   ULONG   index,
                   ULONG   tag,
                   SCODE   scode)
{
  SPropProblem problem = { index, tag, scode };

  g_array_append_val (problems, problem);
}

HRESULT
mapi_problems_give (MapiObject          *self,
                    GArray              *problems,
                    LPSPropProblemArray *out)
{
  LPSPropProblemArray array;

  if (problems->len > 0)
    {
      const SPropProblem *first = &g_array_index (problems, SPropProblem, 0);
      g_autofree char *text = g_strdup_printf (_("Property 0x%08X: code 0x%08X"), first->ulPropTag,
                                               (guint) first->scode);

      mapi_object_fail (self, first->scode, text);
    }
  if (out == NULL || problems->len == 0)
    return S_OK;
  array = mapi_allocate (&self->tree->allocators, NULL, CbNewSPropProblemArray (problems->len));
  if (array == NULL)
    return MAPI_E_NOT_ENOUGH_MEMORY;
  array->cProblem = problems->len;
  memcpy (array->aProblem, problems->data, problems->len * sizeof (SPropProblem));
  *out = array;
  return S_OK;
}

/* --- what a message and everything in it share --- */

MapiTree *
mapi_tree_ref (MapiTree *tree)
{
  g_atomic_int_inc (&tree->ref_count);
  return tree;
}

void
mapi_tree_unref (MapiTree *tree)
{
  if (!g_atomic_int_dec_and_test (&tree->ref_count))
    return;
  UlRelease (tree->malloc);
  g_free (tree);
}

void
mapi_tree_finish (MapiTree  *tree,
                  LPMESSAGE  message)
{
  IStorage *storage = g_steal_pointer (&tree->storage);
  IMSGCALLRELEASEPTR *call_release = g_steal_pointer (&tree->call_release);
  MSGCALLRELEASE *call_release_short = g_steal_pointer (&tree->call_release_short);

  g_clear_object (&tree->copy);
  UlRelease (storage);
  if (call_release != NULL)
    call_release (tree->caller_data, message);
  if (call_release_short != NULL)
    call_release_short ((ULONG) tree->caller_data, message);
}

/* --- IUnknown --- */

static HRESULT
object_query_interface (IMAPIProp *iface,
                        REFIID     riid,
                        LPVOID    *out)
{
  MapiObject *self = SELF (iface);
  const IID *own = self->kind == MAPI_KIND_MESSAGE  ? &IID_IMessage
                   : self->kind == MAPI_KIND_ATTACH ? &IID_IAttachment
                                                    : &IID_IMAPIPropData;

  if (out == NULL)
    return E_INVALIDARG;
  return mapi_answer_interface (iface, riid, out, own, &IID_IMAPIProp);
}

static ULONG
object_add_ref (IMAPIProp *iface)
{
  return (ULONG) g_atomic_int_add (&SELF (iface)->ref_count, 1) + 1;
}

static void
leave_parent (MapiObject *self)
{
  MapiObject *parent = self->parent;
  GHashTableIter iter;
  gpointer key, item;

  if (self->kind == MAPI_KIND_ATTACH)
    {
      guint32 number = imsg_attachment_get_number (IMSG_ATTACHMENT (self->object));
      gpointer number_key = GUINT_TO_POINTER (number);

      if (g_hash_table_lookup (parent->attachments, number_key) == self)
        g_hash_table_remove (parent->attachments, number_key);
      if (FAILED (mapi_object_check (self)))
        return;
      /* Released unsaved, a new attachment is as if it had not been. */
      if (mapi_message_is_unsaved (parent, number))
        {
          g_hash_table_remove (parent->hidden, number_key);
          imsg_message_delete_attachment (IMSG_MESSAGE (parent->object), number, NULL);
          return;
        }
    }
  else
    {
      g_hash_table_iter_init (&iter, parent->open);
      while (g_hash_table_iter_next (&iter, &key, &item))
        {
          if (((MapiOpenProperty *) item)->pointer == self)
            {
              g_hash_table_iter_remove (&iter);
              break;
            }
        }
    }
  if (FAILED (mapi_object_check (self)))
    return;
  if (self->is_writable && self->kind == MAPI_KIND_MESSAGE)
    imsg_message_discard_changes (IMSG_MESSAGE (self->object));
  else if (self->is_writable)
    imsg_attachment_discard_changes (IMSG_ATTACHMENT (self->object));
  /* What the attachment holds can be opened as a storage again. */
  if (self->kind == MAPI_KIND_MESSAGE)
    imsg_message_close (IMSG_MESSAGE (self->object));
}

static void
object_free (MapiObject *self)
{
  MapiTree *tree = self->tree;

  if (self->parent != NULL)
    {
      leave_parent (self);
      g_object_unref (self->object);
    }
  else if (self->kind == MAPI_KIND_BAG)
    {
      g_signal_handlers_disconnect_by_data (self->object, self);
      g_object_unref (self->object);
      g_hash_table_unref (self->dirty);
      g_array_unref (self->object_tags);
    }
  else
    {
      if (tree->session != NULL)
        mapi_session_forget (tree->session, self);
      imsg_message_close (IMSG_MESSAGE (self->object));
      g_object_unref (self->object);
      mapi_tree_finish (tree, (LPMESSAGE) self);
    }
  g_hash_table_unref (self->open);
  g_hash_table_unref (self->attachments);
  g_hash_table_unref (self->hidden);
  g_hash_table_unref (self->half_saved);
  g_ptr_array_unref (self->tables);
  g_free (self->last_text);
  UlRelease (self->parent);
  mapi_tree_unref (tree);
  g_free (self);
}

static ULONG
object_release (IMAPIProp *iface)
{
  MapiObject *self = SELF (iface);
  int before = g_atomic_int_add (&self->ref_count, -1);

  if (before == 1)
    object_free (self);
  return (ULONG) (before - 1);
}

static HRESULT
object_get_last_error (IMAPIProp   *iface,
                       HRESULT      hResult,
                       ULONG        ulFlags,
                       LPMAPIERROR *lppMAPIError)
{
  MapiObject *self = SELF (iface);
  HRESULT hr = mapi_object_check (self);

  if (FAILED (hr))
    return hr;
  return mapi_make_last_error (&self->tree->allocators, self->last_result, self->last_text,
                               ulFlags, lppMAPIError);
}

const IMAPIPropVtbl mapi_prop_methods = {
  object_query_interface,
  object_add_ref,
  object_release,
  object_get_last_error,
  mapi_prop_save_changes,
  mapi_prop_get_props,
  mapi_prop_get_prop_list,
  mapi_prop_open_property,
  mapi_prop_set_props,
  mapi_prop_delete_props,
  mapi_prop_copy_to,
  mapi_prop_copy_props,
  mapi_prop_get_names,
  mapi_prop_get_ids,
};
