/* mapi-session.c - OpenIMsgSession, CloseIMsgSession, OpenIMsgOnIStg
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "mapi-object-private.h"

/* What the names of a message's own elements begin with */
#define OWN_PREFIX "__"

/* Bytes above which GetProps sends the caller to OpenProperty */
#define DEFAULT_VALUE_LIMIT 65536

SCODE
OpenIMsgSession (LPMALLOC   lpMalloc,
                 ULONG      ulFlags,
                 LPMSGSESS *lppMsgSess)
{
  g_autoptr(GError) error = NULL;
  IMsgSession *core;
  LPMSGSESS session;

  if (lppMsgSess != NULL)
    *lppMsgSess = NULL;
  if (lpMalloc == NULL || lppMsgSess == NULL)
    return MAPI_E_INVALID_PARAMETER;
  if ((ulFlags & ~MAPI_UNICODE) != 0)
    return MAPI_E_INVALID_FLAGS;
  core = imsg_session_open ((ulFlags & MAPI_UNICODE) != 0 ? IMSG_SESSION_UNICODE
                                                          : IMSG_SESSION_NONE, &error);
  if (core == NULL)
    return mapi_take_error (&error);
  session = g_new0 (struct _MSGSESS, 1);
  g_mutex_init (&session->mutex);
  session->malloc = lpMalloc;
  UlAddRef (lpMalloc);
  session->session = core;
  session->messages = g_ptr_array_new ();
  session->value_limit = DEFAULT_VALUE_LIMIT;
  *lppMsgSess = session;
  return S_OK;
}

void
mapi_session_forget (LPMSGSESS   session,
                     MapiObject *message)
{
  g_mutex_lock (&session->mutex);
  g_ptr_array_remove (session->messages, message);
  g_mutex_unlock (&session->mutex);
}

/* Takes the newest message out of the session; NULL when there is none left. */
static MapiObject *
session_pop (LPMSGSESS session)
{
  MapiObject *message = NULL;

  g_mutex_lock (&session->mutex);
  if (session->messages->len > 0)
    message = g_ptr_array_steal_index (session->messages, session->messages->len - 1);
  g_mutex_unlock (&session->mutex);
  return message;
}

void
CloseIMsgSession (LPMSGSESS lpMsgSess)
{
  MapiObject *message;

  if (lpMsgSess == NULL)
    return;
  /* A callback may release pointers, or open and close other sessions; it is called with nothing
   * locked, on a message that is off the list. */
  while ((message = session_pop (lpMsgSess)) != NULL)
    {
      MapiTree *tree = mapi_tree_ref (message->tree);

      UlAddRef (message);
      tree->session = NULL;
      tree->is_dead = TRUE;
      mapi_object_kill (message, MAPI_E_INVALID_OBJECT);
      imsg_message_close (IMSG_MESSAGE (message->object));
      mapi_tree_finish (tree, (LPMESSAGE) message);
      UlRelease (message);
      mapi_tree_unref (tree);
    }
  imsg_session_close (lpMsgSess->session);
  g_object_unref (lpMsgSess->session);
  UlRelease (lpMsgSess->malloc);
  g_ptr_array_unref (lpMsgSess->messages);
  g_mutex_clear (&lpMsgSess->mutex);
  g_free (lpMsgSess);
}

void
ImsgSetValueLimit (LPMSGSESS lpMsgSess,
                   ULONG     cbLimit)
{
  if (lpMsgSess == NULL)
    return;
  g_mutex_lock (&lpMsgSess->mutex);
  lpMsgSess->value_limit = cbLimit;
  for (guint i = 0; i < lpMsgSess->messages->len; i++)
    ((MapiObject *) lpMsgSess->messages->pdata[i])->tree->value_limit = cbLimit;
  g_mutex_unlock (&lpMsgSess->mutex);
}

/* --- storages of another make --- */

/* Everything of one's own naming that the copy no longer has goes before the copy comes. */
static HRESULT
drop_stale_members (IStorage    *storage,
                    IMsgStorage *copy)
{
  IEnumSTATSTG *enumerator = NULL;
  g_autoptr(GPtrArray) stale = g_ptr_array_new_with_free_func (CoTaskMemFree);
  STATSTG stat;
  HRESULT hr = storage->lpVtbl->EnumElements (storage, 0, NULL, 0, &enumerator);

  if (FAILED (hr))
    return hr;
  while (enumerator->lpVtbl->Next (enumerator, 1, &stat, NULL) == S_OK)
    {
      g_autofree char *name = mapi_wide_to_utf8 (stat.pwcsName);
      g_autoptr(IMsgStorageEntry) entry = imsg_storage_find_entry (copy, name);

      if (g_str_has_prefix (name, OWN_PREFIX) &&
          (entry == NULL || imsg_storage_entry_get_kind (entry) == IMSG_STORAGE_ENTRY_STORAGE))
        g_ptr_array_add (stale, stat.pwcsName);
      else
        CoTaskMemFree (stat.pwcsName);
    }
  enumerator->lpVtbl->Release (enumerator);
  for (guint i = 0; i < stale->len && SUCCEEDED (hr); i++)
    hr = storage->lpVtbl->DestroyElement (storage, stale->pdata[i]);
  return hr;
}

/* What a storage is stays the caller's to say; only what says nothing becomes a message. */
static HRESULT
put_class (IStorage    *storage,
           IMsgStorage *copy)
{
  g_autofree char *class_id = imsg_storage_dup_class_id (copy);
  CLSID clsid = CLSID_NULL;
  STATSTG stat;
  HRESULT hr = storage->lpVtbl->Stat (storage, &stat, STATFLAG_NONAME);

  if (FAILED (hr) || !mapi_guid_equal (&stat.clsid, &CLSID_NULL) || class_id == NULL ||
      !mapi_guid_from_text (class_id, &clsid))
    return hr;
  return storage->lpVtbl->SetClass (storage, &clsid);
}

/* What else the caller keeps in the storage is left alone. */
static HRESULT
write_back (MapiTree *tree)
{
  HRESULT hr = drop_stale_members (tree->storage, tree->copy);

  if (SUCCEEDED (hr))
    hr = put_class (tree->storage, tree->copy);
  if (SUCCEEDED (hr))
    hr = mapi_storage_copy_prefixed (tree->copy, OWN_PREFIX, tree->storage);
  return hr;
}

static HRESULT
read_copy (IStorage     *storage,
           IMsgStorage **copy)
{
  MapiStorage *wrapper = mapi_storage_new (imsg_storage_new_memory (0),
                                           STGM_READWRITE | STGM_TRANSACTED);
  HRESULT hr;

  wrapper->is_root = TRUE;
  hr = storage->lpVtbl->CopyTo (storage, 0, NULL, NULL, &wrapper->iface);
  if (SUCCEEDED (hr))
    hr = mapi_storage_flush (wrapper);
  if (SUCCEEDED (hr))
    *copy = g_object_ref (wrapper->storage);
  UlRelease (wrapper);
  return hr;
}

HRESULT
mapi_tree_commit (MapiTree *tree,
                  gboolean  force)
{
  HRESULT hr = S_OK;

  if (tree->storage == NULL)
    return MAPI_E_INVALID_OBJECT;
  if (tree->copy != NULL)
    hr = write_back (tree);
  if (SUCCEEDED (hr) && !tree->no_commit)
    {
      hr = tree->storage->lpVtbl->Commit (tree->storage, force ? STGC_DEFAULT : STGC_ONLYIFCURRENT);
      /* Not every make of storage can tell whether it is current. */
      if (hr == STG_E_INVALIDFLAG && tree->copy != NULL)
        hr = tree->storage->lpVtbl->Commit (tree->storage, STGC_DEFAULT);
    }
  return MapStorageSCode (hr);
}

/* --- opening --- */

static SCODE
check_parameters (ALLOCATEBUFFER *allocate_buffer,
                  ALLOCATEMORE   *allocate_more,
                  FREEBUFFER     *free_buffer,
                  IMalloc        *malloc_interface,
                  gpointer        support,
                  IStorage       *storage,
                  ULONG           flags,
                  LPMESSAGE      *out)
{
  if (out == NULL || storage == NULL || malloc_interface == NULL)
    return MAPI_E_INVALID_PARAMETER;
  /* A support object has allocators of its own; ours stand in for them. */
  if (support == NULL && (allocate_buffer == NULL || allocate_more == NULL || free_buffer == NULL))
    return MAPI_E_INVALID_PARAMETER;
  if ((flags & ~(IMSG_NO_ISTG_COMMIT | MAPI_UNICODE)) != 0)
    return MAPI_E_UNKNOWN_FLAGS;
  return S_OK;
}

static SCODE
check_mode (IStorage *storage,
            gboolean *writes)
{
  STATSTG stat;
  HRESULT hr = storage->lpVtbl->Stat (storage, &stat, STATFLAG_NONAME);

  if (FAILED (hr))
    return MapStorageSCode (hr);
  switch (stat.grfMode & 3)
    {
    case STGM_READ:
      *writes = FALSE;
      return S_OK;
    case STGM_READWRITE:
      *writes = TRUE;
      return (stat.grfMode & STGM_TRANSACTED) != 0 ? S_OK : MAPI_E_INVALID_PARAMETER;
    default:
      return MAPI_E_INVALID_PARAMETER;
    }
}

static SCODE
open_on_storage (LPMSGSESS            session,
                 ALLOCATEBUFFER      *allocate_buffer,
                 ALLOCATEMORE        *allocate_more,
                 FREEBUFFER          *free_buffer,
                 IMalloc             *malloc_interface,
                 gpointer             support,
                 IStorage            *storage,
                 MSGCALLRELEASE      *call_release_short,
                 IMSGCALLRELEASEPTR  *call_release,
                 ULONG_PTR            caller_data,
                 ULONG                flags,
                 LPMESSAGE           *out)
{
  IMsgOpenFlags open_flags = IMSG_OPEN_NO_COMMIT;
  MapiStorage *own = mapi_storage_peek (storage);
  g_autoptr(IMsgStorage) copy = NULL;
  g_autoptr(GError) error = NULL;
  IMsgMessage *message;
  MapiObject *object;
  MapiTree *tree;
  gboolean writes = FALSE;
  SCODE scode;

  if (out != NULL)
    *out = NULL;
  scode = check_parameters (allocate_buffer, allocate_more, free_buffer, malloc_interface, support,
                            storage, flags, out);
  if (SUCCEEDED (scode))
    scode = check_mode (storage, &writes);
  if (SUCCEEDED (scode) && own == NULL)
    scode = MapStorageSCode (read_copy (storage, &copy));
  if (SUCCEEDED (scode) && own != NULL)
    scode = MapStorageSCode (mapi_storage_flush (own));
  if (FAILED (scode))
    return scode;

  if (writes)
    open_flags |= IMSG_OPEN_MODIFY;
  if ((flags & MAPI_UNICODE) != 0 ||
      (session != NULL && imsg_session_is_unicode (session->session)))
    open_flags |= IMSG_OPEN_UNICODE;
  if (session != NULL)
    message = imsg_session_open_message_on_storage (session->session,
                                                    own != NULL ? own->storage : copy, open_flags,
                                                    NULL, &error);
  else
    message = imsg_message_open_on_storage (own != NULL ? own->storage : copy, open_flags, NULL,
                                            &error);
  if (message == NULL)
    return mapi_take_error (&error);

  tree = g_new0 (MapiTree, 1);
  tree->ref_count = 1;
  tree->allocators = mapi_default_allocators;
  if (allocate_buffer != NULL && allocate_more != NULL && free_buffer != NULL)
    tree->allocators = (MapiAllocators) { allocate_buffer, allocate_more, free_buffer };
  tree->malloc = malloc_interface;
  UlAddRef (malloc_interface);
  tree->storage = storage;
  UlAddRef (storage);
  tree->copy = g_steal_pointer (&copy);
  tree->session = session;
  tree->call_release = call_release;
  tree->call_release_short = call_release_short;
  tree->caller_data = caller_data;
  tree->value_limit = session != NULL ? session->value_limit : DEFAULT_VALUE_LIMIT;
  tree->no_commit = (flags & IMSG_NO_ISTG_COMMIT) != 0;
  object = mapi_object_new (MAPI_KIND_MESSAGE, tree, NULL, IMSG_PROPERTY_OBJECT (message), writes);
  mapi_tree_unref (tree);
  if (session != NULL)
    {
      g_mutex_lock (&session->mutex);
      g_ptr_array_add (session->messages, object);
      g_mutex_unlock (&session->mutex);
    }
  *out = (LPMESSAGE) object;
  return S_OK;
}

SCODE
OpenIMsgOnIStg (LPMSGSESS         lpMsgSess,
                LPALLOCATEBUFFER  lpAllocateBuffer,
                LPALLOCATEMORE    lpAllocateMore,
                LPFREEBUFFER      lpFreeBuffer,
                LPMALLOC          lpMalloc,
                LPVOID            lpMapiSup,
                LPSTORAGE         lpStg,
                MSGCALLRELEASE   *lpfMsgCallRelease,
                ULONG             ulCallerData,
                ULONG             ulFlags,
                LPMESSAGE        *lppMsg)
{
  return open_on_storage (lpMsgSess, lpAllocateBuffer, lpAllocateMore, lpFreeBuffer, lpMalloc,
                          lpMapiSup, lpStg, lpfMsgCallRelease, NULL, ulCallerData, ulFlags,
                          lppMsg);
}

SCODE
ImsgOpenIMsgOnIStgPtr (LPMSGSESS            lpMsgSess,
                       LPALLOCATEBUFFER     lpAllocateBuffer,
                       LPALLOCATEMORE       lpAllocateMore,
                       LPFREEBUFFER         lpFreeBuffer,
                       LPMALLOC             lpMalloc,
                       LPVOID               lpMapiSup,
                       LPSTORAGE            lpStg,
                       IMSGCALLRELEASEPTR  *lpfMsgCallRelease,
                       ULONG_PTR            ulCallerData,
                       ULONG                ulFlags,
                       LPMESSAGE           *lppMsg)
{
  return open_on_storage (lpMsgSess, lpAllocateBuffer, lpAllocateMore, lpFreeBuffer, lpMalloc,
                          lpMapiSup, lpStg, NULL, lpfMsgCallRelease, ulCallerData, ulFlags,
                          lppMsg);
}
